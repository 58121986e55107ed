"""What test suites import: a server of their own on a free port, and one register with everything a test does to it.

    with server() as url:
        lpr3 = Lpr3(url, "my-test")
        answer = lpr3.submit(document)
        assert_stored(answer)
        lpr3.assert_sent(1, patient="2512489996")

The pytest plugin gives each test a register of its own as the fixture ``lpr3``. Most methods are one call to ``/__admin``, which
docs/controls.md describes; each of them may raise NoAnswer, Refused and Busy. They also work with a server that someone else
started.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from difflib import ndiff
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import quote, urlencode
from uuid import uuid4

import isodate
from werkzeug.serving import WSGIRequestHandler, make_server

from mockregister.client import FAMILIES, SERVICES, Answer, Client, Sending
from mockregister.errors import Busy, MockRegisterError
from mockregister.finding import Finding, Level
from mockregister.model import ClinicalDocument
from mockregister.reading_back import ReadingBack
from mockregister.server import Server
from mockregister.settings import Settings
from mockregister.tls import server_context

Json = dict[str, Any]

LONGEST_WAIT = 60.0  # seconds of one long poll
BUSY_PAUSE = 0.2  # seconds before a poll is repeated that the server refused because too many were waiting


class Refused(MockRegisterError):
    """``/__admin`` refused a call; ``problem`` is its explanation, ``status`` the HTTP status."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status}: {problem.get('detail', problem)}")
        self.status, self.problem = status, problem


class _Quiet(WSGIRequestHandler):
    """Writes nothing to standard error; the application has its own access log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Do nothing."""


@contextmanager
def server(**settings: Any) -> Iterator[str]:
    """Run a register in this process, on a free port of the loopback interface, and yield its URL.

    ``settings`` are fields of ``Settings``, such as ``clock`` or ``admin_token``; ``port`` may be one of them. Raise
    SettingError and StoreError as ``mockregister serve`` does.
    """
    from mockregister.app import running

    chosen = Settings(**{"port": 0} | settings)
    context = server_context(chosen)
    with running(chosen) as app:
        wsgi = make_server(chosen.host, chosen.port, app, threaded=True, request_handler=_Quiet, ssl_context=context)
        thread = Thread(target=wsgi.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"{'https' if context else 'http'}://{wsgi.host}:{wsgi.port}"
        finally:
            wsgi.shutdown()
            thread.join()
            wsgi.server_close()


class Admin:
    """``/__admin`` of one register, over HTTP; ``base`` is the register's URL."""

    def __init__(self, base: str, token: str = "") -> None:
        self._server = Server(base, token=token, timeout=LONGEST_WAIT * 2)

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: Any) -> Any:
        """Return the JSON answer to a call. Raise NoAnswer, Refused, and Busy if the call may be repeated."""
        asked = {name: value for name, value in query.items() if value is not None}
        address = f"/__admin/{path}" + (f"?{urlencode(asked)}" if asked else "")
        content = None if body is None else json.dumps(body).encode()
        answer = self._server.exchange(method, address, {"Content-Type": "application/json"}, content)
        answered = json.loads(answer.data) if answer.data.strip() else {}
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise Busy(answered.get("detail", "busy"))
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise Refused(answer.status, answered)
        return answered


