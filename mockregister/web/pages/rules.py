"""The business rules: a list, and a page for each with an explanation and controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug import Response

from mockregister.errors import NotFound
from mockregister.register.overview import with_finding
from mockregister.register.rule_settings import RuleSettings
from mockregister.validation.rules import FAMILIES, Rule, family_of
from mockregister.web import admin
from mockregister.web.pages.conditions import condition_of
from mockregister.web.pages.control import done
from mockregister.web.pages.patients import patient_of_episode
from mockregister.web.pages.pieces import asked
from mockregister.web.registers import changing, namespace, reader

EXAMPLES = 20

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@blueprint.get("")
def show() -> str:
    """Return the page with the rules that match the filter."""
    settings, rules = namespace().register.rule_settings, namespace().edition.rules
    wanted = {name: asked(name) for name in TESTS}
    fitting = [rule for rule in rules if all(test(rule, settings, wanted[name]) for name, test in TESTS.items() if wanted[name])]
    shown = [admin.rules.shown(rule, settings) for rule in fitting]
    families = [(name, name.replace("_", " ")) for name in FAMILIES]
    return render_template(
        "rules.html",
        rules=shown,
        total=len(rules),
        wanted=wanted,
        family_options=families,
        family_of={rule.id: family_of(rule) for rule in fitting},
    )


@blueprint.get("/<rule_id>")
def rule(rule_id: str) -> str:
    """Return the page that explains a rule. Raise NotFound."""
    known, register = _known(rule_id), namespace().register
    view = reader().view
    against = with_finding(view, rule_id)
    return render_template(
        "rule.html",
        rule=known,
        shown=admin.rules.shown(known, register.rule_settings),
        family=family_of(known),
        against=[(key, patient_of_episode(view, key)) for key in against[-EXAMPLES:][::-1]],
        total=len(against),
    )


@blueprint.post("/<rule_id>")
@changing
def change(rule_id: str) -> Response:
    """Switch the rule on or off, set its severity, or undo all changes. Raise InvalidRequest and NotFound."""
    settings, known = namespace().register.rule_settings, _known(rule_id)
    if "restore" in request.form:
        settings.restore(known.id)
    else:
        changes: dict[str, Any] = {"enabled": request.form.get("enabled") == "yes"} if "enabled" in request.form else {}
        changes |= {"severity": request.form["severity"]} if "severity" in request.form else {}
        settings.change(known.id, **admin.loading.read(admin.rules.ChangeSchema(), changes))
    return done("rule", "pages.rules.rule", rule_id=rule_id)


def _known(rule_id: str) -> Rule:
    rules = namespace().edition.rules
    if rule_id not in rules:
        raise NotFound("There is no business rule with this id.")
    return rules[rule_id]


def _mentions(rule: Rule, settings: RuleSettings, text: str) -> bool:
    content = f"{rule.id} {settings.text(rule.id, rule.text)} {condition_of(rule)}".casefold()
    return all(word in content for word in text.casefold().split())


TESTS: dict[str, Callable[[Rule, RuleSettings, str], bool]] = {
    "q": _mentions,
    "family": lambda rule, settings, wanted: family_of(rule) == wanted,
    "severity": lambda rule, settings, wanted: settings.severity(rule.id, rule.severity).value == wanted,
    "state": lambda rule, settings, wanted: settings.enabled(rule.id) is (wanted == "on"),
    "list": lambda rule, settings, wanted: wanted in rule.lists,
}
