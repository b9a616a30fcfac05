import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from infercost.demo import write_demo
from infercost.schema.config import Config, WorkloadSpec
from infercost.schema.errors import UsageError
from infercost.schema.traffic import RATES, TRACE

BILL = Path("bill/BILLING_PERIOD=2026-10/infercost-demo-00001.csv.gz")
MONEY = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "account"
    write_demo(directory)
    return directory


@pytest.fixture(scope="module")
def bill(account: Path) -> pl.DataFrame:
    return pl.read_csv(account / BILL, infer_schema=False)


@pytest.fixture(scope="module")
def config(account: Path) -> Config:
    return Config.load(account / "infercost.toml")


def total(cells: pl.Series) -> Decimal:
    return sum((Decimal(cell) for cell in cells), Decimal(0))


def files(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def traffic_of(account: Path, spec: WorkloadSpec) -> pl.DataFrame:
    assert spec.traffic is not None
    path = account / spec.traffic
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, try_parse_dates=True)


def rows_of(bill: pl.DataFrame, spec: WorkloadSpec) -> pl.DataFrame:
    """By the account's own words: what the ARN ends with, or the tag `app`."""
    if spec.match.resource:
        stem = spec.match.resource[0].removesuffix("*")
        return bill.filter(pl.col("ResourceId").str.contains(stem, literal=True))
    key, _, value = spec.match.tag[0].partition("=")
    return bill.filter(pl.col("Tags").str.contains(f'"{key}":"{value}"', literal=True))


# --- the folder ------------------------------------------------------------------------------------------------------
def test_two_writes_give_the_same_bytes(account: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "again")
    assert files(tmp_path / "again") == files(account)


def test_nothing_else_is_left_in_the_folder(account: Path) -> None:
    assert sorted(path.name for path in account.iterdir()) == ["bill", "infercost.toml", "traffic"]
    assert not list(account.rglob(".*"))


def test_folder_that_is_not_empty_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty; name another folder, or use --force"):
        write_demo(tmp_path)
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_force_replaces_the_demo_and_leaves_other_files_alone(account: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "infercost.toml").write_text("an older demo")
    write_demo(tmp_path, force=True)
    assert files(tmp_path) == {**files(account), "mine.txt": b"mine"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("mine")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        write_demo(target)
    assert target.read_text() == "mine"


def test_a_parent_that_is_a_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="cannot be written"):
        write_demo(tmp_path / "file" / "demo")


# --- what the owner knows --------------------------------------------------------------------------------------------
def test_config_names_eight_workloads_and_no_pattern(config: Config, account: Path) -> None:
    assert len(config.workload) == 8
    text = (account / "infercost.toml").read_text().replace('"near-real-time"', "")
    for answer in ("async", "serverless", "batch", "real-time", "bedrock-", "autoscal"):
        assert answer not in text.lower()


def test_every_workload_has_rows_on_the_bill_and_none_shares_them(bill: pl.DataFrame, config: Config) -> None:
    found = [rows_of(bill, spec).select("ResourceId").unique() for spec in config.workload]
    assert all(rows.height == 1 for rows in found)
    assert pl.concat(found).is_unique().all()


def test_traffic_is_canonical_and_within_the_month(account: Path, config: Config) -> None:
    for spec in config.workload:
        frame = traffic_of(account, spec)
        schema = RATES if frame.columns[0] == "start" else TRACE
        assert set(frame.columns) <= set(schema)
        time = frame[frame.columns[0]]
        assert time.is_sorted()
        assert time.dt.month().unique().to_list() == [10]
        assert frame.null_count().sum_horizontal().item() == 0


def test_every_traffic_file_belongs_to_a_workload(account: Path, config: Config) -> None:
    assert sorted(f"traffic/{path.name}" for path in (account / "traffic").iterdir()) == sorted(
        spec.traffic or "" for spec in config.workload
    )


def test_rates_cover_every_step_of_the_month(account: Path, config: Config) -> None:
    for spec in config.workload:
        frame = traffic_of(account, spec)
        if "start" in frame.columns:
            gaps = frame["start"].diff().drop_nulls().unique()
            assert len(gaps) == 1
            assert frame.height * gaps[0].total_seconds() == 744 * 3600


