"""What marshmallow says is wrong with which field, as paths: ``episodes.0.start``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockregister.errors import InvalidRequest

OF_THE_WHOLE = "_schema"


def refusal(messages: Mapping[Any, Any]) -> InvalidRequest:
    """The failure that marshmallow's messages about a request mean."""
    wrong = wrong_fields(messages)
    field, sentence = next(iter(wrong.items()))
    return InvalidRequest(f"{field or 'The body'}: {sentence}", field, wrong)


def wrong_fields(messages: Mapping[Any, Any]) -> dict[str, str]:
    """The first sentence about each wrong field by its path, in order; the path of the whole is empty."""
    return dict(_flat(messages, ""))


def _flat(messages: Mapping[Any, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, below in messages.items():
        here = path if name == OF_THE_WHOLE else f"{path}.{name}".lstrip(".")
        if isinstance(below, Mapping):
            yield from _flat(below, here)
        else:
            yield here, str(below[0])

