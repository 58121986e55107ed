"""RAA08, details of an implant (implantatoplysninger), caused by a procedure."""

from __future__ import annotations

from mockregister.validation.rules.expression import both, the
from mockregister.validation.rules.facts import Procedure
from mockregister.validation.rules.reporting import ReportKind, ResultKind
from mockregister.validation.rules.rule import Rule

IMPLANT = ReportKind("RAA08", "implantatoplysninger")
PRODUCT = ResultKind("RDB02", "produktionsnummer")
BATCH = ResultKind("RDB03", "batch- eller lotnummer")
SERIAL = ResultKind("RDB04", "serienummer")
STANDARD = ResultKind("RDB05", "registreringsstandard")
COUNT = ResultKind("RDB06", "antal implantater")
REGISTERED = ResultKind("RDB07", "tidspunkt for registrering")
PRODUCED = ResultKind("RDB08", "tidspunkt for produktion")
EXPIRES = ResultKind("RDB09", "tidspunkt for udløb")

RULES = (
    Rule(
        "RAA08.1",
        9801,
        "Proceduren er i kodelisten proc.implantat, og en komplet RAA08 (implantatoplysninger) mangler.",
        on=Procedure,
        violated=both(
            the.code.inside("proc.implantat", at=the.start),
            IMPLANT.absent_or_incomplete(the.reports, at=the.cause_start),
        ),
    ),
    IMPLANT.holds_only("RAA08.2", 9802, "RDB02", "RDB03", "RDB04", "RDB05", "RDB06", "RDB07", "RDB08", "RDB09"),
    IMPLANT.comes_from_procedure_in("RAA08.3", 9800, "proc.implantat"),
    IMPLANT.complete_needs("RAA08.RDB02-1", 9000021, PRODUCT),
    IMPLANT.at_most_one("RAA08.RDB02", 900002, PRODUCT),
    IMPLANT.exactly_one("RAA08.RDB03-RDB04", 9000034, BATCH, SERIAL),
    IMPLANT.complete_needs("RAA08.RDB05-1", 9000051, STANDARD),
    IMPLANT.at_most_one("RAA08.RDB05", 900005, STANDARD),
    COUNT.must_be_whole("RAA08.RDB06-1", 9000061, at_least=1),
    IMPLANT.complete_needs("RAA08.RDB06-2", 9000061, COUNT),
    IMPLANT.at_most_one("RAA08.RDB06", 900006, COUNT),
    REGISTERED.must_be_a_moment("RAA08.RDB07-1", 9000071),
    IMPLANT.at_most_one("RAA08.RDB07", 900007, REGISTERED),
    PRODUCED.must_be_a_moment("RAA08.RDB08-1", 9000081),
    IMPLANT.at_most_one("RAA08.RDB08", 900008, PRODUCED),
    EXPIRES.must_be_a_moment("RAA08.RDB09-1", 9000091),
    IMPLANT.at_most_one("RAA08.RDB09", 900009, EXPIRES),
)
