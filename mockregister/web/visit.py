"""What is known about one request, from its arrival until it is in the journal. Nothing else is on ``flask.g``.

A comment above each group of fields names the step of ``steps.py`` that sets them; later steps may use them.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from flask import g, request

from mockregister.document.header import Summary, summary_of
from mockregister.envelope import soap
from mockregister.envelope.soap import Caller, Message
from mockregister.errors import UnreadableRequest
from mockregister.finding import Finding
from mockregister.mocking.call import Call, folded
from mockregister.mocking.faults import NOTHING, Plan
from mockregister.mocking.registers import DEFAULT, Namespace
from mockregister.model import Submission
from mockregister.register.store import Rows
from mockregister.submission import Outcome
from mockregister.web.masking import masked
from mockregister.web.surfaces import Noting, Surface, surface_of

REGISTER = "mockregister.register"  # in the WSGI environment: the register's name in the path (dispatcher.py)
REQUEST_ID = "X-Request-Id"
EMPTY = frozenset({""})
WELL_FORMED = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
JSON = "json"  # the service name of submissions that came in over the JSON API or a page


@dataclass
class Visit:
    """One request.

    ``service`` is the name of the SOAP service that is called, ``json`` for another submission, and empty when no submission
    is made; ``taken_by`` is the service whose policy a submission follows. There need not be a register called ``register_name``.
    """

    # arrive
    surface: Surface
    service: str
    request_id: str
    register_name: str
    exchange_id: str = field(default_factory=lambda: uuid4().hex)
    received: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=perf_counter)

    # whichever step first asks for the register (registers.py)
    namespace: Namespace | None = None

    # whichever step first reads the register's data (registers.py)
    rows: Rows | None = None
    looking: ExitStack = field(default_factory=ExitStack)

    # strike if faults ask for them, else the view: the message (message.py) and the submission (soap.py)
    body: bytes = b""
    message: Message | None = None
    unreadable: UnreadableRequest | None = None
    submission: Submission | None = None

    # strike
    plan: Plan = NOTHING
    imposed: tuple[Finding, ...] = ()
    answered: str = ""
    """The status of an answer without an outcome: Failure or Fault if it is imposed, Success for an issued card."""

    # the view
    taken_by: str = ""
    outcome: Outcome | None = None

    _summaries: list[Summary] | None = None

    @property
    def caller(self) -> Caller:
        """Return the caller, as far as it is known."""
        if self.message is not None:
            return self.message.caller
        return soap.guess(request.headers.get("Content-Type", ""), "SOAPAction" in request.headers, self.body)

    @property
    def summaries(self) -> list[Summary]:
        """Return the summary of each submitted document, in the order sent."""
        if self._summaries is None and self.submission is not None:
            self._summaries = [summary_of(document) for document in self.submission.documents]
        return self._summaries or []

    def call(self) -> Call:
        """Return the current call, as far as it has been read."""
        sent, about = self.submission, self.summaries
        institution = sent.author.sor_id if sent and sent.author else ""
        return Call(
            self.service,
            request.path,
            authors=frozenset((institution, *(unit for summary in about for unit in summary.author_units))) - EMPTY,
            cvr=frozenset((sent.care_provider if sent else "", *(summary.custodian for summary in about))) - EMPTY,
            sets=frozenset(folded(summary.set_id) for summary in about) - EMPTY,
            patients=frozenset(folded(patient) for summary in about for patient in summary.patients) - EMPTY,
            headers={name.lower(): value for name, value in request.headers.items()},
        )

    def submits(self, sent: Submission, taken_by: str) -> None:
        """Note that a view other than those of the SOAP services submits ``sent``."""
        self.service, self.submission, self.taken_by = JSON, sent, taken_by


def visit() -> Visit:
    """Return the visit of the current request, which is made on first use.

    It has the caller's request id if that is suitable for a log line: short, and without a CPR number.
    """
    found: Visit | None = g.get("visit")
    if found is None:
        surface, given = surface_of(request.path), request.headers.get(REQUEST_ID, "")
        is_call = surface.noting is Noting.SERVICES and request.endpoint is not None and request.method == "POST"
        is_fit = WELL_FORMED.fullmatch(given) and masked(given) == given
        service = request.path.rpartition("/")[2] if is_call else ""
        name = request.environ.get(REGISTER, DEFAULT)
        g.visit = found = Visit(surface, service, given if is_fit else uuid4().hex, name)
    return found
