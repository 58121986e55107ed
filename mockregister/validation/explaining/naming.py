"""Name what a path leads to: ``start of the encounter``, and in Danish ``kontaktens starttidspunkt``."""

from __future__ import annotations

from typing import Any

from mockregister.validation.explaining import wording
from mockregister.validation.explaining.explanation import LANGUAGES
from mockregister.validation.explaining.vocabulary import ALONE, NAMES, ONE_CODE, OWNED, SILENT, TRUTHS
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Path
from mockregister.validation.rules.facts import Fact
from mockregister.validation.rules.joins import Joined
from mockregister.validation.rules.reading import reading_from

_OR = (" or ", " eller ")
_OF = (" of the ", " for ")
_COMPUTED = ("plus", "day")


def name_of(path: Path, thing: Any, language: str) -> str:
    """Return the name of what a path leads to from a thing."""
    path, thing = _from_one(path, thing)
    if path.by.word in ("has report", "results of"):
        return _name_of_reported(path, thing, language)
    told = (_in_danish(path, thing) if language == "da" else _of_computed(path, thing)) if path.reads else ""
    return told or _from_steps(path, thing, language)


def _from_one(path: Path, thing: Any) -> tuple[Path, Any]:
    """Return a path from a code joined with its owner as a path from one of the two; return other paths unchanged."""
    while isinstance(thing, Joined) and path.names and not path.derived and not all(isinstance(each, Fact) for each in thing):
        path, thing = Path(path.names[1:]), getattr(thing, path.names[0])
    return path, thing


def name_of_sent(path: Path, thing: Any, language: str) -> str:
    """Return the name of the moment in the document from which a path computes another one; empty for other paths."""
    sent = path
    while sent.by.word in _COMPUTED and isinstance(sent.by.parts[0], Path):
        sent = sent.by.parts[0]
    return "" if sent is path else name_of(sent, thing, language)


def _in_danish(path: Path, thing: Any) -> str:
    """Return the name as in the Danish reading of conditions, with the owner if that reading leaves it out."""
    names, root = path.names, thing.this if isinstance(thing, Joined) else thing
    if names[-1:] and names[-1] in ONE_CODE and not path.derived:
        owner = reading_from(thing, Path(names[:-2] if names[-2:-1] == ("code",) else names[:-1]), DANISH)
        return owner and f"{owner}{DANISH.genitive} {ONE_CODE[names[-1]]}"
    if f"{type(root).__name__}.{path.reads}" in DANISH.given and path.reads not in TRUTHS:
        return f"{wording.kind_of(root, 'da')}{DANISH.genitive} {DANISH.nouns[path.reads].bare}"
    return reading_from(thing, path, DANISH)


def _of_computed(path: Path, thing: Any) -> str:
    """Return the English name of a moment or date that is computed from another one; empty for other paths."""
    match path.by.word, path.by.parts:
        case "plus", (Path() as start, dict(span)):
            told = " and ".join(f"{abs(count)} {unit if abs(count) != 1 else unit[:-1]}" for unit, count in span.items())
            return f"{told} {'after' if min(span.values()) >= 0 else 'before'} the {name_of(start, thing, 'en')}"
        case "day", (Path() as moment,):
            told = name_of(moment, thing, "en")
            return f"date {told}" if moment.by.word == "plus" else f"date of the {told.removeprefix('time of the ')}"
    return ""


def _from_steps(path: Path, thing: Any, language: str) -> str:
    """Return the name made of the last attributes of a path and the kind of thing that it begins at."""
    number, root = LANGUAGES.index(language), thing.this if isinstance(thing, Joined) else thing
    names = _steps(path)
    if not names:
        return wording.kind_of(path.get(thing), language) or path.reads or NAMES["code"][number]
    has_owner = OWNED.intersection(names[-2:-1]) or names[-3:-1] == ["link", "episode"]
    words = [_noun(name, root, number) for name in reversed(names[-3 if has_owner else -2 :])]
    if len(names) == (2 if has_owner else 1) and names[0] not in ALONE:
        words += filter(None, [wording.kind_of(root, language)])
    told = _OF[number].join(words)
    shift = path.reads.rpartition(names[-1])[2] if path.derived else ""
    return f"{told}{shift}" if shift.startswith((" +", " -")) else told


def _steps(path: Path) -> list[str]:
    """Return the attributes of a path that its name may contain."""
    names = [name for name in path.names if name not in SILENT]
    names = names[-1:] if names[-1:] and names[-1] in ALONE else names
    if names[-2:] == ["code", "supplementary"]:
        names.remove("code")
    return names


def _noun(name: str, root: Any, number: int) -> str:
    """Return what an attribute is called, which may depend on ``root``, the thing that the path begins at."""
    known = NAMES.get(f"{type(root).__name__}.{name}") or NAMES.get(name)
    return known[number] if known else name.replace("_", " ")


def _name_of_reported(path: Path, thing: Any, language: str) -> str:
    """Return the name of a result report of a thing, or of results of some types."""
    number, (base, *more) = LANGUAGES.index(language), path.by.parts
    if path.by.word == "results of":
        return f"{NAMES['result'][number]} {_OR[number].join(map(str, more))}"
    assert isinstance(base, Path)
    assert isinstance(more[0], Path)
    told, owner = f"{NAMES['report'][number]} {more[0].get(thing)}", wording.kind_of(base.get(thing), language)
    return f"{told}{_OF[number]}{owner}" if owner else told
