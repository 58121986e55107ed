"""The LPR3 document profile (level 2): 86 templates, declared in one file per family.

Their source is the ART-DECOR project ``lpr-``, in the versions that the document template 1.2.208.176.7.1.10.71 of
2018-01-04 leads to, and ``medcom-`` for parts of the header. ``notation`` tells how to read a declaration.
"""

from mockregister.validation.profile import (
    condition,
    document_and_header,
    encounter,
    episode_of_care,
    nullify,
    procedure,
    references,
    result,
    sections,
)
from mockregister.validation.profile.notation import Template

#: Every template of the profile, the document's first.
TEMPLATES: tuple[Template, ...] = (
    *document_and_header.TEMPLATES,
    *sections.TEMPLATES,
    *episode_of_care.TEMPLATES,
    *encounter.TEMPLATES,
    *condition.TEMPLATES,
    *procedure.TEMPLATES,
    *result.TEMPLATES,
    *references.TEMPLATES,
    *nullify.TEMPLATES,
)
