"""Level 4 evaluates the rules, words and places their findings, and omits rules that are switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mockregister.clock import Clock
from mockregister.document import writer
from mockregister.document.places import by_id
from mockregister.document.reader import read_submission
from mockregister.finding import Severity
from mockregister.model import CPR, EntryKind, ParentDocument, Reference, Relation, Scope
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.cases import cases_of
from mockregister.synthetic.code_books import PracticeBook
from mockregister.validation import level4_rules
from mockregister.validation.editions import NEWEST
from mockregister.validation.rules import Rule, RuleBook
from mockregister.validation.rules.expression import Condition
from mockregister.validation.rules.facts import Encounter
from tests.validation.rules.trees import DAY, a_case, codes, findings_of


def documents_of(case, book=None):
    return case.documents(DAY, case.now(DAY), book or PracticeBook())


def the_finding(rule_id: str, case, **settings):
    return next(finding for finding in findings_of(case, **settings) if finding.code == rule_id)


NO_MAIN_CONDITION = a_case(main=None)


def test_a_finding_names_the_rule_its_number_and_the_rule_set():
    finding = the_finding("05.14", NO_MAIN_CONDITION)
    assert (finding.level.value, finding.code, finding.rule_number) == ("BUSINESS_RULE", "05.14", 514)
    assert finding.rule_set == "sds:lpr:3.0.6"
    assert finding.severity is Severity.ERROR


def test_a_finding_names_the_entry_as_the_sender_spells_its_id():
    encounter = documents_of(NO_MAIN_CONDITION)[-1].encounters[0]
    finding = the_finding("05.14", NO_MAIN_CONDITION)
    assert finding.subject.kind == EntryKind.ENCOUNTER.value
    assert finding.subject.id == (encounter.id.root, encounter.id.extension)
    assert finding.where == by_id(encounter.id.root, encounter.id.extension)


@pytest.mark.parametrize(
    ("rule_id", "kind"),
    [
        ("01.01", "patient"),
        ("01.a", "patient"),
        ("02.51", "episode-of-care"),
        ("04.01", "episode-of-care"),
        ("04.51", "marker"),
        ("06.b", "episode-of-care"),
        ("06.02", "encounter"),
        ("09.61", "encounter"),
        ("10.51", "encounter"),
        ("11.22", "procedure"),
        ("11.12", "episode-of-care"),
        ("12.52", "condition"),
        ("12.a-2", "encounter"),
        ("15.05", "encounter"),
        ("RAA02.RDA22-1", "observation-organizer"),
        ("RAA05.RDA62", "encounter"),
        ("RAA09.RDA85-1", "procedure"),
    ],
)
def test_a_finding_is_placed_at_the_element_of_the_rule_or_its_nearest_owner_with_an_id(rule_id, kind):
    assert the_finding(rule_id, cases_of(rule_id)[0]).subject.kind == kind


def test_there_is_one_finding_for_each_rule_and_place():
    stays = a_case(**{"stay__unit": "somatic until day -1", "stay 2": {"unit": "somatic until day -1"}})
    assert codes(findings_of(stays)).count("09.42") == 1


def test_findings_come_in_the_order_of_the_rule_list():
    found = codes(findings_of(a_case(main=None, stay=None, payment=None, referral__time="day 1 00:00")))
    assert found == ["05.105", "05.14", "06.01", "10.16a", "10.16b"]


def test_a_rule_that_is_switched_off_is_not_reported():
    assert codes(findings_of(NO_MAIN_CONDITION, off=frozenset({"05.14"}))) == []


def test_severity_text_and_version_can_be_set():
    told = {"severities": {"05.14": Severity.WARNING}, "texts": {"05.14": "Officiel tekst"}, "version": "sds:lpr:9.9.9"}
    finding = the_finding("05.14", NO_MAIN_CONDITION, **told)
    assert (finding.severity, finding.text, finding.rule_set) == (Severity.WARNING, "Officiel tekst", "sds:lpr:9.9.9")


def test_a_warning_with_a_deadline_says_when_it_becomes_an_error():
    case = a_case("mother", "day 2 12:00", report=None)
    warning = the_finding("RAA02.1-w", case)
    encounter = documents_of(case)[-1].encounters[0]
    assert warning.severity is Severity.WARNING
    assert warning.error_by == encounter.end + timedelta(days=7)


def test_the_warning_is_an_error_from_the_deadline_on():
    at_the_deadline = a_case("mother", "day 7 12:00", report=None)
    assert codes(findings_of(at_the_deadline)) == ["RAA02.1"]
    assert the_finding("RAA02.1", at_the_deadline).error_by is None


def test_a_warning_that_was_set_to_error_has_no_deadline():
    case = a_case("mother", "day 2 12:00", report=None)
    assert the_finding("RAA02.1-w", case, severities={"RAA02.1-w": Severity.ERROR}).error_by is None


@pytest.mark.parametrize("told", [{"off": frozenset({"RAA02.1"})}, {"severities": {"RAA02.1": Severity.WARNING}}])
def test_a_warning_has_no_deadline_if_its_error_rule_is_off_or_a_warning(told):
    case = a_case("mother", "day 2 12:00", report=None)
    assert the_finding("RAA02.1-w", case, **told).error_by is None


def test_a_rule_that_crashes_is_reported_and_does_not_hide_other_findings():
    crash = Condition(lambda encounter: encounter.end / 0, "the impossible")
    rule = Rule("05.999", 5999, "Kan ikke afgøres.", on=Encounter, violated=crash)
    crashed, *others = findings_of(NO_MAIN_CONDITION, RuleBook([rule, *NEWEST.rules]))
    assert crashed.code == "05.999"
    assert "05.999" in crashed.text
    assert "TypeError" in crashed.text
    assert codes(others) == ["05.14"]


def test_a_finding_on_the_patient_is_placed_at_the_cpr_number_and_has_the_episodes_id():
    case = a_case(**{"patient.born": "day 2"})
    document = documents_of(case)[-1]
    finding = the_finding("01.01", case)
    assert finding.where == by_id(CPR, document.patient.cpr)
    assert finding.subject.id == finding.subject.episode == (document.episodes[0].id.root, document.episodes[0].id.extension)


def test_a_patient_without_any_id_does_not_stop_the_rules():
    book, case = PracticeBook(), cases_of("01.a")[0]
    document = documents_of(case, book)[-1]
    nameless = replace(document, patient=replace(document.patient, alternative_ids=()))
    register = a_register(book, case.now(DAY))
    with register.draft([nameless]) as draft:
        around = level4_rules.Surroundings(register.codes, register.clock.now(), register.rule_settings, NEWEST.rules)
        found = [finding for tree in draft.touched() for finding in level4_rules.evaluate(tree, around)]
    assert found[0].subject.id == found[0].subject.episode


def a_register(book: PracticeBook, now, **settings) -> Register:
    return Register(MemoryStore(), book.tables(), Clock(frozen_at=now), Settings(**settings))


def send(register: Register, *documents, service=Service.REPORTING):
    return submit(register, service, read_submission([writer.write(document) for document in documents]))


@pytest.mark.parametrize("service", [Service.REPORTING, Service.VALIDATE, Service.SAVE_IF_NO_ERRORS])
def test_every_service_reports_the_findings_of_the_rules_with_their_document(service):
    book = PracticeBook()
    (document,) = documents_of(NO_MAIN_CONDITION, book)
    outcome = send(a_register(book, NO_MAIN_CONDITION.now(DAY)), document, service=service)
    assert [(finding.code, finding.document) for finding in outcome.findings] == [
        ("05.14", f"{document.id.root}^{document.id.extension}")
    ]
    assert outcome.stored == (service is Service.REPORTING)


def test_a_changed_episode_is_checked_together_with_its_stored_entries():
    book, case = PracticeBook(), a_case()
    (first,) = documents_of(case, book)
    register = a_register(book, case.now(DAY))
    assert send(register, first).findings == ()
    later = replace(first.episodes[0], start=first.encounters[0].start + timedelta(hours=1), replaces=own(first))
    outcome = send(register, follow(first, episodes=(later,)))
    assert "05.21" in codes(outcome.findings)
    assert {finding.document for finding in outcome.findings} == {f"{first.set_id}^{next_id(first).extension}"}


def own(document):
    """Return an external reference to the document's episode of care."""
    return Reference(Scope.EXTERNAL, EntryKind.EPISODE_OF_CARE, document.episodes[0].id)


