"""Rates derived from a bill: the bill's totals, and modelled requests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.rows import OCTOBER, frame, hosting, tokens
from infercost.schema.evidence import Evidence
from infercost.schema.scenario import Request
from infercost.traffic.columns import engine_columns
from infercost.traffic.from_bill import from_charges

ASKED = Request(input_tokens=1_000, output_tokens=200)


def test_tokens_over_tokens_per_request() -> None:
    rates = from_charges(
        frame(
            tokens("NovaLite", "input", "10.5", "1"),
            tokens(
                "NovaLite",
                "output",
                "2",
                "1",
                charge_period_start=OCTOBER,
                charge_period_end=OCTOBER + timedelta(hours=1),
            ),
            tokens("NovaLite", "input", "3", "1"),
        ),
        ASKED,
    )
    assert rates is not None
    assert (rates.kind, rates.evidence, rates.source) == ("rates", Evidence.MODELLED, "derived from the bill")
    assert (rates.start, rates.duration_s) == (OCTOBER, 3 * 3600)
    # 10,500 tokens are ten and a half requests; the half is not lost
    assert rates.frame.select("requests", "input_tokens", "output_tokens").rows() == [
        (10, 10_500, 2_000),
        (0, 0, 0),
        (4, 3_000, 0),
    ]
    assert engine_columns(rates)["end_ns"].to_list()[-1] == 3 * 3_600 * 10**9


def test_a_period_with_few_tokens_has_a_request_to_carry_them() -> None:
    rates = from_charges(frame(*(tokens("NovaLite", "input", "0.1", "1") for _ in range(3))), ASKED)
    assert rates is not None
    assert rates.frame["requests"].to_list() == [1, 1, 1]


def test_bytes_of_an_endpoint() -> None:
    data = {"meter": "data_in_bytes", "meter_factor": Decimal(10**9), "unit": "GB", "component": "data-in"}
    rates = from_charges(frame(hosting("USE1-Hst:Data-Bytes-In", "0.003", "1", **data)), Request(payload_bytes=3_000))
    assert rates is not None
    assert rates.frame.select("requests", "payload_bytes").rows() == [(1_000, 3_000_000)]


@pytest.mark.parametrize(
    ("row", "request_"),
    [
        pytest.param({}, None, id="nobody said how big a request is"),
        pytest.param({}, Request(payload_bytes=5), id="bytes are known, tokens were metered"),
        pytest.param({"component": "image-tokens"}, ASKED, id="images"),
        pytest.param({"meter": "cache_read_tokens", "token_class": "cache-read"}, ASKED, id="cached tokens"),
        pytest.param({"quantity": Decimal(0)}, ASKED, id="nothing metered"),
        pytest.param({"charge_category": "Credit"}, ASKED, id="no usage"),
        pytest.param({"charge_period_end": OCTOBER + timedelta(days=1)}, ASKED, id="periods of two lengths"),
    ],
)
def test_what_cannot_be_had_is_none(row: dict[str, Any], request_: Request | None) -> None:
    odd = tokens("NovaLite", "input", "1", "1") | row
    rows = [odd, tokens("NovaLite", "input", "1", "1")] if request_ is ASKED and "quantity" not in row else [odd]
    if "charge_category" in row:
        rows = [odd]
    assert from_charges(frame(*rows), request_) is None
