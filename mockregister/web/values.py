"""The marshmallow fields of requests and answers in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from marshmallow import ValidationError, fields
from marshmallow.validate import OneOf, Range

from mockregister.clock import moment_in
from mockregister.finding import Severity
from mockregister.mocking.call import folded
from mockregister.safexml import NOT_XML

XML_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"  # for the OpenAPI document; its patterns have no surrogates
MOST_WRONG = 10_000  # wrong fields of one list: reading further would cost the server much more than the sender
LOST_PLUS = re.compile(r" (?=\d\d(:?\d\d)?$)")


class Text(fields.String):
    """A text that XML can hold."""

    def __init__(self, **more: Any) -> None:
        metadata = {"pattern": XML_TEXT, **more.pop("metadata", {})}
        super().__init__(metadata=metadata, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if text is not None and NOT_XML.search(text):
            raise ValidationError("XML cannot hold this text: leave out control characters.")
        return text


class PatientId(Text):
    """A CPR number, with or without a dash, or an alternative id, in any letter case."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return folded(super()._deserialize(value, attr, data, **more))


class Moment(fields.Field[datetime]):
    """An ISO 8601 moment; without an offset it is Danish time, a date alone its first moment."""

    of_day = time.min

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return value.isoformat() if value is not None else None

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        try:
            return moment_in(value, self.of_day)
        except (ValueError, TypeError, AttributeError) as error:
            raise ValidationError("Use a date or an ISO 8601 moment such as 2019-06-01T12:00:00+02:00.") from error


class Since(Moment):
    """A moment in a query. A ``+`` that was not encoded as ``%2B`` is restored."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        return super()._deserialize(LOST_PLUS.sub("+", str(value)), attr, data, **more)


class Until(Since):
    """A moment in a query; a date means its last moment."""

    of_day = time.max


class Digits(fields.String):
    """A text of digits, such as a SOR id or a CVR number."""

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"pattern": "^[0-9]{1,20}$", **more.pop("metadata", {})}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if re.fullmatch("[0-9]{1,20}", text) is None:
            raise ValidationError("Write digits only.")
        return text


class Uuid(fields.UUID):
    """A UUID in any letter case, as a text in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return str(super()._deserialize(value, attr, data, **more))


class Severe(fields.String):
    """``errors`` or ``warnings``."""

    WORDS: ClassVar = {"errors": Severity.ERROR, "warnings": Severity.WARNING}

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=OneOf(list(self.WORDS)), **more)

    def deserialize(self, *args: Any, **more: Any) -> Any:
        """Return the severity of this name."""
        return self.WORDS.get(super().deserialize(*args, **more))


class Flag(fields.Boolean):
    """True or false; other values are not converted."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number in the register's range; other values are not converted."""

    LARGEST = 10**18 - 1

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=Range(-self.LARGEST, self.LARGEST), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **more)


class Several(fields.List[Any]):
    """A list that becomes a tuple, as in the model. Reading stops at the 10,000th wrong field in it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        read: list[Any] = []
        wrong: dict[int, Any] = {}
        found = 0
        for place, item in enumerate(value):
            try:
                read.append(self.inner.deserialize(item, **more))
            except ValidationError as error:
                wrong[place] = error.messages
                found += _wrong_fields(error.messages)
                if found >= MOST_WRONG:
                    break
        if wrong:
            raise ValidationError(wrong)
        return tuple(read)


def _wrong_fields(messages: Any) -> int:
    return sum(map(_wrong_fields, messages.values())) if isinstance(messages, dict) else 1
