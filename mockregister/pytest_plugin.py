"""The pytest plugin: the fixture ``lpr3`` is a register for a single test, deleted when the test is over.

A failed test shows what was sent to its registers, and what was answered.

By default a server runs in the test process, one per pytest-xdist worker. ``MOCKREGISTER_URL`` names a running server to use
instead (with ``MOCKREGISTER_ADMIN_TOKEN``, if it needs a token), and ``-o lpr3_one_server=true`` makes all workers share one
server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # pytest loads this module in every project, so the rest is imported on first use
    from mockregister.testing import Lpr3

URL = "MOCKREGISTER_URL"
TOKEN = "MOCKREGISTER_ADMIN_TOKEN"
SHARED = "lpr3_one_server"

_shared = pytest.StashKey[str]()
_open = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option ``lpr3_one_server``."""
    parser.addini(SHARED, "all pytest-xdist workers use one mockregister server", "bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Keep an exit stack that closes with the session."""
    config.stash[_open] = ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared server."""
    config.stash[_open].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a pytest-xdist worker where the shared server is."""
    config: pytest.Config = node.config
    if config.getini(SHARED) and URL not in os.environ:
        if _shared not in config.stash:
            from mockregister.testing import server

            config.stash[_shared] = config.stash[_open].enter_context(server())
        node.workerinput[URL] = config.stash[_shared]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show below a failed test what was sent to its registers, and what was answered."""
    report = yield
    if report.when == "call" and report.failed and "mockregister.testing" in sys.modules:
        report.sections += [("mockregister", text) for text in _exchanged(getattr(item, "funcargs", {}))]
    return report


def _exchanged(fixtures: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was sent and answered, for each register among the fixtures of a test."""
    from mockregister.errors import MockRegisterError
    from mockregister.failure_report import last_exchanges
    from mockregister.testing import Lpr3

    for register in {id(fixture): fixture for fixture in fixtures.values() if isinstance(fixture, Lpr3)}.values():
        try:
            yield last_exchanges(register)
        except MockRegisterError as error:
            yield f"{register.url}: {error}"


@pytest.fixture(scope="session")
def lpr3_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of the server with the registers of this session."""
    given = os.environ.get(URL) or getattr(pytestconfig, "workerinput", {}).get(URL)
    if given:
        yield given
        return
    from mockregister.testing import server

    with server() as url:
        yield url


@pytest.fixture
def lpr3(lpr3_server: str) -> Iterator[Lpr3]:
    """A register for this test only."""
    from mockregister.testing import Lpr3

    register = Lpr3(lpr3_server, admin_token=os.environ.get(TOKEN, ""))
    register.make()
    yield register
    register.delete()
