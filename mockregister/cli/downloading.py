"""Download the official files of codes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from mockregister.codes import sources
from mockregister.errors import SettingError, reason

OFFICIAL = "official"
SECONDS = 60  # to wait for the next byte


@contextmanager
def fetched(table: str) -> Iterator[Path]:
    """Download the official file of a table and yield its path until the end of the block.

    The file's modification time is the day that the server names. Raise SettingError if the download fails.
    """
    address = sources.ADDRESSES[table]
    with TemporaryDirectory() as folder:
        path = Path(folder, address.rpartition("/")[2])
        try:
            with urlopen(address, timeout=SECONDS) as answer, path.open("wb") as file:
                shutil.copyfileobj(answer, file)
                changed = answer.headers.get("Last-Modified")
        except OSError as error:
            why = error.reason if isinstance(error, URLError) and isinstance(error.reason, str) else reason(error)
            raise SettingError(f"{address} cannot be fetched: {why}; download it and give its path.") from error
        if changed:
            sources.stamp(path, parsedate_to_datetime(changed).date())
        yield path
