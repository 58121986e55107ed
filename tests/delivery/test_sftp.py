"""The error list is fetched over sFTP: with OpenSSH's client from a server process, and with asyncssh in this process."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from mockregister.delivery.outbox import Outbox
from mockregister.delivery.sftp import Access, serving
from mockregister.errors import SettingError
from mockregister.register.memory_store import MemoryStore
from mockregister.testing import Lpr3, server
from tests.builders import CUSTODIAN, a_document, an_episode, as_xml, at
from tests.snapshots import snapshot

BROKEN = as_xml(a_document(episodes=[an_episode(end=at("2019-05-03 10:00"))]))
OTHER = "12345678"
NOON = "2019-06-01T12:00:00+02:00"
OPENSSH = shutil.which("sftp")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of private keys. Its folder ``public`` has the public keys of two authorities."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "public").mkdir()
    for user in (CUSTODIAN, OTHER, "stranger"):
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(str(folder / user))
        (folder / user).chmod(0o600)
        if user != "stranger":
            key.write_public_key(str(folder / "public" / f"{user}.pub"))
    return folder


Ask = Callable[..., Any]


def in_a_loop(asked: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in another thread, because the browser tests leave a running event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


@pytest.fixture
def outbox(tmp_path: Path, keys: Path) -> Outbox:
    (tmp_path / CUSTODIAN).mkdir()
    return Outbox(tmp_path)


@pytest.fixture
def port(outbox: Outbox, keys: Path) -> Iterator[int]:
    with serving(outbox, Access.load(keys / "public", None, "CerberusFTPServer_8.0"), "127.0.0.1", 0) as port:
        yield port


def connected(port: int, keys: Path, user: str = CUSTODIAN, key: str = "") -> Any:
    return asyncssh.connect(
        "127.0.0.1", port, username=user, client_keys=[str(keys / (key or user))], known_hosts=None, config=None
    )


def ask(port: int, keys: Path, question: Callable[[asyncssh.SFTPClient], Any], **who: str) -> Any:
    async def asked() -> Any:
        async with connected(port, keys, **who) as connection, connection.start_sftp_client() as sftp:
            return await question(sftp)

    return in_a_loop(asked())


def test_a_user_sees_only_the_files_of_its_own_folder(outbox: Outbox, port: int, keys: Path) -> None:
    (outbox.directory / CUSTODIAN / "a.zip").write_bytes(b"content" * 100_000)
    (outbox.directory / OTHER).mkdir()
    (outbox.directory / OTHER / "b.zip").write_bytes(b"other")

    async def question(sftp: asyncssh.SFTPClient) -> tuple[Any, ...]:
        async with sftp.open("/a.zip", "rb") as file:
            return await sftp.listdir("/"), await sftp.getcwd(), await file.read()

    names, where, content = ask(port, keys, question)
    assert sorted(names) == [".", "..", "a.zip"]
    assert (where, content) == ("/", b"content" * 100_000)


@pytest.mark.parametrize(
    "path",
    [
        "/../12345678/b.zip",
        "/../../etc/passwd",
        "/r/../../12345678/b.zip",
        "//12345678/b.zip",
        "/link",
        "/folder/passwd",
        "/.coming",
        "/r/x",
        "/a\0b",
    ],
)
def test_nothing_else_can_be_reached(outbox: Outbox, port: int, keys: Path, path: str) -> None:
    (outbox.directory / OTHER).mkdir()
    (outbox.directory / OTHER / "b.zip").write_bytes(b"other")
    own = outbox.directory / CUSTODIAN
    (own / "link").symlink_to("/etc/passwd")
    (own / "folder").symlink_to("/etc")
    (own / ".coming").write_bytes(b"")
    with pytest.raises(asyncssh.SFTPNoSuchFile):
        ask(port, keys, lambda sftp: sftp.stat(path))
    with pytest.raises(asyncssh.SFTPNoSuchFile):
        ask(port, keys, lambda sftp: sftp.open(path, "rb"))
    assert sorted(ask(port, keys, lambda sftp: sftp.listdir("/"))) == [".", ".."]


def test_links_are_not_followed(outbox: Outbox, port: int, keys: Path) -> None:
    (outbox.directory / OTHER).symlink_to("/etc")
    (outbox.directory / "r").symlink_to("/")
    assert sorted(ask(port, keys, lambda sftp: sftp.listdir("/"), user=OTHER)) == [".", ".."]
    with pytest.raises(asyncssh.SFTPNoSuchFile):
        ask(port, keys, lambda sftp: sftp.listdir("/r"), user=OTHER)


@pytest.mark.parametrize(
    "change",
    [
        lambda sftp: sftp.open("/new", "wb"),
        lambda sftp: sftp.open("/a.zip", "r+b"),
        lambda sftp: sftp.open("/a.zip", "ab"),
        lambda sftp: sftp.remove("/a.zip"),
        lambda sftp: sftp.rename("/a.zip", "/b.zip"),
        lambda sftp: sftp.posix_rename("/a.zip", "/b.zip"),
        lambda sftp: sftp.mkdir("/new"),
        lambda sftp: sftp.rmdir("/"),
        lambda sftp: sftp.chmod("/a.zip", 0o777),
        lambda sftp: sftp.truncate("/a.zip", 0),
        lambda sftp: sftp.utime("/a.zip", (1, 1)),
        lambda sftp: sftp.symlink("/etc/passwd", "/new"),
        lambda sftp: sftp.link("/a.zip", "/new"),
        lambda sftp: sftp.readlink("/a.zip"),
    ],
)
def test_nothing_can_be_changed(outbox: Outbox, port: int, keys: Path, change: Callable[[asyncssh.SFTPClient], Any]) -> None:
    (outbox.directory / CUSTODIAN / "a.zip").write_bytes(b"content")
    with pytest.raises((asyncssh.SFTPPermissionDenied, asyncssh.SFTPOpUnsupported)):
        ask(port, keys, change)
    assert [path.name for path in (outbox.directory / CUSTODIAN).iterdir()] == ["a.zip"]
    assert (outbox.directory / CUSTODIAN / "a.zip").read_bytes() == b"content"


@pytest.mark.parametrize(
    ("user", "key"),
    [(CUSTODIAN, "stranger"), (CUSTODIAN, OTHER), ("../public", CUSTODIAN), ("", CUSTODIAN), ("99999999", "stranger")],
)
def test_a_user_can_log_in_only_with_its_own_key(port: int, keys: Path, user: str, key: str) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        ask(port, keys, lambda sftp: sftp.listdir("/"), user=user, key=key)


def test_there_is_no_shell_no_command_and_no_forwarding(port: int, keys: Path) -> None:
    async def tried() -> None:
        async with connected(port, keys) as connection:
            for what in (
                lambda: connection.run("id"),
                lambda: connection.create_process(),
                lambda: connection.open_connection("127.0.0.1", port),
            ):
                with pytest.raises((asyncssh.ChannelOpenError, asyncssh.Error)):
                    await what()
            with pytest.raises((asyncssh.ChannelListenError, asyncssh.Error)):
                await connection.forward_remote_port("", 0, "127.0.0.1", port)

    in_a_loop(tried())


def test_the_server_shows_the_banner_of_the_real_register(port: int, keys: Path) -> None:
    async def asked() -> Any:
        async with connected(port, keys) as connection:
            return connection.get_extra_info("server_version")

    assert in_a_loop(asked()) == "SSH-2.0-CerberusFTPServer_8.0"


@pytest.mark.parametrize(("name", "content"), [("region.pub", b""), ("12345678.pub", b"no key"), ("x.txt", b"")])
def test_unusable_keys_prevent_the_start(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingError):
        Access.load(tmp_path, None, "x")


def test_a_port_in_use_or_a_bad_host_key_prevents_the_start(port: int, keys: Path, tmp_path: Path, outbox: Outbox) -> None:
    with (
        pytest.raises(SettingError, match="in use; set another --sftp-port"),
        serving(outbox, Access.load(keys / "public", None, "x"), "127.0.0.1", port),
    ):
        pass
    (tmp_path / "host").write_text("nonsense")
    with pytest.raises(SettingError, match="usable SSH key"):
        Access.load(keys / "public", tmp_path / "host", "x")
    with pytest.raises(SettingError, match="--sftp-keys"), server(sftp_port=0):
        pass


def test_a_machine_without_a_folder_for_the_lists_prevents_the_start(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(SettingError, match="--error-list-dir"), server(sftp_port=0, sftp_keys=keys / "public"):
        pass


@pytest.mark.parametrize("banner", ["a\nb", "x" * 300, "Øresund"])
def test_an_invalid_banner_prevents_the_start(banner: str, keys: Path, outbox: Outbox) -> None:
    with (
        pytest.raises(SettingError, match="--sftp-banner"),
        serving(outbox, Access.load(keys / "public", None, banner), "127.0.0.1", 0),
    ):
        pass


def test_the_number_of_connections_is_limited(port: int, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockregister.delivery.sftp.MAX_CONNECTIONS", 1)

    async def crowded() -> None:
        async with connected(port, keys):
            with pytest.raises((asyncssh.Error, OSError)):
                await connected(port, keys)

    async def has_room() -> None:
        while True:
            with suppress(asyncssh.Error, OSError):  # until the server has noticed that the first is gone
                async with connected(port, keys):
                    return

    in_a_loop(crowded())
    in_a_loop(has_room())


def test_the_number_of_open_files_of_a_user_is_limited(
    outbox: Outbox, port: int, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockregister.delivery.sftp.MAX_FILES", 2)
    (outbox.directory / CUSTODIAN / "file").write_text("content")

    async def opened(sftp: asyncssh.SFTPClient) -> None:
        for _ in range(2):
            await sftp.open("/file")
        with pytest.raises(asyncssh.SFTPFailure, match="You have 2 files open; close some"):
            await sftp.open("/file")

    async def read(sftp: asyncssh.SFTPClient) -> str:
        while True:
            with suppress(asyncssh.SFTPFailure):  # until the server has noticed that the first connection is gone
                async with sftp.open("/file") as file:
                    return str(await file.read())

    ask(port, keys, opened)
    assert ask(port, keys, read) == "content"


def test_an_error_while_serving_is_not_reported_as_a_failed_start(outbox: Outbox, keys: Path) -> None:
    access = Access.load(keys / "public", None, "x")
    with pytest.raises(FileNotFoundError), serving(outbox, access, "127.0.0.1", 0):
        raise FileNotFoundError


# the round trip


def test_a_requested_list_can_be_fetched_as_soon_as_the_request_is_answered(tmp_path: Path, keys: Path) -> None:
    lists = tmp_path / "lists"
    with server(clock=at("2019-06-01 12:00"), sftp_port=0, sftp_keys=keys / "public", error_list_dir=str(lists)) as url:
        lpr3 = Lpr3(url, "vendor")
        assert lpr3.submit(BROKEN).status == "Success"
        told = lpr3.admin("POST", "error-list")["files"]
        assert all((lists / name).is_file() for name in told)
    assert sorted(told) == [
        f"r/vendor/{OTHER}/lpr3_acl_uploadafsluttet_20190601-1200.succes",
        f"r/vendor/{CUSTODIAN}/lpr3_acl_20190601-1200_1.zip",
        f"r/vendor/{CUSTODIAN}/lpr3_acl_uploadafsluttet_20190601-1200.succes",
    ]


@pytest.mark.skipif(OPENSSH is None, reason="OpenSSH's sftp is not installed")
def test_openssh_can_list_and_fetch_files(outbox: Outbox, port: int, keys: Path, tmp_path: Path) -> None:
    for name in ("lpr3_acl_20190601-0155_1.zip", "lpr3_acl_uploadafsluttet_20190601-0155.succes"):
        (outbox.directory / CUSTODIAN / name).write_bytes(b"x" * 300_000)
    (outbox.directory / "r" / "vendor" / CUSTODIAN).mkdir(parents=True)
    (outbox.directory / "r" / "vendor" / CUSTODIAN / "other.zip").write_bytes(b"y")
    options = ["-oBatchMode=yes", "-oStrictHostKeyChecking=no", f"-oUserKnownHostsFile={tmp_path}/known", f"-i{keys / CUSTODIAN}"]
    batch = f"ls -l\nget *.zip {tmp_path}/got.zip\nls r/vendor\nget r/vendor/other.zip {tmp_path}/other.zip\n"
    told = subprocess.run(
        [str(OPENSSH), *options, f"-P{port}", "-b-", f"{CUSTODIAN}@127.0.0.1"],
        input=batch,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "got.zip").read_bytes() == b"x" * 300_000
    assert (tmp_path / "other.zip").read_bytes() == b"y"
    assert "uploadafsluttet" in told.stdout


def test_a_second_list_hides_the_first_without_interrupting_its_transfer(port: int, outbox: Outbox, keys: Path) -> None:
    folder = outbox.directory / CUSTODIAN
    for stamp in ("20190601-0155", "20190601-1200"):
        (folder / f"lpr3_acl_{stamp}_1.zip").write_bytes(stamp.encode())
        (folder / f"lpr3_acl_uploadafsluttet_{stamp}.succes").touch()
    (folder / "lpr3_acl_20190601-1300_1.zip").touch()  # part of a list that is not complete yet
    names = ask(port, keys, lambda sftp: sftp.listdir("/"))
    assert sorted(names)[2:] == ["lpr3_acl_20190601-1200_1.zip", "lpr3_acl_uploadafsluttet_20190601-1200.succes"]
    assert ask(port, keys, lambda sftp: sftp.stat("/lpr3_acl_20190601-0155_1.zip")).size == 13


def test_a_second_list_in_the_same_minute_replaces_no_file_of_the_first(tmp_path: Path) -> None:
    outbox, rows = Outbox(tmp_path, [CUSTODIAN]), snapshot(MemoryStore())
    for moment in ("2019-06-01 12:00", "2019-06-01 12:00", "2019-06-01 11:00"):
        outbox.lay_out("default", rows, at(moment))
        outbox.hand_out("default")
    names = sorted(path.name for path in (tmp_path / CUSTODIAN).iterdir())
    assert names == [f"lpr3_acl_uploadafsluttet_20190601-120{minute}.succes" for minute in (1, 2)]
