"""Explain why a business rule was violated: the parts of its condition that decided, with the values that the register saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from mockregister.codes.lists import CodeLists
from mockregister.codes.tables import CodeTables
from mockregister.document.places import by_id
from mockregister.document.whereabouts import Spot, Whereabouts
from mockregister.finding import Finding
from mockregister.lazy import lazy
from mockregister.model import EpisodeTree
from mockregister.validation.explaining import wording
from mockregister.validation.explaining.advising import advice, is_guard
from mockregister.validation.explaining.deciding import MOST_MEMBERS, Decided, deciding, is_so
from mockregister.validation.explaining.earlier import EarlierDocuments
from mockregister.validation.explaining.explanation import LANGUAGES, DecidingPart, Explanation, Mention
from mockregister.validation.explaining.known_codes import KnownCodes
from mockregister.validation.explaining.naming import name_of, name_of_sent
from mockregister.validation.explaining.several_codes import bearers, code_at, codes_in, deciding_codes
from mockregister.validation.explaining.value_places import ValuePlaces, holder_of
from mockregister.validation.explaining.vocabulary import NAMES, PLURAL, TRUTHS
from mockregister.validation.rules.danish import DANISH
from mockregister.validation.rules.expression import Condition, Path
from mockregister.validation.rules.facts import Coded, Fact
from mockregister.validation.rules.gathering import EpisodeFacts
from mockregister.validation.rules.reading import reading
from mockregister.validation.rules.rule import Rule, RuleBook

OF_TABLES = (("opened",), ("closed",), ("valid_from",), ("valid_to",))  # stated by tables, not by documents
MOST_FACTS = 3  # things that the explanation of one finding names
_OF_CODE = ("{0} of {1},", "{0} for {1},")


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
        self._places, self._codes = ValuePlaces(places, earlier), KnownCodes(tables, rules, now)
        self._language, self._number = language, LANGUAGES.index(language)

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
        parts = [(part, self._part(part, finding, is_guard(part, decided))) for part in decided]
        because = tuple(dict.fromkeys(part for _, part in parts))
        declared = rule.published or (reading(rule, DANISH) if self._language == "da" else rule.condition)
        return Explanation(because, declared, advice=advice(parts, self._codes, self._language))

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
        return [fact for tree in self._trees for fact in EpisodeFacts(tree, self._tables, self._now).facts]

    # -- a part in words

    def _part(self, decided: Decided, finding: Finding, is_guard: bool) -> DecidingPart:
        """Return a part as a sentence; a guard marks no value as wrong, because another part says more about it."""
        condition = decided.condition
        paths = condition.paths[:3] if condition.over is None else (condition.over,)
        mentions = self._judged(decided, [self._mention(path, decided, finding) for path in paths])
        if is_guard:
            mentions = [replace(mention, may_be_wrong=False) for mention in mentions]
        if paths and _is_statement(paths[0], decided.thing):
            return self._truth(decided, paths[0], mentions)
        ends = [self._said(mention, is_first=place == 0) for place, mention in enumerate(mentions)]
        members = self._members(condition, paths, decided.thing, mentions[0].name if mentions else "")
        if members:
            ends[0] = f"{mentions[0].name}: {', '.join(wording.in_words(member, self._language) for member in members)}"
            mentions = [*members, *mentions[1:]]
        return DecidingPart(self._sentence(decided, paths, ends).strip(), tuple(mentions))

    def _said(self, mention: Mention, is_first: bool) -> str:
        name = mention.name if is_first else wording.with_article(mention.name, self._language)
        return wording.in_words(replace(mention, name=name), self._language)

    def _sentence(self, decided: Decided, paths: Sequence[Path], ends: list[str]) -> str:
        """Return what a condition says about its ends if it holds, or else the opposite."""
        condition, holds = decided.condition, decided.holds
        values = [wording.shown(value, self._language) for value in condition.values]
        if condition.word in wording.SIGNS:
            value = condition.paths[0].get(decided.thing)
            return f"{ends[0]} {wording.compared(condition.word, value, self._language, holds)} {[*ends, *values][1]}"
        if condition.word not in wording.PHRASES:
            return condition.reads
        is_empty = condition.word in ("some", "none") and not paths[0].get(decided.thing)
        word, holds = ("missing", True) if is_empty else (condition.word, holds)
        last = paths[0].names[-1] if paths and paths[0].names else ""
        return wording.phrase(word, holds, self._language).format(
            *ends,
            *(values if condition.word in ("=", "≠") else ()),
            *("",) * 2,
            values=wording.typed(values, self._language) if condition.word == "other types" else ", ".join(values),
            lists=wording.listed([(name, self._title(name)) for name in condition.lists], self._language),
            when=wording.when(paths[1].get(decided.thing), self._language) if len(paths) > 1 else "",
            be="are" if last in PLURAL else "is",
            one=wording.danish_one(last),
        )

    def _judged(self, decided: Decided, mentions: list[Mention]) -> list[Mention]:
        """Return the mentions; the moment of a look-up may be wrong only if the code is in those lists at other times."""
        condition = decided.condition
        if condition.word in ("is in", "is not in", "nowhere has a code in", "invalid"):
            path = condition.paths[0]
            codes = codes_in(deciding_codes(decided, path) or path.get(decided.thing))
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
        thing, codes = decided.thing, deciding_codes(decided, path)
        of_code = self._of_code(path, decided)
        if of_code is not None:
            return of_code
        coded = Path(path.names[:-1])
        if path.names[-1:] == ("text",) and not path.derived and isinstance(coded.get(thing), Coded):
            path = coded  # a published condition compares the text of a code
        value = codes or path.get(thing)
        holder, field, sent = holder_of(path, thing)
        if _is_statement(path, thing):
            owner = Path(path.names[:-1])
            told = wording.shown(owner.get(thing), self._language)
            spot = self._places.of_field(holder, field, sent, finding.document)
            return Mention(self._name(owner, thing), told, spot.line, document=spot.document)
        spot = self._places.of_field(holder, field, value if codes_in(value) else sent, finding.document)
        if spot.line and value in (None, (), []) and isinstance(holder, Fact):
            spot = self._places.of_fact(holder)
        told = "" if isinstance(value, bool) else wording.shown(value, self._language)
        told = "" if told == wording.kind_of(value, self._language) else told  # a thing without a value of its own is only named
        name, mended = self._name(path, thing), name_of_sent(path, thing, self._language)
        if path.names[-1:] in OF_TABLES and not path.derived:
            name, mended = self._of_table(path, thing)
        if path.by.word == "number" and not value:
            name, mended = f"{name}:", name
        return Mention(name, told, spot.line, mended=mended, whole=spot.interval, document=spot.document)

    def _of_table(self, path: Path, thing: Any) -> tuple[str, str]:
        """Return the name of a date that a table has for a unit or code, with the unit or code; and the latter's name alone."""
        listed = Path(path.names[:-1])
        mended, value = self._name(listed, thing), wording.shown(listed.get(thing), self._language)
        if self._language == "en":
            return f"{self._name(path, thing)} {value},", mended
        return f"{_OF_CODE[self._number].format(NAMES[path.names[-1]][self._number], f'{mended} {value}')}", mended

    def _of_code(self, path: Path, decided: Decided) -> Mention | None:
        """Return the value at the end of a path that begins at one of several codes of an entry; None for any other path."""
        code, rest = code_at(path, decided.thing)
        if code is None or path.derived:
            return None
        found = next(bearers(code, (decided.thing, decided.owner)), None)
        if found is None:
            return None
        fact, names = found
        name, shown = self._name(Path(names), fact), wording.shown(code, self._language)
        spot = self._places.of_value(fact, fact.source, names[-1], code.text)
        if rest[-1:] not in OF_TABLES:
            return Mention(name, shown, spot.line, document=spot.document)
        told = _OF_CODE[self._number].format(NAMES[rest[-1]][self._number], shown)
        value = wording.shown(path.get(decided.thing), self._language)
        return Mention(told, value, spot.line, mended=name, document=spot.document)

    def _members(self, condition: Condition, paths: Sequence[Path], thing: Any, name: str) -> list[Mention]:
        """Return the members of the collection that the first path leads to, if any; of results, those of a wrong type."""
        path = paths[0].by.parts[0] if paths and paths[0].by.word == "number" else next(iter(paths), None)
        found = path.get(thing) if isinstance(path, Path) else None
        if not isinstance(found, (list, tuple)) or not found or not isinstance(found[0], Fact):
            return []
        told: list[tuple[Any, Spot]] = [(each, self._places.of_fact(each)) for each in found[:MOST_MEMBERS]]
        if condition.word == "other types":
            wrong = _of_wrong_type(condition, found)[:MOST_MEMBERS]
            told = [(each.type, self._places.of_value(each, each.source, "type", each.type.text)) for each in wrong]
        shown = [(wording.shown(value, self._language), spot) for value, spot in told]
        return [Mention("", value, spot.line, mended=name, document=spot.document) for value, spot in shown]

    def _truth(self, decided: Decided, path: Path, mentions: list[Mention]) -> DecidingPart:
        """Return the part for a path that ends in a statement about a thing, such as ``is a number``."""
        condition = decided.condition
        is_true = condition.word == "true" or (condition.word == "=" and condition.values == (True,))
        is_true = is_true or (condition.word == "≠" and condition.values == (False,)) or condition.word == "given"
        said = TRUTHS[path.names[-1]][self._number][0 if is_true == decided.holds else 1]
        return DecidingPart(f"{wording.in_words(mentions[0], self._language)} {said}", tuple(mentions))

    def _name(self, path: Path, thing: Any) -> str:
        return name_of(path, thing, self._language)

    def _title(self, name: str) -> str:
        found = CodeLists(lenient=False).get(name)
        return found.title if found is not None else ""


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
