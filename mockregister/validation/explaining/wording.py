"""Say the parts of a condition in English and in Danish.

Each ``word`` of a condition has one phrase for a condition that holds and one for a condition that does not. In a phrase, {0} and
{1} are the values at the ends of the paths, {values} the literals, {lists} the code lists, and {when} is "at" or "during". Where
{0} names several things, {be} is "are" instead of "is", and {one} is the Danish numeral for one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mockregister.clock import COPENHAGEN
from mockregister.model import Period
from mockregister.validation.explaining.explanation import LANGUAGES, Mention
from mockregister.validation.explaining.vocabulary import KINDS
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.facts import Coded, Fact, Link, Result, Unit
from mockregister.validation.rules.limits import COLUMNS

Phrases = tuple[tuple[str, str], tuple[str, str]]  # English, Danish; each if the condition holds, and if not

_MISSING: Phrases = (("{0} {be} missing", "{0} {be} given"), ("{0} mangler", "{0} er angivet"))
PHRASES: dict[str, Phrases] = {
    "missing": _MISSING,
    "given": ((_MISSING[0][1], _MISSING[0][0]), (_MISSING[1][1], _MISSING[1][0])),
    "=": (("{0} is {1}", "{0} is not {1}"), ("{0} er {1}", "{0} er ikke {1}")),
    "≠": (("{0} is not {1}", "{0} is {1}"), ("{0} er ikke {1}", "{0} er {1}")),
    "among": (("{0} is one of {values}", "{0} is none of {values}"), ("{0} er en af {values}", "{0} er ingen af {values}")),
    "not among": (("{0} is none of {values}", "{0} is one of {values}"), ("{0} er ingen af {values}", "{0} er en af {values}")),
    "has": (("{0} include {1}", "{0} do not include {1}"), ("{0} omfatter {1}", "{0} omfatter ikke {1}")),
    "lacks": (("{0} do not include {1}", "{0} include {1}"), ("{0} omfatter ikke {1}", "{0} omfatter {1}")),
    "is in": (
        ("{0} is in {lists} {when} {1}", "{0} is not in {lists} {when} {1}"),
        ("{0} er i {lists} {when} {1}", "{0} er ikke i {lists} {when} {1}"),
    ),
    "is not in": (
        ("{0} is not in {lists} {when} {1}", "{0} is in {lists} {when} {1}"),
        ("{0} er ikke i {lists} {when} {1}", "{0} er i {lists} {when} {1}"),
    ),
    "nowhere has a code in": (
        ("there is no code of {lists} {when} {1} among the {0}", "there is a code of {lists} {when} {1} among the {0}"),
        ("der er ingen kode fra {lists} {when} {1} blandt {0}", "der er en kode fra {lists} {when} {1} blandt {0}"),
    ),
    "invalid": (
        ("{0} is not valid {when} {1}", "{0} is valid {when} {1}"),
        ("{0} er ikke gyldig {when} {1}", "{0} er gyldig {when} {1}"),
    ),
    "apart": (
        ("{0} is never valid together with {1}", "{0} is valid together with {1}"),
        ("{0} er aldrig gyldig samtidig med {1}", "{0} er gyldig samtidig med {1}"),
    ),
    "gaps": (
        ("{0} do not follow each other without gap or overlap", "{0} follow each other without gap or overlap"),
        ("{0} følger ikke hinanden uden huller og overlap", "{0} følger hinanden uden huller og overlap"),
    ),
    "other types": (
        ("one of the {0} is of another type than {values}", "{0} are all of type {values}"),
        ("et af {0} er af en anden type end {values}", "{0} er alle af typen {values}"),
    ),
    "repeated": (
        ("{0} occurs more than once", "{0} occurs at most once"),
        ("{0} findes mere end én gang", "{0} findes højst én gang"),
    ),
    "not one": (
        ("{0} does not occur exactly once", "{0} occurs exactly once"),
        ("{0} findes ikke præcis én gang", "{0} findes præcis én gang"),
    ),
    "some": (
        ("one of the {0} is wrong", "none of the {0} is right"),
        ("{one} af {0} er forkert", "ingen af {0} passer"),
    ),
    "none": (
        ("none of the {0} is right", "one of the {0} is wrong"),
        ("ingen af {0} passer", "{one} af {0} er forkert"),
    ),
    "same": (("{0} is the same", "{0} is another one"), ("{0} er den samme", "{0} er en anden")),
    "true": (("{0}", "it is not true that {0}"), ("{0}", "det gælder ikke, at {0}")),
    "false": (("it is not true that {0}", "{0}"), ("det gælder ikke, at {0}", "{0}")),
    "within": (
        ("by its list the rule applies: {values}", "by its list the rule does not apply: {values}"),
        ("ifølge regellisten gælder reglen: {values}", "ifølge regellisten gælder reglen ikke: {values}"),
    ),
    "kind": (("{0} is of that kind", "{0} is of another kind"), ("{0} er af den slags", "{0} er af en anden slags")),
}

# The words of each sign for times and for numbers, in English and in Danish, and the sign of the opposite.
_SIGNS: dict[str, tuple[tuple[str, str], tuple[str, str], str]] = {
    "<": (("earlier than", "less than"), ("tidligere end", "mindre end"), "≥"),
    "≤": (("not later than", "not more than"), ("ikke senere end", "ikke større end"), ">"),
    ">": (("later than", "more than"), ("senere end", "større end"), "≤"),
    "≥": (("not earlier than", "not less than"), ("ikke tidligere end", "ikke mindre end"), "<"),
}
SIGNS = frozenset(_SIGNS)
_IS = ("is", "er")
_LINE = ("line", "linje")
_LINES = ("lines", "linjer")
_OF = ("of", "i")
_UNTIL = ("to", "til")
_VALID = ("valid {0} to {1}", "gyldig {0} til {1}")
_VALID_FROM = ("valid from {0}", "gyldig fra {0}")
_VALID_UNTIL = ("valid until {0}", "gyldig til {0}")
_VALID_ALWAYS = ("always valid", "altid gyldig")
_OR = (" or ", " eller ")
_LIST = ("code list", "kodelisten")
_AT = ("at", "på")
_DURING = ("during", "i løbet af")


def phrase(word: str, holds: bool, language: str) -> str:
    """Return the phrase for conditions with this word that hold, or for those that do not."""
    return PHRASES[word][LANGUAGES.index(language)][0 if holds else 1]


def opposite(sign: str) -> str:
    """Return the sign of the comparison that holds if the one with ``sign`` does not."""
    return _SIGNS[sign][2]


def when(value: Any, language: str) -> str:
    """Return the word in front of the moment or period of a look-up: ``at`` or ``during``."""
    return (_DURING if isinstance(value, Period) else _AT)[LANGUAGES.index(language)]


def compared(sign: str, value: Any, language: str, holds: bool = True) -> str:
    """Return the words of a comparison, such as ``is later than``; ``value`` is one of the two values compared."""
    number = LANGUAGES.index(language)
    words = _SIGNS[sign if holds else opposite(sign)][number]
    return f"{_IS[number]} {words[0 if isinstance(value, date) else 1]}"


def in_words(mention: Mention, language: str) -> str:
    """Return a mention as it is said in a sentence: name, value and line."""
    name = f"{mention.name}," if mention.value and not mention.line and " " not in mention.name else mention.name
    return " ".join(filter(None, (name, mention.value, _lines([mention.line], mention.document, language))))


def _lines(lines: Sequence[int], document: str, language: str) -> str:
    """Return lines in parentheses, with the earlier document that they are in; empty if all are 0."""
    number, known = LANGUAGES.index(language), [str(line) for line in lines if line]
    if not known:
        return ""
    of = f" {_OF[number]} {document}" if document else ""
    return f"({(_LINE if len(known) == 1 else _LINES)[number]} {', '.join(known)}{of})"


def gathered(mentions: Sequence[Mention], language: str) -> list[str]:
    """Return mentions as they are listed; a value that occurs at several places is listed once, with all its lines."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    for mention in mentions:
        lines.setdefault((mention.name, mention.value, mention.document), []).append(mention.line)
    return [
        " ".join(filter(None, (name, value, _lines(at, document, language)))) for (name, value, document), at in lines.items()
    ]


