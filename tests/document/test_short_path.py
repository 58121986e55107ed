"""Short paths: the same for one element as for all elements of a document."""

from __future__ import annotations

import pytest
from lxml import etree

from mockregister import safexml
from mockregister.cli.demo import example
from mockregister.document.short_path import ShortPaths, short_path


@pytest.mark.parametrize("language", ["en", "da"])
def test_all_paths_of_a_document_number_entries_like_single_paths(language: str) -> None:
    root = safexml.parse(example())
    paths = ShortPaths(root, language)
    told = [paths.path(element) for element in root.iter(etree.Element)]
    assert told == [short_path(element, language) for element in root.iter(etree.Element)]
    assert {"en": "encounter 1 › effectiveTime › low", "da": "kontakt 1 › effectiveTime › low"}[language] in told
