"""What services are called, where Parquet has it in a map, wherever on a line the name stands."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from infercost.billing.bill import read_bill
from unit.billing.make_exports import Row, cur, write_csv, write_parquet

_WINDOW = 33_000  # rows: more than are looked at for a name
_RESOLD = {
    "line_item_product_code": "9z1ldlbmc5f8xv2d0ss7jqkef",
    "line_item_usage_type": "USE1-MP:InputTokens",
    "line_item_operation": "Usage",
    "pricing_unit": "Units",
    "line_item_resource_id": "",
}
UNNAMED = cur(product="{}", **_RESOLD)
NAMED = cur(product='{"product_name": "Claude (Amazon Bedrock Edition)"}', line_item_unblended_cost="2000", **_RESOLD)
OTHER_METER = cur(line_item_usage_type="USE1-Host:ml.g5.2xlarge")

ACCOUNTS = {
    "a name in another file": ([[UNNAMED], [NAMED]], 2),
    "a name in an earlier file": ([[NAMED], [UNNAMED]], 2),
    "a name far behind": ([[UNNAMED, *[cur()] * _WINDOW, NAMED]], _WINDOW + 2),
    "a name met beside another line": ([[cur(product="{}")], [OTHER_METER, cur(line_item_unblended_cost="2")]], 3),
    "no name at all": ([[cur(), UNNAMED], [UNNAMED | {"line_item_unblended_cost": "3"}]], 1),
}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_line_has_the_name_of_any_of_its_rows(tmp_path: Path, account: str) -> None:
    files, charges = ACCOUNTS[account]
    for number, rows in enumerate(files):
        write_parquet(tmp_path / f"{number}.parquet", rows)
    bill = read_bill([str(tmp_path)])
    assert bill.charges.height == charges
    assert sum(bill.set_aside.values()) == sum(map(len, files)) - charges


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_what_is_resold_is_found_by_its_name(tmp_path: Path, write: Callable[[Path, list[Row]], Path]) -> None:
    charges = read_bill([str(write(tmp_path / "a", [cur(), NAMED]))]).charges
    assert charges.filter(pl.col("usage_type") == "USE1-MP:InputTokens")["kind"].to_list() == ["unrecognised"]
