"""Work out one sentence that says what to do, from the parts of a condition that decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mockregister.validation.explaining import wording
from mockregister.validation.explaining.deciding import Decided
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart
from mockregister.validation.explaining.known_codes import KnownCodes
from mockregister.validation.explaining.vocabulary import FORMS, NAMES, TRUTHS
from mockregister.validation.rules.expression import Condition, Path

Parts = Sequence[tuple[Decided, DecidingPart]]

# What can be mended, the simplest first: the word of a condition, whether it holds, and the sentence in English and in Danish.
_WAYS: tuple[tuple[str, bool, str, str], ...] = (
    ("missing", True, "Send {0}{coded}{or_leave_out}.", "Angiv {0}{coded}{or_leave_out}."),
    ("given", False, "Send {0}{coded}{or_leave_out}.", "Angiv {0}{coded}{or_leave_out}."),
    ("nowhere has a code in", True, "Add to {0} a code of {lists}{examples}.", "Føj til {0} en kode fra {lists}{examples}."),
    ("lacks", True, "Add {1} to {0}.", "Føj {1} til {0}."),
    ("none", True, "{add} {0}{member}.", "{add} {0}{member}."),
    ("some", False, "{add} {0}{member}.", "{add} {0}{member}."),
    ("is not in", True, "Change {0} to a code of {lists}{examples}.", "Ret {0} til en kode fra {lists}{examples}."),
    ("is in", False, "Change {0} to a code of {lists}{examples}.", "Ret {0} til en kode fra {lists}{examples}."),
    (
        "invalid",
        True,
        "Change {0} to a code that is valid then, or correct {1}.",
        "Ret {0} til en kode, der gælder {then}, eller ret {1}.",
    ),
    (
        "apart",
        True,
        "Leave out {0}, or send one that is valid with {1}.",
        "Udelad {0}, eller angiv en, der gælder samtidig med {1}.",
    ),
    ("gaps", True, "Let each of {0} begin when the one before ends.", "Lad hver af {0} begynde, når den forrige slutter."),
    ("repeated", True, "Send {0} only once.", "Angiv kun {0} én gang."),
    ("not one", True, "Send {0} exactly once.", "Angiv {0} præcis én gang."),
    ("other types", True, "Send only results of type {values}.", "Angiv kun resultater af typen {values}."),
    *((sign, True, "Correct {mended}.", "Ret {mended}.") for sign in sorted(wording.SIGNS)),
    ("not among", True, "Change {0} to one of {values}.", "Ret {0} til en af {values}."),
    ("among", True, "Change {0} to another value.", "Ret {0} til en anden værdi."),
    ("=", False, "Correct {mended}{to_be}.", "Ret {mended}{to_be}."),
    ("≠", False, "Correct {mended}{not_to_be}.", "Ret {mended}{not_to_be}."),
    *((sign, False, "Correct {mended}.", "Ret {mended}.") for sign in sorted(wording.SIGNS)),
    ("has", True, "Take {1} out of {0}.", "Fjern {1} fra {0}."),
    ("=", True, "Correct {mended}{not_to_be}.", "Ret {mended}{not_to_be}."),
    ("≠", True, "Correct {mended}{to_be}.", "Ret {mended}{to_be}."),
    ("same", True, "Correct {0}.", "Ret {0}."),
    ("same", False, "Correct {0}.", "Ret {0}."),
    ("given", True, "Leave out {0}.", "Udelad {0}."),
    ("true", True, "Correct {0}.", "Ret {0}."),
    ("false", True, "Correct {0}.", "Ret {0}."),
    ("is in", True, "Change {0} to another code.", "Ret {0} til en anden kode."),
)
_OR = (" or ", " eller ")
_OR_LEAVE_OUT = (", or leave out {0}", ", eller udelad {0}")
_ADD = ("Add one to", "Føj {0} til")
_ADD_OR_CORRECT = ("Add or correct one of", "Tilføj eller ret {0} af")
_SUCH_AS = (", such as {0}", ", f.eks. {0}")
_TO_BE = (": it has to be {0}", ": værdien skal være {0}")
_NOT_TO_BE = (": it must not be {0}", ": værdien må ikke være {0}")
_CODED = (", a code of {0}", ", en kode fra {0}")
_IN_FORM = ("Write {0} as {1}.", "Skriv {0} som {1}.")
_GIVE_IT = (": give it {0}", ": angiv {0}")
_AND = (" and ", " og ")
_A_VALUE = ("the {0} {1}", "{0} {1}")
_A_CODE = ("a {0} of {1}{2}", "{0} fra {1}{2}")


def advice(parts: Parts, codes: KnownCodes, language: str) -> str:
    """Return the sentence that says what to do about the part that is simplest to mend; empty if there is none for any part."""
    number = LANGUAGES.index(language)
    all_decided = [decided for decided, _ in parts]
    parts = [(decided, part) for decided, part in parts if not is_guard(decided, all_decided)]
    for word, holds, *sentences in _WAYS:
        for decided, part in parts:
            if decided.condition.word == word and decided.holds == holds:
                return _sentence(sentences[number], decided, part, parts, codes, language)
    return ""


def is_guard(decided: Decided, parts: Iterable[Decided]) -> bool:
    """Return whether a part only says that a value is given, while another part says more about that value."""
    if decided.condition.word != "given" or not decided.holds or not decided.condition.paths:
        return False
    names = decided.condition.paths[0].names
    others = [other.condition for other in parts if other.thing is decided.thing and other.condition.word != "given"]
    return any(_says_more(path.names, names) for condition in others for path in condition.paths)


def _says_more(names: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """Return whether a path leads beyond a given value, or to a statement about what has this value."""
    has_it = names[:-1] if names[-1:] and names[-1] in TRUTHS else ()
    return bool(given) and (names[: len(given)] == given or (bool(has_it) and given[: len(has_it)] == has_it))


def _sentence(sentence: str, decided: Decided, part: DecidingPart, parts: Parts, codes: KnownCodes, language: str) -> str:
    number, condition = LANGUAGES.index(language), decided.condition
    first = condition.over or next(iter(condition.paths), Path())
    last = first.names[-1] if first.names else ""
    form = FORMS.get(last) if condition.word in ("given", "missing") or last == "is_date_time" else None
    if form:
        return _IN_FORM[number].format(wording.to_mend(part.mentions[0], language), form[number])
    ends = [wording.to_mend(mention, language) for mention in part.mentions]
    values = [wording.shown(value, language) for value in condition.values if not isinstance(value, bool)]
    given = [
        wording.to_mend(deciding.mentions[0], language)
        for other, deciding in parts
        if other.condition.word == "given" and other.holds and deciding.mentions
    ]
    wanted = codes.wanted(decided) if "{coded}" in sentence else (condition, decided.thing)
    such_as = _such_as(*wanted, codes, language) if wanted and ("{examples}" in sentence or "{coded}" in sentence) else ""
    lists = wanted[0].lists if wanted else ()
    named = wording.listed([(name, "") for name in lists], language)
    return sentence.format(
        *ends,
        *(values or ("", "")),
        "",
        values=wording.typed(values, language) if condition.word == "other types" else ", ".join(values),
        to_be=_TO_BE[number].format(*values) if values else "",
        not_to_be=_NOT_TO_BE[number].format(*values) if values else "",
        lists=named,
        examples=such_as,
        coded=f"{_CODED[number].format(named)}{such_as}" if "{coded}" in sentence and lists else "",
        member=_of_member(decided, parts, codes, language) if "{member}" in sentence else "",
        mended=_mended(part, language) if "{mended}" in sentence else "",
        or_leave_out=_OR_LEAVE_OUT[number].format(given[0]) if given else "",
        add=(_ADD_OR_CORRECT if first.get(decided.thing) else _ADD)[number].format(wording.danish_one(last)),
        then=wording.danish_then(condition.paths[1].get(decided.thing)) if "{then}" in sentence else "",
    )


def _such_as(condition: Condition, thing: Any, codes: KnownCodes, language: str) -> str:
    examples = codes.examples(condition, thing) if condition.lists else ""
    return _SUCH_AS[LANGUAGES.index(language)].format(examples) if examples else ""


def _of_member(decided: Decided, parts: Parts, codes: KnownCodes, language: str) -> str:
    """Return a colon and what a member of a collection must be; empty if that is not known.

    If a member meets all requirements but one, or the requirements cannot be listed, the text says how to mend that member.
    """
    of_members: dict[int, list[tuple[Decided, DecidingPart]]] = {}
    for other, part in parts:
        if other is not decided and other.owner is decided.thing:
            of_members.setdefault(id(other.thing), []).append((other, part))
    nearest = min(of_members.values(), key=len, default=[])
    wanted = _wanted(decided.condition, codes, language)
    if len(nearest) == 1 or not wanted:
        told = advice(nearest, codes, language)
        return f": {told[0].lower()}{told[1:].rstrip('.')}" if told else ""
    return _GIVE_IT[LANGUAGES.index(language)].format(wanted)


def _wanted(condition: Condition, codes: KnownCodes, language: str) -> str:
    """Return the values and codes that a member of a collection must have; empty if the condition asks for anything else."""
    number, wanted = LANGUAGES.index(language), list[str]()
    for part in condition.parts[0].simple() if condition.word == "none" else ():
        path = part.over or next(iter(part.paths), Path())
        name = next((NAMES[name][number] for name in reversed(path.names) if name in NAMES and name not in ("code", "text")), "")
        if part.word == "=" and part.values and name:
            wanted.append(_A_VALUE[number].format(name, part.values[0]))
        elif part.word == "is in" and name:
            lists = wording.listed([(each, "") for each in part.lists], language)
            wanted.append(_A_CODE[number].format(name, lists, _such_as(part, None, codes, language)))
        else:
            return ""
    return _AND[number].join(wanted)


def _mended(part: DecidingPart, language: str) -> str:
    """Return the compared values that the documents state, joined by "or"; all of them, if the documents state none."""
    sent = [mention for mention in part.mentions if mention.line] or part.mentions
    known = {mention.mended: mention for mention in reversed(sent) if not mention.name}
    named = [mention for mention in sent if mention.name or known[mention.mended] is mention]  # name a collection only once
    return _OR[LANGUAGES.index(language)].join(dict.fromkeys(wording.to_mend(mention, language) for mention in named))
