"""Every deployment of a scenario on the same requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twin.reference import (
    asynchronous,
    batch_transform,
    bedrock,
    inference_components,
    multi_model,
    real_time,
    serverless,
)
from twin.reference.result import Result

Pattern = Callable[[Mapping[str, Any], Mapping[str, Any], Sequence[Mapping[str, int]], Sequence[int]], Result]

PATTERNS: dict[str, Pattern] = {
    "real-time": real_time.simulate,
    "serverless": serverless.simulate,
    "async": asynchronous.simulate,
    "batch-transform": batch_transform.simulate,
    "multi-model": multi_model.simulate,
    "inference-components": inference_components.simulate,
    "bedrock-on-demand": bedrock.on_demand,
    "bedrock-batch": bedrock.batch,
    "bedrock-provisioned": bedrock.provisioned,
}


def simulate(scenario: Mapping[str, Any], rows: Sequence[Mapping[str, int]], drawn: Sequence[int] = ()) -> list[Result]:
    """What each deployment does.

    `scenario`: a plain dict with every default filled in. `rows`: the stream, one dict per request. `drawn`: launch
    lengths of instances by number, needed where `assumptions.instances.launch` gives a law.
    """
    return [PATTERNS[one["pattern"]](scenario, one, rows, drawn) for one in scenario["deployment"]]
