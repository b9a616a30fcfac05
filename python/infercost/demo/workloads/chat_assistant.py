"""Chat assistant: Nova Pro on demand, with a person at the other end."""

from itertools import chain

from infercost.demo.account import DIGITAL, inference_profile
from infercost.demo.curves import spread, swell
from infercost.demo.meters import tokens
from infercost.demo.month import is_weekend, steps
from infercost.demo.part import Workload, rates
from infercost.demo.usage import tokens_used

TURNS = 600_000
INPUT_TOKENS = 1_800
OUTPUT_TOKENS = 350
STREAMED = "InvokeModelStreamingInference"

CONFIG = """\
[[workload]]
name = "chat-assistant"
match = { tag = ["app=chat-assistant"] }
traffic = "traffic/chat-assistant.parquet"
interaction = "interactive"
"""


def chat_assistant() -> Workload:
    """Busiest in the afternoon, half as busy at the weekend."""
    resource = inference_profile(DIGITAL, "c4a7b0tq9w2e", team="support", app="chat-assistant")
    starts = list(steps(300))
    turns = spread(
        TURNS, [(0.05 + swell(start, trough_h=4, crest_h=15)) * (0.5 if is_weekend(start) else 1) for start in starts]
    )
    traffic = rates(
        starts,
        turns,
        input_tokens=[count * INPUT_TOKENS for count in turns],
        output_tokens=[count * OUTPUT_TOKENS for count in turns],
    )
    charges = chain(
        tokens_used(resource, tokens("NovaPro-input-tokens", STREAMED), traffic, "input_tokens"),
        tokens_used(resource, tokens("NovaPro-output-tokens", STREAMED), traffic, "output_tokens"),
    )
    return Workload(tuple(charges), CONFIG, "chat-assistant.parquet", traffic)
