"""The charts of the overview: stored data and findings by month, region, rule, age and chapter.

The register updates the counts when it stores, so a chart costs the same for any amount of data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from flask import url_for

from mockregister.codes.sor import SorTable
from mockregister.codes.tables import CodeTables
from mockregister.register.elements import Look
from mockregister.register.overview import (
    RuleCount,
    StandingCount,
    condition_groups,
    contacts_by_month,
    documents_by_month,
    rule_counts,
    standing_counts,
)
from mockregister.validation.edition import Edition
from mockregister.web.pages import denmark
from mockregister.web.pages.chapters import CHAPTERS
from mockregister.web.pages.charts import ChartSeries, ChartValue, Columns, RankedBar, Ranking
from mockregister.web.pages.names import REGION_NAMES, authority_name
from mockregister.web.pages.preferences import language

Counted = TypeVar("Counted", StandingCount, RuleCount)

MONTHS = 12
TALLEST = 320.0  # pixels, beside the map
MOST_OTHERS = 2  # authorities other than regions that have their own colour
LONGEST = 10  # bars of a ranking
AGES = (7, 30, 90, 180, 365)  # days, the ends of the age groups; the last group has everything older
MONTH_NAMES = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "da": ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
COLOURS = {cvr: f"region-{number}" for number, cvr in enumerate(REGION_NAMES, 1)}


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """A region on the map with its figures; ``shade`` is how dark it is drawn, from 0 to 5."""

    shape: denmark.RegionShape
    contacts: int
    documents: int
    standing: int
    shade: int


class Pictures:
    """The charts at a moment, for all authorities or for one (a CVR number)."""

    def __init__(self, look: Look, codes: CodeTables, edition: Edition, authority: str) -> None:
        self._look, self._codes, self._edition, self.authority = look, codes, edition, authority

    @cached_property
    def months(self) -> list[str]:
        """Return the twelve months that end with the last month in which anything happened."""
        counts = {*self._contacts, *self._documents}
        now = f"{self._look.now:%Y-%m}"
        last = max((month for month, _ in counts if month and month <= now), default=now)
        return [_month_before(last, back) for back in range(MONTHS - 1, -1, -1)]

    @cached_property
    def contacts(self) -> Columns:
        """Return contacts by the month in which they began."""
        return replace(self._by_month(self._contacts, _patients), tall=TALLEST)

    @cached_property
    def documents(self) -> Columns:
        """Return documents by the month in which they were received."""
        return self._by_month(
            self._documents, lambda month, cvr: url_for("pages.start.submissions", authority=cvr or None, month=month)
        )

    @cached_property
    def regions(self) -> list[RegionFigures]:
        """Return the regions, with the number of contacts and documents in ``months``, and their standing findings."""
        contacts, documents = self._of_months(self._contacts), self._of_months(self._documents)
        standing = Counter[str]()
        for count in self._standing:
            standing[count.authority] += count.episodes
        most = max((contacts[cvr] for cvr in REGION_NAMES), default=0) or 1
        return [
            RegionFigures(
                shape, contacts[shape.cvr], documents[shape.cvr], standing[shape.cvr], -(-5 * contacts[shape.cvr] // most)
            )
            for shape in denmark.shapes()
        ]

    @cached_property
    def rules(self) -> Ranking:
        """Return the rules that the most episodes of care violate."""
        found: Counter[str] = Counter()
        errors: Counter[str] = Counter()
        for count in self._of_authority(self._rules):
            found[count.code] += count.episodes
            errors[count.code] += count.episodes * count.is_error
        texts = {rule.id: rule.text for rule in self._edition.rules}
        bars = [
            self._split_bar(code, texts.get(code, ""), errors[code], total - errors[code], rule=code)
            for code, total in found.most_common(LONGEST)
        ]
        return Ranking(bars, ("Rule", "Error", "Warning"))

    @cached_property
    def authorities(self) -> Ranking:
        """Return the authorities whose episodes of care have findings, the one with the most first."""
        found, errors = Counter[str](), Counter[str]()
        for count in self._standing:
            found[count.authority] += count.episodes
            errors[count.authority] += count.episodes * count.is_error
        bars = [
            self._split_bar(
                authority_name(cvr, self._codes.sor) or "–", "", errors[cvr], total - errors[cvr], authority=cvr or None
            )
            for cvr, total in found.most_common(LONGEST)
        ]
        return Ranking(bars, ("Authority", "Error", "Warning"))

    @cached_property
    def ages(self) -> Columns:
        """Return the error list by the number of days since its episodes of care were reported."""
        labels = [f"≤ {age}" for age in AGES] + [f"> {AGES[-1]}"]
        errors, warnings = [0] * len(labels), [0] * len(labels)
        for count in self._of_authority(self._standing):
            place = age_group((self._look.now.date() - count.day).days)
            (errors if count.is_error else warnings)[place] += count.episodes
        return Columns(
            labels, labels, [self._aged("Error", "bad", errors), self._aged("Warning", "warn", warnings)]
        )  # fmt: skip

    @cached_property
    def deadlines(self) -> list[tuple[str, int]]:
        """Return how many episodes of care have warnings that become errors within 7, 30 and 90 days."""
        left = [
            ((count.error_by - self._look.now).days, count.episodes)
            for count in self._of_authority(self._standing)
            if count.error_by is not None
        ]
        return [(str(days), sum(episodes for day, episodes in left if day < days)) for days in (7, 30, 90)]

    @cached_property
    def chapters(self) -> Ranking:
        """Return the number of diagnoses by chapter of the classification."""
        groups = Counter[str]()
        for (group, cvr), rows in condition_groups(self._look).items():
            groups[group] += rows if self.authority in ("", cvr) else 0
        bars = [
            RankedBar(
                chapter.danish if language() == "da" else chapter.english,
                (("plain", ChartValue(sum(rows for group, rows in groups.items() if chapter.has(group)))),),
                url_for("pages.patients.show", diagnosis=chapter.codes, authority=self.authority or None),
                chapter.codes.replace("-", "–"),
            )
            for chapter in CHAPTERS
        ]
        return Ranking(sorted((bar for bar in bars if bar.total), key=lambda bar: -bar.total)[:LONGEST], ("Chapter", "Diagnoses"))

    @cached_property
    def _contacts(self) -> Counter[tuple[str, str]]:
        return contacts_by_month(self._look)

    @cached_property
    def _documents(self) -> Counter[tuple[str, str]]:
        return documents_by_month(self._look)

    @cached_property
    def _standing(self) -> list[StandingCount]:
        return list(standing_counts(self._look))

    @cached_property
    def _rules(self) -> list[RuleCount]:
        return list(rule_counts(self._look))

    def _of_authority(self, counts: Iterable[Counted]) -> list[Counted]:
        return [count for count in counts if self.authority in ("", count.authority)]

    def _of_months(self, counts: Counter[tuple[str, str]]) -> Counter[str]:
        found = Counter[str]()
        for (month, cvr), rows in counts.items():
            found[cvr] += rows if month in self.months else 0
        return found

    def _by_month(self, counts: Counter[tuple[str, str]], address: Callable[[str, str], str]) -> Columns:
        """Return a column for each month, in pieces by authority: regions, the largest of the others, and the rest."""
        totals = self._of_months(counts)
        names = MONTH_NAMES[language()]
        labels = [names[int(month[5:]) - 1] for month in self.months]
        if self.authority:
            own = [self.authority] if totals[self.authority] else []
            series = [self._series(cvr, counts, address, COLOURS.get(cvr, "region-6")) for cvr in own]
        else:
            others = [cvr for cvr, _ in totals.most_common() if cvr not in REGION_NAMES and totals[cvr]]
            series = [self._series(cvr, counts, address, COLOURS[cvr]) for cvr in reversed(REGION_NAMES) if totals[cvr]]
            series += [
                self._series(cvr, counts, address, f"region-{number}") for number, cvr in enumerate(others[:MOST_OTHERS], 6)
            ]
            rest = others[MOST_OTHERS:]
            if rest:
                values = [ChartValue(sum(counts[month, cvr] for cvr in rest)) for month in self.months]
                series.append(ChartSeries("Others", "region-8", values))
        return Columns(labels, self.months, series)

    def _series(self, cvr: str, counts: Counter[tuple[str, str]], address: Callable[[str, str], str], css: str) -> ChartSeries:
        values = [ChartValue(counts[month, cvr], address(month, cvr)) for month in self.months]
        return ChartSeries(authority_name(cvr, self._codes.sor) or "–", css, values)

    def _split_bar(self, name: str, note: str, errors: int, warnings: int, **asked: str | None) -> RankedBar:
        where = {"authority": self.authority or None, **asked}

        def address(severity: str | None) -> str:
            return url_for("pages.error-list.show", **{**where, "severity": severity})  # type: ignore[arg-type]

        parts = (("bad", ChartValue(errors, address("error"))), ("warn", ChartValue(warnings, address("warning"))))
        return RankedBar(name, parts, address(None), note)

    def _aged(self, name: str, css: str, numbers: list[int]) -> ChartSeries:
        severity = name.lower()
        return ChartSeries(
            name,
            css,
            [
                ChartValue(
                    number, url_for("pages.error-list.show", severity=severity, age=place, authority=self.authority or None)
                )
                for place, number in enumerate(numbers)
            ],
        )


def known_authorities(look: Look, units: SorTable) -> list[tuple[str, str]]:
    """Return the authorities that report: CVR numbers and names, regions first."""
    reporting = {cvr for _, cvr in documents_by_month(look) if cvr}
    others = sorted((authority_name(cvr, units), cvr) for cvr in reporting - REGION_NAMES.keys())
    return [*((cvr, name) for cvr, name in REGION_NAMES.items() if cvr in reporting), *((cvr, name) for name, cvr in others)]


def age_group(days: int) -> int:
    """Return the number of the age group for this many days."""
    return next((place for place, age in enumerate(AGES) if days <= age), len(AGES))


def _month_before(month: str, months: int) -> str:
    """Return the month that is this many months before another."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 - months
    return f"{max(count // 12, 1):04}-{count % 12 + 1:02}"


def _patients(month: str, cvr: str) -> str:
    following = date.fromisoformat(f"{_month_before(month, -1)}-01")
    days = {"from": f"{month}-01", "to": (following - timedelta(days=1)).isoformat()}
    return url_for("pages.patients.show", authority=cvr or None, **days)  # type: ignore[arg-type]
