"""The seeds in seed_data/ make what their files list, and store what submissions would store."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mockregister.app import create_app
from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.mocking.editions import Editions
from mockregister.mocking.seeds import SeededRows
from mockregister.model import ClinicalDocument, Condition, Encounter, EpisodeOfCare, ObservationOrganizer
from mockregister.register.indexes import codes_in, units_in
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rows import DocumentRow, Table
from mockregister.register.state import State
from mockregister.register.store import Rows
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic import seeds
from mockregister.synthetic.generator import FIRST_UNTIL, Generated, Recipe, generate
from mockregister.synthetic.geography import AUTHORS
from mockregister.synthetic.scenarios import BY_NAME
from mockregister.synthetic.seeds import SeedFolder
from mockregister.synthetic.stage import moment_of
from mockregister.validation.editions import NEWEST
from mockregister.validation.level3_integrity import TEXTS
from mockregister.web.pages.names import authority_name
from tests.builders import at
from tests.snapshots import snapshot

POPULATIONS = [name for name in seeds.RECIPES if name != "broken"]


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.load()


def empty_register(tables: CodeTables) -> Register:
    return Register(MemoryStore(), tables, Clock(), Settings())


def written(name: str) -> str:
    return (seeds.folder() / f"{name}.toml").read_text("utf-8")


@pytest.fixture(scope="module", params=POPULATIONS)
def seed(request: pytest.FixtureRequest) -> tuple[str, Generated]:
    """Return the name of a seed, and the documents that its recipe makes."""
    return request.param, generate(seeds.RECIPES[request.param])


@pytest.mark.timeout(300)
def test_a_seed_file_is_up_to_date_with_the_generator(seed: tuple[str, Generated]) -> None:
    name, generated = seed
    assert written(name) == seeds.seed_file(name, generated), "run: python -m mockregister.synthetic.seeds"


@pytest.mark.timeout(300)
def test_every_unit_code_and_municipality_of_a_seed_has_a_name(seed: tuple[str, Generated], tables: CodeTables) -> None:
    documents = seed[1].documents()
    units, codes, municipalities = (set(found(documents)) for found in (units_of, codes_of, municipalities_of))
    known = {sor_id: tables.sor.unit(sor_id) for sor_id in units}
    assert [sor_id for sor_id, unit in known.items() if unit is None or not unit.name] == []
    assert [sor_id for sor_id, unit in known.items() if unit is None or not (unit.is_made_up or sor_id in AUTHORS)] == []
    assert [code for code in sorted(codes) if not any(row.term for row in tables.sks.rows(code))] == []
    assert [cvr for cvr in {document.custodian for document in documents} if authority_name(cvr, tables.sor) == cvr] == []
    assert [number for number in municipalities if not tables.authorities.get(number)] == []


def units_of(documents: Sequence[ClinicalDocument]) -> Iterator[str]:
    """Yield the units that entries, referrals and authors name."""
    for document in documents:
        yield document.author.unit
        for entry in document.entries():
            yield from units_in(entry)
            if isinstance(entry, EpisodeOfCare | Encounter) and entry.referral and entry.referral.referrer:
                yield entry.referral.referrer


def codes_of(documents: Sequence[ClinicalDocument]) -> Iterator[str]:
    return (code for document in documents for entry in document.entries() for code in codes_in(entry))


def municipalities_of(documents: Sequence[ClinicalDocument]) -> Iterator[str]:
    residences = (residence for document in documents for residence in document.patient.residences)
    return (number for residence in residences for number in (residence.municipality, residence.country) if number)


def test_there_is_a_seed_for_every_scenario() -> None:
    assert set(SeedFolder().names()) == seeds.RECIPES.keys()
    assert seeds.RECIPES.keys() >= {"demo", "training", "broken", *BY_NAME}


def test_the_demo_has_two_hundred_patients_and_training_two_thousand() -> None:
    assert SeedFolder().recipe("demo").patients == 200
    assert SeedFolder().recipe("training").patients == 2000


def rows(state: State) -> dict[str, Any]:
    """Return all rows without what differs between any two submissions: their ids and the seconds that they took."""
    found: dict[str, Any] = {table.label: dict(state.rows(table)) for table in Table if table is not Table.SUBMISSIONS}
    found["documents"] = {key: (row.received, row.content, row.set, row.parent) for key, row in found["documents"].items()}
    told = (row for _, row in state.rows(Table.SUBMISSIONS))
    found["submissions"] = [(row.received, row.service, row.author_unit, row.documents, row.findings) for row in told]  # type: ignore[union-attr]
    return found


def test_loading_a_seed_stores_the_same_as_submitting_its_documents(tables: CodeTables) -> None:
    generated = generate(Recipe(30, 9, seeds.UNTIL, mistakes=0.3))
    loaded, sent = empty_register(tables), empty_register(tables)
    seeds.load(loaded, generated)
    for document in generated.documents():
        sent.clock.freeze(moment_of(document) + seeds.ON_THE_WAY)
        submit(sent, Service.REPORTING, read_submission([writer.write(document, pretty=False)]))
    assert rows(snapshot(loaded.store)) == rows(snapshot(sent.store))


def test_there_are_minor_and_refuted_diagnoses_and_results_have_times(tables: CodeTables) -> None:
    entries = [entry for document in generate(Recipe(300, 1, seeds.UNTIL)).documents() for entry in document.entries()]
    conditions = {entry.id.key: entry for entry in entries if isinstance(entry, Condition)}.values()
    visits = {entry.id.key for entry in entries if isinstance(entry, Encounter)}
    with_minor = {each.encounter.id.key for each in conditions if not each.main and each.encounter}
    assert 0.25 < len(with_minor) / len(visits) < 0.45
    assert 0.01 < sum(condition.negated for condition in conditions) / len(conditions) < 0.1
    results = [result for entry in entries if isinstance(entry, ObservationOrganizer) for result in entry.results]
    assert all(result.time is not None for result in results)
    units = {tables.sor.unit(entry.responsible_unit) for entry in entries if isinstance(entry, Encounter)}
    assert any(unit.has_psychiatric_speciality for unit in units if unit)


def test_submissions_of_a_seed_have_authors_with_names(tables: CodeTables) -> None:
    register = empty_register(tables)
    SeedFolder().load(register, "private-hospital")
    rows = [row for _, row in snapshot(register.store).rows(Table.SUBMISSIONS)]
    assert {row.author_name for row in rows} == {"Privathospitalet Lindeparken"}  # type: ignore[union-attr]


@pytest.mark.parametrize(("today", "last"), [(date(2026, 11, 28), date(2026, 11, 27)), (date(2018, 9, 12), FIRST_UNTIL)])
def test_the_demo_ends_yesterday_and_a_scenario_on_a_fixed_day(today: date, last: date) -> None:
    assert SeedFolder().recipe("demo", today).until == last
    assert SeedFolder().recipe("training", today).until == last
    assert SeedFolder().recipe("birth", today).until == seeds.UNTIL


def test_yesterday_follows_the_registers_clock_and_is_the_same_all_day(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text('[recipe]\npatients = 20\nseed = 1\nuntil = "yesterday"\n')
    first, again = (SeededRows(Settings(), Editions(Settings()), SeedFolder(tmp_path)) for _ in range(2))
    morning, evening, tomorrow = (Clock(frozen_at=at(f"2026-11-{moment}")) for moment in ("28 08:00", "28 20:00", "29 08:00"))
    assert documents(first.rows("demo", morning)) == documents(again.rows("demo", evening))
    assert first.rows("demo", morning) is first.rows("demo", evening)
    later = [received for received, _ in documents(first.rows("demo", tomorrow))]
    assert date(2026, 10, 29) < max(later).date() <= date(2026, 11, 28)


def documents(rows: Rows) -> list[tuple[datetime, bytes]]:
    """Return when each document came, and its bytes."""
    return [(row.received, row.content) for _, row in rows.rows(Table.DOCUMENTS) if isinstance(row, DocumentRow)]


def test_loading_does_not_change_the_clock(tables: CodeTables) -> None:
    register = empty_register(tables)
    SeedFolder().load(register, "birth")
    assert register.clock == Clock()


def test_the_progress_of_loading_can_be_watched(tables: CodeTables) -> None:
    seen: list[int] = []

    @contextmanager
    def watch(documents: Sequence[ClinicalDocument]) -> Iterator[Sequence[ClinicalDocument]]:
        seen.append(len(documents))
        yield documents

    register = empty_register(tables)
    SeedFolder(watch=watch).load(register, "birth")
    assert seen == [snapshot(register.store).count(Table.DOCUMENTS)]


@pytest.mark.timeout(300)
def test_broken_provokes_exactly_the_codes_and_rules_that_its_file_lists(tables: CodeTables) -> None:
    promised = tomllib.loads(written("broken"))["gives"]
    assert written("broken") == seeds.seed_file("broken"), "run: python -m mockregister.synthetic.seeds"
    assert promised["rules"] == [rule.id for rule in NEWEST.rules]
    register = empty_register(tables)
    register.clock.freeze(seeds.noon(seeds.UNTIL))
    found = {finding.code for finding in seeds.break_everything(register)}
    assert found == {*promised["codes"], *promised["rules"]}


def test_broken_provokes_every_code_that_level_2_does_not_hide() -> None:
    missing = TEXTS.keys() - tomllib.loads(written("broken"))["gives"]["codes"]
    nothing_left = ("CLINICAL_DOCUMENT_ID_NOT_FOUND", "SET_ID_NOT_FOUND", "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE")
    assert missing == {*nothing_left, "CPR_NUMBER_MISSING"}


@pytest.mark.timeout(300)
def test_broken_fills_the_error_list(tables: CodeTables) -> None:
    register = empty_register(tables)
    SeedFolder().load(register, "broken")
    assert snapshot(register.store).count(Table.EPISODES) > 300


def test_an_unknown_seed_prevents_the_start_with_one_sentence() -> None:
    with pytest.raises(NotFound, match="There is no seed 'nosuch'; there are none, empty, demo"):
        create_app(Settings(seed="nosuch"))


def test_a_register_starts_with_its_seed() -> None:
    client = create_app(Settings(seed="birth")).test_client()
    listed = client.get("/__admin/seeds").get_json()
    assert listed["start"] == "birth"
    assert {"empty", "demo", "training", "broken"} <= set(listed["seeds"])
    assert client.get("/api/v1/episodes-of-care").get_json()["total"] == 6


def test_an_installed_package_finds_its_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.__file__", str(tmp_path / "lib" / "mockregister" / "__init__.py"))
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert seeds.folder() == tmp_path / "share" / "mockregister" / "seed_data"


def test_a_seed_holds_all_of_its_documents_whatever_codes_the_register_knows() -> None:
    settings = Settings(codes="strict")
    register = Register(MemoryStore(), NEWEST.codes.tables(settings), Clock(), settings)
    generated = generate(Recipe(patients=12, seed=1, until=date(2026, 5, 30), mistakes=1.0))
    seeds.load(register, generated)
    with register.look() as rows:
        assert rows.count(Table.DOCUMENTS) == len(generated.documents())
