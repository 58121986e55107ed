"""All commands share help, exit codes and suggestions for misspelt names."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.cli import COMMANDS, main

NOBODY = "http://127.0.0.1:9"


def run(*words: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(main, words)
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS), ("rules", "list")])
def test_the_option_h_shows_the_help(command: tuple[str, ...]) -> None:
    code, said = run(*command, "-h")
    assert (code, said.startswith("Usage: ")) == (0, True)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("exprt",), "export"),
        (("serve", "--seed", "dmo"), "demo"),
        (("serve", "--edition", "2018-09-13"), "2018-09-12"),
        (("serve", "--rules-off", "5.104"), "05.104"),
        (("generate", "--scenario", "injry"), "injury"),
        (("generate", "--breaking", "SET_NOT_FUND"), "SET_NOT_FOUND"),
        (("rules", "show", "5.104"), "05.104"),
        (("codes", "list", "--list", "admin.kontype"), "admin.konttype"),
        (("new", "report", "RAA5"), "RAA05"),
    ],
)
def test_the_error_for_a_misspelt_name_suggests_a_similar_one(words: tuple[str, ...], meant: str) -> None:
    code, said = run(*words)
    assert (code, f"Did you mean '{meant}'?" in said) == (2, True), said


@pytest.mark.parametrize(
    "words",
    [
        ("submit", "{file}", "--url", NOBODY),
        ("compare", NOBODY, "edition:2018-09-12", "{file}"),
        ("export", "--format", "lpr3", "--url", NOBODY, "{folder}"),
        ("error-list", "write", "--url", NOBODY, "{folder}"),
        ("snapshot", "save", "{folder}/snapshot", "--url", NOBODY),
        ("snapshot", "load", "{file}", "--url", NOBODY),
        ("new", "correction", "--after", "11111111-1111-1111-1111-111111111111", "--url", NOBODY),
        ("generate", "--patients", "1", "--into", NOBODY),
    ],
)
def test_the_exit_code_is_2_if_the_register_does_not_answer(words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "file.xml"
    file.write_text("<a/>")
    code, said = run(*(word.format(file=file, folder=tmp_path) for word in words))
    assert (code, "127.0.0.1:9" in said) == (2, True), said


@pytest.mark.parametrize(
    "words",
    [
        ("generate", "--patients", "1", "--out", "{file}/below"),
        ("pki", "init", "{file}/below"),
        ("codes", "import", "{file}", "--output", "{file}/below"),
        ("error-list", "write", "--store", "tinydb:{file}", "{file}/below"),
        ("export", "--format", "lpr3", "--store", "tinydb:{file}", "{folder}"),
        ("serve", "--store", "tinydb:{file}", "--port", "0"),
        ("validate", "{file}", "--codes", "{file}"),
    ],
)
def test_the_exit_code_is_2_if_a_file_cannot_be_read_or_written(words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("a,b\n1,2\n")
    code, said = run(*(word.format(file=file, folder=tmp_path) for word in words))
    assert (code, said.count("\n")) == (2, 1), said
