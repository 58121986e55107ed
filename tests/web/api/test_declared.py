"""``/templates`` and ``/integrity-codes`` list the checks of levels 2 and 3 in the edition of the register."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Api


@pytest.mark.parametrize("key", ["DKEncounter", "1.2.208.176.7.1.10.74"])
def test_a_template_is_found_by_name_and_id(api: Api, key: str) -> None:
    told = api.get(f"templates/{key}")
    assert (told["id"], told["name"]) == ("1.2.208.176.7.1.10.74", "DKEncounter")
    assert "priorityCode 1..1 M CE sks" in told["declaration"]
    assert told["name"] in [template["name"] for template in api.get("templates", text="encounter")["items"]]


def test_an_integrity_code_has_its_cause_and_advice(api: Api) -> None:
    told = api.get("integrity-codes/set_not_found")
    assert told["code"] == "SET_NOT_FOUND"
    assert all(told[field] for field in ("text", "when", "advice"))
    assert "SET_NOT_FOUND" in [code["code"] for code in api.get("integrity-codes", text="set_")["items"]]


@pytest.mark.parametrize("path", ["templates/nope", "integrity-codes/nope"])
def test_an_unknown_template_or_code_is_not_found(api: Api, path: str) -> None:
    assert api.problem(path)["status"] == 404
