"""Read an admin request: a marshmallow schema loads its query and its JSON body together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import isodate
from flask import request
from marshmallow import Schema, ValidationError, fields

from mockregister import client
from mockregister.errors import InvalidRequest
from mockregister.security.idcard import STS_PATH
from mockregister.web import body
from mockregister.web.registers import registers
from mockregister.web.visit import JSON
from mockregister.web.wrong_fields import refusal

WORDS = client.SERVICES | {"sts": STS_PATH.rpartition("/")[2]}


class ServiceName(fields.String):
    """One of the SOAP services: its name in the URL, or the client's name for it (``validate``; ``sts`` for the STS)."""

    known: Mapping[str, str] = WORDS | {name: name for name in WORDS.values()}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        word = super()._deserialize(value, attr, data, **more)
        if word not in self.known:
            raise ValidationError(f"'{str(word)[:80]}' is not a service here; use one of {', '.join(self.known)}.")
        return self.known[word]


class ServiceOrJson(ServiceName):
    """Where a submission came in: one of the SOAP services, or ``json`` for the JSON API."""

    known: Mapping[str, str] = {**ServiceName.known, JSON: JSON}


class Span(fields.Field[Any]):
    """An ISO 8601 duration such as ``P14D`` or ``-PT2H``."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        try:
            return isodate.parse_duration(value)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise ValidationError("Use an ISO 8601 duration such as P14D or -PT2H.") from error


def load(schema: Schema) -> Any:
    """Return the request's query and JSON body together, loaded with ``schema``.

    Raise InvalidRequest, which names every field that is wrong.
    """
    return read(schema, sent_fields())


def read(schema: Schema, data: Mapping[str, Any]) -> Any:
    """Return ``data`` loaded with ``schema``. Raise InvalidRequest, which names every field that is wrong."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise refusal(error.messages_dict) from error


def sent_fields() -> dict[str, Any]:
    """Return the fields of query and JSON body together, not yet checked; the body wins.

    Raise InvalidRequest if the body is not a JSON object, UnreadableRequest if it is too large or does not arrive.
    """
    return {**request.args, **_body()}


def _body() -> dict[str, Any]:
    sent = body.receive(request, registers().settings)
    if not sent.strip():
        return {}
    try:
        content = json.loads(sent)
        json.dumps(
            content, ensure_ascii=False
        ).encode()  # JSON can hold half of a character (a lone surrogate), which no answer can encode
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"The body is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise InvalidRequest("The body is not a JSON object; write {…}.")
    return content
