"""Whole exports, written as AWS writes them, read back as charges."""

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from infercost.billing.bill import SPEND_KEYS, read_bill
from infercost.schema.charges import CHARGES, CLASSIFICATION
from infercost.schema.errors import IncompleteError, UsageError
from unit.billing.legacy_exports import legacy
from unit.billing.make_exports import CUR, MAPS, Row, cur, focus, without, write_csv, write_parquet

EC2 = {"x_ServiceCode": "AmazonEC2", "ServiceName": "Amazon Elastic Compute Cloud", "x_UsageType": "BoxUsage:t3.micro"}


def hour(number: int) -> dict[str, str]:
    """The periods of one hour of October 31st."""
    return {
        "ChargePeriodStart": f"2026-10-31T{number:02}:00:00Z",
        "ChargePeriodEnd": f"2026-10-31T{number + 1:02}:00:00Z",
    }


def month_of(name: str) -> dict[str, str]:
    """The periods of one hour on the 28th of a month."""
    return {
        "BillingPeriodStart": f"{name}-01T00:00:00Z",
        "BillingPeriodEnd": "",
        "ChargePeriodStart": f"{name}-28T00:00:00Z",
        "ChargePeriodEnd": f"{name}-28T01:00:00Z",
    }


def test_a_focus_row_is_a_charge(tmp_path: Path) -> None:
    bill = read_bill([str(write_csv(tmp_path / "a.csv.gz", [focus()]))])
    assert (bill.format, bill.rows, bill.currency, bill.payers) == ("FOCUS 1.2", 1, "USD", ("012345678901",))
    assert (bill.month, bill.covered_hours, bill.closed) == (dt.date(2026, 10, 1), 1, True)
    assert bill.period_end == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert dict(bill.charges.schema) == CHARGES | CLASSIFICATION
    row = bill.charges.row(0, named=True)
    assert (
        row
        | {
            "sub_account_id": "000000000042",
            "charge_period_start": dt.datetime(2026, 10, 31, tzinfo=dt.UTC),
            "tags": '{"app":"fraud","team":"risk"}',
            "quantity": Decimal(1),
            "billed_cost": Decimal("1.5"),
            "list_cost": Decimal(2),
            "kind": "inference",
            "pattern": "real-time",
            "instance_type": "ml.g5.xlarge",
        }
        == row
    )


def test_a_cur_row_is_the_same_charge_as_its_focus_row(tmp_path: Path) -> None:
    from_focus = read_bill([str(write_parquet(tmp_path / "f.parquet", [focus()]))]).charges
    from_cur = read_bill([str(write_parquet(tmp_path / "c.parquet", [cur()]))]).charges
    differ = ["line_item_type", "contracted_cost", "unblended_cost", "amortized_cost"]
    assert_frame_equal(from_focus.drop(differ), from_cur.drop(differ))
    assert from_cur["line_item_type"].to_list() == ["Usage"]


@pytest.mark.parametrize("make", [focus, cur])
def test_csv_and_parquet_say_the_same(tmp_path: Path, make: Callable[..., Row]) -> None:
    bare = {name: "" if name in MAPS - {"product"} else value for name, value in make().items()}
    rows = [make(), bare]
    as_csv = read_bill([str(write_csv(tmp_path / "a.csv.gz", rows))])
    as_parquet = read_bill([str(write_parquet(tmp_path / "b.parquet", rows))])
    assert_frame_equal(as_csv.charges, as_parquet.charges)
    assert_frame_equal(as_csv.spend, as_parquet.spend)
    assert as_csv.export_total == as_parquet.export_total == Decimal(3)


def test_names_in_lower_case_and_any_order_are_focus_too(tmp_path: Path) -> None:
    lowered = [{name.lower(): value for name, value in sorted(focus().items(), reverse=True)}]
    expected = read_bill([str(write_csv(tmp_path / "a.csv", [focus()]))])
    assert_frame_equal(read_bill([str(write_csv(tmp_path / "b.csv", lowered))]).charges, expected.charges)


