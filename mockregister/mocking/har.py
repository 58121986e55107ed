"""The journal as an HTTP Archive (HAR 1.2), which browsers and traffic tools open."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import mockregister
from mockregister.mocking.journal import Exchange, Headers, HttpMessage

Json = dict[str, Any]


def har(exchanges: Iterable[Exchange]) -> Json:
    """A HAR log of the exchanges, oldest first as the format wants it."""
    entries = [_entry(one) for one in sorted(exchanges, key=lambda one: one.received)]
    creator = {"name": "mockregister", "version": mockregister.__version__}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}}


def _entry(exchange: Exchange) -> Json:
    milliseconds = round(exchange.duration * 1000, 3)
    return {
        "startedDateTime": exchange.received.isoformat(),
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.id,
    }


def _request(exchange: Exchange) -> Json:
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    return {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.request.headers),
        "queryString": _pairs(query),
        "postData": {"mimeType": exchange.request.content_type, "params": [], **text(exchange.request)},
        "headersSize": -1,
        "bodySize": len(exchange.request.body),
    }


def _response(exchange: Exchange) -> Json:
    size = len(exchange.answer.body)
    return {
        "status": exchange.status,
        "statusText": phrase(exchange.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.answer.headers),
        "content": {"size": size, "mimeType": exchange.answer.content_type, **text(exchange.answer)},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
    }


def phrase(status: int) -> str:
    """The words that stand beside an HTTP status, empty for one that nobody registered."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def text(message: HttpMessage) -> Mapping[str, str]:
    """A body as JSON can hold it: ``text``, with ``encoding`` base64 where the bytes are no UTF-8."""
    try:
        return {"text": message.body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(message.body).decode("ascii"), "encoding": "base64"}


def _pairs(pairs: Headers | Iterable[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]
