"""TLS 1.2 and later: the contexts of the server and of this package's clients."""

from __future__ import annotations

import ssl
from pathlib import Path

from mockregister.errors import SettingError
from mockregister.settings import Settings


def server_context(settings: Settings) -> ssl.SSLContext | None:
    """Return the server's TLS context; None without TLS. Raise SettingError for files that do not fit each other."""
    if settings.tls_cert is None:
        if settings.tls_key or settings.tls_client_ca:
            raise SettingError("TLS needs a certificate: set --tls-cert, and --tls-key unless the key is in the same file.")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        _show(context, settings.tls_cert, settings.tls_key, "name the file of its key with --tls-key")
    except SettingError as error:
        raise SettingError(f"--tls-cert{' and --tls-key' if settings.tls_key else ''}: {error}") from error
    if settings.tls_client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            _trust(context, settings.tls_client_ca)
        except SettingError as error:
            raise SettingError(f"--tls-client-ca: {error}") from error
    return context


def client_context(pki: Path) -> ssl.SSLContext:
    """Return a client's TLS context that trusts the CA of a PKI folder and shows its system certificate. Raise SettingError."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(pki / "ca.pem")
        context.load_cert_chain(pki / "system.pem", pki / "system.key")
    except OSError as error:
        raise SettingError(f"{pki} is not a folder that `mockregister pki init` wrote: {_why(error)}.") from error
    return context


def with_client_certificate(certificate: Path, context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Return a client's TLS context that shows this certificate, whose key is in the same file. Raise SettingError."""
    context = context or ssl.create_default_context()
    _show(context, certificate, None, "put its key into the same file")
    return context


def client_side(url: str, pki: str | Path | None, client_cert: str | Path | None) -> ssl.SSLContext | None:
    """Return a client's TLS context; None means the default one. Raise SettingError.

    The PKI folder is used as in ``client_context``, if ``url`` is https; ``client_cert`` as in ``with_client_certificate``.
    """
    context = client_context(Path(pki)) if pki and url.startswith("https://") else None
    return with_client_certificate(Path(client_cert), context) if client_cert else context


def unverified_context() -> ssl.SSLContext:
    """Return a client's TLS context that verifies nothing, to see whether a server on this machine is up."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _show(context: ssl.SSLContext, certificate: Path, key: Path | None, keyless: str) -> None:
    """Make a context show a certificate. Raise SettingError for files that cannot be used.

    ``keyless`` is what the message advises if the key is missing.
    """
    from mockregister.security import tls_files  # needs cryptography, which is not imported without TLS

    tls_files.check(certificate, key, keyless)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:  # SSLError is a subclass
        raise SettingError(f"The certificate in {certificate} cannot be used for TLS: {_why(error)}.") from error


def _trust(context: ssl.SSLContext, authorities: Path) -> None:
    """Make a context trust CAs. Raise SettingError for a file without CAs."""
    from mockregister.security import tls_files

    tls_files.certificates(authorities)
    try:
        context.load_verify_locations(authorities)
    except OSError as error:
        raise SettingError(f"The certificates in {authorities} cannot be used for TLS: {_why(error)}.") from error


def _why(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
