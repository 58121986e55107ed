"""The built-in editions, newest first; each file declares how one edition differs from the next newer one."""

from mockregister.validation.edition import Edition
from mockregister.validation.editions.go_live import GO_LIVE
from mockregister.validation.editions.june_2018 import JUNE_2018
from mockregister.validation.editions.newest import NEWEST
from mockregister.validation.editions.september_2018 import SEPTEMBER_2018

BUILT_IN: dict[str, Edition] = {edition.name: edition for edition in (NEWEST, GO_LIVE, SEPTEMBER_2018, JUNE_2018)}

__all__ = ["BUILT_IN", "NEWEST"]
