"""What is said of an export before the work: on real files."""

from decimal import Decimal
from pathlib import Path

import pytest

from infercost.billing.inspect import inspect_bill
from infercost.schema.errors import InputError
from infercost.schema.inspection import Aside, Inspection
from unit.billing.legacy_exports import legacy
from unit.billing.make_exports import cur, focus, without, write_csv, write_parquet

TAX = {"ChargeCategory": "Tax", "BilledCost": "0.25", "EffectiveCost": "0.25", "x_UsageType": "", "ResourceId": ""}


def test_rows_are_charges_and_what_is_set_aside_by_reason(tmp_path: Path) -> None:
    rows = [
        cur(),
        cur(line_item_product_code="AmazonEC2", line_item_usage_type="BoxUsage:m5.large"),
        cur(
            line_item_product_code="AmazonEKS",
            line_item_operation="EKSPod-EC2",
            line_item_usage_type="EKS-EC2-vCPU-Hours",
            line_item_unblended_cost="0.25",
        ),
    ]
    found = inspect_bill([str(write_csv(tmp_path / "a.csv.gz", rows))])
    assert (found.format, found.rows, found.charges, found.containers) == ("CUR 2.0", 3, 1, ("csv",))
    assert found.set_aside == (
        Aside(reason="other service", rows=1),
        Aside(reason="split cost allocation", rows=1),
    )
    assert found.size_bytes == (tmp_path / "a.csv.gz").stat().st_size


def test_months_are_told_apart_by_payer_and_currency(tmp_path: Path) -> None:
    other = {"BillingAccountId": "000000000007", "BillingCurrency": "EUR", "BilledCost": "0.25", "EffectiveCost": "0.2"}
    september = {
        "BillingPeriodStart": "2026-09-01T00:00:00Z",
        "ChargePeriodStart": "2026-09-30T23:00:00Z",
        "ChargePeriodEnd": "2026-10-01T00:00:00Z",
        "InvoiceId": "",
    }
    write_parquet(tmp_path / "a.parquet", [focus(), focus(**TAX), focus(**other), focus(**september)])
    months = inspect_bill([str(tmp_path)]).months
    assert [(one.month, one.payer, one.currency, one.rows) for one in months] == [
        ("2026-09", "012345678901", "USD", 1),
        ("2026-10", "000000000007", "EUR", 1),
        ("2026-10", "012345678901", "USD", 2),
    ]
    assert [one.billed_cost for one in months] == [Decimal("1.5"), Decimal("0.25"), Decimal("1.75")]
    assert months[0].unblended_cost is None  # FOCUS has no such view
    assert [one.closed for one in months] == [False, True, True]
    assert [one.inference_rows for one in months] == [1, 1, 1]


def test_what_a_missing_column_costs_is_said_once_with_its_files(tmp_path: Path) -> None:
    bare = {name: value for name, value in focus().items() if name not in {"ResourceId", "Tags"}}
    write_csv(tmp_path / "a.csv", [focus()])
    write_csv(tmp_path / "b.csv", [bare])
    found = inspect_bill([str(tmp_path)])
    lost = {one.column: (one.files, one.needed) for one in found.missing}
    assert (found.headers, lost["ResourceId"], lost["Tags"]) == (2, (1, False), (1, False))
    assert "x_UsageType" not in lost
    assert not any("is missing" in warning for warning in found.warnings)


def test_without_a_needed_column_the_rest_is_told_all_the_same(tmp_path: Path) -> None:
    bare = {name: value for name, value in focus().items() if name != "BillingCurrency"}
    found = inspect_bill([str(write_csv(tmp_path / "a.csv", [bare]))])
    assert (found.format, found.rows, found.months) == ("FOCUS 1.2", 0, ())
    assert [one.column for one in found.missing if one.needed] == ["BillingCurrency"]


COVERED = {"line_item_line_item_type": "SavingsPlanCoveredUsage", "savings_plan_savings_plan_effective_cost": "1"}
NET_OF_PLAN = "savings_plan_net_savings_plan_effective_cost"


def test_columns_that_rows_of_a_plan_need_are_listed_as_needed_in_the_file_s_own_spelling(tmp_path: Path) -> None:
    rows = [legacy(), legacy(**COVERED), legacy(line_item_line_item_type="SavingsPlanRecurringFee")]
    bare = [{name: value for name, value in row.items() if not name.startswith("savingsPlan/")} for row in rows]
    found = inspect_bill([str(write_csv(tmp_path / "a.csv", bare))])
    assert (found.rows, found.months) == (0, ())
    assert [(one.column, one.loses) for one in found.missing if one.needed] == [
        ("savingsPlan/SavingsPlanEffectiveCost", "the effective cost of rows that are there"),
        ("savingsPlan/TotalCommitmentToDate", "the effective cost of rows that are there"),
        ("savingsPlan/UsedCommitment", "the effective cost of rows that are there"),
    ]
    assert [one.needed for one in found.missing] == sorted((one.needed for one in found.missing), reverse=True)


def test_a_net_column_is_missed_beside_others_only(tmp_path: Path) -> None:
    net = {"line_item_net_unblended_cost": "1", "reservation_net_effective_cost": ""}
    some = inspect_bill([str(write_csv(tmp_path / "a.csv", [cur(**COVERED) | net]))])
    none = inspect_bill([str(write_csv(tmp_path / "b.csv", [cur(**COVERED)]))])
    assert NET_OF_PLAN in {one.column for one in some.missing}
    assert "reservation_net_effective_cost" not in {one.column for one in some.missing}
    assert "savings_plan_net_" not in " ".join(one.column for one in none.missing)


def test_a_currency_of_prices_is_no_currency_of_amounts(tmp_path: Path) -> None:
    rows = [{**row, "pricing_currency": ""} for row in without([cur()], "line_item_currency_code")]
    found = inspect_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert [one.currency for one in found.months] == [None]
    [lost] = [one for one in found.missing if one.column == "line_item_currency_code"]
    assert lost.loses.startswith("amounts are taken to be in the currency of their price")


def test_what_it_says_reads_back(tmp_path: Path) -> None:
    found = inspect_bill([str(write_csv(tmp_path / "a.csv", [cur()]))])
    assert Inspection.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_what_is_no_bill_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nx,1\n")
    with pytest.raises(InputError, match="of no known billing format"):
        inspect_bill([str(tmp_path / "a.csv")])
