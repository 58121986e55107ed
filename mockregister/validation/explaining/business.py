"""Explain why a business rule was violated: the parts of its condition that decided, with the values that the register saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from mockregister.codes import validity as validity_of
from mockregister.codes.lists import CodeLists
from mockregister.codes.tables import CodeTables
from mockregister.document.places import by_id
from mockregister.document.whereabouts import Spot, Whereabouts
from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.model import EpisodeTree, Period
from mockregister.validation.explaining import wording
from mockregister.validation.explaining.advising import KnownCodes, advice
from mockregister.validation.explaining.deciding import MOST_MEMBERS, Decided, deciding, is_so
from mockregister.validation.explaining.earlier import EarlierDocuments
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.explaining.vocabulary import ALONE, NAMES, SILENT, TRUTHS
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Condition, Path
from mockregister.validation.rules.facts import AnyCondition, Coded, Fact, Report, Unit
from mockregister.validation.rules.gathering import gather
from mockregister.validation.rules.joins import Joined
from mockregister.validation.rules.reading import reading, reading_from
from mockregister.validation.rules.rule import Rule, RuleBook

OF_TABLES = (("opened",), ("closed",), ("valid_from",), ("valid_to",))  # stated by tables, not by documents
SEVERAL_CODES = (  # each field with several codes, after the field of the entry that it is in (empty: the entry itself)
    ("", "metastases"),
    ("", "recurrences"),
    ("code", "supplementary"),
    ("reason", "supplementary"),
    ("indication", "supplementary"),
)
MOST_FACTS = 3  # things that the explanation of one finding names
_OR = (" or ", " eller ")
EXAMPLES = 3  # codes of a list that advice names


class RuleExplainer:
    """Explains findings of business rules on these episodes of care, as they are at the moment ``now``."""

    def __init__(
        self,
        trees: Sequence[EpisodeTree],
        tables: CodeTables,
        now: datetime,
        rules: RuleBook,
        places: Whereabouts,
        earlier: EarlierDocuments,
        language: str = "en",
    ) -> None:
        self._trees, self._tables, self._now, self._rules = trees, tables, now, rules
        self._places, self._earlier, self._language = places, earlier, language
        self._known: dict[tuple[str, tuple[datetime, ...]], str] = {}

    def explain(self, finding: Finding) -> Explanation:
        """Return why a rule's finding came; without deciding parts if the rule is not found violated here (any more)."""
        if finding.code not in self._rules:
            return Explanation()
        rule = self._rules[finding.code]
        decided = [
            deciding_part
            for fact in islice(self._violating(rule, finding), MOST_FACTS)
            for deciding_part in deciding(rule.violated, fact)
        ]
        parts = [(part, self._part(part, finding)) for part in decided]
        because = tuple(dict.fromkeys(part for _, part in parts))
        declared = rule.published or (reading(rule, DANISH) if self._language == "da" else rule.condition)
        return Explanation(because, declared, advice=advice(parts, KnownCodes(self._examples, self._wanted), self._language))

    def _violating(self, rule: Rule, finding: Finding) -> Iterator[Fact]:
        """Yield the things that violate a rule and whose finding has the same place as this one."""
        wanted = finding.subject.episode[1].lower() if finding.subject is not None else ""
        for fact in self._facts:
            episode = fact.session.episode.id
            has_episode = (episode.extension.lower() if episode is not None else "") == wanted
            if has_episode and rule.is_about(type(fact), fact.key, type(fact.cause)):
                place = rule.place_of(fact).id or episode
                assert place is not None
                if by_id(place.root, place.extension) == finding.where and is_so(rule.violated, fact):
                    yield fact

    @lazy
    def _facts(self) -> list[Fact]:
        return [fact for tree in self._trees for fact in gather(tree, self._tables, self._now)]

    # -- a part in words

    def _part(self, decided: Decided, finding: Finding) -> DecidingPart:
        condition, number = decided.condition, LANGUAGES.index(self._language)
        paths = condition.paths[:3] if condition.over is None else (condition.over,)
        mentions = [self._mention(path, decided, finding) for path in paths]
        mentions = self._judged(decided, mentions)
        if paths and _is_statement(paths[0], decided.thing):
            return self._truth(decided, paths[0], mentions)
        ends = [wording.said(mention, self._language) for mention in mentions]
        members = self._members(condition, paths, decided.thing, mentions[0].name if mentions else "")
        if members:
            ends[0] = f"{mentions[0].name}: {', '.join(wording.said(member, self._language) for member in members)}"
            mentions = [*members, *mentions[1:]]
        values = [wording.shown(value, self._language) for value in condition.values]
        if condition.word in wording.SIGNS or condition.word in ("=", "≠"):
            ends += values
        if condition.word in wording.SIGNS:
            value = condition.paths[0].get(decided.thing)
            text = f"{ends[0]} {wording.compared(condition.word, value, self._language, decided.holds)} {ends[1]}"
        elif condition.word in wording.PHRASES:
            phrase = wording.PHRASES[condition.word][number][0 if decided.holds else 1]
            when = wording.when(paths[1].get(decided.thing), self._language) if len(paths) > 1 else ""
            lists = wording.listed([(name, self._title(name)) for name in condition.lists], self._language)
            text = phrase.format(*ends, *("",) * 2, values=", ".join(values), lists=lists, when=when)
        else:
            text = condition.reads
        return DecidingPart(text.strip(), tuple(mentions))

    def _judged(self, decided: Decided, mentions: list[Mention]) -> list[Mention]:
        """Return the mentions; the moment of a look-up may be wrong only if the code is in those lists at other times."""
        condition = decided.condition
        if condition.word in ("is in", "is not in", "nowhere has a code in", "invalid"):
            path = condition.paths[0]
            codes = _codes(_deciding_codes(decided, path) or path.get(decided.thing))
            dated = any(code.always is None for code in codes) and condition.word != "is in"
            if condition.word != "invalid":
                dated = dated and any(set(condition.lists) & row.lists for code in codes for row in code.sks.rows(code.text))
            mentions = [mentions[0], *(replace(mention, may_be_wrong=dated) for mention in mentions[1:])]
            if dated and codes:
                told = f"{mentions[0].value}, {wording.validity(codes[0], self._language)}"
                mentions[0] = replace(mentions[0], value=told)
        return [replace(mention, may_be_wrong=mention.may_be_wrong and mention.line > 0) for mention in mentions]

    def _mention(self, path: Path, decided: Decided, finding: Finding) -> Mention:
        """Return the value at the end of a path (of several codes, those that decide) with its name and its place."""
        thing, codes = decided.thing, _deciding_codes(decided, path)
        of_code = self._of_code(path, decided)
        if of_code is not None:
            return of_code
        coded = Path(path.names[:-1])
        if path.names[-1:] == ("text",) and not path.derived and isinstance(coded.get(thing), Coded):
            path = coded  # a published condition compares the text of a code
        value = codes or path.get(thing)
        holder, field, sent = _holder(path, thing)
        if _is_statement(path, thing):
            owner = Path(path.names[:-1])
            told = wording.shown(owner.get(thing), self._language)
            spot = self._spot(holder, field, sent, finding)
            return Mention(self._name(owner, thing), told, spot.line, document=spot.document)
        spot = self._spot(holder, field, value if _codes(value) else sent, finding)
        if spot.line and value in (None, (), []) and isinstance(holder, Fact):
            spot = self._said(holder, holder.source, "", None)
        told = "" if isinstance(value, bool) else wording.shown(value, self._language)
        told = "" if told == wording.kind_of(value, self._language) else told  # a thing without a value of its own is only named
        name, mended = self._name(path, thing), ""
        if path.by.word == "plus" and isinstance(path.by.parts[0], Path):
            mended = self._name(path.by.parts[0], thing)
        if path.names[-1:] in OF_TABLES and not path.derived:
            listed = Path(path.names[:-1])
            mended, name = self._name(listed, thing), f"{name} {wording.shown(listed.get(thing), self._language)},"
        return Mention(name, told, spot.line, mended=mended, whole=spot.interval, document=spot.document)

    def _of_code(self, path: Path, decided: Decided) -> Mention | None:
        """Return the value at the end of a path that begins at one of several codes of an entry; None for any other path."""
        code, rest = _code_at(path, decided.thing)
        if code is None or path.derived:
            return None
        found = next(_bearers(code, (decided.thing, decided.owner)), None)
        if found is None:
            return None
        fact, names = found
        name, spot, value = (
            self._name(Path(names), fact),
            self._said(fact, fact.source, names[-1], code.text),
            path.get(decided.thing),
        )
        if rest[-1:] not in OF_TABLES:
            return Mention(name, wording.shown(code, self._language), spot.line, document=spot.document)
        told = f"{NAMES[rest[-1]][LANGUAGES.index(self._language)]} {wording.shown(code, self._language)},"
        return Mention(told, wording.shown(value, self._language), spot.line, mended=name, document=spot.document)

    def _members(self, condition: Condition, paths: Sequence[Path], thing: Any, name: str) -> list[Mention]:
        """Return the members of the collection that the first path leads to, if any; of results, those of a wrong type."""
        path = paths[0].by.parts[0] if paths and paths[0].by.word == "number" else next(iter(paths), None)
        found = path.get(thing) if isinstance(path, Path) else None
        if not isinstance(found, (list, tuple)) or not found or not isinstance(found[0], Fact):
            return []
        if condition.word == "other types":
            places = [
                (each.type, self._said(each, each.source, "type", each.type.text)) for each in _of_wrong_type(condition, found)
            ]
            told = [(wording.shown(kind, self._language), at) for kind, at in places[:MOST_MEMBERS]]
        else:
            told = [
                (wording.shown(each, self._language), self._said(each, each.source, "", None)) for each in found[:MOST_MEMBERS]
            ]
        return [Mention("", value, spot.line, mended=name, document=spot.document) for value, spot in told]

    def _truth(self, decided: Decided, path: Path, mentions: list[Mention]) -> DecidingPart:
        """Return the part for a path that ends in a statement about a thing, such as ``is a number``."""
        condition = decided.condition
        is_true = condition.word == "true" or (condition.word == "=" and condition.values == (True,))
        is_true = is_true or (condition.word == "≠" and condition.values == (False,)) or condition.word == "given"
        number = LANGUAGES.index(self._language)
        statement = f"{wording.said(mentions[0], self._language)} {TRUTHS[path.names[-1]][number]}"
        phrase = wording.PHRASES["true"][number][0 if is_true == decided.holds else 1]
        return DecidingPart(phrase.format(statement), tuple(mentions))

    def _spot(self, holder: Any, field: str, sent: Any, finding: Finding) -> Spot:
        if not isinstance(holder, Fact) or field in ("now", "session"):
            return Spot()
        if field in ("is_date_time", "number", "whole_number"):
            return self._said(holder, holder.source, "value", getattr(holder, "text", None))
        if field == "reported":
            return Spot(self._places.line_of_document(finding.document, field, sent))
        if field == "latest_time":
            found = self._places.spot_of_time(sent) if sent is not None else Spot()
            return found if found.line or sent is None else self._earlier.spot_of_time(_set_of(holder), sent)
        if field.startswith("cause_") and isinstance(holder, Report) and holder.owner is not None:
            holder = holder.owner.encounter if isinstance(holder.owner, AnyCondition) else holder.owner
            field = field.removeprefix("cause_")
        name = "start" if isinstance(sent, Period) else field
        source = getattr(holder.source, "link", None) if field == "link" else _source(sent, holder)
        return self._said(holder, source, name, _value(sent))

    def _said(self, fact: Fact, source: object, name: str, value: object) -> Spot:
        """Return the place of a value in the documents sent, or else in the latest earlier document of the set that has it."""
        found = self._places.spot(source, name, value)
        return found if found.line else self._earlier.spot(_set_of(fact), source, name, value)

    def _name(self, path: Path, thing: Any) -> str:
        """Return the name of what a path leads to: ``start of the encounter``, and in Danish ``kontaktens starttidspunkt``."""
        number = LANGUAGES.index(self._language)
        if path.by.word in ("has report", "results of"):
            return self._name_of_reported(path, thing)
        told = reading_from(thing, path, DANISH) if path.reads and self._language == "da" else ""
        if told:
            return told
        names = [name for name in path.names if name not in SILENT]
        if not names:
            return wording.kind_of(path.get(thing), self._language) or path.reads or NAMES["code"][number]
        names = names[-1:] if names[-1] in ALONE else names
        if names[-2:] == ["code", "supplementary"]:
            names.remove("code")
        words = [NAMES[name][number] if name in NAMES else name.replace("_", " ") for name in reversed(names[-2:])]
        root = thing.this if isinstance(thing, Joined) else thing
        if len(names) == 1 and names[0] not in ALONE and wording.kind_of(root, self._language):
            words.append(wording.kind_of(root, self._language))
        told = (" of the ", " for ")[number].join(words)
        shift = path.reads.rpartition(names[-1])[2] if path.derived else ""
        return f"{told}{shift}" if shift.startswith((" +", " -")) else told

    def _name_of_reported(self, path: Path, thing: Any) -> str:
        """Return the name of a result report of a thing, or of results of some types."""
        number, (base, *more) = LANGUAGES.index(self._language), path.by.parts
        if path.by.word == "results of":
            return f"{NAMES['result'][number]} {_OR[number].join(map(str, more))}"
        assert isinstance(base, Path)
        assert isinstance(more[0], Path)
        told, owner = f"{NAMES['report'][number]} {more[0].get(thing)}", wording.kind_of(base.get(thing), self._language)
        return f"{told}{(' of the ', ' for ')[number]}{owner}" if owner else told

    def _title(self, name: str) -> str:
        found = CodeLists(lenient=False).get(name)
        return found.title if found is not None else ""

    def _examples(self, condition: Condition, thing: Any) -> str:
        """Return a few codes of the lists that a condition on a thing names, with their terms; empty if the tables have none.

        They are valid at the moments at which the condition looks them up, or now if it names no moment.
        """
        moments = tuple(_moments(condition, thing)) or (self._now,)
        for name in condition.lists:
            if (name, moments) not in self._known:
                rows = self._tables.sks.search(list_name=name)
                valid = (row for row in rows if all(validity_of.holds(row, moment) for moment in moments))
                self._known[name, moments] = ", ".join(f"{row.code} ({row.term})" for row in islice(valid, EXAMPLES))
        return next(filter(None, (self._known[name, moments] for name in condition.lists)), "")

    def _wanted(self, decided: Decided) -> tuple[Condition, Any] | None:
        """Return the condition of a rule that says which lists a missing code must be from, and the thing to test it on."""
        thing = decided.thing.this if isinstance(decided.thing, Joined) else decided.thing
        names = _names_of(decided.condition)
        for rule in self._rules if names else ():
            if isinstance(thing, rule.on):
                for condition in rule.violated.simple():
                    if condition.word == "is not in" and _names_of(condition) == names:
                        return condition, thing
        return None


