"""The one table: a simulated month and a billed month have this schema. Costs are FOCUS's, in snake case."""

import polars as pl

# Wide enough for every decimal that an export prints; 20 digits are left before the point.
MONEY = pl.Decimal(38, 18)
QUANTITY = pl.Decimal(38, 18)
TIME = pl.Datetime("us", "UTC")

# One row is one metered quantity with its costs for one period. Null means that the source does not say.
CHARGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "billing_account_id": pl.String,  # the payer; ids keep their leading zeros
    "billing_account_name": pl.String,
    "sub_account_id": pl.String,
    "sub_account_name": pl.String,
    "invoice_id": pl.String,  # null until the bill is final
    "invoice_issuer_name": pl.String,  # who sends the invoice: Amazon Web Services, Inc.
    "publisher_name": pl.String,  # who made what is sold: the seller of a Marketplace model
    "billing_period_start": TIME,  # first of the month
    "charge_period_start": TIME,  # half-open: start inclusive, end exclusive
    "charge_period_end": TIME,
    "charge_category": pl.String,  # Usage, Purchase, Tax, Credit, Adjustment
    "charge_class": pl.String,  # Correction, or null
    "line_item_type": pl.String,  # as CUR names it; null from FOCUS
    "service_code": pl.String,  # AmazonSageMaker, AmazonBedrock, ...
    "service_name": pl.String,
    "usage_type": pl.String,  # as billed, with its region prefix
    "operation": pl.String,
    "region_id": pl.String,
    "resource_id": pl.String,
    "iam_principal": pl.String,  # who called a Bedrock model, where the export has it
    "tags": pl.String,  # a JSON object with sorted keys
    "charge_description": pl.String,
    "quantity": QUANTITY,  # as billed, in `unit`
    "unit": pl.String,
    "billed_cost": MONEY,  # the invoice's view: net of private discounts where the export tells them
    "effective_cost": MONEY,  # the same with commitments spread over what they covered
    "contracted_cost": MONEY,  # after private discounts, before commitments
    "list_cost": MONEY,
    "unblended_cost": MONEY,  # before private discounts; null from FOCUS, which has no such view
    "amortized_cost": MONEY,  # before private discounts, commitments spread; null from FOCUS
    "billing_currency": pl.String,
    "commitment_discount_id": pl.String,
    "commitment_discount_status": pl.String,  # Used, Unused
    "commitment_cost": MONEY,  # on the fee of a Savings Plan: what this period is committed to
    "commitment_used_cost": MONEY,  # on the same row: what of it was used
    "commitment_end": TIME,  # when the plan or reservation ends, where the export says so
}

# What classification adds to a charge, joined by the distinct (service, usage type, unit, description) once.
CLASSIFICATION: dict[str, pl.DataType | type[pl.DataType]] = {
    "kind": pl.String,  # see Kind
    "pattern": pl.String,  # a pattern of schema.scenario, null where none is meant
    "component": pl.String,  # instance, storage, data-in, data-out, serverless, tokens, model-units, ...
    "meter": pl.String,  # a meter of schema.usage, null where none is meant
    "meter_factor": QUANTITY,  # quantity x meter_factor = meter quantity (hours -> ns, 1K tokens -> tokens ...)
    "instance_type": pl.String,  # ml.g5.xlarge; bare EC2 types too
    "memory_mb": pl.Int64,  # of serverless
    "model": pl.String,  # as the usage type names it: NovaLite, Claude4.6Sonnet
    "token_class": pl.String,  # input, output, cache-read, cache-write-5m, cache-write-1h
    "tier": pl.String,  # standard, batch, flex, priority, latency-optimized, reserved
    "scope": pl.String,  # regional, global
    "custom_model": pl.Boolean,
}

KINDS = (
    "inference",  # serving: what infercost is for
    "related",  # guardrails, knowledge bases, agents: shown, not advised
    "training",  # SageMaker training, Bedrock customisation
    "development",  # notebooks, Studio, Canvas, processing
    "self-managed",  # EC2 accelerators and HyperPod nodes: shown, not advised
    "commitment",  # Savings Plan fees and negations
    "other-service",  # not machine learning at all
    "unrecognised",  # of an ML service, but we do not know it: counted in dollars and shown
)