def next_id(document):
    return replace(document.id, extension="0B9C5AD1-2F55-5F0E-8C1E-6D2F3B7A9E01")


def follow(document, **entries):
    """Return the document's successor with only these entries."""
    empty = {"encounters": (), "conditions": (), "procedures": (), "organizers": (), "episodes": ()}
    parent = ParentDocument(Relation.APPEND, document.id, document.set_id, 1)
    return replace(document, id=next_id(document), version=2, parent=parent, **{**empty, **entries})


def test_only_episodes_that_a_submission_touches_are_checked():
    book = PracticeBook()
    (broken,) = documents_of(NO_MAIN_CONDITION, book)
    (sound,) = replace(a_case(), rule_id="another").documents(DAY, NO_MAIN_CONDITION.now(DAY), book)
    register = a_register(book, NO_MAIN_CONDITION.now(DAY))
    assert codes(send(register, broken).findings) == ["05.14"]
    assert codes(send(register, sound).findings) == []


def test_rules_use_the_registers_clock_and_can_be_changed_while_it_runs():
    book, case = PracticeBook(), a_case("mother", "day 2 12:00", report=None)
    (document,) = documents_of(case, book)
    register = a_register(book, case.now(DAY))
    assert codes(send(register, document, service=Service.VALIDATE).findings) == ["RAA02.1-w"]
    register.clock.freeze(case.now(DAY) + timedelta(days=5))
    assert codes(send(register, document, service=Service.VALIDATE).findings) == ["RAA02.1"]
    register.rule_settings.change("RAA02.1", enabled=False)
    assert codes(send(register, document, service=Service.VALIDATE).findings) == []
    register.rule_settings.restore("RAA02.1")
    assert codes(send(register, document, service=Service.VALIDATE).findings) == ["RAA02.1"]


def test_settings_switch_rules_off_and_name_the_version():
    book, case = PracticeBook(), a_case(main=None, stay=None)
    documents = documents_of(case, book)
    register = a_register(book, case.now(DAY), rules_off=("05.105",))
    (finding,) = send(register, *documents).findings
    assert (finding.code, finding.rule_set) == ("05.14", "sds:lpr:3.0.6")
