"""``/error-list``: the accumulated error list (akkumuleret fejlliste), with the findings on all stored data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from mockregister.errors import NotFound
from mockregister.model import EntryKind
from mockregister.register.elements import Element
from mockregister.register.error_list import episode_errors
from mockregister.register.filters import Filter
from mockregister.register.identity import patient_key
from mockregister.web.api.resource import Blueprint
from mockregister.web.api.schemas import findings
from mockregister.web.registers import namespace, reader, rows
from mockregister.web.values import Moment

blueprint = Blueprint("error-list", "The findings on all stored data (akkumuleret fejlliste), by episode of care.")
USUAL = ("patient", "from", "to", "sor", "label", "code", "has", "rule", "authority", "set", "submitted_since")


class ErrorListItemSchema(Schema):
    """The findings on an episode of care (forløbselement) and everything in it."""

    episode_of_care = fields.String(attribute="key", metadata={"description": "The id of the episode of care."})
    authority = fields.String(metadata={"description": "The CVR number of the reporting authority (indberettende myndighed)."})
    set_id = fields.String(attribute="row.set", metadata={"description": "Its document set (dokumentsæt)."})
    patient = fields.Function(
        lambda element: patient_key(element.patient),
        metadata={"type": "string", "description": "The CPR number of the patient, or root^extension of an alternative id."},
    )
    checked = Moment(metadata={"description": "When it was last checked, by the register's clock."})
    errors = fields.Function(
        lambda element: sum(finding.is_error for finding in element.episode_findings),
        metadata={"type": "integer", "description": "How many errors there are."},
    )
    warnings = fields.Function(
        lambda element: sum(not finding.is_error for finding in element.episode_findings),
        metadata={"type": "integer", "description": "How many warnings there are."},
    )
    findings = findings("What is wrong.")

    def get_attribute(self, obj: Element, attr: str, default: Any) -> Any:
        """Return a field; the findings are those of the whole episode."""
        if attr == "checked":
            checked = obj.view.checked(obj.key)
            return checked.checked if checked is not None else default
        return obj.episode_findings if attr == "findings" else super().get_attribute(obj, attr, default)


class ErrorListSchema(ErrorListItemSchema):
    """The findings on an episode of care, also in the form of the register's own file."""

    file = fields.Function(
        lambda element: _file(element.key),
        metadata={
            "type": "object",
            "description": "The file about this episode of care in the accumulated error list, as its published schema has it.",
        },
    )


@blueprint.listing(ErrorListItemSchema, *USUAL)
def listed(**filters: Any) -> Iterator[Element]:
    """List the episodes of care that have findings; with authority, those of one authority."""
    return reader().elements(EntryKind.EPISODE_OF_CARE, Filter(**filters, outstanding=True))


def show(id: UUID) -> Element:
    """Return the findings on one episode of care and everything in it."""
    found = reader().element(str(id))
    if found is None or found.kind is not EntryKind.EPISODE_OF_CARE or not found.episode_findings:
        raise NotFound(f"There is no episode of care {id} with findings; GET /api/v1/error-list lists those there are.")
    return found


blueprint.single("<uuid:id>", ErrorListSchema, "The id of the episode of care.")(show)


def _file(episode: str) -> dict[str, Any]:
    register = namespace().register
    found = episode_errors(rows(), register.clock.now(), episode)
    return found.content if found is not None else {}
