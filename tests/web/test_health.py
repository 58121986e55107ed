"""The health paths answer with the version."""

import pytest

from mockregister import __version__
from mockregister.app import create_app
from mockregister.settings import Settings


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_running_server_answers_on_the_health_paths(path: str) -> None:
    app = create_app(Settings())
    response = app.test_client().get(path)
    assert response.status_code == 200
    assert response.get_json() == {"status": "ok", "version": __version__}
    app.extensions["mockregister"].close()
