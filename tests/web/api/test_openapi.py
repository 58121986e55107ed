"""The OpenAPI document is valid, complete and correct. Its page loads nothing from the network."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.config import CoveragePhaseConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from mockregister.app import create_app
from mockregister.model import EntryKind
from mockregister.settings import Settings
from tests.builders import (
    SET_ID,
    a_condition,
    a_document,
    a_marker,
    a_nullification,
    a_procedure,
    an_encounter,
    an_episode,
    an_organizer,
    the_next_document,
    uuid,
)
from tests.web.api.conftest import Api

APPLICATION = create_app(Settings())
SUBMITTED = Api(APPLICATION.test_client()).submit(
    a_document(
        episodes=[an_episode(markers=[a_marker(), a_marker(None)])],
        encounters=[an_encounter()],
        conditions=[a_condition()],
        procedures=[a_procedure()],
        organizers=[an_organizer()],
    ),
    the_next_document(nullified=[a_nullification(EntryKind.CONDITION, "condition")]),
)
RESOURCES = (
    *("patients", "episodes-of-care", "encounters", "conditions", "procedures", "results", "markers"),
    *("document-sets", "documents", "submissions", "error-list", "codes", "code-lists", "sor-units", "rules"),
)
ELEMENTS = {
    "episodes-of-care": "episode",
    "encounters": "encounter",
    "conditions": "condition",
    "procedures": "procedure",
    "results": "organizer",
    "markers": "marker",
}
# only generated requests: `schemathesis run` also tries systematic ones, of which there are thousands
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


def test_the_document_names_its_register(document: dict[str, Any], api: Api) -> None:
    assert document["servers"] == [{"url": f"/r/{api.register}"}]


def test_every_resource_is_in_the_document(document: dict[str, Any]) -> None:
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
    operations = [each for path in document["paths"].values() for each in path.values() if isinstance(each, dict)]
    parameters = [each for operation in operations for each in operation.get("parameters", []) if "name" in each]
    assert [parameter["name"] for parameter in parameters if not parameter.get("description")] == []
    assert [operation for operation in operations if not operation.get("summary")] == []


def test_the_document_contains_the_guide(api: Api) -> None:
    text = api.ask("openapi.json").text
    for word in ("forløbslabel", "kontakttype", "prioritet", "aktionsdiagnose", "resultatindberetning", "dokumentsæt"):
        assert word in text


def test_the_page_loads_nothing_from_the_network(api: Api) -> None:
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
def test_answers_to_generated_requests_agree_with_the_document(case: Any) -> None:
    response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    assert response.status_code < 500


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        *((f"{resource}/{{id}}", {"id": uuid(name)}) for resource, name in ELEMENTS.items()),
        ("documents/{id}", {"id": uuid("document 2")}),
        ("document-sets/{set_id}", {"set_id": SET_ID}),
        ("patients/{patient}", {"patient": "2512489996"}),
        ("submissions/{id}", {"id": SUBMITTED["id"]}),
        ("error-list/{id}", {"id": uuid("episode")}),
        *((resource, {}) for resource in RESOURCES),
    ],
)
def test_answers_to_valid_requests_agree_with_the_document(path: str, parameters: dict[str, str]) -> None:
    case = DESCRIBED[f"/api/v1/{path}"]["GET"].Case(path_parameters=parameters)
    response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    assert response.status_code == 200
