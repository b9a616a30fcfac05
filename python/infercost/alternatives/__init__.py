"""Ways to save, one file each. Each only proposes; what comes of it is decided in `advice`."""

from infercost.alternatives import (
    asynchronous,
    autoscale,
    batch_transform,
    bedrock_batch,
    bedrock_on_demand,
    delete,
    rightsize,
    serverless,
)
from infercost.alternatives.base import Alternative, Candidate, Rejected
from infercost.alternatives.facts import Facts, facts_of

REGISTRY: tuple[Alternative, ...] = (
    delete.Delete(),
    autoscale.Autoscale(),
    rightsize.Rightsize(),
    serverless.ToServerless(),
    asynchronous.ToAsynchronous(),
    batch_transform.ToBatchTransform(),
    bedrock_batch.ToBedrockBatch(),
    bedrock_on_demand.ToOnDemand(),
)

__all__ = ["REGISTRY", "Alternative", "Candidate", "Facts", "Rejected", "facts_of"]
