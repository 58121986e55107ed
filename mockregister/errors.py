"""What stops us: raised, and turned into an answer in ``web/failures.py`` alone.

What a sender's *document* does wrong is a ``Finding``; what is raised here is a request, a setting or a disk that cannot be
worked with. Each message is one sentence that says what was wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def shown(text: str, length: int = 80) -> str:
    """Return what a sender wrote, short enough to stand in a sentence."""
    return text if len(text) <= length else text[: length - 3] + "..."


def reason(error: Exception) -> str:
    """Return why something failed in words: of an error of the operating system neither its number nor the file again."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def did_you_mean(said: str, known: Iterable[str]) -> str:
    """Return the question, after a space, whether the known name that is most like the one that was said is meant.

    Return an empty text where no name is like it.
    """
    from difflib import get_close_matches  # which no start pays for

    near = get_close_matches(shown(said), list(known), 1)
    return f" Did you mean '{near[0]}'?" if near else ""


class MockRegisterError(Exception):
    """The parent of everything this package raises on purpose."""


class SettingError(MockRegisterError):
    """A setting has a value that cannot be used; stops the start."""


class UnreadableRequest(MockRegisterError):
    """The sender's request is no readable ITI-41 submission.

    ``http_status`` is what HTTP and the SOAP binding say of it, ``fault_code`` the SOAP 1.2 word for whose fault it is.
    """

    def __init__(self, sentence: str, http_status: int = 400, fault_code: str = "Sender") -> None:
        super().__init__(sentence)
        self.http_status, self.fault_code = http_status, fault_code


class AccessDenied(MockRegisterError):
    """The security headers of a request are refused by the auth dial (facts 18, 24, 28, 48).

    The sentence is the real register's, which says little; ``hint`` says what was wrong and what to do. ``precise_code`` is
    the FaultCode that DGWS has for it, if the register was seen with another.
    """

    def __init__(
        self, sentence: str, *, sender: bool = False, fault_code: str = "", hint: str = "", precise_code: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sender, self.fault_code, self.hint, self.precise_code = sender, fault_code, hint, precise_code


class IssueRefused(MockRegisterError):
    """The STS issues no ID card. ``code`` is WS-Trust's local name for why, ``fault_code`` the DGWS FaultCode."""

    def __init__(self, sentence: str, code: str, fault_code: str) -> None:
        super().__init__(sentence)
        self.code, self.fault_code = code, fault_code


class NoCard(MockRegisterError):
    """An STS issued no ID card; the sentence is what it said."""


class UnreadableDocument(MockRegisterError):
    """Bytes that are no XML document: not well-formed, wrongly encoded, or guarded against (DTD, entities, depth)."""

    def __init__(self, sentence: str, line: int = 0, column: int = 0) -> None:
        super().__init__(sentence)
        self.line, self.column = line, column


class StoreError(MockRegisterError):
    """The store cannot keep or read what it was given: disk full, folder read-only, journal damaged, folder locked.

    ``told`` is what the sender of a submission is told, who need not know where the store is, and ``told_others`` what
    everybody else is.
    """

    told = "The store failed, and the submission was not kept"
    told_others = "The store failed, and what was asked for was not done"


class StoreAway(StoreError):
    """The database is not to be reached, or went away before anything was kept."""

    told = "The database of the register does not answer, and the submission was not kept; send it again in a moment"
    told_others = "The database of the register does not answer; ask again in a moment"


class StoreContended(StoreAway):
    """The database asks to do the same again: nothing was kept."""


class StoreInDoubt(StoreError):
    """The database went away while it kept something, and nobody can tell whether it did."""

    told = (
        "The database of the register was lost while the submission was being kept, and whether it was is not known; "
        "send it again, and if it was kept, the answer says so"
    )
    told_others = "The database of the register was lost; whether what was asked for was done is not known: look, and ask again"


class StoreGone(StoreError):
    """What the store has open is not what is looked for any more: someone deleted or exchanged the folder, or cut a file off."""

    told = "The files of the register were deleted or exchanged while the server runs, and nothing was kept; start it again"
    told_others = "The files of the register were deleted or exchanged while the server runs; start it again"


class NotFound(MockRegisterError):
    """What was asked for by name or id is not there."""


class Conflict(MockRegisterError):
    """What was asked for contradicts what is there."""


class Busy(MockRegisterError):
    """There is no room for what was asked for at the moment; it may be asked again (HTTP 503)."""


class InvalidRequest(MockRegisterError):
    """An admin or API request has a wrong field; ``field`` is its path, such as ``fault.status``.

    ``errors`` tells of wrong fields, by path, where there may be several, and ``more_errors`` how many it leaves out.
    """

    def __init__(self, sentence: str, field: str = "", errors: Mapping[str, str] | None = None, more_errors: int = 0) -> None:
        super().__init__(sentence)
        self.field, self.errors, self.more_errors = field, errors or {}, more_errors
