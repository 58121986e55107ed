"""Translate our English sentences to Danish: findings are kept in English only, but explained in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Phrasebook:
    """English sentences and the same in Danish. ``{}`` stands for the same in both, or for another sentence of the book."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        longest_first = sorted(sentences, key=lambda sentence: -len(sentence[0].replace("{}", "")))
        self._known = [(_pattern(english), danish) for english, danish in longest_first]

    def danish(self, english: str) -> str:
        """Return a sentence in Danish; an unknown one is returned as it is. If several entries fit, the longest is used."""
        for pattern, danish in self._known:
            found = pattern.fullmatch(english)
            if found:
                return danish.format(*map(self.danish, found.groups()))
        return english


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(re.escape(english).replace(r"\{\}", r"(\S.*?)"), re.DOTALL)
