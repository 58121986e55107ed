"""Send a recording again, and compare the answers with the recorded ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from mockregister.client import Answer, Client, read_answer
from mockregister.clock import COPENHAGEN
from mockregister.comparing.answers import Comparison, comparison_of
from mockregister.comparing.judging import Judgement
from mockregister.comparing.recording import RecordedExchange, Recording
from mockregister.envelope import mime
from mockregister.errors import UnreadableRequest
from mockregister.server import NoAnswer

UUID = re.compile(rb"(?<![0-9A-Fa-f.])[0-9A-Fa-f]{8}(-?)[0-9A-Fa-f]{4}(?:\1[0-9A-Fa-f]{4}){2}\1[0-9A-Fa-f]{12}(?![0-9A-Fa-f.])")
TIME = re.compile(rb"(?<=value=[\"'])(\d{12}(?:\d\d)?)([+-]\d{4})(?=[\"'])")

_OF_REGISTER = re.compile(r"\A/r/[^/]+")


class Renewal:
    """New ids, and times moved by a number of days, for the documents of a recording; equal ids stay equal."""

    def __init__(self, days: int) -> None:
        self._days = timedelta(days=days)
        self._ids: dict[bytes, str] = {}

    @classmethod
    def of(cls, recording: Recording, today: date) -> Renewal:
        """Return the renewal that moves the first day of a recording to ``today``."""
        days = [exchange.started.astimezone(COPENHAGEN).date() for exchange in recording.exchanges if exchange.started]
        return cls((today - min(days)).days if days else 0)

    def exchange(self, exchange: RecordedExchange) -> RecordedExchange:
        """Return the exchange with new ids and times in its documents; its recorded answer names the new ids.

        The envelope is not changed, so that a signed ID card stays valid; in a query or a retrieval only ids that are known
        from documents are changed.
        """
        body = UUID.sub(self._known_id, exchange.body) if "/xds/" in exchange.path else exchange.body
        for content in _documents(exchange):
            body = body.replace(content, TIME.sub(self._time, self._with_ids(content)))
        answer = exchange.answer
        # The Content-Type may have a boundary that looks like an id, which is then renewed in the body, too.
        headers = {name: self._with_ids(value.encode()).decode() for name, value in answer.headers.items()}
        return replace(exchange, body=body, answer=read_answer(answer.http_status, headers, self._with_ids(answer.raw)))

    def _with_ids(self, content: bytes) -> bytes:
        return UUID.sub(self._id, content)

    def _known_id(self, found: re.Match[bytes]) -> bytes:
        return self._id(found) if found[0].replace(b"-", b"").lower() in self._ids else found[0]

    def _id(self, found: re.Match[bytes]) -> bytes:
        """Return the new id in the form of the old one: with or without dashes, in upper or lower case."""
        old = found[0]
        new = self._ids.setdefault(old.replace(b"-", b"").lower(), str(uuid4()))
        written = new if found[1] else new.replace("-", "")
        return (written.upper() if old.upper() == old else written).encode()

    def _time(self, found: re.Match[bytes]) -> bytes:
        text = found[1].decode()
        form = "%Y%m%d%H%M%S" if len(text) == 14 else "%Y%m%d%H%M"
        try:
            moment = datetime.strptime(text, form) + self._days
        except (ValueError, OverflowError):
            return found[0]
        return moment.replace(tzinfo=COPENHAGEN).strftime(f"{form}%z").encode()


def _documents(exchange: RecordedExchange) -> list[bytes]:
    """Return the attachments of a request, unchanged."""
    kind = next((value for name, value in exchange.headers.items() if name.lower() == "content-type"), "")
    if not kind.lower().startswith("multipart/"):
        return []
    try:
        return [part.content for part in mime.read(kind, exchange.body).attachments.values() if part.content]
    except UnreadableRequest:
        return []


def replayed(
    recording: Recording, client: Client, renewal: Renewal | None = None, *, texts: bool = False
) -> Iterator[Comparison]:
    """Send every request again, in its order, and yield the comparison of the recorded answer with the new one.

    A recording of one register goes to the register in the client's address. In a recording of several registers, each request
    goes to the register of the same name, ``/r/<name>``, unless the address names a register.
    """
    registers = {found[0] if found else "" for found in (_OF_REGISTER.match(each.path) for each in recording.exchanges)}
    one_register = len(registers) == 1 or "/r/" in urlsplit(client.url).path
    for exchange in recording.exchanges:
        sent = renewal.exchange(exchange) if renewal else exchange
        try:
            path = _OF_REGISTER.sub("", sent.path) if one_register else sent.path
            answer: Answer = client.post(path, sent.headers, sent.body)
        except NoAnswer as error:
            yield Comparison(exchange.name, failure=str(error))
            continue
        yield comparison_of(exchange.name, Judgement.of(sent.answer), Judgement.of(answer), texts=texts, stored=True)
