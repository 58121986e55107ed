"""Faults and imposed outcomes, before the view (delays, early answers) and after it (changed answers).

Cutting a connection, before or in the middle of an answer, needs the server's socket, which gunicorn and werkzeug put into the
WSGI environment. Under another server the body raises an exception, which also drops the connection.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import ceil
from threading import Event
from typing import Any

from flask import Response, request

from mockregister.document.header import Summary
from mockregister.envelope import xdr
from mockregister.errors import UnreadableRequest
from mockregister.mocking import front_end, named
from mockregister.mocking.faults import NOTHING, Plan
from mockregister.mocking.outcomes import (
    BROKER_FAULT,
    OBSERVED,
    Action,
    Cut,
    Half,
    HttpStatus,
    NamedFault,
    RegistryErrors,
    Slow,
    StoredThen,
)
from mockregister.mocking.registers import DEFAULT
from mockregister.safexml import NAMESPACES
from mockregister.submission import Service
from mockregister.turns import waiting
from mockregister.web import failures
from mockregister.web.door import IMPOSED
from mockregister.web.registers import namespace, registers
from mockregister.web.soap import FAMILIES, submitted
from mockregister.web.visit import Visit, visit

PIECES = 20  # of a slow answer
SERVICES = {service.url_name: service for service in Service}
BROKER = (
    f'<soapenv:Envelope xmlns:soapenv="{NAMESPACES["soap11"]}"><soapenv:Header/><soapenv:Body><soapenv:Fault>'
    f"<faultcode>soapenv:66</faultcode><faultstring>{OBSERVED[BROKER_FAULT].reason}</faultstring>"
    "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)


def strike() -> Response | None:
    """Choose the outcome of the call, wait if it is a delay, and return the answer if it has one already.

    Raise InvalidRequest for an unknown value of X-Mock-Outcome, Busy if too many calls are waiting already.
    """
    current = visit()
    if not (current.surface.struck and current.service):
        return None
    current.plan = plan = _plan(current)
    if plan is NOTHING:
        return None
    registers().waiting_room.wait(plan.delay, namespace().closed)
    if isinstance(plan.action, Slow):
        registers().waiting_room.enter()
    return _early(plan.action)


def replace(response: Response) -> Response:
    """Return another answer to a submission that was handled as usual, if a fault asks for it (fact 205)."""
    action = visit().plan.action
    return _answer(action.answer) if isinstance(action, StoredThen) else response


def deliver(response: Response) -> Response:
    """Send the answer as a fault asks for: not at all, in part, or slowly."""
    action = visit().plan.action
    delivery = _DELIVERIES.get(type(action.answer if isinstance(action, StoredThen) else action))
    if delivery is not None:
        content = response.get_data()
        response.response = delivery(content, action)
        response.headers["Content-Length"] = str(len(content))
    if isinstance(action, Slow):
        response.call_on_close(registers().waiting_room.leave)
    return response


def _plan(current: Visit) -> Plan:
    word, here = request.headers.get(IMPOSED), namespace().name
    sources = dict.fromkeys((registers().get(DEFAULT) if here != DEFAULT else namespace(), namespace()))
    active = [source for source in sources if source.faults.for_register(here)]
    if word is None and not active:
        return NOTHING
    if current.service in SERVICES:
        with suppress(UnreadableRequest):  # a fault without conditions also meets requests that cannot be read
            submitted()
    if word is not None:
        return Plan(action=named.action(word.strip(), namespace().edition.rules))
    plan, call = NOTHING, current.call()
    for source in active:
        with source.changing():
            plan = source.faults.choose(call, here, plan)
    return plan


def _early(action: Action | None) -> Response | None:
    if isinstance(action, RegistryErrors):
        return _refused(action)
    return _answer(action) if isinstance(action, HttpStatus | NamedFault | Cut) else None


def _refused(action: RegistryErrors) -> Response | None:
    """Return the answer with the imposed findings; None if the service stores anyway and adds them to its own findings."""
    current, rule_set = visit(), namespace().register.rule_settings.version
    if current.service not in SERVICES:  # the STS judges no documents
        return None
    about = next(iter(current.summaries), Summary())
    current.imposed = tuple(named.placed(finding, about, rule_set) for finding in action.findings)
    if SERVICES[current.service].keeps(current.imposed):
        return None
    current.answered = "Failure"
    family = FAMILIES[request.path.rpartition("/")[0] + "/"]
    kind, content = xdr.write_answer(current.caller, "Failure", current.imposed, family)
    return Response(content, content_type=kind)


def _answer(action: HttpStatus | NamedFault | Cut) -> Response:
    visit().answered = "Fault"
    if isinstance(action, HttpStatus):
        return Response(front_end.page(action.status), action.status, content_type=front_end.CONTENT_TYPE)
    if isinstance(action, Cut):
        return Response(b"\n", 502)
    if action.name == BROKER_FAULT:
        return Response(BROKER, 500, content_type="text/xml; charset=UTF-8")
    fault = OBSERVED[action.name]
    return failures.soap_fault(400 if fault.code == "Sender" else 500, fault)


def _broken(content: bytes, length: int, connection: socket.socket | None) -> Iterator[bytes]:
    if length:
        yield content[:length]
    if connection is None:
        raise ConnectionAbortedError("The answer ends here, because a fault asks for that.")
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    yield content[length:]


def _trickle(content: bytes, pause: float, until: Event) -> Iterator[bytes]:
    step = ceil(len(content) / PIECES) or 1
    for start in range(0, len(content), step):
        yield content[start : start + step]
        with waiting():
            until.wait(pause)


def _connection() -> socket.socket | None:
    found: socket.socket | None = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    return found


_DELIVERIES: dict[type, Callable[[bytes, Any], Iterator[bytes]]] = {
    Cut: lambda content, cut: _broken(content, 0, _connection()),
    Half: lambda content, half: _broken(content, ceil(len(content) * half.part), _connection()),
    Slow: lambda content, slow: _trickle(content, slow.seconds / PIECES, namespace().closed),
}
