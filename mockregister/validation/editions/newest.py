"""2023-09-18, the newest known edition and the default: all rules as declared, and every integrity code."""

from __future__ import annotations

from datetime import date

from mockregister.validation.edition import Edition
from mockregister.validation.integrity_codes import documented
from mockregister.validation.level2_profile import Profile
from mockregister.validation.profile import TEMPLATES
from mockregister.validation.rules import FAMILIES, RuleBook

NEWEST = Edition(
    "2023-09-18",
    "sds:lpr:3.0.6",
    RuleBook(rule for family in FAMILIES.values() for rule in family),
    Profile(TEMPLATES),
    documented(date(2023, 9, 18)),
    "2018-10-16",
)
