"""The OpenAPI document, and a page to read it and to try the API; the page loads nothing from other servers."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from threading import Lock
from typing import Any

import flask_smorest
from flask import Blueprint, Response, current_app, json, redirect, request, send_from_directory, url_for
from marshmallow import Schema, fields

from mockregister import __version__
from mockregister.web.api.model_schemas import WRITABLE
from mockregister.web.api.resource import JSON, PREFIX
from mockregister.web.values import Digits, Moment, PatientId, Severe, Since, Text, Until

PROBLEM = "application/problem+json"
FORMS = {Moment: "date-time", Since: "date-time", Until: "date-time", Text: None, PatientId: None, Digits: None, Severe: None}
ASSETS = str(files("flask_swagger_ui") / "dist")  # Swagger UI as published; nothing is loaded from other servers
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>mockregister: JSON API</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
<div id="page"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</html>
"""
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
START = 'SwaggerUIBundle({url: "../openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null});\n'

blueprint = Blueprint("openapi", __name__, url_prefix=PREFIX)


class WrongFieldSchema(Schema):
    """A wrong field."""

    field = fields.String(
        required=True, metadata={"description": "Its path, such as episodes.0.start; empty for the whole request."}
    )
    detail = fields.String(required=True, metadata={"description": "What is wrong with it."})


class ProblemSchema(Schema):
    """Why a request was not answered (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "about:blank: the status says what kind of problem it is."})
    title = fields.String(required=True, metadata={"description": "The HTTP status in words."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    detail = fields.String(required=True, metadata={"description": "What is wrong, and what to do."})
    field = fields.String(metadata={"description": "The path of the first wrong field."})
    errors = fields.List(fields.Nested(WrongFieldSchema), metadata={"description": "The wrong fields, at most 100."})
    more_errors = fields.Integer(metadata={"description": "How many more fields are wrong."})
    request_id = fields.String(metadata={"description": "The id of the request in the log, which has more details."})


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The JSON API of one application; ``web/failures.py`` answers its errors, this module serves its document."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self) -> None:
        info = {
            "description": "What a stand-in for the Danish National Patient Register (LPR3) holds. No real patient data.",
            "license": {"name": "MIT"},
        }
        options = {"title": "mockregister", "version": __version__, "openapi_version": "3.0.3", "info": info}
        super().__init__(spec_kwargs=options)
        for field, form in FORMS.items():
            self.register_field(field, "string", form)
        self._undescribed: list[Callable[[], None]] = []
        self._describing = Lock()

    def describe_later(self, describe: Callable[[], None]) -> None:
        """Call ``describe`` when the document is first requested: few ask for it, and it takes a tenth of the start."""
        self._undescribed.append(describe)

    def described(self) -> dict[str, Any]:
        """Return the document as flask-smorest makes it."""
        with self._describing:
            while self._undescribed:
                self._undescribed.pop(0)()
            told: dict[str, Any] = self.spec.to_dict()
            return told


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the OpenAPI document, with the address of the register in the request."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    described = _corrected(api.described())
    described["servers"] = [{"url": request.script_root or "/"}]
    described["components"]["schemas"]["Reference"] |= {"anyOf": references()}
    return Response(json.dumps(described), content_type=JSON)


@blueprint.get("")
@blueprint.get("/", endpoint="slashed")
def index() -> Any:
    """Redirect to the page that shows the OpenAPI document."""
    return redirect(url_for("openapi.page"))


@blueprint.get("/docs/")
def page() -> Response:
    """Return the page that shows the OpenAPI document; its addresses are relative, so it works for every register."""
    return Response(PAGE, headers={"Content-Security-Policy": POLICY}, content_type="text/html; charset=utf-8")


@blueprint.get("/docs/start.js")
def start() -> Response:
    """Return the script that starts the page; the page itself holds no script."""
    return Response(START, content_type="text/javascript; charset=utf-8")


@blueprint.get("/docs/<name>")
def asset(name: str) -> Response:
    """Return a file of Swagger UI."""
    return send_from_directory(ASSETS, name)


def references() -> list[dict[str, Any]]:
    """Return the possible forms of a reference, which a list of fields does not show."""
    forms: list[dict[str, Any]] = []
    for scope, kind, form in sorted(WRITABLE, key=str):
        values = {"scope": scope.value, "kind": kind.value, "form": form.value if form else None}
        required = {"required": ["form"]} if form else {}
        forms.append({"properties": {name: {"enum": [value]} for name, value in values.items()}, **required})
    return forms


def _corrected(described: Any) -> Any:
    """Return a part of the document, corrected: errors are problem+json, and a value that must be null cannot be any object."""
    if isinstance(described, list):
        return [_corrected(part) for part in described]
    if not isinstance(described, dict):
        return described
    if described == {"type": "object", "nullable": True}:
        return described | {"enum": [None]}
    if described.get(JSON, {}).get("schema") == {"$ref": "#/components/schemas/Problem"}:
        return {PROBLEM: described[JSON]}
    return {name: _corrected(value) for name, value in described.items()}
