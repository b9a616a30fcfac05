"""Help, version, wrong usage, prices and schemas."""

import json

import pytest

from cli.runner import Run
from infercost import __version__
from infercost.schema.analysis import Analysis

COMMANDS = ("analyze", "simulate", "compare", "demo", "schema", "prices list", "prices show")


def test_help_names_every_command_in_full(run: Run) -> None:
    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    commands = shown.stdout.split("Commands:")[1].split("Examples:")[0]
    for command in COMMANDS:
        assert f"\n  {command.split()[0]} " in commands
    assert "..." not in commands


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"infercost {command}" in shown.stdout.split("Example")[1]
    assert f"Usage: infercost {command} " in shown.stdout


def test_help_waits_for_no_library(run: Run) -> None:
    shown = run("--help", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in shown.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"boto3", "numpy", "polars", "pydantic", "rich"}


def test_version(run: Run) -> None:
    shown = run("--version")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, f"infercost {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Usage: infercost"),
        (("frobnicate",), "No such command 'frobnicate'"),
        (("prices",), "Missing command"),
        (("analyze",), "Missing argument 'BILL'"),
        (("analyze", "x", "--frobnicate"), "No such option: --frobnicate"),
        (("analyze", "x", "--format", "yaml"), "'yaml' is not one of"),
        (("analyze", "x", "--fail-on", "savings=5"), "--fail-on 'savings=5' is not understood"),
        (("analyze", "x", "--select", "colour:red"), "--select 'colour:red' is not understood"),
        (("analyze", "x", "--config", "missing.toml"), "missing.toml: cannot be read"),
        (("analyze", "x", "--output", "missing/report.html"), "there is no folder missing"),
        (("analyze", "x", "--output", "."), "is a folder"),
        (("simulate", "missing.toml"), "missing.toml: cannot be read"),
        (("schema", "frobnicate"), "'frobnicate' is not one of"),
        (("prices", "list", "frobnicate"), "no price is listed for frobnicate"),
        (("prices", "show", "frobnicate", "--region", "us-east-1"), "frobnicate"),
    ],
)
def test_wrong_usage_exits_2_with_one_message_and_an_empty_stdout(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    shown = run(*arguments)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert says in shown.stderr
    assert "Traceback" not in shown.stderr
    assert not arguments or shown.stderr.startswith("infercost: ")


def test_a_bill_that_is_not_there_exits_3(run: Run) -> None:
    shown = run("analyze", "nothing-here")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.startswith("infercost: nothing-here")


def test_a_price_is_shown_with_its_source(run: Run) -> None:
    shown = run("prices", "show", "Host:ml.m5.xlarge", "--region", "us-east-1")
    facts = dict(line.split("\t") for line in shown.stdout.splitlines())
    assert (shown.returncode, facts["price"]) == (0, "0.23 USD per Hrs")
    assert set(facts) == {"price", "layer", "as of", "evidence", "source"}


def test_an_unknown_price_exits_4_and_takes_no_other_region(run: Run) -> None:
    shown = run("prices", "show", "Host:ml.m5.xlarge", "--region", "eu-south-2")
    assert (shown.returncode, shown.stdout) == (4, "")
    assert "no price is known for Host:ml.m5.xlarge in eu-south-2" in shown.stderr


def test_prices_are_listed_by_glob_and_region(run: Run) -> None:
    shown = run("prices", "list", "host:ML.m5.*large", "--region", "us-east-1")
    head, *rows = [line.split("\t") for line in shown.stdout.splitlines()]
    assert head == ["usage_type", "region", "usd", "unit", "as_of", "layer"]
    assert ["Host:ml.m5.xlarge", "us-east-1", "0.23"] in [row[:3] for row in rows]
    assert {row[1] for row in rows} == {"us-east-1"}


@pytest.mark.parametrize("name", ["scenario", "config", "analysis", "spending", "outcome"])
def test_schemas_are_json_schemas(run: Run, name: str) -> None:
    shown = run("schema", name)
    assert (shown.returncode, shown.stderr) == (0, "")
    schema = json.loads(shown.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert "schema" in schema["properties"]


def test_the_analysis_schema_has_the_names_of_the_json(run: Run) -> None:
    definitions = json.loads(run("schema", "analysis").stdout)["$defs"]
    assert "estimatedMonthlySavings" in definitions["Recommendation"]["properties"]
    assert set(json.loads(run("schema", "analysis").stdout)["properties"]) == {
        field.alias or name for name, field in Analysis.model_fields.items()
    }


def test_no_message_acts_on_the_terminal(run: Run) -> None:
    (run.folder / "a.toml").write_text('"\\u001b[2J\\u202ekey" = 1\n', encoding="utf-8")
    shown = run("simulate", "a.toml")
    assert shown.returncode == 2
    assert "\ufffd[2J\ufffdkey: unknown key" in shown.stderr
    assert shown.stderr.count("\n") == 4
