"""The Docker image. CI has no container engine, so the build steps of the Dockerfile are run in an empty folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import installing, serving

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
BUILD_STAGE = DOCKERFILE.split("\nFROM ")[1]


def instructions(word: str, text: str = DOCKERFILE) -> list[str]:
    """Yield the arguments of each ``word`` instruction, with continued lines joined."""
    return re.findall(rf"^{word} (.+)$", text, re.MULTILINE)


def copy(words: str, context: Path) -> None:
    """Do what a COPY instruction does."""
    *sources, target = words.split()
    for source in sources:
        place = context / target / Path(source).name if target.endswith("/") else context / target
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, place)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_build_steps_install_a_register_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, prefix = tmp_path / "src", tmp_path / "opt"
    context.mkdir()
    for word, rest in re.findall(r"^(COPY|RUN) (.+)$", BUILD_STAGE, re.MULTILINE):
        if word == "COPY":
            copy(rest, context)
        else:
            command = rest.replace("/opt/mockregister", str(prefix)).replace("python -m", f"{sys.executable} -m")
            installing.run(command, context)
    program = prefix / "bin" / "mockregister"
    told = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    assert "For testing only" in " ".join(told.split())
    checked = subprocess.run([program, "healthcheck", "--url", "http://127.0.0.1:9"], capture_output=True, check=False)
    assert checked.returncode == 1
    monkeypatch.setattr(serving, "COMMAND", (str(program),))
    with serving.running("--seed", "birth", "--store", f"tinydb:{tmp_path}/data") as server:
        assert server.stored["sets"] > 0
        checked = subprocess.run([program, "healthcheck", "--url", server.url], capture_output=True, check=False)
        assert checked.returncode == 0
        assert server.end() == 0


def test_the_base_image_has_an_exact_version_of_a_python_that_we_support() -> None:
    assert re.fullmatch(r"PYTHON=python:3\.11\.\d+-slim-[a-z]+", instructions("ARG")[0])
    assert instructions("FROM") == ["$PYTHON AS build", "$PYTHON"]


def test_the_image_installs_locked_packages() -> None:
    locked, own = instructions("RUN", BUILD_STAGE)
    assert locked.endswith("-r lock/run.txt")
    assert own.endswith("--no-deps --no-build-isolation .")


def test_the_image_runs_as_an_ordinary_user_and_has_a_healthcheck() -> None:
    assert instructions("USER") == ["mockregister"]
    assert instructions("VOLUME") == ["/data"]
    assert "healthcheck" in instructions("HEALTHCHECK")[0]


def test_every_variable_that_the_image_sets_is_a_setting() -> None:
    from mockregister.settings import load

    words = dict(pair.split("=", 1) for pair in instructions("ENV")[0].split() if pair.startswith("MOCKREGISTER_"))
    settings = load({}, words)
    assert (settings.host, settings.port, settings.store) == ("0.0.0.0", 8080, "tinydb:/data")


def test_compose_gives_the_container_no_more_than_it_needs() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["mockregister"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert {"tmpfs", "mem_limit", "cpus", "pids_limit"} <= service.keys()


@pytest.mark.parametrize("page", ["README.md", "compose.yaml", "docs/testing-with-docker-compose.md"])
def test_the_container_is_reachable_only_from_this_machine(page: str) -> None:
    hosts = re.findall(r"([\d.]*):?(?:\d{4}|\$\{\S+\}):8080", (ROOT / page).read_text("utf-8"))
    assert set(hosts) == {"127.0.0.1"}
