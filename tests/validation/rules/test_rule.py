"""Rules that are declared wrongly are refused at the start."""

from __future__ import annotations

from importlib import resources

import pytest

from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import Rule, RuleBook, RuleError
from mockregister.validation.rules.expression import none_of, the
from mockregister.validation.rules.facts import Encounter, Episode, MainCondition, Report


def a_rule(rule_id="05.999", number=5999, text="Det må ikke være sådan.", on=Encounter, violated=the.end.missing, **more):
    return Rule(rule_id, number, text, on=on, violated=violated, **more)


def test_each_of_the_399_published_rules_is_declared():
    lines = resources.files("mockregister.validation.editions").joinpath("digests.csv").read_text("utf-8").splitlines()
    published = {line.split(",")[1] for line in lines if line.startswith("2018-10-16")}
    assert len(published) == 399
    assert published == {rule.id for rule in NEWEST.rules}


def test_a_rule_is_found_by_its_id():
    assert NEWEST.rules["12.03.101"].number == 1203101
    assert "12.03.101" in NEWEST.rules
    assert "12.03.999" not in NEWEST.rules


@pytest.mark.parametrize("rule_id", ["", "5102", "05", "05.", "RAA1.1", "RAA01.RDX01", "05.102-x", "05.11 "])
def test_an_ill_formed_id_is_refused(rule_id):
    with pytest.raises(RuleError, match="is not a rule id"):
        a_rule(rule_id)


def test_an_id_declared_twice_is_refused():
    with pytest.raises(RuleError, match=r"declared twice: 05\.999"):
        RuleBook([a_rule(), a_rule("05.998"), a_rule()])


@pytest.mark.parametrize("wrong", [{"text": " "}, {"number": 0}])
def test_a_rule_without_text_or_number_is_refused(wrong):
    with pytest.raises(RuleError, match="needs a text and a number"):
        a_rule(**wrong)


def test_a_code_list_that_no_rule_set_has_is_refused():
    with pytest.raises(RuleError, match=r"the code list 'admin\.kontype'"):
        a_rule(violated=the.type.inside("admin.kontype", at=the.start))


@pytest.mark.parametrize(
    "violated",
    [
        the.ende.missing,
        the.start < the.episode.begin,
        the.type.inside("admin.konttype", at=the.begin),
        the.start.begin.given,
        none_of(the.stays, the.place.given),
    ],
    ids=lambda condition: condition.reads,
)
def test_a_misspelt_attribute_is_refused(violated):
    with pytest.raises(RuleError, match="leads nowhere"):
        a_rule(violated=violated)


def test_a_misspelt_place_is_refused():
    with pytest.raises(RuleError, match="Encounter has no 'contact'"):
        a_rule(stands_at=the.contact)


def test_a_rule_can_use_only_attributes_of_the_kind_that_it_is_about():
    assert a_rule(on=Episode, violated=the.completion.missing).on is Episode
    with pytest.raises(RuleError, match="Encounter has no 'completion'"):
        a_rule(violated=the.completion.missing)


def test_a_rule_knows_which_attributes_it_reads():
    assert a_rule(on=MainCondition, violated=the.side.missing).looks_at == "main condition"
    assert a_rule(on=Report, violated=the.status.missing, key="RAA01").looks_at == "report RAA01"


def test_a_rule_knows_which_code_lists_it_names():
    assert NEWEST.rules["06.a"].lists == ("diag", "proc.act", "proc.opr", "proc.und")
