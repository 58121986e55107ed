"""The example documents of the package are what our writer writes, and the register stores them."""

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


def test_every_example_has_a_model_and_every_model_an_example() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_the_writer_writes_for_its_model(name: str) -> None:
    document = EXAMPLES[name]()
    content = Path(FOLDER, name).read_bytes()
    assert content == writer.write(document)
    assert reader.read(safexml.parse(content)).document == document


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid_by_the_schema_and_the_profile(name: str) -> None:
    content = Path(FOLDER, name).read_bytes()
    root = safexml.parse(content)
    assert level1_schema.check(content, root) == []
    assert NEWEST.profile.check(root) == []


def test_the_register_stores_the_examples_in_order_without_findings() -> None:
    register = Register(MemoryStore(), CodeTables.load(), Clock(), Settings())
    for name in EXAMPLES:
        outcome = submit(register, Service.SAVE_IF_NO_ERRORS, read_submission([Path(FOLDER, name).read_bytes()]))
        assert (outcome.stored, outcome.findings) == (True, ())