# --- the bill against the traffic ------------------------------------------------------------------------------------
def by_name(config: Config) -> Iterator[tuple[str, WorkloadSpec]]:
    return ((spec.name, spec) for spec in config.workload)


def test_billed_tokens_are_the_tokens_of_the_traffic(account: Path, bill: pl.DataFrame, config: Config) -> None:
    specs = dict(by_name(config))
    for name, direction, expected in (
        ("media-analysis", "input", 40_000_000_000),
        ("media-analysis", "output", 2_000_000_000),
        ("chat-assistant", "input", 1_080_000_000),
        ("chat-assistant", "output", 210_000_000),
    ):
        rows = rows_of(bill, specs[name]).filter(pl.col("x_UsageType").str.ends_with(f"{direction}-tokens"))
        assert set(rows["PricingUnit"]) == {"1K tokens"}
        sent = traffic_of(account, specs[name])[f"{direction}_tokens"].sum()
        assert total(rows["PricingQuantity"]) * 1000 == sent == expected


@pytest.mark.parametrize(
    "name", ["card-fraud", "nightly-scoring", "insurance-documents", "dashboard-classifier", "product-tagger"]
)
def test_billed_bytes_are_the_requests_times_their_size_hour_by_hour(
    account: Path, bill: pl.DataFrame, config: Config, name: str
) -> None:
    spec = dict(by_name(config))[name]
    frame = traffic_of(account, spec)
    time = frame.columns[0]
    count = pl.col("requests").sum() if "requests" in frame.columns else pl.len()
    hourly = frame.group_by(pl.col(time).dt.strftime("%Y-%m-%dT%H:00:00Z")).agg(count.alias("requests"))
    requests = {hour: made for hour, made in hourly.iter_rows() if made}
    for direction, size in (("In", spec.payload_bytes), ("Out", spec.response_bytes)):
        rows = rows_of(bill, spec).filter(pl.col("x_UsageType") == f"USE1-Hst:Data-Bytes-{direction}")
        billed = dict(zip(rows["ChargePeriodStart"], map(Decimal, rows["PricingQuantity"]), strict=True))
        assert len(billed) == rows.height
        assert billed == {hour: Decimal(made * (size or 0)) / 10**9 for hour, made in requests.items()}


def test_traffic_is_what_the_account_was_asked_to_be(account: Path, config: Config) -> None:
    traffic = {name: traffic_of(account, spec) for name, spec in by_name(config)}
    fraud = [requests / 60 for requests in traffic["card-fraud"]["requests"]]
    assert (min(fraud), max(fraud)) == (20, 10_000)
    assert 0.45 < sum(fraud) / len(fraud) / 10_000 < 0.5
    nights = traffic["nightly-scoring"].filter(pl.col("requests") > 0)
    assert nights.group_by(pl.col("start").dt.date()).agg(pl.col("requests").sum())["requests"].unique().to_list() == [
        50_000_000
    ]
    assert nights["start"].dt.hour().unique().sort().to_list() == [1, 2, 3]
    documents = traffic["insurance-documents"].group_by(pl.col("arrival").dt.date()).len()
    assert documents["len"].unique().to_list() == [1_500]
    assert documents["arrival"].dt.weekday().max() == 5
    hours = traffic["insurance-documents"]["arrival"].dt.hour()
    assert (hours.min(), hours.max()) == (8, 19)
    dashboard = traffic["dashboard-classifier"].group_by(pl.col("arrival").dt.date()).len()
    assert dashboard["len"].to_list() == [300] * 31
    assert traffic["product-tagger"]["requests"].sum() == 0


# --- the bill in itself ----------------------------------------------------------------------------------------------
def test_usage_costs_its_quantity_times_its_price(bill: pl.DataFrame) -> None:
    metered = bill.filter(pl.col("PricingQuantity").is_not_null())
    columns = (
        "PricingQuantity",
        "ListUnitPrice",
        "ListCost",
        "BilledCost",
        "EffectiveCost",
        "CommitmentDiscountStatus",
    )
    for quantity, price, listed, billed, effective, status in metered.select(columns).iter_rows():
        assert Decimal(quantity) * Decimal(price) == Decimal(listed)
        if status is None:
            assert billed == effective == listed


