"""The command line: one file per command, loaded when it is called so that ``healthcheck`` costs next to nothing.

Exit codes are the same for all commands: 0 where all is well, 1 where the answer to what was asked is no (a document has errors,
answers differ, the register is not ready), 2 where there is no answer: it was asked wrongly, or something stopped it.
"""

from __future__ import annotations

from importlib import import_module

import click

import mockregister
from mockregister.errors import MockRegisterError, did_you_mean

COMMANDS = {
    "serve": ("serve", "Start the register."),
    "demo": ("demo", "Start the register full of patients, submit an example and show what happens."),
    "submit": ("submit", "Send documents to a running register."),
    "validate": ("validate", "Check documents offline, on all four levels."),
    "new": ("new", "Write a document to start from."),
    "compare": ("compare", "Compare what two registers or editions say of documents."),
    "replay": ("replay", "Send a recording again, and compare the answers."),
    "record": ("record", "Stand between a sender and a register, and record both."),
    "generate": ("generate", "Make synthetic patients."),
    "rules": ("rules", "List and explain the business rules."),
    "codes": ("codes", "List and import code tables."),
    "pki": ("pki", "Make certificates for tests."),
    "idcard": ("idcard", "Get a DGWS ID card."),
    "edition": ("edition", "Make the register of a date from what is published, and tell what is otherwise in it."),
    "error-list": ("error_list", "Write the accumulated error list, or validate everything again."),
    "export": ("export", "Write what is stored as tables."),
    "cut-over": ("cut_over", "Count the same activity in LPR2's and LPR3's tables, and tell why the counts differ."),
    "snapshot": ("snapshot", "Write what a register holds to a file, and back."),
    "exam": ("exam", "Let the register examine a system: stories to report, and a verdict."),
    "mcp": ("mcp", "Give the register to an assistant as tools."),
    "healthcheck": ("healthcheck", "Say whether a register is up."),
}
NO_ANSWER = 2  # the exit code where a command could not do what it was asked


class Doors(click.Group):
    """A group whose commands are imported on use; our own errors, and those of the disk, become one line."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the commands in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command:
        """Return the command called ``name``. Raise UsageError, which names the one that is called almost so."""
        if name not in COMMANDS:
            raise click.UsageError(f"There is no command '{name}'.{did_you_mean(name, COMMANDS)}", context)
        module = COMMANDS[name][0]
        command: click.Command = getattr(import_module(f"mockregister.cli.{module}"), module)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, context: click.Context) -> object:
        """Run the command; what stops us on purpose is told in one line."""
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


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mockregister.__version__, prog_name="mockregister")
def main() -> None:
    """A stand-in for the Danish National Patient Register (LPR3). For testing only; no real patient data."""
