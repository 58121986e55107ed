"""The composition root: makes a Flask application from settings. It wires and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from mockregister.errors import SettingError
from mockregister.mocking.editions import Editions
from mockregister.mocking.registers import Registers
from mockregister.mocking.seeds import Watch
from mockregister.security.admission import Admission
from mockregister.settings import Settings
from mockregister.synthetic.on_demand import SeedsOnDemand
from mockregister.web import body, failures, host_name, steps
from mockregister.web.dispatcher import Dispatcher
from mockregister.web.tally import Tally

if TYPE_CHECKING:
    from mockregister.delivery.sftp import Access
    from mockregister.security.pki import Pki

FIRST = ("soap", "sts", "health")  # modules of web with views that are made at the start; the others are made on demand
# Werkzeug compiles routes with Python's ast, which in Python 3.11 fails if two threads use it at the same moment.
ROUTING = Lock()


def create_app(settings: Settings | None = None, watch: Watch = nullcontext) -> Flask:
    """Return the register as a WSGI application; ``watch`` shows the progress of a seed.

    Raise SettingError or StoreError if it cannot start.
    """
    return equipped(with_routes(), settings or Settings(), watch)


def equipped(app: Flask, settings: Settings, watch: Watch = nullcontext) -> Flask:
    """Give the application what depends on the settings (registers, admission, keys, counts), and return it.

    Raise SettingError or StoreError if it cannot start.
    """
    settings.check_effects()
    app.extensions["mockregister"] = Registers(settings, Editions(settings), SeedsOnDemand(watch))
    app.extensions["mockregister.admission"] = Admission.of(settings)
    app.extensions["mockregister.pki"] = _pki(settings)
    app.extensions["mockregister.tally"] = Tally()
    return app


def with_routes() -> Flask:
    """Return the application without registers: it has the views that a submission needs, and gets the others on demand."""
    app = with_views(*FIRST)
    made = dict.fromkeys(FIRST, app.wsgi_app)
    app.wsgi_app = Dispatcher(made, lambda name: with_views(name, beside=app))  # type: ignore[method-assign]
    return app


def with_views(*names: str, beside: Flask | None = None) -> Flask:
    """Return an application with the views of some modules of ``web``, the steps around them and the answers to failures.

    What depends on the settings is shared with the application ``beside``, if there is one.
    """
    app = Flask("mockregister", static_folder=None)
    if beside is not None:
        app.extensions = beside.extensions
    app.request_class = body.InMemory
    app.url_map = host_name.AnyHost()
    app.url_map.merge_slashes = False  # merging is a redirect, which programs do not follow when they send a body
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys, app.json.ensure_ascii = False, False
    with ROUTING:
        for name in names:
            app.register_blueprint(import_module(f"mockregister.web.{name}").blueprint)
    steps.install(app)
    failures.install(app)
    return app


@contextmanager
def running(settings: Settings, watch: Watch = nullcontext) -> Iterator[Flask]:
    """Yield the application with everything that runs beside it; both end with the block.

    Raise SettingError or StoreError if it cannot start.
    """
    app = create_app(settings, watch)
    all_registers: Registers = app.extensions["mockregister"]
    try:
        with _delivery(app, settings):
            yield app
    finally:
        all_registers.close()


def _pki(settings: Settings) -> Pki | None:
    """Return the keys of the test STS, or None without a PKI folder: then cryptography need not be imported."""
    if settings.pki is None:
        return None
    from mockregister.security.pki import Pki

    return Pki.load(settings.pki)


@contextmanager
def _delivery(app: Flask, settings: Settings) -> Iterator[None]:
    """Offer the nightly error lists to authorities until the block ends: in a folder, over sFTP, or both, as the settings say."""
    if not settings.error_list_dir and settings.sftp_port is None:
        yield
        return
    from mockregister.delivery.outbox import Outbox
    from mockregister.mocking.nightly import Nightly

    with ExitStack() as stack:
        directory = Path(settings.error_list_dir or stack.enter_context(_temporary_folder()))
        access = _access(settings)
        outbox = app.extensions["mockregister.outbox"] = Outbox(directory, access.keys if access else ())
        stack.enter_context(Nightly(app.extensions["mockregister"], outbox).running())
        if access is not None and settings.sftp_port is not None:
            from mockregister.delivery.sftp import serving

            port = stack.enter_context(serving(outbox, access, settings.host, settings.sftp_port))
            app.extensions["mockregister.sftp"] = f"sftp://{settings.host}:{port}"
        yield


def _temporary_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="mockregister")
    except OSError as error:
        raise SettingError("The sFTP server finds no folder that it can write to; name one with --error-list-dir.") from error


def _access(settings: Settings) -> Access | None:
    """Return who may log in over sFTP; None without an sFTP server."""
    if settings.sftp_port is None:
        return None
    if settings.sftp_keys is None:
        raise SettingError("The sFTP server needs --sftp-keys, a folder with the public key of each authority: <CVR>.pub.")
    try:
        from mockregister.delivery.sftp import Access
    except ImportError as error:
        raise SettingError("The sFTP server needs the extra sftp: pip install 'mockregister[sftp]'.") from error
    return Access.load(settings.sftp_keys, settings.sftp_host_key, settings.sftp_banner)
