"""``/api/v1``: what the register holds, as JSON. One file for each resource; ``resource.py`` has what all resources share.

``/r/<name>/api/v1/…`` is the same for another register. Failures are answered in ``web/failures.py``.
"""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

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


blueprint = Blueprint("api", __name__)


@blueprint.record_once
def install(setup: BlueprintSetupState) -> None:
    """Serve the resources, the OpenAPI document that describes them, and the page that shows it."""
    api = openapi.Api()
    api.init_app(setup.app)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    setup.app.register_blueprint(openapi.blueprint)
