"""What the owners of a thing would call it, and what tells it from every other, out of the resource ids of a bill."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infercost.workloads.match import tags_of

# Bedrock resources that are one thing each; a foundation model's ARN says no more than the model does.
_BEDROCK_OWN = ("inference-profile/", "application-", "provisioned-model/", "custom-model", "imported-model/")
_PROFILES = ("inference-profile/", "application-inference-profile/")
# Marketplace's usage types name no model; each model is a product, with a code that says nothing to people.
_UNNAMED = "Bedrock model without a name"
# Tags by which owners call things, the most telling first: ids of Bedrock's resources say nothing.
_NAME_TAGS = ("name", "app", "application", "service", "project")

# Names of jobs end in a date or a counter: nightly-2026-10-03-01-00
_SERIAL = re.compile(r"(?:[-_.]\d[\dTZz]*)+$")
# What SDKs and services put behind a name: the moment to the millisecond, a UUID, 32 hexadecimal digits.
_MOMENT = r"\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2}(?:-\d{3})?"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}"
_GENERATED = re.compile(rf"(?<=[^-_.])[-_.](?:{_MOMENT}|{_UUID})$", re.IGNORECASE)
# SageMaker Pipelines name the job of a step: pipelines-abc123def456-Transform-x1Y2z3A4b5
_PIPELINE = re.compile(r"pipelines-[0-9a-z]{6,}-(?P<step>.+?)(?:-(?=[0-9A-Za-z]*\d)[0-9A-Za-z]{10})?$", re.IGNORECASE)


@dataclass(frozen=True)
class Thing:
    """`key` tells it from every other of its account and region. `names`: each tells more apart than the one before."""

    key: str
    names: tuple[str, ...]

    @property
    def telling(self) -> tuple[bool, bool, str]:
        """Orders what rows call one thing: a name from a tag, then one in its owner's capitals, then any."""
        return len(self.names) > 1, any(letter.isupper() for letter in self.names[0]), self.names[0]


def thing_of(row: dict[str, Any]) -> Thing:
    """What a charge is a part of.

    Args:
        row: resource_id, tags, service_code, model, tier, pattern, component, instance_type and memory_mb of it.
    """
    tail = tail_of(row["resource_id"])
    if is_bedrock(row):
        return _bedrock(row, tail)
    return _sagemaker(tail) if tail else _nameless(row)


def is_bedrock(row: dict[str, Any]) -> bool:
    """Whether a charge of inference is Bedrock's: of Marketplace's tokens only the pattern says so.

    Args:
        row: service_code, model and pattern of it.
    """
    told = (row["service_code"] or "").casefold(), row["pattern"] or ""
    return bool(row["model"]) or any("bedrock" in text for text in told)


def profile_of(row: dict[str, Any]) -> Thing | None:
    """The inference profile of a charge, by its tags; None where it has none."""
    tail = tail_of(row["resource_id"])
    if not tail.casefold().startswith(_PROFILES):
        return None
    last = tail.rsplit("/", 1)[-1]
    named = name_tag(row["tags"])
    return Thing(tail.casefold(), (last,) if named is None else (named, f"{named} ({last})"))


def tail_of(resource_id: str | None) -> str:
    """What an ARN says after partition, service, region and account; a bare name is itself.

    >>> tail_of("arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud"), tail_of(None)
    ('endpoint/fraud', '')
    """
    text = resource_id or ""
    return text.split(":", 5)[-1] if text.startswith("arn:") else text


def place_of(resource_id: str | None) -> tuple[str | None, str | None]:
    """Account and region of an ARN.

    >>> place_of("arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud"), place_of("fraud")
    (('012345678901', 'us-east-1'), (None, None))
    """
    parts = (resource_id or "").split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return None, None
    return parts[4] or None, parts[3] or None


def name_tag(tags: str | None) -> str | None:
    """The value of the most telling tag."""
    found = {key.casefold(): value for key, value in tags_of(tags).items()}
    return next((found[key] for key in _NAME_TAGS if found.get(key)), None)


