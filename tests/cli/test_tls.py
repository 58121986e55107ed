"""The server with TLS, in a process of its own."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockregister.cli import main
from mockregister.client import Client, Sending
from mockregister.errors import SettingError
from mockregister.server import NoAnswer, Server
from mockregister.settings import Settings
from mockregister.tls import client_context, server_context
from tests.builders import a_document, an_episode, as_xml
from tests.cards import pki_folder
from tests.serving import running

DOCUMENT = as_xml(a_document(episodes=[an_episode()]))


def flags(*more: str) -> tuple[str, ...]:
    return ("--tls-cert", str(pki_folder() / "tls.pem"), "--tls-key", str(pki_folder() / "tls.key"), *more)


def test_the_round_trip_of_a_vendor_with_tls_a_card_and_a_document(tmp_path: Path) -> None:
    with running(*flags("--auth", "signed", "--pki", str(pki_folder()))) as server:
        assert server.url.startswith("https://")
        (tmp_path / "document.xml").write_bytes(DOCUMENT)
        arguments = ["submit", "--url", server.url, "--pki", str(pki_folder()), str(tmp_path / "document.xml")]
        told = CliRunner().invoke(main, arguments)
        assert (told.exit_code, "Success" in told.output) == (0, True), told.output
        known = Server(server.url, context=client_context(pki_folder()))
        assert f'location="{server.url}/cda-ws' in known.get(f"{Sending().path}?wsdl", "text/xml").decode()
        with pytest.raises(NoAnswer):
            Client(server.url).submit([DOCUMENT])
        assert CliRunner().invoke(main, ["healthcheck", "--url", server.url]).exit_code == 0


def test_large_documents_come_and_go_whole() -> None:
    with running(*flags()) as server:
        client = Client(server.url, pki=pki_folder())
        for size in (10, 16_384, 65_536, 3_000_000):
            answer = client.submit([DOCUMENT + b" " * size], card="<x/>", service="validate")
            assert (answer.status, answer.http_status) == ("Failure", 200)


def test_with_a_client_ca_only_its_clients_come_in() -> None:
    with running(*flags("--tls-client-ca", str(pki_folder() / "ca.pem"))) as server:
        assert Client(server.url, pki=pki_folder()).submit([DOCUMENT], card="<x/>").status == "Success"
        assert CliRunner().invoke(main, ["healthcheck", "--url", server.url]).exit_code == 1
        assert CliRunner().invoke(main, ["healthcheck", "--url", server.url, "--pki", str(pki_folder())]).exit_code == 0


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_and_plain_text_are_hung_up_on() -> None:
    with running(*flags()) as server, server.connect() as plain:
        plain.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"200" not in plain.recv(100)
        context = client_context(pki_folder())
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with server.connect() as sock, pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(sock, server_hostname="127.0.0.1")
        good = client_context(pki_folder())
        good.maximum_version = ssl.TLSVersion.TLSv1_2
        with server.connect() as sock, good.wrap_socket(sock, server_hostname="127.0.0.1") as secure:
            secure.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 200 " in secure.recv(100)
            assert secure.version() == "TLSv1.2"


@pytest.mark.parametrize(
    "told",
    [
        {"tls_cert": "tls.pem", "tls_key": "sts.key"},
        {"tls_cert": "tls.pem"},
        {"tls_cert": "tls.key", "tls_key": "tls.key"},
        {"tls_key": "tls.key"},
        {"tls_client_ca": "ca.pem"},
        {"tls_cert": "tls.pem", "tls_key": "tls.key", "tls_client_ca": "tls.key"},
    ],
)
def test_files_that_do_not_fit_each_other_stop_the_start(told: dict[str, str]) -> None:
    with pytest.raises(SettingError) as refusal:
        server_context(Settings(**{name: pki_folder() / file for name, file in told.items()}))
    assert "\n" not in str(refusal.value)


def test_without_tls_there_is_none() -> None:
    assert server_context(Settings()) is None
