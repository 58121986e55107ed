"""Judges of documents: a register that answers over HTTP, and an edition of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mockregister.client import Answer, Client
from mockregister.document.reader import read_submission
from mockregister.finding import Finding
from mockregister.register.memory_store import MemoryStore
from mockregister.register.register import Register
from mockregister.register.rule_settings import RuleSettings
from mockregister.settings import Settings
from mockregister.submission import Service, submit
from mockregister.validation.edition import Edition

SERVICES = {"save": Service.REPORTING, "save-if-no-errors": Service.SAVE_IF_NO_ERRORS, "validate": Service.VALIDATE}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status and findings of documents, or ``failure``, the reason why there are none.

    The judgement of a query also has the number of objects found.
    """

    status: str
    findings: tuple[Finding, ...] = ()
    failure: str = ""

    @classmethod
    def of(cls, answer: Answer) -> Judgement:
        """Return the judgement in an answer."""
        if answer.status:
            return cls(f"{answer.status}, {answer.objects} objects" if answer.objects else answer.status, answer.findings)
        if answer.fault is not None:
            return cls("", failure=f"fault: {answer.fault.reason}")
        return cls("", failure=f"HTTP {answer.http_status} without SOAP")


class Judge(Protocol):
    """A register or an edition that judges documents."""

    name: str

    def judge(self, documents: Sequence[bytes]) -> Judgement:
        """Return the judgement of documents that are submitted together. Raise NoAnswer and NoCard."""
        ...


class RegisterJudge:
    """A register that is asked over HTTP; the client has its address, the service and the ID card."""

    def __init__(self, name: str, client: Client) -> None:
        self.name, self._client = name, client

    def judge(self, documents: Sequence[bytes]) -> Judgement:
        """Return the register's answer. Raise NoAnswer and NoCard."""
        return Judgement.of(self._client.submit(documents))


class EditionJudge:
    """An edition with its own register in memory, which stores what the service stores."""

    def __init__(self, edition: Edition, settings: Settings, service: Service = Service.REPORTING) -> None:
        self.name, self.edition, self._service = f"edition:{edition.name}", edition, service
        self._register = Register(MemoryStore(), edition.codes.tables(settings), settings.start_clock(), settings)
        self._register.rule_settings = RuleSettings.of(settings, edition.version)

    def judge(self, documents: Sequence[bytes]) -> Judgement:
        """Return the findings of the edition in the form of an answer."""
        outcome = submit(self._register, self._service, read_submission(documents), edition=self.edition)
        return Judgement(outcome.status, outcome.findings)
