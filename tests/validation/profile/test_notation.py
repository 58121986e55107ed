"""Declarations are read from the notation. Mistakes in them are refused at the start."""

from __future__ import annotations

import pytest

from mockregister.validation.profile import TEMPLATES
from mockregister.validation.profile.compiling import compiled
from mockregister.validation.profile.notation import Attribute, Choice, Count, ElementDefinition, Include, ProfileError, declared

BODY = 'Body 1.2.4 2019-01-01\n  "A body."\n  @typeCode=RESP\n  time'
HEADING = 'Act 1.2.3 2019-01-01 anywhere -> Marker\n  "An act."\n'


def test_a_heading_gives_name_id_version_reach_and_model() -> None:
    (template,) = declared(HEADING + "  act")
    assert (template.name, template.id, template.version, template.model) == ("Act", "1.2.3", "2019-01-01", "Marker")
    assert (template.anywhere, template.meaning, template.declaration) == (True, "An act.", HEADING + "  act")


def test_reach_and_model_of_a_heading_are_optional() -> None:
    (template,) = declared('Act 1.2.3 2019-01-01\n  "An act."\n  act')
    assert (template.anywhere, template.model) == (False, "")


def test_a_line_gives_count_strength_type_attributes_and_checks() -> None:
    (template,) = declared(
        HEADING + '  act 0..2 R CD @a=1 @b?=2 @c:cs @d?:st in Set as "DK 1" check cvr contains Other unchecked'
    )
    assert template.element == ElementDefinition(
        "act", Count(0, 2), False, True, "CD",
        [
            Attribute("a", value="1"), Attribute("b", True, "2"), Attribute("c", type="cs"),
            Attribute("d", True, "", "st", "Set", "DK 1"),
        ],
        ["cvr"], "Other", True,
    )  # fmt: skip


def test_a_line_belongs_to_the_last_line_that_is_indented_less() -> None:
    (template,) = declared(HEADING + "  act\n    code M\n      text\n    id\n      @root:oid\n      check cvr")
    code, identifier = template.element.parts
    assert [part.name for part in code.parts] == ["text"]
    assert identifier == ElementDefinition("id", attributes=[Attribute("root", type="oid")], checks=["cvr"])


def test_a_template_without_its_own_element_is_content_for_others() -> None:
    (template,) = declared(BODY)
    assert template.element is None
    assert template.content.attributes == [Attribute("typeCode", value="RESP")]


@pytest.mark.parametrize("lines", ["  check cvr\n  act", "  include Other", "  choice 1..1\n    act", "  act\n  code"])
def test_a_template_has_its_own_element_only_if_it_is_single(lines: str) -> None:
    (template,) = declared('Body 1.2.3 2019-01-01\n  "A body."\n' + lines)
    assert template.element is None


def test_a_line_has_defaults() -> None:
    (template,) = declared(HEADING + "  act @a")
    assert template.element == ElementDefinition("act", None, False, False, "", [Attribute("a")], [], "", False, [])


def test_choices_includes_and_template_ids_have_their_own_words() -> None:
    (template,) = declared(
        HEADING + "  act\n    templateId 1.2 1.3\n    choice 1..*\n      include Other 0..1 M\n    include Third"
    )
    ids, choice, third = template.element.parts[:2], template.element.parts[2], template.element.parts[3]
    assert [line.attributes[0].value for line in ids] == ["1.2", "1.3"]
    assert {(line.mandatory, line.datatype, line.count.least, line.count.most) for line in ids} == {(True, "II", 1, 1)}
    assert choice == Choice(Count(1, None), [Include("Other", Count(0, 1), True)])
    assert third == Include("Third")


def test_a_value_with_blanks_is_quoted() -> None:
    (template,) = declared(HEADING + '  code @a?="b c" as "d e"')
    assert template.element.attributes == [Attribute("a", True, "b c", item="d e")]


def test_a_phrase_is_replaced_by_its_words() -> None:
    (template,) = declared(HEADING + "  id sor")
    assert template.element.attributes == [
        Attribute("assigningAuthorityName", value="SOR"),
        Attribute("root", value="1.2.208.176.1.1"),
        Attribute("extension", type="st"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('Act 1.2.3\n  "An act."\n  act', "heading"),
        ("Act 1.2.3 2019-01-01\n  act\n  act", "meaning"),
        (HEADING + "act", "indented"),
        (HEADING + "  act\n      code", "indented"),
        (HEADING + "  act 1..", "says nothing"),
        (HEADING + "  act often", "says nothing"),
        (HEADING + "  act CD CE", "says nothing"),
        (HEADING + "  act\n    include Other\n      @a=1", "indented"),
        (HEADING + "  act @", "not an attribute"),
        (HEADING + "  choice often", "not a count"),
        (HEADING + "  choice 0..1\n    @a=1", "choice"),
    ],
)
def test_invalid_notation_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ProfileError, match=sentence):
        declared(text)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("  act\n    include Nobody", "no template Nobody"),
        ("  act contains Nobody", "no template Nobody"),
        (f"  act contains Body\n\n{BODY}", "no element of its own"),
        ("  act check nothing", "not an assertion"),
        ("  act @a:colour", "'colour'"),
        ("  act @a:cs in Nothing", "value set"),
        ("  act XY", "data type XY"),
        ("  @typeCode=RESP\n  time", "no element of its own"),
        ("  act\n    choice 0..1\n      choice 0..1", "not elements"),
    ],
)
def test_a_declaration_that_names_an_unknown_template_is_refused(lines: str, sentence: str) -> None:
    with pytest.raises(ProfileError, match=sentence):
        compiled(declared(HEADING + lines))


def test_two_templates_of_one_name_are_refused() -> None:
    with pytest.raises(ProfileError, match="twice"):
        compiled(declared(HEADING + "  act\n\n" + HEADING + "  act"))


def test_the_profile_has_exactly_the_templates_that_the_document_uses() -> None:
    assert len({template.id for template in TEMPLATES}) == len(TEMPLATES) == 86


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Count(1, 1), "exactly once"),
        (Count(0, 1), "at most once"),
        (Count(1, None), "at least once"),
        (Count(1, 4), "at least once and at most 4 times"),
    ],
)
def test_a_count_is_written_in_words(count: Count, text: str) -> None:
    assert str(count) == text
