"""``mockregister error-list`` writes the list of a running register to a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.cli import main
from mockregister.testing import Lpr3, server
from tests.builders import a_document, an_episode, as_xml, at

CLOCK = at("2019-06-01 12:00")


def run(*arguments: str, expected: int = 0) -> str:
    result = CliRunner().invoke(main, ["error-list", *arguments])
    assert result.exit_code == expected, result.output
    return result.output


def test_the_list_of_a_running_register_replaces_an_earlier_list(tmp_path: Path) -> None:
    with server(clock=CLOCK) as url:
        lpr3 = Lpr3(url)
        lpr3.submit(as_xml(a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))])))
        assert "1 zip files" in run("write", str(tmp_path), "--url", url, "--register", lpr3.name)
        (folder,) = tmp_path.iterdir()
        lpr3.clock.freeze(at("2019-06-02 12:00"))
        run("write", str(tmp_path), "--url", url, "--register", lpr3.name)
    assert sorted(path.name for path in folder.iterdir()) == [
        "lpr3_acl_20190602-1200_1.zip",
        "lpr3_acl_uploadafsluttet_20190602-1200.succes",
    ]


@pytest.mark.parametrize("path", ["/livez?", "/nothing-here"])
def test_an_address_without_a_list_leaves_the_earlier_list_in_place(tmp_path: Path, path: str) -> None:
    earlier = tmp_path / "29190941" / "lpr3_acl_20190601-1200_1.zip"
    earlier.parent.mkdir()
    earlier.touch()
    with server() as url:
        assert "is that a mockregister?" in run("write", str(tmp_path), "--url", f"{url}{path}", expected=2)
    assert earlier.exists()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with server(clock=CLOCK) as url:
        lpr3 = Lpr3(url)
        lpr3.submit(as_xml(a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))])))
        told = run("write", str(tmp_path / "file" / "below"), "--url", url, "--register", lpr3.name, expected=2)
        assert "cannot be written to" in told
