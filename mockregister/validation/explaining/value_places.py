"""Find the places of the values in conditions: in the documents sent, or in an earlier document of the set."""

from __future__ import annotations

from typing import Any

from mockregister.document.whereabouts import Spot, Whereabouts
from mockregister.model import Period
from mockregister.validation.explaining.earlier import EarlierDocuments
from mockregister.validation.rules.expression import Path
from mockregister.validation.rules.facts import AnyCondition, Coded, Fact, Report, Unit


class ValuePlaces:
    """Finds values in the documents sent or, if these do not have them, in earlier documents."""

    def __init__(self, sent: Whereabouts, earlier: EarlierDocuments) -> None:
        self._sent, self._earlier = sent, earlier

    def of_field(self, holder: Any, field: str, value: Any, document: str) -> Spot:
        """Return the place of a fact's field with this value, for a finding in a document; an empty Spot if it has none."""
        if not isinstance(holder, Fact) or field in ("now", "session"):
            return Spot()
        if field in ("is_date_time", "number", "whole_number"):
            return self.of_value(holder, holder.source, "value", getattr(holder, "text", None))
        if field == "reported":
            return Spot(self._sent.line_in_header(document, field))
        if field == "latest_time":
            found = self._sent.spot_of_time(value) if value is not None else Spot()
            return found if found.line or value is None else self._earlier.spot_of_time(_set_of(holder), value)
        if field.startswith("cause_") and isinstance(holder, Report) and holder.owner is not None:
            holder = holder.owner.encounter if isinstance(holder.owner, AnyCondition) else holder.owner
            field = field.removeprefix("cause_")
        name = "start" if isinstance(value, Period) else field
        source = getattr(holder.source, "link", None) if field == "link" else _source(value, holder)
        return self.of_value(holder, source, name, _as_written(value))

    def of_fact(self, fact: Fact) -> Spot:
        """Return the place of the entry that states a fact."""
        return self.of_value(fact, fact.source, "", None)

    def of_value(self, fact: Fact, source: object, name: str, value: object) -> Spot:
        """Return the place of a value in the documents sent, or else in the latest earlier document of the set that has it."""
        found = self._sent.spot(source, name, value)
        return found if found.line else self._earlier.spot(_set_of(fact), source, name, value)


def holder_of(path: Path, thing: Any) -> tuple[Any, str, Any]:
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


def _set_of(fact: Fact) -> str:
    """Return the key of the set that a fact belongs to."""
    identifier = fact.session.episode.id
    return identifier.root.lower() if identifier is not None else ""


def _source(value: Any, holder: Fact) -> object:
    """Return what is to be looked for in the document: the entry that a field leads to, or the entry that has the field."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Fact):
        return value[0].source
    return value.source if isinstance(value, Fact) else holder.source


def _as_written(value: Any) -> object:
    """Return the text, number or time that the document has for a field."""
    match value:
        case Coded():
            return value.text
        case Unit():
            return value.sor_id
        case Period():
            return value.start
        case [first, *_] if not isinstance(first, Fact):
            return _as_written(first)
        case list() | tuple() | Fact():
            return None
    return getattr(value, "code", None) and _as_written(value.code) if hasattr(value, "same_patient") else value
