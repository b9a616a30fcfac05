"""Teams that serve models too, but whose traffic nobody has handed over: all there is to go by is the bill."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from infercost.demo.account import PLATFORM, RISK, Resource, endpoint, inference_profile
from infercost.demo.charge import Charge, on_demand
from infercost.demo.curves import swell
from infercost.demo.meters import hosting, tokens
from infercost.demo.month import HOUR, hours, is_weekend
from infercost.demo.usage import every_hour

# Thousands of tokens in the busiest hour of a weekday.
_SUMMARIES = {
    "Claude4.5Haiku-input-tokens": 4_200,
    "Claude4.5Haiku-output-tokens": 900,
    "Claude4.5Haiku-cache-read-input-token-count": 9_600,
    "Claude4.5Haiku-cache-write-input-token-count": 640,
}


def other_teams() -> Iterator[Charge]:
    """An endpoint with the same hours day and night, and Claude with a prompt cache."""
    embeddings = endpoint(PLATFORM, "search-embeddings", team="search", app="embeddings")
    summaries = inference_profile(RISK, "a9s2h6l4v8nc", team="risk-operations", app="alert-summaries")
    return chain(every_hour(embeddings, hosting("ml.g5.2xlarge"), 2), _office_hours(summaries))


def _office_hours(resource: Resource) -> Iterator[Charge]:
    for hour in hours():
        if is_weekend(hour):
            continue
        level = swell(hour, trough_h=2, crest_h=13)
        for meter, busiest in _SUMMARIES.items():
            amount = Decimal(round(busiest * 1000 * level)) / 1000
            if amount:
                yield on_demand(resource, tokens(meter), hour, hour + HOUR, amount)
