"""Read an ART-DECOR export, the form in which the register's profile is published, into the notation's templates.

The latest version of each template that is in force on a day is used. Templates that the export only refers to (MedCom's) are
taken from our own declarations. An export does not say what a template means, or which class of our model it becomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lxml import etree

from mockregister import safexml
from mockregister.errors import SettingError, UnreadableDocument, reason
from mockregister.validation.profile.notation import Attribute, Choice, Count, ElementDefinition, Include, Part, Template

ROOT_OF_SET = "@root = /hl7:ClinicalDocument/hl7:setId/@root"
CHECKS = {
    ROOT_OF_SET: "root-of-set",
    "../*:id/@extension = ./*[substring(local-name(), 0, 9) = 'external']/*:id/@extension": "id-of-replaced",
    "number(@value) < number(/hl7:ClinicalDocument/hl7:versionNumber/@value)": "later-version",
    "matches(@value,'^([0-9]{8}|[0-9]{14})[\\+|\\-][0-9]{4}$')": "date-or-timestamp",
    "matches(@value,'^[0-9]{14}[\\+|\\-][0-9]{4}$')": "timestamp",
    "matches(@extension, '^[0-9]{8}$')": "cvr",
    "matches(@extension, '^[0-9]{10}$')": "cpr",
}
"""The profile's assertions by their XPath. Assertions withdrawn before the register opened are not included."""

VALUE_SETS = {
    "2.16.840.1.113883.1.11.1": "AdministrativeGender",
    "1.2.208.184.2.11.1": "DKMedcomPostalAddressUse",
    "1.2.208.176.7.1.11.1": "DKActRelationshipDocument",
}
"""The value sets whose codes are listed in the profile, by OID. SKS codes are checked by the business rules (level 4)."""
UNCHECKED = frozenset({("DKConditionObservationBody", "DKExternalConditionObservation")})
"""Templates whose content the official Schematron does not check; neither do we."""


def read(path: Path, day: date, known: Iterable[Template]) -> tuple[Template, ...]:
    """Return the templates of an export that were in force on a day, the document's template first.

    ``known`` are templates that the export may refer to without including them. Raise SettingError for a file that is not an
    export or refers to any other template.
    """
    try:
        root = safexml.parse(path.read_bytes())
    except (OSError, UnreadableDocument) as error:
        raise SettingError(f"{path} cannot be read as an ART-DECOR export: {reason(error)}.") from error
    dated = [template for template in root.iter("template") if template.get("id") and template.get("effectiveDate")]
    if root.tag != "decor" or not dated:
        raise SettingError(
            f"{path} is not an ART-DECOR export: it has no element decor with templates that have an id and an effectiveDate."
        )
    in_force: dict[str, etree._Element] = {}
    for template in sorted(dated, key=lambda template: str(template.get("effectiveDate"))):
        if str(template.get("effectiveDate"))[:10] <= day.isoformat():
            in_force[str(template.get("id"))] = template
    ours = {template.id: template for template in known}
    others = {key: template for key, template in ours.items() if key not in in_force}
    bodies = frozenset(other.name for other in others.values() if other.element is None)
    names = {
        **{other.id: other.name for other in others.values()},
        **{key: str(declared.get("name")) for key, declared in in_force.items()},
    }
    reading = _Reading(path, names, bodies)
    made = {key: _ours(reading.template(declared), ours) for key, declared in in_force.items()} | others
    order = {key: place for place, key in enumerate(ours)}
    return _reached(sorted(made.values(), key=lambda template: order.get(template.id, len(order))), in_force)


def _reached(templates: Sequence[Template], declared: Mapping[str, etree._Element]) -> tuple[Template, ...]:
    """Return the templates reachable from a document template; all templates if the export has no document template."""
    by_name = {template.name: template for template in templates}
    documents = {key for key, template in declared.items() if template.findall("classification[@type='cdadocumentlevel']")}
    left = [template.name for template in templates if template.id in documents] or list(by_name)
    reached: set[str] = set()
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += _referred_to(by_name[name].content)
    return tuple(template for template in templates if template.name in reached)


