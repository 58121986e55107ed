"""People use the page with a mouse, with a keyboard, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from mockregister.client import Client
from tests.builders import CPR_NUMBER
from tests.web.admin.conftest import clean_document, document_with_a_violation

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[browser]'")
expect = playwright.expect


def test_a_new_submission_appears_without_reloading_and_is_announced(tab: Any, url: str) -> None:
    tab.goto("/r/live/")
    expect(tab.locator("[data-live]")).to_be_visible()
    Client(f"{url}/r/live").submit([clean_document()], service="save")
    expect(tab.locator("#live-list tbody tr")).to_have_count(1)
    expect(tab.locator("#live-figures dd").first).to_have_text("1")
    expect(tab.locator("[data-live-news]")).to_contain_text("Stored")


def test_the_live_list_does_not_change_while_it_has_the_focus(tab: Any, url: str) -> None:
    tab.goto("/r/stay/")
    Client(f"{url}/r/stay").submit([clean_document()], service="validate")
    expect(tab.locator("#live-list tbody tr")).to_have_count(1)
    tab.locator("#live-list a").first.focus()
    with tab.expect_response(lambda answer: answer.url.endswith("/live") and answer.status == 200):
        Client(f"{url}/r/stay").submit([clean_document()], service="validate")
    expect(tab.locator("#live-list a").first).to_be_focused()
    tab.get_by_label("XML files").focus()
    expect(tab.locator("#live-list tbody tr")).to_have_count(2)


def test_the_page_says_not_live_while_the_server_does_not_answer(tab: Any) -> None:
    tab.goto("/r/gone/")
    state = tab.locator("[data-live]")
    expect(state).to_have_text("live")
    tab.route("**/live", lambda route: route.fulfill(status=204))
    expect(state).to_have_text("not live right now")
    tab.unroute("**/live")
    expect(state).to_have_text("live")


def test_a_chosen_file_is_validated_and_its_finding_is_shown_in_the_xml(tab: Any) -> None:
    tab.goto("/r/drop/")
    document = {"name": "visit.xml", "mimeType": "text/xml", "buffer": document_with_a_violation()}
    tab.get_by_label("XML files").set_input_files(document)
    tab.get_by_role("button", name="Validate").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Submission")
    tab.locator(".jump a").first.click()
    expect(tab.locator(".note").first).to_be_in_viewport()
    expect(tab.locator(".row.marked").first).to_be_in_viewport(ratio=1)
    expect(tab.locator(".row.marked code").first).to_contain_text("encounter")


def test_a_file_that_is_dropped_on_the_page_is_validated(tab: Any) -> None:
    tab.goto("/r/drop/")
    transfer = tab.evaluate_handle(
        "content => { const data = new DataTransfer();"
        " data.items.add(new File([content], 'a.xml', { type: 'text/xml' })); return data; }",
        document_with_a_violation().decode(),
    )
    tab.dispatch_event("[data-drop]", "dragover", {"dataTransfer": transfer})
    tab.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    expect(tab.get_by_role("button", name="Validate")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(".explained").first).to_contain_text("05.104")


def test_the_first_tab_key_offers_to_skip_to_the_content(tab: Any) -> None:
    tab.goto("/patients")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("searchbox")).to_be_focused()


def test_the_chosen_language_and_colours_are_remembered(tab: Any) -> None:
    tab.goto("/patients")
    tab.get_by_role("button", name="Dansk").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Patienter")
    light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.get_by_role("button", name="Mørkt").click()
    expect(tab.locator("body")).not_to_have_css("background-color", light)
    tab.goto("/control")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Styring")


def test_a_patient_is_found_by_search_and_shown_on_a_timeline(tab: Any) -> None:
    tab.goto("/patients")
    tab.get_by_role("searchbox").fill(CPR_NUMBER[:6])
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name=CPR_NUMBER).click()
    expect(tab.get_by_role("group", name="Timeline of the patient")).to_be_visible()
    expect(tab.locator(".node .finding").first).to_contain_text("05.104")


def test_a_new_register_is_made_and_the_default_one_is_chosen_again(tab: Any) -> None:
    tab.goto("/control")
    tab.get_by_label("Name").last.fill("mine")
    tab.get_by_role("button", name="Make and go there").click()
    expect(tab).to_have_url("/r/mine/control?done=register")
    expect(tab.get_by_role("status")).to_have_text("The register is made.")
    tab.get_by_label("Register", exact=True).select_option("default")
    expect(tab).to_have_url("/")


def test_the_page_works_without_scripts(browser: Any, url: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False, locale="en-GB")
    tab = context.new_page()
    tab.goto("/")
    expect(tab.locator("#live-list tbody tr").first).to_be_visible()
    expect(tab.get_by_role("button", name="Go", exact=True)).to_be_visible()
    tab.goto("/control")
    tab.get_by_label("Freeze at").fill("2030-01-02T03:04")
    tab.get_by_role("button", name="Freeze").click()
    expect(tab.locator("time")).to_have_text("2030-01-02 03:04:00")
    tab.get_by_role("button", name="Real time").click()
    expect(tab.locator("time + .badge")).to_have_text("real")
    context.close()


def test_markup_in_a_document_is_shown_as_text_and_never_executed(tab: Any) -> None:
    evil = document_with_a_violation().replace(
        b'displayName="Hjertesygdomme"', b'displayName="&lt;img src=x onerror=alert(1)&gt;"'
    )
    tab.on("dialog", lambda dialog: dialog.dismiss() or (_ for _ in ()).throw(AssertionError("a script ran")))
    tab.goto("/r/evil/")
    tab.get_by_label("XML files").set_input_files({"name": "<b>.xml", "mimeType": "text/xml", "buffer": evil})
    tab.get_by_role("button", name="Submit, business errors allowed").click()
    expect(tab.locator(".source")).to_contain_text("onerror=alert(1)")
    tab.goto(f"/r/evil/patients/{CPR_NUMBER}")
    expect(tab.locator("img[src=x]")).to_have_count(0)
