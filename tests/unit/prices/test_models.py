"""Names that usage types give to models, and the ids that they stand for."""

import pytest

from infercost.prices.models import model_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NovaLite", "amazon.nova-lite-v1:0"),
        ("NovaPro", "amazon.nova-pro-v1:0"),
        ("Nova2.0Lite", "amazon.nova-2-lite-v1:0"),
        ("NovaMultiModalEmbeddings", "amazon.nova-2-multimodal-embeddings-v1:0"),
        ("Claude4.6Sonnet", "anthropic.claude-sonnet-4-6"),
        ("Claude Sonnet 4.6", "anthropic.claude-sonnet-4-6"),
        ("Claude4.5Haiku", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("anthropic.claude-haiku-4-5", "anthropic.claude-haiku-4-5"),
        ("Claude3-5Haiku", "anthropic.claude-3-5-haiku-20241022-v1:0"),
        ("Llama3-1-405B", "meta.llama3-1-405b-instruct-v1:0"),
        ("Qwen3-32B", "qwen.qwen3-32b-v1:0"),
        ("qwen.qwen3-32b", "qwen.qwen3-32b"),
        ("gpt-oss-120b", "openai.gpt-oss-120b-1:0"),
        ("Claude3-5Sonnet", None),
        ("Nova2.0Omni", None),
        ("", None),
    ],
)
def test_a_name_leads_to_the_one_id_that_fits_or_to_none(name: str, expected: str | None) -> None:
    assert model_id(name) == expected
