"""A business rule as a declaration, and the book that holds all rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args, get_type_hints

from mockregister.codes.lists import CodeLists
from mockregister.errors import MockRegisterError, SettingError, did_you_mean
from mockregister.finding import Severity
from mockregister.validation.rules.expression import Condition, Path, Test
from mockregister.validation.rules.facts import Fact

RULE_ID = re.compile(r"(?:\d\d\.(?:\d\d\.)?(?:\d{2,3}[a-z]?|[a-f])|RAA\d\d\.(?:\d|RD[AB]\d\d(?:-RD[AB]\d\d)?))(?:-\d)?(?:-w)?")


EARLIER_LISTS = frozenset(
    f"res.{stage}{part}" for stage in ("ctcstad", "cncstad", "cmcstad", "ptcstad", "pncstad", "pmcstad")
    for part in ("", ".t0", ".ta", ".tis")
)  # fmt: skip
"""Code lists that rules of June 2018 name but no table has: they have no members."""
CODE_LISTS = frozenset(code_list.name for code_list in CodeLists(lenient=False)) | EARLIER_LISTS


class RuleError(MockRegisterError):
    """A rule is declared wrongly, which stops the start."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One business rule.

    ``id`` is the rule's id with its dots, ``number`` the register's number for it, ``text`` what a sender reads, in Danish.
    ``on`` is the kind of fact that the rule looks at. Each such fact on the episode of care is tested if it has the ``key``
    (the name of a report, the type of a result; empty: any) and, for reports and results, the ``cause``. ``stands_at`` leads
    from it to the thing that a finding names, ``error_by`` to the moment at which a warning ends and its error rule (the id
    without ``-w``) takes over.

    ``published`` is the condition as written in the register's rule list, for a rule that was read from a list; its id and
    code lists are then the list's. A rule that is not ``reported`` is listed and never tested.
    """

    id: str
    number: int
    text: str
    on: type[Fact]
    violated: Condition
    key: str = ""
    cause: type[Fact] | None = None
    stands_at: Path | None = None
    severity: Severity = Severity.ERROR
    error_by: Path | None = None
    published: str = ""
    reported: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip() or self.number <= 0:
            raise RuleError(f"Rule {self.id} needs a text and a number above 0.")
        if not self.published:
            self._check_declaration()

    def _check_declaration(self) -> None:
        """Raise RuleError for a wrong declaration. Rules from a published list are checked when they are read, not here."""
        if not RULE_ID.fullmatch(self.id):
            raise RuleError(f"'{self.id}' is not a rule id; write it like 05.102, 12.03.101, RAA01.5 or RAA03.RDA20-1.")
        for unknown in set(self.violated.lists) - CODE_LISTS:
            raise RuleError(f"Rule {self.id} names the code list '{unknown}', which no rule set of LPR3 has.")
        named = (path for path in (self.stands_at, self.error_by) if path is not None)
        for path in (*self.violated.paths, *named):
            _follow(self.id, self.on, path)

    @property
    def condition(self) -> str:
        """The condition in words."""
        return self.violated.reads

    @property
    def lists(self) -> tuple[str, ...]:
        """The code lists that the condition names."""
        return self.violated.lists

    @property
    def looks_at(self) -> str:
        """The kind of thing that is tested, in words, such as ``report RAA01``."""
        cause = f" caused by {_words(self.cause)}" if self.cause else ""
        return f"{_words(self.on)} {self.key}".strip() + cause

    def is_about(self, kind: type, key: str, cause: type) -> bool:
        """Return whether the rule looks at things of that kind, with that key and cause."""
        return (
            self.reported
            and issubclass(kind, self.on)
            and self.key in ("", key)
            and (self.cause is None or issubclass(cause, self.cause))
        )

    def place_of(self, fact: Fact) -> Fact:
        """Return the object with an id that a finding on ``fact`` is reported at."""
        return (self.stands_at.get(fact) if self.stands_at else fact).place()


def _words(kind: type[Fact]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()


class RuleBook:
    """All rules in order, found by id and by what they look at. Raise RuleError for an id used twice."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_id = {rule.id: rule for rule in self.rules}
        self._position = {rule.id: position for position, rule in enumerate(self.rules)}
        if len(self._by_id) < len(self.rules):
            twice = sorted({rule.id for rule in self.rules if rule is not self._by_id[rule.id]})
            raise RuleError(f"These rule ids are declared twice: {', '.join(twice)}.")
        self._keys = {rule.key for rule in self.rules}
        self._about: dict[tuple[type, str, type], tuple[tuple[Rule, Test], ...]] = {}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._by_id

    def __getitem__(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    def without(self, *ids: str) -> RuleBook:
        """Return the book without some rules. Raise KeyError for an unknown id."""
        gone = {self[rule_id].id for rule_id in ids}
        return RuleBook(rule for rule in self.rules if rule.id not in gone)

    def changed(self, *rules: Rule) -> RuleBook:
        """Return the book with these rules: they replace rules with the same id; new ones go where their ids sort."""
        found = list(self.rules)
        for rule in rules:
            if rule.id in self:
                found[self.position(self[rule.id])] = rule
        for rule in (rule for rule in rules if rule.id not in self):
            before = [place for place, known in enumerate(found) if known.id[:5] == rule.id[:5] and known.id < rule.id]
            found.insert(before[-1] + 1 if before else len(found), rule)
        return RuleBook(found)

    def listed_only(self, *ids: str) -> RuleBook:
        """Return the book with some rules listed only, never tested, like those of type OK. Raise KeyError for an unknown id."""
        return self.changed(*(replace(self[rule_id], reported=False) for rule_id in ids))

    def require(self, ids: Iterable[str]) -> None:
        """Raise SettingError for an unknown rule id, so that a misspelt id does not go unnoticed."""
        for rule_id in ids:
            if rule_id not in self:
                near = did_you_mean(rule_id, self._by_id)
                raise SettingError(f"There is no rule '{rule_id}'; `mockregister rules list` shows them.{near}")

    def about(self, fact: Fact) -> tuple[tuple[Rule, Test], ...]:
        """Return the rules for facts of this kind, key and cause, in order, each with its test."""
        wanted = type(fact), fact.key if fact.key in self._keys else "", type(fact.cause)
        if wanted not in self._about:
            self._about[wanted] = tuple((rule, rule.violated.holds) for rule in self.rules if rule.is_about(*wanted))
        return self._about[wanted]

    def position(self, rule: Rule) -> int:
        """Return the rule's position in the book."""
        return self._position[rule.id]


def _follow(rule_id: str, kind: type, path: Path) -> None:
    """Raise RuleError unless every name on the path is an attribute, starting from a fact of this kind."""
    for name in path.names:
        known = attributes_of(kind)
        if name not in known:
            raise RuleError(f"Rule {rule_id}: '{path.reads}' leads nowhere, {kind.__name__} has no '{name}'.")
        kind = known[name]


@cache
def attributes_of(kind: type) -> dict[str, type]:
    """Return the attributes that a fact class declares, as fields or properties, each with its class."""
    hints: dict[str, Any] = dict(get_type_hints(kind))
    for base in reversed(kind.__mro__):
        for name, member in vars(base).items():
            if isinstance(member, property) and member.fget is not None:
                hints[name] = get_type_hints(member.fget)["return"]
    return {name: _leads_to(hint) for name, hint in hints.items()}


def _leads_to(hint: Any) -> type:
    """Return the class behind ``X | None``, ``list[X]``, ``tuple[X, ...]`` and ``ClassVar[X]``."""
    inner = [arg for arg in get_args(hint) if arg is not type(None) and arg is not Ellipsis]
    return _leads_to(inner[0]) if inner else hint
