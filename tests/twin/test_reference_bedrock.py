"""Bedrock worked by hand. Times in comments are in seconds."""

from twin.by_hand import run, seconds
from twin.examples import SECOND, rows, scenario

HOUR = 3600


def test_bedrock_batch_refuses_a_job_of_99_and_takes_the_hours_of_its_first_request() -> None:
    # 99 in the first job; 100 in the second, its first route is a half: 1 + 23 / 2 = 12.5 h from its start at 7200
    stream = rows([(0, 1)] * 99 + [(HOUR, 1)] * 100, input_tokens=3, output_tokens=2)
    stream[99]["route"] = 2**63
    result = run(scenario("bedrock-batch", 2 * HOUR, {"every_s": 3600.0}), stream)
    assert seconds(result)[98:100] == [("refused", None, None), ("completed", 7200, 7200 + 12.5 * HOUR)]
    assert result.usage == {(1, "input_tokens", 0): 300, (1, "output_tokens", 0): 200}


def test_bedrock_on_demand_counts_tokens_in_the_hour_of_arrival() -> None:
    result = run(scenario("bedrock-on-demand", 2 * HOUR), rows([(HOUR - 1, 5), (HOUR, 5)], cache_read_tokens=9))
    assert seconds(result) == [("completed", HOUR - 1, HOUR + 4), ("completed", HOUR, HOUR + 5)]
    assert result.usage == {(0, "cache_read_tokens", 0): 9, (1, "cache_read_tokens", 0): 9}


def test_bedrock_provisioned_counts_units_by_the_hour_whatever_the_traffic() -> None:
    result = run(scenario("bedrock-provisioned", 1.5 * HOUR, {"model_units": 2}), rows([(0, 1)]))
    assert result.usage == {(0, "model_unit_ns", 0): 2 * HOUR * SECOND, (1, "model_unit_ns", 0): HOUR * SECOND}
    assert seconds(result) == [("completed", None, None)]
