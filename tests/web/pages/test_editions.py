"""A page shows what would change under another edition."""

from __future__ import annotations

from tests.builders import a_document
from tests.web.admin.test_editions import NEW, a_list
from tests.web.pages.conftest import Reader


def test_stored_documents_that_another_edition_answers_differently_are_listed(filled: Reader) -> None:
    filled.ask("PUT", "/__admin/editions/march", data=a_list(NEW))
    assert "What would change" in filled.text("/control")
    told = filled.text("/control/editions?edition=march")
    assert "would be answered differently: 1" in told
    assert "1 of 1 documents were judged" in told
    assert "05.91 Kontakter er forbudt" in told
    assert "Removed rules 399" in told
    assert a_document().id.extension.lower() in told


def test_the_page_says_so_if_an_edition_finds_the_same(filled: Reader) -> None:
    assert "All would be answered the same." in filled.text("/control/editions?edition=2019-02-01")


def test_no_document_is_judged_before_an_edition_is_chosen(filled: Reader) -> None:
    page = filled.page("/control/editions")
    assert page.xpath("//select[@name='edition']/option/text()") == ["2019-02-01", "2018-09-12", "2018-06-13"]
    assert not page.xpath("//table")


def test_an_unknown_edition_is_reported(filled: Reader) -> None:
    assert filled.ask("GET", "/control/editions?edition=nothing").status_code == 404
