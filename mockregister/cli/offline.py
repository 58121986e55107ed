"""A register in this process, for commands that need no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from mockregister.codes.tables import CodeTables
from mockregister.document.reader import read_submission
from mockregister.errors import StoreError
from mockregister.finding import as_reported
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rule_settings import RuleSettings
from mockregister.register.stores import stores_of
from mockregister.settings import Settings, without_password
from mockregister.submission import Service
from mockregister.validation.edition import Edition
from mockregister.validation.explaining.explain import explain
from mockregister.validation.explaining.explanation import ExplainedFinding
from mockregister.validation.pipeline import Examination


def open_register(settings: Settings, edition: Edition) -> Register:
    """Return an empty register in memory, with the codes of the edition and the clock of ``settings``.

    Raise SettingError for an unknown rule in ``settings.rules_off`` or a code file that cannot be used.
    """
    edition.rules.require(settings.rules_off)
    register = Register(MemoryStore(), edition.codes.tables(settings), settings.start_clock(), settings)
    register.rule_settings = RuleSettings.of(settings, edition.version)
    return register


@contextmanager
def open_stored(settings: Settings, name: str) -> Iterator[Register]:
    """Open the register of this name in the store of ``settings`` for this process alone. Raise StoreError."""
    if settings.store_dir is not None and not (settings.store_dir / name).is_dir():
        raise StoreError(f"There is no register named '{name}' in {settings.store_dir}.")
    with closing(stores_of(settings)) as stores:
        if settings.is_shared and name not in stores.kept():
            raise StoreError(f"There is no register named '{name}' in {without_password(settings.store)}.")
        with closing(Register(stores.open(name), CodeTables.of(settings), settings.start_clock(), settings)) as register:
            yield register


def examine(register: Register, content: bytes, edition: Edition, language: str = "en") -> list[ExplainedFinding]:
    """Return what the four levels find in one document, explained.

    The document is stored, for later documents that build on it, unless levels 1 to 3 find an error.
    """
    with Examination(read_submission([content]), register, edition) as examination:
        findings = examination.findings()
        explained = explain(as_reported(findings), examination, language)
        if Service.REPORTING.keeps(findings):
            examination.draft.commit(examination.sent, findings, Service.REPORTING.url_name, examination.seconds)
    return explained
