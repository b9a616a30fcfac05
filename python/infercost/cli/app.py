"""The commands under one name, and what becomes of an error: one message on stderr and an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from infercost import __version__
from infercost.cli import analyze, bill, compare, demo, prices, schema, simulate, workloads
from infercost.cli.memory import restrain
from infercost.cli.stop import Stop
from infercost.schema.errors import InfercostError, UsageError

BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended
BUG = 70  # EX_SOFTWARE; never Python's own 1, which would say that a threshold was crossed

EXAMPLE = """\b
Examples:
  infercost demo example
  infercost analyze example/bill --config example/infercost.toml
  infercost simulate scenario.toml --format json

\b
Exit codes:
  0 fine  1 a --fail-on threshold was crossed  2 wrong usage, config or scenario
  3 input unreadable  4 the answer is incomplete  70 a bug in infercost
  130 interrupted  143 terminated"""

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,  # plain help: quick, and the same in a terminal and in a file
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command(epilog=analyze.EXAMPLE)(analyze.analyze)
app.command(epilog=workloads.EXAMPLE)(workloads.workloads)
app.command(epilog=simulate.EXAMPLE)(simulate.simulate)
app.command(epilog=compare.EXAMPLE)(compare.compare)
app.command(epilog=demo.EXAMPLE)(demo.demo)
app.add_typer(bill.app, name="bill")
app.add_typer(prices.app, name="prices")
app.command(epilog=schema.EXAMPLE)(schema.schema)


@app.callback(epilog=EXAMPLE, invoke_without_command=True)
def infercost(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Finds, in your AWS bill, the cheapest way to serve each model that still keeps its latency promise."""
    if version:
        typer.echo(f"infercost {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(UsageError.exit_code)


def main() -> None:
    """Runs the command line and exits."""
    restrain()
    stop = Stop()
    stop.listen()
    sys.exit(run(sys.argv[1:], stop))


def run(arguments: Sequence[str], stop: Stop) -> int:
    """Runs one command; gives its exit code."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered has no reader: it goes nowhere, or Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BROKEN_PIPE
    except BaseException as error:  # noqa: BLE001 -- a panic of the engine, too, must not exit with 0 or 1
        stopped = stop.heard()  # then whatever was raised is of it
        code = _say(*stopped) if stopped else _fail(error)
    else:
        stop.heard()  # too late: all is done
    return code


def _fail(error: BaseException) -> int:
    if isinstance(error, InfercostError):
        return _say(str(error), error.exit_code)
    if isinstance(error, typer.TyperException):
        return _say(_wrong_usage(error), UsageError.exit_code)
    traceback.print_exception(error)
    return _say("this is a bug in infercost, not in your data; please report the lines above", BUG)


def _invoke(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("infercost", list(arguments)) as context:
            code = command.invoke(context)
    except typer.Exit as stop:
        code = stop.exit_code
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    from infercost.report.text import plain

    # Messages quote files: no key, name or cell of theirs may act on the terminal.
    typer.echo("\n".join(plain(line) for line in f"infercost: {message}".split("\n")), err=True)
    return code


def _wrong_usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "infercost"
    return f"{error.format_message()}\nTry '{command} --help'."
