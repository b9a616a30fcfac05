"""Every deployment of a scenario on the same requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twin.reference import asynchronous, batch_transform, bedrock, real_time, serverless
from twin.reference.result import Result

Pattern = Callable[[Mapping[str, Any], Mapping[str, Any], Sequence[Mapping[str, int]], Sequence[int]], Result]

PATTERNS: dict[str, Pattern] = {
    "real-time": real_time.simulate,
    "serverless": serverless.simulate,
    "async": asynchronous.simulate,
    "batch-transform": batch_transform.simulate,
    "bedrock-on-demand": bedrock.on_demand,
    "bedrock-batch": bedrock.batch,
    "bedrock-provisioned": bedrock.provisioned,
}


def simulate(
    scenario: Mapping[str, Any], rows: Sequence[Mapping[str, int]], drawn: Sequence[Sequence[int]] = ()
) -> list[Result]:
    """What each deployment does.

    `scenario`: a plain dict with every default filled in. `rows`: the stream, one dict per request. `drawn`: for each
    deployment the launch lengths by number, needed where `assumptions.instances.launch` gives a law.
    """
    deployments = scenario["deployment"]
    lengths = drawn or [()] * len(deployments)
    return [
        PATTERNS[one["pattern"]](scenario, one, rows, launches)
        for one, launches in zip(deployments, lengths, strict=True)
    ]
