"""Convert frozen dataclasses to plain data for JSON, and back; stores and seeds are written in this form.

Enums are written as their values (which must be texts or numbers), moments as ISO 8601, bytes as base64. Where a field may
hold objects of several dataclasses, ``@class`` names the class. A field that holds its default is left out; without a default,
one that holds None, an empty text, tuple, set or mapping. So a record mostly holds what someone really sent.
"""

from __future__ import annotations

import types
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache, partial
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mockregister.sharing import shared

Thing = TypeVar("Thing")
CLASS = "@class"
SIMPLE = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def to_plain(thing: object) -> dict[str, Any]:
    """Return a dataclass object as a dict of texts, numbers, booleans, lists and dicts."""
    return _writer(cast("Any", type(thing)))(thing)


def from_plain(cls: type[Thing], data: Mapping[str, Any]) -> Thing:
    """Return the object that ``to_plain`` wrote. Raise ValueError, naming the field, for data that does not fit ``cls``."""
    return _reader(cast("Any", cls))(data)  # type: ignore[no-any-return]


# The functions that write and read a class are generated as source text from its fields, as dataclasses generate ``__init__``:
# a loop over the fields takes twice as long, and opening a register may read half a million objects.
WRITER = """
def write(thing):
    plain = {{}}{fields}
    return plain
"""
ALWAYS = """
    plain[{name!r}] = {value}"""
UNLESS_ABSENT = """
    if (value := thing.{name}) {differs}: plain[{name!r}] = {value}"""
READER = """
def read(data):
    if data.__class__ is not dict and not isinstance(data, Mapping):
        raise ValueError(f"A {{cls.__name__}} is written as a mapping, not as {{data!r:.80}}.")
    known, name = {required}, ""
    try:{fields}
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{{cls.__name__}}.{{name}} cannot be {{data[name]!r:.80}}: {{error}}") from error
    except KeyError as error:
        raise misfit(cls, data) from error
    if known != len(data):
        raise misfit(cls, data)
    return cls({values})
"""
REQUIRED = """
        {value} = data[name := {name!r}]
        if {value}.__class__ is not {value}_class: {value} = {value}_decode({value})"""
OPTIONAL = """
        if {name!r} in data:
            known += 1
            {value} = data[name := {name!r}]
            if {value}.__class__ is not {value}_class: {value} = {value}_decode({value})
        else: {value} = {value}_absent"""
TEXT = """
        {value} = shared({value})"""


@cache
def _writer(cls: Any) -> Callable[[Any], dict[str, Any]]:
    """Return the function that turns an object of ``cls`` into data."""
    scope: dict[str, Any] = {}
    fields = ""
    for name, part in _parts(cls).items():
        scope |= {f"{name}_encode": part.encode, f"{name}_absent": part.absent}
        found = f"thing.{name}" if part.absent is MISSING else "value"
        value = found if part.written_as_it_is else f"{name}_encode({found})"
        differs = "is not None" if part.absent is None else f"!= {name}_absent"
        fields += (ALWAYS if part.absent is MISSING else UNLESS_ABSENT).format(name=name, value=value, differs=differs)
    exec(WRITER.format(fields=fields), scope)
    return cast("Callable[[Any], dict[str, Any]]", scope["write"])


@cache
def _reader(cls: Any) -> Callable[[Mapping[str, Any]], Any]:
    """Return the function that turns data into an object of ``cls``."""
    parts = _parts(cls)
    required = [name for name, part in parts.items() if part.absent is MISSING]
    scope: dict[str, Any] = {"cls": cls, "Mapping": Mapping, "misfit": _misfit, "shared": shared}
    for name, part in parts.items():
        values = {"class": part.written_as_it_is, "decode": part.decode, "absent": part.absent}
        scope |= {f"{name}_value_{suffix}": value for suffix, value in values.items()}
    fields = "".join(
        ((REQUIRED if name in required else OPTIONAL) + TEXT * (part.written_as_it_is is str)).format(
            name=name, value=f"{name}_value"
        )
        for name, part in parts.items()
    )
    arguments = ", ".join(f"{name}={name}_value" for name in parts)
    exec(READER.format(required=len(required), fields=fields or " pass", values=arguments), scope)
    return cast("Callable[[Mapping[str, Any]], Any]", scope["read"])


