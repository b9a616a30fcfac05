"""What a refused file is told: each mistake once, by its place, in words that an owner understands."""

from copy import deepcopy
from typing import Any

import pytest

from infercost.schema.errors import UsageError
from infercost.schema.scenario import Scenario

SCENARIO: dict[str, Any] = {
    "traffic": {"kind": "poisson", "rate_per_s": 1, "duration_s": 60},
    "service": {"kind": "constant", "mean_ms": 100},
    "deployment": [{"id": "a", "pattern": "real-time", "region": "us-east-1", "instance_type": "ml.m5.xlarge"}],
}


def mistakes(document: dict[str, Any]) -> list[str]:
    with pytest.raises(UsageError) as caught:
        Scenario.parse(document, "a.toml")
    first, *lines = str(caught.value).split("\n")
    assert first == "a.toml: not valid"
    return [line.strip() for line in lines]


def with_deployment(**keys: object) -> dict[str, Any]:
    document = deepcopy(SCENARIO)
    document["deployment"][0] |= keys
    return document


def test_a_good_one_is_taken() -> None:
    assert Scenario.parse(SCENARIO, "a.toml").deployment[0].id == "a"


def test_a_mistake_in_a_deployment_is_told_once() -> None:
    found = mistakes(with_deployment(instances=-1))
    assert found == ["deployment.0.real-time.instances: Input should be greater than or equal to 1 (found -1)"]


def test_no_deployment_at_all_is_told() -> None:
    assert mistakes(SCENARIO | {"deployment": []}) == [
        "deployment: Tuple should have at least 1 item after validation, not 0 (found [])"
    ]


def test_an_unknown_pattern_is_told_with_those_there_are() -> None:
    (found,) = mistakes(with_deployment(pattern="realtime"))
    assert found.startswith("deployment.0.pattern: 'realtime' is none of 'real-time', 'serverless', ")


def test_a_missing_pattern_is_told() -> None:
    document = deepcopy(SCENARIO)
    del document["deployment"][0]["pattern"]
    assert mistakes(document) == ["deployment.0.pattern: missing"]


def test_an_unknown_kind_of_service_is_told() -> None:
    (found,) = mistakes(SCENARIO | {"service": {"kind": "pareto", "mean_ms": 1}})
    assert found.startswith("service.kind: 'pareto' is none of 'constant', ")


def test_two_deployments_of_one_name_are_told_without_the_whole_file() -> None:
    found = mistakes(SCENARIO | {"deployment": SCENARIO["deployment"] * 2})
    assert found == ["every deployment needs an `id` of its own"]


def test_a_word_where_a_list_belongs_is_told() -> None:
    found = mistakes(SCENARIO | {"deployment": "a"})
    assert found == ["deployment: a list in square brackets is expected (found 'a')"]


def test_a_price_without_quotes_is_told_what_to_do() -> None:
    found = mistakes(SCENARIO | {"prices": {"Host:ml.m5.xlarge": 0.23}})
    assert found == ["prices.Host:ml.m5.xlarge: text in quotes is expected (found 0.23)"]
