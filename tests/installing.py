"""Installations that tests make. The tests are skipped if no package registry can be reached."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


def run(command: str, folder: Path) -> None:
    """Run a shell command that installs something. Skip the test if no package registry can be reached."""
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr and "Could not find a version" in done.stderr:
        pytest.skip("no package registry can be reached from here")
    assert done.returncode == 0, done.stdout + done.stderr
