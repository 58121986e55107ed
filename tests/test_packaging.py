"""The package has a version, licences, matching lock files, and a complete wheel."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mockregister import __version__
from mockregister.cli import main
from tests import installing, serving

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
# the lock files, and the extras that each has besides the required packages
LOCKS = {"run": ("postgresql", "sftp", "xlsx"), "dev": ("dev",)}
LOCKED = re.compile(
    r"""^(?P<name> [a-z0-9-]+ ) == (?P<release> \S+ ) (?: [ ];[ ][^\\\n]+ )? [ ]\\\n
        (?: [ ]{4}--hash=sha256:[0-9a-f]{64} (?: [ ]\\ )? \n )+
        (?P<why> (?: [ ]{4}[#].*\n )* )""",
    re.MULTILINE | re.VERBOSE,
)


def required(extra: str) -> Iterator[Requirement]:
    """Return the requirements of an extra, including those of extras that it consists of."""
    for line in PROJECT["optional-dependencies"][extra]:
        requirement = Requirement(line)
        if requirement.name == "mockregister":
            for inner in requirement.extras:
                yield from required(inner)
        else:
            yield requirement


def declared(lock: str) -> dict[str, Requirement]:
    """Return the requirements that a lock file must contain, by name."""
    always = map(Requirement, (*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["build"]))
    chosen = (requirement for extra in LOCKS[lock] for requirement in required(extra))
    return {canonicalize_name(requirement.name): requirement for requirement in (*always, *chosen)}


def locked(lock: str) -> dict[str, tuple[str, str]]:
    """Return the release of each package in a lock file, and the comment that says what requires it."""
    text = (ROOT / "lock" / f"{lock}.txt").read_text("utf-8")
    return {name: (release, why) for name, release, why in LOCKED.findall(text)}


def test_the_command_names_its_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"mockregister, version {__version__}\n"


def test_the_first_section_of_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## (\d+\.\d+\.\d+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    version, unreleased = headings[0]
    assert __version__ == version + (".dev0" if unreleased else "")
    assert [mark for _, mark in headings[1:] if mark] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_has_what_pyproject_requires(lock: str) -> None:
    found = locked(lock)
    asked = {name for name, (_, why) in found.items() if "mockregister (pyproject.toml" in why}
    assert asked == set(declared(lock)), "run .ci/lock"
    outside = [name for name, requirement in declared(lock).items() if not requirement.specifier.contains(found[name][0])]
    assert outside == [], "run .ci/lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_file_has_hashes_and_no_url(lock: str) -> None:
    text = (ROOT / "lock" / f"{lock}.txt").read_text("utf-8")
    assert len(locked(lock)) == len(re.findall(r"^[a-z]", text, re.MULTILINE))
    assert re.findall(r"://|--(?:extra-)?index|--find-links|@ ", text) == []


def test_tests_run_with_the_releases_of_the_image() -> None:
    image, tests = locked("run"), locked("dev")
    assert {name: release for name, (release, _) in image.items()} == {name: tests[name][0] for name in image}


def test_every_package_that_is_imported_is_declared() -> None:
    owners = packages_distributions()
    imported = {
        module.split(".")[0]
        for path in (ROOT / "mockregister").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in modules(node)
    }
    foreign = imported - sys.stdlib_module_names - {"mockregister", "_typeshed"}
    optional = {canonicalize_name(need.name) for extra in PROJECT["optional-dependencies"] for need in required(extra)}
    needed = {canonicalize_name(name) for module in foreign for name in owners[module]}
    assert needed <= set(declared("run")) | optional
    assert set(map(canonicalize_name, owners["flask_swagger_ui"])) <= set(declared("run"))  # its files are served, not imported


def modules(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_the_requirements_of_the_build_are_locked() -> None:
    assert PYPROJECT["build-system"]["requires"] == PYPROJECT["dependency-groups"]["build"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the source distribution and the wheel that was built from it."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def tracked(*folders: str) -> set[str]:
    """Return the files of these folders that git tracks."""
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


def test_the_wheel_contains_all_files_of_the_package(built: Path) -> None:
    with ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    base = f"mockregister-{__version__}"
    assert {name for name in tracked("mockregister") if not name.endswith("README.md")} <= names
    assert {f"{base}.data/data/share/mockregister/{name}" for name in tracked("seed_data")} <= names
    assert {f"{base}.dist-info/licenses/LICENSE", f"{base}.dist-info/licenses/NOTICE"} <= names
    assert [name for name in names if not name.startswith(("mockregister/", base))] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_installed_wheel_validates_and_serves(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = tmp_path / "venv" / "bin"
    wheel = shlex.quote(str(next(built.glob("*.whl"))))
    installing.run(f"{sys.executable} -m venv {commands.parent}", tmp_path)
    installing.run(f"{commands}/pip install -q -r {ROOT}/lock/run.txt && {commands}/pip install -q --no-deps {wheel}", tmp_path)
    example = next(tmp_path.glob("venv/lib/*/site-packages/mockregister/document/examples/1-first-visit.xml"))
    assert subprocess.run([commands / "mockregister", "validate", example], cwd=tmp_path, check=False).returncode == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "COMMAND", (str(commands / "mockregister"),))
    with serving.running("--seed", "birth") as server:
        assert server.stored["sets"] > 0
        command = [commands / "mockregister", "submit", "--url", server.url, example]
        assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
