"""The tools that ``mockregister mcp`` gives an assistant: each is one call of the JSON API or of ``/__admin``.


    tools = AssistantTools("http://127.0.0.1:8080")
    tools.validate(document)

The assistant sees a method's docstring as the description of the tool.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote, urlencode

from mockregister.reading_back import ReadingBack
from mockregister.server import Server, refusal

Json = dict[str, Any]
Language = Literal["en", "da"]
ServiceName = Literal["save", "save-if-no-errors", "validate"]
Resource = Literal[
    "patients",
    "episodes-of-care",
    "encounters",
    "conditions",
    "procedures",
    "results",
    "markers",
    "document-sets",
    "documents",
    "submissions",
    "error-list",
    "code-lists",
    "sor-units",
]
_ENCODING = re.compile(r"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")
MOST = 100  # items of one answer: an assistant reads no more

INSTRUCTIONS = """A stand-in for the Danish National Patient Register (LPR3), for testing only: never send a real person's data.
Documents are HL7 CDA as XML. They are checked on four levels: XSD, SCHEMATRON (the profile), INTEGRITY_CHECK (what the register
holds) and BUSINESS_RULE; if one of the first three finds something, the later levels are not checked. Validate a document, read
each finding's explanation (the values that decided, their lines, and what to do), change the document, and validate it again. The
tool mend corrects errors where the correction is clear."""


class AssistantTools:
    """Tools on one register of a running server. Every method may raise NoAnswer, NotFound and InvalidRequest."""

    def __init__(self, url: str, register: str = "", token: str = "") -> None:
        self._server = Server(url, register, token)
        self._api = ReadingBack(url, register, token)

    @property
    def tools(self) -> list[Callable[..., Any]]:
        """Return the methods that are offered as tools."""
        return [
            *(self.validate, self.mend, self.submit, self.explain, self.find_rules, self.rule, self.find_codes, self.code),
            *(self.find_templates, self.template, self.find_integrity_codes, self.integrity_code),
            *(self.find, self.get, self.document, self.reset),
        ]

    def validate(self, document: str, language: Language = "en") -> Json:
        """Check a CDA document (XML) on all four levels. Each finding is explained, with what to do. Nothing is stored."""
        return self._sent(document, "validate", language)

    def mend(self, document: str, language: Language = "en") -> Json:
        """Mend errors in a CDA document (XML) where only one way is possible or one is clearly intended.

        Gives what was mended, the difference, the mended document, and the findings that are left. Nothing is stored.
        """
        return self._json("POST", f"/api/v1/mendings?explain={language}", document)

    def submit(self, document: str, service: ServiceName = "save-if-no-errors", language: Language = "en") -> Json:
        """Submit a CDA document (XML). With save, errors of business rules do not prevent storing."""
        return self._sent(document, service, language)

    def explain(self, submission: str, language: Language = "en") -> Json:
        """Explain the findings of an earlier submission; its id is in the answer to it, or in find("submissions")."""
        return self._json("GET", f"/api/v1/submissions/{quote(submission, safe='')}?explain={language}")

    def find_rules(self, text: str = "", family: str | None = None) -> list[Json]:
        """Find business rules by a text that their id or Danish text contains, or by family, such as encounter."""
        return self._found("rules", text=text, family=family)

    def rule(self, id: str) -> Json:
        """Read one business rule: what it looks at, when it is violated, which code lists it names. An id is such as 05.53."""
        return self._api.get("rules", id)

    def find_codes(self, code: str = "", text: str = "", code_list: str = "") -> list[Json]:
        """Find SKS codes by code (DI10* means all that begin with DI10), a text in the term, or code list, such as diag."""
        return self._found("codes", code=code, text=text, list=code_list)

    def code(self, code: str) -> Json:
        """Read one SKS code: its term, when it is valid, and its code lists."""
        return self._api.get("codes", code)

    def find_templates(self, text: str = "") -> list[Json]:
        """Find templates of the document profile by a text that their OID, name or meaning contains."""
        return self._found("templates", text=text)

    def template(self, template: str) -> Json:
        """Read one template of the document profile, by OID or name: which elements and attributes it requires."""
        return self._api.get("templates", template)

    def find_integrity_codes(self, text: str = "") -> list[Json]:
        """Find integrity codes (level 3) by a text that the code, its text or its explanation contains."""
        return self._found("integrity-codes", text=text)

    def integrity_code(self, code: str) -> Json:
        """Read one integrity code, such as SET_NOT_FOUND: when the register answers with it, and what to do."""
        return self._api.get("integrity-codes", code)

    def find(self, resource: Resource, criteria: dict[str, str] | None = None) -> list[Json]:
        """Read back what the register holds, newest first, such as find("encounters", {"patient": "2512489996"}).

        Criteria are query parameters of /api/v1, such as patient, from, to, sor, code, set, status, has and rule.
        """
        return self._found(resource, **(criteria or {}))

    def get(self, resource: Resource, id: str) -> Json:
        """Read back one thing by its UUID; an element with its history, its findings and the elements that belong to it."""
        return self._api.get(resource, id)

    def document(self, id: str) -> str:
        """Read back a document exactly as it was sent, by the UUID of its id."""
        return self._api.document(id).decode("utf-8", "replace")

    def reset(self) -> Json:
        """Set the register back to its start: its seed or nothing, no journal, no faults. Ask the user before you do this."""
        return self._json("POST", "/__admin/reset")

    def _sent(self, document: str, service: str, language: str) -> Json:
        return self._json("POST", f"/api/v1/submissions?service={service}&explain={language}", document)

    def _found(self, resource: str, **criteria: str | None) -> list[Json]:
        asked = {name: value for name, value in criteria.items() if value} | {"page_size": str(MOST)}
        items: list[Json] = self._json("GET", f"/api/v1/{resource}?{urlencode(asked)}")["items"]
        return items

    def _json(self, method: str, path: str, document: str | None = None) -> Json:
        headers = {"Accept": "application/json", "Content-Type": "application/xml"}
        answer = self._server.exchange(method, path, headers, None if document is None else _bytes(document))
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise refusal(answer.status, answer.data, path)
        content: Json = json.loads(answer.data or "{}")
        return content


def _bytes(document: str) -> bytes:
    """Return a document as bytes in the encoding that it declares; UTF-8 if it declares none, or an unknown one."""
    declared = _ENCODING.match(document)
    try:
        return document.encode(declared[1] if declared else "utf-8")
    except (LookupError, UnicodeError):
        return document.encode()