def test_billed_and_effective_costs_add_up_to_the_same(bill: pl.DataFrame) -> None:
    assert total(bill["BilledCost"]) == total(bill["EffectiveCost"])
    assert total(bill["BilledCost"]).quantize(Decimal("0.01")) == Decimal("129495.11")


def test_savings_plan_keeps_the_identities_of_focus(bill: pl.DataFrame) -> None:
    plan = bill.filter(pl.col("CommitmentDiscountId").is_not_null())
    bought, used, unused = (
        plan.filter(pl.col("ChargeCategory") == "Purchase"),
        plan.filter(pl.col("CommitmentDiscountStatus") == "Used"),
        plan.filter(pl.col("CommitmentDiscountStatus") == "Unused"),
    )
    assert bought.height + used.height + unused.height == plan.height
    assert plan["CommitmentDiscountId"].n_unique() == 1
    assert bought.height == 744
    assert total(bought["BilledCost"]) == total(used["EffectiveCost"]) + total(unused["EffectiveCost"])
    assert total(bought["EffectiveCost"]) == 0
    assert total(used["BilledCost"]) == total(unused["BilledCost"]) == 0
    assert total(unused["EffectiveCost"]) > 0
    assert total(used["ListCost"]) > total(used["EffectiveCost"])


def test_money_has_no_exponent_and_at_most_18_decimals(bill: pl.DataFrame) -> None:
    for column in (*MONEY, "PricingQuantity"):
        cells = bill[column].drop_nulls()
        assert cells.str.contains(r"^-?\d+(\.\d{1,18})?$").all()


def test_account_ids_keep_their_leading_zeros(bill: pl.DataFrame) -> None:
    ids = bill.select("BillingAccountId", "SubAccountId").unique()
    assert set(ids["BillingAccountId"]) == {"000941672358"}
    assert sorted(ids["SubAccountId"]) == ["000941672358", "014725836901", "367258149025"]


def test_bill_is_as_aws_delivers_it(account: Path, bill: pl.DataFrame) -> None:
    raw = (account / BILL).read_bytes()
    assert raw[4:8] == bytes(4)  # gzip's time
    header = gzip.decompress(raw).split(b"\n", 1)[0].decode().split(",")
    assert len(header) == len(set(header)) == 62
    assert {"x_ServiceCode", "x_UsageType", "x_Operation", "InvoiceId", "SkuPriceDetails"} <= set(header)
    for column in ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"):
        assert bill[column].str.contains(r"^2026-1\d-\d\dT\d\d:00:00Z$").all()
    for column in ("Tags", "SkuPriceDetails", "x_CostCategories", "x_Discounts"):
        assert all(isinstance(json.loads(cell), dict) for cell in bill[column].unique())
    assert sorted(bill["ChargeCategory"].unique()) == ["Credit", "Purchase", "Tax", "Usage"]


def test_instances_now_are_those_of_the_story(bill: pl.DataFrame) -> None:
    hosts = bill.filter(pl.col("x_UsageType").str.contains("-Host:ml.") & pl.col("CommitmentDiscountId").is_null())
    running = {
        (name, usage_type.removeprefix("USE1-Host:")): sorted({int(quantity) for quantity in quantities})
        for name, usage_type, quantities in hosts.group_by("ResourceName", "x_UsageType")
        .agg(pl.col("PricingQuantity"))
        .iter_rows()
    }
    assert running == {
        ("fraud-scoring-prod", "ml.g4dn.xlarge"): [40],
        ("propensity-nightly", "ml.c5.4xlarge"): [3],
        ("claims-documents", "ml.g5.xlarge"): [3],
        ("ticket-classifier", "ml.m5.large"): [1],
        ("product-tagger-v1", "ml.g5.xlarge"): [1],
        ("search-embeddings", "ml.g5.2xlarge"): [2],
        ("recs-ranking-prod", "ml.c5.2xlarge"): [2],
    }