def test_all_other_services_are_summed_and_not_charges(tmp_path: Path) -> None:
    rows = [focus(), *[focus(BilledCost="0.1", EffectiveCost="0.2", **EC2)] * 3]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert bill.charges.height == 1
    assert bill.spend.columns == [*SPEND_KEYS, "rows", "billed_cost", "effective_cost"]
    other = bill.spend.filter(kind="other-service").select("service_code", "rows", "billed_cost", "effective_cost")
    assert other.rows() == [("AmazonEC2", 3, Decimal("0.3"), Decimal("0.6"))]
    assert bill.spend["billed_cost"].sum() == bill.charges_total == bill.export_total == Decimal("1.8")


def test_a_folder_is_read_to_any_depth_without_manifests_and_hidden_files(tmp_path: Path) -> None:
    write_csv(tmp_path / "data/BILLING_PERIOD=2026-10/a-00001.csv.gz", [focus(**hour(0))])
    write_csv(tmp_path / "data/BILLING_PERIOD=2026-10/a-00002.csv.gz", [focus(**hour(1))])
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata/a-Manifest.json").write_text('{"dataFiles": []}')
    (tmp_path / "data/_SUCCESS").touch()
    (tmp_path / "data/.a-00001.csv.crc").touch()
    by_folder = read_bill([str(tmp_path)])
    by_glob = read_bill([str(tmp_path / "data/*/*.gz"), str(tmp_path / "data/BILLING_PERIOD=2026-10/a-00001.csv.gz")])
    assert by_folder.rows == by_glob.rows == by_folder.covered_hours == 2
    assert len(by_folder.files) == 2


def test_files_with_different_columns_are_one_export(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", without([focus(**hour(0))], "Tags", "ContractedCost"))
    write_parquet(tmp_path / "b.parquet", [focus(**hour(1)) | {"x_New": "1"}])
    charges = read_bill([str(tmp_path)]).charges
    assert charges["tags"].to_list() == [None, '{"app":"fraud","team":"risk"}']
    assert charges["contracted_cost"].to_list() == [None, Decimal("1.5")]


def test_a_name_with_the_signs_of_a_pattern_is_a_name(tmp_path: Path) -> None:
    assert read_bill([str(write_csv(tmp_path / "a[1]*.csv", [focus()]))]).rows == 1


def test_a_copy_beside_its_original_counts_once_and_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [focus()])
    write_csv(tmp_path / "a.csv.gz", [focus()])
    bill = read_bill([str(tmp_path)])
    assert (bill.rows, len(bill.files)) == (1, 1)
    assert any("a.csv.gz is left out" in warning for warning in bill.warnings)


def test_files_with_the_same_sums_and_other_rows_both_count(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [focus(**hour(0))])
    write_csv(tmp_path / "b.csv", [focus(**hour(1))])
    assert read_bill([str(tmp_path)]).rows == 2


def test_the_default_month_is_the_newest_complete_one(tmp_path: Path) -> None:
    rows = [focus(**month_of("2026-08")), focus(**month_of("2026-09")), focus(**month_of("2026-10"))]
    file = str(write_csv(tmp_path / "a.csv", rows))
    assert read_bill([file]).month == dt.date(2026, 9, 1)
    assert read_bill([file], month="2026-10").month == dt.date(2026, 10, 1)
    assert read_bill([file], month="2026-08").export_total == Decimal("1.5")


def test_a_month_that_reaches_its_last_day_is_complete(tmp_path: Path) -> None:
    rows = [focus(**month_of("2026-09")), focus()]
    assert read_bill([str(write_csv(tmp_path / "a.csv", rows))]).month == dt.date(2026, 10, 1)