def without_serial(name: str) -> str:
    """A job's name without its date, counter or generated tail, so that the runs of one job are one workload.

    >>> [without_serial(name) for name in ("nightly-2026-10-03-01-00", "scores-v2", "churn-2026-10-03-01-00-00-123")]
    ['nightly', 'scores-v2', 'churn']
    >>> without_serial("pipelines-4hq2x7w9k1ab-ScoreCustomers-Zx81LpQw0t")
    'ScoreCustomers'
    """
    step = _PIPELINE.fullmatch(name)
    if step is not None:
        return step["step"]
    plain = without_generated(name)
    return _SERIAL.sub("", plain) or plain


def without_generated(name: str) -> str:
    """A name without the moment, UUID or hash that an SDK put behind it.

    >>> without_generated("pytorch-inference-2026-10-03-01-00-00-123"), without_generated("model-2026")
    ('pytorch-inference', 'model-2026')
    """
    return _GENERATED.sub("", name)


def unique(candidates: Sequence[tuple[str, ...]]) -> list[str]:
    """One name for each: the first of its names that no other has; where the last is not enough, a number follows.

    Case tells nothing apart, to people or to what they type.

    >>> unique([("a",), ("b", "b 1"), ("B", "B 2"), ("c",), ("C",)])
    ['a', 'b 1', 'B 2', 'c', 'C #2']
    """
    level = [0] * len(candidates)
    while True:
        names = [of_one[min(depth, len(of_one) - 1)] for of_one, depth in zip(candidates, level, strict=True)]
        count = Counter(name.casefold() for name in names)
        deeper = [
            place
            for place, name in enumerate(names)
            if count[name.casefold()] > 1 and level[place] < len(candidates[place]) - 1
        ]
        if not deeper:
            break
        for place in deeper:
            level[place] += 1
    return _numbered(names)


def _numbered(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for name in names:
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f"{name} #{number}"
        taken.add(free.casefold())
        found.append(free)
    return found


def _sagemaker(tail: str) -> Thing:
    """Names may be lower-cased in a bill, so case tells nothing apart."""
    kind, slash, name = tail.partition("/")
    if kind.casefold() == "transform-job":
        base = without_serial(name)
        return Thing(f"{kind}/{base}".casefold(), (base,))
    whole = name if slash else tail
    short = without_generated(whole)
    return Thing(tail.casefold(), (whole,) if short == whole else (short, whole))


def _nameless(row: dict[str, Any]) -> Thing:
    """Of an export without resource ids: all of one type and pattern, unless a tag tells more."""
    if row["instance_type"]:
        what = f"{row['pattern']} {row['instance_type']}"
    elif row["memory_mb"]:
        what = f"serverless {row['memory_mb']} MB"
    else:
        what = "endpoint data" if str(row["component"]).startswith("data") else f"endpoint {row['component']}"
    named = name_tag(row["tags"])
    if named is None:
        return Thing(what, (f"{what} without a resource id",))
    return Thing(f"{what} {named}", (named, f"{named} ({what})"))


def _bedrock(row: dict[str, Any], tail: str) -> Thing:
    last = tail.rsplit("/", 1)[-1]
    named = name_tag(row["tags"])
    own = tail.casefold().startswith(_BEDROCK_OWN)
    called = (last,) if own else _called(row, last)
    what = called[0]
    key = tail.casefold() if own else called[-1] if named is None else f"{called[-1]} {named}"
    names = called if named is None else (named, f"{named} ({what})")
    tier = row["tier"]
    if tier in {None, "standard"}:
        return Thing(key, names)
    return Thing(f"{key} {tier}", tuple(f"{name} ({tier})" for name in names))


def _called(row: dict[str, Any], last: str) -> tuple[str, ...]:
    """By the model; where neither usage type nor ARN names it, each product code is a model of its own."""
    model = row["model"] or last
    if model:
        return (model,)
    return (_UNNAMED, f"{_UNNAMED} ({row['service_code']})") if row["service_code"] else (_UNNAMED,)
