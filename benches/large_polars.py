"""The peer: what somebody who knows polars writes for the same result, without any check. A process of its own.

python -m benches.large_polars EXPORT OUTPUT
"""

import json
import sys
from pathlib import Path

import polars as pl

from benches.large_result import (
    CODES,
    COVERED,
    KEPT_RAW,
    NET_EFFECTIVE,
    NET_RESERVED,
    PLAN_FEES,
    TOTAL_KEYS,
    VIEWS,
    files_of,
)

_MONEY = pl.Decimal(38, 18)


def main(export: str, output: str) -> None:
    """Keeps the rows, sums the export, prints what came out."""
    files = files_of(Path(export))
    is_text = files[0].name.endswith(".csv.gz")
    rows = pl.scan_csv(files, infer_schema=False, glob=False) if is_text else pl.scan_parquet(files, glob=False)
    code, meter = pl.col("line_item_product_code"), pl.col("line_item_usage_type")
    wanted = (
        code.is_in(CODES)
        | meter.str.contains("MP:.*Token")
        | ((code == "AmazonS3") & meter.str.ends_with("-Requests-Tier1"))
    )
    kind = pl.col("line_item_line_item_type")
    net, unblended = (_amount(name, is_text=is_text) for name in VIEWS)
    effective = (
        pl.when(kind == COVERED)
        .then(_amount(NET_EFFECTIVE, is_text=is_text))
        .when(kind == "DiscountedUsage")
        .then(_amount(NET_RESERVED, is_text=is_text))
        .when(kind.is_in(["SavingsPlanNegation"]))
        .then(0)
        .when(kind == "SavingsPlanRecurringFee")
        .then(_amount(PLAN_FEES[0], is_text=is_text) - _amount(PLAN_FEES[1], is_text=is_text))
        .otherwise(net)
    )
    product = pl.col("product")
    name = product.str.json_path_match("$.product_name") if is_text else product.map.get("product_name")
    kept = rows.filter(wanted).select(
        *KEPT_RAW, service_name=name, billed_cost=net, effective_cost=effective, unblended_cost=unblended
    )
    totals = rows.group_by(TOTAL_KEYS).agg(pl.len().alias("rows"), unblended.sum().alias("unblended"), net.sum())
    _, summed = pl.collect_all(
        [kept.sink_parquet(output, compression="zstd", lazy=True), totals.sort(TOTAL_KEYS)], engine="streaming"
    )
    print(json.dumps([[str(month)[:7], *rest, float(one), float(other)] for month, *rest, one, other in summed.rows()]))


def _amount(name: str, *, is_text: bool) -> pl.Expr:
    return pl.col(name).cast(_MONEY) if is_text else pl.col(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
