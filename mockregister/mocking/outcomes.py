"""Outcomes on demand: what can be done to a call on purpose, as values.

The texts of the observed faults are those of the real service. The mock itself answers with the faults about security headers
when the setting ``auth`` asks for it, and with the others only on demand, because its own messages say more.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from mockregister.envelope.soap import SoapFault
from mockregister.finding import Finding

_ROLLED_BACK = "javax.ejb.EJBTransactionRolledbackException: "
_CALL_FAILED = "Call failed on the server. Error has been logged to the server log and database: "
_ISSUES = "com.dxc.lpr.cda.issues"
_CONSTRAINT = "org.hibernate.exception.ConstraintViolationException: could not execute "


def _refused(reason: str, medcom_code: str = "", code: str = "Receiver") -> SoapFault:
    """Return a fault about the security headers."""
    return SoapFault(code, reason, medcom_code)


def _broken(reason: str) -> SoapFault:
    """Return a fault from inside the register, as its application server words it."""
    return SoapFault("Receiver", reason, thrown="EJBException")


BROKER_FAULT = "unknown_error"
OBSERVED: dict[str, SoapFault] = {
    # facts 18, 24 and 27, 181, 26, 28, 48, 49, 163
    "no_signature": _refused("Validation Failed (1): Unable to find signature."),
    "id_card_expired": _refused("Internal server error", "processing_problem"),
    "id_card_timeout": _refused("ID kortet har timeout."),
    "signature_invalid": _refused("Validation Failed."),
    "not_authorized": _refused("The system is not authorized (cvrnr = 9900002399000023).", "not_authorized"),
    "not_a_data_producer": _refused(
        "The care provider is not registered as a data producer in LPR (medcom:CareProviderID = 99000023)",
        "not_authorized",
        "Sender",
    ),
    "no_certificate": _refused("Unable to get certificate from dom"),
    "untrusted_certificate": _refused("The certificate that signed the security token is not trusted!"),
    # facts 37, 52, 102, 138, 121 and 199, 203 and 206, 137, 40, 76, 60, 78, 88
    "null_pointer": _broken("java.lang.NullPointerException"),
    "rolled_back": _broken("Transaction rolled back"),
    "ejb_rolled_back": _broken(_ROLLED_BACK + "Transaction rolled back"),
    "result_set": _broken("org.hibernate.exception.GenericJDBCException: could not extract ResultSet"),
    "batch": _broken(_ROLLED_BACK + _CONSTRAINT + "batch"),
    "statement": _broken(_ROLLED_BACK + _CONSTRAINT + "statement"),
    "persistence": _broken(f"javax.persistence.PersistenceException: {_CONSTRAINT}batch"),
    "more_than_one": _broken("result returns more than one elements"),
    "number_format": _broken('java.lang.NumberFormatException: For input string: ""'),
    "class_cast": _broken(f"java.lang.ClassCastException: {_ISSUES}.CDAIssue cannot be cast to {_ISSUES}.IntegrityIssue"),
    "custodian_id": _broken(f"java.lang.RuntimeException: {_CALL_FAILED}Error parsing custodian id (CVR number) as integer"),
    "data_exception": _broken(f"{_CALL_FAILED}org.hibernate.exception.DataException: could not extract ResultSet"),
    "rule_crashed": _broken("""Error evaluating constraint 'foedselsdato != null' in [Rule "01.11" in sds/lpr/01.11.rdrl]"""),
    # fact 205: the broker in front of the register
    BROKER_FAULT: SoapFault("Receiver", "Der er sket ukendt en fejl. Kontakt venligst REGIS administration."),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """The call waits for between ``low`` and ``high`` seconds before it is handled."""

    low: float
    high: float

    def seconds(self, chance: Random) -> float:
        """Return the seconds of this delay."""
        return chance.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class HttpStatus:
    """The front end answers with an HTML page and this status (facts 74, 125, 176, 193); nothing is validated or stored."""

    status: int


@dataclass(frozen=True, slots=True)
class NamedFault:
    """The answer is a SOAP fault of ``OBSERVED``; nothing is validated or stored."""

    name: str


@dataclass(frozen=True, slots=True)
class RegistryErrors:
    """The register answers Failure with these findings, and validates nothing.

    A service that stores in spite of such findings handles the submission as usual, and adds them to its own findings.
    """

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is closed without an answer; nothing is validated or stored, unless this is part of ``StoredThen``."""


@dataclass(frozen=True, slots=True)
class StoredThen:
    """The submission is handled as usual, but the sender gets ``answer`` (fact 205)."""

    answer: HttpStatus | NamedFault | Cut


@dataclass(frozen=True, slots=True)
class Half:
    """The submission is handled as usual, but the connection closes after ``part`` (between 0 and 1) of the answer."""

    part: float


@dataclass(frozen=True, slots=True)
class Slow:
    """The submission is handled as usual, and the answer is sent slowly over ``seconds``."""

    seconds: float


Early = HttpStatus | NamedFault | RegistryErrors | Cut
Late = StoredThen | Half | Slow
Action = Delay | Early | Late
