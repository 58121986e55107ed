"""``mockregister healthcheck``: 0 or 1, for containers."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from mockregister.cli import main
from mockregister.testing import server


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as found:
        yield found


def healthcheck(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["healthcheck", *words], env=environment)


@pytest.mark.parametrize("form", ["{url}", "{url}/", "{bare}"])
def test_a_register_that_is_up_is_exit_code_0(url: str, form: str) -> None:
    outcome = healthcheck("--url", form.format(url=url, bare=url.removeprefix("http://")))
    assert outcome.exit_code == 0
    assert outcome.output.endswith("is ready\n")


def test_the_environment_says_which_register(url: str) -> None:
    assert healthcheck(MOCKREGISTER_PORT=url.rpartition(":")[2]).exit_code == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "http://127.0.0.1:none", "http://no host", "ftp://127.0.0.1:{port}"])
def test_what_is_not_up_is_exit_code_1_and_one_line(url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    outcome = healthcheck("--url", url.format(port=port))
    assert outcome.exit_code == 1
    assert outcome.stderr.count("\n") == 1


def test_what_listens_and_says_nothing_is_not_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = healthcheck("--url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.05")
    assert outcome.exit_code == 1


def test_it_costs_next_to_nothing() -> None:
    """A container runs it every ten seconds: it takes neither Flask nor lxml."""
    script = "import sys; sys.argv[1:] = ['healthcheck', '--url', 'http://127.0.0.1:1']\nfrom mockregister.cli import main\n"
    script += "try: main()\nfinally: print([one for one in ('flask', 'lxml', 'tinydb') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "[]\n")
