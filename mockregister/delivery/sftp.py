"""The sFTP server that authorities fetch their error list from: read-only, one folder for each, public keys only.

It runs on its own thread. Users do not see the disk itself: every path is resolved here, symbolic links are not followed, and a
user name must have a key before it becomes part of a path.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from threading import Thread
from typing import Any, BinaryIO, NoReturn

import asyncssh
from asyncssh import SFTPAttrs, SFTPFailure, SFTPName, SFTPNoSuchFile, SFTPPermissionDenied

from mockregister.codes.cvr import has_form as has_cvr_form
from mockregister.delivery.outbox import OTHERS, Outbox, is_shown, newest
from mockregister.errors import SettingError

MAX_CONNECTIONS = 64
MAX_FILES = 100  # that a user may have open, on all connections together; each uses a file descriptor of the server
LOGIN_SECONDS = 20
IDLE_SECONDS = 60
LAST_SECONDS = 5  # within which connections must end when the server stops
FOLDER = SFTPAttrs(permissions=stat.S_IFDIR | 0o555, nlink=1, uid=0, gid=0, size=0, atime=0, mtime=0)


@dataclass(frozen=True, slots=True)
class Access:
    """The public keys of each user, and the server's own key and name."""

    keys: dict[str, list[asyncssh.SSHKey]]
    host_key: asyncssh.SSHKey
    banner: str

    @classmethod
    def load(cls, keys: Path, host_key: Path | None, banner: str) -> Access:
        """Read a folder of ``<CVR>.pub`` files and the host key; if that is None, make a new one. Raise SettingError."""
        own = asyncssh.generate_private_key("ssh-ed25519") if host_key is None else _read(host_key, asyncssh.read_private_key)
        users = {}
        for file in sorted(keys.glob("*.pub")):
            if not has_cvr_form(file.stem):
                raise SettingError(f"{file} does not name a user; name it by the authority's CVR number, 12345678.pub.")
            users[file.stem] = _read(file, asyncssh.read_public_key_list)
            if not users[file.stem]:
                raise SettingError(f"{file} does not hold a usable SSH key; put the authority's public key there.")
        if not users:
            raise SettingError(f"{keys} holds no public keys; put one there for each authority, such as 12345678.pub.")
        return cls(users, own, banner)


class _Connection(asyncssh.SSHServer):
    """One connection: counted, and accepted by public key only. Shells, commands, forwarding and passwords are refused."""

    def __init__(self, access: Access, connections: set[asyncssh.SSHServerConnection]) -> None:
        self._access, self._connections = access, connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Accept the connection unless there are too many."""
        if len(self._connections) >= MAX_CONNECTIONS:
            conn.abort()
        self._connection = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection as ended."""
        self._connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        """Return True: every user must authenticate."""
        return True

    def public_key_auth_supported(self) -> bool:
        """Return True: a public key is the only way to authenticate."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Return whether the key is one of the user's."""
        return key in self._access.keys.get(username, [])


def _refuse(*_: object) -> NoReturn:
    raise SFTPPermissionDenied("This server is read-only")


