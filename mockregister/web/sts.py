"""The test STS: ``POST /sts/services/NewSecurityTokenService``, with the setting ``pki`` only. It uses the register's clock."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from mockregister.envelope import soap
from mockregister.errors import NotFound
from mockregister.model import Submission
from mockregister.safexml import NAMESPACES
from mockregister.security.idcard import STS_PATH, message_id, security_header
from mockregister.web.message import opened
from mockregister.web.registers import namespace
from mockregister.web.visit import visit

ACTION = f"{NAMESPACES['wst']}/RSTR/Issue"

blueprint = Blueprint("sts", __name__)


@blueprint.post(STS_PATH)
def issue() -> Response:
    """Answer an ID card signed by the client with one signed by the STS. Raise NotFound without the setting ``pki``."""
    pki = current_app.extensions["mockregister.pki"]
    if pki is None:
        raise NotFound("There is no STS here; start the register with --pki and a folder of `mockregister pki init`.")
    from mockregister.security import sts  # imported lazily: the server starts without cryptography

    current, now = visit(), namespace().register.clock.now()
    message = opened(soap.read_any)
    current.submission = Submission((), None, sts.care_provider(message.payload))
    body = sts.issue(pki, message.payload, now)
    current.answered = "Success"
    kind, content = soap.write_plain(current.caller, security_header(now, message_id(message.header)), body, ACTION)
    return Response(content, content_type=kind)
