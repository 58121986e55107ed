"""docs/cookbook/: a page for each operation, with its code and its documents.

python -m mockregister.builders.cookbook docs/cookbook
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from mockregister.builders.elements import as_xml
from mockregister.builders.operations import OPERATIONS, Submissions
from mockregister.builders.reports import REPORTS, a_report
from mockregister.builders.terms import sks
from mockregister.document.commented import commented
from mockregister.model import ClinicalDocument

INDEX = "README.md"
RESULT_REPORTS = "result-reports.md"
INTRODUCTION = """\
# Cookbook

One page for each thing that a sender does with the register: why, the code that makes the documents, and the documents, with
comments on their parts. A test runs every page: it sends each document over HTTP to a new register, which stores it and finds
nothing wrong.

The code is Python, from `mockregister.builders`; `lpr3` is the fixture of the [pytest plugin](../testing-with-pytest.md). Without
Python, `mockregister new` writes such documents: `mockregister new visit --out visit.xml`, then
`mockregister new correction --after visit.xml`.

These pages are generated: `python -m mockregister.builders.cookbook docs/cookbook`.

"""
REPORTS_INTRODUCTION = """\
# Result reports

A result report (resultatindberetning) is caused by a condition, a procedure or an encounter of the same set, or by an episode of
care or one of its markers. `a_report` makes a complete report and the visit that causes it; `after=` adds both to a set, and
`results=` takes other values. [The business rules](../rules.md) list what each report needs.

"""


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    made = {_file(operation): _page(operation) for operation in OPERATIONS}
    titles = [(title_of(operation), _file(operation)) for operation in OPERATIONS] + [("Result reports", RESULT_REPORTS)]
    index = INTRODUCTION + "".join(f"- [{title}]({file})\n" for title, file in titles)
    return {INDEX: index, **made, RESULT_REPORTS: _result_reports()}


def title_of(operation: Callable[[], Submissions]) -> str:
    """Return the first sentence about an operation."""
    return inspect.getdoc(operation).partition("\n")[0].rstrip(".")  # type: ignore[union-attr]


def text_of(operation: Callable[[], Submissions]) -> str:
    """Return the description of an operation without its first sentence."""
    return inspect.getdoc(operation).partition("\n\n")[2]  # type: ignore[union-attr]


def code_of(operation: Callable[[], Submissions]) -> str:
    """Return the code of an operation as in a test: each document that it yields is submitted."""
    body = inspect.getsource(operation).split('"""')[2]
    return re.sub(r"^yield (.*)$", r"lpr3.submit(\1)", textwrap.dedent(body).strip(), flags=re.MULTILINE)


def _file(operation: Callable[[], Submissions]) -> str:
    return f"{operation.__name__.replace('_', '-')}.md"


def _page(operation: Callable[[], Submissions]) -> str:
    parts = [f"# {title_of(operation)}", text_of(operation), f"```python\n{code_of(operation)}\n```"]
    *_, last = operation()
    parts += [_folded(_summary(document), document) for document in (last if isinstance(last, tuple) else (last,))]
    return "\n\n".join(parts) + "\n"


def _summary(document: ClinicalDocument) -> str:
    if document.parent is None:
        return "The document: version 1 of its set"
    return f"The document: version {document.version} of its set, {document.parent.relation.value} to the one before it"


def _folded(summary: str, document: ClinicalDocument) -> str:
    xml = commented(as_xml(document, pretty=False)).decode().strip()
    return f"<details><summary>{summary}</summary>\n\n```xml\n{xml}\n```\n\n</details>"


def _result_reports() -> str:
    parts = [REPORTS_INTRODUCTION.strip()]
    for name, example in REPORTS.items():
        cause = example.cause.value.replace("-", " ")
        parts += [
            f"## {name}: {sks(name).display}",
            f"Caused by a {cause}." if cause != "encounter" else "Caused by an encounter.",
            f'```python\nlpr3.submit(a_report("{name}"))\n```',
            _folded("The document", a_report(name)),
        ]
    return "\n\n".join(parts) + "\n"


def write(folder: Path) -> None:
    """Write the pages into a folder, and remove pages that no longer exist."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for stale in {file.name for file in folder.glob("*.md")} - made.keys():
        (folder / stale).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
