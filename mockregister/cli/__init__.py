"""The command line: one file per command, imported when it is called so that ``healthcheck`` starts fast.

Exit codes are the same for all commands: 0 if all is well, 1 if the answer is no (a document has errors, answers differ, the
register is not ready), 2 if there is no answer because of wrong usage or a failure.
"""

from __future__ import annotations

from importlib import import_module

import click

import mockregister
from mockregister.errors import MockRegisterError, did_you_mean

COMMANDS = {
    "serve": ("serve", "Start the register."),
    "demo": ("demo", "Start a register with synthetic patients, submit an example and show what happens."),
    "submit": ("submit", "Send documents to a running register."),
    "validate": ("validate", "Check documents offline, on all four levels."),
    "new": ("new", "Write a document as a starting point."),
    "compare": ("compare", "Compare how two registers or editions judge documents."),
    "replay": ("replay", "Send a recording again, and compare the answers."),
    "record": ("record", "Record what a sender and a register send to each other."),
    "generate": ("generate", "Make synthetic patients."),
    "rules": ("rules", "List and explain the business rules."),
    "codes": ("codes", "List and import code tables."),
    "pki": ("pki", "Make certificates for tests."),
    "idcard": ("idcard", "Get a DGWS ID card."),
    "edition": ("edition", "Make an edition of the register from published files, and compare editions."),
    "error-list": ("error_list", "Write the accumulated error list, or validate all stored data again."),
    "export": ("export", "Write the stored data as tables."),
    "cut-over": ("cut_over", "Count the same activity in LPR2's and LPR3's tables, and explain the differences."),
    "snapshot": ("snapshot", "Save what a register holds to a file, and load such a file."),
    "exam": ("exam", "Examine a record system: give it stories to report, and judge what reached the register."),
    "mcp": ("mcp", "Offer a register to an AI assistant as tools (MCP)."),
    "healthcheck": ("healthcheck", "Check whether a register is ready."),
}
NO_ANSWER = 2  # the exit code of a command that could not do its work


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and shows errors in one line."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the commands in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command:
        """Return the command called ``name``. Raise UsageError for an unknown name; it suggests a similar one."""
        if name not in COMMANDS:
            raise click.UsageError(f"There is no command '{name}'.{did_you_mean(name, COMMANDS)}", context)
        module = COMMANDS[name][0]
        command: click.Command = getattr(import_module(f"mockregister.cli.{module}"), module)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, context: click.Context) -> object:
        """Run the command. Our own errors, invalid values and errors about a file are shown in one line, with exit code 2."""
        try:
            return super().invoke(context)
        except MockRegisterError as error:
            click.echo(f"mockregister: {error}", err=True)
            context.exit(NO_ANSWER)
        except click.MissingParameter:
            raise
        except click.BadParameter as error:
            click.echo(f"mockregister: {error.format_message()}", err=True)
            context.exit(NO_ANSWER)
        except OSError as error:
            if error.filename is None:
                raise
            click.echo(f"mockregister: {error.strerror}: {error.filename}", err=True)
            context.exit(NO_ANSWER)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mockregister.__version__, prog_name="mockregister")
def main() -> None:
    """A stand-in for the Danish National Patient Register (LPR3). For testing only; no real patient data."""