def test_a_fee_for_the_whole_month_does_not_complete_it(tmp_path: Path) -> None:
    fee = {"ChargePeriodStart": "2026-10-01T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}
    rows = [focus(**month_of("2026-09")), focus(**month_of("2026-10")), focus(**fee)]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert bill.month == dt.date(2026, 9, 1)
    assert read_bill(list(bill.files), month="2026-10").covered_hours == 1


def test_a_single_month_is_read_complete_or_not(tmp_path: Path) -> None:
    assert read_bill([str(write_csv(tmp_path / "a.csv", [focus(**month_of("2026-10"))]))]).month.month == 10


def test_a_month_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    rows = [focus(**month_of("2026-08")), focus(**month_of("2026-09"))]
    file = str(write_csv(tmp_path / "a.csv", rows))
    with pytest.raises(IncompleteError, match="2026-07 is not in this export, which holds 2026-08, 2026-09"):
        read_bill([file], month="2026-07")
    with pytest.raises(UsageError, match="YYYY-MM"):
        read_bill([file], month="October")


def test_hours_without_use_are_covered_too(tmp_path: Path) -> None:
    rows = [focus(**hour(8)), focus(**hour(9)), focus(**hour(19))]
    assert read_bill([str(write_csv(tmp_path / "a.csv", rows))]).covered_hours == 12


def test_days_of_another_service_cover_the_month_around_a_few_hours_of_use(tmp_path: Path) -> None:
    rows = [
        focus(
            **EC2
            | {"ChargePeriodStart": f"2026-10-{day:02}T00:00:00Z", "ChargePeriodEnd": f"2026-10-{day + 1:02}T00:00:00Z"}
        )
        for day in range(1, 31)
    ]
    used = {"ChargePeriodStart": "2026-10-10T08:00:00Z", "ChargePeriodEnd": "2026-10-10T09:00:00Z"}
    assert read_bill([str(write_csv(tmp_path / "a.csv", [*rows, focus(**used)]))]).covered_hours == 30 * 24


def test_a_day_that_is_not_over_counts_by_its_hours(tmp_path: Path) -> None:
    day = {"ChargePeriodStart": "2026-10-31T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}
    rows = [focus(**EC2 | day), focus(**hour(0)), focus(**hour(4))]
    assert read_bill([str(write_csv(tmp_path / "a.csv", rows))]).covered_hours == 5


def test_an_export_by_day_covers_whole_days(tmp_path: Path) -> None:
    day = {"ChargePeriodStart": "2026-10-31T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}
    assert read_bill([str(write_csv(tmp_path / "a.csv", [focus(**day)] * 2))]).covered_hours == 24


def test_an_export_by_month_covers_the_month(tmp_path: Path) -> None:
    month = {"ChargePeriodStart": "2026-10-01T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}
    assert read_bill([str(write_csv(tmp_path / "a.csv", [focus(**month)]))]).covered_hours == 744


def test_a_bill_with_a_row_that_has_no_invoice_is_not_closed(tmp_path: Path) -> None:
    assert not read_bill([str(write_csv(tmp_path / "a.csv", [focus(), focus(InvoiceId="")]))]).closed
    assert not read_bill([str(write_csv(tmp_path / "b.csv", without([focus()], "InvoiceId")))]).closed


def test_currencies_are_never_added(tmp_path: Path) -> None:
    mixed = write_csv(tmp_path / "mixed" / "a.csv", [focus(), focus(BillingCurrency="EUR")])
    with pytest.raises(IncompleteError, match=r"EUR, USD.*No choice of files parts them, for .*a\.csv holds several"):
        read_bill([str(mixed)])
    write_csv(tmp_path / "parted" / "a.csv", [focus()])
    write_csv(tmp_path / "parted" / "b.csv", [focus(BillingCurrency="EUR")])
    with pytest.raises(IncompleteError, match=r"EUR, USD.*Name the files of one currency at a time"):
        read_bill([str(tmp_path / "parted")])


def test_inference_in_no_known_currency_is_refused_like_inference_in_a_second_one(tmp_path: Path) -> None:
    rows = [cur(), cur(line_item_currency_code="", line_item_unblended_cost="0.23")]
    with pytest.raises(IncompleteError) as refused:
        read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    said = str(refused.value)
    assert said.startswith("amounts in USD and in no known currency stand in one month")
    assert f"1 row, 0.23 in no known currency, of 012345678901, such as in {tmp_path / 'a.csv'})" in said
    assert said.endswith("Fill in the column line_item_currency_code")


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([cur(line_item_currency_code="")], "line_item_currency_code"),
        ([focus(BillingCurrency="")], "BillingCurrency"),
        ([legacy(line_item_currency_code="")], "lineItem/CurrencyCode"),
    ],
    ids=["CUR 2.0", "FOCUS", "legacy CUR"],
)
def test_a_bill_without_a_currency_is_refused_with_file_and_column_as_it_is_spelled(
    tmp_path: Path, rows: list[Row], column: str
) -> None:
    with pytest.raises(IncompleteError) as refused:
        read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert str(refused.value).startswith(f"{tmp_path / 'a.csv'}: no row names its currency")
    assert str(refused.value).endswith(f"Export the column {column}, filled in on every row")


def test_rows_in_another_or_in_no_known_currency_are_told_with_their_amount(tmp_path: Path) -> None:
    tax = {"line_item_line_item_type": "Tax", "line_item_unblended_cost": "100", "line_item_currency_code": "INR"}
    credit = {"line_item_line_item_type": "Credit", "line_item_unblended_cost": "-50", "line_item_currency_code": ""}
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [cur(), cur(**tax), cur(**credit)]))])
    assert [warning for warning in bill.warnings if warning.startswith("other currency")] == [
        "other currency: 1 row, 100.00 INR, set aside, in no figure: currencies are never added",
        "other currency: 1 row, -50.00 in no known currency, set aside, in no figure: currencies are never added",
    ]
    assert (bill.charges_total, dict(bill.set_aside)) == (Decimal("1.5"), {"other currency": 2})


