"""Show findings on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from typing import Any

import click

from mockregister.document.header import summarize
from mockregister.document.lines import with_lines
from mockregister.finding import Finding

COLOURS = {"Error": "red", "Warning": "yellow", "Success": "green", "Failure": "red"}


def coloured(word: str) -> str:
    """Return ``word`` in the colour of its meaning; colours are dropped if the output is not a terminal."""
    return click.style(word, fg=COLOURS.get(word), bold=True)


def fitting(line: str) -> str:
    """Return ``line``, cut at the width of the terminal."""
    width = max(get_terminal_size((130, 24)).columns, 60)
    return line if len(line) <= width else f"{line[: width - 2]} …"


def outline(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield a JSON answer as indented lines: empty values are left out, codes and ids take one line."""
    entries = value.items() if isinstance(value, dict) else [("-", item) for item in value]
    for name, content in entries:
        brief = _brief(content)
        if isinstance(brief, str):
            yield f"{'  ' * depth}{name.replace('_', ' ')} {brief}"
        elif brief:
            yield f"{'  ' * depth}{name.replace('_', ' ')}"
            yield from outline(brief, depth + 1)


def _brief(content: Any) -> Any:
    """Return a short text for a value that needs only a word or two, else None."""
    if content in (None, "", [], {}, False):
        return None
    if not isinstance(content, dict):
        return content if isinstance(content, list) else str(content)
    if content.keys() >= {"code", "display", "system"}:
        return " ".join(filter(None, (content["code"], content["display"])))
    return content["extension"] if content.keys() == {"root", "extension"} else content


def show(findings: Iterable[Finding], contents: Iterable[bytes]) -> None:
    """Print the findings in these documents, a few lines each: severity, level and code, the sentence, the place."""
    for finding in placed(findings, contents):
        click.echo("\n".join(lines(finding)))


def placed(findings: Iterable[Finding], contents: Iterable[bytes]) -> Iterator[Finding]:
    """Yield the findings with their lines in these documents, since an answer names elements but no lines."""
    return with_lines(findings, {summarize(content).id.lower(): content for content in contents})


def lines(finding: Finding) -> Iterator[str]:
    """Yield the lines of one finding."""
    code = " ".join(word for word in (finding.code, *finding.params) if word)
    yield f"  {coloured(finding.severity.value)} {finding.level.value} {code}".rstrip()
    yield f"    {finding.text}"
    if finding.where:
        yield f"    at {finding.where}" + (f" (line {finding.line})" if finding.line else "")
