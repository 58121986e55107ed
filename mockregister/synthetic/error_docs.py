"""docs/errors.md: every integrity code, when the register answers with it, its parameters, and a document that provokes it.

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

The codes of level 3 (`INTEGRITY_CHECK`): when the register answers with each of them, its parameters in order, the text of the
answer, and the smallest document that provokes it, with what has to be sent or set before. In an answer, `codeContext` has the
text, the code and the parameters, with `|||` between them. UUIDs are in lower case there; `location` has them in the sender's
letter case.

This page is generated: `python -m mockregister.synthetic.error_docs > docs/errors.md`. The documents are those of
`mockregister.synthetic.breaking.document_for(code)`. With the request header `X-Mock-Outcome: <code>` you get any of these
codes as the answer, whatever the document.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join((INTRODUCTION, *(line for code in sorted(PROVOCATIONS) for line in _code(code, PROVOCATIONS[code]))))


def _code(code: str, provocation: Provocation) -> Iterator[str]:
    yield from (f"## {code}", "", provocation.when, "")
    yield f"- Parameters: {', '.join(provocation.params) or 'none'}"
    yield f"- Text: {TEXTS[code].format(*(f'<{name}>' for name in provocation.params))}"
    if provocation.unreachable:
        yield from (f"- No document can provoke it: {provocation.unreachable}. Use `X-Mock-Outcome: {code}` to get it.", "")
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
    """Yield what must be done before the document below provokes the code."""
    *before, last = provocation.submissions
    for documents in before:
        yield f"- Sent before: {'; '.join(map(_summary, documents))}."
    if provocation.producers != "any":
        yield f"- Setting: producers = {provocation.producers}."
    if provocation.by_hand:
        yield f"- Then episode of care `{provocation.by_hand}` is edited by hand (`PUT /__admin/edited-by-hand/…`)."
    if len(last) > 1:
        yield f"- In one submission with: {'; '.join(map(_summary, last[:-1]))}."
    if provocation.author != Provocation.author:
        yield f"- authorInstitution: `{provocation.author}`."


def _summary(document: ClinicalDocument) -> str:
    """Return a document in a line: its version, what it follows, and the ids of the entries that it states and nullifies."""
    follows = f" ({document.parent.relation.value} to version {document.parent.version})" if document.parent else ""
    stated = [f"{type(entry).__name__} `{entry.id.extension}`" for entry in document.entries()]
    gone = [f"nullifies `{nullification.target.id.extension}`" for nullification in document.nullified]
    return f"version {document.version} of set `{document.set_id}`{follows}, {', '.join(stated + gone) or 'without entries'}"


if __name__ == "__main__":
    sys.stdout.write(page())
