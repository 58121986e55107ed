"""A register stores the documents that ``mockregister new`` writes, both first and following documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister import safexml
from mockregister.builders import REPORTS
from mockregister.cli import main
from mockregister.document import reader
from mockregister.synthetic.scenarios import SCENARIOS
from mockregister.testing import Lpr3, assert_stored, server

FOLLOWING = ["addendum", "correction", "replacement", "nullify", "move"]
EXAMPLE = Path(reader.__file__).parent / "examples" / "1-first-visit.xml"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture
def lpr3(url: str) -> Iterator[Lpr3]:
    register = Lpr3(url)
    yield register
    register.delete()


def new(*arguments: str) -> bytes:
    done = CliRunner().invoke(main, ["new", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


@pytest.mark.parametrize("what", [["visit"], ["admission"], *(["report", name] for name in REPORTS)], ids=" ".join)
def test_a_first_document_is_stored(what: list[str], lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(new(*what)))
    assert_stored(lpr3.submit(new(*what)))  # a second document has other ids


@pytest.mark.parametrize("what", [["visit"], ["report", "RAA05"]], ids=" ".join)
def test_a_first_document_has_the_requested_date(what: list[str], lpr3: Lpr3) -> None:
    lpr3.clock.freeze("2019-06-01T12:00:00+02:00")
    assert_stored(lpr3.submit(new(*what, "--on", "2019-05-31")))


@pytest.mark.parametrize("what", FOLLOWING)
def test_a_following_document_builds_on_the_example(what: str, lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(EXAMPLE.read_bytes()))
    assert_stored(lpr3.submit(new(what)))


@pytest.mark.parametrize("what", [*([kind] for kind in FOLLOWING), ["report", "RAA05"]], ids=" ".join)
def test_a_following_document_builds_on_a_stored_set(what: list[str], lpr3: Lpr3) -> None:
    first = new("visit")
    assert_stored(lpr3.submit(first))
    set_id = reader.read(safexml.parse(first)).document.set_id
    stored = ["--after", set_id, "--url", lpr3.url]
    assert_stored(lpr3.submit(new("addendum", *stored)))
    assert_stored(lpr3.submit(new(*what, *stored)))
    assert [document["version"] for document in lpr3.api.get("document-sets", set_id)["documents"]] == [1, 2, 3]


def test_a_following_document_builds_on_files(lpr3: Lpr3, tmp_path: Path) -> None:
    new("admission", "--out", str(tmp_path / "1.xml"))
    after = ["--after", str(tmp_path / "1.xml")]
    new("addendum", *after, "--out", str(tmp_path / "2.xml"))
    after += ["--after", str(tmp_path / "2.xml")]
    documents = [(tmp_path / "1.xml").read_bytes(), (tmp_path / "2.xml").read_bytes(), new("nullify", *after)]
    assert_stored(lpr3.submit(*documents))
    assert len(lpr3.api.find("encounters")) == 1


def test_a_stored_document_can_be_named_instead_of_its_set(lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(EXAMPLE.read_bytes()))
    [document] = lpr3.api.find("documents")
    assert_stored(lpr3.submit(new("correction", "--after", document["id"]["extension"], "--url", lpr3.url)))


def test_the_entry_can_be_chosen(lpr3: Lpr3) -> None:
    assert_stored(lpr3.submit(EXAMPLE.read_bytes()))
    procedure = lpr3.api.find("procedures")[0]["id"]["extension"]
    assert_stored(lpr3.submit(new("nullify", "--entry", procedure)))
    assert (lpr3.api.find("procedures"), len(lpr3.api.find("conditions"))) == ([], 2)


def test_comments_explain_the_parts_of_the_document() -> None:
    said = new("correction").decode()
    assert "<!-- An encounter. Its code is the type (kontakttype). -->" in said
    assert "A correction. The whole entry is stated again; change what is wrong." in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["report"], "Only a report has a name"),
        (["visit", "RAA05"], "Only a report has a name"),
        (["report", "RAA11"], "There is no result report 'RAA11'"),
        (["visit", "--after", "x"], "makes the first document of a set"),
        (["visit", "--on", "yesterday"], "'yesterday' is not a date"),
        (["nullify", "--entry", "x"], "has no entry x"),
    ],
)
def test_arguments_that_make_no_document_are_reported_in_one_sentence(arguments: list[str], sentence: str) -> None:
    done = CliRunner().invoke(main, ["new", *arguments])
    assert done.exit_code != 0
    assert sentence in done.output


def test_a_set_that_is_not_stored_is_reported(lpr3: Lpr3) -> None:
    done = CliRunner().invoke(main, ["new", "correction", "--after", "11111111-1111-1111-1111-111111111111", "--url", lpr3.url])
    assert (done.exit_code, "There is no document 11111111" in done.output) == (2, True)


@pytest.mark.parametrize("scenario", [scenario.name for scenario in SCENARIOS])
def test_a_following_document_can_be_made_for_every_scenario(scenario: str, lpr3: Lpr3) -> None:
    lpr3.seed(scenario)
    stored = ["--after", lpr3.api.find("document-sets")[0]["set_id"], "--url", lpr3.url]
    for arguments in (*([kind] for kind in FOLLOWING), ["report", "RAA05"]):
        with lpr3.checkpoint():
            assert_stored(lpr3.submit(new(*arguments, *stored), service="save-if-no-errors"))
