"""Fixtures and settings of all tests."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

# No deadline, as a busy machine would make tests fail. CI tries the same examples each time, so its failures can be repeated.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Keep compiled modules in pytest's cache if Python may not write them beside the sources.

    Otherwise, workers, servers and commands that tests start would all compile the same modules again.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", "") and config.cache is not None:
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker neighbouring tests, so that fixtures that a module shares are made once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--write-golden``, which saves the answers that tests/web/test_golden_answers.py gets as the expected ones."""
    parser.addoption("--write-golden", action="store_true", help="write the golden answers anew")
