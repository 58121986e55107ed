"""Keep a second server out of a folder of registers, and off its path, whatever happens to the folder meanwhile."""

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
    """Keeps other servers out of a folder. The operating system releases the lock when the process ends.

    Both the folder and its path are locked: the folder, so that no other path leads a second server to it; the path, so that a
    second server does not start in a new folder at the same place. Linux can lock a path without a file; on other systems
    only the folder is locked. Raise StoreError if another process holds either lock.
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
        except OSError as error:  # some file systems lock files only; each register also locks its journal
            if error.errno == EWOULDBLOCK:
                raise taken(folder) from error

    def release(self) -> None:
        """Release the lock; may be called more than once."""
        self._path.close()
        with suppress(OSError):
            os.close(self._folder)
        self._folder = -1
