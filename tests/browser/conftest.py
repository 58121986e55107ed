"""Fixtures for a real browser and a real server: Debian's chromium, driven by Playwright. Tests are skipped if one is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockregister.client import Client
from mockregister.testing import server
from tests.serving import PATIENCE
from tests.web.admin.conftest import clean_document, document_with_a_violation

SCREENSHOTS = Path(__file__).parent / "screenshots"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium once for all tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[browser]'")
    with sync_api.sync_playwright() as driver:
        sync_api.expect.set_options(timeout=PATIENCE * 1000)
        chromium = driver.chromium.launch(executable_path=found, args=list(FLAGS), timeout=PATIENCE * 1000)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Serve a register with one stored document, one document refused on each level, and one SOAP fault."""
    with server(clock=None, seed="none") as address:
        client, dirty = Client(address), document_with_a_violation()
        client.submit([dirty], service="save")
        client.submit([clean_document()], service="save-if-no-errors")
        client.submit([dirty.replace(b'moodCode="EVN"', b'moodCode="INT"', 1)], service="validate")
        client.submit([dirty.replace(b"versionNumber", b"versionNumbers")], service="validate")
        client.submit([b"<no xml"], service="validate")
        yield address


@pytest.fixture
def tab(browser: Any, url: str) -> Iterator[Any]:
    """Open a tab with its own cookies. The test fails if anything is written to the console."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    yield page
    context.close()
    assert said == []
