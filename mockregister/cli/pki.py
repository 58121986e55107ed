"""``mockregister pki``: certificates for tests."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def pki() -> None:
    """Make certificates for tests."""


@pki.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Write a test CA, STS, client and TLS certificates to DIR, with their keys.

    Among the clients are bad ones: expired, revoked (see crl.pem) and untrusted. Nothing is overwritten.
    """
    from mockregister.security import pki as certificates

    files = certificates.init(directory)
    click.echo(f"{len(files)} files in {directory}; start the register with --auth signed --pki {directory}")
