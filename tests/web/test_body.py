"""Bodies on a real socket are slow, cut off, too large or chunked."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from threading import Thread

import pytest
from flask import Flask, request
from werkzeug.serving import make_server

from mockregister.settings import Settings
from mockregister.web import body, failures

LIMIT = 200_000


@contextmanager
def serving(seconds: int) -> Iterator[int]:
    """Run a server that waits this many seconds for a body, and yield its port."""
    app, how = Flask("body"), Settings(max_body=LIMIT, body_timeout=seconds)
    app.add_url_rule("/x", "x", lambda: body.receive(request, how), methods=["POST"])
    failures.install(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(60) as found:
        yield found


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        yield connection


def send_head(connection: socket.socket, *headers: str) -> None:
    connection.sendall("\r\n".join(["POST /x HTTP/1.1", "Host: x", *headers, "", ""]).encode())


def answered(connection: socket.socket) -> tuple[int, bytes]:
    response = HTTPResponse(connection)
    response.begin()
    return response.status, response.read()


def test_a_body_that_comes_in_time_is_received_completely(port: int) -> None:
    with connected(port) as connection:
        send_head(connection, f"Content-Length: {LIMIT}")
        connection.sendall(b"x" * LIMIT)
        assert answered(connection) == (200, b"x" * LIMIT)


@pytest.mark.parametrize("sent", [b"", b"some"])
def test_a_body_that_stops_coming_is_answered_with_408(sent: bytes) -> None:
    with serving(1) as port, connected(port) as connection:
        send_head(connection, "Content-Length: 99")
        connection.sendall(sent)
        status, told = answered(connection)
    assert status == 408
    assert b"within 1 seconds" in told


def test_a_body_that_is_cut_off_is_answered_with_400(port: int) -> None:
    with connected(port) as connection:
        send_head(connection, "Content-Length: 99")
        connection.sendall(b"some")
        connection.shutdown(socket.SHUT_WR)
        status, told = answered(connection)
    assert status == 400
    assert b"cut off" in told


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT * 20])
def test_the_sender_of_a_body_that_is_too_large_can_read_the_answer(port: int, size: int) -> None:
    with connected(port) as connection:
        send_head(connection, f"Content-Length: {size}")
        connection.sendall(b"x" * size)
        status, told = answered(connection)
    assert status == 413
    assert str(LIMIT).encode() in told


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n", b"5\r\nab"])
def test_invalid_chunks_are_answered_with_400(port: int, chunks: bytes) -> None:
    with connected(port) as connection:
        send_head(connection, "Transfer-Encoding: chunked")
        connection.sendall(chunks)
        connection.shutdown(socket.SHUT_WR)
        assert answered(connection)[0] == 400


def test_chunks_are_joined(port: int) -> None:
    with connected(port) as connection:
        send_head(connection, "Transfer-Encoding: chunked")
        connection.sendall(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        assert answered(connection) == (200, b"abcde")


def test_too_many_chunks_are_refused(port: int) -> None:
    with connected(port) as connection:
        send_head(connection, "Transfer-Encoding: chunked")
        connection.sendall(b"%x\r\n%b\r\n" % (LIMIT, b"x" * LIMIT) * 2 + b"0\r\n\r\n")
        assert answered(connection)[0] == 413


@pytest.mark.parametrize(
    ("coding", "sent", "status", "told"),
    [
        ("gzip", b"--x\r\n", 400, "begins with 2d 2d 78 0d, is not gzip as its Content-Encoding says (incorrect header check)"),
        ("deflate", zlib.compress(b"x" * 99)[2:], 400, "is not deflate as its Content-Encoding says"),
        ("gzip", gzip.compress(b"x" * 99, mtime=0)[:-8] + bytes(8), 400, "(incorrect data check)"),
        ("gzip", gzip.compress(b"x" * 99, mtime=0)[:-1], 400, "The compressed body is cut off before its end; send all of it."),
        ("br", b"x", 415, "The Content-Encoding 'br' is not known here; use gzip or deflate, or none."),
        ("gzip, gzip", b"x", 415, "The Content-Encoding 'gzip, gzip' is not known here; use gzip or deflate, or none."),
    ],
)
def test_the_refusal_of_an_undecodable_body_names_what_was_found_and_what_is_read(
    port: int, coding: str, sent: bytes, status: int, told: str
) -> None:
    with connected(port) as connection:
        send_head(connection, f"Content-Encoding: {coding}", f"Content-Length: {len(sent)}")
        connection.sendall(sent)
        found, answer = answered(connection)
    assert found == status
    assert told in answer.decode()


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
@pytest.mark.parametrize("sent", [gzip.compress(b"content", mtime=0), zlib.compress(b"content")])
def test_gzip_and_zlib_are_read_under_each_of_their_names(port: int, coding: str, sent: bytes) -> None:
    with connected(port) as connection:
        send_head(connection, f"Content-Encoding: {coding}", f"Content-Length: {len(sent)}")
        connection.sendall(sent)
        assert answered(connection) == (200, b"content")
