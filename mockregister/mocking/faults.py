"""Faults: which calls they strike, how often and in which order, always the same for the same calls and seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import Any

from mockregister.errors import Conflict, NotFound
from mockregister.mocking.call import Call, folded
from mockregister.mocking.outcomes import Action, Delay, Early, Late

MAX_FAULTS = 1000
EVERY_REGISTER = "*"


@dataclass(frozen=True, slots=True)
class Match:
    """Which calls a fault applies to; a field that is None is not tested.

    A ``register`` other than None makes a fault of the default register apply to calls to that register (``*``: to any).
    ``nth`` is a single call, counted from 1 among those that match everything else.
    """

    service: str | None = None
    register: str | None = None
    cvr: str | None = None
    author: str | None = None
    patient: str | None = None
    set: str | None = None
    header: Mapping[str, str] | None = None
    nth: int | None = None

    def meets(self, call: Call) -> bool:
        """Return whether ``call`` matches; ``register`` and ``nth`` are not tested here."""
        return all(test(call, wanted) for name, test in TESTS.items() if (wanted := getattr(self, name)) is not None)


TESTS: dict[str, Callable[[Call, Any], bool]] = {
    "service": lambda call, wanted: call.service == wanted,
    "cvr": lambda call, wanted: wanted in call.cvr,
    "author": lambda call, wanted: wanted in call.authors,
    "patient": lambda call, wanted: folded(wanted) in call.patients,
    "set": lambda call, wanted: folded(wanted) in call.sets,
    "header": lambda call, wanted: all(call.headers.get(name.lower()) == value for name, value in wanted.items()),
}


@dataclass(slots=True)
class Fault:
    """What is done (``fault``) to which calls (``match``); ``written`` is the JSON that it was made from, to be shown.

    ``times`` is how many calls it may strike, None for any number. ``calls`` counts the calls that match, ``fired`` those that
    it struck.

    With a ``probability``, whether the fault strikes the k-th matching call depends on ``seed`` and k alone: of a hundred calls
    it strikes the same number in any order of threads. A call counts even if another fault strikes it first.
    """

    match: Match
    fault: Action
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    written: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    calls: int = 0
    fired: int = 0

    def counts(self, call: Call) -> bool:
        """Return whether ``call`` matches, and count it if so."""
        meets = self.match.meets(call)
        self.calls += meets
        return meets

    def strikes(self) -> Random | None:
        """Return a random generator if the fault strikes the call counted last, else None; count the strike."""
        chance = Random(f"{self.seed}:{self.calls}")
        if self.is_spent or self.match.nth not in (None, self.calls) or chance.random() >= self.probability:
            return None
        self.fired += 1
        return chance

    @property
    def is_spent(self) -> bool:
        """Whether the fault has struck as often as it may."""
        return self.times is not None and self.fired >= self.times


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to one call: seconds to wait, then at most one other action; and the ids of the faults that do it."""

    delay: float = 0.0
    action: Early | Late | None = None
    faults: tuple[str, ...] = ()

    def then(self, later: Plan) -> Plan:
        """Return a plan with the delays and faults of both, and the action of the first that has one."""
        return Plan(self.delay + later.delay, self.action or later.action, self.faults + later.faults)


NOTHING = Plan()


class Faults:
    """The faults of the register called ``home``, in the order in which they were added, and in which they strike."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._faults: dict[str, Fault] = {}
        self.last = 0  # the number of the last fault
        self._lock = Lock()

    def add(self, fault: Fault) -> Fault:
        """Add ``fault`` and give it an id. Raise Conflict if there are too many."""
        with self._lock:
            if len(self._faults) >= MAX_FAULTS:
                raise Conflict(f"There are {MAX_FAULTS} faults already; delete those that are done.")
            self.last += 1
            fault.id = str(self.last)
            self._faults[fault.id] = fault
            return fault

    def all(self) -> list[Fault]:
        """Return every fault, oldest first."""
        with self._lock:
            return list(self._faults.values())

    def get(self, fault_id: str) -> Fault:
        """Return the fault with this id. Raise NotFound."""
        with self._lock:
            return self._known(fault_id)

    def remove(self, fault_id: str) -> None:
        """Remove a fault. Raise NotFound."""
        with self._lock:
            del self._faults[self._known(fault_id).id]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()

    def follow(self, faults: Sequence[Fault], last: int) -> None:
        """Replace all faults with these; ``last`` is the number of the last fault."""
        with self._lock:
            self._faults, self.last = {fault.id: fault for fault in faults}, last

    def for_register(self, name: str) -> list[Fault]:
        """Return the faults that apply to calls to the register ``name``."""
        with self._lock:
            return [fault for fault in self._faults.values() if (fault.match.register or self.home) in (name, EVERY_REGISTER)]

    def choose(self, call: Call, register: str, plan: Plan = NOTHING) -> Plan:
        """Return ``plan`` plus the faults that strike a call to ``register``: delays, until the first other fault strikes."""
        candidates = self.for_register(register)
        with self._lock:
            return _planned(plan, [fault for fault in candidates if fault.counts(call)])

    def _known(self, fault_id: str) -> Fault:
        if fault_id not in self._faults:
            raise NotFound(f"There is no fault '{fault_id}'; GET /__admin/faults lists them.")
        return self._faults[fault_id]


def _planned(plan: Plan, candidates: Iterable[Fault]) -> Plan:
    for fault in candidates:
        if plan.action is None and (chance := fault.strikes()) is not None:
            plan = plan.then(_struck(fault, chance))
    return plan


def _struck(fault: Fault, chance: Random) -> Plan:
    if isinstance(fault.fault, Delay):
        return Plan(fault.fault.seconds(chance), None, (fault.id,))
    return Plan(0.0, fault.fault, (fault.id,))
