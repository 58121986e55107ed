"""A register of this process's own, for commands that need no server."""

from __future__ import annotations

from mockregister.codes.tables import CodeTables
from mockregister.finding import Finding
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.settings import Settings
from mockregister.submission import Service, in_envelope, submit


def open_register(settings: Settings) -> Register:
    """An empty register in memory, with the codes and the clock of ``settings``."""
    return Register(MemoryStore(), CodeTables.of(settings), settings.start_clock(), settings)


def validate(register: Register, content: bytes) -> tuple[Finding, ...]:
    """What the four levels find in one document."""
    return submit(register, Service.VALIDATE, in_envelope([content])).findings
