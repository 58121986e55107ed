"""The example documents that the package ships are as our writer writes them, and the register stores them."""

from pathlib import Path

import pytest

from mockregister import safexml
from mockregister.clock import Clock
from mockregister.codes.tables import CodeTables
from mockregister.document import reader, writer
from mockregister.document.reader import read_submission
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation import level1_schema
from mockregister.validation.editions import NEWEST
from tests.document.example_documents import EXAMPLES, FOLDER


def test_each_example_has_its_model_and_each_model_its_example() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_the_writer_makes_of_its_model(name: str) -> None:
    document = EXAMPLES[name]()
    content = Path(FOLDER, name).read_bytes()
    assert content == writer.write(document)
    assert reader.read(safexml.parse(content)).document == document


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_legal_cda_and_keeps_to_the_profile(name: str) -> None:
    content = Path(FOLDER, name).read_bytes()
    root = safexml.parse(content)
    assert level1_schema.check(content, root) == []
    assert NEWEST.profile.check(root) == []


def test_the_register_takes_the_examples_one_after_the_other_with_nothing_to_say() -> None:
    register = Register(MemoryStore(), CodeTables.load(), Clock(), Settings())
    for name in EXAMPLES:
        outcome = submit(register, Service.SAVE_IF_NO_ERRORS, read_submission([Path(FOLDER, name).read_bytes()]))
        assert (outcome.stored, outcome.findings) == (True, ())
