"""``/llms.txt`` describes the server for assistants."""

from __future__ import annotations

import re

from tests.web.api.conftest import Api, api, application

__all__ = ["api", "application"]


def test_every_path_that_it_names_exists(api: Api) -> None:
    said = api.http.get(f"/r/{api.register}/llms.txt")
    assert said.content_type == "text/plain; charset=utf-8"
    assert said.text.startswith("# mockregister\n\n> ")
    addresses = re.findall(r"\]\(http://localhost(/\S+?)\)", said.text)
    assert len(addresses) > 8
    for address in addresses:
        assert address.startswith(f"/r/{api.register}/")
        assert api.http.get(address).status_code != 404, address