def with_article(name: str, language: str) -> str:
    """Return a name as it follows other words: in English with its article, which a Danish name contains."""
    needs_one = language == "en" and name[:1].islower() and not name.startswith(("now", "the "))
    return f"the {name}" if needs_one else name


def danish_one(name: str) -> str:
    """Return the Danish numeral for one of the things that an attribute of this name has."""
    return "et" if name in DANISH.nouns and DANISH.nouns[name].neuter else "en"


def danish_then(value: Any) -> str:
    """Return the Danish words for the moment, or the period, at which something is looked up."""
    return "i den periode" if isinstance(value, Period) else "på det tidspunkt"


def to_mend(mention: Mention, language: str) -> str:
    """Return what advice says to correct: the name and its line or, without a line, the value."""
    name = with_article(mention.mended or mention.name, language)
    return in_words(Mention(name, "" if mention.line else mention.value, mention.line, document=mention.document), language)


def listed(names: Sequence[tuple[str, str]], language: str) -> str:
    """Return code lists with their titles as part of a sentence."""
    number = LANGUAGES.index(language)
    *before, last = (f"{name} ({title})" if title else name for name, title in names or [("", "")])
    return f"{_LIST[number]} {', '.join(before)}{_OR[number] if before else ''}{last}"


def typed(values: Sequence[str], language: str) -> str:
    """Return types of results as part of a sentence; a dash between two stands for all from the one to the other."""
    return f"{values[0]} {_UNTIL[LANGUAGES.index(language)]} {values[2]}" if "–" in values else ", ".join(values)