def _moments(condition: Condition, thing: Any) -> Iterator[datetime]:
    """Yield the moments at which a condition on a thing looks codes up; for a period, both its ends."""
    for path in condition.paths[1:] if thing is not None else ():
        value = path.get(thing)
        yield from (end for end in (value if isinstance(value, Period) else (value,)) if isinstance(end, datetime))


def _deciding_codes(decided: Decided, path: Path) -> tuple[Coded, ...]:
    """Return the codes for which a condition holds, if its path leads to several codes; otherwise return none."""
    condition = decided.condition
    if not decided.holds or condition.word not in ("is in", "is not in", "invalid") or path is not condition.paths[0]:
        return ()
    found = _codes(path.get(decided.thing))
    ends = [end.get(decided.thing) for end in condition.paths[1:]]
    return tuple(code for code in found if _is_so_of(code, condition, ends)) if len(found) > 1 else ()


def _is_so_of(code: Coded, condition: Condition, ends: Sequence[Any]) -> bool:
    """Return whether a condition holds for a code, looked up at a moment, in a period, or between two moments."""
    if condition.word == "invalid":
        first, *_, last = ends[0] if isinstance(ends[0], Period) else (ends[0], ends[-1])
        return code.is_invalid(first, last)
    return frozenset(condition.lists).isdisjoint(code.lists(ends[0])) == (condition.word == "is not in")


