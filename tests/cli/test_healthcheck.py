"""``mockregister healthcheck`` exits with 0 or 1, as containers expect."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from mockregister.cli import main
from mockregister.testing import server
from tests.serving import nobody_listens


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as found:
        yield found


def healthcheck(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["healthcheck", *words], env=environment)


@pytest.mark.parametrize("form", ["{url}", "{url}/", "{bare}"])
def test_the_exit_code_is_0_if_the_register_is_up(url: str, form: str) -> None:
    outcome = healthcheck("--url", form.format(url=url, bare=url.removeprefix("http://")))
    assert outcome.exit_code == 0
    assert outcome.output.endswith("is ready\n")


def test_the_environment_names_the_register_to_check(url: str) -> None:
    assert healthcheck(MOCKREGISTER_PORT=url.rpartition(":")[2]).exit_code == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "http://127.0.0.1:none", "http://no host", "ftp://127.0.0.1:{port}"])
def test_the_exit_code_is_1_with_a_one_line_message_if_the_register_is_not_up(url: str) -> None:
    with nobody_listens() as port:
        outcome = healthcheck("--url", url.format(port=port))
    assert outcome.exit_code == 1
    assert outcome.stderr.count("\n") == 1


def test_a_server_that_accepts_connections_but_never_answers_is_not_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = healthcheck("--url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.05")
    assert outcome.exit_code == 1


def test_the_check_imports_no_large_library() -> None:
    """A container runs the check every ten seconds, so it imports neither Flask nor lxml."""
    script = "import sys; sys.argv[1:] = ['healthcheck', '--url', 'http://127.0.0.1:1']\nfrom mockregister.cli import main\n"
    script += "try: main()\nfinally: print([name for name in ('flask', 'lxml', 'tinydb') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "[]\n")
