"""One account read once from either format, and the official validator."""

import os
from pathlib import Path

import polars as pl
import pytest

from accounts.cur2 import write_cur2_csv
from infercost.billing.bill import read_bill
from infercost.demo.write import write_demo
from unit.billing.focus.validator import Absent, environment


@pytest.fixture(scope="session")
def as_focus(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The charges of the demo account, from FOCUS 1.2."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "demo")
    return read_bill([str(folder / "demo/bill")]).charges


@pytest.fixture(scope="session")
def as_cur(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The same from CUR 2.0, with negations and fees of its Savings Plan."""
    return read_bill([str(write_cur2_csv(tmp_path_factory.mktemp("cur")))]).charges


@pytest.fixture(scope="session")
def validator() -> Path:
    """The interpreter that has the validator."""
    try:
        return environment()
    except Absent as reason:
        if os.environ.get("INFERCOST_REQUIRE_FOCUS_VALIDATOR") == "1":
            pytest.fail(f"focus-validator cannot be run: {reason}")
        pytest.skip(f"focus-validator cannot be run: {reason}")
