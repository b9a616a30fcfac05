"""`simulate` and `compare` as users run them."""

import json
import re
from decimal import Decimal

import pytest

from cli.runner import Run
from cli.scenarios import HEAD, REAL_TIME, SERVERLESS, scenario
from cli.terminal import on_terminal
from infercost.schema.outcome import Outcome


def test_one_deployment_is_one_object(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"))
    done = run("simulate", path, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    outcome = Outcome.model_validate_json(done.stdout)
    assert outcome.requests == outcome.completed > 7000
    assert json.loads(done.stdout)["cost_usd"] == "0.23"
    assert "timings_s" not in json.loads(done.stdout)


def test_several_deployments_are_a_list(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"), SERVERLESS.format(memory_mb=2048))
    for command in ("simulate", "compare"):
        outcomes = json.loads(run(command, path, "--format", "json").stdout)["outcomes"]
        assert [Outcome.model_validate(one).deployment_id for one in outcomes] == ["now", "serverless"]


def test_the_table_has_counts_latency_charges_and_assumptions(run: Run) -> None:
    shown = run("simulate", scenario(run.folder, REAL_TIME.format(region="us-east-1"))).stdout
    for part in ("fraud / now", "REQUESTS", "LATENCY", "CHARGES", "Host:ml.m5.xlarge", "SLO met", "ASSUMPTIONS"):
        assert part in shown
    assert "TIMINGS" not in shown


def test_timings_only_when_asked_for(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"))
    assert "TIMINGS" in run("simulate", path, "--timings").stdout
    assert json.loads(run("simulate", path, "--timings", "--format", "json").stdout)["timings_s"]


def test_compare_sets_them_side_by_side(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"), SERVERLESS.format(memory_mb=2048))
    done = run("compare", path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if "met" in line}
    assert rows["now"] == "167.90"
    assert set(rows) == {"now", "serverless"}


def test_what_a_rule_forbids_is_an_answer_not_an_error(run: Run) -> None:
    path = scenario(run.folder, SERVERLESS.format(memory_mb=7000))
    done = run("simulate", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "not possible" in done.stdout
    assert "[SL-" in done.stdout


def test_an_unknown_price_exits_4_after_the_result(run: Run) -> None:
    done = run("simulate", scenario(run.folder, REAL_TIME.format(region="eu-south-2")), "--format", "json")
    outcome = Outcome.model_validate_json(done.stdout)
    assert (done.returncode, outcome.cost_usd) == (4, None)
    assert outcome.completed > 7000
    assert "no price is known for\n  now: Host:ml.m5.xlarge (per Hrs)" in done.stderr


def test_an_unknown_price_is_asked_for_in_the_unit_that_prices_are_given_in(run: Run) -> None:
    key = "bedrock:acme.quill-v1:0:standard:input"
    model = '[[deployment]]\nid = "now"\nregion = "us-east-1"\npattern = "bedrock-on-demand"\n'
    model += 'model_id = "acme.quill-v1:0"\n'
    tokens = "[request]\ninput_tokens = 1000\noutput_tokens = 0\n"
    done = run("simulate", scenario(run.folder, model, tokens))
    assert done.returncode == 4
    assert f"now: {key} (per 1M tokens)" in done.stderr
    done = run(
        "simulate",
        scenario(run.folder, model, tokens, f'[prices]\n"{key}" = "2"\n"{key[:-5]}output" = "0"\n'),
        "--format",
        "json",
    )
    outcome = Outcome.model_validate_json(done.stdout)
    assert (done.returncode, outcome.cost_usd) == (0, outcome.requests * 1000 * Decimal(2) / 1_000_000)


def test_a_price_given_in_the_scenario_answers_it(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="eu-south-2"), '[prices]\n"Host:ml.m5.xlarge" = "0.30"\n')
    done = run("simulate", path, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["cost_usd"]) == (0, "0.3")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (HEAD.replace("rate_per_s", "rate_per_second"), "unknown key; did you mean `rate_per_s`?"),
        (HEAD.replace("mean_ms = 200", "mean_ms = nan"), "service"),
        (HEAD.replace("kind = ", "kind "), "cannot be parsed"),
        (HEAD.replace('kind = "poisson"\nrate_per_s = 2', 'kind = "trace"\npath = "no.csv"'), "no.csv"),
    ],
)
def test_a_wrong_scenario_says_where(run: Run, head: str, says: str) -> None:
    done = run("simulate", scenario(run.folder, REAL_TIME.format(region="us-east-1"), head=head))
    assert done.returncode in {2, 3}
    assert done.stdout == ""
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_same_bytes_twice(run: Run) -> None:
    path = scenario(run.folder, REAL_TIME.format(region="us-east-1"), SERVERLESS.format(memory_mb=2048))
    assert run("simulate", path, "--format", "json").stdout == run("simulate", path, "--format", "json").stdout


DEPLOYMENTS = 12
LONG = """
[traffic]
kind = "poisson"
rate_per_s = 2000
duration_s = 9000
[service]
kind = "exponential"
mean_ms = 1
"""


def test_on_a_terminal_requests_rate_and_time_left_are_shown(run: Run) -> None:
    one = REAL_TIME.format(region="us-east-1")
    many = [one.replace('id = "now"', f'id = "{number}"') for number in range(DEPLOYMENTS)]
    path = scenario(run.folder, *many, head=LONG)  # seconds of work on the fastest machine
    _, shown = on_terminal("compare", path, columns=140, environment={"NO_COLOR": "1"})
    lines = re.findall(r"simulating .* ([\d,]+) requests, [\d,]+/s, \d:\d\d:\d\d left", shown)
    assert lines, shown
    done = [int(line.replace(",", "")) for line in lines]
    assert done == sorted(done)
    assert 0 < done[-1] < 18_100_000 * DEPLOYMENTS


def test_a_long_run_is_silent_where_stderr_is_no_terminal(run: Run) -> None:
    done = run("simulate", scenario(run.folder, REAL_TIME.format(region="us-east-1"), head=LONG))
    assert (done.returncode, done.stderr) == (0, "")
    assert "/s," not in done.stdout