class Lpr3:
    """One register of a running server: send to it, read what it received, set its clock, make it fail, and reset it.

    ``name`` is made up if empty. ``url`` is the address of the register; ``service_url`` returns those of its services, for the
    system under test.
    """

    def __init__(self, server_url: str, name: str = "", admin_token: str = "") -> None:
        self.name = name or f"test-{uuid4().hex}"
        self.url = f"{server_url.rstrip('/')}/r/{quote(self.name, safe='')}"
        self.admin = Admin(self.url, admin_token)
        self.client = Client(self.url, token=admin_token)
        self.api = ReadingBack(self.url, token=admin_token)
        self.requests = Requests(self.admin)
        self.clock = RegisterClock(self.admin)
        self.faults = FaultControls(self.admin)
        self.rules = RuleControls(self.admin)

    def service_url(self, service: str = "save", medcom: str = "1.0") -> str:
        """Return the address of a service: save, save-if-no-errors or validate; ``medcom`` is as in ``Sending``."""
        return f"{self.url}{FAMILIES[medcom][0]}{SERVICES[service]}"

    def submit(self, *documents: bytes | str | ClinicalDocument, **how: Any) -> Answer:
        """Send documents as one submission, as XML or from ``mockregister.builders``.

        ``how`` are fields of ``mockregister.client.Sending``. Raise NoAnswer.
        """
        return self.client.submit(documents, **how)

    def id_card(self, pki: str | Path, holder: str = "system", care_provider: str = "12345678", digest: str = "sha256") -> str:
        """Return an ID card, as XML, from the test STS of a server that was started with this ``pki`` folder.

        ``holder`` names the certificate that asks: system, user, expired, revoked or untrusted. Raise NoCard if the STS
        refuses.
        """
        client = Client(self.url, pki=pki, holder=holder, digest=digest)
        return client.id_card(Sending(care_provider=care_provider))

    def make(self) -> None:
        """Make the register if it does not exist; only a server with ``--registers listed`` needs this."""
        self.admin("PUT", f"registers/{quote(self.name, safe='')}")

    def reset(self, **scope: str) -> None:
        """Reset the register to its start; with ``author``, ``cvr``, ``set`` or ``patient`` only delete what matches."""
        self.admin("POST", "reset", scope)

    def seed(self, name: str) -> None:
        """Replace what the register holds by the seed of this name. Raise Refused."""
        self.admin("POST", f"seeds/{quote(name, safe='')}")

    def edition(self, name: str) -> None:
        """Use the edition of a date, such as ``2018-09-12``, or an uploaded edition, until a reset. Raise Refused."""
        self.admin("PUT", "edition", {"name": name})

    def stored(self) -> dict[str, int]:
        """Return how many rows of each kind are stored: ``sets``, ``documents``, ``entries``, ..."""
        stored: dict[str, int] = self.admin("GET", f"registers/{quote(self.name, safe='')}")["stored"]
        return stored

    def edit_by_hand(self, episode: str) -> None:
        """Let no document change this episode of care, given by its UUID, from now on. Raise Refused if there is none."""
        self.admin("PUT", f"edited-by-hand/{quote(episode, safe='')}")

    def checkpoint(self, name: str = "") -> Checkpoint:
        """Save the current state; ``restore`` goes back to it, as leaving a ``with`` block does."""
        return Checkpoint(self.admin, name or f"checkpoint-{uuid4().hex[:8]}")

    def delete(self) -> None:
        """Delete the register and everything in it, if it was ever used."""
        try:
            self.admin("DELETE", f"registers/{quote(self.name, safe='')}")
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def assert_sent(self, count: int | None = None, **criteria: Any) -> list[Json]:
        """Assert that ``count`` exchanges (None: at least one) match, and return them; a failure lists the exchanges."""
        found = self.requests.find(**criteria)
        if len(found) != count if count is not None else not found:
            wanted = "at least one" if count is None else str(count)
            came = [f"  {describe(key)}" for key in self.requests.find()] or ["  nothing"]
            raise AssertionError("\n".join((f"expected {wanted} of {criteria}, found {len(found)}; what came:", *came)))
        return found


class Requests:
    """The register's journal: the requests that it received, with their answers."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin

    def find(self, **criteria: Any) -> list[Json]:
        """Return the matching exchanges, newest first: ``service``, ``set``, ``patient``, ``code``, ``rule``, ``status``, ..."""
        found: list[Json] = self.admin("POST", "requests/find", criteria)["requests"]
        return found

    def count(self, **criteria: Any) -> int:
        """Return how many exchanges match."""
        return int(self.admin("POST", "requests/count", criteria)["count"])

    def wait(self, count: int = 1, timeout: float = 10.0, **criteria: Any) -> list[Json]:
        """Return the matching exchanges once there are ``count``. Raise AssertionError after ``timeout`` seconds."""
        deadline = monotonic() + timeout
        while (left := deadline - monotonic()) >= 0:
            try:
                asked = {"count": count, "timeout": min(left, LONGEST_WAIT), **criteria}
                answer = self.admin("POST", "requests/wait", asked)
            except Busy:
                sleep(min(left, BUSY_PAUSE))
                continue
            if answer["matched"]:
                return list(answer["requests"])
        raise AssertionError(f"waited {timeout} seconds for {count} of {criteria}, found {self.count(**criteria)}")

    def get(self, exchange_id: str) -> Json:
        """Return one exchange with envelope, documents and answer. Raise Refused."""
        exchange: Json = self.admin("GET", f"requests/{quote(exchange_id, safe='')}")
        return exchange

    def har(self, **criteria: Any) -> Json:
        """Return the matching exchanges as an HTTP Archive."""
        archive: Json = self.admin("POST", "requests/har", criteria)
        return archive

    def clear(self) -> None:
        """Forget all exchanges."""
        self.admin("DELETE", "requests")


class RegisterClock:
    """The register's clock."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin

    def now(self) -> datetime:
        """Return the register's moment."""
        return datetime.fromisoformat(self.admin("GET", "clock")["now"])

    def freeze(self, at: datetime | str) -> None:
        """Stop at this moment."""
        self.admin("PUT", "clock", {"mode": "frozen", "at": at if isinstance(at, str) else at.isoformat()})

    def move(self, by: timedelta | str) -> None:
        """Run ahead of real time by a span, or by an ISO 8601 duration such as ``P14D``."""
        self.admin("PUT", "clock", {"mode": "moved", "by": by if isinstance(by, str) else isodate.duration_isoformat(by)})

    def real(self) -> None:
        """Follow real time."""
        self.admin("PUT", "clock", {"mode": "real"})


