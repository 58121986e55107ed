"""What LPR_A's tables say about codes, referrals and units, as cells by column name."""

from __future__ import annotations

from mockregister.codes.tables import CodeTables
from mockregister.export.cells import Units, moment
from mockregister.export.frame import Cell
from mockregister.export.lpr_f import MAIN, MINOR, PRIMARY, SUPPLEMENTARY
from mockregister.model import Code, Referral

KINDS = {MAIN: "Aktionsdiagnose", MINOR: "Bidiagnose", SUPPLEMENTARY: "Tillægskode", PRIMARY: "Procedure"}
YES, NO = "1", "0"


class CodedCells:
    """Codes with their terms, and units with their institution and region, by the code tables."""

    def __init__(self, codes: CodeTables) -> None:
        self.codes, self.units = codes, Units(codes.sor)

    def coded(self, name: str, coded: Code, kind: str) -> dict[str, Cell]:
        """Return a code, its term, and which kind of code it is."""
        return {**self.with_term(f"{name}_kode", coded), f"{name}_kode_type": kind, f"{name}_kode_type_tekst": KINDS[kind]}

    def with_term(self, name: str, coded: Code | None) -> dict[str, Cell]:
        """Return a code and its term: that of the code table, else the one that the document displays."""
        if coded is None:
            return {}
        rows = self.codes.sks.rows(coded.code)
        return {name: coded.code, f"{name}_tekst": (rows[-1].term if rows else "") or coded.display}

    def referral(self, name: str, referral: Referral | None) -> dict[str, Cell]:
        """Return when, by whom and why a patient was referred; nothing without a referral."""
        if referral is None:
            return {}
        return {
            f"{name}_henv_tidspunkt": moment(referral.time),
            f"{name}_henv_instans": referral.referrer,
            **self.with_term(f"{name}_henv_maade", referral.origin),
            **self.with_term(f"{name}_henv_aarsag", referral.reason.code if referral.reason else None),
            **self.with_term(f"{name}_fritvalg", referral.free_choice),
        }

    def owner(self, name: str, sor_id: str) -> dict[str, Cell]:
        """Return a unit, its institution, the type of its owner, and its region, which is also written as that of the owner."""
        institution, (region, text) = self.units.institution(sor_id), self.units.region(sor_id)
        line = self.units.line(sor_id)
        regions = {f"{name}_ans_{kind}_reg": region for kind in ("geo", "org")}
        return {
            f"{name}_ans": sor_id,
            f"{name}_ans_inst": institution.sor_id if institution else "",
            f"{name}_inst_ejertype": line[0].unit_type if line and line[0].is_owner else "",
            **regions,
            **{f"{column}_tekst": text for column in regions},
        }

    def municipality(self, number: str) -> str:
        """Return the name of a municipality; empty if it is unknown."""
        known = self.codes.authorities.get(number)
        return known.name if known else ""


def value(text: str) -> dict[str, Cell]:
    """Return the value of a result in the column for numbers, or in that for texts if it is none or has 8 characters or more."""
    try:
        return {"res_vaerdi_tal": float(text)} if len(text) < len("20190501") else {"res_vaerdi_tekst": text}
    except ValueError:
        return {"res_vaerdi_tekst": text}
