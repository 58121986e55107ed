"""Turn marshmallow's messages into a failure that names each wrong field by its path, such as ``episodes.0.start``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from mockregister.errors import InvalidRequest

OF_THE_WHOLE = "_schema"
MOST_TOLD = 100
LONGEST_NAME = 100  # characters of an unknown field's name


def refusal(messages: Mapping[Any, Any]) -> InvalidRequest:
    """Return the failure for marshmallow's messages about a request: the first MOST_TOLD, and the number of the others."""
    wrong = _flat(messages, "")
    told = dict(islice(wrong, MOST_TOLD))
    untold = sum(1 for _ in wrong)
    field, sentence = next(iter(told.items()))
    return InvalidRequest(f"{field or 'The body'}: {sentence}", field, told, untold)


def _flat(messages: Mapping[Any, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, below in messages.items():
        shown = str(name)[:LONGEST_NAME].encode(errors="backslashreplace").decode()  # JSON can hold a lone surrogate
        here = path if name == OF_THE_WHOLE else f"{path}.{shown}".lstrip(".")
        if isinstance(below, Mapping):
            yield from _flat(below, here)
        else:
            yield here, str(below[0])
