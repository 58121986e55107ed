"""Code lists have names, and patterns that add members beyond those that the code table lists."""

from __future__ import annotations

import pytest

from mockregister.codes.lists import CodeLists, Membership, listed
from mockregister.errors import SettingError

LENIENT = CodeLists(lenient=True)
STRICT = CodeLists(lenient=False)


def test_a_list_of_the_rules_is_found_by_name() -> None:
    found = LENIENT.require("admin.konttype.fysfr")
    assert (found.title, found.parent, found.partial) == ("Kontakttype: fysisk fremmøde", "admin.konttype", False)


@pytest.mark.parametrize("name", ["admin.kontype", "diagn.abor.samraad.subb", "Diag", ""])
def test_a_misspelt_list_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match=f"no code list '{name}'"):
        LENIENT.require(name)


def test_a_code_that_fits_a_partially_known_list_is_accepted_if_not_strict() -> None:
    assert "admin.afslutmaade" in LENIENT.membership("ALAC12", ())
    assert "admin.afslutmaade" not in STRICT.membership("ALAC12", ())


def test_a_list_with_a_definition_holds_its_codes_in_strict_mode_too() -> None:
    assert {"diag", "diag.abort", "diag.abort.prov"} <= STRICT.membership("DO046A", ())
    assert "diag.abort" not in STRICT.membership("DO070", ())


def test_an_uncertain_membership_that_would_demand_something_is_only_possible() -> None:
    membership = LENIENT.membership("BXYZ10", ())
    assert "proc.hoerescreen" not in membership
    assert "proc.hoerescreen" in membership.possible
    assert "proc.hoerescreen" not in STRICT.membership("BXYZ10", ()).possible


def test_possible_lists_include_the_certain_ones() -> None:
    assert Membership(["a"], ["b"]).possible == {"a", "b"}
    assert Membership(["a"]).possible == Membership(["a"]) == {"a"}


def test_the_lists_of_several_rows_are_joined() -> None:
    joined = Membership.of_all([Membership(["a"], ["b"]), Membership(["c"])])
    assert (joined, joined.possible) == ({"a", "c"}, {"a", "b", "c"})


def test_every_code_of_a_list_is_also_in_the_parent_list() -> None:
    for code_list in LENIENT:
        if LENIENT.get(code_list.parent):
            for code in (glob.replace("*", "0").replace("[!X]", "0") for glob in code_list.holds if "[" not in glob):
                assert code_list.parent in LENIENT.membership(code, ()), (code_list.name, code)


def test_the_published_procedure_lists_act_and_und_are_empty() -> None:
    """Fact 189: they are empty by decision, so proc.opr is the list of all procedures."""
    assert not {"proc.act", "proc.und"} & LENIENT.membership("UXZ10", ()).possible


@pytest.mark.parametrize("name", ["admin.behandsigte", "res.loklymf", "spec.handspec"])
@pytest.mark.parametrize("code", ["ALCA00", "ALAC70", "ALAL01", "ALDA11", "ALFA2", "ALGA01", "ATA1", "APBA1", "AFB23A"])
def test_a_partially_known_list_does_not_take_codes_of_a_known_list(name: str, code: str) -> None:
    assert name not in LENIENT.membership(code, ()).possible


@pytest.mark.parametrize("name", ["admin.behandsigte", "res.loklymf", "spec.handspec"])
@pytest.mark.parametrize("code", ["ALRS01", "AVAA1", "ALCX1", "AZCK2", "ZPL0"])
def test_a_partially_known_list_takes_codes_that_are_in_no_other_list(name: str, code: str) -> None:
    assert name in LENIENT.membership(code, ())


def test_list_names_are_read_from_a_cell() -> None:
    assert listed(" admin.konttype; diag ;") == ("admin.konttype", "diag")
    assert listed("") == ()
