"""How documents are stored in little space."""

from __future__ import annotations

import zlib

import pytest

from mockregister.register.compressed import WORDS, compress, decompress
from tests.builders import an_encounter, an_episode, as_xml


@pytest.mark.parametrize("content", [b"", b"<a/>", WORDS, as_xml(episodes=[an_episode()], encounters=[an_encounter()])])
def test_a_document_is_read_as_it_was_kept(content: bytes) -> None:
    assert decompress(compress(content)) == content
    assert decompress(zlib.compress(content)) == content, "as it was kept before"


def test_a_document_takes_little_room() -> None:
    content = as_xml(episodes=[an_episode()], encounters=[an_encounter()])
    assert len(compress(content)) < len(zlib.compress(content)) / 2


def test_the_words_are_those_with_which_documents_were_kept() -> None:
    """A register that was written with others could not be read."""
    assert zlib.adler32(WORDS) == 0xEF4521DB
