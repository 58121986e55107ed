"""The tests use the system's PostgreSQL, or else that of a wheel. If there is none, the tests are skipped with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from mockregister.app import create_app
from mockregister.settings import Settings
from tests import postgresql
from tests.builders import a_document, an_episode, as_xml


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Simulate a system without an installed server."""
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path / "none")
    monkeypatch.setattr(postgresql.shutil, "which", lambda _: None)
    postgresql.of_a_wheel.cache_clear()
    yield
    postgresql.of_a_wheel.cache_clear()


def wheel(folder: Path, name: str) -> ModuleSpec:
    """Make a wheel with programs, as it is installed among the packages of an environment."""
    (folder / name / "pginstall" / "bin").mkdir(parents=True)
    return ModuleSpec(name, None, origin=str(folder / name / "__init__.py"))


def test_the_newest_server_of_the_system_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("9", "15", "8"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    assert postgresql.binaries() == tmp_path / "15" / "bin"


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("name", postgresql.WHEELS)
@pytest.mark.parametrize("user", [0, 1000])
def test_the_server_of_a_wheel_is_used_if_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, user: int
) -> None:
    spec = wheel(tmp_path, name)
    monkeypatch.setattr(postgresql, "find_spec", lambda asked: spec if asked == name else None)
    monkeypatch.setattr(postgresql.os, "geteuid", lambda: user)
    found = postgresql.binaries()
    assert found is not None
    assert found.parts[-3:] == (name, "pginstall", "bin")
    assert found.is_dir()
    assert found.is_relative_to(tmp_path) == (user != 0), "root's server does not run as root, so others must be able to read it"


@pytest.mark.usefixtures("nothing_installed")
def test_without_a_server_tests_are_skipped_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "find_spec", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match="no PostgreSQL server is here"):
        postgresql.server.__wrapped__()


@pytest.mark.slow
def test_a_register_can_be_stored_in_the_server_of_a_wheel() -> None:
    programs = postgresql.of_a_wheel()
    if programs is None:
        pytest.skip("no wheel with a PostgreSQL server is installed")
    server = postgresql.started(programs)
    app = create_app(Settings(store=server.url("register")))
    with closing(app.extensions["mockregister"]):
        content = as_xml(a_document(episodes=[an_episode()]))
        sent = app.test_client().post("/api/v1/submissions", data=content, content_type="application/xml")
        assert sent.status_code == 201
        assert app.test_client().get("/api/v1/episodes-of-care").json["total"] == 1
    server.stop()
