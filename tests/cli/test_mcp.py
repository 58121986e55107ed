"""``mockregister mcp`` offers the register as tools. The SDK's own client calls them over standard input, like an assistant."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from click.testing import CliRunner

from mockregister.cli import main
from mockregister.cli.demo import example
from mockregister.cli.mcp import tools_server
from mockregister.testing import Lpr3

anyio = pytest.importorskip("anyio", reason="the extra mcp is not installed")
sdk = pytest.importorskip("mcp", reason="the extra mcp is not installed")
MAIN = "from mockregister.cli import main; main()"
IMPORTS = "import sys, mockregister.cli.mcp, mockregister.app; print({'mcp', 'pydantic'} & set(sys.modules))"
Story = Callable[[Any], Coroutine[Any, Any, None]]


def run_story(story: Story, server: Any) -> None:
    """Run a story with a client. The server is in this process, or a command that the client starts, as assistants do."""

    async def run() -> None:
        async with sdk.Client(server) as client:
            await story(client)

    with ThreadPoolExecutor(1) as thread:  # the tests of the page leave an event loop running on the main thread
        thread.submit(anyio.run, run).result()


async def call(client: Any, tool: str, **arguments: Any) -> Any:
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer
    said = answer.structured_content
    return said["result"] if isinstance(said, dict) and set(said) == {"result"} else said


def test_an_assistant_validates_mends_submits_and_reads_back_a_document(lpr3: Lpr3) -> None:
    wrong = example().decode().replace('code="DI109"', 'code="di109"')

    async def story(client: Any) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"validate", "explain", "rule", "code", "template", "integrity_code", "submit", "find", "reset"} <= names
        (finding,) = (await call(client, "validate", document=wrong))["findings"]
        assert (finding["code"], finding["line"]) == ("SKS_CODE_NOT_FOUND", 247)
        assert "DI109" in finding["explanation"]["register_has"][0]
        assert (await call(client, "integrity_code", code=finding["code"]))["advice"]
        assert (await call(client, "code", code="DI109"))["rows"][0]["term"] == "Essentiel hypertension"
        mended = (await call(client, "mend", document=wrong))["document"]
        assert (await call(client, "submit", document=mended))["stored"] is True
        (encounter,) = await call(client, "find", resource="encounters", criteria={"patient": "2512489996"})
        assert (await call(client, "get", resource="encounters", id=encounter["id"]["extension"]))["history"]
        assert lpr3.stored()["documents"] == 1
        await call(client, "reset")
        assert lpr3.stored()["documents"] == 0
        refused = await client.call_tool("rule", {"id": "99.99"})
        assert refused.is_error
        assert "There is no rule '99.99'" in json.dumps(refused.model_dump(mode="json"))

    run_story(story, tools_server(lpr3.url))


@pytest.mark.slow
def test_without_an_address_the_server_has_its_own_register() -> None:
    async def story(client: Any) -> None:
        assert (await call(client, "validate", document=example().decode()))["findings"] == []
        assert (await call(client, "rule", id="05.53"))["condition"]
        assert (await call(client, "template", template="DKEncounter"))["declaration"]

    run_story(story, sdk.StdioServerParameters(command=sys.executable, args=["-c", MAIN, "mcp"]))


def test_the_sdk_is_not_imported_by_other_commands() -> None:
    assert subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_error_without_the_sdk_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    outcome = CliRunner().invoke(main, ["mcp"])
    assert outcome.exit_code == 2
    assert "pip install 'mockregister[mcp]'" in outcome.output
