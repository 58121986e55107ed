"""Documents for rules that only a published list has are searched among the shipped courses and small changes to them."""

from __future__ import annotations

from datetime import datetime

import pytest

from mockregister.clock import COPENHAGEN, Clock
from mockregister.document import writer
from mockregister.document.reader import read_submission
from mockregister.errors import NotFound
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.synthetic.breaking_rules import practised
from mockregister.synthetic.broken import broken, rules_broken
from mockregister.validation.edition import Edition
from mockregister.validation.editions import BUILT_IN, NEWEST
from mockregister.validation.rules.drools.translation import translate
from mockregister.validation.rules.rule import Rule, RuleBook

NOW = datetime(2019, 6, 1, 12, tzinfo=COPENHAGEN)


def with_rule(condition: str, rule_id: str = "99.1") -> Edition:
    """Return an edition with a single rule, which has this condition."""
    found = translate(condition)
    rule = Rule(
        rule_id, 991, "Tekst", on=found.on, key=found.key, cause=found.cause, violated=found.violated, published=condition
    )
    return NEWEST.changed("next", rules=RuleBook([rule]))


@pytest.mark.parametrize(
    "condition",
    [
        "when Kontakt( type != null ) then",
        "when K : Kontakt( prioritet.kodelisterPaaDato(startTidspunkt) contains 'admin.ny.liste', slutTidspunkt == null ) then",
        "when P : Procedure( kode.primaerKode.kode == 'ZZ99' ) Kontakt( procedurer contains P ) then",
        "when ForloebElement( harSlutTidspunkt() ) then",
        "when R : ResultatIndberetning( navn.kode == 'RAA04' ) Set( size() > 2 ) from collect ( Resultat( type.kode == 'RDB07' ) "
        "from R.resultater ) then",
        "when R : ResultatIndberetning( navn.kode == 'RAA03' ) Resultat( type.kode == 'RDB08', vaerdiSomHeltal() == null ) "
        "from R.resultater then",
    ],
)
def test_a_document_is_found_that_breaks_a_rule_without_written_cases(condition):
    edition = with_rule(condition)
    found = practised("99.1", NOW, edition)
    register = Register(MemoryStore(), found.practice.tables(), Clock(frozen_at=NOW), Settings())
    for document in found.documents:
        outcome = submit(register, Service.REPORTING, read_submission([writer.write(document)]), edition=edition)
    assert [finding.code for finding in outcome.findings] == ["99.1"]


def test_a_rule_that_no_document_breaks_is_reported():
    with pytest.raises(NotFound, match=r"No document is known that breaks rule 99\.1 of edition next"):
        practised("99.1", NOW, with_rule("when Kontakt( startTidspunkt == null ) then"))


def test_a_document_breaks_the_changed_rule_of_its_edition():
    edition = with_rule("when Kontakt( slutTidspunkt == null ) then", "05.11")  # built in: the end is before the start
    assert practised("05.11", NOW, edition).documents[0].encounters[0].end is None


def test_the_code_of_a_written_case_is_replaced_if_the_rule_names_another_list():
    condition = (
        "when K : Kontakt( harSlutTidspunkt(), slutTidspunkt.plusDays(7) <= ( OffsetDateTime.now() ) , "
        "KslutTidspunkt : slutTidspunkt) "
        "(D : Diagnose( kode.primaerKode.kodelisterPaaDato(KslutTidspunkt) contains 'diag.abort.spon' ) from K.bidiagnoser) "
        "not ( ResultatIndberetning( navn.kode == 'RAA04' , status.kodelisterPaaDato(aarsagSlutTidspunkt) contains "
        "'resindb.status.suba' ) from D.resultatIndberetninger ) then"
    )
    assert practised("RAA04.2", NOW, with_rule(condition, "RAA04.2")).documents


def test_rules_and_codes_that_an_edition_does_not_have_are_reported():
    june = BUILT_IN["2018-06-13"]
    for name, said in (
        ("RAA03.1", "There is no rule 'RAA03.1' in edition 2018-06-13"),
        ("05.11", "is listed and not reported"),
        ("INVALID_CVR_NUMBER", "does not check"),
    ):
        with pytest.raises(NotFound, match=said):
            broken(name, NEWEST.codes.tables(Settings()), NOW, june)


def test_the_seed_broken_breaks_every_rule_of_an_own_list():
    _, found, unbroken = rules_broken(NOW, with_rule("when Kontakt( type != null ) then"))
    assert ([case.name for case in found], unbroken) == (["99.1"], [])


def test_the_search_for_a_rule_that_no_document_breaks_is_limited(monkeypatch):
    monkeypatch.setattr("mockregister.synthetic.broken.CASES_OF_SEED", 20)
    _, found, unbroken = rules_broken(NOW, with_rule("when Kontakt( type == null && type != null ) then"))
    assert (found, unbroken) == ([], ["99.1"])
