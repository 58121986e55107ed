"""The journal on the overview: why recent submissions were refused, and how long each level takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from statistics import median, quantiles

from flask import url_for

from mockregister.finding import Level
from mockregister.mocking.journal import Exchange
from mockregister.validation.edition import Edition
from mockregister.web.pages.charts import ChartValue, RankedBar, Ranking

LOOKED_AT = 10_000  # exchanges; the journal may remember more
LONGEST = 10  # bars of a ranking
STEPS = ("parse", *(level.value for level in Level))
MICRO = 1_000_000


class Recent:
    """The last exchanges of the journal, of all authorities or of one (a CVR number)."""

    def __init__(self, exchanges: Iterable[Exchange], edition: Edition, authority: str) -> None:
        self._exchanges = [exchange for exchange in exchanges if not authority or authority in exchange.call.cvr]
        self._edition, self.authority = edition, authority

    @property
    def number(self) -> int:
        """Return the number of exchanges."""
        return len(self._exchanges)

    @cached_property
    def refusals(self) -> Ranking:
        """Return the most frequent reasons for refusals, by the code of the finding or else its level."""
        found = Counter[str]()
        for exchange in self._exchanges:
            if not exchange.stored:
                found.update({finding.code or finding.level.value for finding in exchange.findings if finding.is_error})
        rules = self._edition.rules
        bars = [
            RankedBar(
                code,
                (("bad", ChartValue(number, self._address(code))),),
                self._address(code),
                rules[code].text if code in rules else "",
            )
            for code, number in found.most_common(LONGEST)
        ]
        return Ranking(bars, ("Rule or code", "Submissions refused"))

    @cached_property
    def times(self) -> Ranking:
        """Return the median and the 95th percentile of the time of each step, in microseconds."""
        slowest = url_for("pages.exchanges.show", order="slowest", cvr=self.authority or None)
        bars = []
        for step in STEPS:
            taken = [exchange.seconds[step] for exchange in self._exchanges if step in exchange.seconds]
            if taken:
                half, most = median(taken), quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
                parts = (
                    ("plain", ChartValue(round(half * MICRO), slowest)),
                    ("soft", ChartValue(round(max(most - half, 0) * MICRO), slowest)),
                )
                bars.append(RankedBar(step, parts, slowest))
        return Ranking(bars, ("Step", "Half take at most", "95 % take at most"))

    def _address(self, code: str) -> str:
        return url_for("pages.exchanges.show", outcome="refused", code=code, cvr=self.authority or None)
