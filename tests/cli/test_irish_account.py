"""The main job on a real account that AWS published."""

import json
from decimal import Decimal

import pytest

from cli.runner import Run
from unit.billing import irish_account as irish
from unit.billing.legacy_exports import as_legacy
from unit.billing.make_exports import write_csv


@pytest.fixture(params=["CUR 2.0", "legacy CUR"])
def irish_run(run: Run, request: pytest.FixtureRequest) -> Run:
    rows = irish.cur_2_0()
    write_csv(run.folder / "irish.csv.gz", rows if request.param == "CUR 2.0" else as_legacy(rows))
    return run


def test_the_analysis_finds_the_endpoints_and_nothing_that_is_none(irish_run: Run) -> None:
    done = irish_run("analyze", "irish.csv.gz", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    inference = (*irish.ENDPOINTS, *irish.JOBS, *irish.BESIDE)
    assert Decimal(found["bill"]["inference_effective_cost"]) == sum(line.price * line.quantity for line in inference)
    assert {one["name"].removeprefix("EU-"): Decimal(one["cost"]) for one in found["bill"]["training"]} == {
        line.usage_type: line.price * line.quantity for line in irish.TRAINING
    }
    assert {one["name"].removeprefix("EU-") for one in found["bill"]["development"]} == {
        line.usage_type for line in irish.DEVELOPMENT
    }
    assert (found["bill"]["unrecognised"], found["bill"]["recognised_pct"]) == ([], "100")
    served = {one["name"]: (one["pattern"], Decimal(one["effective_cost"])) for one in found["workloads"]}
    assert (
        served.items()
        >= {
            "g5-12xlarge-0": ("real-time", Decimal("177.25519")),
            "g4dn-12xlarge-0": ("real-time", Decimal("172.003979")),
            "m5-xlarge-0": ("real-time", Decimal("2.109456")),
        }.items()
    )
    assert [name for name, (pattern, _) in served.items() if pattern == "batch-transform"] == ["m5-xlarge"]
    assert found["reconciliation"]["difference"] == "0"


def test_the_headline_says_how_much_is_inference(irish_run: Run) -> None:
    done = irish_run("analyze", "irish.csv.gz", COLUMNS="120")
    first = done.stdout.splitlines()[0]
    assert first.startswith("December 2023 · 1 account · inference 479 of 915 USD · bill reconciled to the cent")
