"""Whom the register trusts: the folder with CAs, STS certificates and revocation lists; and identities that can sign.

In the folder, CAs are ``ca*.pem``, certificates of an STS ``sts*.pem``, revocation lists ``crl*.pem``. Other files are not
trusted: the clients' certificates may be in the same folder, and a client must not sign its own ID card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from mockregister.errors import MockRegisterError, SettingError

LONGEST_CHAIN = 8

Parsed = TypeVar("Parsed")


class Untrusted(MockRegisterError):
    """A certificate is not trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def load(cls, folder: Path, name: str) -> Identity:
        """Return ``name.pem`` and ``name.key`` of a folder. Raise SettingError if they are missing or do not fit each other."""
        pem, file = folder / f"{name}.pem", folder / f"{name}.key"
        certificate, key = parsed(pem, x509.load_pem_x509_certificate, "certificate"), private_key(file)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SettingError(f"{file} holds no RSA key; ID cards are signed with RSA.")
        if public_key(key) != public_key(certificate):
            raise SettingError(f"{file} is not the key of the certificate in {pem}; replace one of the two.")
        return cls(certificate, key)


@dataclass(frozen=True, slots=True)
class Trust:
    """The certificates of a trust folder: CAs, each STS, and the revocation lists of the CAs."""

    cas: tuple[x509.Certificate, ...]
    sts: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...]

    @classmethod
    def load(cls, folder: Path) -> Trust:
        """Return what ``folder`` trusts. Raise SettingError if it trusts nobody, or if its files do not fit each other."""
        cas = _all(folder, "ca*.pem", x509.load_pem_x509_certificates)
        sts = _all(folder, "sts*.pem", x509.load_pem_x509_certificates)
        lists = _all(folder, "crl*.pem", lambda content: [x509.load_pem_x509_crl(content)])
        for found, pattern, kind in ((cas, "ca*.pem", "CA"), (sts, "sts*.pem", "STS")):
            if not found:
                raise SettingError(f"The trust folder {folder} has no {pattern}; put the certificate of a trusted {kind} there.")
        trust = cls(tuple(cas), tuple(sts), tuple(lists))
        for ca in cas:
            if not _may_issue(ca):
                raise SettingError(f"{folder}: {named(ca)} in ca*.pem is not a CA certificate; remove it.")
        for certificate in sts:
            if trust.issuer(certificate) is None:
                raise SettingError(
                    f"{folder}: {named(certificate)} in sts*.pem was issued by none of the CAs in ca*.pem; add its CA."
                )
        for revoked in lists:
            if not any(revoked.issuer == ca.subject and is_signed_by(revoked, ca) for ca in cas):
                raise SettingError(
                    f"{folder}: a list in crl*.pem is signed by none of the CAs in ca*.pem; add its CA, or remove it."
                )
        return trust

    def check_sts(self, certificate: x509.Certificate, now: datetime) -> None:
        """Raise Untrusted unless this is the certificate of a trusted STS, in force at ``now``."""
        if certificate not in self.sts:
            raise Untrusted(f"The ID card is signed by {named(certificate)}, not by an STS of the trust folder (sts*.pem).")
        self.check_issued(certificate, now)

    def check_issued(self, certificate: x509.Certificate, now: datetime) -> None:
        """Raise Untrusted unless a trusted CA issued the certificate, and neither it nor the CA is revoked or expired."""
        for _ in range(LONGEST_CHAIN):
            _check_period(certificate, now)
            issuer = self.issuer(certificate)
            if issuer is None:
                raise Untrusted(f"The certificate {named(certificate)} was issued by none of the trusted CAs.")
            self._check_revocation(certificate)
            if issuer == certificate:
                return None
            if self.issuer(issuer) is None:  # the folder trusts this CA without the CA above it
                return _check_period(issuer, now)
            certificate = issuer
        raise Untrusted(f"The chain of CAs above {named(certificate)} is longer than {LONGEST_CHAIN}.")

    def issuer(self, certificate: x509.Certificate) -> x509.Certificate | None:
        """Return the trusted CA that issued a certificate; None if none of them did."""
        return next((ca for ca in self.cas if certificate.issuer == ca.subject and is_signed_by(certificate, ca)), None)

    def _check_revocation(self, certificate: x509.Certificate) -> None:
        for revoked in self.lists:
            if (
                revoked.issuer == certificate.issuer
                and revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
            ):
                raise Untrusted(f"The certificate {named(certificate)} is revoked.")


def named(certificate: x509.Certificate) -> str:
    """Return the name of a certificate for messages: its subject, in one line."""
    return f"'{' '.join(certificate.subject.rfc4514_string().split())}'"


def is_ca(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is marked as that of a CA."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return False


def _may_issue(ca: x509.Certificate) -> bool:
    try:
        return is_ca(ca) and ca.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _check_period(certificate: x509.Certificate, now: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= now <= end:
        raise Untrusted(
            f"The certificate {named(certificate)} is valid from {begin.isoformat()} to {end.isoformat()}; "
            f"the register's clock says {now.isoformat(timespec='seconds')}."
        )


def is_signed_by(signed: x509.Certificate | x509.CertificateRevocationList, ca: x509.Certificate) -> bool:
    """Return whether a CA signed a certificate, which must name the CA as its issuer, or a revocation list."""
    try:
        if isinstance(signed, x509.Certificate):
            signed.verify_directly_issued_by(ca)
            return True
        key = ca.public_key()
        return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and signed.is_signature_valid(key)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False


def private_key(file: Path) -> PrivateKeyTypes:
    """Return the private key in a PEM file. Raise SettingError if there is none, or if it has a passphrase."""
    return parsed(file, lambda content: load_pem_private_key(content, None), "private key")


def public_key(holder: PrivateKeyTypes | x509.Certificate) -> bytes:
    """Return the public key of a certificate or of a private key, as DER."""
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _all(folder: Path, pattern: str, parse: Callable[[bytes], Iterable[Parsed]]) -> Sequence[Parsed]:
    if not folder.is_dir():
        raise SettingError(f"The trust folder {folder} does not exist; `mockregister pki init DIR` makes one for tests.")
    return [authority for file in sorted(folder.glob(pattern)) for authority in parsed(file, parse, "PEM certificate or list")]


def parsed(file: Path, parse: Callable[[bytes], Parsed], kind: str) -> Parsed:
    """Return the parsed content of a file. Raise SettingError that names the ``kind`` of content, and shows nothing of it."""
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise SettingError(f"{file} cannot be read: {error.strerror or error}.") from error
    except TypeError as error:  # cryptography raises it if a password is missing
        raise SettingError(f"{file} has a passphrase; give a key without one.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingError(f"{file} holds no {kind} in PEM form.") from error
