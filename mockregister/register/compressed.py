"""Stored documents: compressed with zlib, using a dictionary of the text that most LPR3 documents begin with.

Documents that were stored without the dictionary are read as well: zlib records whether one was used, and its checksum.
"""

from __future__ import annotations

import zlib
from importlib import resources

#: The package's examples without ids and times, each line once. Do not change it: stored documents could not be read any more.
WORDS = (resources.files("mockregister.register") / "cda_words.txt").read_bytes()
_PACKING = zlib.compressobj(level=3, zdict=WORDS)  # copied for each document: to load the dictionary is a sixth of the work


def compress(content: bytes) -> bytes:
    """Return a document as it is stored."""
    packing = _PACKING.copy()
    return packing.compress(content) + packing.flush()


def decompress(kept: bytes) -> bytes:
    """Return a stored document as it was sent."""
    return zlib.decompressobj(zdict=WORDS).decompress(kept)
