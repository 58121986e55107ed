"""The auth dial at ``headers``: what is let in, and what the register says to the rest."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mockregister.clock import COPENHAGEN
from mockregister.envelope import dgws, soap
from mockregister.errors import AccessDenied
from tests.envelope.stacks import CVR, cxf, include, security

NOON = datetime(2019, 6, 1, 12, tzinfo=UTC)


def anyone(_: str) -> bool:
    return True


def check(header: str, now: datetime = NOON, is_producer: Callable[[str], bool] = anyone) -> None:
    dgws.check(soap.read(*cxf([b"<a/>"], header=header)), now, is_producer)


def refused(header: str, now: datetime = NOON, is_producer: Callable[[str], bool] = anyone) -> AccessDenied:
    with pytest.raises(AccessDenied) as refusal:
        check(header, now, is_producer)
    return refusal.value


def test_an_id_card_in_force_is_let_in() -> None:
    asked: list[str] = []
    check(security(), is_producer=lambda cvr: not asked.append(cvr))
    assert asked == [CVR]


@pytest.mark.parametrize("header", ["", "<x/>", security().replace("saml:Assertion", "saml:Other")])
def test_no_id_card_is_no_signature(header: str) -> None:
    refusal = refused(header)
    assert str(refusal) == "Validation Failed (1): Unable to find signature."
    assert (refusal.sender, refusal.fault_code) == (False, "")
    assert "ID card" in refusal.hint


@pytest.mark.parametrize(
    "now", [datetime(2019, 6, 2, tzinfo=UTC), datetime(2019, 5, 31, 23, 59, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=COPENHAGEN)]
)
def test_an_id_card_out_of_its_time_is_a_processing_problem(now: datetime) -> None:
    refusal = refused(security(), now)
    assert (str(refusal), refusal.fault_code, refusal.sender) == ("Internal server error", "processing_problem", False)
    assert "2019-06-02" in refusal.hint


@pytest.mark.parametrize("moment", ["2019-06-01T00:00:00", "2019-06-01T00:00:00.123+02:00", " 2019-06-01T00:00:00Z "])
def test_moments_are_read_with_and_without_an_offset(moment: str) -> None:
    card = dgws.id_card(soap.read(*cxf([b""], header=security(moment))).header)
    assert card is not None
    check(security(moment))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (security("yesterday"), "Created is 'yesterday', which is no date and time"),
        (security().replace("2019-06-01T00:00:00Z", "", 1), "Created is ''"),
        (security().replace("wsu:Timestamp", "wsu:Time"), "Created is absent"),
        (security().replace("NotOnOrAfter", "Until"), "NotOnOrAfter is absent"),
        (security().replace("saml:Conditions", "saml:Terms"), "NotBefore is absent"),
    ],
)
def test_an_ill_formed_header_fails_validation(header: str, found: str) -> None:
    refusal = refused(header)
    assert str(refusal) == "Validation Failed."
    assert found in refusal.hint


def test_a_certificate_that_is_not_attached_cannot_be_got() -> None:
    refusal = refused(security(inside=include("certificate")))
    assert str(refusal) == "Unable to get certificate from dom"
    assert "cid:certificate" in refusal.hint


def test_a_certificate_that_is_attached_is_let_in() -> None:
    kind, body = cxf([b"<a/>"], header=security(inside=include("certificate")))
    body = body.replace(b"--uuid:1b0c--", b"--uuid:1b0c\r\nContent-ID: <certificate>\r\n\r\nDER\r\n--uuid:1b0c--")
    message = soap.read(kind, body)
    dgws.check(message, NOON, anyone)
    assert message.package.attached("cid:certificate") == b"DER"


@pytest.mark.parametrize(("cvr", "is_producer"), [("78834412", lambda _: False), ("", anyone), ("  ", anyone)])
def test_whoever_is_no_data_producer_is_told_so(cvr: str, is_producer: Callable[[str], bool]) -> None:
    refusal = refused(security(cvr=cvr), is_producer=is_producer)
    assert str(refusal) == (
        f"The care provider is not registered as a data producer in LPR (medcom:CareProviderID = {cvr.strip()})"
    )
    assert (refusal.sender, refusal.fault_code) == (True, "not_authorized")


def test_the_id_card_is_told_from_other_assertions() -> None:
    other = security(cvr="11111111").replace('id="IDCard"', 'id="Other"')
    both = other.replace("</wsse:Security>", security().partition("</wsu:Timestamp>")[2])
    card = dgws.id_card(soap.read(*cxf([b""], header=both)).header)
    assert card is not None
    assert card.care_provider == CVR
