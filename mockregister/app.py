"""The composition root: settings in, a Flask application out. It wires and does nothing else."""

from __future__ import annotations

from flask import Flask

from mockregister.codes.tables import CodeTables
from mockregister.mocking.registers import Registers
from mockregister.settings import Settings
from mockregister.web import failures, health, registers, soap


def create_app(settings: Settings | None = None) -> Flask:
    """The register as a WSGI application. Raises SettingError or StoreError where it cannot start."""
    settings = settings or Settings()
    app = Flask("mockregister", static_folder=None)
    app.extensions["mockregister"] = Registers(settings, CodeTables.of(settings))

    # what the real register has
    app.register_blueprint(soap.blueprint)
    # what any service has
    app.register_blueprint(health.blueprint)
    registers.install(app)
    failures.install(app)
    return app
