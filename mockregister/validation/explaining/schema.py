"""Explain why level 1 found something: what the document has, what the schema declares, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from lxml import etree

from mockregister import safexml
from mockregister.document.short_path import ShortPaths
from mockregister.document.whereabouts import line_of, local_name
from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.explaining.missing import example_of, place_for, step, usual_value
from mockregister.validation.explaining.read_document import ReadDocument
from mockregister.validation.forms import EXAMPLES, as_danish_time
from mockregister.validation.profile.notation import Template
from mockregister.validation.schema.components import cda_schema
from mockregister.validation.schema.content_model import START, ContentModel
from mockregister.validation.schema.simple_types import enumerated

_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED = re.compile(r'"urn:hl7-org:v3":(\w+)')
_TYPE = re.compile(r"type,? '([^']+)'")
DATA_TYPES = ("ST", "CD", "CE", "TS", "INT", "PQ", "II", "BL", "REAL", "ED", "IVL_TS")
_MISPLACED = ("cvc-complex-type.2.4.a", "cvc-complex-type.2.4.d")
_OF_ANOTHER_TYPE = "cvc-elt.4.3"  # the xsi:type is not derived from the declared type
_NIL = "cvc-elt.3.1"  # there is an xsi:nil where the schema allows none
_FORMS = {
    "ts": "time",
    "integer": "number",
    "int": "number",
    "uid": "uid",
    "cs": "code",
    "NCName": "name",
    "ID": "name",
    "st": "not empty",
}
_MOST_NAMES = 12  # elements, attributes or values that a sentence lists
_MOST_LINES = 12  # lines of a simple type's declaration that are shown

# Sentences that say what to do, and their parts, in English and in Danish.
_ADVICE: dict[str, tuple[str, str]] = {
    "add": ("Add {0} {1}{2}.", "Tilføj {0} {1}{2}."),
    "add before": ("Add {0} {1} and before {2} (line {3}){4}.", "Tilføj {0} {1} og før {2} (linje {3}){4}."),
    "move": ("Move {0} (line {1}) to its place {2}.", "Flyt {0} (linje {1}) til den rigtige plads {2}."),
    "only one": (
        "Take out one of {0} (line {1}) and {0} (line {2}): {3} may have only one.",
        "Fjern enten {0} (linje {1}) eller {0} (linje {2}): {3} må kun have én.",
    ),
    "rename": ("Write '{0}' instead of '{1}' (line {2}).", "Skriv '{0}' i stedet for '{1}' (linje {2})."),
    "namespace": (
        "Put '{0}' (line {1}) into the namespace urn:hl7-org:v3; it is in {2}.",
        "Sæt '{0}' (linje {1}) i navnerummet urn:hl7-org:v3; det er i {2}.",
    ),
    "no namespace": ("no namespace", "intet navnerum"),
    "take out": (
        "Take '{0}' (line {1}) out: {2} has no such element{3}.",
        "Fjern '{0}' (linje {1}): {2} har ikke et sådant element{3}.",
    ),
    "it has": ("; it can have {0}", "; det kan have {0}"),
    "one of": ("one of {0}", "en af {0}"),
    "and": (" and ", " og "),
    "example": (", as in the example", ", som i eksemplet"),
    "attribute out": ("Take the attribute {0} out of {1} (line {2}).", "Fjern attributten {0} fra {1} (linje {2})."),
    "attribute": ("Give {0} (line {1}) the attribute {2}{3}.", "Giv {0} (linje {1}) attributten {2}{3}."),
    "values": ("; it may be {0}", "; den kan være {0}"),
    "such as": (", such as {0}", ", f.eks. {0}"),
    "usual": ("a value such as {0}", "en værdi som {0}"),
    "write one of": ("Write one of {0} {1} (line {2}).", "Skriv en af {0} {1} (linje {2})."),
    "write": ("Write {0} {1} (line {2}).", "Skriv {0} {1} (linje {2})."),
    "for": ("for @{0}", "for @{0}"),
    "instead of": ("instead of '{0}'", "i stedet for '{0}'"),
    "time": (
        "a time as YYYYMMDDhhmmss±ZZzz, such as {1},",
        "et tidspunkt som ÅÅÅÅMMDDttmmss±ZZzz, f.eks. {1},",
    ),
    "number": ("a whole number", "et helt tal"),
    "uid": ("an OID (digits and dots) or a UUID", "en OID (cifre og punktummer) eller en UUID"),
    "code": ("a code without blanks", "en kode uden mellemrum"),
    "name": ("a name that begins with a letter", "et navn, der begynder med et bogstav,"),
    "not empty": ("a text that is not empty", "en tekst, der ikke er tom,"),
    "as declared": ("a value of the type {0}", "en værdi af typen {0}"),
    "text out": ("Take the text '{0}' out of {1} (line {2}).", "Fjern teksten '{0}' fra {1} (linje {2})."),
    "empty": ("Take everything out of {0} (line {1}).", "Fjern alt indhold fra {0} (linje {1})."),
    "root": (
        "Send a ClinicalDocument in the namespace urn:hl7-org:v3; this is {0} in {1}.",
        "Send et ClinicalDocument i navnerummet urn:hl7-org:v3; dette er {0} i {1}.",
    ),
    "type": (
        "Give {0} (line {1}) the xsi:type of a CDA data type, such as {2}; it has {3}.",
        "Giv {0} (linje {1}) en datatype fra CDA som xsi:type, f.eks. {2}; den har {3}.",
    ),
    "none": ("none", "ingen"),
    "other": ("Write {0} (line {1}) as the schema declares it.", "Skriv {0} (linje {1}), som skemaet erklærer det."),
}


def explain_schema(finding: Finding, document: ReadDocument, language: str, templates: Sequence[Template]) -> Explanation:
    """Return why a finding of level 1 came; it does not depend on ``templates``."""
    element = document.by_place.get(finding.where)
    if element is None:
        return Explanation((DecidingPart(finding.text),))
    return _SchemaFinding(finding, element, document.paths(language)).explanation()


@dataclass
class _SchemaFinding:
    """A finding of level 1 at an element, explained in the language of the paths."""

    finding: Finding
    element: etree._Element
    paths: ShortPaths

    def explanation(self) -> Explanation:
        """Return what the document has, what is declared, and what to do."""
        code = self.finding.code
        if self._wrong_type is not None:
            given = f"'{self._wrong_type}'" if self._wrong_type else self._say("none")
            declared = self._quoted[1:2] if code == _OF_ANOTHER_TYPE else []
            such_as = _alike("".join(declared) or self._wrong_type, DATA_TYPES) or "ST"
            advice, example = self._say("type", step(self.element, self.paths), self.finding.line, such_as, given), ""
            mentions = [self._mention(self._wrong_type, f"{self.paths.path(self.element)} @xsi:type")]
        elif code.startswith("cvc-complex-type.2.4"):
            mentions, advice, example = self._of_children()
        elif code == "cvc-elt.1":
            name, namespace = local_name(self.element), self._namespace(self.element)
            mentions, advice, example = [self._mention(namespace)], self._say("root", name, namespace), ""
        elif code in ("cvc-complex-type.2.3", "cvc-complex-type.2.1"):
            mentions, advice, example = self._of_text()
        elif code in ("cvc-complex-type.3.2.2", _NIL):
            mentions, advice, example = self._of_strange_attribute()
        elif code == "cvc-complex-type.4":
            mentions, advice, example = self._of_missing_attribute()
        else:
            mentions, advice, example = self._of_value()
        return Explanation((DecidingPart(self.finding.text, tuple(mentions)),), self._declaration(), (), advice, example)

    def _say(self, phrase: str, *values: object) -> str:
        return _ADVICE[phrase][LANGUAGES.index(self.paths.language)].format(*values)

    def _mention(self, value: str, whole: str = "") -> Mention:
        root = self.element.getroottree().getroot().tag
        wrong_root = "" if root == safexml.qname("cda", "ClinicalDocument") else root  # all other findings follow from it
        return Mention(self.paths.path(self.element), value, self.finding.line, whole=wrong_root or whole)

    def _namespace(self, element: etree._Element) -> str:
        return etree.QName(element).namespace or self._say("no namespace")

    @lazy
    def _quoted(self) -> list[str]:
        return _QUOTED.findall(self.finding.text)

    @lazy
    def _wrong_type(self) -> str | None:
        """The xsi:type of the element if it may not have that one, empty if one is missing; None if nothing is wrong with it."""
        given = self.element.get(safexml.qname("xsi", "type"))
        if self.finding.code == _OF_ANOTHER_TYPE:
            return given
        if given is None:
            return "" if self.finding.code == "cvc-type.2" else None
        prefix, _, name = given.strip().rpartition(":")
        namespace = self.element.nsmap.get(prefix or None)
        return None if namespace is not None and cda_schema().find(namespace, name) is not None else given

    # -- children: missing, misplaced, unknown

    @property
    def _owner(self) -> etree._Element:
        """The element whose children are wrong, or the element itself."""
        around = self.element.getparent()
        return around if around is not None and self.finding.code in _MISPLACED else self.element

    def _of_children(self) -> tuple[list[Mention], str, str]:
        owner, kind = self._owner, cda_schema().complex_type_of(self._owner)
        model = kind.model if kind else None
        if model is None:
            return [self._mention("")], self._say("other", step(self.element, self.paths), self.finding.line), ""
        if owner is self.element:
            ways = model.missing(_state(model, list(owner.iterchildren(etree.Element))))
            return [self._mention("")], *self._add(ways, None)
        if self.element.tag not in model.names:
            return [self._mention("")], self._strange(model), ""
        ways = model.missing(_state(model, _before(self.element)), self.element.tag)
        if not ways:
            return [self._mention("")], self._too_late(model), ""
        return [self._mention("")], *self._add(ways, self.element)

    def _add(self, ways: Sequence[Sequence[str]], before: etree._Element | None) -> tuple[str, str]:
        """Return the advice to add what is missing, with an example; or to move it up if it comes later."""
        owner, names = self._owner, [[etree.QName(name).localname for name in way] for way in ways]
        place = place_for("", owner, self.paths, before)
        later = {} if before is None else {local_name(child): child for child in before.itersiblings(etree.Element)}
        missing = [name for name in names[0] if name not in later]
        if before is not None and not missing:
            moved = later[names[0][0]] if len(names[0]) == 1 else before
            to = place if moved is not before else place_for(local_name(before), owner, self.paths)
            return self._say("move", step(moved, self.paths), line_of(moved), to), ""
        wanted = self._say("and").join(missing) if len(names) == 1 else self._say("one of", ", ".join(way[0] for way in names))
        example = "\n".join(filter(None, (example_of(name, owner) for name in missing)))
        shown = self._say("example") if example else ""
        if before is None:
            return self._say("add", wanted, place, shown), example
        return self._say("add before", wanted, place, step(before, self.paths), line_of(before), shown), example

    def _too_late(self, model: ContentModel) -> str:
        """Return the advice for a child that should come earlier: take it out if it is one too many, or else move it up."""
        name = local_name(self.element)
        same = [child for child in _before(self.element) if child.tag == self.element.tag]
        if same and not model.missing(_state(model, [*_before(same[-1]), same[-1]]), self.element.tag):
            return self._say("only one", name, line_of(same[-1]), self.finding.line, local_name(self._owner))
        place = place_for(name, self._owner, self.paths, self.element)
        return self._say("move", step(self.element, self.paths), self.finding.line, place)

    def _strange(self, model: ContentModel) -> str:
        """Return the advice for a child that the owner cannot have."""
        name, known = local_name(self.element), [etree.QName(each).localname for each in model.names]
        if name in known:
            return self._say("namespace", name, self.finding.line, self._namespace(self.element))
        near = _alike(name, known)
        if near:
            return self._say("rename", near, name, self.finding.line)
        allowed = self._say("it has", ", ".join(known)) if len(known) <= _MOST_NAMES else ""
        return self._say("take out", name, self.finding.line, local_name(self._owner), allowed)

    # -- text and attributes

    def _of_text(self) -> tuple[list[Mention], str, str]:
        tails = (child.tail for child in self.element)
        text = " ".join(filter(None, ((piece or "").strip() for piece in (self.element.text, *tails))))
        line, path = line_of(self.element), step(self.element, self.paths)
        advice = self._say("text out", text, path, line) if text else self._say("empty", path, line)
        return [self._mention(text)], advice, ""

    def _of_strange_attribute(self) -> tuple[list[Mention], str, str]:
        if self.finding.code == _NIL:
            advice = self._say("attribute out", "xsi:nil", step(self.element, self.paths), self.finding.line)
            return [self._mention("xsi:nil")], advice, ""
        name = self._quoted[0]
        right = _alike(name, [known for known in self._attributes if known not in self.element.attrib])
        mention = self._mention(f'{name}="{self.element.get(name, "")}"', f"@{right}" if right else "")
        if right:
            return [mention], self._say("rename", right, name, self.finding.line), ""
        return [mention], self._say("attribute out", name, step(self.element, self.paths), self.finding.line), ""

    def _of_missing_attribute(self) -> tuple[list[Mention], str, str]:
        name = self._quoted[0]
        wrong = _alike(name, [str(each) for each in self.element.attrib if str(each) not in self._attributes])
        if wrong:
            mention = self._mention(f'{wrong}="{self.element.get(wrong)}"', f"@{name}")
            return [mention], self._say("rename", name, wrong, self.finding.line), ""
        values = list(self._allowed(name))
        usual = usual_value(self.element, name)
        may_be = self._say("values", ", ".join(values)) if 0 < len(values) <= _MOST_NAMES else ""
        may_be = self._say("such as", usual) if usual else may_be
        return [self._mention("")], self._say("attribute", step(self.element, self.paths), self.finding.line, name, may_be), ""

    def _of_value(self) -> tuple[list[Mention], str, str]:
        value = self._value
        name = next((str(name) for name, said in self.element.items() if said == value), "")
        holder = self._say("for", name) if name else self._say("instead of", value)
        fixed = re.search(r"has a fixed value of '([^']*)'", self.finding.text)
        values = [fixed[1]] if fixed else list(self._allowed(name)) if name else []
        if self._type == "bl":
            values = ["true", "false"]
        near, usual = _alike(value, values), usual_value(self.element, name) if name else ""
        if near or len(values) == 1:
            advice = self._say("write", near or values[0], holder, self.finding.line)
        elif usual in values:
            advice = self._say("write", self._say("usual", usual), holder, self.finding.line)
        elif 0 < len(values) <= _MOST_NAMES:
            advice = self._say("write one of", ", ".join(values), holder, self.finding.line)
        else:
            advice = self._say("write", self._form, holder, self.finding.line)
        return [self._mention(value)], advice, ""

    @property
    def _value(self) -> str:
        """The value that a finding is about."""
        named = re.search(r"[Vv]alue '([^']*)'", self.finding.text)
        return named[1] if named else self._quoted[0] if self._quoted else ""

    @property
    def _type(self) -> str:
        """The name of the type that a value does not match."""
        named: list[str] = _TYPE.findall(self.finding.text) or self._quoted
        return named[-1] if named else ""

    @property
    def _form(self) -> str:
        """What a value of this type looks like."""
        word = _FORMS.get(self._type, "as declared")
        return self._say(word, self._type, as_danish_time(self._value) or EXAMPLES["a time, YYYYMMDDhhmmss±ZZzz"])

    @lazy
    def _attributes(self) -> list[str]:
        kind = cda_schema().complex_type_of(self.element)
        return list(kind.attributes) if kind else []

    def _allowed(self, name: str) -> Iterable[str]:
        """Return the values that an attribute may have, if they are listed."""
        kind = cda_schema().complex_type_of(self.element)
        return enumerated(kind.attributes[name].type) if kind and name in kind.attributes else ()

    # -- the declaration

    def _declaration(self) -> str:
        """Return the part of the type's declaration that the finding is about: children, attributes, or a value's type."""
        schema, name = cda_schema(), cda_schema().type_of(self._owner)
        declared = schema.particles(name)
        about = {*self._about(declared)}
        named = [source for each, source in declared.items() if each in about] or self._alternatives(declared)
        lines = [f"  {line}" for source in named for line in source.splitlines()]
        types = [source for source in map(schema.source, _TYPE.findall(self.finding.text)) if source.count("\n") < _MOST_LINES]
        return "\n".join([*([f'<xs:complexType name="{name}">', *lines] if lines else []), *filter(None, dict.fromkeys(types))])

    def _alternatives(self, declared: Mapping[str, str]) -> list[str]:
        """Return the first declarations of the attributes or children that are allowed in place of an unknown one."""
        kind = "<xs:attribute" if self.finding.code == "cvc-complex-type.3.2.2" else "<xs:element"
        found = [source for source in declared.values() if source.startswith(kind)]
        return [*found[:_MOST_NAMES], "…"] if len(found) > _MOST_NAMES else found

    def _about(self, declared: Iterable[str]) -> Iterator[str]:
        if self.finding.code.startswith("cvc-complex-type.2.4"):
            expected = _EXPECTED.findall(self.finding.text)
            yield from expected if len(expected) <= _MOST_NAMES else ()
            yield local_name(self.element)
        else:
            yield from (str(name) for name, value in self.element.items() if value == self._value)
            yield from (name for name in declared if name in self._quoted)


def _before(element: etree._Element) -> list[etree._Element]:
    """Return the siblings before an element, in document order."""
    return list(element.itersiblings(etree.Element, preceding=True))[::-1]


def _state(model: ContentModel, children: Iterable[etree._Element]) -> int:
    """Return the state of a content model after these children."""
    state = START
    for child in children:
        state, _ = model.step(state, child.tag)
    return state


def _alike(name: str, known: Sequence[str]) -> str:
    """Return the known name that is most like an unknown one; empty if none is much like it."""
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(name.casefold(), folded, 1, cutoff=0.7)
    return folded[near[0]] if near else ""
