"""Custom model: Llama 3.1 8B, fine-tuned in Bedrock, whose weights stay there; one model unit around the clock."""

from decimal import Decimal
from itertools import chain

from infercost.demo.account import DIGITAL, provisioned_model
from infercost.demo.charge import on_demand
from infercost.demo.curves import spread, swell
from infercost.demo.meters import CUSTOM_STORAGE, CUSTOM_UNIT
from infercost.demo.month import END, START, steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import every_hour

LETTERS = 2_400_000
INPUT_TOKENS = 1_500
OUTPUT_TOKENS = 250

CONFIG = """\
[[workload]]
name = "custom-model"
match = { resource = ["provisioned-model/k8f3u1d6p0ra"] }
traffic = "traffic/custom-model.parquet"
interaction = "interactive"
weights = "hosted"                     # tuned in Bedrock: they can't be taken elsewhere
"""


def custom_model() -> Workload:
    """About 5.6 million tokens an hour, far below the 109 million at which the unit would beat the base model."""
    resource = provisioned_model(DIGITAL, "k8f3u1d6p0ra", team="claims", app="claims-letters")
    starts = list(steps(300))
    letters = spread(LETTERS, [0.1 + swell(start, trough_h=2, crest_h=13) for start in starts])
    traffic = rates(
        starts,
        letters,
        input_tokens=[count * INPUT_TOKENS for count in letters],
        output_tokens=[count * OUTPUT_TOKENS for count in letters],
    )
    kept = on_demand(resource, CUSTOM_STORAGE, START, END, Decimal(1))
    charges = chain(every_hour(resource, CUSTOM_UNIT, 1), [kept])
    return Workload(tuple(charges), CONFIG, "custom-model.parquet", traffic)
