"""Insurance documents: half a minute of GPU each, in office hours, for people who can wait a quarter of an hour."""

import random
from datetime import timedelta
from itertools import chain

from infercost.demo.account import DIGITAL, endpoint
from infercost.demo.curves import regular
from infercost.demo.meters import hosting
from infercost.demo.month import HOUR, days, is_weekend
from infercost.demo.part import Workload, trace
from infercost.demo.usage import bytes_moved, every_hour

PER_WEEKDAY = 1_500
OPEN_H, CLOSE_H = 8, 20
PAYLOAD_BYTES = 8_000_000
RESPONSE_BYTES = 20_000

# The work is constant on purpose: an instance that is removed gets 30 s to finish, and a document takes no longer.
CONFIG = f"""\
[[workload]]
name = "insurance-documents"
match = {{ resource = ["endpoint/claims-documents"] }}
traffic = "traffic/insurance-documents.parquet"
interaction = "near-real-time"         # a clerk comes back to the claim within a quarter of an hour
slo = {{ p99_ms = 900000 }}
payload_bytes = {PAYLOAD_BYTES}
response_bytes = {RESPONSE_BYTES}

[[workload.profile]]
instance_type = "ml.g5.xlarge"
concurrency = 1
service = {{ kind = "constant", mean_ms = 30000 }}
evidence = "measured"
"""


def insurance_documents() -> Workload:
    """3 x ml.g5.xlarge around the clock, at night and on Sundays too."""
    resource = endpoint(DIGITAL, "claims-documents", team="claims", app="documents")
    dice = random.Random(20261001)  # noqa: S311 -- not a secret: the same documents in every copy of the demo
    opening: timedelta = (CLOSE_H - OPEN_H) * HOUR
    weekdays = (day for day in days() if not is_weekend(day))
    traffic = trace(chain.from_iterable(regular(day + OPEN_H * HOUR, opening, PER_WEEKDAY, dice) for day in weekdays))
    charges = chain(
        every_hour(resource, hosting("ml.g5.xlarge"), 3),
        bytes_moved(resource, traffic, payload_bytes=PAYLOAD_BYTES, response_bytes=RESPONSE_BYTES),
    )
    return Workload(tuple(charges), CONFIG, "insurance-documents.parquet", traffic)
