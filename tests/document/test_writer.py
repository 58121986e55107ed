"""The reader reads what the writer writes, and it is valid by the schema and the profile."""

import pytest
from hypothesis import HealthCheck, given, settings

from mockregister import safexml
from mockregister.document import reader, writer
from mockregister.model import EntryKind, Identifier, Reference, Scope
from mockregister.validation import level1_schema
from mockregister.validation.editions import NEWEST
from tests.builders import a_document, an_encounter, an_organizer, as_xml
from tests.strategies import documents

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(documents())
def test_any_document_is_written_and_read_back_unchanged(document):
    assert reader.read(safexml.parse(writer.write(document))).document == document


@FEW
@given(documents())
def test_a_document_that_is_written_on_one_line_has_the_same_content(document):
    assert reader.read(safexml.parse(writer.write(document, pretty=False))).document == document


@FEW
@given(documents())
def test_every_written_document_is_valid_by_the_schema(document):
    content = writer.write(document)
    assert level1_schema.check(content, safexml.parse(content)) == []


@FEW
@given(documents(profiled=True))
def test_every_written_document_with_the_required_parts_is_valid_by_the_profile(document):
    assert NEWEST.profile.check(safexml.parse(writer.write(document))) == []


def test_a_document_without_entries_has_the_only_section_that_may_be_empty():
    content = as_xml(a_document())
    assert level1_schema.check(content, safexml.parse(content)) == []
    assert NEWEST.profile.check(safexml.parse(content)) == []


def test_namespaces_are_declared_once():
    assert as_xml(organizers=[an_organizer()]).count(b"xmlns") == 2


def test_a_text_that_xml_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="XML"):
        as_xml(title="bell \a")


def test_a_reference_that_the_profile_cannot_write_is_refused():
    impossible = Reference(Scope.INTERNAL, EntryKind.OBSERVATION_ORGANIZER, Identifier("a", "b"))
    with pytest.raises(ValueError, match="no internal reference to a observation-organizer"):
        as_xml(encounters=[an_encounter(episode=impossible)])
