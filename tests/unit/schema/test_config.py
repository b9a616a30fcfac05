"""What an owner may not say, because it would be read as something else."""

import pytest

from infercost.schema.config import Config
from infercost.schema.errors import UsageError

WORK = {"kind": "constant", "mean_ms": 5}


def workload(**keys: object) -> Config:
    return Config.parse({"workload": [{"name": "a", "match": {"resource": ["a"]}, **keys}]}, "infercost.toml")


def test_one_instance_type_has_one_profile() -> None:
    g5 = {"instance_type": "ml.g5.xlarge", "service": WORK}
    with pytest.raises(UsageError, match=r"two profiles are for ml\.g5\.xlarge"):
        workload(profile=[g5, g5 | {"concurrency": 2}])


def test_one_memory_size_has_one_profile() -> None:
    memory = {"memory_mb": 2048, "service": WORK}
    with pytest.raises(UsageError, match="two profiles are for 2048 MB"):
        workload(profile=[memory, memory])


def test_a_type_and_a_memory_size_have_a_profile_each() -> None:
    places: list[dict[str, object]] = [
        {"instance_type": "ml.m5.large"},
        {"instance_type": "ml.m5.xlarge"},
        {"memory_mb": 2048},
    ]
    assert len(workload(profile=[place | {"service": WORK} for place in places]).workload[0].profile) == 3


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="found 'realtime'"):
        workload(constraints={"patterns": ["realtime"]})


def test_an_instance_type_is_no_family() -> None:
    with pytest.raises(UsageError, match=r"'ml\.g5' is no family"):
        workload(constraints={"instance_families": ["g5", "ml.g5"]})
