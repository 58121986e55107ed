"""One server for a folder of registers, and for the path that leads to it, whatever happens to the folder meanwhile."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
from contextlib import suppress
from errno import EADDRINUSE, EWOULDBLOCK
from hashlib import sha256
from pathlib import Path

from mockregister.errors import StoreError
from mockregister.register.transaction_log import taken


class FolderLock:
    """Keeps other servers out of a folder. The system lifts it when the process ends, however it ends.

    The folder itself is locked, so that no other path leads a second server to it; and the path is, so that a second server does
    not start in a new folder at the same place. Linux has names for that which need no file; other systems do without.
    Raise StoreError where another process has either.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = -1, socket.socket(socket.AF_UNIX)
        try:
            with suppress(FileExistsError):
                folder.mkdir(parents=True)
            self._lock_path(folder)
            self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._lock_folder(folder)
        except OSError as error:
            self.release()
            raise StoreError(f"The folder {folder} cannot be used: {error.strerror}.") from error
        except StoreError:
            self.release()
            raise

    def _lock_path(self, folder: Path) -> None:
        if sys.platform == "linux":
            name = sha256(os.fsencode(folder.absolute())).hexdigest()
            try:
                self._path.bind(f"\0mockregister {name}")
            except OSError as error:
                if error.errno == EADDRINUSE:
                    raise taken(folder) from error

    def _lock_folder(self, folder: Path) -> None:
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:  # some file systems lock files only; each register locks its journal besides
            if error.errno == EWOULDBLOCK:
                raise taken(folder) from error

    def release(self) -> None:
        """Let others in; more than once does no harm."""
        self._path.close()
        with suppress(OSError):
            os.close(self._folder)
        self._folder = -1