def _misfit(cls: type, data: Mapping[str, Any]) -> ValueError:
    """Return the error that names an unknown field, or the missing ones."""
    parts = _parts(cast("Any", cls))
    for name in data:
        if name not in parts:
            return ValueError(f"{cls.__name__} has no field {name!r}; it has {', '.join(parts)}.")
    missing = (name for name, part in parts.items() if part.absent is MISSING and name not in data)
    return ValueError(f"{cls.__name__} needs {', '.join(missing)}.")


@dataclass(frozen=True, slots=True)
class _Codec:
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One field: how it is written and read, and the value that is left out (MISSING if none is).

    ``written_as_it_is`` is the type of the values that need no conversion, None if all do.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    absent: Any
    written_as_it_is: type | None


@cache
def _parts(cls: Any) -> dict[str, _Part]:
    """Return the fields of a dataclass, computed from its type hints once."""
    hints = get_type_hints(cls)
    codecs = {field.name: _codec(hints[field.name]) for field in _fields(cls)}
    return {
        field.name: _Part(
            codecs[field.name].encode,
            codecs[field.name].decode,
            _absent(field, hints[field.name]),
            hints[field.name] if hints[field.name] in (str, int, bool) else None,
        )
        for field in _fields(cls)
    }


def _fields(cls: type) -> tuple[Field[Any], ...]:
    if not is_dataclass(cls):
        raise TypeError(f"Only dataclasses become plain data; {cls.__name__} is not a dataclass.")
    return tuple(field for field in fields(cls) if field.init)


def _absent(field: Field[Any], hint: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    if type(None) in get_args(hint):
        return None
    return {str: "", tuple: (), dict: {}, Mapping: {}, frozenset: frozenset()}.get(get_origin(hint) or hint, MISSING)


def _codec(hint: Any) -> _Codec:
    """Return how values of a type are written and read. Raise TypeError for a type that has no plain form."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(tuple(argument for argument in arguments if argument is not type(None)))
    if origin is tuple:
        return _tuple(arguments)
    if origin in (dict, Mapping):
        return _mapping(_codec(arguments[1]))
    if origin is frozenset:
        member = _codec(arguments[0])
        return _Codec(lambda values: sorted(map(member.encode, values)), lambda values: frozenset(map(member.decode, values)))
    return _simple(hint)


def _simple(cls: Any) -> _Codec:
    if cls in SIMPLE:
        return _Codec(lambda value: value, partial(_checked, cls))
    if cls is bytes:
        return _Codec(lambda value: b64encode(value).decode("ascii"), partial(b64decode, validate=True))
    if cls is datetime:
        return _Codec(datetime.isoformat, lru_cache(4096)(datetime.fromisoformat))
    if issubclass(cls, Enum):
        members = {member.value: member for member in cls}
        return _Codec(lambda member: member.value, lambda value: members.get(value) or cls(value))
    return _Codec(_writer(cls), _reader(cls))


def _checked(cls: type, value: Any) -> Any:
    if not isinstance(value, (int, float) if cls is float else cls):
        raise TypeError(f"it must be {SIMPLE[cls]}")
    return value


def _tuple(arguments: tuple[Any, ...]) -> _Codec:
    """Return the codec of a tuple of any length, or of a tuple with a type for each place."""
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        codec = _codec(arguments[0])
        return _Codec(lambda values: [codec.encode(value) for value in values], lambda values: tuple(map(codec.decode, values)))
    codecs = [_codec(argument) for argument in arguments]
    return _Codec(
        lambda values: [codec.encode(value) for codec, value in zip(codecs, values, strict=True)],
        lambda values: tuple(codec.decode(value) for codec, value in zip(codecs, values, strict=True)),
    )


def _mapping(codec: _Codec) -> _Codec:
    return _Codec(
        lambda values: {key: codec.encode(value) for key, value in values.items()},
        lambda values: {key: codec.decode(value) for key, value in values.items()},
    )


def _union(members: tuple[Any, ...]) -> _Codec:
    """Return the codec of a type that may be None, of one of several dataclasses, or of both."""
    inner = _codec(members[0]) if len(members) == 1 else _one_of({member.__name__: member for member in members})
    return _Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
    )


def _one_of(classes: dict[str, type]) -> _Codec:
    readers = {name: _reader(cls) for name, cls in classes.items()}

    def decode(data: Mapping[str, Any]) -> Any:
        rest = {**data}
        read = readers.get(rest.pop(CLASS, ""))
        if read is None:
            raise ValueError(f"{CLASS} must be one of {', '.join(classes)}")
        return read(rest)

    return _Codec(lambda value: {CLASS: type(value).__name__, **to_plain(value)}, decode)
