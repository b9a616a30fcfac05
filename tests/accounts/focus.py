"""The demo account as FOCUS 1.0: the columns that AWS's table had before 1.2."""

import csv
import io
from pathlib import Path

from infercost.demo.focus import COLUMNS, row
from infercost.demo.write import bill, workloads

_SINCE_1_1 = {
    *("CapacityReservationId", "CapacityReservationStatus", "CommitmentDiscountQuantity", "CommitmentDiscountUnit"),
    *("ServiceSubcategory", "SkuMeter", "SkuPriceDetails", "BillingAccountType", "SubAccountType", "InvoiceId"),
    *("PricingCurrency", "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost"),
    "PricingCurrencyListUnitPrice",
}


def write_focus_1_0(directory: Path) -> Path:
    """Plain CSV; returns its folder."""
    text = io.StringIO(newline="")
    names = [name for name in COLUMNS if name not in _SINCE_1_1]
    writer = csv.DictWriter(text, names, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row(charge) for charge in bill(workloads()))
    folder = directory / "data/BILLING_PERIOD=2026-10"
    folder.mkdir(parents=True)
    (folder / "infercost-demo-00001.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    return folder
