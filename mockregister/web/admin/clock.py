"""``/__admin/clock``: the register's clock, real, frozen or moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import isodate
from flask import Blueprint
from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from mockregister.clock import YEARS, Clock
from mockregister.errors import InvalidRequest
from mockregister.web.admin.loading import Span, load
from mockregister.web.registers import changing, namespace
from mockregister.web.values import Moment

blueprint = Blueprint("clock", __name__)
NEEDS = {"real": None, "frozen": "at", "moved": "by"}


class ClockSchema(Schema):
    """``{"mode": "real"}``, ``{"mode": "frozen", "at": …}`` or ``{"mode": "moved", "by": …}``."""

    mode = fields.String(required=True, validate=OneOf(NEEDS))
    at = Moment()
    by = Span()

    @validates_schema(skip_on_field_errors=True)
    def _one_meaning(self, data: dict[str, Any], **_: Any) -> None:
        needed = NEEDS[data["mode"]]
        if needed and needed not in data:
            raise ValidationError(f"The mode {data['mode']} needs this field.", needed)
        for name in ("at", "by"):
            if name in data and name != needed:
                raise ValidationError(f"It has no meaning with the mode {data['mode']}; leave it out.", name)


@blueprint.get("/clock")
def show() -> dict[str, str]:
    """Return the register's time and the mode of its clock."""
    return shown(namespace().register.clock)


@blueprint.put("/clock")
@changing
def change() -> dict[str, str]:
    """Set the clock; it applies to deadlines, validity and schedules at once."""
    return shown(turn(load(ClockSchema())))


def turn(wanted: dict[str, Any]) -> Clock:
    """Return the register's clock after setting it as ``ClockSchema`` describes. Raise InvalidRequest."""
    clock = namespace().register.clock
    if wanted["mode"] == "frozen":
        clock.freeze(_within_reason(wanted["at"], "at"))
    else:
        clock.move(_span(wanted.get("by", timedelta())))
    return clock


def shown(clock: Clock) -> dict[str, str]:
    """Return a clock as JSON."""
    now = clock.now().isoformat()
    if clock.frozen_at:
        return {"mode": "frozen", "now": now, "at": clock.frozen_at.isoformat()}
    if clock.moved_by:
        return {"mode": "moved", "now": now, "by": isodate.duration_isoformat(clock.moved_by)}
    return {"mode": "real", "now": now}


def _span(by: Any) -> timedelta:
    """Return how far a duration moves the clock from now: months and years by the calendar, the rest as elapsed time.

    Raise InvalidRequest for a duration that leads out of the years of the clock.
    """
    now = Clock().now()
    elapsed = by.tdelta if isinstance(by, isodate.Duration) else by
    try:
        moved = (now + (by - elapsed)).astimezone(UTC) + elapsed
    except (OverflowError, ValueError) as error:
        raise InvalidRequest("by: Use whole numbers of months and years, and fewer of them.", "by") from error
    return _within_reason(moved, "by") - now.astimezone(UTC)


def _within_reason(moment: datetime, field: str) -> datetime:
    if moment.year not in YEARS:
        raise InvalidRequest(f"{field}: The clock goes from {YEARS[0]} to {YEARS[-1]}.", field)
    return moment
