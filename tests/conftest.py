"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# A busy machine is not a slow test; and CI tries the same examples each time, so that what fails there fails here.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
