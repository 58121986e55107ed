"""The OpenAPI document and the page on which it can be browsed and tried, which needs nothing from the network."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from threading import Lock
from typing import Any

import flask_smorest
from flask import Blueprint, Response, current_app, json, redirect, request, send_from_directory, url_for
from marshmallow import Schema, fields

from mockregister import __version__
from mockregister.model import EntryKind, ProcedureForm, Scope
from mockregister.web.api.model_schemas import WRITABLE
from mockregister.web.api.resource import JSON, PREFIX
from mockregister.web.values import Digits, Moment, PatientId, Severe, Since, Text, Until

PROBLEM = "application/problem+json"
FORMS = {Moment: "date-time", Since: "date-time", Until: "date-time", Text: None, PatientId: None, Digits: None, Severe: None}
ASSETS = str(files("flask_swagger_ui") / "dist")  # Swagger UI as it is published; nothing is fetched from elsewhere
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
    """A field that is wrong."""

    field = fields.String(required=True, metadata={"description": "Its path, such as episodes.0.start; empty: the whole."})
    detail = fields.String(required=True, metadata={"description": "What is wrong with it."})


class ProblemSchema(Schema):
    """Why a request was not answered (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "about:blank: the status says it."})
    title = fields.String(required=True, metadata={"description": "The status in words."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    detail = fields.String(required=True, metadata={"description": "What is wrong, and what to do."})
    field = fields.String(metadata={"description": "The path of the first wrong field."})
    errors = fields.List(fields.Nested(WrongFieldSchema), metadata={"description": "The wrong fields, at most 100."})
    more_errors = fields.Integer(metadata={"description": "How many more fields are wrong."})
    request_id = fields.String(metadata={"description": "Under this id the log tells more."})


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The JSON API of one application; errors are answered in ``web/failures.py``, the document is served from here."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self) -> None:
        info = {
            "description": "What a stand-in for the Danish National Patient Register (LPR3) holds. For testing only.",
            "license": {"name": "For testing only, no real patient data"},
        }
        options = {"title": "mockregister", "version": __version__, "openapi_version": "3.0.3", "info": info}
        super().__init__(spec_kwargs=options)
        for field, form in FORMS.items():
            self.register_field(field, "string", form)
        self._undescribed: list[Callable[[], None]] = []
        self._describing = Lock()

    def describe_later(self, describe: Callable[[], None]) -> None:
        """Have ``describe`` add to the document when someone asks for it: few do, and it is a tenth of the start."""
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
    """The OpenAPI document, with the address of the register that it was asked of."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    described = _told_better(api.described())
    described["servers"] = [{"url": request.script_root or "/"}]
    described["components"]["schemas"]["Reference"] |= {"anyOf": references()}
    return Response(json.dumps(described), content_type=JSON)


@blueprint.get("")
@blueprint.get("/", endpoint="slashed")
def index() -> Any:
    """To the page."""
    return redirect(url_for("openapi.page"))


@blueprint.get("/docs/")
def page() -> Response:
    """The page, for one register: its addresses are relative."""
    return Response(PAGE, headers={"Content-Security-Policy": POLICY}, content_type="text/html; charset=utf-8")


@blueprint.get("/docs/start.js")
def start() -> Response:
    """What starts the page; a file of its own, so that no script has to stand in it."""
    return Response(START, content_type="text/javascript; charset=utf-8")


@blueprint.get("/docs/<name>")
def asset(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(ASSETS, name)


def references() -> list[dict[str, Any]]:
    """Return the forms that a reference can have, which a list of fields does not tell."""
    return [_form_of_reference(*media_type) for media_type in sorted(WRITABLE, key=str)]


def _form_of_reference(scope: Scope, kind: EntryKind, form: ProcedureForm | None) -> dict[str, Any]:
    told = {"scope": {"enum": [scope.value]}, "kind": {"enum": [kind.value]}, "form": {"enum": [form.value if form else None]}}
    return {"properties": told, "required": ["form"] if form else []} if form else {"properties": told}


def _told_better(described: Any) -> Any:
    """Return a piece of the document, more exact: errors are problem+json, and what may be null is not any object as well."""
    if isinstance(described, list):
        return [_told_better(part) for part in described]
    if not isinstance(described, dict):
        return described
    if described == {"type": "object", "nullable": True}:
        return described | {"enum": [None]}
    if described.get(JSON, {}).get("schema") == {"$ref": "#/components/schemas/Problem"}:
        return {PROBLEM: described[JSON]}
    return {name: _told_better(value) for name, value in described.items()}