class _UserFiles(asyncssh.SFTPServer):
    """The files of one user: ``/`` with the lists of the default register, ``/r/<name>/`` with those of another."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], outbox: Outbox, opened: Counter[str]) -> None:
        super().__init__(channel)
        self._user: str = channel.get_extra_info("username")
        self._outbox, self._opened = outbox, opened

    def _folder(self, parts: list[str]) -> Path | None:
        """Return the folder on the disk for a folder that the user names; None if there is none."""
        if parts and (len(parts) != 2 or parts[0] != OTHERS):
            return None
        base = self._outbox.directory.joinpath(*parts)
        folders = [base / self._user, *([base, base.parent] if parts else [])]
        return None if any(folder.is_symlink() or not folder.is_dir() for folder in folders) else base / self._user

    def _registers(self) -> list[str]:
        others = self._outbox.directory / OTHERS
        names = sorted(path.name for path in others.iterdir()) if others.is_dir() and not others.is_symlink() else []
        return [name for name in names if self._folder([OTHERS, name]) is not None]

    def _is_folder(self, parts: list[str]) -> bool:
        if parts == [OTHERS]:
            return bool(self._registers())
        return not parts or self._folder(parts) is not None

    def _file(self, parts: list[str]) -> int:
        """Return the open file for a path that the user names. Raise SFTPNoSuchFile if there is none."""
        folder = self._folder(parts[:-1]) if parts and not parts[-1].startswith(".") else None
        if folder is None:
            raise SFTPNoSuchFile("No such file")
        try:
            number = os.open(folder / parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (OSError, ValueError) as error:
            raise SFTPNoSuchFile("No such file") from error
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise SFTPNoSuchFile("No such file")
        return number

    def realpath(self, path: bytes) -> bytes:
        """Return a path without dots and double slashes; ``..`` at the top leads to ``/``."""
        return ("/" + "/".join(_parts(path))).encode()

    async def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        """Yield the entries of a folder. Raise SFTPNoSuchFile if there is none."""
        parts = _parts(path)
        if not self._is_folder(parts):
            raise SFTPNoSuchFile("No such folder")
        folders = [OTHERS] if not parts and self._registers() else self._registers() if parts == [OTHERS] else []
        for name in (".", "..", *folders):
            yield SFTPName(name.encode(), attrs=FOLDER)
        folder = self._folder(parts)
        for entry in () if folder is None else _shown(folder):
            yield SFTPName(entry.name.encode(), attrs=_attributes(entry.stat(follow_symlinks=False)))

    def stat(self, path: bytes) -> SFTPAttrs:
        """Return the attributes of a file or folder. Raise SFTPNoSuchFile if there is none."""
        parts = _parts(path)
        if self._is_folder(parts):
            return FOLDER
        number = self._file(parts)
        try:
            return _attributes(os.fstat(number))
        finally:
            os.close(number)

    lstat = stat

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> BinaryIO:
        """Open a file for reading.

        Raise SFTPNoSuchFile if there is none, SFTPPermissionDenied to write, SFTPFailure if the user has too many files open.
        """
        if pflags & ~asyncssh.FXF_READ:
            _refuse()
        if self._opened[self._user] >= MAX_FILES:
            raise SFTPFailure(f"You have {MAX_FILES} files open; close some")
        file = os.fdopen(self._file(_parts(path)), "rb")
        self._opened[self._user] += 1
        return file

    def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        """Return a piece of a file."""
        return os.pread(file_obj.fileno(), size, offset)

    def fstat(self, file_obj: Any) -> SFTPAttrs:
        """Return the attributes of an open file."""
        return _attributes(os.fstat(file_obj.fileno()))

    def close(self, file_obj: Any) -> None:
        """Close a file."""
        file_obj.close()
        self._opened[self._user] -= 1

    open56 = write = setstat = lsetstat = fsetstat = remove = mkdir = rmdir = rename = posix_rename = _refuse  # type: ignore[assignment]
    readlink = symlink = link = lock = unlock = statvfs = fstatvfs = fsync = _refuse  # type: ignore[assignment]


@contextmanager
def serving(outbox: Outbox, access: Access, host: str, port: int) -> Iterator[int]:
    """Serve the outbox until the block ends, and yield the port. Raise SettingError if the port cannot be used."""
    loop, connections = asyncio.new_event_loop(), set[asyncssh.SSHServerConnection]()
    thread = Thread(target=_run, args=(loop,), name="sftp", daemon=True)
    thread.start()
    try:
        acceptor = asyncio.run_coroutine_threadsafe(_listen(outbox, access, host, port, connections), loop).result()
        try:
            yield acceptor.get_port()
        finally:
            asyncio.run_coroutine_threadsafe(_end(acceptor, connections), loop).result(timeout=LAST_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=LAST_SECONDS)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


async def _listen(
    outbox: Outbox, access: Access, host: str, port: int, connections: set[asyncssh.SSHServerConnection]
) -> asyncssh.SSHAcceptor:
    opened = Counter[str]()
    try:
        return await asyncssh.listen(
            host,
            port,
            server_factory=lambda: _Connection(access, connections),
            server_host_keys=[access.host_key],
            server_version=access.banner,
            sftp_factory=lambda channel: _UserFiles(channel, outbox, opened),
            allow_scp=False,
            agent_forwarding=False,
            password_auth=False,
            kbdint_auth=False,
            gss_host=None,
            login_timeout=LOGIN_SECONDS,
            keepalive_interval=IDLE_SECONDS,
        )
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise SettingError(f"Cannot listen on {host} port {port} for sFTP: {why}; set another --sftp-port.") from error
    except ValueError as error:
        raise SettingError(f"--sftp-banner '{access.banner[:40]!a}' cannot be used: {error}.") from error


async def _end(acceptor: asyncssh.SSHAcceptor, connections: set[asyncssh.SSHServerConnection]) -> None:
    acceptor.close()
    for connection in list(connections):
        connection.abort()
    await acceptor.wait_closed()
    await asyncio.sleep(0)


def _parts(path: bytes) -> list[str]:
    """Return the names in a path that the user wrote, from the top; ``..`` at the top leads to the top."""
    return [part for part in normpath("/" + path.decode("utf-8", "replace")).split("/") if part]


def _shown(folder: Path) -> list[os.DirEntry[str]]:
    """Return the regular files of a folder that a listing shows."""
    with os.scandir(folder) as entries:
        files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    stamp = newest(entry.name for entry in files)
    return sorted((entry for entry in files if is_shown(entry.name, stamp)), key=lambda entry: entry.name)


def _attributes(status: os.stat_result) -> SFTPAttrs:
    times = {"atime": int(status.st_mtime), "mtime": int(status.st_mtime)}
    return SFTPAttrs(permissions=stat.S_IFREG | 0o444, nlink=1, uid=0, gid=0, size=status.st_size, **times)


def _read(file: Path, read: Any) -> Any:
    try:
        return read(str(file))
    except OSError as error:
        raise SettingError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as error:
        raise SettingError(f"{file} does not hold a usable SSH key: {error}.") from error
