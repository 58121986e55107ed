"""The table of producers says who may report for whom: combinations of care provider, author's unit and custodian (fact 35)."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockregister.codes.producers import REGIONS, ListedProducers, SorProducers
from mockregister.codes.tables import CodeTables
from mockregister.errors import SettingError
from mockregister.settings import Settings

PROCESSOR, ONE, OTHER = "12345678", "29190623", "29190941"
UNIT, OTHER_UNIT = "6111000016004", "6071000016008"


@pytest.fixture
def listed(tmp_path: Path) -> ListedProducers:
    (tmp_path / "producers.csv").write_text(
        f"cvr,sor_id,name,processor_cvr\n{ONE},{UNIT},Hovedstaden,{PROCESSOR}\n{OTHER},{OTHER_UNIT},Nordjylland,\n"
    )
    return ListedProducers.from_csv(tmp_path / "producers.csv")


@pytest.fixture(scope="module")
def in_sor() -> SorProducers:
    producers = CodeTables.of(Settings(producers="listed")).producers
    assert isinstance(producers, SorProducers)
    return producers


@pytest.mark.parametrize(
    ("care_provider", "author", "custodian", "expected"),
    [
        (ONE, UNIT, ONE, True),
        (PROCESSOR, UNIT, ONE, True),
        (PROCESSOR, OTHER_UNIT, OTHER, False),
        (OTHER, UNIT, ONE, False),
        (ONE, OTHER_UNIT, ONE, False),
        (PROCESSOR, UNIT, PROCESSOR, False),
        ("", UNIT, ONE, False),
    ],
)
def test_a_data_processor_reports_for_its_own_authority_only(
    listed: ListedProducers, care_provider: str, author: str, custodian: str, expected: bool
) -> None:
    assert listed.has_triple(care_provider, custodian, author) is expected


def test_a_data_processor_counts_as_a_registered_producer(listed: ListedProducers) -> None:
    assert [listed.has_owner(cvr) for cvr in (PROCESSOR, ONE, OTHER, "99999999", "")] == [True, True, True, False, False]


def test_the_column_care_provider_is_optional_and_checked_if_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "producers.csv"
    file.write_text(f"cvr,sor_id,name\n{ONE},{UNIT},x\n")
    assert ListedProducers.from_csv(file).has_triple(ONE, ONE, UNIT)
    file.write_text(f"cvr,sor_id,name,processor_cvr\n{ONE},{UNIT},x,twelve\n")
    with pytest.raises(SettingError, match="column processor_cvr"):
        ListedProducers.from_csv(file)


def test_the_sample_producer_and_all_regions_are_registered(in_sor: SorProducers) -> None:
    assert in_sor.has_triple("25469364", "25469364", "6071000016008")
    assert all(in_sor.has_owner(region) and in_sor.has_triple(region, region, "276231000016004") for region in REGIONS)
    assert not in_sor.has_owner("")


def test_without_a_file_organisations_report_only_for_themselves(in_sor: SorProducers) -> None:
    assert not in_sor.has_triple(ONE, OTHER, OTHER_UNIT)
    assert not in_sor.has_triple("25469364", OTHER, OTHER_UNIT)
    assert in_sor.has_triple(OTHER, OTHER, OTHER_UNIT)