class FaultControls:
    """Faults of the register: calls that are answered wrongly, late or not at all, on purpose."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin

    def add(
        self,
        type: str,
        match: Mapping[str, Any] | None = None,
        times: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
        **fault: Any,
    ) -> Json:
        """Add a fault: ``add("http_status", {"service": "save"}, times=1, status=503)``. Raise Refused."""
        often = {"times": times, "probability": probability, "seed": seed}
        made: Json = self.admin("POST", "faults", {"match": match or {}, "fault": {"type": type, **fault}, **often})
        return made

    def all(self) -> list[Json]:
        """Return every fault, oldest first, with the number of calls that matched it and the number that it struck."""
        faults: list[Json] = self.admin("GET", "faults")["faults"]
        return faults

    def remove(self, fault_id: str) -> None:
        """Remove one fault. Raise Refused."""
        self.admin("DELETE", f"faults/{quote(fault_id, safe='')}")

    def clear(self) -> None:
        """Remove all faults."""
        self.admin("DELETE", "faults")


class RuleControls:
    """Which business rules the register applies."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin

    def change(self, rule_id: str, **changes: Any) -> Json:
        """Change ``enabled``, ``severity`` or ``text`` of a rule; return the rule. Raise Refused."""
        rule: Json = self.admin("PUT", f"rules/{quote(rule_id, safe='')}", changes)
        return rule

    def restore(self, rule_id: str) -> Json:
        """Undo all changes of a rule since the register's start; return the rule. Raise Refused."""
        rule: Json = self.admin("DELETE", f"rules/{quote(rule_id, safe='')}")
        return rule

    def name(self, version: str) -> None:
        """Make answers name this version of the rule set, such as ``sds:lpr:3.0.7``. Raise Refused."""
        self.admin("PUT", "rules", {"version": version})


class Checkpoint:
    """A saved state of a register, to go back to."""

    def __init__(self, admin: Admin, name: str) -> None:
        self.admin, self.path = admin, f"checkpoints/{quote(name, safe='')}"
        self.admin("PUT", self.path)

    def restore(self) -> None:
        """Return the register to the saved state. Raise Refused."""
        self.admin("POST", f"{self.path}/restore")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()


def assert_stored(answer: Answer, *codes: str) -> None:
    """Assert that a submission was stored, and that its findings have exactly these codes (integrity codes, rule ids)."""
    _assert_answer(answer, "Success", codes)


def assert_refused(answer: Answer, *codes: str) -> None:
    """Assert that a submission was refused for exactly these codes (integrity codes, rule ids, ``XSD``, ``SCHEMATRON``)."""
    _assert_answer(answer, "Failure", codes)


def describe(exchange: Json) -> str:
    """Return an exchange of the journal in one line."""
    codes = ", ".join(finding["code"] or finding["level"] for finding in exchange["findings"]) or "no findings"
    whom = f"sets {exchange['sets']}, patients {exchange['patients']}"
    return f"{exchange['service']} {exchange['status']} {exchange['outcome']}: {whom}, {codes}"


def _assert_answer(answer: Answer, status: str, codes: Sequence[str]) -> None:
    expected, found = [status, *sorted(codes)], [_said(answer), *sorted(map(_code, answer.findings))]
    if expected != found:
        texts = (f"  {_code(finding)} ({finding.severity.value}): {finding.text}" for finding in answer.findings)
        raise AssertionError("\n".join(("the answer is not as expected (-), but (+):", *ndiff(expected, found), *texts)))


def _said(answer: Answer) -> str:
    if answer.fault is not None:
        return f"SOAP fault: {answer.fault.reason}"
    return answer.status or f"HTTP {answer.http_status}: {answer.raw[:200].decode('utf-8', 'replace')}"


def _code(finding: Finding) -> str:
    return finding.code if finding.level in (Level.INTEGRITY_CHECK, Level.BUSINESS_RULE) else finding.level.value
