"""Nightly scoring: 50 million customer profiles between one and four in the morning, on instances that never sleep."""

from datetime import datetime
from itertools import chain, islice

from infercost.demo.account import RISK, endpoint
from infercost.demo.curves import DAY_S, spread
from infercost.demo.meters import HOSTING_VOLUME, hosting
from infercost.demo.month import DAYS, second_of_day, steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import bytes_moved, every_hour, stored

PROFILES_PER_NIGHT = 50_000_000
STEP_S = 300
PAYLOAD_BYTES = 2_000
RESPONSE_BYTES = 50

CONFIG = f"""\
[[workload]]
name = "nightly-scoring"
match = {{ resource = ["endpoint/propensity-*"] }}
traffic = "traffic/nightly-scoring.parquet"
interaction = "offline"                # the campaign tool reads the scores at breakfast
slo = {{ deadline_s = 14400 }}
files = 64                             # the profiles lie in S3 in 64 objects a night
payload_bytes = {PAYLOAD_BYTES}
response_bytes = {RESPONSE_BYTES}

[[workload.profile]]
instance_type = "ml.c5.4xlarge"
concurrency = 16
service = {{ kind = "constant", mean_ms = 5 }}
evidence = "measured"
"""


def nightly_scoring() -> Workload:
    """3 x ml.c5.4xlarge around the clock, fed by a client for three hours."""
    resource = endpoint(RISK, "propensity-nightly", team="risk", app="propensity")
    night = spread(PROFILES_PER_NIGHT, [float(_is_fed(start)) for start in islice(steps(STEP_S), DAY_S // STEP_S)])
    traffic = rates(steps(STEP_S), night * DAYS)
    charges = chain(
        every_hour(resource, hosting("ml.c5.4xlarge"), 3),
        stored(resource, HOSTING_VOLUME, size_gb=90),
        bytes_moved(resource, traffic, payload_bytes=PAYLOAD_BYTES, response_bytes=RESPONSE_BYTES),
    )
    return Workload(tuple(charges), CONFIG, "nightly-scoring.parquet", traffic)


def _is_fed(start: datetime) -> bool:
    return 1 * 3600 <= second_of_day(start) < 4 * 3600
