"""How the command line shows findings to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from mockregister.finding import Finding

COLOURS = {"Error": "red", "Warning": "yellow", "Success": "green", "Failure": "red"}


def coloured(word: str) -> str:
    """``word`` in the colour of what it means; colours are dropped where the output is no terminal."""
    return click.style(word, fg=COLOURS.get(word), bold=True)


def show(findings: Iterable[Finding]) -> None:
    """Print findings, a few lines each: severity, level and code, the sentence, the place."""
    for finding in findings:
        click.echo("\n".join(lines(finding)))


def lines(finding: Finding) -> Iterator[str]:
    """One finding as lines."""
    code = " ".join(word for word in (finding.code, *finding.params) if word)
    yield f"  {coloured(finding.severity.value)} {finding.level.value} {code}".rstrip()
    yield f"    {finding.text}"
    if finding.where:
        yield f"    at {finding.where}" + (f" (line {finding.line})" if finding.line else "")
