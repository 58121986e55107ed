"""The image: no container engine runs in CI, so the Dockerfile's own steps are replayed in an empty folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import serving

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def instructions(word: str) -> list[str]:
    """What follows each ``word`` instruction, continued lines joined."""
    return re.findall(rf"^{word} (.+)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)


def copied(folder: Path) -> None:
    """What the build stage copies from the context, copied to ``folder``."""
    for line in instructions("COPY"):
        if not line.startswith("--from"):
            *sources, target = line.split()
            for source in sources:
                place = folder / target / Path(source).name if target.endswith("/") else folder / target
                (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, place)


@pytest.mark.timeout(600)
def test_the_build_steps_give_a_register_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, prefix = tmp_path / "src", tmp_path / "opt"
    context.mkdir()
    copied(context)
    build = instructions("RUN")[0].replace("/opt/mockregister", str(prefix)).replace("python -m", f"{sys.executable} -m")
    done = subprocess.run(build, shell=True, cwd=context, capture_output=True, text=True, check=False)
    if "Could not find a version" in done.stderr and "No matching distribution" in done.stderr:
        pytest.skip("no package registry can be reached from here")
    assert done.returncode == 0, done.stderr
    command = prefix / "bin" / "mockregister"
    told = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "For testing only" in " ".join(told.split())
    checked = subprocess.run([command, "healthcheck", "--url", "http://127.0.0.1:9"], capture_output=True, check=False)
    assert checked.returncode == 1
    monkeypatch.setattr(serving, "COMMAND", (str(command),))
    with serving.running("--seed", "birth", "--store", f"tinydb:{tmp_path}/data") as server:
        assert server.stored["sets"] > 0
        checked = subprocess.run([command, "healthcheck", "--url", server.url], capture_output=True, check=False)
        assert checked.returncode == 0
        assert server.end() == 0


def test_the_image_runs_as_nobody_special_and_is_watched() -> None:
    assert instructions("USER") == ["mockregister"]
    assert instructions("VOLUME") == ["/data"]
    assert "healthcheck" in instructions("HEALTHCHECK")[0]


def test_what_the_image_sets_are_settings() -> None:
    from mockregister.settings import load

    words = dict(pair.split("=", 1) for pair in instructions("ENV")[0].split() if pair.startswith("MOCKREGISTER_"))
    settings = load({}, words)
    assert (settings.host, settings.port, settings.store) == ("0.0.0.0", 8080, "tinydb:/data")