def test_without_aws_own_columns_a_service_is_known_by_name_only(tmp_path: Path) -> None:
    rows = without([focus()], "x_ServiceCode", "x_UsageType", "x_Operation")
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert bill.charges["kind"].to_list() == ["unrecognised"]
    assert any("x_UsageType is missing: services are known by name only" in warning for warning in bill.warnings)


def test_what_was_consumed_counts_where_no_pricing_unit_is_given(tmp_path: Path) -> None:
    row = focus(PricingUnit="", PricingQuantity="9", ConsumedQuantity="2", ConsumedUnit="Hrs")
    charges = read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges
    assert charges.select("quantity", "unit").row(0) == (Decimal(2), "Hrs")


def test_tags_lose_the_mark_of_cur_and_empty_values(tmp_path: Path) -> None:
    row = cur(resource_tags='{"user:team": "risk", "user_app": "", "aws:createdBy": "me"}')
    charges = read_bill([str(write_csv(tmp_path / "a.csv", [row]))]).charges
    assert charges["tags"].to_list() == ['{"aws:createdBy":"me","team":"risk"}']


def test_cur_without_optional_columns_is_read_and_says_what_is_unknown(tmp_path: Path) -> None:
    kept = [
        *("line_item_usage_type", "line_item_unblended_cost", "line_item_line_item_type", "line_item_usage_start_date"),
        *("line_item_usage_account_id", "line_item_product_code", "line_item_usage_amount", "pricing_unit"),
    ]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [{name: cur()[name] for name in kept}]))])
    assert bill.charges.select("kind", "region_id", "charge_period_end").row(0) == ("inference", "us-east-1", None)
    assert (bill.payers, bill.currency, bill.covered_hours) == ((), "USD", 24)
    assert {"currency" in warning for warning in bill.warnings} == {True, False}
    assert any("line_item_resource_id" in warning for warning in bill.warnings)


