"""TLS 1.2 and later: what the server shows and asks for, and what clients of this package trust."""

from __future__ import annotations

import ssl
from pathlib import Path

from mockregister.errors import SettingError
from mockregister.settings import Settings


def server_context(settings: Settings) -> ssl.SSLContext | None:
    """Return how the server speaks TLS; None if it does not. Raise SettingError for files that do not fit each other."""
    if settings.tls_cert is None:
        if settings.tls_key or settings.tls_client_ca:
            raise SettingError("TLS needs a certificate: set --tls-cert, and --tls-key unless the key is in the same file.")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password=_no_passphrase)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        key = settings.tls_key or settings.tls_cert
        raise SettingError(f"The certificate {settings.tls_cert} and the key {key} do not serve TLS: {_why(error)}.") from error
    if settings.tls_client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(settings.tls_client_ca)
        except OSError as error:
            raise SettingError(f"{settings.tls_client_ca} holds no CA certificates: {_why(error)}.") from error
    return context


def client_context(pki: Path) -> ssl.SSLContext:
    """Return how a client speaks TLS that trusts the CA of a PKI folder, and shows its system certificate. Raise SettingError."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(pki / "ca.pem")
        context.load_cert_chain(pki / "system.pem", pki / "system.key")
    except OSError as error:
        raise SettingError(f"{pki} is no folder that `mockregister pki init` wrote: {_why(error)}.") from error
    return context


def with_client_certificate(certificate: Path, context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Return how a client speaks TLS that shows this certificate, whose key is in the same file. Raise SettingError."""
    context = context or ssl.create_default_context()
    try:
        context.load_cert_chain(certificate, password=_no_passphrase)
    except (OSError, ValueError) as error:
        raise SettingError(f"{certificate} is no certificate with its key, in PEM: {_why(error)}.") from error
    return context


def unverified_context() -> ssl.SSLContext:
    """Return how a client speaks TLS that asks nothing, to see whether a server of this machine is up."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase; give one without")


def _why(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
