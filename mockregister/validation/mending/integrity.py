"""Mends for level 3: codes in the wrong letter case or with blanks, parent documents, and references without template ids."""

from __future__ import annotations

from collections.abc import Iterator

from mockregister.document.markup import ID, REFERENCE, VERSION_NUMBER, attribute, number
from mockregister.document.pointing import selected
from mockregister.finding import Finding
from mockregister.register.view import View
from mockregister.validation.mending.profile import missing_templates
from mockregister.validation.mending.written import Mend, WrittenDocument, set_attribute
from mockregister.validation.pipeline import Examination


def integrity_mends(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield possible mends of a finding of level 3."""
    if finding.code == "SKS_CODE_NOT_FOUND":
        yield from _in_capitals(finding, written, examination)
    elif finding.code.startswith("PARENT_DOCUMENT_"):
        yield from _parent(finding, written, examination)
    else:
        for reference in written.root.iter(REFERENCE):
            entry = reference.getparent()
            for owner in (entry, reference):
                yield from missing_templates(owner, written, examination.edition) if owner is not None else ()


def _in_capitals(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield the mend that writes a code as SKS does, in capitals and without blanks, if SKS has that code."""
    element, right = selected(written.root, finding.where), "".join(finding.params[0].split()).upper()
    if element is not None and right != finding.params[0] and examination.register.codes.sks.known(right):
        name = next((name for name in ("code", "extension", "value") if element.get(name) == finding.params[0]), "")
        if name:
            yield set_attribute(written, element, name, right)


def _parent(finding: Finding, written: WrittenDocument, examination: Examination) -> Iterator[Mend]:
    """Yield the mend that names the latest document of the set, if only its id or only its version is wrong.

    If both are wrong, the sender has not seen the latest document and has to decide what should follow it.
    """
    parent = next(written.root.iter("{*}parentDocument"), None)
    latest = View(examination.draft.before).set(examination.readings[0].document.set_id.lower())
    if parent is None or latest is None:
        return
    named, version = next(parent.iterchildren(ID), None), next(parent.iterchildren(VERSION_NUMBER), None)
    has_id = attribute(named, "extension").lower() == latest.document.rpartition("^")[2]
    has_version = number(version) == latest.version
    if has_id and not has_version and version is not None:
        yield set_attribute(written, version, "value", str(latest.version))
    if has_version and not has_id and named is not None:
        yield set_attribute(written, named, "extension", latest.document.rpartition("^")[2].upper())
