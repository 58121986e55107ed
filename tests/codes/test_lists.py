"""Code lists: their names, and membership beyond what a row lists."""

from __future__ import annotations

import pytest

from mockregister.codes.lists import CodeLists, Membership, listed
from mockregister.errors import SettingError

LENIENT = CodeLists(lenient=True)
STRICT = CodeLists(lenient=False)


def test_a_list_of_the_rules_is_found_by_name() -> None:
    one = LENIENT.require("admin.konttype.fysfr")
    assert (one.title, one.parent, one.partial) == ("Kontakttype: fysisk fremmøde", "admin.konttype", False)


@pytest.mark.parametrize("name", ["admin.kontype", "diagn.abor.samraad.subb", "Diag", ""])
def test_a_misspelt_list_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match=f"no code list '{name}'"):
        LENIENT.require(name)


def test_a_code_of_a_list_known_in_part_is_taken() -> None:
    assert "admin.afslutmaade" in LENIENT.membership("ALAC12", ())
    assert "admin.afslutmaade" not in STRICT.membership("ALAC12", ())


def test_a_defined_list_holds_its_codes_in_strict_too() -> None:
    assert {"diag", "diag.abort", "diag.abort.prov"} <= STRICT.membership("DO046A", ())
    assert "diag.abort" not in STRICT.membership("DO070", ())


def test_what_demands_something_is_possible_but_not_claimed() -> None:
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


def test_no_list_takes_what_its_parent_does_not() -> None:
    for one in LENIENT:
        if LENIENT.get(one.parent):
            for code in (glob.replace("*", "0").replace("[!X]", "0") for glob in one.holds if "[" not in glob):
                assert one.parent in LENIENT.membership(code, ()), (one.name, code)


def test_the_published_procedure_lists_act_and_und_are_empty() -> None:
    """Fact 189: empty by decision, so proc.opr is the list of all procedures."""
    assert not {"proc.act", "proc.und"} & LENIENT.membership("UXZ10", ()).possible


@pytest.mark.parametrize("name", ["admin.behandsigte", "res.loklymf", "spec.handspec"])
@pytest.mark.parametrize("code", ["ALCA00", "ALAC70", "ALAL01", "ALDA11", "ALFA2", "ALGA01", "ATA1", "APBA1", "AFB23A"])
def test_a_list_known_in_part_does_not_take_the_codes_of_a_list_that_is_known(name: str, code: str) -> None:
    assert name not in LENIENT.membership(code, ()).possible


@pytest.mark.parametrize("name", ["admin.behandsigte", "res.loklymf", "spec.handspec"])
@pytest.mark.parametrize("code", ["ALRS01", "AVAA1", "ALCX1", "AZCK2", "ZPL0"])
def test_a_list_known_in_part_takes_what_no_other_list_is_known_to_hold(name: str, code: str) -> None:
    assert name in LENIENT.membership(code, ())


def test_list_names_are_read_from_a_cell() -> None:
    assert listed(" admin.konttype; diag ;") == ("admin.konttype", "diag")
    assert listed("") == ()
