"""Every row of the fact sheet on usage types, and what each of them means."""

import csv
import dataclasses
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from infercost.billing.classify import meaning_of
from infercost.billing.classify.meaning import UNRECOGNISED, Line, Meaning

NS = Decimal(3_600_000_000_000)
EDITION = "Claude 3 Haiku (Amazon Bedrock Edition)"


def hours(kind: str, pattern: str | None, instance_type: str) -> Meaning:
    return Meaning(kind, pattern, "instance", meter="instance_ns", meter_factor=NS, instance_type=instance_type)


def storage(kind: str, pattern: str | None = None) -> Meaning:
    return Meaning(kind, pattern, "storage")


def serverless(memory_mb: int) -> Meaning:
    return Meaning("inference", "serverless", "serverless", "serverless_ms", Decimal(1000), memory_mb=memory_mb)


def tokens(
    model: str,
    token_class: str,
    tier: str = "standard",
    *,
    size: int = 1000,
    scope: str = "regional",
    component: str = "tokens",
    custom: bool = False,
) -> Meaning:
    meter = {"input": "input_tokens", "output": "output_tokens", "cache-read": "cache_read_tokens"}
    return Meaning(
        "inference",
        "bedrock-batch" if tier == "batch" else "bedrock-on-demand",
        component,
        meter.get(token_class, "cache_write_tokens"),
        Decimal(size),
        model=model,
        token_class=token_class,
        tier=tier,
        scope=scope,
        custom_model=custom,
    )


def sold(token_class: str, tier: str = "standard", *, scope: str = "regional", component: str = "tokens") -> Meaning:
    return tokens("Claude 3 Haiku", token_class, tier, size=1_000_000, scope=scope, component=component)


def units(pattern: str, model: str, factor: Decimal, *, custom: bool) -> Meaning:
    return Meaning("inference", pattern, "model-units", "model_unit_ns", factor, model=model, custom_model=custom)


def unmetered(component: str, model: str) -> Meaning:
    return Meaning("inference", "bedrock-on-demand", component, model=model, tier="standard", scope="regional")


def related(component: str) -> Meaning:
    return Meaning("related", component=component)


