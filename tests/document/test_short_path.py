"""Short paths: entries are named and numbered through the document, other elements among their siblings."""

from __future__ import annotations

import pytest
from lxml import etree

from mockregister import safexml
from mockregister.cli.demo import example
from mockregister.document.short_path import ShortPaths


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"encounter 1 › effectiveTime › low", "procedure 1", "main condition 1 › code", "recordTarget › patientRole"}),
        ("da", {"kontakt 1 › effectiveTime › low", "procedure 1", "aktionsdiagnose 1 › code", "recordTarget › patientRole"}),
    ],
)
def test_paths_name_entries_in_a_language_and_number_them(language: str, expected: set[str]) -> None:
    root = safexml.parse(example())
    paths = ShortPaths(root, language)
    assert expected <= {paths.path(element) for element in root.iter(etree.Element)}


def test_entries_of_a_kind_are_numbered_in_document_order_and_other_elements_among_their_siblings() -> None:
    root = safexml.parse(example())
    encounter = next(element for element in root.iter() if ShortPaths(root).path(element) == "encounter 1")
    entry = encounter.getparent()
    again = safexml.parse(etree.tostring(entry))
    entry.addnext(again)
    told = [ShortPaths(root).path(element) for element in root.iter(etree.Element)]
    assert "encounter 2 › templateId 1" in told
    assert told.index("encounter 1") < told.index("encounter 2")
