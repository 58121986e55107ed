"""Documents are stored compressed."""

from __future__ import annotations

import zlib

import pytest

from mockregister.register.compressed import WORDS, compress, decompress
from tests.builders import an_encounter, an_episode, as_xml


@pytest.mark.parametrize("content", [b"", b"<a/>", WORDS, as_xml(episodes=[an_episode()], encounters=[an_encounter()])])
def test_a_stored_document_is_read_back_unchanged(content: bytes) -> None:
    assert decompress(compress(content)) == content
    assert decompress(zlib.compress(content)) == content, "as it was kept before"


def test_a_stored_document_takes_little_space() -> None:
    content = as_xml(episodes=[an_episode()], encounters=[an_encounter()])
    assert len(compress(content)) < len(zlib.compress(content)) / 2


def test_the_dictionary_of_the_compression_has_not_changed() -> None:
    """Registers that were written with another dictionary could not be read."""
    assert zlib.adler32(WORDS) == 0xEF4521DB
