"""Model ids of Bedrock: their geography, and the names that usage types give them."""

import re
from functools import cache

from infercost.prices import snapshot
from infercost.prices.keys import model_of

# An inference profile is an id with one of these in front. The source regions of a geography, by the region's name;
# calls are billed at the source region, wherever they run [BR-7].
_GEOGRAPHIES: dict[str, re.Pattern[str]] = {
    "us": re.compile(r"us-(?!gov-).+"),
    "us-gov": re.compile(r"us-gov-.+"),
    "eu": re.compile(r"eu-.+"),
    "apac": re.compile(r"ap-.+"),
    "au": re.compile(r"ap-southeast-[24]"),
    "jp": re.compile(r"ap-northeast-[13]"),
    "in": re.compile(r"ap-south-[12]"),
    "global": re.compile(r"(?!us-gov-|cn-).+"),
}

_VERSION = re.compile(r"(-v?\d+:\d+|-v\d+)$")
# Names that no rule leads to an id.
_RENAMED = {
    "NovaMultiModalEmbeddings": "nova-2-multimodal-embeddings",
}


def geography(model_id: str) -> str | None:
    """The geography of an inference profile, None for a plain model id.

    >>> geography("eu.amazon.nova-lite-v1:0"), geography("amazon.nova-lite-v1:0")
    ('eu', None)
    """
    head = model_id.split(".", 1)[0]
    return head if head in _GEOGRAPHIES else None


def base_id(model_id: str) -> str:
    """The model that an inference profile leads to.

    >>> base_id("us-gov.anthropic.claude-opus-5")
    'anthropic.claude-opus-5'
    """
    return model_id.split(".", 1)[1] if geography(model_id) else model_id


def covers(geo: str, region: str) -> bool:
    """Whether a call from `region` may go through the profile of `geo`.

    >>> covers("us", "us-east-1"), covers("us", "us-gov-west-1"), covers("jp", "ap-south-1")
    (True, False, False)
    """
    return bool(_GEOGRAPHIES[geo].fullmatch(region))


def model_id(name: str) -> str | None:
    """The id of a model that a usage type names, where exactly one known id fits.

    >>> model_id("NovaLite"), model_id("Claude4.6Sonnet"), model_id("Llama4-Maverick-17B")
    ('amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-6', 'meta.llama4-maverick-17b-instruct-v1:0')

    Two ids are called Claude 3.5 Sonnet, so the name alone tells nothing:

    >>> model_id("Claude3-5Sonnet") is None
    True
    """
    if name in _ids():
        return name
    fitting = _by_fingerprint().get(_fingerprint(_RENAMED.get(name, name)), ())
    # the mantle endpoint bills under the id itself, so any other name means the versioned id of the runtime endpoint
    versioned = [one for one in fitting if _VERSION.search(one)]
    candidates = versioned or fitting
    return candidates[0] if len(candidates) == 1 else None


@cache
def _ids() -> frozenset[str]:
    """Every plain model id of the snapshot."""
    return frozenset(base_id(model) for row in snapshot.rows() if (model := model_of(row.key)))


@cache
def _by_fingerprint() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in sorted(_ids()):
        # without provider, version, release date and `instruct`: what a usage type leaves out
        bare = re.sub(r"-(20\d{6}|instruct)(?=-|$)", "", _VERSION.sub("", one.split(".", 1)[1]))
        mark = _fingerprint(bare)
        found[mark] = (*found.get(mark, ()), one)
    return found


def _fingerprint(name: str) -> str:
    """Letters sorted, numbers in order: usage types put words and version in any order, and join them as they like.

    >>> _fingerprint("Claude4.6Sonnet") == _fingerprint("claude-sonnet-4-6")
    True
    """
    text = re.sub(r"(?<=\d)\.0(?!\d)", "", name.lower())  # Nova2.0Lite is nova-2-lite
    return "".join(sorted(re.sub("[^a-z]", "", text))) + "/" + "/".join(re.findall(r"\d+", text))
