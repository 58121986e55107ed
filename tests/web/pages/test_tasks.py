"""Ten questions of users are answered at most three clicks from the overview."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.pages.conftest import Reader, clean_document, document_with_a_violation, reader_of

TASKS = {
    "which rule refuses most in Region Nord?": (["Nordjylland"], "SET_ALREADY_EXISTS"),
    "what did this vendor send last?": (["Journal", "Region Nordjylland", "20"], "On the wire"),
    "what does the answer to the last submission say?": (["Journal", "20"], "On the wire"),
    "why was it refused?": (["Journal", "20"], "What is required"),
    "what stands against the authority with most errors?": (["Error list", "Region Nordjylland"], "Kontakten er planlagt"),
    "which patient does the oldest error concern?": (["Error list", "2512489996"], "Timeline"),
    "what does rule 05.104 say?": (["05.104", "05.104"], "Found in"),
    "what is patient 2512489996 treated for?": (["Patients", "2512489996"], "Main conditions"),
    "how did a document set change?": (["Patients", "2512489996", "4a14b4ce"], "What changed"),
    "which rules name a code list?": (["Codes", "Code lists", "admin.behandsigte"], "Rules"),
}


@pytest.fixture(scope="module")
def busy() -> Iterator[Reader]:
    """Return a reader of a register with stored and refused documents."""
    for reader in reader_of():
        reader.drop(document_with_a_violation())
        reader.drop(clean_document(), service="validate")
        reader.drop(document_with_a_violation(), service="save-if-no-errors")
        yield reader


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_at_most_three_clicks(busy: Reader, task: str) -> None:
    clicks, found = TASKS[task]
    assert len(clicks) <= 3
    page = busy.page("/")
    for said in clicks:
        page = busy.page(next(link.get("href") for link in page.xpath("//a") if link.text_content().strip().startswith(said)))
    assert found in page.text_content()
