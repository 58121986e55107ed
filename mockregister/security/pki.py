"""Test certificates: ``mockregister pki init`` writes them into a PKI folder, which ``Pki`` reads.

The subjects have the form of OCES3, with an organisation that cannot exist: its CVR number has a wrong check digit.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mockregister.errors import SettingError
from mockregister.security.trust import Identity, Trust

ORGANISATION, CVR = "mockregister test", "12345678"
BEGIN, END = datetime(2017, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
EXPIRED = datetime(2017, 1, 2, tzinfo=UTC)
KEY_BITS = 2048
CLIENTS = ("system", "user", "expired", "revoked", "untrusted")
HOSTS = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("::1")))


@dataclass(frozen=True, slots=True)
class Pki:
    """A PKI folder: whom it trusts, and the identity of its STS."""

    trust: Trust
    sts: Identity

    @classmethod
    def load(cls, folder: Path) -> Pki:
        """Read a folder that ``init`` wrote. Raise SettingError if files are missing or do not fit each other."""
        trust, sts = Trust.load(folder), Identity.load(folder, "sts")
        if sts.certificate not in trust.sts:
            raise SettingError(f"{folder}: the key sts.key is not that of a certificate in sts*.pem.")
        return cls(trust, sts)


def init(folder: Path) -> list[Path]:
    """Make the certificates, keys and revocation list in ``folder``, and return the files.

    Keys are readable by their owner only. Raise SettingError if the folder cannot be written, or if one of the files exists
    already; then none is written.
    """
    contents = _contents()
    if there := [name for name in contents if (folder / name).exists()]:
        raise SettingError(f"{folder} has {', '.join(there)} already, which are not overwritten; name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_written(folder / name, content) for name, content in contents.items()]
    except OSError as error:
        raise SettingError(f"{folder} cannot take the certificates: {error.strerror or error}; name another folder.") from error


def _contents() -> dict[str, bytes]:
    ca, stranger = _ca("mockregister test CA"), _ca("another test CA")
    made = {
        "ca": ca,
        "sts": _issued(ca, "SOSI Test Federation (mockregister)", "G"),
        "system": _issued(ca, "mockregister test system", "G"),
        "user": _issued(ca, "Testbruger", "E"),
        "expired": _issued(ca, "mockregister expired system", "G", end=EXPIRED),
        "revoked": _issued(ca, "mockregister revoked system", "G"),
        "untrusted": _issued(stranger, "mockregister untrusted system", "G"),
        "tls": _issued(ca, "localhost", "G", hosts=HOSTS),
    }
    files = {}
    for name, identity in made.items():
        files[f"{name}.pem"] = identity.certificate.public_bytes(Encoding.PEM)
        files[f"{name}.key"] = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {**files, "crl.pem": _revocation_list(ca, made["revoked"].certificate)}


def _ca(name: str) -> Identity:
    key = rsa.generate_private_key(65537, KEY_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, subject, key, key, END).add_extension(x509.BasicConstraints(True, None), critical=True)
    return Identity(builder.add_extension(_usage(ca=True), critical=True).sign(key, hashes.SHA256()), key)


def _issued(ca: Identity, name: str, kind: str, end: datetime = END, hosts: Sequence[x509.GeneralName] = ()) -> Identity:
    """Return a certificate of an organisation (kind G) or an employee (kind E); OCES3 has the kind in the serial number."""
    key = rsa.generate_private_key(65537, KEY_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRDK-{CVR}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"UI:DK-{'O' if kind == 'G' else 'E'}:G:{uuid4()}"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = _builder(subject, ca.certificate.subject, key, ca.key, end)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True).add_extension(
        _usage(ca=False), critical=True
    )
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    return Identity(builder.sign(ca.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(BEGIN).not_valid_after(end)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return builder.add_extension(authority, critical=False)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _revocation_list(ca: Identity, revoked: x509.Certificate) -> bytes:
    entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number).revocation_date(BEGIN).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.certificate.subject).last_update(BEGIN).next_update(END)
    return builder.add_revoked_certificate(entry).sign(ca.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _written(path: Path, content: bytes) -> Path:
    mode = 0o600 if path.suffix == ".key" else 0o644
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    return path
