"""``/templates``: the templates of the document profile, which level 2 checks."""

from __future__ import annotations

from collections.abc import Iterator

from marshmallow import Schema, fields

from mockregister.errors import NotFound
from mockregister.validation.profile.notation import Template
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import namespace
from mockregister.web.values import Text

blueprint = Blueprint("templates", "The templates (skabeloner) of the document profile of this register.")


class TemplateSchema(Schema):
    """A template of the document profile."""

    id = fields.String(metadata={"description": "Its OID."})
    name = fields.String(metadata={"description": "Its name, as in findings of level 2."})
    version = fields.String(metadata={"description": "The date of its version."})
    meaning = fields.String(metadata={"description": "What it is for."})
    anywhere = fields.Boolean(metadata={"description": "Whether it is checked wherever a document has its templateIds."})
    declaration = fields.String(metadata={"description": "What it requires, in the notation of docs/profile.md."})


@blueprint.listing(
    TemplateSchema,
    text=Text(load_default="", metadata={"description": "A text that its OID, name or meaning contains, in any letter case."}),
)
def listed(text: str) -> Iterator[Template]:
    """List templates, in the order of the profile."""
    wanted = text.casefold()
    return (
        template
        for template in namespace().edition.profile.templates
        if wanted in f"{template.id} {template.name} {template.meaning}".casefold()
    )


@blueprint.single("<template>", TemplateSchema, "Its OID, or its name.")
def show(template: str) -> Template:
    """Return one template."""
    found = (known for known in namespace().edition.profile.templates if template in (known.id, known.name))
    chosen = next(found, None)
    if chosen is None:
        raise NotFound(f"There is no template '{template[:80]}'; GET /api/v1/templates lists them.")
    return chosen
