"""Write docs/api-python.md, the reference of what test suites import, from the docstrings.

python -m mockregister.cli.api_reference > docs/api-python.md
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

from mockregister import builders, client, reading_back, testing

INTRODUCTION = """\
# Python API

What test suites import: [`mockregister.testing`](#mockregistertesting), [`mockregister.client`](#mockregisterclient),
[`mockregister.reading_back`](#mockregisterreading_back) and [`mockregister.builders`](#mockregisterbuilders). [Testing with
pytest](testing-with-pytest.md) and [the cookbook](cookbook/README.md) show their use. All other modules are internal and may
change.

This page is generated: `python -m mockregister.cli.api_reference > docs/api-python.md`.
"""
WIDTH = 110
STARS = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}
GLUE = "\xa0"  # keeps a parameter on one line
PUBLIC: dict[ModuleType, tuple[str, ...]] = {
    testing: (
        *("server", "Lpr3", "assert_stored", "assert_refused", "describe", "Requests", "RegisterClock", "FaultControls"),
        *("RuleControls", "Checkpoint", "Admin", "Refused"),
    ),
    client: ("Client", "Sending", "Answer", "write_request", "read_answer"),
    reading_back: ("ReadingBack",),
    builders: tuple(name for name in builders.__all__ if callable(getattr(builders, name))),
}


def page() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, *(line for module, names in PUBLIC.items() for line in _module(module, names))])


def _module(module: ModuleType, names: tuple[str, ...]) -> Iterator[str]:
    yield from (f"## {module.__name__}", "", _text(module), "")
    for name in names:
        member = getattr(module, name)
        yield from _class(name, member) if inspect.isclass(member) else _function(f"### {name}", name, member)


def _class(name: str, cls: type) -> Iterator[str]:
    yield from (f"### {name}", "")
    if not is_dataclass(cls):
        yield from _code(f"{name}{_signature(cls)}")
    yield from (_text(cls), "")
    if is_dataclass(cls):
        yield from _code("\n".join([f"class {name}:", *(f"    {field.name}: {field.type}" for field in fields(cls))]))
    for method, member in vars(cls).items():
        if not method.startswith("_") and inspect.isfunction(member):
            yield from _function(f"#### {name}.{method}", f"{name}.{method}", member)


def _function(heading: str, name: str, function: Any) -> Iterator[str]:
    yield from (heading, "")
    yield from _code(f"{name}{_signature(function)}")
    yield from (_text(function), "")


def _code(text: str) -> Iterator[str]:
    yield from ("```python", text, "```", "")


def _signature(member: Any) -> str:
    """Return the signature without ``self``, on several lines if it is long."""
    signature = inspect.signature(member)
    kept = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
    returned = "" if inspect.isclass(member) else f" -> {signature.return_annotation}"
    glued = ", ".join(parameter.replace(" ", GLUE) for parameter in _parameters(kept))
    lines = textwrap.wrap(f"({glued}){returned.replace(' ', GLUE)}", WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines).replace(GLUE, " ")


def _parameters(parameters: Sequence[inspect.Parameter]) -> Iterator[str]:
    """Yield the parameters as in source code, with the marks for positional-only and keyword-only ones."""
    before = ""
    for parameter in parameters:
        kind = parameter.kind.name
        if before == "POSITIONAL_ONLY" and kind != before:
            yield "/"
        if kind == "KEYWORD_ONLY" and before not in (kind, "VAR_POSITIONAL"):
            yield "*"
        yield STARS.get(kind, "") + _parameter(parameter)
        before = kind


def _parameter(parameter: inspect.Parameter) -> str:
    written = f"{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return written
    default = parameter.default
    return f"{written} = " + (f'"{default}"' if isinstance(default, str) else str(default))


def _text(member: Any) -> str:
    """Return the docstring as Markdown: code in single backticks, examples in a block."""
    paragraphs = (inspect.getdoc(member) or "").replace("``", "`").split("\n\n")
    return "\n\n".join(
        f"```python\n{textwrap.dedent(paragraph)}\n```" if paragraph.startswith("    ") else paragraph.replace("::", ":")
        for paragraph in paragraphs
    )


if __name__ == "__main__":
    sys.stdout.write(page())
