"""Provisioned throughput given back: the same model by the token [BR-1, CM-1]."""

from collections.abc import Iterator

from infercost.alternatives.base import Candidate, Rejected
from infercost.alternatives.facts import Facts
from infercost.schema.scenario import BedrockOnDemand, BedrockProvisioned
from infercost.schema.workload import Workload


class ToOnDemand:
    """Proposes tokens in place of model units."""

    def propose(self, workload: Workload, facts: Facts) -> Iterator[Candidate | Rejected]:
        """On demand for a base model; a custom model's price on demand is the price book's to say."""
        now = workload.deployment
        if not isinstance(now, BedrockProvisioned) or facts.requests == 0:
            return
        if workload.weights == "hosted" and now.custom_model:
            yield Rejected("self-hosted", "weights tuned inside Bedrock cannot be exported", "CM-2")
        if now.commitment != "none":
            yield Rejected("on demand", f"committed for {now.commitment}: it cannot be given back before", "PT-1")
            return
        if now.custom_model:
            return  # decided in advice by its break-even: a custom model has token prices of its own, mostly unknown
        yield Candidate(
            BedrockOnDemand(id="on-demand", region=workload.region, pattern="bedrock-on-demand", model_id=now.model_id),
            "ReleaseProvisionedThroughput",
            "Low",
        )
