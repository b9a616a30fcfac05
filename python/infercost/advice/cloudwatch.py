"""The commands that read a workload's requests from CloudWatch."""

import json
import shlex

from infercost.billing.bill import Bill
from infercost.schema.scenario import BedrockBatch, BedrockOnDemand
from infercost.schema.workload import Workload

_RETENTION = (
    "CloudWatch keeps points of 60 s for 15 days; for older hours put 300 (63 days) or 3600 (455 days) in the command, "
    "which hides peaks. An empty answer is not zero: it may be another variant or name"
)
_NAMELESS = (
    "The export does not name what this is: the command lists what may be it. Count the requests of each in "
    "CloudWatch, or export with resource ids"
)
_VARIANT = "$variant"


def reach(workload: Workload) -> str:
    """How far the answer to `requests_of` reaches, in words."""
    return _NAMELESS if _id_of(workload) is None else _RETENTION


def requests_of(workload: Workload, bill: Bill) -> str:
    """Counts of the bill's period by minute: short peaks decide how many instances are needed.

    Of endpoints the variants are asked for first. Asynchronous ones publish no invocations, but a backlog [AY-7, AY-8].
    What the export does not name can only be listed.
    """
    known = _id_of(workload)
    if known is None:
        return _list(workload)
    if workload.service == "Amazon Bedrock":
        return _metric(workload, bill, "Invocations", {"ModelId": known}, "Sum")
    name = known.rsplit("/", 1)[-1]
    if workload.pattern == "async":
        return _metric(workload, bill, "ApproximateBacklogSize", {"EndpointName": name}, "Maximum")
    variants = shlex.join(
        [
            *("aws", "sagemaker", "describe-endpoint", "--region", workload.region, "--endpoint-name", name),
            *("--query", "ProductionVariants[].VariantName", "--output", "text"),
        ]
    )
    dimensions = {"EndpointName": name, "VariantName": _VARIANT}
    counts = _metric(workload, bill, "Invocations", dimensions, "Sum")
    return f"for variant in $({variants}); do {counts}; done"


def _id_of(workload: Workload) -> str | None:
    """The resource, or the model, which is enough where the model serves everybody; None of an export without ids."""
    if workload.resource_ids:
        return workload.resource_ids[0]
    now = workload.deployment
    return now.model_id if isinstance(now, BedrockOnDemand | BedrockBatch) else None


def _list(workload: Workload) -> str:
    bedrock = ("bedrock", "list-provisioned-model-throughputs")
    what = bedrock if workload.service == "Amazon Bedrock" else ("sagemaker", "list-endpoints")
    return shlex.join(["aws", *what, "--region", workload.region])


def _metric(workload: Workload, bill: Bill, metric: str, dimensions: dict[str, str], statistic: str) -> str:
    """`get-metric-data`, for a month has more minutes than `get-metric-statistics` gives points (1,440)."""
    query = {
        "Id": "it",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Bedrock" if workload.service == "Amazon Bedrock" else "AWS/SageMaker",
                "MetricName": metric,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": 60,
            "Stat": statistic,
        },
    }
    words = [
        *("aws", "cloudwatch", "get-metric-data", "--region", workload.region),
        *("--start-time", f"{bill.period_start:%Y-%m-%dT%H:%M:%SZ}"),
        *("--end-time", f"{bill.period_end:%Y-%m-%dT%H:%M:%SZ}"),
        *("--metric-data-queries", json.dumps([query], separators=(",", ":"))),
    ]
    command = shlex.join(words)
    # the one place where the shell is to put its variable: outside of the single quotes
    whole = f'"Name":"VariantName","Value":"{_VARIANT}"'
    return command.replace(whole, whole.replace(_VARIANT, f"'\"{_VARIANT}\"'"))
