"""Write conditions in another language than the English of their declaration, by walking their parts and paths.

The ``word`` of a condition becomes a phrase, and each path a noun with its owners. In Danish, ``the.unit.closed < the.start`` on
an encounter is "kontaktens ansvarlige enheds lukkedato er før kontaktens starttidspunkt".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mockregister.validation.rules.expression import Condition, Path
from mockregister.validation.rules.facts import Coded, Fact, Link, Result, Session
from mockregister.validation.rules.joins import Joined
from mockregister.validation.rules.language import Language, Noun
from mockregister.validation.rules.rule import Rule, attributes_of

UNKNOWN = Noun("", "")
# Words and signs that say the opposite of another one.
NOT_SO = {"is not in": "is in", "≠": "=", "not among": "among", "lacks": "has", "missing": "given", "gaps": "follow"}
LARGER = {">": "≤", "≥": "<"}


@dataclass(frozen=True)
class StartingPoint:
    """Where paths begin: the kind of thing, and what it is called. A joined member has ``this`` and ``outer`` instead."""

    kind: type | None
    name: str
    this: StartingPoint | None = None
    outer: StartingPoint | None = None


@dataclass(frozen=True)
class Term:
    """What a path leads to, in words: ``owner`` has it, ``key`` is its class and attribute, and ``kind`` is what it is.

    ``member`` is what one of several is called, and ``one``, ``none`` and ``many`` are what some, none and all are called.
    A ``foreign`` term belongs to another episode of care; members of a ``joined`` collection come with the thing that has it.
    """

    words: str
    kind: type | None = None
    owner: str = ""
    bare: str = ""
    key: str = ""
    member: str = ""
    one: str = ""
    none: str = ""
    many: str = ""
    foreign: bool = False
    joined: bool = False


def reading(rule: Rule, language: Language) -> str:
    """Return when a rule is violated, in words."""
    return _Reader(language, _start(rule, language)).statement(rule.violated)


def reading_of_path(rule: Rule, path: Path, language: Language) -> str:
    """Return what a path leads to from the thing that a rule looks at, in words."""
    return _Reader(language, _start(rule, language)).term(path).words.rstrip(",")


def reading_from(thing: object, path: Path, language: Language) -> str:
    """Return what a path leads to from a fact, or from a fact joined with another one, in words; empty for other things."""
    facts = [thing.this, thing.outer] if isinstance(thing, Joined) else [thing]
    if any(type(fact) not in language.kinds for fact in facts):
        return ""
    starts = [StartingPoint(type(fact), language.kinds[type(fact)].definite) for fact in facts]
    start = StartingPoint(None, starts[0].name, *starts) if len(starts) > 1 else starts[0]
    return _Reader(language, start).term(path).words.rstrip(",")


def looked_at(rule: Rule, language: Language) -> str:
    """Return what a rule looks at, in words, such as ``resultatindberetning RAA01``."""
    words = f"{language.kinds[rule.on].bare} {rule.key}".strip()
    return language.words["caused by"].format(words, language.kinds[rule.cause].bare) if rule.cause else words


def _start(rule: Rule, language: Language) -> StartingPoint:
    return StartingPoint(rule.on, language.kinds[rule.on].definite)


@dataclass(frozen=True)
class _Reader:
    """Reads conditions and paths that begin at ``start``; with ``so`` False, it reads the opposite."""

    language: Language
    start: StartingPoint

    def within(self, start: StartingPoint) -> _Reader:
        return replace(self, start=start)

    def say(self, phrase: str, *ends: str, so: bool = True, **words: str) -> str:
        """Return a phrase with its ends in place; a comma that closes a clause is left out before another one and at the end."""
        known = self.language.phrases[phrase]
        return " ".join((known.so if so else known.not_so).format(*ends, **words).split()).replace(",,", ",").rstrip(",")

    def listed(self, words: Iterable[str], last: str = "or") -> str:
        """Return words with commas, and the word for ``last`` before the last one."""
        *before, final = words
        return f"{', '.join(before)} {self.language.words[last]} {final}" if before else final

    # -- what is said

    def statement(self, condition: Condition, so: bool = True) -> str:
        """Return what a condition says, or its opposite."""
        match condition.word:
            case "all" | "any" if so or not condition.parts:
                return self.joined(condition) if condition.parts else self.say("always", so=so)
            case "all" | "any":
                return self.say("holds", so=False, inner=self.joined(condition))
            case "not":
                return self.statement(condition.parts[0], not so)
            case "at":
                return self.within(self.entered(condition.over)).statement(condition.parts[0], so)
            case "some" | "none":
                return self.quantified(condition, so is (condition.word == "some"))
            case "true" | "false":
                return self.truth(condition.paths[0], so is (condition.word == "true"))
            case "within":
                return f", {self.language.words['and']} ".join(map(self.limit, condition.values))
        return self.about_ends(condition, so)

    def limit(self, value: object) -> str:
        """Return a day that a published rule is limited to."""
        match value:
            case (str(name), datetime() as day):
                return self.language.words[name].format(f"{day:%Y-%m-%d}")
        return self.literal(value)

    def joined(self, condition: Condition) -> str:
        """Return the parts of a condition, joined by a comma and a word; brackets mark where a part begins and ends."""
        other, parts = "any" if condition.word == "all" else "all", _parts(condition)
        texts = []
        for part in parts:
            text = self.statement(part)
            is_long = (part.word == other and len(part.parts) > 1) or (part is not parts[-1] and _is_open(part))
            texts.append(f"({text})" if is_long else text)
        return f", {self.language.words['and' if condition.word == 'all' else 'or']} ".join(texts)

    def quantified(self, condition: Condition, some: bool) -> str:
        term = self.term(condition.over)
        inner = self.within(self.member(term)).statement(condition.parts[0])
        return self.say("some", so=some, one=term.one, none=term.none, inner=inner)

    def truth(self, path: Path, so: bool) -> str:
        """Return what is said if the value at the end of a path is true, or false if not ``so``."""
        word, parts = (path.by.word, path.by.parts) if path.derived else ("", ())
        if word == "from":
            inner, root = parts
            return self.within(self.entered(_path(root))).truth(_path(inner), so)
        if word == "holds":
            (condition,) = parts
            assert isinstance(condition, Condition)
            return self.statement(condition, so)
        if word == "follow":
            return self.say("follow", self.stepped(self.term(_path(parts[0])), str(parts[1])).words, so=so)
        if word in ("has report", "same"):
            ends = [self.term(_path(part)).words for part in parts]
            return self.say(word if word == "has report" else "same thing", *ends, so=so)
        return self.attribute_truth(path, so)

    def attribute_truth(self, path: Path, so: bool) -> str:
        known = self.language.truths.get(path.names[-1]) if path.names and not path.derived else None
        if known is None:
            return self.say("is", self.term(path).words, str(so))
        return (known.so if so else known.not_so).format(self.term(Path(path.names[:-1])).words)

    def about_ends(self, condition: Condition, so: bool) -> str:
        """Return what a condition says about the ends of its paths."""
        paths = condition.paths if condition.over is None else (condition.over,)
        terms = [self.term(path) for path in paths[:3]]
        word = NOT_SO.get(condition.word, condition.word)
        so = so is (word == condition.word)
        if terms[0].member and word in ("is in", "invalid", "apart"):
            return self.about_any(condition, terms, so is (condition.word == word))
        return self.plainly(condition, word, terms, so)

    def about_any(self, condition: Condition, terms: list[Term], so: bool) -> str:
        """Return what a condition says about any of several codes."""
        word = NOT_SO.get(condition.word, condition.word)
        any_of = replace(terms[0], words=f"mindst {terms[0].one}", member="")
        text = self.plainly(condition, word, [any_of, *terms[1:]], word == condition.word)
        return text if so else self.say("holds", so=False, inner=text)

    def plainly(self, condition: Condition, word: str, terms: list[Term], so: bool) -> str:
        ends = [term.words for term in terms]
        values = [self.literal(value) for value in condition.values]
        match word:
            case "given":
                return self.presence(terms[0], so, is_list=bool(terms[0].member) and not condition.demands)
            case "=":
                return self.equality(condition, terms, values, so)
            case "<" | "≤" | ">" | "≥":
                return self.order(word, terms, values, so)
            case "among":
                return self.say(word, *ends, so=so, values=self.listed(values, "and"))
            case "is in" | "nowhere has a code in":
                lists = self.lists(condition.lists, none=so is (word != "is in"))
                return self.say(word, *ends, so=so, lists=lists, when=self.when(condition.paths[1:]))
            case "invalid":
                at = self.when(condition.paths[1:])
                single = at.startswith(self.language.words["at"].format("").strip())
                return self.say("valid" if single else "valid sometime", *ends, so=not so, when=at)
            case "apart" | "not one":
                return self.say({"apart": "together", "not one": "once"}[word], *ends, so=not so)
            case "other types":
                is_range = "–" in values
                types = self.language.words["between"].format(values[0], values[-1]) if is_range else self.listed(values)
                return self.say("beyond types" if is_range else word, so=so, values=types)
            case "kind":
                (kind,) = condition.values
                return self.say(word, *ends, self.kind(kind).bare, so=so)
            case "has" | "follow" | "repeated":
                return self.say(word, *ends, so=so)
        return condition.reads

    def presence(self, term: Term, so: bool, *, is_list: bool) -> str:
        known = self.language.given.get(term.key)
        if known is not None:
            return (known.so if so else known.not_so).format(term.owner)
        if is_list and term.owner:
            return self.say("filled", so=so, owner=term.owner, bare=term.bare)
        if term.one and not term.words:
            return self.say("there is", so=so, one=term.one, none=term.none)
        is_thing = term.kind is not None and issubclass(term.kind, (Fact, Link))
        return self.say("there" if is_thing else "given", term.words, so=so)

    def equality(self, condition: Condition, terms: list[Term], values: list[str], so: bool) -> str:
        (value,) = condition.values or (None,)
        if isinstance(value, bool):
            return self.truth(condition.paths[0], so is value)
        if values:
            return self.say("is", terms[0].words, values[0], so=so)
        is_thing = terms[0].kind is not None and issubclass(terms[0].kind, Fact)
        word = "one thing of" if terms[1].member else "same thing" if is_thing else "="
        return self.say(word, terms[0].words, terms[1].words, so=so)

    def order(self, sign: str, terms: list[Term], values: list[str], so: bool) -> str:
        ends = [*(term.words for term in terms), *values]
        if any(term.kind in (date, datetime) for term in terms):
            return self.say(f"moment {sign}", *ends, so=so)
        return self.say(LARGER.get(sign, sign), *ends, so=so is (sign not in LARGER))

    def lists(self, names: tuple[str, ...], *, none: bool) -> str:
        word = "list" if len(names) == 1 else "no list" if none else "lists"
        return f"{self.language.words[word]} {self.listed(names, 'and')}"

    def when(self, paths: tuple[Path, ...]) -> str:
        """Return a moment, a period, or the time between two moments, with the preposition before it."""
        ends = [self.term(path).words for path in paths]
        if len(set(ends)) > 1:
            return self.language.words["between"].format(*ends)
        is_period = paths[0].reads.endswith("period") or paths[0].by.word == "period"
        return self.language.words["during" if is_period else "at"].format(ends[0])

    def literal(self, value: object) -> str:
        return value if isinstance(value, str) else str(value).replace(".", ",")

    # -- the terms that it is said about

    def term(self, path: Path | None) -> Term:
        """Return what a path leads to, in words."""
        assert path is not None
        return self.derived(path) if path.derived else self.walked(path.names)

    def walked(self, names: tuple[str, ...]) -> Term:
        start = self.start
        while names and start.this is not None and start.outer is not None and names[0] in ("this", "outer"):
            start, names = start.this if names[0] == "this" else start.outer, names[1:]
        term = Term(start.name, start.kind, key=start.kind.__name__ if start.kind else "")
        for name in names:
            term = self.stepped(term, name)
        return term

    def stepped(self, term: Term, name: str) -> Term:
        """Return the term for an attribute of a term."""
        if name == "session":
            return Term("", Session)
        if term.kind is Coded and name == "text":
            return term
        key, noun = self.noun(term.kind, name)
        stands_alone = not term.words or (noun.alone and not term.foreign)
        words = noun.definite if stands_alone else f"{self.of(term.words)} {noun.bare}"
        following = attributes_of(term.kind).get(name) if term.kind is not None else None
        kind = datetime if name == "now" else following
        found = Term(words, kind, term.words, noun.bare, key, noun.member, foreign=term.foreign or key == "Link.episode")
        return self.several(found, noun) if noun.member else found

    def several(self, term: Term, noun: Noun) -> Term:
        one = self.language.words["one of neuter" if noun.neuter else "one of"].format(term.words)
        return replace(term, one=one, none=self.language.words["none of"].format(term.words), many=term.words)

    def of(self, owner: str) -> str:
        owner = owner.rstrip(",")
        return owner + ("'" if owner.endswith(("s", "x")) else self.language.genitive)

    def noun(self, kind: type | None, name: str) -> tuple[str, Noun]:
        """Return the key of an attribute, which is its class and name, and its noun."""
        owners = [each.__name__ for each in kind.__mro__] if kind is not None else [""]
        keys = [f"{owner}.{name}" for owner in owners]
        known = (key for key in keys if key in self.language.nouns or key in self.language.given)
        key = next(known, keys[0])
        return key, self.language.nouns.get(key) or self.language.nouns.get(name) or Noun(name, name)

    def kind(self, kind: Any) -> Noun:
        return self.language.kinds.get(kind) or UNKNOWN

    def entered(self, path: Path | None) -> StartingPoint:
        """Return the starting point for paths that begin at the end of a path."""
        if path is not None and not path.derived and self.start.this is not None and path.names in (("this",), ("outer",)):
            found = self.start.this if path.names == ("this",) else self.start.outer
            assert found is not None
            return found
        term = self.term(path)
        return StartingPoint(term.kind, term.words)

    def member(self, term: Term) -> StartingPoint:
        """Return the starting point for paths that begin at a member of a collection."""
        name, noun = term.member or self.kind(term.kind).definite, self.kind(term.kind)
        if not term.joined:
            return StartingPoint(term.kind, name)
        if name == self.start.name:
            name = self.language.words["other neuter" if noun.neuter else "other"].format(noun.bare)
        return StartingPoint(None, name, StartingPoint(term.kind, name), self.start)

    def derived(self, path: Path) -> Term:
        """Return the term for what a computed path leads to."""
        word, parts, words = path.by.word, path.by.parts, self.language.words
        match word, parts:
            case "attribute", (base, str(name)):
                return self.stepped(self.term(_path(base)), name)
            case "from", (inner, root):
                return self.within(self.entered(_path(root))).term(_path(inner))
            case "plus" | "day" | "shifted" | "period", _:
                return self.timed(word, parts)
            case "results", types:
                return self.results(types)
            case "results of", (_, *types):
                return self.results(types)
            case "every", (kind,):
                return self.every(kind)
            case "pairs", (base,):
                return replace(self.term(_path(base)), joined=True)
            case "unpaired", (base,):
                return replace(self.term(_path(base)), joined=False)
            case "number", (base,):
                return Term(words["number"].format(self.term(_path(base)).many), int)
            case "lists", (code,):
                return Term(words["lists of"].format(self.term(_path(code)).words))
            case "literal", (value,):
                return Term(self.literal(value))
            case "those" | "alone" | "together", _:
                return self.collected(word, parts)
        return Term(path.reads)

    def timed(self, word: str, parts: tuple[object, ...]) -> Term:
        ends = [self.term(part).words for part in parts if isinstance(part, Path)]
        match word, parts:
            case "plus", (_, dict(span)):
                distance = " ".join(self.span(abs(count), unit) for unit, count in span.items())
                way = "later" if min(span.values()) >= 0 else "earlier"
                return Term(self.language.words[way].format(ends[0], distance), datetime)
            case "shifted", (_, _, int(sign), str(unit)):
                distance = f"{ends[1]} {self.language.units[unit][1]}"
                return Term(self.language.words["later" if sign > 0 else "earlier"].format(ends[0], distance), datetime)
            case "day", (Path() as moment,):
                phrase = self.language.words["day from" if moment.by.word in ("plus", "shifted") else "day"]
                return Term(phrase.format(ends[0]), date)
        return Term(self.language.words[word].format(*ends))

    def span(self, count: int, unit: str) -> str:
        one, several = self.language.units[unit]
        return f"{count} {one if count == 1 else several}"

    def results(self, types: Iterable[object]) -> Term:
        """Return the term for the results of some types in a report."""
        names = self.listed(map(str, types))
        found = self.every(Result, names)
        many = f"{self.language.nouns['results'].bare} {names}"
        return replace(found, words=f"{self.kind(Result).definite} {names}", many=many)

    def every(self, kind: object, names: str = "") -> Term:
        noun = self.kind(kind)
        bare, ending, words = f"{noun.bare} {names}".strip(), " neuter" if noun.neuter else "", self.language.words
        one, none = words[f"one{ending}"].format(bare), words[f"none{ending}"].format(bare)
        return Term("", kind if isinstance(kind, type) else None, member=noun.definite, one=one, none=none, many=bare)

    def collected(self, word: str, parts: tuple[object, ...]) -> Term:
        if word == "together":
            terms = [self.term(_path(part)) for part in parts]
            words = self.listed((term.words or term.many for term in terms), "and")
            return self.several(replace(terms[0], words=words, owner=""), self.kind(terms[0].kind))
        base, condition = parts
        assert isinstance(condition, Condition)
        term = self.term(_path(base))
        if condition.word == "all" and not condition.parts:
            return term
        inner = self.within(self.member(term)) if word == "those" else self
        words, kind = self.language.words[word].format(term.words or term.many, inner.statement(condition)), self.kind(term.kind)
        return self.several(replace(term, words=words, owner="", member=term.member or kind.definite), kind)


def _path(part: object) -> Path:
    assert isinstance(part, Path)
    return part


def _parts(condition: Condition) -> list[Condition]:
    """Return the parts of a condition, with those of parts that are joined by the same word in their place."""
    flat = (_parts(part) if part.word == condition.word and part.parts else [part] for part in condition.parts)
    return [part for parts in flat for part in parts]


def _is_open(condition: Condition) -> bool:
    """Return whether what follows a condition could be read as a part of it."""
    return condition.word in ("some", "none") or (condition.word in ("at", "not") and _is_open(condition.parts[0]))
