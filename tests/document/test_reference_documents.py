"""The published example documents and the cases with known answers. The tests are skipped where these are missing."""

import gzip
import json
from pathlib import Path

import pytest

from mockregister import safexml
from mockregister.document import reader, writer
from mockregister.model import EntryKind, ProcedureForm, Scope
from tests.document.test_places import objects

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not on this machine")


def example_documents() -> list[Path]:
    return sorted((REFERENCE / "examples").glob("*.xml"))


def case_documents() -> list[bytes]:
    files = sorted((REFERENCE / "cases").glob("level*.jsonl.gz"))
    lines = [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    return [json.loads(line)["document"].encode() for line in lines]


def read(content: bytes):
    return reader.read(safexml.parse(content)).document


@pytest.mark.parametrize("path", example_documents(), ids=lambda path: path.stem)
def test_an_example_is_written_and_read_back_unchanged(path):
    document = read(path.read_bytes())
    assert read(writer.write(document)) == document
    assert list(document.entries()) or document.nullified


@pytest.mark.parametrize("path", example_documents(), ids=lambda path: path.stem)
def test_every_object_of_an_example_is_found_by_its_location(path):
    root = safexml.parse(path.read_bytes())
    reading = reader.read(root)
    for thing in objects(reading.document):
        assert len(root.xpath(reading.places.location(thing))) == 1


def test_every_case_document_is_written_and_read_back_unchanged():
    for content in case_documents():
        document = read(content)
        assert read(writer.write(document)) == document


def test_the_cancer_example_has_its_metastasis_its_recurrence_and_its_side():
    document = read(next(path for path in example_documents() if "Diagnose-Cancer" in path.name).read_bytes())
    condition = document.conditions[0]
    assert condition.main
    assert [code.code for code in condition.metastases] == ["DC793C"]
    assert [code.code for code in condition.recurrences] == ["DT636C"]
    assert condition.side.code == "TUL2"
    assert condition.encounter.scope is Scope.INTERNAL
    assert [procedure.form for procedure in document.procedures] == [ProcedureForm.ACT, ProcedureForm.OBSERVATION]
    assert document.procedures[1].contrast.code == "MV08AA01"


def test_the_episode_example_has_its_referrer_in_spite_of_a_wrong_template():
    episode = read((REFERENCE / "examples" / "EpisodeOfCare.xml").read_bytes()).episodes[0]
    assert episode.referral.referrer == "486811000016002"
    assert [code.code for code in episode.referral.reason.supplementary] == ["ZDW10"]
    assert episode.link.target.scope is Scope.SET_EXTERNAL
    assert episode.completion.code == "ALAC70"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Encounter", EntryKind.ENCOUNTER), ("EpisodeOfCare", EntryKind.ENCOUNTER), ("Procedure", EntryKind.PROCEDURE)],
)
def test_a_nullification_example_nullifies_the_kind_that_its_template_names(name, kind):
    nullified = read((REFERENCE / "examples" / f"Removal.{name}.xml").read_bytes()).nullified
    assert [nullification.target.kind for nullification in nullified] == [kind]


def test_the_examples_have_every_result_report():
    reports = [read(path.read_bytes()).organizers for path in example_documents() if "Results" in path.name]
    assert all(len(organizers) == 1 and organizers[0].results for organizers in reports)
