"""docs/profile.md: every template with its id, its meaning, its elements, and the class of the model that it becomes.

python -m mockregister.validation.profile.docs > docs/profile.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mockregister.validation.profile import FAMILIES, TEMPLATES
from mockregister.validation.profile.notation import PHRASES, Template

_INTRODUCTION = f"""# The LPR3 document profile

The {len(TEMPLATES)} templates that level 2 checks, in the versions to which the document template 1.2.208.176.7.1.10.71 of
2018-01-04 leads. This page is generated: `python -m mockregister.validation.profile.docs > docs/profile.md`.

A line describes an element, which is inside the element above it if the line is indented: how often it occurs, `M` if it must
not have a null flavor, `R` if it must be sent when known, its data type, and its attributes. An attribute is `@name=value`
(fixed), `@name:type` (of that type) or `in SET` (from a value set); `?` makes it optional, and `as "ITEM"` means that
findings name the item of the MedCom guide instead of the template. `include` inserts what another template declares,
`contains` means that an element of that template is inside, `check` names an assertion. `templateId A B` means one templateId
A and one templateId B. The lines below `choice` are counted together. A template that is checked anywhere is checked wherever
an element has all its templateIds; any other template is checked where it is included or contained. `becomes` names the class
of `mockregister.model` that holds what an element says.

"""


def page() -> str:
    """Return the page as text."""
    phrases = "".join(f"- `{name}` is `{lines}`\n" for name, lines in PHRASES.items())
    return (
        _INTRODUCTION
        + phrases
        + "".join(
            (f"\n## {title}\n" + "".join(line for template in templates for line in _template(template)))
            for title, templates in FAMILIES.items()
        )
    )


def _template(template: Template) -> Iterator[str]:
    where = "checked anywhere" if template.anywhere else "checked where it is included"
    becomes = f"becomes `{template.model}`" if template.model else "part of what includes it"
    elements = "\n".join(line.removeprefix("  ") for line in template.declaration.splitlines()[2:])
    yield f"\n### {template.name}\n\n{template.meaning}\n\n"
    yield f"{template.id} of {template.version} · {where} · {becomes}\n\n```\n{elements}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(page())
