"""``mockregister record``: a proxy between a sender and a register that writes a recording."""

from __future__ import annotations

import signal
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--to", "target", required=True, metavar="URL", help="The server to forward everything to.")
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="Port; 0 picks a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--out",
    type=OUTPUT,
    default="recording.har",
    show_default=True,
    metavar="FILE",
    help="The file for the recording; an existing one is replaced.",
)
@click.option("--client-cert", type=FILE, metavar="FILE", help="PEM file with the client certificate and its key.")
def record(target: str, port: int, host: str, out: Path, client_cert: Path | None) -> None:
    """Forward every request, and record it with its answer, until Ctrl-C.

    The recording is an HTTP Archive (HAR), which `mockregister replay` sends again. The file is complete after every exchange. It
    holds the documents and ID cards that were sent, but neither Authorization headers nor cookies.
    """
    from werkzeug.serving import make_server

    from mockregister.comparing.recorder import HarFile, Recorder
    from mockregister.server import Server
    from mockregister.tls import with_client_certificate

    context = with_client_certificate(client_cert) if client_cert else None
    file = HarFile(out)
    application = Recorder(target, Server(target, timeout=300, context=context), file)
    server = make_server(host, port, application, threaded=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # raises KeyboardInterrupt, as Ctrl-C does
    click.echo(
        f"listening on http://{server.host}:{server.port}, forwarding requests to {target}, recording them in {out}", err=True
    )
    server.serve_forever()  # until an interrupt
    click.echo(f"{file.count} exchanges in {out}", err=True)
