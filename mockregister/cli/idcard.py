"""``mockregister idcard``: a DGWS ID card, as XML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mockregister.client import Client, Sending
from mockregister.settings import clock_start

HOLDERS = click.Choice(["system", "user", "expired", "revoked", "untrusted"])
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--pki", required=True, metavar="DIR", type=FOLDER, help="Folder of `mockregister pki init`.")
@click.option(
    "--as", "holder", type=HOLDERS, default="system", show_default=True, help="The holder of the card and of its certificate."
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write the card to.  [default: print it]",
)
@click.option(
    "--care-provider",
    default="12345678",
    show_default=True,
    metavar="CVR",
    help="CVR number of the care provider (medcom:CareProviderID).",
)
@click.option("--url", metavar="URL", help="Base URL of a running register, whose STS issues the card.  [default: offline]")
@click.option("--register", default="", metavar="NAME", help="Name of the register, with --url.")
@click.option("--clock", default="now", show_default=True, metavar="ISO8601", help="When the card is issued, without --url.")
@click.option(
    "--digest", type=click.Choice(["sha1", "sha256"]), default="sha256", show_default=True, help="Digest algorithm of signatures."
)
def idcard(
    pki: Path, holder: str, out: Path | None, care_provider: str, url: str | None, register: str, clock: str, digest: str
) -> None:
    """Get a DGWS ID card and print it.

    Without --url, system and user get a card that the STS of the PKI folder issued; the other holders get a card that they
    signed themselves, which a register refuses. With --url, the STS refuses the other holders.
    """
    if url is not None:
        client = Client(url, pki=pki, holder=holder, digest=digest)
        card = client.id_card(Sending(register=register, care_provider=care_provider))
    else:
        card = _offline(pki, holder, care_provider, _moment(clock), digest)
    if out is None:
        click.echo(card)
    else:
        out.write_text(card, "utf-8")


def _offline(folder: Path, holder: str, care_provider: str, now: datetime, digest: str) -> str:
    from mockregister.security.asking import Holder, issued_by

    client = Holder.load(folder, holder, digest)
    return issued_by(folder, client, care_provider, now) if holder in ("system", "user") else client.card(care_provider, now)


def _moment(clock: str) -> datetime:
    try:
        return clock_start(clock) or datetime.now(UTC)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--clock") from error
