"""The seeds, imported on first use: most servers never use them, and importing the generator would take a tenth of the start."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mockregister.mocking.seeds import Watch
from mockregister.register.register import Register
from mockregister.validation.edition import Edition

if TYPE_CHECKING:
    from mockregister.synthetic.seeds import SeedFolder


class SeedsOnDemand:
    """The seeds of the seed folder, with the interface that ``mocking`` needs."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def names(self) -> Sequence[str]:
        """Return the names of the seeds."""
        return self._folder.names()

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Fill an empty register of an edition with the seed. Raise NotFound."""
        self._folder.load(register, name, edition)

    def follows_clock(self, name: str) -> bool:
        """Return whether the seed's content depends on the day on which it is loaded. Raise NotFound."""
        return self._folder.follows_clock(name)

    @cached_property
    def _folder(self) -> SeedFolder:
        from mockregister.synthetic.seeds import SeedFolder

        return SeedFolder(watch=self._watch)
