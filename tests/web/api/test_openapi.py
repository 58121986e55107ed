"""The OpenAPI document is valid, tells of everything, and is true; its page needs nothing from the network."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.config import CoveragePhaseConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from mockregister.app import create_app
from mockregister.settings import Settings
from tests.builders import a_document, a_procedure, an_encounter, an_episode
from tests.web.api.conftest import Api

APPLICATION = create_app(Settings())
Api(APPLICATION.test_client()).put(
    a_document(episodes=[an_episode()], encounters=[an_encounter()], procedures=[a_procedure()])
)
RESOURCES = (
    *("patients", "episodes-of-care", "encounters", "conditions", "procedures", "results", "markers"),
    *("document-sets", "documents", "submissions", "error-list", "codes", "code-lists", "sor-units", "rules"),
)
# Generated requests only: the systematic ones, thousands for the document alone, are for `schemathesis run`.
FEW = ProjectConfig(phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=False)))
CONFIG = SchemathesisConfig(projects=ProjectsConfig(default=FEW))
DESCRIBED = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APPLICATION, config=CONFIG)


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("openapi.json")
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.")


def test_the_document_names_the_register_that_it_was_asked_of(document: dict[str, Any], api: Api) -> None:
    assert document["servers"] == [{"url": f"/r/{api.register}"}]


def test_every_resource_of_the_issue_is_there(document: dict[str, Any]) -> None:
    assert [f"/api/v1/{name}" for name in RESOURCES if f"/api/v1/{name}" not in document["paths"]] == []


def test_every_field_and_every_parameter_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        if name != "PaginationMetadata"
        for field, told in schema.get("properties", {}).items()
        if "description" not in told and "$ref" not in told and not (set(told) <= {"allOf", "enum"})
    ]
    assert bare == []
    operations = [one for path in document["paths"].values() for one in path.values() if isinstance(one, dict)]
    parameters = [one for operation in operations for one in operation.get("parameters", []) if "name" in one]
    assert [one["name"] for one in parameters if not one.get("description")] == []
    assert [one for one in operations if not one.get("summary")] == []


def test_the_words_of_the_guide_stand_in_the_document(api: Api) -> None:
    text = api.ask("openapi.json").text
    for word in ("forløbslabel", "kontakttype", "prioritet", "aktionsdiagnose", "resultatindberetning", "dokumentsæt"):
        assert word in text


def test_the_page_needs_nothing_from_the_network(api: Api) -> None:
    page = api.ask("docs/")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses != []
    for address in addresses:
        assert re.fullmatch(r"[\w.-]+", address), "relative, so that every register has its own page"
        with api.ask(f"docs/{address}") as file:
            assert file.status_code == 200
    assert "../openapi.json" in api.ask("docs/start.js").text
    assert api.ask("", headers={"Accept": "text/html"}).location.endswith("/api/v1/docs/")


@DESCRIBED.parametrize()
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_document_is_true(case: Any) -> None:
    response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    assert response.status_code < 500
