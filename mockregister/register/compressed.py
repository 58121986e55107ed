"""Documents as they are kept: compressed with zlib, which begins with the words that most documents of LPR3 have.

What was kept without these words is read as well: zlib notes in what it writes whether there were any, and their checksum.
"""

from __future__ import annotations

import zlib
from importlib import resources

#: The package's examples without ids and times, each line once. They must not change: nothing that is kept could be read.
WORDS = (resources.files("mockregister.register") / "cda_words.txt").read_bytes()


def compress(content: bytes) -> bytes:
    """Return a document as it is kept."""
    packing = zlib.compressobj(zdict=WORDS)
    return packing.compress(content) + packing.flush()


def decompress(kept: bytes) -> bytes:
    """Return the document that is kept so."""
    return zlib.decompressobj(zdict=WORDS).decompress(kept)