MEANINGS: dict[tuple[str, str], Meaning] = {
    ("AmazonSageMaker", "USE2-Host:ml.g6.xlarge"): hours("inference", "real-time", "ml.g6.xlarge"),
    ("AmazonSageMaker", "USE1-Host:ml.m5.xlarge"): hours("inference", "real-time", "ml.m5.xlarge"),
    ("AmazonSageMaker", "USE1-Host:ml.g4dn.xlarge"): hours("inference", "real-time", "ml.g4dn.xlarge"),
    ("AmazonSageMaker", "Host:ml.m5.large"): hours("inference", "real-time", "ml.m5.large"),
    ("AmazonSageMaker", "USE1-Host:ml.inf2.xlarge"): hours("inference", "real-time", "ml.inf2.xlarge"),
    ("AmazonSageMaker", "USE1-Host:ml.trn1.2xlarge"): hours("inference", "real-time", "ml.trn1.2xlarge"),
    ("AmazonSageMaker", "USE1-Host:VolumeUsage.gp2"): storage("inference", "real-time"),
    ("AmazonSageMaker", "USE1-Hst:Data-Bytes-Out"): Meaning(
        "inference", None, "data-out", "data_out_bytes", Decimal(10**9)
    ),
    ("AmazonSageMaker", "USE1-Hst:Data-Bytes-In"): Meaning(
        "inference", None, "data-in", "data_in_bytes", Decimal(10**9)
    ),
    ("AmazonSageMaker", "USE1-AsyncInf:ml.g6e.2xlarge"): hours("inference", "async", "ml.g6e.2xlarge"),
    ("AmazonSageMaker", "APN1-AsyncInf:ml.g6.xlarge"): hours("inference", "async", "ml.g6.xlarge"),
    ("AmazonSageMaker", "AsyncInf:ml.g4dn.2xlarge"): hours("inference", "async", "ml.g4dn.2xlarge"),
    ("AmazonSageMaker", "USE1-Tsform:ml.c5.9xlarge"): hours("inference", "batch-transform", "ml.c5.9xlarge"),
    ("AmazonSageMaker", "Tsform:ml.g4dn.xlarge"): hours("inference", "batch-transform", "ml.g4dn.xlarge"),
    ("AmazonSageMaker", "USE1-ServerlessInf:Mem-3GB"): serverless(3072),
    ("AmazonSageMaker", "EU-ServerlessInf:Mem-4GB"): serverless(4096),
    ("AmazonSageMaker", "USE2-ServerlessInf:Mem-4GB"): serverless(4096),
    ("AmazonSageMaker", "USE1-ProvisionedConcurrency:Usage-4GB"): Meaning(
        "inference", "serverless", "provisioned-concurrency-usage", memory_mb=4096
    ),
    ("AmazonSageMaker", "USE1-ProvisionedConcurrency:Mem-4GB"): Meaning(
        "inference", "serverless", "provisioned-concurrency-duration", memory_mb=4096
    ),
    ("AmazonSageMaker", "APN1-Train:ml.g6.xlarge"): hours("training", None, "ml.g6.xlarge"),
    ("AmazonSageMaker", "USE1-TrSpt:ml.g5.xlarge"): hours("training", None, "ml.g5.xlarge"),
    ("AmazonSageMaker", "USE1-TrainWarmPool:ml.p4d.24xlarge"): hours("training", None, "ml.p4d.24xlarge"),
    ("AmazonSageMaker", "Processing:ml.t3.large"): hours("development", None, "ml.t3.large"),
    ("AmazonSageMaker", "Notebk:ml.t.medium-NotebookParent"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-Notebk:ml.t3.medium"): hours("development", None, "ml.t3.medium"),
    ("AmazonSageMaker", "USE1-Studio:VolumeUsage.gp3"): storage("development"),
    ("AmazonSageMaker", "UnifiedStudio:VolumeUsage.gp3"): storage("development"),
    ("AmazonSageMaker", "Canvas:Session-Hrs-Parent"): Meaning("development", component="other"),
    ("AmazonSageMaker", "Canvas:CreateModelRequest-Tier0-Parent"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-Cluster:ml.p4d.24xlarge"): hours("self-managed", None, "ml.p4d.24xlarge"),
    ("AmazonSageMaker", "USE1-Cluster:VolumeUsage.gp2"): storage("self-managed"),
    ("AmazonSageMaker", "FeatureStore:WriteRequestUnits"): related("other"),
    ("AmazonSageMaker", "A2ICustom-Objects"): related("human-review"),
    ("AmazonSageMaker", "USE1-DataTransfer-Out-Bytes"): related("data-transfer"),
    ("AmazonBedrock", "USE1-NovaLite-input-tokens"): tokens("NovaLite", "input"),
    ("AmazonBedrock", "USE1-NovaMicro-output-tokens"): tokens("NovaMicro", "output"),
    ("AmazonBedrock", "USE1-Claude3Sonnet-input-tokens"): tokens("Claude3Sonnet", "input"),
    ("AmazonBedrock", "USE1-NovaMicro-input-tokens-batch"): tokens("NovaMicro", "input", "batch"),
    ("AmazonBedrock", "USE1-Llama4-Maverick-17B-output-tokens-batch"): tokens("Llama4-Maverick-17B", "output", "batch"),
    ("AmazonBedrock", "USE1-Llama4-Maverick-17B-input-tokens-batch"): tokens("Llama4-Maverick-17B", "input", "batch"),
    ("AmazonBedrock", "USE1-Llama3-1-405B-input-tokens-batch"): tokens("Llama3-1-405B", "input", "batch"),
    ("AmazonBedrock", "USE1-Qwen3-32B-input-tokens-flex"): tokens("Qwen3-32B", "input", "flex"),
    ("AmazonBedrock", "USE1-gpt-oss-120b-output-tokens-priority"): tokens("gpt-oss-120b", "output", "priority"),
    ("AmazonBedrock", "USE1-Nova2.0Lite-input-tokens-flex"): tokens("Nova2.0Lite", "input", "flex"),
    ("AmazonBedrock", "USE1-qwen.qwen3-32b-mantle-input-tokens-standard"): tokens("qwen.qwen3-32b", "input"),
    ("AmazonBedrock", "USE1-qwen.qwen3-32b-mantle-output-tokens-batch"): tokens("qwen.qwen3-32b", "output", "batch"),
    ("AmazonBedrock", "USE1-xai.grok-4.3-mantle-input-tokens-standard"): tokens(
        "xai.grok-4.3", "input", size=1_000_000
    ),
    ("AmazonBedrock", "USE1-xai.grok-4.3-mantle-cache-read-tokens-standard"): tokens(
        "xai.grok-4.3", "cache-read", size=1_000_000
    ),
    ("AmazonBedrock", "UGW1-openai.gpt-5.6-terra-mantle-output-tokens-long-ctx-standard"): tokens(
        "openai.gpt-5.6-terra", "output", size=1_000_000, component="long-context-tokens"
    ),
    ("AmazonBedrock", "UGW1-openai.gpt-5.6-terra-mantle-cache-write-tokens-30m-standard"): tokens(
        "openai.gpt-5.6-terra", "cache-write-30m", size=1_000_000
    ),
    ("AmazonBedrock", "USE1-NovaPro-cache-read-input-token-count"): tokens("NovaPro", "cache-read"),
    ("AmazonBedrock", "USE1-NovaPro-cache-write-input-token-count"): tokens("NovaPro", "cache-write-5m"),
    ("AmazonBedrock", "USE1-Nova2.0Lite-output-tokens-flex-cross-region-global"): tokens(
        "Nova2.0Lite", "output", "flex", scope="global"
    ),
    ("AmazonBedrock", "USE1-Nova2.0Lite-input-tokens-cross-region-global-batch"): tokens(
        "Nova2.0Lite", "input", "batch", scope="global"
    ),
    ("AmazonBedrock", "USE1-Nova2.0Pro-text-input-tokens-priority-cross-region-global"): tokens(
        "Nova2.0Pro", "input", "priority", scope="global"
    ),
    ("AmazonBedrock", "USE1-Claude3-5Haiku-input-tokens-latency-optimized"): tokens(
        "Claude3-5Haiku", "input", "latency-optimized"
    ),
    ("AmazonBedrock", "USE1-Nova2.0Pro-input-image-token-count"): tokens(
        "Nova2.0Pro", "input", component="image-tokens"
    ),
    ("AmazonBedrock", "USE1-Nova2.0Omni-input-audio-token-count"): tokens(
        "Nova2.0Omni", "input", component="audio-tokens"
    ),
    ("AmazonBedrock", "USE1-NovaSonic-speech-input-tokens"): tokens("NovaSonic", "input", component="speech-tokens"),
    ("AmazonBedrock", "USE1-TitanEmbeddingV2-Text-input-tokens"): tokens("TitanEmbeddingV2-Text", "input"),
    ("AmazonBedrock", "USE1-NovaMultiModalEmbeddings-input-tokens-batch"): tokens(
        "NovaMultiModalEmbeddings", "input", "batch"
    ),
    ("AmazonBedrock", "USE1-cohere.rerank-english-v3-search-units"): unmetered(
        "search-units", "cohere.rerank-english-v3"
    ),
    ("AmazonBedrock", "USE1-Nova2.0Lite-ProvisionedThroughput-NoCommit-ModelUnits"): units(
        "bedrock-provisioned", "Nova2.0Lite", NS, custom=False
    ),
    ("AmazonBedrock", "USE1-TitanText-Premier-ProvisionedThroughput-Custom-NoCommit-ModelUnits"): units(
        "bedrock-provisioned", "TitanText-Premier", NS, custom=True
    ),
    ("AmazonBedrock", "EU-Claude4.5Sonnet-reserved-1-month-input-tokens-per-minute-cross-region-global"): Meaning(
        "inference",
        component="reserved-tokens-per-minute",
        model="Claude4.5Sonnet",
        token_class="input",  # noqa: S106 -- a class of tokens, no secret
        tier="reserved",
        scope="global",
        custom_model=False,
    ),
    ("AmazonBedrock", "USE1-NovaLite-input-tokens-custom-model"): tokens("NovaLite", "input", custom=True),
    ("AmazonBedrock", "USE1-NovaPro-cache-write-input-token-count-custom-model"): tokens(
        "NovaPro", "cache-write-5m", custom=True
    ),
    ("AmazonBedrock", "USE1-NovaPro-Customization-Training"): Meaning(
        "training", component="customization", model="NovaPro"
    ),
    ("AmazonBedrock", "USE1-NovaPro-Customization-Storage"): Meaning(
        "inference", component="storage", model="NovaPro", custom_model=True
    ),
    ("AmazonBedrock", "USE1-Llama-CustomModelImport-Inference-v1:0"): units(
        "bedrock-custom-import", "Llama", NS / 60, custom=True
    ),
    ("AmazonBedrock", "USE1-OSS-CustomModelImport-Inference-v2:0"): units(
        "bedrock-custom-import", "OSS", NS / 60, custom=True
    ),
    ("AmazonBedrock", "USE1-Llama-CustomModelImport-Storage-v1:0"): Meaning(
        "inference", "bedrock-custom-import", "storage", model="Llama", custom_model=True
    ),
    ("AmazonBedrock", "USE1-Guardrail-ContentPolicyUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-Guardrail-ContentPolicyImageUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-Guardrail-ContextualGroundingPolicyUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-Guardrail-AutomatedReasoningPolicyUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-Guardrail-TopicPolicyUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-GuardrailChecks-ContentFilterCheckUnitsConsumed"): related("guardrails"),
    ("AmazonBedrock", "USE1-Nova2.0Lite-nova-grounding"): related("grounding"),
    ("AmazonBedrockService", "USE1-Claude4.6Sonnet-input-tokens"): tokens("Claude4.6Sonnet", "input"),
    ("AmazonBedrockService", "USE1-Claude4.5Haiku-input-tokens"): tokens("Claude4.5Haiku", "input"),
    ("AmazonBedrockService", "USE1-Claude4.6Opus-input-tokens-cross-region-global"): tokens(
        "Claude4.6Opus", "input", scope="global"
    ),
    ("AmazonBedrockService", "USE1-Claude4.6Opus-cache-read-input-token-count-cross-region-global"): tokens(
        "Claude4.6Opus", "cache-read", scope="global"
    ),
    ("AmazonBedrockService", "USE1-Claude4.6Sonnet-cache-read-input-token-count"): tokens(
        "Claude4.6Sonnet", "cache-read"
    ),
    ("AmazonBedrockService", "USE1-Claude4.6Opus-cache-write-1h-input-token-count"): tokens(
        "Claude4.6Opus", "cache-write-1h"
    ),
    ("AmazonBedrockService", "USW2-anthropic.claude-opus-4-8-mantle-cache-write-tokens-global-standard"): tokens(
        "anthropic.claude-opus-4-8", "cache-write-5m", scope="global"
    ),
    ("AmazonBedrockService", "USE1-anthropic.claude-sonnet-5-mantle-input-tokens-global-standard"): tokens(
        "anthropic.claude-sonnet-5", "input", scope="global"
    ),
    ("AWS Marketplace", "USW2-MP:USW2_InputTokenCount-Units"): sold("input"),
    ("AWS Marketplace", "USE1-MP:USE1_OutputTokenCount-Units"): sold("output"),
    ("AWS Marketplace", "USE2-MP:USE2_InputTokenCount_Global-Units"): sold("input", scope="global"),
    ("AWS Marketplace", "USE1-MP:USE1_InputTokenCount_Batch-Units"): sold("input", "batch"),
    ("AWS Marketplace", "USE1-MP:USE1_InputTokenCount_Global_Batch-Units"): sold("input", "batch", scope="global"),
    ("AWS Marketplace", "USE1-MP:USE1_InputTokenCount_LatencyOptimized-Units"): sold("input", "latency-optimized"),
    ("AWS Marketplace", "USE1-MP:USE1_CacheReadInputTokenCount-Units"): sold("cache-read"),
    ("AWS Marketplace", "USE1-MP:USE1_CacheReadInputTokenCount_Global-Units"): sold("cache-read", scope="global"),
    ("AWS Marketplace", "USE1-MP:USE1_CacheWriteInputTokenCount-Units"): sold("cache-write-5m"),
    ("AWS Marketplace", "USE1-MP:USE1_CacheWrite1hInputTokenCount-Units"): sold("cache-write-1h"),
    ("AWS Marketplace", "USW2-MP:USW2_input_tokens_standard-Units"): sold("input"),
    ("AWS Marketplace", "USW2-MP:USW2_output_tokens_global_standard-Units"): sold("output", scope="global"),
    ("AWS Marketplace", "USE1-MP:USE1_cache_write_tokens_1h_standard-Units"): sold("cache-write-1h"),
    ("AWS Marketplace", "USE1-MP:USE1_output_tokens_long_ctx_standard-Units"): sold(
        "output", component="long-context-tokens"
    ),
    ("AWS Marketplace", "USE1-MP:USE1_search_units-Units"): unmetered("search-units", "Claude 3 Haiku"),
    ("AWS Marketplace", "USE1-MP:USE1_Cohere_Embed_V4-Units"): unmetered("embeddings", "Claude 3 Haiku"),
    ("AWS Marketplace", "USE1-MP:USE1_created_image-Units"): unmetered("images", "Claude 3 Haiku"),
    ("AWS Marketplace", "USE1-MP:USE1_InputImageCount-Units"): unmetered("images", "Claude 3 Haiku"),
    ("AWS Marketplace", "USE1-MP:USE1_ProvisionedThroughput_1MonthCommit_ModelUnits_Usage-Units"): units(
        "bedrock-provisioned", "Claude 3 Haiku", NS, custom=False
    ),
    ("AmazonEC2", "BoxUsage:inf2.xlarge"): hours("self-managed", None, "inf2.xlarge"),
}
# Words of which the fact sheet knows no whole usage type: one made with each.
WORDS = {
    ("AmazonSageMaker", "USE1-MLflow:ml.t3.medium"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-PartnerApp-Tier1"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-Autopilot:ml.m5.xlarge"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-RStudio:ml.t3.medium"): hours("development", None, "ml.t3.medium"),
    ("AmazonSageMaker", "USE1-LabeledObjects"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-TxtClass-Objects"): Meaning("development", component="other"),
    ("AmazonSageMaker", "USE1-Geospatial:ml.geospatial.interactive"): Meaning("development", component="other"),
    ("AmazonBedrock", "USE1-GenerateSQL-Requests"): related("knowledge-bases"),
    ("AmazonBedrock", "USE1-StructuredRetrieve-Requests"): related("knowledge-bases"),
    ("AmazonBedrock", "USE1-InvokeFlow-Transitions"): related("flows"),
    ("AmazonBedrock", "USE1-BedrockFlows-Node"): related("flows"),
    ("AmazonBedrock", "USE1-OptimizePrompt-Tokens"): related("prompt-tools"),
    ("AmazonBedrock", "USE1-Prompt-Routing-Requests"): related("prompt-tools"),
    ("AmazonBedrock", "USE1-DataAutomation-Custom-Pages"): related("data-automation"),
    ("AmazonBedrock", "USE1-DataAutomation-Addon-Pages"): related("data-automation"),
    ("AmazonBedrock", "USE1-Evaluations-Human"): related("evaluation"),
    ("AmazonBedrock", "USE1-NovaCanvas-T2I-1024-Standard"): unmetered("images", "NovaCanvas"),
    ("AmazonBedrock", "USE1-TitanImageGeneratorG1-T2I-512"): unmetered("images", "TitanImageGeneratorG1"),
    ("AmazonBedrock", "USE1-StabilityUltra-created_image"): unmetered("images", "StabilityUltra"),
    ("AmazonBedrock", "USE1-NovaReel-T2V-Seconds"): unmetered("video", "NovaReel"),
    ("AmazonBedrock", "USE1-NovaReel-I2V-Seconds"): unmetered("video", "NovaReel"),
    ("AmazonBedrock", "USE1-KnowledgeBase-Retrieve"): related("knowledge-bases"),
    ("AmazonBedrockAgentCore", "USE1-Runtime-vCPU"): related("agents"),
}
# Names that no line of a bill has: buckets of the Free Tier page.
BUCKETS = {
    "Host:ml.m.xlarge-HostingParent",
    "AsyncInf:ml.m.xlarge-AsyncInfParent",
    "FreeServerlessParent",
}
CLAUDE = "Claude Sonnet 4.6 (Amazon Bedrock Edition)"  # a value of Cost Explorer's dimension SERVICE

ON_DEMAND: dict[str, object] = {"kind": "inference", "pattern": "bedrock-on-demand"}
BATCH: dict[str, object] = {"kind": "inference", "pattern": "bedrock-batch", "tier": "batch"}
# What the sheet's own column `inference_pattern` says of each meaning above, which were written beside the names.
SAID: dict[str, dict[str, object]] = {
    "real-time": {"kind": "inference", "pattern": "real-time", "component": "instance"},
    "real-time storage": {"kind": "inference", "pattern": "real-time", "component": "storage", "meter": None},
    "real-time data": {"kind": "inference", "pattern": None},  # every kind of endpoint has such rows
    "asynchronous": {"kind": "inference", "pattern": "async", "component": "instance"},
    "batch transform": {"kind": "inference", "pattern": "batch-transform", "component": "instance"},
    "serverless": {"kind": "inference", "pattern": "serverless", "meter": "serverless_ms"},
    "serverless provisioned concurrency (warm time)": {"component": "provisioned-concurrency-usage", "meter": None},
    "serverless provisioned concurrency (duration)": {"component": "provisioned-concurrency-duration", "meter": None},
    "training": {"kind": "training", "pattern": None},
    "processing": {"kind": "development", "pattern": None},
    "development": {"kind": "development", "pattern": None},
    "development storage": {"kind": "development", "component": "storage"},
    "hyperpod": {"kind": "self-managed", "component": "instance"},
    "hyperpod storage": {"kind": "self-managed", "component": "storage"},
    "feature store": {"kind": "related"},
    "other": {"kind": "related", "component": "human-review"},
    "data transfer": {"kind": "related", "component": "data-transfer"},
    "savings plan coverage": {"kind": "inference", "pattern": "real-time"},
    "self-hosted inference": {"kind": "self-managed", "pattern": None},
    "on-demand input": {**ON_DEMAND, "meter": "input_tokens", "tier": "standard"},
    "on-demand output": {**ON_DEMAND, "meter": "output_tokens", "tier": "standard"},
    "on-demand input global": {**ON_DEMAND, "meter": "input_tokens", "scope": "global"},
    "on-demand batch input": {**BATCH, "meter": "input_tokens"},
    "on-demand batch output": {**BATCH, "meter": "output_tokens"},
    "batch only": BATCH,
    "batch": BATCH,
    "batch global": {**BATCH, "scope": "global"},
    "flex tier": {**ON_DEMAND, "tier": "flex"},
    "priority tier": {**ON_DEMAND, "tier": "priority"},
    "latency optimized": {**ON_DEMAND, "tier": "latency-optimized"},
    "reserved tier": {"kind": "inference", "pattern": None, "tier": "reserved", "meter": None},
    "mantle endpoint standard": {**ON_DEMAND, "tier": "standard", "meter_factor": Decimal(1000)},
    "mantle endpoint batch": {**BATCH, "meter_factor": Decimal(1000)},
    "mantle endpoint, 1M unit": {**ON_DEMAND, "meter_factor": Decimal(10**6)},
    "mantle on-demand": {**ON_DEMAND, "scope": "global"},
    "mantle cache read": {**ON_DEMAND, "token_class": "cache-read"},
    "mantle cache write ttl": {**ON_DEMAND, "token_class": "cache-write-30m"},
    "mantle cache write global": {**ON_DEMAND, "token_class": "cache-write-5m", "scope": "global"},
    "mantle long context": {**ON_DEMAND, "component": "long-context-tokens"},
    "cache read": {**ON_DEMAND, "meter": "cache_read_tokens", "token_class": "cache-read"},
    "cache read global": {**ON_DEMAND, "meter": "cache_read_tokens", "scope": "global"},
    "cache write": {**ON_DEMAND, "meter": "cache_write_tokens", "token_class": "cache-write-5m"},
    "cache write 5m": {**ON_DEMAND, "meter": "cache_write_tokens", "token_class": "cache-write-5m"},
    "cache write 1h": {**ON_DEMAND, "meter": "cache_write_tokens", "token_class": "cache-write-1h"},
    "cross-region global": {**ON_DEMAND, "scope": "global"},
    "cross-region global input": {**ON_DEMAND, "scope": "global", "meter": "input_tokens"},
    "cross-region global batch": {**BATCH, "scope": "global"},
    "cross-region global priority": {**ON_DEMAND, "scope": "global", "tier": "priority"},
    "newer naming input": {**ON_DEMAND, "meter": "input_tokens", "tier": "standard"},
    "newer naming output global": {**ON_DEMAND, "meter": "output_tokens", "scope": "global"},
    "newer naming cache write": {**ON_DEMAND, "meter": "cache_write_tokens"},
    "newer naming long context": {**ON_DEMAND, "component": "long-context-tokens"},
    "multimodal": {**ON_DEMAND, "meter": "input_tokens"},
    "speech": {**ON_DEMAND, "component": "speech-tokens"},
    "embedding": ON_DEMAND,
    "embedding batch": BATCH,
    "rerank": {**ON_DEMAND, "component": "search-units"},
    "image": {**ON_DEMAND, "component": "images"},
    "image input": {**ON_DEMAND, "component": "images"},
    "provisioned throughput": {"kind": "inference", "pattern": "bedrock-provisioned", "meter": "model_unit_ns"},
    "provisioned throughput custom": {"pattern": "bedrock-provisioned", "custom_model": True},
    "custom model on-demand": {**ON_DEMAND, "custom_model": True},
    "custom model cache": {**ON_DEMAND, "custom_model": True, "meter": "cache_write_tokens"},
    "custom model training": {"kind": "training"},
    "custom model storage": {"kind": "inference", "component": "storage", "custom_model": True},
    "custom model import": {"kind": "inference", "pattern": "bedrock-custom-import", "meter": "model_unit_ns"},
    "custom model import storage": {"pattern": "bedrock-custom-import", "component": "storage"},
    "guardrails": {"kind": "related", "component": "guardrails"},
    "guardrails image": {"kind": "related", "component": "guardrails"},
    "guardrail checks API": {"kind": "related", "component": "guardrails"},
    "grounding": {"kind": "related", "component": "grounding"},
}


class Fact(NamedTuple):
    service: str
    usage_type: str
    pattern: str
    unit: str | None
    description: str | None


def facts(shared: Path) -> list[Fact]:
    with (shared / "data/billing/usage_types.csv").open(newline="") as file:
        return [
            Fact(
                "AWS Marketplace" if row["service"].startswith("AWS Marketplace") else row["service"],
                row["usage_type_example"],
                row["inference_pattern"],
                row["unit"] or None,
                row["description_example"] or None,
            )
            for row in csv.DictReader(file)
        ]


def line(service: str, usage_type: str, unit: str | None = None, description: str | None = None) -> Line:
    sold_by_others = service == "AWS Marketplace"
    return Line(
        "usage",
        "5x9k2opaque" if sold_by_others else service,
        EDITION if sold_by_others else None,
        usage_type,
        unit,
        description,
    )


def whole(fact: Fact) -> bool:
    """Whether a row names a whole usage type that a bill has, not words, a bucket or a service."""
    return not fact.usage_type.startswith("(") and " " not in fact.usage_type and fact.usage_type not in BUCKETS


def words(fact: Fact) -> list[str]:
    """The words of a row that names no whole usage type."""
    if fact.usage_type.startswith("("):
        return re.findall(r"'([^']+)'", fact.usage_type)
    return fact.usage_type.removesuffix(" tokens").split(" / ") if " / " in fact.usage_type else []


def test_every_row_of_the_fact_sheet_has_an_expectation(shared: Path) -> None:
    rows = facts(shared)
    assert {(fact.service, fact.usage_type) for fact in rows if whole(fact)} == MEANINGS.keys()
    made = " ".join(usage_type for _, usage_type in WORDS).casefold()
    assert [word for fact in rows for word in words(fact) if word.casefold() not in made] == []
    rest = [fact for fact in rows if not whole(fact) and not words(fact)]
    assert {fact.usage_type for fact in rest if not fact.usage_type.startswith("(")} == {*BUCKETS, CLAUDE}
    assert {fact.service for fact in rest if fact.usage_type.startswith("(")} == {
        "MachineLearningSavingsPlans",
        "AmazonBedrockAgentCore",
    }


@pytest.mark.parametrize("key", MEANINGS, ids="/".join)
def test_a_usage_type_of_the_fact_sheet_means(shared: Path, key: tuple[str, str]) -> None:
    rows = [fact for fact in facts(shared) if fact[:2] == key]
    assert rows
    for fact in rows:
        assert meaning_of(line(fact.service, fact.usage_type, fact.unit, fact.description)) == MEANINGS[key]


def test_the_meanings_are_what_the_fact_sheet_says_in_words(shared: Path) -> None:
    rows = [fact for fact in facts(shared) if whole(fact)]
    assert {fact.pattern for fact in rows} == SAID.keys()
    for fact in rows:
        meaning = vars(MEANINGS[fact.service, fact.usage_type])
        assert meaning | SAID[fact.pattern] == meaning, fact


@pytest.mark.parametrize("key", WORDS, ids="/".join)
def test_a_usage_type_with_a_known_word_means(key: tuple[str, str]) -> None:
    assert meaning_of(line(*key, unit="Hrs")) == WORDS[key]


@pytest.mark.parametrize("line_item_nature", ["commitment", "usage"])
def test_a_savings_plan_for_machine_learning_is_a_commitment(line_item_nature: str) -> None:
    fee = line("MachineLearningSavingsPlans", "")._replace(nature=line_item_nature)  # type: ignore[arg-type]
    assert meaning_of(fee).kind == "commitment"


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_names_of_the_free_tier_page_are_not_taken_for_instances(bucket: str) -> None:
    assert meaning_of(line("AmazonSageMaker", bucket, "Hrs")) == UNRECOGNISED


def test_cost_explorer_names_a_marketplace_model_as_a_service() -> None:
    meter = line("AWS Marketplace", "USE2-USE2_InputTokenCount_Global-Units", "Units")
    meaning = meaning_of(meter._replace(service_code=None, service_name=CLAUDE))
    assert meaning == dataclasses.replace(sold("input", scope="global"), model="Claude Sonnet 4.6")


@pytest.mark.parametrize("meter", [name for _, name in MEANINGS if _ == "AmazonBedrock"])
def test_a_model_of_bedrock_reads_alike_under_every_product_code(meter: str) -> None:
    def read(code: str) -> Meaning:
        return meaning_of(line(code, meter, "1K tokens"))

    assert read("AmazonBedrock") == read("AmazonBedrockService") == read("AmazonBedrockFoundationModels")
