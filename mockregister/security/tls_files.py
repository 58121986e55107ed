"""Check the files for TLS: a certificate with its chain, and its key. OpenSSL does not say what is wrong with them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from mockregister.errors import SettingError
from mockregister.security.trust import is_signed_by, named, parsed, private_key, public_key


def check(certificate: Path, key: Path | None, keyless: str) -> None:
    """Raise SettingError unless the files hold a certificate with its chain, and its key without a passphrase.

    If ``key`` is None, the key must be in the file ``certificate``; ``keyless`` is the advice in the error if it is not.
    """
    chain = certificates(certificate)
    if key is None and b"PRIVATE KEY-----" not in certificate.read_bytes():
        raise SettingError(f"{certificate} holds a certificate and no private key; {keyless}.")
    key = key or certificate
    public = public_key(private_key(key))
    if public_key(chain[0]) != public:
        owner = next((issued for issued in chain if public_key(issued) == public), None)
        advice = f"put that of {_called(owner)} first, whose key it is" if owner else "name the key of that certificate"
        raise SettingError(f"{key} is not the key of {_called(chain[0])}, the first certificate in {certificate}; {advice}.")
    for issued, issuer in pairwise(chain):
        if not is_signed_by(issued, issuer):
            raise SettingError(
                f"The chain in {certificate} is broken: {_called(issuer)} did not issue {_called(issued)}, which precedes it; "
                "let each certificate be followed by that of its issuer."
            )


def certificates(file: Path) -> list[x509.Certificate]:
    """Return the certificates in a PEM file. Raise SettingError if there is none."""
    return parsed(file, x509.load_pem_x509_certificates, "certificate")


def _called(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return f"'{names[0].value!s}'" if names else named(certificate)
