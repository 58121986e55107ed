"""A ``Server`` sends HTTP requests to an address, with a register and a token."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from mockregister.server import NoAnswer, Server
from mockregister.testing import server


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server(admin_token="secret") as found:
        yield found


def test_the_token_gives_access_to_protected_paths(url: str) -> None:
    assert json.loads(Server(url, token="secret").get("/__admin/registers", "application/json"))
    with pytest.raises(NoAnswer, match="give its admin token"):
        Server(url).get("/__admin/registers", "application/json")


def test_the_register_is_put_before_every_path(url: str) -> None:
    assert Server(url, "mine").path == "/r/mine"
    assert Server(f"{url}/below/", "a b").path == "/below/r/a%20b"
    assert (
        Server(url, "mine", "secret").exchange("POST", "/__admin/reset", {"Content-Type": "application/json"}, b"{}").status < 300
    )
    assert b'"mine"' in Server(url, token="secret").get("/__admin/registers", "application/json")


def test_a_path_that_does_not_exist_is_reported_as_no_answer(url: str) -> None:
    with pytest.raises(NoAnswer, match=r"answered 404; is that a mockregister\?"):
        Server(url, token="secret").get("/nowhere", "text/html")