def _code_at(path: Path, thing: Any) -> tuple[Coded | None, tuple[str, ...]]:
    """Return the code at which a path begins, and the rest of the path; None if it begins at something else."""
    for step, name in enumerate((*path.names, "")):
        if isinstance(thing, Coded):
            return thing, path.names[step:]
        if not isinstance(thing, Joined):
            break
        thing = getattr(thing, name, None)
    return None, path.names


def _bearers(code: Coded, things: Iterable[Any]) -> Iterator[tuple[Fact, tuple[str, ...]]]:
    """Yield each fact that has this code object among its codes, and the names of the path to these codes."""
    for thing in things:
        if isinstance(thing, Joined):
            yield from _bearers(code, thing)
        elif isinstance(thing, Fact):
            for owner, field in SEVERAL_CODES:
                found = getattr(getattr(thing, owner, None) if owner else thing, field, None)
                if any(each is code for each in _codes(found)):
                    yield thing, (owner, field) if owner else (field,)


def _is_statement(path: Path, thing: Any) -> bool:
    """Return whether a path ends in an attribute that is true or false, or in a number that is missing."""
    last = path.names[-1] if path.names else ""
    return last in TRUTHS and (last not in ("number", "whole_number") or path.get(thing) is None)


def _of_wrong_type(condition: Condition, results: Sequence[Any]) -> list[Any]:
    """Return the results whose type is none of a condition's values, which may be the ends of a range."""
    match condition.values:
        case (str(first), "–", str(last)):
            return [each for each in results if not first <= each.type.text <= last]
    return [each for each in results if each.type.text not in condition.values]


