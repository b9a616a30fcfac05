"""Card-fraud scoring: a swing from next to nothing at night to 10,000 requests a second, and a fleet for the peak."""

from datetime import datetime
from itertools import chain

from infercost.demo.account import RISK, endpoint
from infercost.demo.curves import swell
from infercost.demo.meters import hosting
from infercost.demo.month import is_weekend, steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import bytes_moved, every_hour

PEAK_PER_S = 10_000
NIGHT_PER_S = 20
WEEKEND = 0.85
STEP_S = 60
PAYLOAD_BYTES = 3_000
RESPONSE_BYTES = 200

CONFIG = f"""\
[[workload]]
name = "card-fraud"
match = {{ resource = ["endpoint/fraud-*"] }}
traffic = "traffic/card-fraud.parquet"
interaction = "interactive"            # a shopper stands at the till
slo = {{ p99_ms = 200 }}
payload_bytes = {PAYLOAD_BYTES}
response_bytes = {RESPONSE_BYTES}

# A BERT-class encoder, under load tests of ours on both kinds of accelerator.
[[workload.profile]]
instance_type = "ml.g4dn.xlarge"
concurrency = 4
service = {{ kind = "lognormal", mean_ms = 8, p99_ms = 20 }}
evidence = "measured"

[[workload.profile]]
instance_type = "ml.inf2.xlarge"
concurrency = 2
service = {{ kind = "lognormal", mean_ms = 1.0, p99_ms = 2.5 }}
evidence = "measured"
"""


def card_fraud() -> Workload:
    """40 x ml.g4dn.xlarge around the clock: half busy at the peak, idle at night."""
    resource = endpoint(RISK, "fraud-scoring-prod", team="risk", app="fraud-scoring")
    starts = list(steps(STEP_S))
    traffic = rates(starts, [_requests(start) for start in starts])
    moved = bytes_moved(resource, traffic, payload_bytes=PAYLOAD_BYTES, response_bytes=RESPONSE_BYTES)
    charges = chain(every_hour(resource, hosting("ml.g4dn.xlarge"), 40), moved)
    return Workload(tuple(charges), CONFIG, "card-fraud.parquet", traffic)


def _requests(start: datetime) -> int:
    level = swell(start, trough_h=3, crest_h=14) * (WEEKEND if is_weekend(start) else 1)
    return round(STEP_S * (NIGHT_PER_S + (PEAK_PER_S - NIGHT_PER_S) * level))
