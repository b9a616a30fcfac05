"""Usage types of Bedrock: `{Model}-{meter}[-{suffixes}]`, after the region prefix, or a name of a side service.

Three families of rows may stand in one account: `AmazonBedrock` (Amazon and open models), `AmazonBedrockService`
(Claude as billed in 2026), both read here, and Marketplace rows (see `marketplace`).
"""

import dataclasses
import re

from infercost.billing.classify.meaning import UNRECOGNISED, Line, Meaning
from infercost.billing.classify.token_meter import read_meter, split_model
from infercost.billing.classify.units import factor

# A word in the usage type: what it is. Shown with the bill, not advised on.
_RELATED = {
    "guardrail": "guardrails",
    "generatesql": "knowledge-bases",
    "structuredretrieve": "knowledge-bases",
    "knowledgebase": "knowledge-bases",
    "knowledge-base": "knowledge-bases",
    "invokeflow": "flows",
    "bedrockflows": "flows",
    "optimizeprompt": "prompt-tools",
    "prompt-routing": "prompt-tools",
    "dataautomation": "data-automation",
    "evaluations": "evaluation",
    "nova-grounding": "grounding",
}
_MEDIA = {
    "novacanvas": "images",
    "imagegenerator": "images",
    "created_image": "images",
    "novareel": "video",
    "i2v": "video",
    "t2v": "video",
}
_IMPORT = re.compile(r"(?P<family>.+)-CustomModelImport-(?P<what>Inference|Storage)-v[\d:.]+", re.IGNORECASE)
_PROVISIONED = re.compile(
    r"(?P<model>.+)-ProvisionedThroughput-(?P<custom>Custom-)?(?:NoCommit|\d+-?Months?Commit)-ModelUnits",
    re.IGNORECASE,
)
_CUSTOMIZATION = re.compile(r"(?P<model>.+)-Customization-(?P<what>Training|Storage)", re.IGNORECASE)
_SEARCH = re.compile(r"(?P<model>.+)-search-units", re.IGNORECASE)


def read_bedrock(line: Line, body: str) -> Meaning:
    """Returns the meaning of a Bedrock usage type without its region prefix."""
    return (
        _read_related(body)
        or _read_custom_model(line, body)
        or _read_provisioned(line, body)
        or _read_search(body)
        or _read_tokens(line, body)
        or _read_media(body)
        or UNRECOGNISED
    )


def _read_related(body: str) -> Meaning | None:
    component = next((component for word, component in _RELATED.items() if word in body.lower()), None)
    return None if component is None else Meaning("related", component=component)


def _read_custom_model(line: Line, body: str) -> Meaning | None:
    if found := _CUSTOMIZATION.fullmatch(body):
        if found["what"].lower() == "training":
            return Meaning("training", component="customization", model=found["model"])
        return Meaning("inference", component="storage", model=found["model"], custom_model=True)
    if found := _IMPORT.fullmatch(body):
        meaning = Meaning("inference", "bedrock-custom-import", "storage", model=found["family"], custom_model=True)
        if found["what"].lower() == "storage":
            return meaning
        units = factor("model_unit_ns", line.unit)  # by the minute [CI-1]
        return dataclasses.replace(meaning, component="model-units", meter="model_unit_ns", meter_factor=units)
    return None


def _read_provisioned(line: Line, body: str) -> Meaning | None:
    found = _PROVISIONED.fullmatch(body)
    if found is None:
        return None
    return Meaning(
        "inference",
        "bedrock-provisioned",
        component="model-units",
        meter="model_unit_ns",
        meter_factor=factor("model_unit_ns", line.unit),
        model=found["model"],
        custom_model=found["custom"] is not None,
    )


def _read_search(body: str) -> Meaning | None:
    found = _SEARCH.fullmatch(body)
    if found is None:
        return None
    return Meaning(
        "inference", "bedrock-on-demand", "search-units", model=found["model"], tier="standard", scope="regional"
    )


def _read_tokens(line: Line, body: str) -> Meaning | None:
    model, words = split_model(body.split("-"))
    found = read_meter(words)
    if found is None:
        return None
    # A reservation is billed for tokens per minute, not for tokens that went through: it meters none [TI-3].
    meter = None if found.tier == "reserved" else found.meter
    return Meaning(
        "inference",
        pattern={"batch": "bedrock-batch", "reserved": None}.get(found.tier, "bedrock-on-demand"),
        component=found.component,
        meter=meter,
        meter_factor=None if meter is None else factor(meter, line.unit),
        model="-".join(model) or None,
        token_class=found.token_class,
        tier=found.tier,
        scope=found.scope,
        custom_model=found.custom_model,
    )


def _read_media(body: str) -> Meaning | None:
    lower = body.lower()
    component = next((name for word, name in _MEDIA.items() if word in lower), None)
    if component is None:
        return None
    batch = "batch" in re.split(r"[-_]", lower)
    return Meaning(
        "inference",
        "bedrock-batch" if batch else "bedrock-on-demand",
        component=component,
        model=body.partition("-")[0],
        tier="batch" if batch else "standard",
        scope="global" if "global" in lower else "regional",
    )
