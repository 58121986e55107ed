"""``mockregister replay``: send a recording again, and compare the answers with the recorded ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from mockregister.cli.compare import confirm_sending, format_option, print_and_exit, texts_option, yes_option
from mockregister.cli.healthcheck import URL_HELP, default_url, token_option
from mockregister.clock import COPENHAGEN

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("recording", metavar="RECORDING.har", type=FILE)
@click.option("--url", default=default_url, metavar="URL", help=URL_HELP)
@token_option
@click.option("--new-ids", is_flag=True, help="Give documents new ids, and move their times by the days since the recording.")
@click.option("--client-cert", type=FILE, metavar="FILE", help="PEM file with the client certificate and its key.")
@texts_option
@format_option
@yes_option
@click.pass_context
def replay(
    context: click.Context,
    recording: Path,
    url: str,
    token: str,
    new_ids: bool,
    client_cert: Path | None,
    texts: bool,
    form: str,
    yes: bool,
) -> None:
    """Send a recording again, in the recorded order, and show which answers differ.

    A recording is an HTTP Archive (HAR): from `mockregister record`, from another proxy, or the journal of a register
    (/__admin/requests/har). Its submissions, queries and retrievals are sent unchanged, including ID cards. Exit code 0 if all
    answers are the same, 1 if some differ, 2 if one is missing.
    """
    from mockregister.client import Client
    from mockregister.comparing.comparison_forms import Compared
    from mockregister.comparing.recording import read_recording
    from mockregister.comparing.replay import Renewal, replayed

    read = read_recording(recording.read_bytes())
    if not read.exchanges:
        paths = "/cda-ws, /DocumentRepository_Service or /xds"
        raise click.UsageError(f"{recording} has no submissions, queries or retrievals: no POST to {paths}.")
    if read.left_out:
        click.echo(f"{read.left_out} other requests of the recording are left out", err=True)
    confirm_sending(url, f"{len(read.exchanges)} recorded requests", yes)
    renewal = Renewal.of(read, datetime.now(COPENHAGEN).date()) if new_ids else None
    client = Client(url, token=token, client_cert=client_cert)
    print_and_exit(context, Compared(str(recording), url, list(replayed(read, client, renewal, texts=texts))), form)
