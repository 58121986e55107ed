"""Measure how long slow senders, and clients that do not read their answers, delay others.

The server runs in its own process. Beside each kind of slow client, a normal client requests /livez repeatedly and submits a
document. The output has its longest wait. Usage: slow_senders.py [CLIENTS]
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from statistics import median
from time import perf_counter

from mockregister.cli.demo import example
from mockregister.client import Sending, write_request

COMMAND = (sys.executable, "-c", "from mockregister.cli import main; main()", "serve", "--port", "0")
ASKED = 20
NO_LONGER = 90.0  # seconds after which a client gives up
Address = tuple[str, int]


@contextmanager
def server() -> Iterator[Address]:
    """Start a server with default settings."""
    with subprocess.Popen(COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = process.stderr.readline().partition(" is ready on http://")[2].partition(",")[0]
        host, _, port = url.rpartition(":")
        try:
            yield host, int(port)
        finally:
            process.kill()


def opened(address: Address, first: bytes) -> socket.socket:
    """Open a client that sends ``first``, and receives as little as TCP allows."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.connect(address)
    client.settimeout(0.05)
    with suppress(TimeoutError):  # the server reads no more, which is slow enough
        client.sendall(first)
    return client


def slow_head(number: int) -> bytes:
    """Return a request whose head never ends."""
    return b"POST /cda-ws/medcom-1.0/ProvideAndRegisterDocumentSet HTTP/1.1\r\nHost: x\r\nX-Number: %d\r\n" % number


def slow_body(number: int) -> bytes:
    """Return a request with only half of its body."""
    return b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n%b" % (Sending().path.encode(), bytes(10_000))


def takes_nothing(number: int) -> bytes:
    """Return requests whose answers the client does not read."""
    return b"GET /api/v1/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n" * 5  # 8 MB is more than fits a socket's buffers


def asked(address: Address, method: str, path: str, headers: dict[str, str], body: bytes | None) -> float:
    """Return the seconds until an answer was read on a new connection."""
    start = perf_counter()
    connection = HTTPConnection(*address, timeout=NO_LONGER)
    try:
        connection.request(method, path, body, headers)
        connection.getresponse().read()
    except OSError:
        return float("inf")
    finally:
        connection.close()
    return perf_counter() - start


def measured(name: str, many: int, first: Callable[[int], bytes]) -> None:
    """Print how long others waited beside ``many`` slow clients."""
    headers, body = write_request([example()], Sending())
    with server() as address, ExitStack() as stack:
        for number in range(many):
            stack.enter_context(opened(address, first(number)))
        health = [asked(address, "GET", "/livez", {}, None) for _ in range(ASKED)]
        sent = asked(address, "POST", Sending().path, headers, body)
        print(f"{name:34}{max(health):12.3f}{median(health):12.3f}{sent:12.3f}", flush=True)


def main() -> None:
    """Print one line for each kind of slow client."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{'seconds that others waited':34}{'/livez most':>12}{'median':>12}{'submission':>12}")
    measured("nobody is slow", 0, slow_head)
    measured(f"{many} slow heads", many, slow_head)
    measured(f"{many} slow bodies", many, slow_body)
    measured(f"{many * 3 // 8} that do not read answers", many * 3 // 8, takes_nothing)
    measured(f"{many} that do not read answers", many, takes_nothing)
    measured(f"{many * 4} slow heads", many * 4, slow_head)


if __name__ == "__main__":
    main()
