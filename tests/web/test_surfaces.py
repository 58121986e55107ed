"""Each path has a row in the table of surfaces, and the steps of a request do not depend on the order of registration."""

from __future__ import annotations

import pytest

from mockregister.app import with_views
from mockregister.web import steps
from mockregister.web.surfaces import SURFACES, FailureForm, surface_of


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/cda-ws/DocumentRepository_Service/x", "/cda-ws"),
        ("/cda-ws", "/cda-ws"),
        ("/cda-wsx", ""),
        ("/xds/registry", "/xds"),
        ("/__admin/faults/health", "/__admin"),
        ("/__admin/health", "/__admin/health"),
        ("/api/v1/docs/", "/api/v1/docs"),
        ("/api/v1/patients", "/api"),
        ("/static/page.css", "/static"),
        ("/patients/a/static/x", ""),
        ("/", ""),
        ("", ""),
        ("//cda-ws", ""),
        ("nowhere", ""),
    ],
)
def test_a_path_belongs_to_the_longest_prefix_of_whole_segments(path: str, prefix: str) -> None:
    assert surface_of(path).prefix == prefix


def test_prefixes_are_unique() -> None:
    assert len({surface.prefix for surface in SURFACES}) == len(SURFACES)


VIEWS = sorted({surface.views for surface in SURFACES})


def test_every_row_has_views_and_only_pages_are_for_people() -> None:
    rules = [(views, rule) for views in VIEWS for rule in with_views(views).url_map.iter_rules()]
    where_no_service_is = {"/DocumentRepository_Service"}
    with_rules = {surface_of(rule.rule).prefix for _, rule in rules}
    assert with_rules == {surface.prefix for surface in SURFACES} - where_no_service_is
    for views, rule in rules:
        assert surface_of(rule.rule).views == views, f"nobody can call {rule}"
        assert rule.endpoint.startswith("pages.") is (surface_of(rule.rule).failure_form is FailureForm.PAGE)


@pytest.mark.parametrize("views", VIEWS)
def test_the_order_of_the_steps_does_not_depend_on_the_order_of_registration(views: str) -> None:
    app = with_views(views)
    assert app.before_request_funcs[None] == [steps.before]
    assert app.after_request_funcs[None] == [steps.after]
