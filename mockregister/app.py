"""The composition root: settings in, a Flask application out. It wires and does nothing else."""

from __future__ import annotations

from flask import Flask

from mockregister.codes.tables import CodeTables
from mockregister.mocking.registers import Registers
from mockregister.settings import Settings
from mockregister.web import failures, health, soap


def create_app(settings: Settings | None = None) -> Flask:
    """The register as a WSGI application. Raises SettingError or StoreError where it cannot start."""
    settings = settings or Settings()
    app = Flask("mockregister", static_folder=None, root_path=__path_of_package())
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    codes = CodeTables.load(settings.codes_file, settings.sor, settings.producers_file, settings.codes == "strict")
    app.extensions["mockregister"] = Registers(settings, codes)

    # what the real register has
    app.register_blueprint(soap.blueprint)
    # what any service has
    app.register_blueprint(health.blueprint)
    failures.install(app)
    return app


def __path_of_package() -> str:
    return __file__.rpartition("/")[0]
