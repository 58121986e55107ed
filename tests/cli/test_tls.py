"""The server speaks TLS, in its own process."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from mockregister.cli import main
from mockregister.client import Client, Sending
from mockregister.errors import SettingError
from mockregister.server import NoAnswer, Server
from mockregister.settings import Settings
from mockregister.tls import client_context, server_context, with_client_certificate
from tests.builders import a_document, an_episode, as_xml
from tests.cards import identity, pki_folder
from tests.serving import answered, running

DOCUMENT = as_xml(a_document(episodes=[an_episode()]))


def flags(*more: str) -> tuple[str, ...]:
    return ("--tls-cert", str(pki_folder() / "tls.pem"), "--tls-key", str(pki_folder() / "tls.key"), *more)


def test_a_vendor_submits_a_document_with_a_card_over_tls(tmp_path: Path) -> None:
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


def test_large_documents_arrive_complete() -> None:
    with running(*flags()) as server:
        client = Client(server.url, pki=pki_folder())
        for size in (10, 16_384, 65_536, 3_000_000):
            answer = client.submit([DOCUMENT + b" " * size], card="<x/>", service="validate")
            assert (answer.status, answer.http_status) == ("Failure", 200)


def test_a_client_without_a_required_certificate_gets_an_error_that_says_so() -> None:
    stranger = ssl.create_default_context(cafile=str(pki_folder() / "ca.pem"))
    with (
        running(*flags("--tls-client-ca", str(pki_folder() / "ca.pem"))) as server,
        server.connect() as sock,
        stranger.wrap_socket(sock, server_hostname="127.0.0.1") as secure,
    ):
        secure.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n" + b"x" * 100_000)
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
            secure.recv(1)


def test_with_a_client_ca_only_clients_with_its_certificates_are_admitted() -> None:
    with running(*flags("--tls-client-ca", str(pki_folder() / "ca.pem"))) as server:
        assert Client(server.url, pki=pki_folder()).submit([DOCUMENT], card="<x/>").status == "Success"
        assert CliRunner().invoke(main, ["healthcheck", "--url", server.url]).exit_code == 1
        assert CliRunner().invoke(main, ["healthcheck", "--url", server.url, "--pki", str(pki_folder())]).exit_code == 0


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_versions_and_plain_text_are_refused() -> None:
    with running(*flags()) as server, server.connect() as plain:
        plain.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answered(plain).detail == "This server speaks HTTPS; write https:// in its address."
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of ``pki init`` and some combinations of them."""
    folder = shutil.copytree(pki_folder(), tmp_path_factory.mktemp("tls") / "pki")
    made = {"both": ("tls.pem", "tls.key"), "chain": ("tls.pem", "ca.pem"), "reversed": ("ca.pem", "tls.pem")}
    made |= {"broken": ("tls.pem", "sts.pem"), "locked": ("tls.pem", "locked.key")}
    secret = BestAvailableEncryption(b"secret")
    (folder / "locked.key").write_bytes(identity("tls").key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    for name, parts in made.items():
        (folder / f"{name}.pem").write_bytes(b"".join((folder / part).read_bytes() for part in parts))
    return folder


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"tls_cert": "tls.pem", "tls_key": "sts.key"}, "sts.key is not the key of 'localhost', the first certificate in"),
        ({"tls_cert": "reversed.pem", "tls_key": "tls.key"}, "put that of 'localhost' first"),
        ({"tls_cert": "broken.pem", "tls_key": "tls.key"}, "did not issue 'localhost', which precedes it"),
        ({"tls_cert": "tls.pem"}, "holds a certificate and no private key; name the file of its key with --tls-key"),
        ({"tls_cert": "tls.key", "tls_key": "tls.key"}, "tls.key holds no certificate in PEM form"),
        ({"tls_cert": "tls.pem", "tls_key": "crl.pem"}, "crl.pem holds no private key in PEM form"),
        ({"tls_cert": "tls.pem", "tls_key": "locked.key"}, "locked.key has a passphrase; give a key without one"),
        ({"tls_cert": "locked.pem"}, "locked.pem has a passphrase; give a key without one"),
        ({"tls_cert": "tls.pem", "tls_key": "nowhere.key"}, "nowhere.key cannot be read: No such file"),
        ({"tls_key": "tls.key"}, "set --tls-cert"),
        ({"tls_client_ca": "ca.pem"}, "set --tls-cert"),
        ({"tls_cert": "both.pem", "tls_client_ca": "crl.pem"}, "--tls-client-ca: "),
    ],
)
def test_the_server_does_not_start_with_tls_files_that_do_not_match(told: dict[str, str], words: str, files: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        server_context(Settings(**{name: files / file for name, file in told.items()}))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("told", [{"tls_cert": "both.pem"}, {"tls_cert": "chain.pem", "tls_key": "tls.key"}])
def test_a_key_in_the_certificates_file_and_a_chain_are_accepted(told: dict[str, str], files: Path) -> None:
    assert server_context(Settings(**{name: files / file for name, file in told.items()}))


def test_a_client_certificate_needs_its_key_in_the_same_file(files: Path) -> None:
    assert with_client_certificate(files / "both.pem")
    with pytest.raises(SettingError, match="put its key into the same file"):
        with_client_certificate(files / "tls.pem")


def test_without_tls_settings_there_is_no_tls_context() -> None:
    assert server_context(Settings()) is None
