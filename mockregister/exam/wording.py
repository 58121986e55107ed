"""What a verdict says, in Danish and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mockregister.clock import COPENHAGEN
from mockregister.exam.evidence import StoredThing
from mockregister.exam.matching import FacetDifference, Pairing
from mockregister.exam.story import Expectation, TimeWindow, Wanted, at

WORDS: dict[str, tuple[str, str]] = {  # Danish, English
    "patient": ("patient", "patient"),
    "episode": ("forløbselement", "episode of care"),
    "encounter": ("kontakt", "encounter"),
    "marker": ("forløbsmarkør", "marker"),
    "stay": ("ophold", "stay"),
    "condition": ("diagnose", "condition"),
    "procedure": ("procedure", "procedure"),
    "report": ("resultatindberetning", "result report"),
    "cpr": ("CPR-nummer", "CPR number"),
    "replacement": ("erstatningsnummer", "replacement number"),
    "municipality": ("kommune", "municipality"),
    "country": ("land", "country"),
    "label": ("forløbslabel", "label"),
    "unit": ("enhed", "unit"),
    "start": ("start", "start"),
    "end": ("slut", "end"),
    "time": ("tidspunkt", "time"),
    "origin": ("henvisningsmåde", "way of referral"),
    "choice": ("fritvalg", "free choice"),
    "reason": ("årsag", "reason"),
    "referrer": ("henvisende enhed", "referring unit"),
    "completion": ("afslutningsmåde", "completion"),
    "follows": ("reference til", "link to"),
    "relation": ("referencetype", "type of link"),
    "type": ("kontakttype", "type"),
    "priority": ("prioritet", "priority"),
    "treated": ("behandlingsstart", "start of treatment"),
    "agreement": ("betalingsaftale", "payment agreement"),
    "absence": ("fravær", "absence"),
    "code": ("kode", "code"),
    "main": ("aktionsdiagnose", "main condition"),
    "side": ("side", "side"),
    "supplementary": ("tillægskode", "supplementary code"),
    "metastases": ("metastaser", "metastases"),
    "recurrences": ("lokalrecidiv", "recurrences"),
    "indication": ("indikation", "indication"),
    "staff": ("personalekategori", "staff"),
    "contrast": ("kontrast", "contrast"),
    "status": ("status", "status"),
    "on": ("på", "on"),
    "or": (" eller ", " or "),
    "nothing": ("intet", "nothing"),
    "yes": ("ja", "yes"),
    "no": ("nej", "no"),
    "wanted": ("{what}", "{what}"),
    "must not be": ("ingen {what}", "no {what}"),
    "nullified": ("{what}, slettet", "{what}, nullified"),
    "found": ("{what} fundet", "{what} found"),
    "found, but": ("{what} fundet, men {differences}", "{what} found, but {differences}"),
    "instead of": ("{facet} {found} i stedet for {wanted}", "{facet} {found} instead of {wanted}"),
    "nothing like it": ("intet lignende er indberettet", "nothing like it has been reported"),
    "is there": ("{what} er i registret", "{what} is in the register"),
    "corrected": ("{what} rettet, ikke indberettet på ny", "{what} corrected, not reported as new"),
    "moved": ("{what} flyttet, ikke indberettet på ny", "{what} moved, not reported as new"),
    "never corrected": ("indberettet én gang og aldrig rettet", "reported once and never corrected"),
    "never moved": ("altid på det samme element", "always on the same element"),
    "count": ("{number} × {what}", "{number} × {what}"),
    "there are": ("der er {number}: {what}", "there are {number}: {what}"),
    "refused": ("højst {number} afviste indberetninger", "at most {number} refused submissions"),
    "refused were": ("{number} afvist", "{number} refused"),
    "error_list": ("intet på fejllisten", "nothing in the error list"),
    "but": ("bortset fra", "except"),
    "met": ("opfyldt", "met"),
    "missed": ("ikke opfyldt", "missed"),
    "not yet tried": ("ikke prøvet endnu", "not yet tried"),
    "not begun": ("ikke begyndt", "not begun"),
    "story": ("1 historie", "1 story"),
    "stories": ("{number} historier", "{number} stories"),
    "of": ("{met} af {number} opfyldt", "{met} of {number} met"),
    "version": ("dokumentversion {number}", "document version {number}"),
    "line": ("linje {number}", "line {number}"),
    "rival": ("passer lige så godt: {what}", "fits equally well: {what}"),
    "against": ("på fejllisten: {what}", "in the error list: {what}"),
}


class Wording:
    """Sentences in one language, ``da`` or ``en``; with ``day``, which is day 0, times have a date, too."""

    def __init__(self, language: str, day: date | None = None) -> None:
        self.language, self.day = language, day

    def of(self, texts: Mapping[str, str]) -> str:
        """Return the text in this language."""
        return texts[self.language]

    def say(self, key: str, **parts: object) -> str:
        """Return the words of this key, filled in."""
        return WORDS[key][self.language == "en"].format(**parts)

    def word(self, facet: str) -> str:
        """Return the name of a kind or facet; a result type is named by its code."""
        return self.say(facet) if facet in WORDS else facet

    def wanted(self, expectation: Expectation) -> str:
        """Return what an expectation expects, in words."""
        if expectation.is_element:
            how = {"no": "must not be", "nullified": "nullified"}.get(expectation.stands, "wanted")
            return self.say(how, what=self._element(expectation))
        name = self.word(expectation.name) if expectation.kind == "count" else f"'{expectation.name}'"
        allowed = expectation.wanted.get("but")
        but = f" ({self.word('but')} {self.value(allowed)})" if allowed else ""
        return self.say(expectation.kind, what=name, number=expectation.number) + but

    def _element(self, expectation: Expectation) -> str:
        parts = [f"{self.word(facet)} {self.value(wanted)}" for facet, wanted in expectation.wanted.items()]
        parts += [f"{self.word('on')} '{expectation.on}'"] if expectation.on else []
        name = f"{self.word(expectation.kind)} '{expectation.name}'"
        return f"{name}: {', '.join(parts)}" if parts else name

    def value(self, wanted: Wanted) -> str:
        """Return the wanted value of a facet."""
        if wanted is None:
            return self.word("nothing")
        if isinstance(wanted, bool):
            return self.word("yes" if wanted else "no")
        if isinstance(wanted, TimeWindow):
            return f"{wanted.written} ({at(self.day, wanted.told):%Y-%m-%d})" if self.day else wanted.written
        return self.say("or").join(wanted)

    def values(self, found: Iterable[Any]) -> str:
        """Return the value of a facet that was found."""
        return ", ".join(self._value(value) for value in found) or self.word("nothing")

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        return f"{value.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)

    def found(self, expectation: Expectation, pair: Pairing, differences: Sequence[FacetDifference]) -> str:
        """Return what was found, and how it differs, in words."""
        what = self.word(expectation.kind)
        if not differences:
            return self.say("found", what=what)
        sentences = (
            self.say(
                "instead of",
                facet=self.word(each.facet),
                found=self.values(each.found),
                wanted=self.value(each.wanted),
            )
            for each in differences
        )
        return self.say("found, but", what=what, differences=", ".join(sentences))

    def thing(self, thing: StoredThing) -> str:
        """Return what distinguishes a stored element from others."""
        entry = thing.thing
        code = getattr(entry, "code", None) or getattr(entry, "name", None) or getattr(entry, "type", None)
        start = getattr(entry, "start", None) or getattr(entry, "time", None)
        parts = (self.word(thing.kind), getattr(code, "code", ""), self._value(start) if start else "", thing.key)
        return " ".join(filter(None, parts))

    def there_are(self, there: Sequence[StoredThing]) -> str:
        """Return the stored elements of a kind, in words."""
        return self.say("there are", number=len(there), what="; ".join(map(self.thing, there)) or self.word("nothing"))

    def against(self, codes: Iterable[str]) -> str:
        """Return the findings in the error list, in words."""
        counted = [f"{number} × {code}" if number > 1 else code for code, number in Counter(codes).items()]
        return self.say("against", what=", ".join(counted)) if counted else ""
