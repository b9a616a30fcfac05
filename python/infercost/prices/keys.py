"""What a price is filed under: AWS's usage type without its region prefix, or our own key where none can be derived.

    Host:ml.g5.xlarge                              hour of a real-time instance
    AsyncInf:ml.g5.xlarge  Tsform:ml.g5.xlarge     hour of an asynchronous or batch transform instance
    ServerlessInf:Mem-3GB                          second of serverless inference
    ProvisionedConcurrency:Usage-3GB               second of provisioned concurrency, held
    ProvisionedConcurrency:Mem-3GB                 second of work on it
    Hst:Data-Bytes-In  Hst:Data-Bytes-Out          GB through an endpoint
    Host:VolumeUsage.gp2  AsyncInf: and Tsform:    GB-month of an instance's storage
    Requests-Tier1                                 one S3 PUT
    AmazonSNS:Requests-Tier1                       one message published by SNS, whose usage type is that of S3
    bedrock:MODEL_ID:TIER:DIMENSION                million tokens, in the base context tier
    bedrock:MODEL_ID:provisioned:COMMITMENT        hour of a model unit; provisioned-custom for a custom model

The usage type of a Bedrock model can't be derived from its id (`NovaLite`, `Claude4.6Sonnet`), hence `bedrock:` keys.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

from infercost.schema.errors import UsageError

Tier = Literal["standard", "batch", "flex", "priority"]
Commitment = Literal["none", "1-month", "6-month"]
Dimension = Literal["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"]

DATA_IN: Final = "Hst:Data-Bytes-In"
DATA_OUT: Final = "Hst:Data-Bytes-Out"
S3_PUT: Final = "Requests-Tier1"
SNS_PUBLISH: Final = "AmazonSNS:Requests-Tier1"
_VOLUME: Final = "VolumeUsage.gp2"  # what instances of endpoints have [RT-7]


@dataclass(frozen=True)
class Unit:
    """A price is in USD per `name`; `base` of what the engine counts make one of it.

    A quantity of a charge is in `quantity_name`, of which `quantity_base` make one: a million tokens is a unit of
    prices, never of quantities.
    """

    name: str
    base: int
    quantity_name: str
    quantity_base: int


HOURS = Unit("Hrs", 3_600_000_000_000, "Hrs", 3_600_000_000_000)  # of nanoseconds
SECONDS = Unit("Second", 1_000, "Second", 1_000)  # of milliseconds
SECONDS_HELD = Unit("Second", 1_000_000_000, "Second", 1_000_000_000)  # of nanoseconds
GIGABYTES = Unit("GB", 1_000_000_000, "GB", 1_000_000_000)
GIGABYTE_MONTHS = Unit("GB-Mo", 730 * 3_600_000_000_000, "GB-Mo", 730 * 3_600_000_000_000)  # of GB x nanoseconds
TOKENS = Unit("1M tokens", 1_000_000, "Tokens", 1)
REQUESTS = Unit("Requests", 1, "Requests", 1)

_FORMS: tuple[tuple[re.Pattern[str], Unit], ...] = (
    (re.compile(r"(Host|AsyncInf|Tsform):ml\.[a-z0-9-]+\.[a-z0-9]+"), HOURS),
    (re.compile(r"(ServerlessInf|ProvisionedConcurrency):Mem-[1-6]GB"), SECONDS),
    (re.compile(r"ProvisionedConcurrency:Usage-[1-6]GB"), SECONDS_HELD),
    (re.compile(r"Hst:Data-Bytes-(In|Out)"), GIGABYTES),
    (re.compile(rf"(Host|AsyncInf|Tsform):{re.escape(_VOLUME)}"), GIGABYTE_MONTHS),
    (re.compile(re.escape(S3_PUT)), REQUESTS),
    (re.compile(re.escape(SNS_PUBLISH)), REQUESTS),
    (re.compile(r"bedrock:.+:(standard|batch|flex|priority):(input|output|cache_read|cache_write_(5m|1h))"), TOKENS),
    (re.compile(r"bedrock:.+:provisioned(-custom)?:(none|1-month|6-month)"), HOURS),
)
_EXAMPLES = (
    "Host:ml.m5.xlarge",
    "AsyncInf:ml.m5.xlarge",
    "Tsform:ml.m5.xlarge",
    "ServerlessInf:Mem-2GB",
    "ProvisionedConcurrency:Usage-2GB",
    "ProvisionedConcurrency:Mem-2GB",
    DATA_IN,
    DATA_OUT,
    f"Host:{_VOLUME}",
    S3_PUT,
    SNS_PUBLISH,
    "bedrock:amazon.nova-lite-v1:0:standard:input",
    "bedrock:amazon.nova-lite-v1:0:provisioned:none",
)
_REGION_PREFIX = re.compile(r"(?:EU|[A-Z]{3}\d)-")


def unit_of(key: str) -> Unit:
    """The unit of a key's price.

    >>> unit_of("ServerlessInf:Mem-2GB").name
    'Second'

    Raises:
        UsageError: nothing is filed under such a key; the message names the nearest form.
    """
    for form, unit in _FORMS:
        if form.fullmatch(key):
            return unit
    if usage_body(key) != key:
        raise UsageError(f"`{key}`: give the usage type without its region prefix: `{usage_body(key)}`")
    near = difflib.get_close_matches(key, _EXAMPLES, n=1, cutoff=0.0)[0]
    raise UsageError(f"`{key}`: no price is filed under such a usage type; it should look like `{near}`")


def usage_body(usage_type: str) -> str:
    """A billed usage type without its region prefix; us-east-1 often has none.

    >>> usage_body("EU-ServerlessInf:Mem-4GB")
    'ServerlessInf:Mem-4GB'
    >>> usage_body("Host:ml.m5.large")
    'Host:ml.m5.large'
    """
    return _REGION_PREFIX.sub("", usage_type, count=1) if _REGION_PREFIX.match(usage_type) else usage_type


def volume_key(component: str) -> str:
    """The key of storage of a component's instances.

    >>> volume_key("Host")
    'Host:VolumeUsage.gp2'
    """
    return f"{component}:{_VOLUME}"


def token_key(model_id: str, tier: Tier, dimension: Dimension) -> str:
    """The key of a model's tokens.

    >>> token_key("amazon.nova-lite-v1:0", "batch", "input")
    'bedrock:amazon.nova-lite-v1:0:batch:input'
    """
    return f"bedrock:{model_id}:{tier}:{dimension}"


def model_unit_key(model_id: str, commitment: Commitment, *, custom_model: bool) -> str:
    """The key of an hour of a provisioned model unit [PT-1].

    >>> model_unit_key("amazon.nova-canvas-v1:0", "1-month", custom_model=True)
    'bedrock:amazon.nova-canvas-v1:0:provisioned-custom:1-month'
    """
    return f"bedrock:{model_id}:{'provisioned-custom' if custom_model else 'provisioned'}:{commitment}"


def model_of(key: str) -> str | None:
    """The model id in a `bedrock:` key, None for the rest.

    >>> model_of("bedrock:amazon.nova-lite-v1:0:batch:input")
    'amazon.nova-lite-v1:0'
    """
    return key.removeprefix("bedrock:").rsplit(":", 2)[0] if key.startswith("bedrock:") else None
