"""Share equal texts, so that a register with many rows does not hold each of them many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

#: Returns the given text, or the equal text that was used recently.
shared: Callable[[str], str] = lru_cache(maxsize=4096)(str)
