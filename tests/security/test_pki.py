"""``pki init`` writes a folder of keys and certificates."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from mockregister.errors import SettingError
from mockregister.security import pki
from tests.cards import identity, pki_folder

NAMES = {"ca", "sts", "system", "user", "expired", "revoked", "untrusted", "tls"}


def test_every_documented_file_is_written() -> None:
    files = {path.name for path in pki_folder().iterdir()}
    assert files == {f"{name}.{kind}" for name in NAMES for kind in ("pem", "key")} | {"crl.pem"}


def test_only_the_owner_can_read_keys() -> None:
    assert {path.stat().st_mode & 0o777 for path in pki_folder().glob("*.key")} == {0o600}


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sts.key").write_text("mine")
    with pytest.raises(SettingError, match=r"sts\.key already"):
        pki.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["sts.key"]
    assert (tmp_path / "sts.key").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="cannot take the certificates"):
        pki.init(tmp_path / "file" / "pki")


@pytest.mark.parametrize(("name", "kind"), [("system", "UI:DK-O:G:"), ("user", "UI:DK-E:G:")])
def test_subjects_have_the_form_of_oces3_and_name_no_real_organisation(name: str, kind: str) -> None:
    subject = identity(name).certificate.subject.rfc4514_string()
    assert "2.5.4.97=NTRDK-12345678" in subject
    assert kind in subject


def test_a_strict_client_accepts_the_tls_certificate() -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pki_folder() / "tls.pem", pki_folder() / "tls.key")
    client = ssl.create_default_context(cafile=str(pki_folder() / "ca.pem"))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = (ssl.MemoryBIO(), ssl.MemoryBIO()), (ssl.MemoryBIO(), ssl.MemoryBIO())
    caller = client.wrap_bio(*ours, server_hostname="localhost")
    called = server.wrap_bio(*theirs, server_side=True)
    for _ in range(3):
        for side in (caller, called):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
            theirs[0].write(ours[1].read())
            ours[0].write(theirs[1].read())
    assert caller.version() == "TLSv1.3"
