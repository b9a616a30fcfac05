"""A real account, billed by AWS in December 2023: what of it is inference, to the cent and at the billed prices."""

import csv
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import Bill, read_bill
from infercost.prices.bill import bill_rates
from unit.billing import irish_account as irish
from unit.billing.irish_account import Published
from unit.billing.legacy_exports import as_legacy, as_snake, write_snake
from unit.billing.make_exports import Row, write_csv, write_parquet

DOUBLES = Decimal("1e-6")  # Parquet's costs are doubles, and thousands of them are added
FORMS: dict[str, tuple[Callable[[], list[Row]], Callable[[Path, Sequence[Row]], Path], str]] = {
    "CUR 2.0 in CSV": (irish.cur_2_0, write_csv, "irish.csv.gz"),
    "CUR 2.0 in Parquet": (irish.cur_2_0, write_parquet, "irish.parquet"),
    "legacy CUR in CSV": (lambda: as_legacy(irish.cur_2_0()), write_csv, "irish.csv.gz"),
    "legacy CUR (Athena) in Parquet": (lambda: as_snake(irish.cur_2_0()), write_snake, "irish.parquet"),
}


@pytest.fixture(scope="module", params=FORMS)
def bill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bill:
    make, write, name = FORMS[request.param]
    found = read_bill([str(write(tmp_path_factory.mktemp("irish") / name, make()))])
    assert found.format == request.param.partition(" in ")[0]
    return found


def billed(lines: Sequence[Published]) -> Decimal:
    """As the invoice adds up: each line to the cent."""
    return sum((line.cost for line in lines), Decimal(0))


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def costs(charges: pl.DataFrame) -> dict[str, tuple[Decimal, Decimal]]:
    """Usage type: quantity, and cost to the cent."""
    sums = charges.group_by(pl.col("usage_type").str.strip_prefix("EU-")).agg(pl.col("quantity", "billed_cost").sum())
    return {name: (quantity, cents(cost)) for name, quantity, cost in sums.iter_rows()}


def published(lines: Sequence[Published]) -> dict[str, tuple[Decimal, Decimal]]:
    return {line.usage_type: (line.quantity, line.cost) for line in lines}


def test_the_figures_are_the_published_ones() -> None:
    of_sagemaker = [line for line in irish.EVERYTHING if line.service == "AmazonSageMaker"]
    assert billed(of_sagemaker) == irish.SAGEMAKER_TOTAL
    assert billed(irish.ENDPOINTS) == irish.ENDPOINTS_TOTAL
    assert all(cents(line.price * line.quantity) == line.cost for line in irish.EVERYTHING)


def test_the_month_is_reconciled_and_closed(bill: Bill) -> None:
    total = sum(line.price * line.quantity for line in irish.EVERYTHING)
    assert abs(bill.charges_total - total) < DOUBLES
    assert abs(bill.export_total - total) < DOUBLES
    assert (f"{bill.month:%Y-%m}", bill.covered_hours, bill.closed) == ("2023-12", irish.HOURS, True)
    assert bill.payers == (irish.ACCOUNT,)
    assert bill.warnings == ()


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("inference", (*irish.ENDPOINTS, *irish.JOBS, *irish.BESIDE)),
        ("training", irish.TRAINING),
        ("development", irish.DEVELOPMENT),
        ("related", ()),
        ("unrecognised", ()),
        ("self-managed", ()),
    ],
)
def test_every_line_is_of_its_kind(bill: Bill, kind: str, lines: Sequence[Published]) -> None:
    assert costs(bill.charges.filter(kind=kind)) == published(lines)


def test_other_services_are_not_among_the_charges(bill: Bill) -> None:
    assert set(bill.charges["service_code"]) == {"AmazonSageMaker"}
    others = bill.spend.filter(kind="other-service")
    assert [(name, cents(cost)) for name, cost in others.select("service_name", "billed_cost").rows()] == [
        ("AWS Systems Manager", billed(irish.OTHERS))
    ]


@pytest.mark.parametrize(
    ("pattern", "lines"), [("real-time", irish.ENDPOINTS), ("batch-transform", irish.JOBS)], ids=["endpoints", "jobs"]
)
def test_inference_is_told_by_pattern(bill: Bill, pattern: str, lines: Sequence[Published]) -> None:
    instances = bill.charges.filter(pattern=pattern, component="instance")
    assert costs(instances) == published(lines)
    hours = instances.select((pl.col("quantity") * pl.col("meter_factor")).sum() / 3_600_000_000_000).item()
    assert hours == sum(line.quantity for line in lines)


def test_the_prices_are_read_back_as_aws_billed_them(bill: Bill, shared: Path) -> None:
    components = {"hosting": "Host", "batch-transform": "Tsform"}
    with (shared / "data/prices/sagemaker_instances.csv").open(newline="") as file:
        as_billed = {
            f"{components[row['component']]}:{row['instance_type']}": Decimal(row["price_usd"])
            for row in csv.DictReader(file)
            if row["confidence"] == "as-billed" and row["region"] == irish.REGION and row["component"] in components
        }
    assert as_billed.keys() == {line.usage_type for line in (*irish.ENDPOINTS, *irish.JOBS)}
    found = bill_rates(bill.charges, "USD")
    assert found is not None
    assert (
        as_billed.items()
        <= {key: rate.price for (key, region), rate in found.rates.items() if region == irish.REGION}.items()
    )
