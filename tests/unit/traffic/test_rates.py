"""Counts per step from a trace."""

from pathlib import Path

import pytest

from infercost.schema.errors import UsageError
from infercost.traffic.rates import to_rates
from infercost.traffic.read import read_traffic


def test_counts_and_sums_per_step_with_the_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("arrival,input_tokens,model\n0,1,m\n59999999999,2,m\n60000000000,4,m\n180000000000,8,m\n")
    trace = read_traffic(path)
    rates = to_rates(trace, 60)
    assert rates.frame.columns == ["start", "requests", "input_tokens"]
    assert rates.frame.select("requests", "input_tokens").rows() == [(2, 3), (1, 4), (0, 0), (1, 8)]
    assert (rates.start, rates.duration_s) == (trace.start, trace.duration_s)


def test_nothing_of_the_azure_trace_is_lost(shared: Path) -> None:
    trace = read_traffic(shared / "data" / "traces" / "AzureLLMInferenceTrace_conv.csv")
    rates = to_rates(trace, 60)
    assert (rates.requests, rates.frame.height) == (19_366, 59)
    assert rates.frame["input_tokens"].sum() == 22_361_870
    assert rates.frame["requests"].max() == 507


def test_cached_tokens_do_not_get_lost_in_rates(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("arrival,cache_read_tokens\n0,1\n")
    with pytest.raises(UsageError, match="cache_read_tokens"):
        to_rates(read_traffic(path), 60)
