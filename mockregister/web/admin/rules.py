"""``/__admin/rules``: which business rules this register applies, and with which severity, from the next submission on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import Regexp

from mockregister.errors import NotFound
from mockregister.finding import Severity
from mockregister.register.rule_settings import RuleSettings
from mockregister.validation.rules import Rule
from mockregister.web.admin.loading import load
from mockregister.web.registers import changing, namespace

Json = dict[str, Any]

blueprint = Blueprint("rules", __name__)


class ChangeSchema(Schema):
    """The fields of a rule to change; a field that is left out stays."""

    enabled = fields.Boolean(truthy={True}, falsy={False})
    severity = fields.Enum(Severity, by_value=True)
    text = fields.String()


class RuleSetSchema(Schema):
    """The version of the rule set, which the location of a finding has between vertical bars."""

    version = fields.String(required=True, validate=Regexp(r"[^\s|]{1,100}\Z", error="Write a version such as sds:lpr:3.0.7."))


@blueprint.get("/rules")
def listed() -> Json:
    """Return the version of the rule set, and every rule in the order of the rule list."""
    settings = _settings()
    return {"version": settings.version, "rules": [shown(rule, settings) for rule in namespace().edition.rules]}


@blueprint.route("/rules", methods=["PUT", "PATCH"])
@changing
def name() -> Json:
    """Change the version of the rule set, which answers state."""
    _settings().version = load(RuleSetSchema())["version"]
    return {"version": _settings().version}


@blueprint.get("/rules/<rule_id>")
def show(rule_id: str) -> Json:
    """Return one rule. Raise NotFound."""
    return shown(_known(rule_id), _settings())


@blueprint.route("/rules/<rule_id>", methods=["PUT", "PATCH"])
@changing
def change(rule_id: str) -> Json:
    """Switch a rule on or off, change its severity or its text."""
    rule = _known(rule_id)
    _settings().change(rule.id, **load(ChangeSchema()))
    return shown(rule, _settings())


@blueprint.delete("/rules/<rule_id>")
@changing
def restore(rule_id: str) -> Json:
    """Restore the rule as it was at the start."""
    rule = _known(rule_id)
    _settings().restore(rule.id)
    return shown(rule, _settings())


def shown(rule: Rule, settings: RuleSettings) -> Json:
    """Return a rule as this register applies it."""
    return {
        "id": rule.id,
        "number": rule.number,
        "enabled": rule.reported and settings.enabled(rule.id),
        "severity": settings.severity(rule.id, rule.severity).value,
        "text": settings.text(rule.id, rule.text),
    }


def _settings() -> RuleSettings:
    return namespace().register.rule_settings


def _known(rule_id: str) -> Rule:
    rules = namespace().edition.rules
    if rule_id not in rules:
        raise NotFound(f"There is no rule '{rule_id[:80]}'; GET /__admin/rules lists them.")
    return rules[rule_id]