def shown(value: Any, language: str) -> str:
    """Return a value as text; empty if it is missing."""
    number = LANGUAGES.index(language)
    match value:
        case None | () | []:
            return ""
        case (str() as column, datetime() as day) if column in COLUMNS:
            return f"{COLUMNS[column]} {day:%Y-%m-%d}"
        case Coded():
            return _code(value)
        case Unit():
            return f"{value.sor_id} ({value.name})" if value.name else value.sor_id
        case Period():
            ends = [shown(end, language) or "…" for end in value]
            return f"{ends[0]} {_UNTIL[number]} {ends[1]}"
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return ", ".join(shown(part, language) for part in value[:6])
        case Fact():
            return _fact(value, language)
        case Link():
            return shown(value.code, language)
        case Decimal():
            return f"{value:f}"
    return str(value)


def _moment(value: datetime) -> str:
    """Return a time as it was sent, with its offset where that is not the Danish one."""
    offset = "" if value.utcoffset() == value.astimezone(COPENHAGEN).utcoffset() else f"{value:%z}"
    return f"{value:%Y-%m-%d %H:%M:%S}{offset}" if value.second else f"{value:%Y-%m-%d %H:%M}{offset}"


def validity(code: Coded, language: str) -> str:
    """Return from when until when a code is valid."""
    start, end = code.valid_from, code.valid_to
    said = _VALID_ALWAYS if start is None and end is None else _VALID_UNTIL if start is None else _VALID_FROM
    said = _VALID if start is not None and end is not None else said
    return said[LANGUAGES.index(language)].format(*(shown(day, language) for day in (start, end) if day is not None))


def kind_of(fact: Any, language: str) -> str:
    """Return what facts of this kind are called; empty if the thing is not a fact."""
    known = KINDS.get(type(fact).__name__)
    return known[LANGUAGES.index(language)] if known else ""


def _code(code: Coded) -> str:
    term = code.row.term if code.row is not None else ""
    return f"{code.text} ({term})" if term else code.text


def _fact(fact: Fact, language: str) -> str:
    if isinstance(fact, Result):
        return f"{fact.type.text} '{fact.text}'"
    for name in ("code", "name"):
        found = getattr(fact, name, None)
        if found:
            return shown(found, language)
    start, end = getattr(fact, "start", None), getattr(fact, "end", None)
    return shown(Period(start, end), language) if start or end else kind_of(fact, language)
