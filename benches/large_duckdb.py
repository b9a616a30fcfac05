"""The peer: DuckDB with the same query, without any check. A process of its own.

python -m benches.large_duckdb EXPORT OUTPUT
"""

import json
import sys
from pathlib import Path

import duckdb

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


def main(export: str, output: str) -> None:
    """Keeps the rows, sums the export, prints what came out."""
    net, unblended = VIEWS
    keys = ", ".join(TOTAL_KEYS)
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    files = [str(file) for file in files_of(Path(export))]
    database.execute(f"CREATE VIEW cur AS SELECT * FROM read_parquet({files!r})")  # noqa: S608 -- our own files
    database.execute(
        f"""
        COPY (
            SELECT {", ".join(KEPT_RAW)}, product['product_name'] AS service_name, {net} AS billed_cost,
                CASE line_item_line_item_type
                    WHEN '{COVERED}' THEN {NET_EFFECTIVE}
                    WHEN 'DiscountedUsage' THEN {NET_RESERVED}
                    WHEN 'SavingsPlanNegation' THEN 0
                    WHEN 'SavingsPlanRecurringFee' THEN {PLAN_FEES[0]} - {PLAN_FEES[1]}
                    ELSE {net}
                END AS effective_cost, {unblended} AS unblended_cost
            FROM cur
            WHERE line_item_product_code IN {CODES!r}
                OR (line_item_usage_type LIKE '%MP:%Token%')
                OR (line_item_product_code = 'AmazonS3' AND line_item_usage_type LIKE '%-Requests-Tier1')
        ) TO '{output}' (FORMAT parquet, COMPRESSION zstd)
        """  # noqa: S608
    )
    totals = database.execute(
        f"SELECT {keys}, count(*), sum({unblended}), sum({net}) FROM cur GROUP BY ALL ORDER BY {keys}"  # noqa: S608
    ).fetchall()
    print(json.dumps([[str(month)[:7], *rest] for month, *rest in totals]))


if __name__ == "__main__":
    main(*sys.argv[1:])
