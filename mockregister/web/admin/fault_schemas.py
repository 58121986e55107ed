"""Schemas of ``POST /__admin/faults``, one for each type of fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf, Range

from mockregister.errors import InvalidRequest
from mockregister.finding import Finding, Level, Severity
from mockregister.mocking import named, outcomes
from mockregister.mocking.faults import Match
from mockregister.web.admin.loading import ServiceName
from mockregister.web.registers import namespace

Json = dict[str, Any]

SECONDS = Range(min=0, max=3600)
NOT_EMPTY = Length(min=1)
STATUS = Range(min=named.STATUSES[0], max=named.STATUSES[-1])


class MatchSchema(Schema):
    """The calls that a fault strikes; every field is optional, and all given fields must match."""

    service = ServiceName()
    register = fields.String()
    cvr = fields.String(validate=NOT_EMPTY)
    author = fields.String(validate=NOT_EMPTY)
    patient = fields.String(validate=NOT_EMPTY)
    set = fields.String(validate=NOT_EMPTY)
    header = fields.Dict(fields.String(validate=NOT_EMPTY), fields.String(), validate=NOT_EMPTY)
    nth = fields.Integer(strict=True, validate=Range(min=1))

    @post_load
    def _made(self, data: Json, **_: Any) -> Match:
        return Match(**data)


class DelaySchema(Schema):
    """A delay of ``seconds``, or a random one from ``min_seconds`` to ``max_seconds``."""

    seconds = fields.Float(validate=SECONDS)
    min_seconds = fields.Float(validate=SECONDS)
    max_seconds = fields.Float(validate=SECONDS)

    @validates_schema(skip_on_field_errors=True)
    def _one_meaning(self, data: Json, **_: Any) -> None:
        bounds = {"min_seconds", "max_seconds"} & set(data)
        if ("seconds" in data) == bool(bounds):
            raise ValidationError("Give either seconds, or min_seconds and max_seconds.", "seconds")
        if len(bounds) == 1:
            raise ValidationError(
                "A range needs both ends; give this field, too.", ({"min_seconds", "max_seconds"} - bounds).pop()
            )
        if bounds and data["min_seconds"] > data["max_seconds"]:
            raise ValidationError("It must not be less than min_seconds.", "max_seconds")

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.Delay:
        ends = [data["seconds"]] * 2 if "seconds" in data else [data["min_seconds"], data["max_seconds"]]
        return outcomes.Delay(*ends)


class HttpStatusSchema(Schema):
    """The HTTP status of the page that is sent instead of an answer."""

    status = fields.Integer(required=True, strict=True, validate=STATUS)

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.HttpStatus:
        return outcomes.HttpStatus(**data)


class SoapFaultSchema(Schema):
    """The name of a SOAP fault that was observed at the real register."""

    name = fields.String(required=True, validate=OneOf(outcomes.OBSERVED))

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.NamedFault:
        return outcomes.NamedFault(**data)


class ErrorSchema(Schema):
    """One RegistryError: its code gives the level; errors of the first two levels have no codes and name their level."""

    code = fields.String()
    level = fields.String(validate=OneOf([Level.XSD.value, Level.SCHEMATRON.value]))
    severity = fields.Enum(Severity, by_value=True)
    text = fields.String()
    params = fields.List(fields.String())
    where = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _one_meaning(self, data: Json, **_: Any) -> None:
        if ("code" in data) == ("level" in data):
            raise ValidationError("Give either an integrity code or rule id here, or a level.", "code")
        if "level" in data and "text" not in data:
            raise ValidationError("An error of this level needs a text.", "text")

    @validates_schema(skip_on_field_errors=True)
    def _whole_sentence(self, data: Json, **_: Any) -> None:
        given, wanted = len(data.get("params", ())), named.slots(data.get("code", ""))
        if 0 < given < wanted and "text" not in data:
            raise ValidationError(
                f"{data['code']} has {wanted} parameters; give all of them, or none, or a text of your own.", "params"
            )

    @post_load
    def _made(self, data: Json, **_: Any) -> Finding:
        try:
            rules = namespace().edition.rules
            known = named.finding(data["code"], rules) if "code" in data else Finding(Level(data["level"]), data["text"])
        except InvalidRequest as error:
            raise ValidationError(str(error), "code") from error
        changes = {name: data[name] for name in ("severity", "text", "where") if name in data}
        return replace(known, params=tuple(data.get("params", ())), **changes)


class RegistryErrorsSchema(Schema):
    """The errors of the answer."""

    errors = fields.List(fields.Nested(ErrorSchema), required=True, validate=Length(min=1, max=1000))

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.RegistryErrors:
        return outcomes.RegistryErrors(tuple(data["errors"]))


class CutSchema(Schema):
    """The action ``cut_connection``, which has no fields."""

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.Cut:
        return outcomes.Cut()


class StoredThenSchema(Schema):
    """What the sender of a stored document gets instead of the answer: by default the broker's fault.

    ``name`` chooses another fault, ``status`` a page with this HTTP status, ``cut`` a cut connection.
    """

    name = fields.String(validate=OneOf(outcomes.OBSERVED))
    status = fields.Integer(strict=True, validate=STATUS)
    cut = fields.Boolean()

    @validates_schema(skip_on_field_errors=True)
    def _one_meaning(self, data: Json, **_: Any) -> None:
        if len(data) > 1:
            raise ValidationError("Give one of name, status and cut.", sorted(data)[-1])

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.StoredThen:
        if data.get("cut"):
            return outcomes.StoredThen(outcomes.Cut())
        if "status" in data:
            return outcomes.StoredThen(outcomes.HttpStatus(data["status"]))
        return outcomes.StoredThen(outcomes.NamedFault(data.get("name", outcomes.BROKER_FAULT)))


class HalfSchema(Schema):
    """The part of the answer that is sent before the connection is cut."""

    part = fields.Float(load_default=0.5, validate=Range(min=0, max=1, max_inclusive=False))

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.Half:
        return outcomes.Half(**data)


class SlowSchema(Schema):
    """The seconds that it takes to send the answer, piece by piece."""

    seconds = fields.Float(required=True, validate=SECONDS)

    @post_load
    def _made(self, data: Json, **_: Any) -> outcomes.Slow:
        return outcomes.Slow(**data)


TYPES: dict[str, type[Schema]] = {
    "delay": DelaySchema,
    "http_status": HttpStatusSchema,
    "soap_fault": SoapFaultSchema,
    "registry_errors": RegistryErrorsSchema,
    "stored_then_fault": StoredThenSchema,
    "cut_connection": CutSchema,
    "half_answer": HalfSchema,
    "slow_answer": SlowSchema,
}


class ActionField(fields.Field[outcomes.Action]):
    """The action of a fault, by its ``type``; the other fields depend on it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("Use an object with a type.")
        if value.get("type") not in list(TYPES):
            raise ValidationError({"type": [f"Use one of {', '.join(TYPES)}."]})
        return TYPES[value["type"]]().load({name: content for name, content in value.items() if name != "type"})


class FaultSchema(Schema):
    """A fault: the calls that it strikes, its action, and how often it strikes."""

    match = fields.Nested(MatchSchema, load_default=Match)
    fault = ActionField(required=True)
    times = fields.Integer(strict=True, allow_none=True, load_default=None, validate=Range(min=1))
    probability = fields.Float(load_default=1.0, validate=Range(min=0, max=1))
    seed = fields.Integer(strict=True)

    @validates_schema(skip_on_field_errors=True)
    def _one_meaning(self, data: Json, **_: Any) -> None:
        if data["match"].nth and (data["times"] or 1) > 1:
            raise ValidationError("match.nth names a single call, so the fault can strike only once.", "times")
