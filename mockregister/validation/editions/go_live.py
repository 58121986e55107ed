"""2019-02-01, when LPR3 began: the rule list of 2018-10-16 and the integrity codes of 2019-01-30."""

from __future__ import annotations

from datetime import date

from mockregister.validation.editions.newest import NEWEST
from mockregister.validation.integrity_codes import documented

GO_LIVE = NEWEST.changed("2019-02-01", integrity=documented(date(2019, 1, 30)))
