"""Measure a signed ID card per submission, and listing a folder of 10,000 files over sFTP.

.venv/bin/python bench/surroundings.py [SUBMISSIONS]
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import asyncssh
from flask.testing import FlaskClient

from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.delivery.outbox import Outbox
from mockregister.delivery.sftp import Access, serving
from mockregister.security import pki
from mockregister.security.asking import Holder, issued_by
from mockregister.settings import Settings

DOCUMENT = (Path(__file__).parents[1] / "mockregister/document/examples/1-first-visit.xml").read_bytes()
NOON = datetime(2019, 6, 1, 12, tzinfo=UTC)
USER = "12345678"
FILES = 10_000


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with TemporaryDirectory() as folder:
        signatures(Path(folder), count)
        listing(Path(folder))


def signatures(folder: Path, count: int) -> None:
    """Print the CPU time of a submission for each value of the setting ``auth``."""
    pki.init(folder / "pki")
    card = issued_by(folder / "pki", Holder.load(folder / "pki"), "29190941", NOON)
    headers, body = write_request([DOCUMENT], Sending(service="validate", card=card))
    settings = Settings(clock=NOON, pki=folder / "pki")
    spent = {}
    for auth in ("off", "headers", "signed"):
        app = create_app(replace(settings, auth=auth))
        with closing(app.extensions["mockregister"]):
            http = app.test_client()
            send(http, headers, body, 20)
            spent[auth] = send(http, headers, body, count)
    for auth, seconds in spent.items():
        more = seconds - spent["off"]
        print(f"{auth:8} {seconds * 1000:6.2f} ms CPU per submission, {more * 1000:+.2f} ms compared with off (at most 1)")


def send(http: FlaskClient, headers: dict[str, str], body: bytes, count: int) -> float:
    """Return the CPU seconds of a submission, the average of ``count``."""
    before = process_time()
    for _ in range(count):
        answer = http.post(Sending(service="validate").path, headers=headers, data=body)
        assert answer.status_code == 200, answer.text
    return (process_time() - before) / count


def listing(folder: Path) -> None:
    """Print the seconds until a client has listed 10,000 files."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    (folder / "keys").mkdir()
    key.write_public_key(str(folder / "keys" / f"{USER}.pub"))
    own = folder / "lists" / USER
    own.mkdir(parents=True)
    for number in range(FILES):
        (own / f"{number}.json").touch()

    async def listed(port: int) -> int:
        login = asyncssh.connect("127.0.0.1", port, username=USER, client_keys=[key], known_hosts=None, config=None)
        async with login as connection, connection.start_sftp_client() as sftp:
            return len(await sftp.readdir("/"))

    with serving(Outbox(folder / "lists"), Access.load(folder / "keys", None, "bench"), "127.0.0.1", 0) as port:
        before = perf_counter()
        found = asyncio.run(listed(port))
        print(f"{found} names listed over sFTP in {perf_counter() - before:.2f} s (under 2)")


if __name__ == "__main__":
    main()
