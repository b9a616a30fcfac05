"""Dashboard classifier: 300 calls a day, and an instance of its own that waits for them."""

import random
from itertools import chain

from infercost.demo.account import DIGITAL, endpoint
from infercost.demo.curves import scattered
from infercost.demo.meters import HOSTING_VOLUME, hosting
from infercost.demo.month import HOUR, days
from infercost.demo.part import Workload, trace
from infercost.demo.usage import bytes_moved, every_hour, stored

PER_DAY = 300
PAYLOAD_BYTES = 60_000
RESPONSE_BYTES = 500

# Measured at the largest size only: 2 GB of weights need about twice that to be loaded, beside the runtime. At this
# size serverless costs as much as the instance from about 300 times this traffic on.
CONFIG = f"""\
[[workload]]
name = "dashboard-classifier"
match = {{ resource = ["endpoint/ticket-classifier"] }}
traffic = "traffic/dashboard-classifier.csv"
interaction = "interactive"
slo = {{ p99_ms = 15000 }}               # a tile of a dashboard may take its time
payload_bytes = {PAYLOAD_BYTES}
response_bytes = {RESPONSE_BYTES}

[[workload.profile]]
instance_type = "ml.m5.large"
concurrency = 2
service = {{ kind = "constant", mean_ms = 250 }}
evidence = "measured"

[[workload.profile]]
memory_mb = 6144
service = {{ kind = "constant", mean_ms = 250 }}
cold_start_median_s = 4
cold_start_p95_s = 12
evidence = "measured"
"""


def dashboard_classifier() -> Workload:
    """An ml.m5.large of its own."""
    resource = endpoint(DIGITAL, "ticket-classifier", team="support", app="dashboard")
    dice = random.Random(300)  # noqa: S311 -- not a secret: the same calls in every copy of the demo
    traffic = trace(chain.from_iterable(scattered(day + 8 * HOUR, 10 * HOUR, PER_DAY, dice) for day in days()))
    charges = chain(
        every_hour(resource, hosting("ml.m5.large"), 1),
        stored(resource, HOSTING_VOLUME, size_gb=30),
        bytes_moved(resource, traffic, payload_bytes=PAYLOAD_BYTES, response_bytes=RESPONSE_BYTES),
    )
    return Workload(tuple(charges), CONFIG, "dashboard-classifier.csv", traffic)
