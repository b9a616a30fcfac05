"""Usage types of SageMaker: `COMPONENT:ml.family.size` or `COMPONENT:what`, after the region prefix.

Multi-model, multi-container, inference-component, shadow and streaming endpoints all bill as `Host:` [MME-7, RT-10];
only tags, the SageMaker API or the owner can tell them apart.
"""

import re

from infercost.billing.classify.meaning import UNRECOGNISED, Line, Meaning
from infercost.billing.classify.units import factor

# component: kind, pattern
_COMPONENTS: dict[str, tuple[str, str | None]] = {
    "host": ("inference", "real-time"),
    "asyncinf": ("inference", "async"),
    "tsform": ("inference", "batch-transform"),
    "train": ("training", None),
    "trspt": ("training", None),
    "trainwarmpool": ("training", None),
    "processing": ("development", None),
    "notebk": ("development", None),
    "studio": ("development", None),
    "unifiedstudio": ("development", None),
    "canvas": ("development", None),
    "rstudio": ("development", None),
    "cluster": ("self-managed", None),  # HyperPod nodes may serve, but the line does not say so
    "featurestore": ("related", None),
}
# Names that hold one of these words are no serving either; AWS's CUDOS dashboard groups on the same words.
_DEVELOPMENT = ("mlflow", "partnerapp", "autopilot", "rstudio", "labeled", "txtclass", "geospatial", "canvas", "studio")

# Not `ml.m.xlarge-HostingParent`: that is a bucket of the Free Tier page, no machine.
_INSTANCE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9]+", re.IGNORECASE)
_MEMORY = re.compile(r"(Mem|Usage)-([1-9]\d{0,2})GB", re.IGNORECASE)


def read_sagemaker(line: Line, body: str) -> Meaning:
    """Returns the meaning of a SageMaker usage type without its region prefix."""
    component, _, what = body.partition(":")
    name = component.lower()
    if name in _COMPONENTS:
        return _read_component(line, *_COMPONENTS[name], what)
    if name == "hst":
        return _read_data(line, what)
    if name in {"serverlessinf", "provisionedconcurrency"}:
        return _read_serverless(line, name, what)
    return _read_rest(body.lower())


def _read_component(line: Line, kind: str, pattern: str | None, what: str) -> Meaning:
    if what.lower().startswith("volumeusage"):
        return Meaning(kind, pattern, component="storage")
    if _INSTANCE.fullmatch(what):
        return Meaning(
            kind,
            pattern,
            component="instance",
            meter="instance_ns",
            meter_factor=factor("instance_ns", line.unit),
            instance_type=what.lower(),
        )
    return UNRECOGNISED if kind == "inference" else Meaning(kind, pattern, component="other")


def _read_data(line: Line, what: str) -> Meaning:
    """Data through an endpoint. Every kind of endpoint has such rows, so they name no pattern."""
    for direction in ("in", "out"):
        if what.lower() == f"data-bytes-{direction}":
            meter = f"data_{direction}_bytes"
            return Meaning(
                "inference", component=f"data-{direction}", meter=meter, meter_factor=factor(meter, line.unit)
            )
    return UNRECOGNISED


def _read_serverless(line: Line, name: str, what: str) -> Meaning:
    found = _MEMORY.fullmatch(what)
    if found is None:
        return UNRECOGNISED
    memory_mb = int(found[2]) * 1024  # sizes are 1024 to 6144 MB [SL-1], named Mem-1GB to Mem-6GB
    if name == "serverlessinf":
        return Meaning(
            "inference",
            "serverless",
            component="serverless",
            meter="serverless_ms",
            meter_factor=factor("serverless_ms", line.unit),
            memory_mb=memory_mb,
        )
    # Two charges [SL-11]. Public sources disagree about which usage type is which, so no meter is claimed.
    component = "provisioned-concurrency-usage" if found[1].lower() == "usage" else "provisioned-concurrency-duration"
    return Meaning("inference", "serverless", component=component, memory_mb=memory_mb)


def _read_rest(body: str) -> Meaning:
    if "datatransfer" in body:
        return Meaning("related", component="data-transfer")  # traffic to the internet, not through an endpoint
    if body.startswith("a2i"):
        return Meaning("related", component="human-review")
    if any(word in body for word in _DEVELOPMENT):
        return Meaning("development", component="other")
    return UNRECOGNISED