def _names_of(condition: Condition) -> tuple[str, ...]:
    """Return the attributes in the first path of a condition; none if it has no path."""
    return tuple(name for path in condition.paths[:1] for name in path.names if name not in SILENT)


def _set_of(fact: Fact) -> str:
    """Return the key of the set that a fact belongs to."""
    identifier = fact.session.episode.id
    return identifier.root.lower() if identifier is not None else ""


def _holder(path: Path, thing: Any) -> tuple[Any, str, Any]:
    """Return the fact nearest to the end of a path, the field of it that the path uses, and the value of that field."""
    holder, field, found, current = thing, "", None, thing
    for name in path.names:
        following = getattr(current, name, None)
        if isinstance(current, Fact):
            holder, field, found = current, name, following
        current = following
        if current is None:
            break
    return (path.get(thing), "", None) if not path.names and isinstance(path.get(thing), Fact) else (holder, field, found)


def _source(sent: Any, holder: Fact) -> object:
    """Return what is to be looked for in the document: the entry that a field leads to, or the entry that has the field."""
    if isinstance(sent, (list, tuple)) and sent and isinstance(sent[0], Fact):
        return sent[0].source
    return sent.source if isinstance(sent, Fact) else holder.source


def _value(sent: Any) -> object:
    """Return the text, number or time that the document has for a field."""
    match sent:
        case Coded():
            return sent.text
        case Unit():
            return sent.sor_id
        case Period():
            return sent.start
        case [first, *_] if not isinstance(first, Fact):
            return _value(first)
        case list() | tuple() | Fact():
            return None
    return getattr(sent, "code", None) and _value(sent.code) if hasattr(sent, "same_patient") else sent


def _codes(value: Any) -> list[Coded]:
    return [part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Coded)]
