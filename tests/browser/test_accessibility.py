"""axe-core checks every page, light and dark, in Danish and in English. Each test saves a screenshot."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from mockregister.client import Client
from mockregister.model import Identifier, PersonName
from tests.browser.conftest import SCREENSHOTS
from tests.builders import CPR_NUMBER, SET_ID, an_alternatively_identified_patient, an_episode, an_sks_code, as_xml

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[browser]'")

PAGES = {
    "overview": "/",
    "region": "/?authority=29190941",
    "journal": "/exchanges",
    "document-set": f"/sets/{SET_ID.lower()}",
    "guess": "/codes/sks/AAF",
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
    "exams": "/exams",
    "sign-in": "/sign-in",
    "failure": "/rules/nope",
}
LOOKS = [
    ("en", "light"),
    ("da", "dark"),
    *(pytest.param(*look, marks=pytest.mark.slow) for look in (("en", "dark"), ("da", "light"))),
]
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def axe() -> str:
    """Return the script of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install -e '.[browser]'")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(tab: Any, axe: str) -> list[str]:
    """Return the violations that axe finds: the rule, what to do about it, and the elements."""
    tab.evaluate(axe)
    found = json.loads(tab.evaluate("async () => JSON.stringify((await axe.run()).violations)"))
    return [f"{rule['id']}: {rule['help']}: {[node['html'][:200] for node in rule['nodes']]}" for rule in found]


def open_page(tab: Any, name: str) -> None:
    """Go to a page. ``latest`` stands for the last link in the list."""
    address = PAGES[name]
    if address.endswith("/latest"):
        kind = address.removesuffix("/latest")
        tab.goto(kind)
        address = tab.locator(f"tbody a[href*='{kind}/']").last.get_attribute("href")
    tab.goto(address)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(tab: Any, url: str, axe: str, name: str, language: str, theme: str) -> None:
    tab.context.add_cookies([{"name": "language", "value": language, "url": url}])
    tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_page(tab, name) if name != "failure" else quietly(tab, PAGES[name])
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"{name}-{language}-{theme}.png", full_page=True)
    assert violations(tab, axe) == []


def is_within(tab: Any, width: int) -> bool:
    """Return True if the page is no wider than the window."""
    return int(tab.evaluate("document.documentElement.scrollWidth")) <= width


@pytest.mark.parametrize("name", [name for name in PAGES if name != "failure"])
def test_a_page_fits_a_narrow_window_without_horizontal_scrolling(tab: Any, name: str) -> None:
    tab.set_viewport_size(NARROW)
    open_page(tab, name)
    SCREENSHOTS.mkdir(exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"{name}-narrow.png", full_page=True)
    assert is_within(tab, NARROW["width"])
    cut = "[...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1)"
    assert tab.evaluate(f"{cut}.map((box) => box.outerHTML.slice(0, 2000))") == []


@pytest.mark.parametrize("window", [NARROW, {"width": 1280, "height": 900}])
def test_very_long_words_are_broken_into_lines(tab: Any, url: str, window: dict[str, Any]) -> None:
    long = "Overordentlig" * 30
    patient = an_alternatively_identified_patient(
        name=PersonName(long, (long,)), alternative_ids=(Identifier("1.2.3", long[:60]),)
    )
    document = as_xml(patient=patient, episodes=[an_episode(label=an_sks_code("ALAL88", long))], title=long)
    Client(f"{url}/r/long").submit([document] * 3, service="validate")
    Client(f"{url}/r/long").submit([document], service="save")
    tab.set_viewport_size(window)
    for name in ("/", "/patients", "/submissions", "/error-list"):
        tab.goto(f"/r/long{name}")
        assert is_within(tab, window["width"]), name
        for link in {link.get_attribute("href") for link in tab.locator("tbody a").all()}:
            tab.goto(link)
            assert is_within(tab, window["width"]), link
            tab.go_back()


def test_the_current_choice_is_visible_in_forced_colours(tab: Any) -> None:
    tab.emulate_media(forced_colors="active")
    tab.goto("/patients")
    for chosen in ("nav [aria-current]", "[aria-pressed=true] >> nth=0"):
        playwright.expect(tab.locator(chosen)).to_have_css("outline-style", "solid")


def test_a_right_to_left_override_in_one_word_does_not_affect_other_words(tab: Any, url: str) -> None:
    number, name = Identifier("1.2.3", "\u202e123456"), PersonName("Prøvesen", ("\u202ePetra",))
    turning = an_alternatively_identified_patient(name=name, alternative_ids=(number,))
    Client(f"{url}/r/turned").submit([as_xml(patient=turning, episodes=[an_episode()])], service="save")
    tab.goto("/r/turned/patients")
    link, words = tab.locator("tbody td a"), tab.locator("tbody td span")
    assert link.bounding_box()["x"] < words.bounding_box()["x"]


def quietly(tab: Any, address: str) -> None:
    """Go to a page that does not exist without the error that the browser would write to its console."""
    tab.route("**" + address, lambda route: route.fulfill(response=route.fetch(), status=200))
    tab.goto(address)