def _referred_to(part: Part) -> list[str]:
    if isinstance(part, Include):
        return [part.template]
    own = [part.contains] if isinstance(part, ElementDefinition) and part.contains else []
    return [*own, *(name for inner in part.parts for name in _referred_to(inner))]


def _ours(read_template: Template, ours: Mapping[str, Template]) -> Template:
    """Return our declared template if it says the same, so that editions share it; else add what the export does not say."""
    own = ours.get(read_template.id)
    if own is None:
        return read_template
    if (own.version, own.anywhere, own.content) == (read_template.version, read_template.anywhere, read_template.content):
        return own
    return replace(read_template, model=own.model, meaning=own.meaning)


@dataclass(frozen=True)
class _Reading:
    """One export: its file, for messages, and the names of templates by OID."""

    path: Path
    names: Mapping[str, str]
    bodies: frozenset[str]

    def template(self, declared: etree._Element) -> Template:
        content, name = ElementDefinition(), str(declared.get("name"))
        self._fill(content, declared)
        for part in content.parts:
            if isinstance(part, ElementDefinition) and (name, part.contains) in UNCHECKED:
                part.unchecked = True
        return Template(
            name=name,
            id=str(declared.get("id")),
            version=str(declared.get("effectiveDate"))[:10],
            anywhere=any(context.get("id") == "**" or context.get("path") is not None for context in declared.findall("context")),
            model="",
            meaning=str(declared.get("displayName", "")),
            content=content,
            declaration="",
        )

    def _fill(self, element: ElementDefinition, declared: etree._Element) -> None:
        """Read the content of a template or an element into ``element``."""
        for child in declared:
            if child.tag == "attribute":
                element.attributes.append(_attribute(child))
            elif child.tag == "assert" and (test := " ".join(str(child.get("test")).split())) in CHECKS:
                element.checks.append(CHECKS[test])
            elif child.tag in ("element", "choice", "include"):
                element.parts.append(self._part(child))

    def _part(self, declared: etree._Element) -> Part:
        if declared.tag == "include":
            name = self._name(str(declared.get("ref")))
            if name in self.bodies:  # a template without an element of its own cannot be counted
                return Include(name)
            return Include(name, _count(declared), declared.get("isMandatory") == "true")
        if declared.tag == "choice":
            parts = [self._part(template) for template in declared if template.tag in ("element", "choice", "include")]
            return Choice(_count(declared) or Count(), parts)
        return self._element(declared)

    def _element(self, declared: etree._Element) -> ElementDefinition:
        name = str(declared.get("name")).partition(":")[2] or str(declared.get("name"))
        mandatory = declared.get("isMandatory") == "true" or name == "templateId"
        contains = declared.get("contains")
        element = ElementDefinition(
            name.partition("[")[0],
            _count(declared),
            mandatory,
            declared.get("conformance") == "R" and not mandatory,
            declared.get("datatype", ""),
            contains=self._name(contains) if contains else "",
        )
        self._fill(element, declared)
        return element

    def _name(self, oid: str) -> str:
        if oid not in self.names:
            raise SettingError(
                f"{self.path} refers to the template {oid}, but has no version of it that is in force on the edition's day."
            )
        return self.names[oid]


def _attribute(declared: etree._Element) -> Attribute:
    value, value_set, item = declared.get("value", ""), declared.find("vocabulary"), declared.find("item")
    return Attribute(
        str(declared.get("name")),
        declared.get("isOptional") == "true",
        value,
        "" if value else declared.get("datatype", ""),
        VALUE_SETS.get(value_set.get("valueSet", ""), "") if value_set is not None else "",
        item.get("label", "") if item is not None else "",
    )


def _count(declared: etree._Element) -> Count | None:
    least, most = declared.get("minimumMultiplicity"), declared.get("maximumMultiplicity")
    if least is None and most is None:
        return None
    return Count(int(least or 0), None if most in (None, "*") else int(most))
