"""Fixtures and settings of all tests."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is not a slow test; and CI tries the same examples each time, so that what fails there fails here.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Keep compiled modules in pytest's cache if none may be kept beside the sources.

    The workers, and all the servers and commands that tests start, would otherwise compile the same modules again.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", "") and config.cache is not None:
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker tests that stand beside each other, so that what the tests of a module share is made once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--write-golden`` accepts every answer that tests/web/test_golden_answers.py gets as the one to be kept."""
    parser.addoption("--write-golden", action="store_true", help="write the golden answers anew")
