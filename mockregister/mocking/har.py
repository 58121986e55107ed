"""The journal as an HTTP Archive (HAR 1.2), which browsers and traffic tools open."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import mockregister
from mockregister.mocking.front_end import phrase
from mockregister.mocking.journal import Exchange, Headers, HttpMessage

Json = dict[str, Any]


def har(exchanges: Iterable[Exchange]) -> Json:
    """Return a HAR log of the exchanges, oldest first as the format requires."""
    return log(
        entry(
            exchange.method,
            exchange.url,
            exchange.received,
            exchange.duration,
            exchange.request,
            exchange.status,
            exchange.answer,
            exchange.id,
        )
        for exchange in sorted(exchanges, key=lambda exchange: exchange.received)
    )


def log(entries: Iterable[Json]) -> Json:
    """Return a HAR log of entries."""
    creator = {"name": "mockregister", "version": mockregister.__version__}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(entries)}}


def entry(
    method: str,
    url: str,
    received: datetime,
    seconds: float,
    request: HttpMessage,
    status: int,
    answer: HttpMessage,
    comment: str = "",
) -> Json:
    """Return an entry of a log: a request that was ``received`` at a moment, and its answer, given ``seconds`` later."""
    milliseconds = round(seconds * 1000, 3)
    return {
        "startedDateTime": received.isoformat(),
        "time": milliseconds,
        "request": _request(method, url, request),
        "response": _response(status, answer),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": comment,
    }


def _request(method: str, url: str, request: HttpMessage) -> Json:
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(query),
        "postData": {"mimeType": request.content_type, "params": [], **text(request)},
        "headersSize": -1,
        "bodySize": len(request.body),
    }


def _response(status: int, answer: HttpMessage) -> Json:
    size = len(answer.body)
    return {
        "status": status,
        "statusText": phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(answer.headers),
        "content": {"size": size, "mimeType": answer.content_type, **text(answer)},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
    }


def text(message: HttpMessage) -> Mapping[str, str]:
    """Return a body in HAR's form: ``text``, with ``encoding`` base64 if the bytes are not UTF-8."""
    try:
        return {"text": message.body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(message.body).decode("ascii"), "encoding": "base64"}


def _pairs(pairs: Headers | Iterable[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]
