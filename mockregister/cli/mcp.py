"""``mockregister mcp``: the register as tools for an assistant that speaks the Model Context Protocol, over standard input."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

import mockregister
from mockregister.cli.healthcheck import token_option
from mockregister.errors import MockRegisterError, SettingError

if TYPE_CHECKING:
    from mcp.server import MCPServer

URL_HELP = "Base URL of a running register.  [default: start an empty register]"


@click.command()
@click.option("--url", default="", metavar="URL", help=URL_HELP)
@click.option("--register", default="", metavar="NAME", help="Name of the register.  [default: the one without /r/NAME]")
@token_option
@click.option("--seed", default="none", metavar="NAME", help="Without --url: seed that the register starts with, such as demo.")
def mcp(url: str, register: str, token: str, seed: str) -> None:
    """Serve the register as tools for an assistant (MCP over standard input and output).

    The tools validate, explain, mend and submit documents, look up rules, codes, templates and integrity codes, read back what
    is stored, and reset. It needs the extra mcp: pip install 'mockregister[mcp]'.
    """
    from mockregister.testing import server

    _sdk()  # without the extra it fails here, before a register is started
    with nullcontext(url) if url else server(seed=seed, admin_token=token) as address:
        tools_server(address, register, token).run("stdio")


def tools_server(url: str, register: str = "", token: str = "") -> MCPServer[None]:
    """Return the MCP server of a register. Raise SettingError if the extra mcp is not installed."""
    from mockregister.assistant import INSTRUCTIONS, AssistantTools

    made = _sdk()("mockregister", version=mockregister.__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in AssistantTools(url, register, token).tools:
        made.add_tool(_refusing(tool))
    return made


def _refusing(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Return the tool, wrapped so that the assistant reads the sentence of our errors."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def asked(*args: Any, **named: Any) -> Any:
        try:
            return tool(*args, **named)
        except MockRegisterError as error:
            raise ToolError(str(error)) from error

    return asked


def _sdk() -> type[MCPServer[None]]:
    try:
        from mcp.server import MCPServer
    except ImportError as error:
        raise SettingError("Tools for assistants need an extra: pip install 'mockregister[mcp]'.") from error
    sdk: type[MCPServer[None]] = MCPServer
    return sdk
