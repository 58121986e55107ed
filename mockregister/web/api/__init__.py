"""``/api/v1``: what the register holds, as JSON. One file for each resource; ``resource.py`` has what they share.

``/r/<name>/api/v1/…`` is the same for another register. Failures are answered in ``web/failures.py``.
"""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from mockregister.web.api import (
    code_lists,
    codes,
    conditions,
    document_sets,
    documents,
    encounters,
    episodes_of_care,
    error_list,
    integrity_codes,
    markers,
    mendings,
    openapi,
    patients,
    procedures,
    results,
    rules,
    sor_units,
    submissions,
    templates,
)

RESOURCES = (
    patients,
    episodes_of_care,
    encounters,
    conditions,
    procedures,
    results,
    markers,
    document_sets,
    documents,
    submissions,
    mendings,
    error_list,
    codes,
    code_lists,
    sor_units,
    rules,
    integrity_codes,
    templates,
)


def install(app: Flask) -> None:
    """Serve the JSON API, its description and its page."""
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys, app.json.ensure_ascii = False, False
    api = openapi.Api()
    api.init_app(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    app.register_blueprint(openapi.blueprint)
