"""ART-DECOR exports are read into the notation. Reading the register's export gives the built-in profile."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from mockregister.errors import SettingError
from mockregister.validation.editions import BUILT_IN
from mockregister.validation.profile import TEMPLATES, in_force
from mockregister.validation.profile.decor import read

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"
EXPORT = REFERENCE / "profile" / "lpr-decor.xml"
needs_reference = pytest.mark.skipif(not EXPORT.is_file(), reason="../shared/reference is not on this machine")

SMALL = """<decor><rules>
  <template id="1.1" name="Document" effectiveDate="2018-01-01T00:00:00" displayName="A document">
    <classification type="cdadocumentlevel"/><context path=""/>
    <element name="hl7:ClinicalDocument">
      <element name="hl7:entry" contains="1.2" minimumMultiplicity="0" maximumMultiplicity="*"/></element>
  </template>
  <template id="1.2" name="Entry" effectiveDate="2018-01-01T00:00:00"><context id="**"/>
    <element name="hl7:act"><attribute name="classCode" value="ACT" datatype="cs"/></element></template>
  <template id="1.2" name="Entry" effectiveDate="2018-06-01T00:00:00"><context id="**"/>
    <element name="hl7:act"><attribute name="classCode" value="OBS" datatype="cs"/>
      <element name="hl7:id" datatype="II" minimumMultiplicity="1" maximumMultiplicity="1" conformance="R" isMandatory="true">
        <attribute name="root" datatype="uuid"/>
        <assert role="error" test="@root = /hl7:ClinicalDocument/hl7:setId/@root"/></element>
    </element></template>
  <template id="1.3" name="Unused" effectiveDate="2018-01-01T00:00:00"><element name="hl7:act"/></template>
</rules></decor>"""


def export(path: Path, content: str = SMALL) -> Path:
    path.write_text(content, "utf-8")
    return path


def test_the_latest_version_in_force_is_read(tmp_path):
    path = export(tmp_path / "decor.xml")
    versions = {day: read(path, date.fromisoformat(day), ())[1].version for day in ("2018-05-31", "2018-06-01")}
    assert versions == {"2018-05-31": "2018-01-01", "2018-06-01": "2018-06-01"}


def test_only_templates_that_the_document_uses_are_read(tmp_path):
    assert [template.name for template in read(export(tmp_path / "decor.xml"), date.max, ())] == ["Document", "Entry"]


def test_elements_have_counts_types_attributes_and_checks(tmp_path):
    _, entry = read(export(tmp_path / "decor.xml"), date.max, ())
    (act,) = entry.content.parts
    (identifier,) = act.parts
    assert (act.name, [attribute.value for attribute in act.attributes]) == ("act", ["OBS"])
    assert (str(identifier.count), identifier.mandatory, identifier.datatype) == ("exactly once", True, "II")
    assert ([attribute.type for attribute in identifier.attributes], identifier.checks) == (["uuid"], ["root-of-set"])
    assert entry.anywhere


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<decor/>", "is not an ART-DECOR export"),
        ("<a>", "cannot be read"),
        (SMALL.replace('id="1.2"', 'id="1.4"'), "refers to the template 1.2"),
    ],
)
def test_a_file_that_is_not_an_export_is_reported(tmp_path, content, said):
    with pytest.raises(SettingError, match=said):
        read(export(tmp_path / "decor.xml", content), date.max, ())


def test_a_profile_before_the_first_day_is_refused():
    with pytest.raises(SettingError, match="is known from 2018-06-13 on, not for 2018-06-12"):
        in_force(date(2018, 6, 12))


@needs_reference
@pytest.mark.parametrize("day", ["2018-06-13", "2018-09-12", "2019-01-06", "2023-09-18"])
def test_the_built_in_profile_is_what_reading_the_export_of_that_day_gives(day):
    """Deliberate differences are listed in ``decor``: VALUE_SETS, UNCHECKED and the templateIds."""
    found = {template.id: template for template in read(EXPORT, date.fromisoformat(day), TEMPLATES)}
    ours = {template.id: template for template in in_force(date.fromisoformat(day))}
    assert {key: (template.version, template.anywhere, template.content) for key, template in found.items()} == {
        key: (template.version, template.anywhere, template.content) for key, template in ours.items()
    }


@needs_reference
def test_the_profile_that_is_read_judges_like_the_official_validator():
    from mockregister import safexml
    from mockregister.validation.level2_profile import Profile
    from tests.validation.test_level2_profile import bare

    profile = Profile(read(EXPORT, date(2019, 1, 6), TEMPLATES))
    lines = gzip.decompress((REFERENCE / "cases" / "level2.jsonl.gz").read_bytes()).splitlines()
    for case in map(json.loads, lines[::10]):
        errors = {(place, code) for place, code, role in case["expected"]["errors"] if role in ("error", "unspecified")}
        found = {(bare(finding.where), finding.code) for finding in profile.check(safexml.parse(case["document"].encode()))}
        assert found == errors - {("", "dtr1-13-II")}, case["name"]


def test_editions_have_the_templates_of_their_date():
    versions = {name: {each.name: each.version for each in edition.profile.templates} for name, edition in BUILT_IN.items()}
    assert versions["2019-02-01"] == versions["2023-09-18"]
    assert versions["2018-09-12"]["DKNullifySection"] == "2017-12-22"
    assert "DKAlternativePatientIdentifier" not in versions["2018-09-12"]
    assert versions["2018-06-13"]["DKCustodian"] == "2017-12-22"
