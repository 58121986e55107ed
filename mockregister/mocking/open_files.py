"""How many files this process may open, and whether it is about to run out of them."""

from __future__ import annotations

import os
import resource
from contextlib import suppress

OPEN = "/dev/fd"  # lists the files that are open, on Linux and macOS
REGISTERS = 0.5  # the share that registers may use; connections need the rest


def raise_limit() -> None:
    """Raise this process's limit of open files to the system's maximum."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS refuses the maximum that it reports
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def are_scarce() -> bool:
    """Return whether registers should not open another file."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return allowed != resource.RLIM_INFINITY and os.path.isdir(OPEN) and len(os.listdir(OPEN)) >= allowed * REGISTERS
