"""`infercost workloads` and `--fx`, as users run them."""

import csv
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from cli.runner import Run
from infercost.schema.analysis import Analysis
from infercost.schema.spending import Spending
from unit.billing.make_exports import Row, cur, focus, without, write_csv, write_parquet


def rupees(folder: Path) -> Path:
    """A week of an endpoint of two instances in Mumbai, billed in rupees at 84 for a dollar."""
    start = datetime(2026, 10, 1, tzinfo=UTC)
    rows = []
    for hour in range(7 * 24):
        begin, end = (f"{start + timedelta(hours=one):%Y-%m-%dT%H:%M:%SZ}" for one in (hour, hour + 1))
        cost = str(2 * 84 * Decimal("1.408"))
        money = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"), cost)
        rows.append(
            focus(
                **money,
                BillingCurrency="INR",
                ChargePeriodStart=begin,
                ChargePeriodEnd=end,
                ConsumedQuantity="2",
                PricingQuantity="2",
            )
        )
    return write_csv(folder / "rupees.csv.gz", rows)


def test_what_is_in_no_figure_is_told_as_analyze_tells_it(run: Run) -> None:
    ec2 = {"line_item_product_code": "AmazonEC2", "line_item_usage_type": "BoxUsage:t3.micro", "product": ""}
    tax = {"line_item_line_item_type": "Tax", "line_item_unblended_cost": "100", "line_item_currency_code": "INR"}
    write_csv(run.folder / "bill.csv", [cur(), cur(**ec2), cur(**ec2), cur(**tax)])
    shown, analysed = run("workloads", "bill.csv"), run("analyze", "bill.csv")
    for done in (shown, analysed):
        assert "other currency: 1 row, 100.00 INR, set aside" in done.stdout
        assert "1 row (other currency), 2 rows (other service)\n" in done.stdout
    spent = Spending.model_validate_json(run("workloads", "bill.csv", "--format", "json").stdout)
    told = Analysis.model_validate_json(run("analyze", "bill.csv", "--format", "json").stdout).bill
    assert (spent.set_aside, spent.unread) == (told.set_aside, told.unread)
    assert [(one.reason, one.rows) for one in spent.set_aside] == [("other currency", 1), ("other service", 2)]


def test_the_groups_add_up_to_the_inference_that_analyze_tells(run: Run, demo: Path, whole: object) -> None:
    analysis = Analysis.model_validate_json(whole.stdout)  # type: ignore[attr-defined]
    done = run("workloads", demo / "bill", "--config", demo / "infercost.toml", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    spent = Spending.model_validate_json(done.stdout)
    assert spent.effective_cost == analysis.bill.inference_effective_cost
    assert sum(one.effective_cost for one in spent.groups) == analysis.bill.inference_effective_cost
    assert {one.name for one in spent.groups} == {one.name for one in analysis.workloads}
    [deleted] = [one for one in spent.groups if one.name == "product-tagger"]
    assert deleted.idle_cost == sum(part.cost for part in deleted.components if part.name == "instance")


def test_csv_of_all_and_a_table_of_the_top_tell_the_same_sum(run: Run, demo: Path) -> None:
    printed = run("workloads", demo / "bill", "--by", "tag:team", "--format", "csv")
    rows = list(csv.DictReader(StringIO(printed.stdout)))
    whole = sum(Decimal(row["effectiveCost"]) for row in rows)
    table = run("workloads", demo / "bill", "--by", "tag:team", "--top", "2").stdout
    assert f"{len(rows) - 2} more" in table
    assert f"in all  {whole:,.2f}" in table


def test_select_narrows_what_is_added_up(run: Run, demo: Path) -> None:
    done = run("workloads", demo / "bill", "--select", "service:bedrock", "--by", "account", "--format", "json")
    spent = Spending.model_validate_json(done.stdout)
    assert spent.selected
    assert all(part.name != "instance" for one in spent.groups for part in one.components)
    assert run("workloads", demo / "bill", "--select", "workload:nothing").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--by", "teams"), "principal or tag:KEY"),
        (("--by", "tag:taem"), "the tags are: app, team"),
        (("--top", "0"), "--top"),
        (("--fx", "84@2026-10-31"), "0.0119@2026-10-31"),
        (("--fx", "0.0119@2026-10-31"), "the bill is in USD"),
    ],
)
def test_what_cannot_be_meant_exits_2_and_says_what_can(
    run: Run, demo: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run("workloads", demo / "bill", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_export_without_resource_ids_and_tags_says_what_it_cannot_tell(run: Run) -> None:
    rows: list[Row] = [cur(), cur(line_item_usage_type="USE1-Host:ml.m5.large")]
    write_parquet(run.folder / "bill.parquet", without(rows, "line_item_resource_id", "resource_tags"))
    done = run("workloads", "bill.parquet", "--format", "json")
    spent = Spending.model_validate_json(done.stdout)
    assert [one.name for one in spent.groups] == [
        "real-time ml.g5.xlarge without a resource id",
        "real-time ml.m5.large without a resource id",
    ]
    assert spent.unattributed_cost == spent.effective_cost == 3
    assert any("no resource id" in note for note in spent.untold)
    assert run("workloads", "bill.parquet", "--by", "tag:team").returncode == 2


def test_a_bill_in_rupees_has_its_own_rates_and_no_others(run: Run) -> None:
    bill = rupees(run.folder)
    done = run("analyze", bill, "--format", "json")
    assert done.returncode == 0, done.stderr
    analysis = Analysis.model_validate_json(done.stdout)
    assert (analysis.bill.currency, analysis.fx) == ("INR", None)
    assert any("own rates only" in warning for warning in analysis.warnings)
    with_rate = run("analyze", bill, "--fx", "0.0119@2026-10-31", "--format", "json")
    assert json.loads(with_rate.stdout)["fx"] == {"usd_per_unit": "0.0119", "as_of": "2026-10-31"}
    table = run("analyze", bill, "--fx", "0.0119@2026-10-31").stdout
    assert "Exchange        1 INR = 0.0119 USD as of 2026-10-31 (--fx)" in table


def test_workloads_in_rupees_are_converted_once_at_the_end(run: Run) -> None:
    bill = rupees(run.folder)
    done = run("workloads", bill, "--fx", "0.0119@2026-10-31")
    assert done.returncode == 0, done.stderr
    assert "39,739.39 INR of inference" in done.stdout
    assert "472.90 USD in all" in done.stdout


@pytest.mark.parametrize("fx", ["0.5@2026-10-31", "84@2026-10-31", "0.0119", "0@2026-10-31", "-1@2026-10-31"])
def test_a_rate_that_is_none_exits_2(run: Run, fx: str) -> None:
    done = run("analyze", rupees(run.folder), "--fx", fx)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--fx" in done.stderr
