"""The server raises its limit of open files to what the system allows."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from mockregister.mocking import open_files

SHOW = """
import resource
from mockregister.mocking.open_files import raise_limit
raise_limit()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_limit_is_raised_to_the_hard_limit() -> None:
    def lowered() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))

    shown = subprocess.run([sys.executable, "-c", SHOW], preexec_fn=lowered, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["512", "512"]


def test_files_are_scarce_when_half_of_them_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 1000))
    for many, scarce in ((49, False), (50, True)):
        monkeypatch.setattr("os.listdir", lambda _, many=many: [""] * many)
        assert open_files.are_scarce() is scarce
