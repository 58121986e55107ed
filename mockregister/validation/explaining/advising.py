"""One sentence that says what to do, worked out from the parts that decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mockregister.validation.explaining import wording
from mockregister.validation.explaining.deciding import Decided
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart

Parts = Sequence[tuple[Decided, DecidingPart]]

# What can be mended, the plainest first: the word, whether it was so, and the sentence in English and in Danish.
_WAYS: tuple[tuple[str, bool, str, str], ...] = (
    ("missing", True, "Send {0}{coded}{or_leave_out}.", "Angiv {0}{coded}{or_leave_out}."),
    ("given", False, "Send {0}{coded}{or_leave_out}.", "Angiv {0}{coded}{or_leave_out}."),
    ("nowhere has a code in", True, "Add a code of {lists}{examples}.", "Tilføj en kode fra {lists}{examples}."),
    ("lacks", True, "Add {1} to {0}.", "Føj {1} til {0}."),
    ("none", True, "Add or correct one of {0}{member}.", "Tilføj eller ret en af {0}{member}."),
    ("some", False, "Add or correct one of {0}{member}.", "Tilføj eller ret en af {0}{member}."),
    ("is not in", True, "Send for {0} a code of {lists}{examples}.", "Angiv for {0} en kode fra {lists}{examples}."),
    ("is in", False, "Send for {0} a code of {lists}{examples}.", "Angiv for {0} en kode fra {lists}{examples}."),
    (
        "invalid",
        True,
        "Send for {0} a code that is valid then, or correct {1}.",
        "Angiv for {0} en kode, der gælder da, eller ret {1}.",
    ),
    (
        "apart",
        True,
        "Leave out {0}, or send one that is valid with {1}.",
        "Udelad {0}, eller angiv en, der gælder samtidig med {1}.",
    ),
    ("gaps", True, "Let each of {0} begin when the one before ends.", "Lad hver af {0} begynde, når den forrige slutter."),
    ("repeated", True, "Send {0} only once.", "Angiv kun {0} én gang."),
    ("not one", True, "Send {0} exactly once.", "Angiv {0} netop én gang."),
    ("other types", True, "Send only results of {values}.", "Angiv kun resultater af {values}."),
    *((sign, True, "Correct {mended}.", "Ret {mended}.") for sign in sorted(wording.SIGNS)),
    ("not among", True, "Send for {0} one of {values}.", "Angiv for {0} en af {values}."),
    ("among", True, "Let {0} be another one.", "Lad {0} være en anden."),
    ("=", False, "Correct {mended}{to_be}.", "Ret {mended}{to_be}."),
    ("≠", False, "Correct {mended}{not_to_be}.", "Ret {mended}{not_to_be}."),
    *((sign, False, "Correct {mended}.", "Ret {mended}.") for sign in sorted(wording.SIGNS)),
    ("has", True, "Take {1} out of {0}.", "Tag {1} ud af {0}."),
    ("=", True, "Correct {mended}{not_to_be}.", "Ret {mended}{not_to_be}."),
    ("≠", True, "Correct {mended}{to_be}.", "Ret {mended}{to_be}."),
    ("given", True, "Leave out {0}.", "Udelad {0}."),
    ("true", True, "Correct {0}.", "Ret {0}."),
    ("false", True, "Correct {0}.", "Ret {0}."),
    ("is in", True, "Send another code for {0}.", "Angiv en anden kode for {0}."),
)
_OR = (" or ", " eller ")
_OR_LEAVE_OUT = (", or leave out {0}", ", eller udelad {0}")
_SUCH_AS = (", such as {0}", ", f.eks. {0}")
_TO_BE = (": it has to be {0}", ": den skal være {0}")
_NOT_TO_BE = (": it must not be {0}", ": den må ikke være {0}")
_CODED = (", a code of {0}", ", en kode fra {0}")


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """What advice may name: ``examples`` gives a few codes of lists, ``lists_of`` the lists that a missing code has to be in."""

    examples: Callable[[Sequence[str]], str]
    lists_of: Callable[[Decided], Sequence[str]]


def advice(parts: Parts, codes: KnownCodes, language: str) -> str:
    """Return what to do about the part that is mended most plainly; empty if none of them is known to be mendable."""
    number = LANGUAGES.index(language)
    for word, so, *sentences in _WAYS:
        for decided, part in parts:
            if decided.condition.word == word and decided.so == so:
                return _sentence(sentences[number], decided, part, parts, codes, language)
    return ""


def _sentence(sentence: str, decided: Decided, part: DecidingPart, parts: Parts, codes: KnownCodes, language: str) -> str:
    number, condition = LANGUAGES.index(language), decided.condition
    ends = [wording.to_mend(mention, language) for mention in part.mentions]
    values = [wording.shown(value, language) for value in condition.values if not isinstance(value, bool)]
    given = [
        wording.to_mend(deciding.mentions[0], language)
        for other, deciding in parts
        if other.condition.word == "given" and other.so and deciding.mentions
    ]
    lists = codes.lists_of(decided) if "{coded}" in sentence else condition.lists
    examples = codes.examples(lists) if "{examples}" in sentence or "{coded}" in sentence else ""
    such_as = _SUCH_AS[number].format(examples) if examples else ""
    named = wording.listed([(name, "") for name in lists], language)
    return sentence.format(
        *ends,
        *(values or ("", "")),
        "",
        values=", ".join(values),
        to_be=_TO_BE[number].format(*values) if values else "",
        not_to_be=_NOT_TO_BE[number].format(*values) if values else "",
        lists=named,
        examples=such_as,
        coded=f"{_CODED[number].format(named)}{such_as}" if "{coded}" in sentence and lists else "",
        member=_of_member(decided, parts, codes, language) if "{member}" in sentence else "",
        mended=_mended(part, language) if "{mended}" in sentence else "",
        or_leave_out=_OR_LEAVE_OUT[number].format(given[0]) if given else "",
    )


def _of_member(decided: Decided, parts: Parts, codes: KnownCodes, language: str) -> str:
    """Return how the first member of a collection is mended, after a colon; empty if that is not known."""
    members = [(other, part) for other, part in parts if other is not decided and other.thing is not decided.thing]
    first = [(other, part) for other, part in members if other.thing is members[0][0].thing]
    told = advice(first, codes, language)
    return f": {told[0].lower()}{told[1:].rstrip('.')}" if told else ""


def _mended(part: DecidingPart, language: str) -> str:
    """Return the ends of a comparison that the document says; all of them, if it says none."""
    sent = [mention for mention in part.mentions if mention.line] or part.mentions
    return _OR[LANGUAGES.index(language)].join(dict.fromkeys(wording.to_mend(mention, language) for mention in sent))
