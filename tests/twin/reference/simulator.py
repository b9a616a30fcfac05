"""Every deployment of a scenario on the same requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twin.reference import asynchronous, batch_transform, bedrock, real_time, serverless
from twin.reference.result import Result

Pattern = Callable[[Mapping[str, Any], Mapping[str, Any], Sequence[Mapping[str, int]]], Result]

PATTERNS: dict[str, Pattern] = {
    "real-time": real_time.simulate,
    "serverless": serverless.simulate,
    "async": asynchronous.simulate,
    "batch-transform": batch_transform.simulate,
    "bedrock-on-demand": bedrock.on_demand,
    "bedrock-batch": bedrock.batch,
    "bedrock-provisioned": bedrock.provisioned,
}


def simulate(scenario: Mapping[str, Any], rows: Sequence[Mapping[str, int]]) -> list[Result]:
    """`scenario`: a plain dict with every default filled in. `rows`: the stream, one dict per request."""
    return [PATTERNS[one["pattern"]](scenario, one, rows) for one in scenario["deployment"]]
