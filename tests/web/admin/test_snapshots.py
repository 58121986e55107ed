"""The content of a register is saved to a file and loaded from it, from any store to any other."""

from __future__ import annotations

import gzip
import json
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from mockregister.cli import main
from mockregister.settings import Settings
from tests.applications import application
from tests.builders import a_document, an_encounter, an_episode, as_xml, the_next_document
from tests.register.every_store import STORES
from tests.serving import running
from tests.snapshots import everything
from tests.web.admin.conftest import NOON

ADDRESS = "/__admin/checkpoints/mine"
FIRST = as_xml(a_document(episodes=[an_episode()], encounters=[an_encounter()]))


def opened(stack: ExitStack, store: str, **settings: object) -> FlaskClient:
    """Return a client of a server without a socket."""
    # In the autumn, a moment of the hour that comes twice is equal to no moment with another time zone.
    frozen = Settings(store=store, clock=NOON, **settings)  # type: ignore[arg-type]
    return stack.enter_context(application(frozen)).test_client()


def saved(http: FlaskClient) -> bytes:
    """Fill a register, and return its snapshot file."""
    assert http.post("/api/v1/submissions", data=FIRST, content_type="application/xml").status_code == 201
    http.put("/__admin/clock", json={"mode": "frozen", "at": "2019-06-01T12:00:00+02:00"})
    assert http.put(ADDRESS).status_code == 201
    http.post("/api/v1/submissions", data=as_xml(the_next_document()), content_type="application/xml")
    return http.get(f"{ADDRESS}/content").data


@pytest.mark.parametrize("source", STORES)
@pytest.mark.parametrize("target", STORES)
def test_a_snapshot_of_any_store_can_be_loaded_into_any_other(tmp_path: Path, source: str, target: str) -> None:
    with ExitStack() as stack:
        first = opened(stack, STORES[source].setting_for(tmp_path / "one"))
        second = opened(stack, STORES[target].setting_for(tmp_path / "other"))
        content = saved(first)
        answer = second.put(f"{ADDRESS}/content", data=content)
        assert (answer.status_code, answer.json["differences"]) == (201, [])
        assert second.get("/__admin/registers/default").json["stored"]["documents"] == 0
        assert second.post(f"{ADDRESS}/restore").json["stored"] == {"sets": 1, "documents": 1, "entries": 2}
        assert second.get("/__admin/clock").json["at"] == "2019-06-01T12:00:00+02:00"
        first.post(f"{ADDRESS}/restore")
        stores = [client.application.extensions["mockregister"].get().register.store for client in (first, second)]
        assert everything(stores[0]) == everything(stores[1])


def with_its_rows_twice(unpacked: bytes) -> bytes:
    """The same file with each row twice, and a right end."""
    heading, *rows, _, _ = unpacked.split(b"\n")
    written = b"".join(row + b"\n" for row in rows * 2)
    ending = {"rows": 2 * len(rows), "sha256": sha256(written).hexdigest()}
    return gzip.compress(heading + b"\n" + written + json.dumps(ending).encode() + b"\n")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: b"", "cut off"),
        (lambda file: file[:-20], "cut off"),
        (lambda file: file + b"x", "something follows"),
        (lambda file: b"<xml/>", "not compressed with gzip"),
        (lambda file: gzip.compress(b"{}\n"), "not that of a snapshot"),
        (lambda file: gzip.compress(gzip.decompress(file).replace(b"live", b"dead")), "checksum is wrong"),
        (lambda file: gzip.compress(b"\n".join(gzip.decompress(file).split(b"\n")[:-3]) + b"\n"), "its end is missing"),
        (lambda file: gzip.compress(gzip.decompress(file).replace(b'snapshot":1', b'snapshot":9')), "format 9"),
        (lambda file: gzip.compress(b" " * 2_000_000), "unpacks to more than"),
        (lambda file: gzip.compress(gzip.decompress(file).partition(b"\n")[0] + b"\n" * 100_000), "'' is not a row"),
        (lambda file: with_its_rows_twice(gzip.decompress(file)), "twice"),
    ],
)
def test_an_incomplete_snapshot_is_refused_and_leaves_nothing(tmp_path: Path, damage: object, said: str) -> None:
    with ExitStack() as stack:
        http = opened(stack, "memory", max_body=65536)
        content = saved(opened(stack, "memory"))
        answer = http.put(f"{ADDRESS}/content", data=damage(content))  # type: ignore[operator]
        assert (answer.status_code, said in answer.json["detail"]) == (422, True), answer.text
        assert http.get("/__admin/checkpoints").json == {"checkpoints": []}


def test_a_snapshot_of_another_edition_is_reported() -> None:
    with ExitStack() as stack:
        content = saved(opened(stack, "memory"))
        lines = gzip.decompress(content).split(b"\n")
        first = json.loads(lines[0]) | {"edition": "1999-01-01", "version": "0.0.1"}
        answer = opened(stack, "memory").put(
            f"{ADDRESS}/content", data=gzip.compress(b"\n".join([json.dumps(first).encode(), *lines[1:]]))
        )
    assert [difference.partition(" was ")[0] for difference in answer.json["differences"]] == ["The edition", "The version"]


def test_the_command_saves_and_loads_a_snapshot(tmp_path: Path) -> None:
    file = str(tmp_path / "state.gz")
    with running("--seed", "demo") as first, running() as second:
        assert CliRunner().invoke(main, ["snapshot", "save", file, "--url", first.url]).exit_code == 0
        loaded = CliRunner().invoke(main, ["snapshot", "load", file, "--url", second.url])
        assert (loaded.exit_code, first.stored) == (0, second.stored)
        Path(file).write_bytes(b"nonsense")
        refused = CliRunner().invoke(main, ["snapshot", "load", file, "--url", second.url])
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert first.stored == second.stored
