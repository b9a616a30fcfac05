"""Media analysis: 40 G tokens a month through Nova Lite on demand, for a catalogue that nobody waits for."""

from itertools import chain

from infercost.demo.account import DIGITAL, inference_profile
from infercost.demo.curves import spread, swell
from infercost.demo.meters import tokens
from infercost.demo.month import steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import tokens_used

CLIPS = 2_000_000
INPUT_TOKENS = 20_000
OUTPUT_TOKENS = 1_000

CONFIG = """\
[[workload]]
name = "media-analysis"
match = { tag = ["app=media-analysis"] }
traffic = "traffic/media-analysis.parquet"
interaction = "offline"
slo = { deadline_s = 172800 }          # the catalogue is rebuilt every other day
"""


def media_analysis() -> Workload:
    """Clips are described as they are uploaded, most of them in the evening."""
    resource = inference_profile(DIGITAL, "m3d1a7q0z5xk", team="media", app="media-analysis")
    starts = list(steps(300))
    clips = spread(CLIPS, [0.2 + swell(start, trough_h=5, crest_h=20) for start in starts])
    traffic = rates(
        starts,
        clips,
        input_tokens=[count * INPUT_TOKENS for count in clips],
        output_tokens=[count * OUTPUT_TOKENS for count in clips],
    )
    charges = chain(
        tokens_used(resource, tokens("NovaLite-input-tokens"), traffic, "input_tokens"),
        tokens_used(resource, tokens("NovaLite-output-tokens"), traffic, "output_tokens"),
    )
    return Workload(tuple(charges), CONFIG, "media-analysis.parquet", traffic)
