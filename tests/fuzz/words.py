"""Words of bills, good and bad, that a mutation of bytes would take long to find."""

from fuzz.choices import Choices

AMOUNTS = ("", "0", "-0", "1.5", "-3", "1e3", "4E-7", "0.123456789012345678", "12345678901234567890", "NULL", "1_0")
TIMES = (
    *("2026-10-31T23:00:00Z", "2026-10-31", "2026-11-01 00:00:00", "2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00Z"),
    *("2026-09-30T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59Z", ""),
)
TEXTS = (
    *(
        "",
        "NULL",
        "\0",
        "\x1b[2J",
        '"',
        "'",
        "\n",
        "\r\n",
        "\r",
        ",",
        "\ufeff",
        "\u2028",
        "{",
        "[]",
        "x" * 5000,
        "9" * 40,
    ),
    *(
        "NaN",
        "Infinity",
        "0x10",
        "\u0661",
        "1,5",
        " 1.5",
        "0.1234567890123456789",
        "2026-13-01",
        "2026-10-01T00:00+02:00",
    ),
    *("Usage", "usage", "Tax", "Credit", "Purchase", "Adjustment", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    *(
        "SavingsPlanRecurringFee",
        "DiscountedUsage",
        "RIFee",
        "Fee",
        "Refund",
        "EdpDiscount",
        "Novelty",
        "Unused",
        "Used",
    ),
    *("AmazonSageMaker", "AmazonBedrock", "AmazonBedrockService", "AmazonEC2", "ComputeSavingsPlans", "AmazonS3"),
    *("Claude 3 Haiku (Amazon Bedrock Edition)", "Host:ml.g5.xlarge", "EU-ServerlessInf:Mem-4GB", "Requests-Tier1"),
    *("USE1-NovaLite-input-tokens-batch", "XYZ9-Nova-cache-write-1h-input-token-count", "Guardrail-TextUnits"),
    *("USE1-Llama-CustomModelImport-Inference-v1:0", "BoxUsage:g5.xlarge", "MP:USE1_InputTokenCount-Units", "Units"),
    *("Hrs", "hour", "1K tokens", "1M tokens", "GB", "Second", "USD", "EUR", "EKSPod-EC2", "InvokeModelInference"),
    *('{"user_team":"risk","team":"risk"}', '{"a":{"b":1}}', "arn:aws:sagemaker:x:1:endpoint/a", "arn:x:reservation/1"),
)
WORDS = (*AMOUNTS, *TIMES, *TEXTS)
_AMOUNT = ("cost", "quantity", "amount", "fee", "todate", "usedcommitment", "forbillingperiod")
_TIME = ("periodstart", "periodend", "date")


def word(choices: Choices) -> str:
    """A word, some text, or several of them in a row."""
    parts = [choices.text() if choices.number(2) else choices.pick(WORDS) for _ in range(1 + choices.number(3))]
    return choices.pick(("", "-", "_", ":")).join(parts)


def cell(choices: Choices, column: str) -> str:
    """Mostly what such a column may hold; now and then anything."""
    name = column.replace("_", "").lower()
    if choices.number(8) == 0:
        return word(choices)
    if name.endswith(_TIME):
        return choices.pick(TIMES)
    return choices.pick(AMOUNTS if name.endswith(_AMOUNT) else TEXTS)
