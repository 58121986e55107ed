"""Some certificates are trusted, and others are refused."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from mockregister.errors import SettingError
from mockregister.security import pki
from mockregister.security.pki import Pki
from mockregister.security.trust import Identity, Trust, Untrusted
from tests.cards import NOON, identity, pki_folder, the_pki


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the PKI folder that a test may damage."""
    return Path(shutil.copytree(pki_folder(), tmp_path / "pki"))


def refused(folder: Path) -> str:
    with pytest.raises(SettingError) as refusal:
        Pki.load(folder)
    assert "\n" not in str(refusal.value)
    assert "PRIVATE" not in str(refusal.value)
    return str(refusal.value)


def untrusted(name: str, now: datetime = NOON, *, as_sts: bool = False) -> str:
    trust, certificate = the_pki().trust, identity(name).certificate
    with pytest.raises(Untrusted) as refusal:
        (trust.check_sts if as_sts else trust.check_issued)(certificate, now)
    return str(refusal.value)


@pytest.mark.parametrize("now", [datetime(2017, 1, 1, tzinfo=UTC), NOON, datetime(2099, 12, 31, tzinfo=UTC)])
@pytest.mark.parametrize("name", ["system", "user", "sts", "tls"])
def test_certificates_of_the_ca_are_trusted_at_any_clock(name: str, now: datetime) -> None:
    the_pki().trust.check_issued(identity(name).certificate, now)
    assert the_pki().trust.issuer(identity(name).certificate) == identity("ca").certificate


@pytest.mark.parametrize(
    ("name", "why"), [("expired", "valid from"), ("revoked", "revoked"), ("untrusted", "none of the trusted")]
)
def test_bad_certificates_are_not_trusted(name: str, why: str) -> None:
    assert why in untrusted(name)


@pytest.mark.parametrize("name", ["system", "user", "ca", "untrusted", "expired", "revoked"])
def test_only_the_sts_of_the_folder_may_sign_issued_cards(name: str) -> None:
    assert "not by an STS of the trust folder" in untrusted(name, as_sts=True)


@pytest.mark.parametrize(
    "now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2016, 12, 31, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)]
)
def test_the_clock_may_be_outside_of_the_certificates_validity(now: datetime) -> None:
    assert "the register's clock says" in untrusted("sts", now, as_sts=True)


def test_a_revoked_sts_is_not_trusted(folder: Path) -> None:
    for suffix in ("pem", "key"):
        shutil.copy(folder / f"revoked.{suffix}", folder / f"sts.{suffix}")
    found = Pki.load(folder)
    with pytest.raises(Untrusted, match="revoked"):
        found.trust.check_sts(found.sts.certificate, NOON)


def test_several_sts_may_be_trusted(folder: Path) -> None:
    shutil.copy(folder / "system.pem", folder / "sts-of-others.pem")
    trust = Trust.load(folder)
    assert set(trust.sts) == {identity("sts").certificate, identity("system").certificate}
    for sts in trust.sts:
        trust.check_sts(sts, NOON)


@pytest.mark.parametrize("name", ["ca.pem", "sts.pem"])
def test_a_folder_without_trusted_certificates_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert "has no" in refused(folder)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "pki init" in refused(tmp_path / "none")


@pytest.mark.parametrize("name", ["ca.pem", "sts.pem", "crl.pem", "sts.key"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_files_with_other_content_are_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert name in refused(folder) or "has no" in refused(folder)


def test_a_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "sts.key").unlink()
    (folder / "sts.key").mkdir()
    assert "cannot be read" in refused(folder)


def test_an_sts_of_another_ca_is_refused(folder: Path) -> None:
    shutil.copy(folder / "untrusted.pem", folder / "sts2.pem")
    assert "none of the CAs" in refused(folder)


def test_a_revocation_list_of_another_ca_is_refused(folder: Path, tmp_path: Path) -> None:
    pki.init(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "crl.pem", folder / "crl2.pem")
    assert "signed by none of the CAs" in refused(folder)


def test_a_client_certificate_is_refused_as_a_ca(folder: Path) -> None:
    shutil.copy(folder / "system.pem", folder / "ca2.pem")
    assert "not a CA certificate" in refused(folder)


def test_a_key_of_another_certificate_is_refused(folder: Path) -> None:
    shutil.copy(folder / "system.key", folder / "sts.key")
    assert "is not the key of the certificate" in refused(folder)


def test_a_key_with_a_passphrase_is_refused(folder: Path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    key = identity("sts").key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    (folder / "sts.key").write_bytes(key)
    assert "has a passphrase; give a key without one" in refused(folder)


@pytest.mark.parametrize("is_above_known", [True, False])
def test_a_ca_that_another_ca_issued_is_trusted(is_above_known: bool) -> None:
    """The CA may be issued by another CA that is not in the folder."""
    above, own, sts = identity("untrusted"), identity("ca").certificate, identity("sts").certificate
    names = x509.CertificateBuilder().subject_name(own.subject).issuer_name(above.certificate.subject)
    numbered = names.public_key(own.public_key()).serial_number(1)
    ca = numbered.not_valid_before(NOON).not_valid_after(NOON + timedelta(days=1)).sign(above.key, SHA256())
    trust = Trust((ca, above.certificate) if is_above_known else (ca,), (sts,), ())
    trust.check_sts(sts, NOON)
    assert trust.issuer(sts) == ca
    with pytest.raises(Untrusted, match="valid from"):
        trust.check_sts(sts, NOON + timedelta(days=2))


def test_an_identity_is_a_certificate_and_its_key() -> None:
    assert Identity.load(pki_folder(), "system").certificate == identity("system").certificate
