"""Outcomes on demand: what can be done to a call on purpose, as values.

The texts of the observed faults are wire strings seen from the real service, named here after what one saw
(docs/deviations.md tells when the mock gives them by itself: hardly ever).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from mockregister.envelope.soap import Fault as SoapFault
from mockregister.finding import Finding

_REPEATED = "javax.ejb.EJBTransactionRolledbackException: "
_CONSTRAINT = "org.hibernate.exception.ConstraintViolationException: could not execute "

BROKER_FAULT = "unknown_error"
OBSERVED: dict[str, SoapFault] = {
    # refused at the door: facts 18, 24 and 27, 26, 28, 48, 49, 163, 181
    "no_signature": SoapFault("Receiver", "Validation Failed (1): Unable to find signature."),
    "id_card_expired": SoapFault("Receiver", "Internal server error", "processing_problem"),
    "id_card_timeout": SoapFault("Receiver", "ID kortet har timeout."),
    "signature_invalid": SoapFault("Receiver", "Validation Failed."),
    "not_authorized": SoapFault(
        "Receiver", "The system is not authorized (cvrnr = 9900002399000023).", "not_authorized"
    ),
    "not_a_data_producer": SoapFault(
        "Sender",
        "The care provider is not registered as a data producer in LPR (medcom:CareProviderID = 99000023)",
        "not_authorized",
    ),
    "no_certificate": SoapFault("Receiver", "Unable to get certificate from dom"),
    "untrusted_certificate": SoapFault("Receiver", "The certificate that signed the security token is not trusted!"),
    # broken inside: facts 37, 52, 76, 88, 102, 121, 137, 138, 203
    "null_pointer": SoapFault("Receiver", "java.lang.NullPointerException"),
    "rolled_back": SoapFault("Receiver", "Transaction rolled back"),
    "ejb_rolled_back": SoapFault("Receiver", _REPEATED + "Transaction rolled back"),
    "result_set": SoapFault("Receiver", "org.hibernate.exception.GenericJDBCException: could not extract ResultSet"),
    "batch": SoapFault("Receiver", _REPEATED + _CONSTRAINT + "batch"),
    "statement": SoapFault("Receiver", _REPEATED + _CONSTRAINT + "statement"),
    "persistence": SoapFault("Receiver", f"javax.persistence.PersistenceException: {_CONSTRAINT}batch"),
    "more_than_one": SoapFault("Receiver", "result returns more than one elements"),
    "rule_crashed": SoapFault(
        "Receiver", """Error evaluating constraint 'foedselsdato != null' in [Rule "01.11" in sds/lpr/01.11.rdrl]"""
    ),
    # the broker in front of the register: fact 205
    BROKER_FAULT: SoapFault("Receiver", "Der er sket ukendt en fejl. Kontakt venligst REGIS administration."),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer is held back for between ``low`` and ``high`` seconds before the request is read."""

    low: float
    high: float

    def seconds(self, chance: Random) -> float:
        """How long this time."""
        return chance.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class HttpStatus:
    """The front end answers with an HTML page and this status (facts 74, 125, 176, 193); nothing is read."""

    status: int


@dataclass(frozen=True, slots=True)
class NamedFault:
    """One of the observed SOAP faults; nothing is read."""

    name: str


@dataclass(frozen=True, slots=True)
class RegistryErrors:
    """The register answers Failure with these findings; nothing is read."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is closed without an answer."""


@dataclass(frozen=True, slots=True)
class StoredThen:
    """The submission is handled as ever, but the sender gets ``answer`` (fact 205)."""

    answer: HttpStatus | NamedFault | Cut


@dataclass(frozen=True, slots=True)
class Half:
    """The submission is handled as ever, but the connection closes after ``part`` (between 0 and 1) of the answer."""

    part: float


@dataclass(frozen=True, slots=True)
class Slow:
    """The submission is handled as ever, and the answer trickles for ``seconds``."""

    seconds: float


Early = HttpStatus | NamedFault | RegistryErrors | Cut
Late = StoredThen | Half | Slow
Action = Delay | Early | Late
