"""`infercost bill inspect`, as users run it."""

import json
from decimal import Decimal
from pathlib import Path

from cli.runner import Run
from infercost.schema.analysis import Analysis
from infercost.schema.inspection import Inspection
from unit.billing.make_exports import cur, focus, without, write_csv, write_parquet


def test_the_demo_account_at_a_glance(run: Run, demo: Path) -> None:
    done = run("bill", "inspect", demo / "bill")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("FOCUS 1.2 · 1 file, ")
    (month,) = (line.split() for line in done.stdout.splitlines() if line.startswith("2026-10"))
    assert month == ["2026-10", "000941672358", "15,608", *["129,495.11"] * 2, "57,727.86", "USD", "closed"]
    assert "15,608 rows = 15,482 charges + set aside: 126 other service" in done.stdout
    assert "No column is missing." in done.stdout


def test_json_is_the_schema_and_adds_up(run: Run, demo: Path) -> None:
    done = run("bill", "inspect", demo / "bill", "--format", "json", "--output", "found.json")
    assert (done.returncode, done.stdout) == (0, "")
    found = Inspection.model_validate(json.loads((run.folder / "found.json").read_text()))
    assert found.rows == found.charges + sum(one.rows for one in found.set_aside) == 15_608


def test_what_a_selection_left_out_is_listed(run: Run) -> None:
    write_csv(run.folder / "bill.csv.gz", without([cur()], "line_item_resource_id", "pricing_unit"))
    done = run("bill", "inspect", "bill.csv.gz")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "line_item_resource_id endpoints cannot be told apart" in said
    assert "pricing_unit quantities have no unit" in said


def test_a_column_that_nothing_can_be_said_without_exits_4(run: Run) -> None:
    write_parquet(run.folder / "bill.parquet", without([focus()], "EffectiveCost"))
    done = run("bill", "inspect", "bill.parquet")
    assert done.returncode == 4
    assert "needed for what a charge costs with its commitments" in " ".join(done.stdout.split())
    assert done.stderr.startswith("infercost: columns that nothing can be said without are missing: EffectiveCost")


def test_files_that_no_manifest_names_are_told(run: Run) -> None:
    write_csv(run.folder / "bill-1.csv", [cur()])
    write_csv(run.folder / "bill-2.csv", [cur(line_item_usage_amount="2")])
    period = {"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"}
    manifest = {"dataFiles": ["s3://bucket/prefix/bill-1.csv"], "billingPeriod": period, "executionId": "e1"}
    (run.folder / "bill-Manifest.json").write_text(json.dumps(manifest))
    done = run("bill", "inspect", ".")
    assert done.returncode == 0, done.stderr
    assert "1 row = 1 charge + set aside: none" in done.stdout
    assert "bill-2.csv" in done.stdout.partition("NOT READ")[2]
    analysed = run("analyze", ".")
    assert analysed.returncode == 0, analysed.stderr
    aside = "Set aside       1 delivery or file that is not read: infercost bill inspect lists it\n"
    assert aside in analysed.stdout
    summary = Analysis.model_validate_json(run("analyze", ".", "--format", "json").stdout).bill
    assert [(one.name, one.month, one.reason) for one in summary.unread] == [("bill-2.csv", None, "in no manifest")]
    assert summary.set_aside == ()


def test_rows_set_aside_are_told_by_reason_in_the_analysis(run: Run) -> None:
    ec2 = {"line_item_product_code": "AmazonEC2", "line_item_usage_type": "BoxUsage:t3.micro", "product": ""}
    write_csv(run.folder / "bill.csv", [cur(), cur(**ec2), cur(**ec2), cur(line_item_operation="ECSTask-EC2")])
    done = run("analyze", "bill.csv", "--format", "markdown")
    assert done.returncode == 0, done.stderr
    assert "- Set aside: 2 rows \\(other service\\), 1 row \\(split cost allocation\\)\n" in done.stdout
    assert "split cost allocation: 1 row of 1.5 USD, set aside, count in no cost" in done.stdout


def test_a_credit_is_not_called_by_what_it_is_for(run: Run) -> None:
    credit = cur(line_item_line_item_type="Credit", line_item_unblended_cost="-0.5")
    write_csv(run.folder / "bill.csv", [cur(), credit])
    summary = Analysis.model_validate_json(run("analyze", "bill.csv", "--format", "json").stdout).bill
    assert [(one.name, one.cost) for one in summary.related_not_inference] == [("Credit", Decimal("-0.5"))]


def test_an_export_that_has_no_invoice_ids_is_not_said_to_be_open(run: Run) -> None:
    write_csv(run.folder / "bill.csv", without([cur()], "bill_invoice_id"))
    assert "(not known to be closed)" in run("analyze", "bill.csv").stdout
    assert "not known to be closed" in " ".join(run("bill", "inspect", "bill.csv").stdout.split())
