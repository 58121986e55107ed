"""The Danish DGWS headers are read."""

from __future__ import annotations

from mockregister.envelope import dgws, soap
from mockregister.safexml import NAMESPACES
from mockregister.security.idcard import id_card
from tests.envelope.stacks import CVR, cxf, security


def test_the_message_id_is_read_in_both_namespaces() -> None:
    for prefix in ("dgws", "dgws101"):
        linking = "<m:Linking><m:MessageID> 1 </m:MessageID></m:Linking>"
        header = f'<m:Header xmlns:m="{NAMESPACES[prefix]}">{linking}</m:Header>'
        assert dgws.message_id(soap.read(*cxf([b""], header=header)).header) == "1"
    assert dgws.message_id(None) == ""


def test_the_id_card_is_distinguished_from_other_assertions() -> None:
    other = security(cvr="11111111").replace('id="IDCard"', 'id="Other"')
    both = other.replace("</wsse:Security>", security().partition("</wsu:Timestamp>")[2])
    card = id_card(soap.read(*cxf([b""], header=both)).header)
    assert card is not None
    assert card.care_provider == CVR
