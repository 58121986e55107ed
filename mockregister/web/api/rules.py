"""``/rules``: the business rules as this register applies them now; ``/__admin/rules`` changes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from mockregister.errors import NotFound
from mockregister.finding import Severity
from mockregister.register.rule_settings import RuleSettings
from mockregister.validation.rules import FAMILIES, Rule, family_of
from mockregister.web.api.resource import Blueprint
from mockregister.web.registers import namespace
from mockregister.web.values import Text

blueprint = Blueprint("rules", "Business rules (forretningsregler), as this register applies them.")


class RuleSchema(Schema):
    """A business rule (forretningsregel)."""

    id = fields.String(metadata={"description": "Its id, such as 05.53."})
    number = fields.Integer(metadata={"description": "The register's number for it."})
    family = fields.String(metadata={"description": "The family of rules that it belongs to."})
    severity = fields.Enum(Severity, by_value=True, metadata={"description": "Its severity in this register now."})
    enabled = fields.Boolean(metadata={"description": "Whether this register applies it now."})
    text = fields.String(metadata={"description": "The text of the answer, in Danish."})
    looks_at = fields.String(metadata={"description": "The kind of element that is tested."})
    condition = fields.String(metadata={"description": "When it is violated."})
    lists = fields.List(fields.String(), metadata={"description": "The code lists (kodelister) that the condition names."})
    rule_set = fields.String(metadata={"description": "The version of the rule set, as answers state it."})


@blueprint.listing(
    RuleSchema,
    "has",
    text=Text(load_default="", metadata={"description": "A text that its id or text contains, in any letter case."}),
    family=fields.String(validate=OneOf(list(FAMILIES)), metadata={"description": "The family that it belongs to."}),
)
def listed(text: str, family: str | None = None, has: Severity | None = None) -> Iterator[dict[str, Any]]:
    """List rules in the order of the rule list; has selects those that are errors, or warnings."""
    settings = namespace().register.rule_settings
    rules = (_shown(rule, settings) for rule in namespace().edition.rules if family in (None, family_of(rule)))
    return (
        rule for rule in rules if has in (None, rule["severity"]) and text.casefold() in f"{rule['id']} {rule['text']}".casefold()
    )


@blueprint.single("<rule_id>", RuleSchema, "Its id, such as 05.53.")
def show(rule_id: str) -> dict[str, Any]:
    """Return one rule."""
    rules = namespace().edition.rules
    if rule_id not in rules:
        raise NotFound(f"There is no rule '{rule_id[:80]}'; GET /api/v1/rules lists them.")
    return _shown(rules[rule_id], namespace().register.rule_settings)


def _shown(rule: Rule, settings: RuleSettings) -> dict[str, Any]:
    return {
        "id": rule.id,
        "number": rule.number,
        "family": family_of(rule),
        "severity": settings.severity(rule.id, rule.severity),
        "enabled": rule.reported and settings.enabled(rule.id),
        "text": settings.text(rule.id, rule.text),
        "looks_at": rule.looks_at,
        "condition": rule.condition,
        "lists": rule.lists,
        "rule_set": settings.version,
    }
