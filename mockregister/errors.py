"""Failures: exceptions that ``web/failures.py`` alone turns into answers.

Whatever is wrong with a sender's *document* is a ``Finding``. An exception means that a request, a setting or a disk cannot be
used. Each message is one sentence that says what was wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def shown(text: str, length: int = 80) -> str:
    """Return a sender's text for use in a message, cut to ``length`` characters."""
    return text if len(text) <= length else text[: length - 3] + "..."


def reason(error: Exception) -> str:
    """Return the reason of a failure in words; for an operating system error, without its number and file name."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return, after a space, the question whether the most similar known name was meant.

    Return an empty text if no name is similar.
    """
    from difflib import get_close_matches  # imported here to keep it out of the start

    near = get_close_matches(shown(name), list(known), 1)
    return f" Did you mean '{near[0]}'?" if near else ""


def flaw_of_json(error: Exception) -> str:
    """Return, as the end of a sentence, what is wrong with JSON of a certain form, from the exception that reading it raised."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return str(error) if isinstance(error, ValueError) else "one of its values is of another kind than that form has"


class MockRegisterError(Exception):
    """The parent of everything this package raises on purpose."""


class SettingError(MockRegisterError):
    """A setting has an unusable value; this stops the start."""


class UnreadableRequest(MockRegisterError):
    """The sender's request is not a readable ITI-41 submission.

    ``http_status`` is the status for HTTP and the SOAP binding, ``fault_code`` the SOAP 1.2 code of the party at fault.
    """

    def __init__(self, sentence: str, http_status: int = 400, fault_code: str = "Sender") -> None:
        super().__init__(sentence)
        self.http_status, self.fault_code = http_status, fault_code


class AccessDenied(MockRegisterError):
    """The security headers of a request are not those that the setting ``auth`` requires (facts 18, 24, 28, 48).

    The sentence is the real register's, which says little; ``hint`` says what was wrong and what to do. ``sender`` makes it a
    fault of the sender, otherwise it is one of the receiver. ``fault_code`` is the FaultCode of the real register;
    ``precise_code`` is the one that DGWS has for the case, if it is another.
    """

    def __init__(
        self, sentence: str, *, sender: bool = False, fault_code: str = "", hint: str = "", precise_code: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sender, self.fault_code, self.hint, self.precise_code = sender, fault_code, hint, precise_code


class IssueRefused(MockRegisterError):
    """The STS issues no ID card. ``code`` is WS-Trust's local name for the reason, ``fault_code`` the DGWS FaultCode."""

    def __init__(self, sentence: str, code: str, fault_code: str) -> None:
        super().__init__(sentence)
        self.code, self.fault_code = code, fault_code


class NoCard(MockRegisterError):
    """An STS issued no ID card; the sentence is the STS's."""


class UnreadableDocument(MockRegisterError):
    """Bytes that are not an XML document: not well-formed, wrongly encoded, or forbidden (DTD, entities, depth)."""

    def __init__(self, sentence: str, line: int = 0, column: int = 0) -> None:
        super().__init__(sentence)
        self.line, self.column = line, column


class StoreError(MockRegisterError):
    """The store cannot write or read: disk full, folder read-only, journal damaged, folder locked.

    ``for_sender`` is the text for the sender of a submission, who need not know where the store is, ``for_others`` that for
    everybody else.
    """

    for_sender = "The store failed, and the submission was not kept"
    for_others = "The store failed, and the request was not carried out"


class StoreAway(StoreError):
    """The database is unreachable, or the connection broke before anything was stored."""

    for_sender = "The database of the register does not answer, and the submission was not kept; send it again in a moment"
    for_others = "The database of the register does not answer; ask again in a moment"


class StoreContended(StoreAway):
    """The database asks for a retry: nothing was stored."""


class StoreInDoubt(StoreError):
    """The connection to the database broke during a commit, so it is unknown whether the data was stored."""

    for_sender = (
        "The connection to the database of the register broke while the submission was being stored, and it is not known whether "
        "it was stored; send it again: if it was stored, the answer says so"
    )
    for_others = (
        "The connection to the database of the register broke, and it is not known whether the request was carried out; look, "
        "and repeat it if it was not"
    )


class StoreGone(StoreError):
    """The open store is no longer the one at its path: someone deleted or exchanged the folder, or truncated a file."""

    for_sender = "The files of the register were deleted or exchanged while the server runs, and nothing was kept; start it again"
    for_others = "The files of the register were deleted or exchanged while the server runs; start it again"


class NotFound(MockRegisterError):
    """The name or id that was asked for does not exist."""


class Conflict(MockRegisterError):
    """The request contradicts the current state."""


class Busy(MockRegisterError):
    """There is no room for the request at the moment; it may be repeated (HTTP 503)."""


class InvalidRequest(MockRegisterError):
    """An admin or API request has a wrong field; ``field`` is its path, such as ``fault.status``.

    ``errors`` maps the path of each wrong field to what is wrong with it, if there may be several; ``more_errors`` is the number
    of wrong fields that it leaves out.
    """

    def __init__(self, sentence: str, field: str = "", errors: Mapping[str, str] | None = None, more_errors: int = 0) -> None:
        super().__init__(sentence)
        self.field, self.errors, self.more_errors = field, errors or {}, more_errors
