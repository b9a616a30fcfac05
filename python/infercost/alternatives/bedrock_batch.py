"""Bedrock batch inference: the same tokens at the batch price, some hours later [BB, BR-4]."""

from collections.abc import Iterator

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts
from infercost.alternatives.waiting import refused_batch
from infercost.schema.scenario import BedrockBatch, BedrockOnDemand, BedrockProvisioned
from infercost.schema.workload import Workload

# Not more often: jobs that may each take a day must not be more than ten at a time [BB-4, BB-6].
_INTERVALS_S = (10_800, 21_600, 43_200, 86_400)


class ToBedrockBatch:
    """Proposes intervals between jobs. Whether the model has a batch price is the price book's to say."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """Batch jobs of a model that is called on demand."""
        now = workload.deployment
        if facts.requests == 0 or isinstance(now, BedrockBatch):
            return
        if isinstance(now, BedrockProvisioned):
            yield Rejected("batch", "provisioned models have no batch inference", "BB-5")
        if not isinstance(now, BedrockOnDemand):
            return
        refused = refused_batch(workload, "batch")
        if refused is not None:
            yield refused
            return
        for every_s in _INTERVALS_S:
            deployment = BedrockBatch(
                id=f"batch-{every_s}",
                region=workload.region,
                pattern="bedrock-batch",
                model_id=now.model_id,
                every_s=every_s,
            )
            yield Candidate(
                deployment,
                "UseBatchInference",
                "Medium",
                waits=True,
                conditions=("AWS promises no time below its limit of 24 hours or more [BB-2, BB-6]",),
            )
