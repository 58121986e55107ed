"""Find the end of a request's body while it arrives in pieces."""

from __future__ import annotations

from typing import Any

PIECES = 10_000  # chunks that any body may have; the loop needs time for each
CHUNK_ON_AVERAGE = 64  # bytes that chunks beyond those must have on average


class Sized:
    """A body with a Content-Length: ``expected`` bytes, of which ``received`` have arrived."""

    is_broken = False

    def __init__(self, expected: int) -> None:
        self.expected, self.received = expected, 0

    @property
    def is_whole(self) -> bool:
        """Return whether all announced bytes have arrived."""
        return self.received == self.expected

    def feed(self, data: bytes) -> bytes:
        """Count received bytes, and return those after the end of the body."""
        mine = min(len(data), self.expected - self.received)
        self.received += mine
        return data[mine:]


class Chunked:
    """A body in chunks, read by gunicorn's incremental parser, which needs the ``head`` first.

    ``is_broken`` tells that the chunks cannot be read, or that they are too many and too small.
    """

    expected = 0

    def __init__(self, head: bytes) -> None:
        from gunicorn.asgi.parser import ParseError, PythonProtocol  # lazy: imports asyncio, and few send chunks

        self.received = self._pieces = 0
        self.is_broken = False
        self._error: type[Exception] = ParseError
        self._parser: Any = PythonProtocol(on_body=self._count)
        self._parser.feed(head)

    @property
    def is_whole(self) -> bool:
        """Return whether the last chunk has arrived."""
        return bool(self._parser.is_complete)

    def feed(self, data: bytes) -> bytes:
        """Read received bytes, and return those after the end of the body."""
        try:
            self._parser.feed(data)
        except self._error:
            self.is_broken = True
        self.is_broken |= self._pieces > PIECES + self.received // CHUNK_ON_AVERAGE
        return bytes(self._parser.remaining())

    def _count(self, content: bytes) -> None:
        self._pieces += 1
        self.received += len(content)


def framing(head: bytes, headers: dict[str, str]) -> Sized | Chunked:
    """Return the framing of the body after ``head``; ``headers`` come from gunicorn, which has checked them."""
    if "TRANSFER-ENCODING" in headers:
        return Chunked(head)
    return Sized(int(headers.get("CONTENT-LENGTH", 0)))
