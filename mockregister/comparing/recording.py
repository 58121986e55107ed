"""A recording: an HTTP Archive (HAR) of ours or of another proxy, read for sending it again."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from mockregister.client import Answer, read_answer
from mockregister.errors import SettingError, flaw_of_json
from mockregister.mocking.journal import REDACTED

# The paths of a register's services: submissions (also if a front end leaves out /cda-ws), ITI-18 and ITI-43. What precedes the
# path in an address belongs to the recorded server, and is left out when the request is sent again; /r/<name> stays.
_SERVICE = re.compile(r"(?:/r/[^/]+)?/(?:cda-ws|DocumentRepository_Service|xds)/.*")
OF_THE_CONNECTION = {
    *("connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    *("host", "content-length", "expect"),
}


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """A request to a service and its answer; bodies are decompressed."""

    name: str
    started: datetime | None
    path: str
    headers: Mapping[str, str]
    body: bytes
    answer: Answer


@dataclass(frozen=True, slots=True)
class Recording:
    """The requests to the SOAP services in a recording, oldest first; ``left_out`` counts its other requests."""

    exchanges: tuple[RecordedExchange, ...]
    left_out: int


def read_recording(content: bytes) -> Recording:
    """Return the recording in a HAR file. Raise SettingError for anything else."""
    try:
        entries = json.loads(content.decode("utf-8-sig"))["log"]["entries"]
        requests = ((entry["request"], entry) for entry in entries)
        sent = [
            entry for request, entry in requests if request["method"] == "POST" and _SERVICE.search(urlsplit(request["url"]).path)
        ]
        exchanges = tuple(_exchange(number, entry) for number, entry in enumerate(sent, 1))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingError(f"The recording is not an HTTP Archive (HAR 1.2): {flaw_of_json(error)}.") from error
    return Recording(
        tuple(sorted(exchanges, key=lambda exchange: exchange.started.timestamp() if exchange.started else 0.0)),
        len(entries) - len(sent),
    )


def _exchange(number: int, entry: Mapping[str, Any]) -> RecordedExchange:
    request, response = entry["request"], entry["response"]
    found = _SERVICE.search(urlsplit(request["url"]).path)
    assert found is not None, "only requests to services are read"
    path = found[0]
    started = entry.get("startedDateTime")
    answer = read_answer(response["status"], _headers(response), _body(response.get("content", {})))
    return RecordedExchange(
        name=f"{number} {path.rpartition('/')[2]}",
        started=datetime.fromisoformat(started) if started else None,
        path=path,
        headers=_headers(request),
        body=_body(request.get("postData", {})),
        answer=answer,
    )


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that can be sent again: not those about compression, and not secrets, which are not recorded."""
    headers = {pair["name"]: pair["value"] for pair in message["headers"] if not pair["name"].startswith(":")}
    gone = OF_THE_CONNECTION | {"content-encoding"}
    return {name: value for name, value in headers.items() if name.lower() not in gone and value != REDACTED}


def _body(content: Mapping[str, Any]) -> bytes:
    """Return the bytes of a body; proxies mark base64 in one of two ways."""
    text = content.get("text") or ""
    is_base64 = "base64" in (content.get("encoding"), content.get("_encoding"))
    return base64.b64decode(text) if is_base64 else text.encode("utf-8", "surrogateescape")
