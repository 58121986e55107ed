"""The seeds, imported when one is asked for: most servers never ask, and the generator would be a tenth of their start."""

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
    """The seeds of the seed folder, as ``mocking`` asks for them."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def names(self) -> Sequence[str]:
        """The names of the seeds there are."""
        return self._folder.names()

    def load(self, register: Register, name: str, edition: Edition) -> None:
        """Put what the seed holds into an empty register of an edition. Raises NotFound."""
        self._folder.load(register, name, edition)

    def follows_clock(self, name: str) -> bool:
        """Whether what it holds depends on the day on which it is loaded. Raises NotFound."""
        return self._folder.follows_clock(name)

    @cached_property
    def _folder(self) -> SeedFolder:
        from mockregister.synthetic.seeds import SeedFolder

        return SeedFolder(watch=self._watch)
