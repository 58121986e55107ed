"""A client of ``/api/v1``, which reads back what a register holds.

    api = ReadingBack("http://127.0.0.1:8080")
    api.find("encounters", patient="2512489996")
    api.get("episodes-of-care", "80C36CDD-D7B3-5AD3-9C0D-0DEC4C500D94")

docs/reading.md describes the resources, their parameters and their answers.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from mockregister.server import Server, refusal
from mockregister.tls import client_side

Json = dict[str, Any]
PAGE_SIZE = 1000


class ReadingBack:
    """Reads one register of a running server; every method may raise NoAnswer. ``url`` may end in ``/r/<name>``.

    With ``pki``, a folder made by ``mockregister pki init``, the CA of that folder is trusted for the server's certificate,
    and its system certificate is shown if the server asks for a certificate; ``client_cert`` is a PEM file with a certificate
    and its key to show instead. Raise SettingError if the folder or the file cannot be used.
    """

    def __init__(
        self,
        url: str,
        register: str = "",
        token: str = "",
        *,
        pki: str | Path | None = None,
        client_cert: str | Path | None = None,
    ) -> None:
        self._server = Server(url, register, token, context=client_side(url, pki, client_cert))

    def find(self, resource: str, **criteria: Any) -> list[Json]:
        """Return everything that matches, such as ``find("conditions", code="DI10*", from_="2019-05-01")``, newest first.

        ``from_`` is the parameter ``from``, a reserved word of Python. Raise InvalidRequest for a parameter that the resource
        does not have, NotFound for an unknown resource.
        """
        asked = {name.rstrip("_"): value for name, value in criteria.items()} | {"page_size": PAGE_SIZE}
        found: list[Json] = []
        for page in range(1, 1_000_000):
            answer = json.loads(self._content(f"{resource}?{urlencode({**asked, 'page': page})}"))
            found += answer["items"]
            if not answer.get("next"):
                break
        return found

    def get(self, resource: str, id: str) -> Json:
        """Return one object, such as ``get("encounters", uuid)``. Raise NotFound."""
        found: Json = json.loads(self._content(f"{resource}/{quote(id, safe='')}"))
        return found

    def document(self, id: str) -> bytes:
        """Return a document exactly as it was sent. Raise NotFound."""
        return self._content(f"documents/{quote(id, safe='')}", "application/xml")

    def chain(self, set_id: str) -> list[bytes]:
        """Return the documents of a set, oldest first, as they were sent. Raise NotFound."""
        documents = self.get("document-sets", set_id)["documents"]
        return [self.document(f"{document['id']['root']}^{document['id']['extension']}") for document in documents]

    def _content(self, path: str, accept: str = "application/json") -> bytes:
        answer = self._server.exchange("GET", f"/api/v1/{path}", {"Accept": accept})
        if answer.status == HTTPStatus.OK:
            return answer.data
        raise refusal(answer.status, answer.data, f"/api/v1/{path}")
