"""How many files this process may open, and whether it is about to run out of them."""

from __future__ import annotations

import os
import resource
from contextlib import suppress

OPEN = "/dev/fd"  # lists the files that are open, on Linux and macOS
REGISTERS = 0.5  # the part that registers may take; connections need the rest


def raise_limit() -> None:
    """Let this process open as many files as the system ever lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS refuses what it says is allowed
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def are_scarce() -> bool:
    """Return whether the registers should not open one more."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return allowed != resource.RLIM_INFINITY and os.path.isdir(OPEN) and len(os.listdir(OPEN)) >= allowed * REGISTERS
