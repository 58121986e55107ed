"""Health: it answers, and says which version does."""

import pytest

from mockregister import __version__
from mockregister.app import create_app
from mockregister.settings import Settings


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_server_that_is_up_says_so(path: str) -> None:
    app = create_app(Settings())
    response = app.test_client().get(path)
    assert response.status_code == 200
    assert response.get_json() == {"status": "ok", "version": __version__}
    app.extensions["mockregister"].close()
