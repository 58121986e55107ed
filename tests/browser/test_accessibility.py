"""Every page by axe-core, light and dark, in Danish and in English; each leaves a screenshot to look at."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from tests.browser.conftest import SCREENSHOTS
from tests.builders import CPR_NUMBER

PAGES = {
    "overview": "/",
    "submissions": "/submissions",
    "submission": "/submissions/latest",
    "exchange": "/exchanges/latest",
    "patients": "/patients",
    "patient": f"/patients/{CPR_NUMBER}",
    "error-list": "/error-list",
    "rules": "/rules?family=stay",
    "rule": "/rules/05.104",
    "codes": "/codes?q=DI10",
    "code": "/codes/sks/DI109",
    "lists": "/codes/lists?q=konttype",
    "list": "/codes/lists/admin.konttype",
    "units": "/codes/units?q=aalborg",
    "control": "/control",
    "failure": "/rules/nope",
}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install -e '.[browser]'")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(tab: Any, axe: str) -> list[str]:
    """What axe finds wrong: rule, what to do, and the elements."""
    tab.evaluate(axe)
    found = json.loads(tab.evaluate("async () => JSON.stringify((await axe.run()).violations)"))
    return [f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}" for one in found]


def open_page(tab: Any, name: str) -> None:
    """Go to a page; the latest submission is the one that the overview links first."""
    address = PAGES[name]
    if address.endswith("/latest"):
        tab.goto("/")
        kind = address.removesuffix("/latest")
        address = tab.locator(f"tbody a[href*='{kind}/']").last.get_attribute("href")
    tab.goto(address)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(tab: Any, url: str, axe: str, name: str, language: str, theme: str) -> None:
    tab.context.add_cookies([{"name": "language", "value": language, "url": url}])
    tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_page(tab, name) if name != "failure" else quietly(tab, PAGES[name])
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"{name}-{language}-{theme}.png", full_page=True)
    assert violations(tab, axe) == []


@pytest.mark.parametrize("name", ["overview", "exchange", "patient", "control"])
def test_a_narrow_window_shows_all_without_scrolling_sideways(tab: Any, name: str) -> None:
    tab.set_viewport_size(NARROW)
    open_page(tab, name)
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"{name}-narrow.png", full_page=True)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def quietly(tab: Any, address: str) -> None:
    """Go to a page that is not there, which the browser notes in its console."""
    tab.route("**" + address, lambda route: route.fulfill(response=route.fetch(), status=200))
    tab.goto(address)
