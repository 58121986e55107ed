"""docs/api-python.md is generated from docstrings and describes everything that a test suite imports."""

from __future__ import annotations

import inspect
from pathlib import Path

from mockregister.cli import api_reference

PAGE = Path(__file__).parents[2] / "docs" / "api-python.md"


def test_the_page_is_up_to_date_with_the_docstrings() -> None:
    assert PAGE.read_text("utf-8") == api_reference.page(), "run: python -m mockregister.cli.api_reference > docs/api-python.md"


def test_every_public_name_has_a_docstring_and_a_section() -> None:
    for module, names in api_reference.PUBLIC.items():
        own = {
            name
            for name, thing in vars(module).items()
            if not name.startswith("_")
            and (inspect.isclass(thing) or inspect.isfunction(thing))
            and thing.__module__ == module.__name__
        }
        assert own - set(names) <= {"read_finding"}, module.__name__
        assert all(inspect.getdoc(getattr(module, name)) for name in names)
