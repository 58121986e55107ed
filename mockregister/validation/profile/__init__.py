"""The LPR3 document profile (level 2): its templates, declared in one file per family.

The source is the ART-DECOR project ``lpr-``, in the versions that the document template 1.2.208.176.7.1.10.71 of 2018-01-04
refers to, and ``medcom-`` for parts of the header. ``notation`` explains how to read a declaration.
"""

from datetime import date

from mockregister.errors import SettingError
from mockregister.validation.profile import (
    condition,
    document_and_header,
    earlier,
    encounter,
    episode_of_care,
    nullify,
    procedure,
    references,
    result,
    sections,
)
from mockregister.validation.profile.notation import Template

FAMILIES: dict[str, tuple[Template, ...]] = {
    "Document and header": document_and_header.TEMPLATES,
    "Sections": sections.TEMPLATES,
    "Episode of care": episode_of_care.TEMPLATES,
    "Encounter": encounter.TEMPLATES,
    "Condition": condition.TEMPLATES,
    "Procedure": procedure.TEMPLATES,
    "Result report": result.TEMPLATES,
    "References": references.TEMPLATES,
    "Nullify": nullify.TEMPLATES,
}

#: Every template of the profile, the document's first.
TEMPLATES: tuple[Template, ...] = tuple(template for family in FAMILIES.values() for template in family)

FIRST_DAY = date(2018, 6, 13)


def in_force(day: date) -> tuple[Template, ...]:
    """Return the templates in their versions on a day. Raise SettingError for a day before the first known version."""
    if day < FIRST_DAY:
        raise SettingError(f"The document profile is known from {FIRST_DAY} on, not for {day}.")
    versions: dict[str, Template] = {}
    for template in sorted((*TEMPLATES, *earlier.TEMPLATES), key=lambda template: template.version):
        if template.version <= day.isoformat():
            versions[template.id] = template
    return tuple(versions[known.id] for known in TEMPLATES if known.id in versions)