def test_an_unknown_line_item_type_is_kept_and_named(tmp_path: Path) -> None:
    rows = [cur(), cur(line_item_line_item_type="Novelty"), cur(line_item_line_item_type="EdpDiscount")]
    bill = read_bill([str(write_csv(tmp_path / "a.csv", rows))])
    assert bill.charges_total == Decimal("4.5")
    assert [warning for warning in bill.warnings if "not known" in warning] == [
        "line item types that are not known are kept as adjustments: Novelty (1 row, 1.50)"
    ]


def test_text_with_line_breaks_quotes_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    text = 'two\r\nlines, "quoted" \u001b[31m=cmd()'
    file = write_csv(tmp_path / "a.csv", [focus(ChargeDescription=text), focus()])
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    charges = read_bill([str(file)]).charges
    assert charges["charge_description"].to_list() == [text, None]


CORE = (
    *("line_item_usage_type", "line_item_unblended_cost", "line_item_line_item_type", "line_item_usage_start_date"),
    *("line_item_usage_account_id", "line_item_product_code", "pricing_unit"),
)


@given(st.sets(st.sampled_from(sorted(set(CUR) - set(CORE)))), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_any_columns_of_cur_in_any_order_are_read(optional: set[str], random: Random) -> None:
    names = [*CORE, *sorted(optional)]
    random.shuffle(names)
    rows = [{name: row[name] for name in names} for row in (cur(), cur(line_item_line_item_type="Tax"))]
    with tempfile.TemporaryDirectory() as folder:
        bill = read_bill([str(write_parquet(Path(folder) / "a.parquet", rows))])
    assert (bill.rows, bill.charges_total) == (2, Decimal(3))
    assert bill.charges["kind"].to_list() == ["related", "inference"]
    for column, name in [("quantity", "line_item_usage_amount"), ("resource_id", "line_item_resource_id")]:
        assert (bill.charges[column].null_count() == 0) == (name in names)


def test_split_cost_allocation_is_warned_about(tmp_path: Path) -> None:
    row = cur(line_item_product_code="AmazonEC2", line_item_operation="EKSPod-EC2", line_item_usage_type="EKS-EC2")
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [cur(), row]))])
    assert any("split cost allocation" in warning for warning in bill.warnings)


def test_a_marketplace_model_is_named_by_its_product(tmp_path: Path) -> None:
    row = cur(
        line_item_product_code="3zx9opaque",
        line_item_usage_type="USW2-MP:USW2_OutputTokenCount-Units",
        line_item_usage_amount="0.25",
        pricing_unit="Units",
        product='{"product_name": "Claude 3 Haiku (Amazon Bedrock Edition)"}',
        product_region_code="",
    )
    for file in (write_csv(tmp_path / "a.csv", [row]), write_parquet(tmp_path / "a.parquet", [row])):
        charges = read_bill([str(file)]).charges
        assert charges.select("model", "token_class", "region_id").row(0) == ("Claude 3 Haiku", "output", "us-west-2")
        tokens = charges.select(pl.col("quantity") * pl.col("meter_factor")).item()
        assert tokens == 250_000


def test_rows_that_start_outside_of_their_month_count_in_it_and_do_not_stretch_it(tmp_path: Path) -> None:
    late = cur(line_item_usage_start_date="2026-09-30T23:00:00Z", line_item_usage_end_date="2026-10-01T00:00:00Z")
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [cur(), late]))])
    assert (bill.rows, bill.charges_total, bill.covered_hours) == (2, Decimal(3), 1)
    assert any("1 row starts outside of the month of the bill" in warning for warning in bill.warnings)


def test_a_currency_without_inference_is_set_aside_and_counted(tmp_path: Path) -> None:
    other = cur(
        line_item_currency_code="EUR", line_item_product_code="AmazonEC2", line_item_usage_type="BoxUsage:t3.nano"
    )
    bill = read_bill([str(write_csv(tmp_path / "a.csv", [cur(), other | {"product": ""}]))])
    assert (bill.currency, bill.charges_total, dict(bill.set_aside)) == ("USD", Decimal("1.5"), {"other currency": 1})
