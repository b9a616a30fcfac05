"""A forgotten endpoint: a GPU that has waited for a request all month."""

from infercost.demo.account import DIGITAL, endpoint
from infercost.demo.meters import hosting
from infercost.demo.month import steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import every_hour

CONFIG = """\
[[workload]]
name = "product-tagger"
match = { resource = ["endpoint/product-tagger-v1"] }
traffic = "traffic/product-tagger.parquet"   # Invocations of CloudWatch: all of them are zero
"""


def forgotten_endpoint() -> Workload:
    """1 x ml.g5.xlarge around the clock. Its traffic says zero in every step, which is proof; no rows would be none."""
    resource = endpoint(DIGITAL, "product-tagger-v1", team="catalogue", app="product-tagger")
    starts = list(steps(300))
    charges = every_hour(resource, hosting("ml.g5.xlarge"), 1)
    return Workload(tuple(charges), CONFIG, "product-tagger.parquet", rates(starts, [0] * len(starts)))
