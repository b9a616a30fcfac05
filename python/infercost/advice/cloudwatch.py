"""The commands that read a workload's requests from CloudWatch."""

import json
import shlex

from infercost.billing.bill import Bill
from infercost.schema.workload import Workload

RETENTION = (
    "CloudWatch keeps points of 60 s for 15 days; for older hours put 300 (63 days) or 3600 (455 days) in the command, "
    "which hides peaks. An empty answer is not zero: it may be another variant or name"
)
_VARIANT = "$variant"


def requests_of(workload: Workload, bill: Bill) -> str:
    """Counts of the bill's period by minute: short peaks decide how many instances are needed.

    Of endpoints the variants are asked for first. Asynchronous ones publish no invocations, but a backlog [AY-7, AY-8].
    """
    name = workload.resource_ids[0].rsplit("/", 1)[-1] if workload.resource_ids else workload.name
    if workload.service == "Amazon Bedrock":
        model = workload.resource_ids[0] if workload.resource_ids else name
        return _metric(workload, bill, "Invocations", {"ModelId": model}, "Sum")
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
