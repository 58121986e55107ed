"""docs/errors.md: every integrity code, when it comes, its parameters, and a document that provokes it.

python -m mockregister.synthetic.error_docs > docs/errors.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mockregister.document import writer
from mockregister.model import ClinicalDocument
from mockregister.synthetic.breaking import PROVOCATIONS, Provocation
from mockregister.validation.level3_integrity import TEXTS

INTRODUCTION = """\
# Integrity codes

What level 3 (`INTEGRITY_CHECK`) finds: each code, when it comes, its parameters in order, the sentence that the answer gives,
and the least that provokes it. A code stands in `codeContext` after the text, its parameters after the code, all between
`|||`. UUIDs are in lower case there, and in the sender's letter case in `location`.

This page is generated: `python -m mockregister.synthetic.error_docs > docs/errors.md`. The documents are those of
`mockregister.synthetic.breaking.document_for(code)`. Any code can be had without a document, too, by the request header
`X-Mock-Outcome: <code>`.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join((INTRODUCTION, *(line for code in sorted(PROVOCATIONS) for line in _code(code, PROVOCATIONS[code]))))


def _code(code: str, provocation: Provocation) -> Iterator[str]:
    yield from (f"## {code}", "", provocation.when, "")
    yield f"- Parameters: {', '.join(provocation.params) or 'none'}"
    yield f"- Text: {TEXTS[code].format(*(f'<{name}>' for name in provocation.params))}"
    if provocation.unreachable:
        yield from (f"- No document can provoke it: {provocation.unreachable}. `X-Mock-Outcome: {code}` does.", "")
        return
    yield from _conditions(provocation)
    yield from (
        "",
        "<details><summary>The document that provokes it</summary>",
        "",
        "```xml",
        provocation.alter(writer.write(provocation.submissions[-1][-1])).decode("utf-8").strip(),
        "```",
    )
    yield from ("</details>", "")


def _conditions(provocation: Provocation) -> Iterator[str]:
    """Yield what must be so before the document below provokes the code."""
    *before, last = provocation.submissions
    for documents in before:
        yield f"- First: {'; '.join(map(_summary, documents))}."
    if provocation.producers != "any":
        yield f"- Setting: producers = {provocation.producers}."
    if provocation.by_hand:
        yield f"- Then episode of care `{provocation.by_hand}` is edited by hand (`PUT /__admin/edited-by-hand/…`)."
    if len(last) > 1:
        yield f"- In one submission with: {'; '.join(map(_summary, last[:-1]))}."
    if provocation.author != Provocation.author:
        yield f"- authorInstitution: `{provocation.author}`."


def _summary(document: ClinicalDocument) -> str:
    """Return a document in a line: its version, what it follows, and the ids of what it states and takes back."""
    follows = f" ({document.parent.relation.value} to version {document.parent.version})" if document.parent else ""
    stated = [f"{type(entry).__name__} `{entry.id.extension}`" for entry in document.entries()]
    gone = [f"takes back `{nullification.target.id.extension}`" for nullification in document.nullified]
    return f"version {document.version} of set `{document.set_id}`{follows}, {', '.join(stated + gone) or 'without entries'}"


if __name__ == "__main__":
    sys.stdout.write(page())
