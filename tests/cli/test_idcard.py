"""The commands ``mockregister pki init``, ``idcard`` and ``submit --pki``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from mockregister.cli import main
from mockregister.security import idcard
from mockregister.security.signature import verify
from mockregister.testing import server
from tests.builders import a_document, an_episode, as_xml
from tests.cards import NOON, identity, pki_folder

PKI = str(pki_folder())


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server(auth="signed", pki=pki_folder(), clock=NOON) as url:
        yield url


def test_pki_init_does_not_overwrite_a_folder(tmp_path: Path) -> None:
    assert ran("pki", "init", str(tmp_path / "pki")).exit_code == 0
    again = ran("pki", "init", str(tmp_path / "pki"))
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
    assert "not overwritten" in again.stderr


@pytest.mark.parametrize("holder", ["system", "user"])
def test_a_card_that_is_made_offline_is_signed_by_the_sts_key(holder: str) -> None:
    told = ran("idcard", "--pki", PKI, "--as", holder, "--clock", "2019-06-01T12:00:00Z", "--care-provider", "29190941")
    card = etree.fromstring(told.stdout)
    assert verify(card)[0] == identity("sts").certificate
    assert (idcard.read(card).type, idcard.read(card).not_before) == (holder, "2019-06-01T11:55:00Z")
    assert idcard.read(card).care_provider == "29190941"


@pytest.mark.parametrize("holder", ["expired", "revoked", "untrusted"])
def test_a_bad_card_is_signed_by_its_holder(holder: str, tmp_path: Path) -> None:
    assert ran("idcard", "--pki", PKI, "--as", holder, "--out", str(tmp_path / "card.xml")).exit_code == 0
    assert verify(etree.parse(tmp_path / "card.xml").getroot())[0] == identity(holder).certificate


def test_a_card_is_requested_from_a_running_sts(url: str) -> None:
    told = ran("idcard", "--pki", PKI, "--url", url)
    assert verify(etree.fromstring(told.stdout))[0] == identity("sts").certificate
    refused = ran("idcard", "--pki", PKI, "--url", url, "--as", "revoked")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "revoked" in refused.stderr


def test_documents_are_submitted_with_a_card(url: str, tmp_path: Path) -> None:
    (tmp_path / "document.xml").write_bytes(as_xml(a_document(episodes=[an_episode()])))
    file = str(tmp_path / "document.xml")
    assert ran("submit", "--url", url, "--pki", PKI, file).exit_code == 0
    without = ran("submit", "--url", url, file)
    assert (without.exit_code, "no ds:Signature of its own" in without.stderr) == (2, True)
    refused = ran("submit", "--url", url, "--pki", PKI, "--as", "untrusted", file)
    assert (refused.exit_code, "none of the trusted CAs" in refused.stderr) == (2, True)


@pytest.mark.parametrize("command", [("idcard",), ("submit", __file__)])
def test_a_folder_of_another_tool_is_reported_in_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    told = ran(*command, "--pki", str(tmp_path))
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "system.pem cannot be read" in told.stderr


@pytest.mark.parametrize("flags", ["--auth signed", "--pki {empty}", "--auth signed --trust {empty}", "--sftp-port 0"])
def test_a_server_with_unsafe_settings_does_not_start(flags: str, tmp_path: Path) -> None:
    told = ran("serve", "--port", "0", *flags.format(empty=tmp_path).split())
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)


def test_an_invalid_clock_is_reported() -> None:
    assert "ISO 8601" in ran("idcard", "--pki", PKI, "--clock", "noon").stderr


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("command", [("idcard", "--pki", PKI), ("serve",)])
def test_a_clock_at_the_end_of_the_calendar_is_reported(command: tuple[str, ...], moment: str) -> None:
    told = ran(*command, "--clock", moment)
    assert (told.exit_code, "the clock goes from 1900 to 2199" in told.stderr) == (2, True)
