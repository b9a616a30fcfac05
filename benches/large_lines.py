"""The lines of a large account: what is metered of each resource, with all that a CUR 2.0 repeats hour by hour."""

import functools
from typing import Any, NamedTuple

import numpy as np
import polars as pl

MAPS = ("cost_category", "discount", "product", "resource_tags")
TIMES = (
    *("bill_billing_period_end_date", "bill_billing_period_start_date"),
    *("line_item_usage_end_date", "line_item_usage_start_date"),
)
DOUBLES = (
    *("discount_bundled_discount", "discount_total_discount"),
    *("line_item_blended_cost", "line_item_net_unblended_cost", "line_item_normalization_factor"),
    *("line_item_normalized_usage_amount", "line_item_unblended_cost", "line_item_usage_amount"),
    "pricing_public_on_demand_cost",
    *("reservation_amortized_upfront_cost_for_usage", "reservation_amortized_upfront_fee_for_billing_period"),
    *("reservation_effective_cost", "reservation_net_amortized_upfront_cost_for_usage"),
    *("reservation_net_amortized_upfront_fee_for_billing_period", "reservation_net_effective_cost"),
    *("reservation_net_recurring_fee_for_usage", "reservation_net_unused_recurring_fee"),
    *("reservation_net_unused_amortized_upfront_fee_for_billing_period", "reservation_net_upfront_value"),
    *("reservation_recurring_fee_for_usage", "reservation_unused_recurring_fee", "reservation_unused_quantity"),
    *("reservation_unused_amortized_upfront_fee_for_billing_period", "reservation_upfront_value"),
    "reservation_unused_normalized_unit_quantity",
    *("savings_plan_amortized_upfront_commitment_for_billing_period", "savings_plan_used_commitment"),
    *("savings_plan_net_amortized_upfront_commitment_for_billing_period", "savings_plan_savings_plan_rate"),
    *("savings_plan_net_recurring_commitment_for_billing_period", "savings_plan_net_savings_plan_effective_cost"),
    *("savings_plan_recurring_commitment_for_billing_period", "savings_plan_savings_plan_effective_cost"),
    "savings_plan_total_commitment_to_date",
)
TEXTS = (
    *("bill_bill_type", "bill_billing_entity", "bill_invoice_id", "bill_invoicing_entity", "bill_payer_account_id"),
    *("bill_payer_account_name", "identity_line_item_id", "identity_time_interval"),
    *("line_item_availability_zone", "line_item_blended_rate", "line_item_currency_code", "line_item_legal_entity"),
    *("line_item_line_item_description", "line_item_line_item_type", "line_item_net_unblended_rate"),
    *("line_item_operation", "line_item_product_code", "line_item_resource_id", "line_item_tax_type"),
    *("line_item_unblended_rate", "line_item_usage_account_id", "line_item_usage_account_name"),
    "line_item_usage_type",
    *("pricing_currency", "pricing_lease_contract_length", "pricing_offering_class", "pricing_public_on_demand_rate"),
    *("pricing_purchase_option", "pricing_rate_code", "pricing_rate_id", "pricing_term", "pricing_unit"),
    *("product_comment", "product_from_location", "product_from_location_type", "product_from_region_code"),
    *("product_instance_family", "product_instance_type", "product_instancesku", "product_location"),
    *("product_location_type", "product_operation", "product_pricing_unit", "product_product_family"),
    *("product_region_code", "product_servicecode", "product_sku", "product_to_location"),
    *("product_to_location_type", "product_to_region_code", "product_usagetype"),
    *("reservation_availability_zone", "reservation_end_time", "reservation_modification_status"),
    *("reservation_normalized_units_per_reservation", "reservation_number_of_reservations"),
    *("reservation_reservation_a_r_n", "reservation_start_time", "reservation_subscription_id"),
    *("reservation_total_reserved_normalized_units", "reservation_total_reserved_units"),
    "reservation_units_per_reservation",
    *("savings_plan_end_time", "savings_plan_instance_type_family", "savings_plan_offering_type"),
    *("savings_plan_payment_option", "savings_plan_purchase_term", "savings_plan_region"),
    *("savings_plan_savings_plan_a_r_n", "savings_plan_start_time"),
)
_PAYER = "012345678901"
_ACCOUNTS = 60
_PLAN = "arn:aws:savingsplans::012345678901:savingsplan/1f0e9d8c-7b6a-4958-8776-655443322110"
_RESERVATION = "arn:aws:ec2:us-east-1:012345678901:reserved-instances/0a1b2c3d-4e5f-4061-9283-a4b5c6d7e8f9"
_REGIONS = (
    ("USE1", "us-east-1", "US East (N. Virginia)"),
    ("USW2", "us-west-2", "US West (Oregon)"),
    ("EU", "eu-west-1", "EU (Ireland)"),
    ("APN1", "ap-northeast-1", "Asia Pacific (Tokyo)"),
)
_NET = 0.93  # what a private discount leaves


class Meter(NamedTuple):
    """What is billed every hour on each of so many resources; the price in USD per unit."""

    resources: int
    code: str
    service: str
    usage_type: str
    operation: str
    unit: str
    price: float
    family: str
    resource: str


_SAGEMAKER = ("AmazonSageMaker", "Amazon SageMaker")
_BEDROCK = ("AmazonBedrock", "Amazon Bedrock")
_EC2 = ("AmazonEC2", "Amazon Elastic Compute Cloud")
_EDITION = ("5gr2u1bqv0lvzbyynkq8xrbz5", "Claude 3.5 Sonnet (Amazon Bedrock Edition)")
_ENDPOINT, _MODEL = (
    "arn:aws:sagemaker:{region}:{account}:endpoint/{name}",
    "arn:aws:bedrock:{region}::foundation-model/{name}",
)
_TOKENS = "InvokeModelInference"
INFERENCE = (
    Meter(150, *_SAGEMAKER, "Host:ml.g5.xlarge", "RunInstance", "Hrs", 1.408, "ML Instance", _ENDPOINT),
    Meter(120, *_SAGEMAKER, "Host:ml.m5.xlarge", "RunInstance", "Hrs", 0.23, "ML Instance", _ENDPOINT),
    Meter(40, *_SAGEMAKER, "AsyncInf:ml.g5.2xlarge", "RunInstance", "Hrs", 1.515, "ML Instance", _ENDPOINT),
    Meter(80, *_SAGEMAKER, "ServerlessInf:Mem-4GB", "Invoke", "Seconds", 0.00008, "ML Serverless", _ENDPOINT),
    Meter(90, *_BEDROCK, "NovaLite-input-tokens", _TOKENS, "1K tokens", 0.00006, "Amazon Bedrock", _MODEL),
    Meter(90, *_BEDROCK, "NovaLite-output-tokens", _TOKENS, "1K tokens", 0.00024, "Amazon Bedrock", _MODEL),
    Meter(60, *_EDITION, "MP:{prefix}_InputTokenCount-Units", "Usage", "Units", 3.0, "", ""),
    Meter(60, *_EDITION, "MP:{prefix}_OutputTokenCount-Units", "Usage", "Units", 15.0, "", ""),
)
_INSTANCE, _VOLUME = "i-{id:017x}", "vol-{id:017x}"
_S3_SERVICE = ("AmazonS3", "Amazon Simple Storage Service")
_LAMBDA_SERVICE = ("AWSLambda", "AWS Lambda")
_RDS_SERVICE = ("AmazonRDS", "Amazon Relational Database Service")
_KEY, _TABLE = "arn:aws:kms:{region}:{account}:key/{id:032x}", "arn:aws:dynamodb:{region}:{account}:table/{name}"
_DATABASE = "arn:aws:rds:{region}:{account}:db:{name}-{id:x}"
_S3, _LAMBDA = "{name}-bucket-{id:x}", "arn:aws:lambda:{region}:{account}:function:{name}-{id:x}"
OTHERS = (
    *(
        Meter(2500, *_EC2, f"BoxUsage:{size}", "RunInstances", "Hrs", price, "Compute Instance", _INSTANCE)
        for size, price in (("m5.large", 0.096), ("c6i.xlarge", 0.17), ("r6g.2xlarge", 0.4032), ("t3.medium", 0.0416))
    ),
    Meter(6000, *_EC2, "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", 0.08, "Storage", _VOLUME),
    Meter(2000, *_EC2, "EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", 0.05, "Storage Snapshot", "snap-{id:017x}"),
    Meter(3000, *_EC2, "DataTransfer-Regional-Bytes", "InterZone-In", "GB", 0.01, "Data Transfer", _INSTANCE),
    Meter(3000, *_EC2, "DataTransfer-Out-Bytes", "RunInstances", "GB", 0.09, "Data Transfer", _INSTANCE),
    Meter(2500, *_S3_SERVICE, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", 0.023, "Storage", _S3),
    Meter(600, *_S3_SERVICE, "Requests-Tier2", "GetObject", "Requests", 4e-7, "API Request", _S3),
    Meter(300, *_S3_SERVICE, "Requests-Tier1", "PutObject", "Requests", 5e-6, "API Request", _S3),
    Meter(3000, *_LAMBDA_SERVICE, "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", 1.66667e-5, "Serverless", _LAMBDA),
    Meter(3000, *_LAMBDA_SERVICE, "Request", "Invoke", "Requests", 2e-7, "Serverless", _LAMBDA),
    Meter(
        900,
        *_RDS_SERVICE,
        "InstanceUsage:db.r5.large",
        "CreateDBInstance:0014",
        "Hrs",
        0.25,
        "Database Instance",
        _DATABASE,
    ),
    Meter(
        2500,
        "AmazonCloudWatch",
        "AmazonCloudWatch",
        "CW:MetricMonitorUsage",
        "MetricStorage:AWS/EC2",
        "Metrics",
        0.3,
        "Metric",
        "",
    ),
    Meter(
        800, "awskms", "AWS Key Management Service", "KMS-Requests", "Decrypt", "Requests", 3e-6, "API Request", _KEY
    ),
    Meter(
        700,
        "AmazonDynamoDB",
        "Amazon DynamoDB",
        "ReadRequestUnits",
        "GetItem",
        "ReadRequestUnits",
        2.5e-7,
        "Amazon DynamoDB PayPerRequest Throughput",
        _TABLE,
    ),
    Meter(200, "9z1ldlbmc5f8xv2d0ss7jqkef", "Datadog Pro", "MP:datadog_hosts-Units", "Usage", "Units", 0.02, "", ""),
)


@functools.cache
def lines() -> pl.DataFrame:
    """One row per line, with prices per unit where a row has costs; `is_inference` marks what is served."""
    random = np.random.default_rng(2026)
    found = [
        _line(meter, random, number, is_inference=meter in INFERENCE)
        for meter in (*INFERENCE, *OTHERS)
        for number in range(meter.resources)
    ]
    schema: dict[str, Any] = (
        dict.fromkeys(TEXTS, pl.String)
        | dict.fromkeys(DOUBLES, pl.Float64)
        | dict.fromkeys(MAPS, pl.Map(pl.String, pl.String))
        | {"discount": pl.Map(pl.String, pl.Float64), "is_inference": pl.Boolean}
    )
    return pl.DataFrame(found, schema=schema, orient="row")


def _line(meter: Meter, random: np.random.Generator, number: int, *, is_inference: bool) -> dict[str, Any]:
    prefix, region, location = _REGIONS[int(random.integers(len(_REGIONS)))]
    account = f"{int(random.integers(_ACCOUNTS)) * 7919 + 10**10:012}"
    name = f"{('chat', 'fraud', 'search', 'ranking', 'etl', 'web')[number % 6]}-{number % 97}"
    resource = meter.resource.format(region=region, account=account, name=name, id=int(random.integers(2**60)))
    usage_type = f"{prefix}-{meter.usage_type.format(prefix=prefix)}"
    sku = f"{int(random.integers(36**10)):X}"[:16]
    marketplace = not meter.family
    rate = f"{meter.price:.10f}"
    line = {
        "is_inference": is_inference,
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS Marketplace" if marketplace else "AWS",
        "bill_invoice_id": f"{2_261_940_385 + marketplace}",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": _PAYER,
        "bill_payer_account_name": "Example Holding",
        "identity_line_item_id": _line_id(random),
        "line_item_availability_zone": f"{region}{'abc'[number % 3]}" if meter.unit == "Hrs" else None,
        "line_item_blended_cost": meter.price,
        "line_item_blended_rate": rate,
        "line_item_currency_code": "USD",
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_description": f"${rate.rstrip('0')} per {meter.unit} of {usage_type} in {location}",
        "line_item_line_item_type": "Usage",
        "line_item_net_unblended_cost": meter.price * _NET,
        "line_item_net_unblended_rate": f"{meter.price * _NET:.10f}",
        "line_item_normalization_factor": 0.0,
        "line_item_normalized_usage_amount": 0.0,
        "line_item_operation": meter.operation,
        "line_item_product_code": meter.code,
        "line_item_resource_id": resource or None,
        "line_item_unblended_cost": meter.price,
        "line_item_unblended_rate": rate,
        "line_item_usage_account_id": account,
        "line_item_usage_account_name": f"team-{account[-4:]}",
        "line_item_usage_type": usage_type,
        "pricing_currency": "USD",
        "pricing_public_on_demand_cost": None if marketplace else meter.price,
        "pricing_public_on_demand_rate": None if marketplace else rate,
        "pricing_rate_code": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "pricing_rate_id": str(int(random.integers(10**11))),
        "pricing_term": "OnDemand",
        "pricing_unit": meter.unit,
        "product_location": location,
        "product_location_type": "AWS Region",
        "product_operation": meter.operation,
        "product_pricing_unit": meter.unit,
        "product_product_family": meter.family or None,
        "product_region_code": region,
        "product_servicecode": meter.code,
        "product_sku": sku,
        "product_usagetype": usage_type,
        "product": _product(meter, usage_type, region, location),
        "resource_tags": _tags(number, name) if resource else {},
        "cost_category": {"business_unit": ("Retail", "Payments", "Platform")[number % 3], "stage": "production"},
        "discount": {"edp_discount": -round(meter.price * (1 - _NET), 10)},
        "discount_bundled_discount": 0.0,
        "discount_total_discount": -meter.price * (1 - _NET),
    }
    return line | _treatment(meter, number)


def _product(meter: Meter, usage_type: str, region: str, location: str) -> dict[str, str]:
    """The attributes that AWS's price list has for such a product, by the names that they have in a CUR 2.0."""
    if not meter.family:
        return {"product_name": meter.service, "sellername": "Example Seller, Inc."}
    common = {"product_name": meter.service, "servicename": meter.service, "region": region}
    if meter.unit != "Hrs":
        return common | _ATTRIBUTES.get(meter.family, {}) | {"availability": "99.99%", "group": meter.operation}
    size = usage_type.rpartition(":")[2]
    of_instances = _OF_DATABASES if meter.code == "AmazonRDS" else _OF_INSTANCES if meter.code == "AmazonEC2" else {}
    return (
        common | _COMPUTE | of_instances | {"instance_name": size, "regionless_usage_type": size, "location": location}
    )


_COMPUTE = {
    "clock_speed": "3.1 GHz",
    "current_generation": "Yes",
    "memory": "16 GiB",
    "network_performance": "Up to 10 Gigabit",
    "physical_processor": "Intel Xeon Platinum 8175 (Skylake)",
    "processor_architecture": "64-bit",
    "vcpu": "4",
}
_OF_INSTANCES = {
    "availabilityzone": "NA",
    "capacitystatus": "Used",
    "classicnetworkingsupport": "false",
    "dedicated_ebs_throughput": "Up to 2120 Mbps",
    "ecu": "16",
    "enhanced_networking_supported": "Yes",
    "gpu_memory": "NA",
    "intel_avx2_available": "Yes",
    "intel_avx_available": "Yes",
    "intel_turbo_available": "Yes",
    "license_model": "No License required",
    "marketoption": "OnDemand",
    "normalization_size_factor": "8",
    "operating_system": "Linux",
    "pre_installed_sw": "NA",
    "processor_features": "Intel AVX; Intel AVX2; Intel AVX512; Intel Turbo",
    "storage": "EBS only",
    "tenancy": "Shared",
    "vpcnetworkingsupport": "true",
}
_OF_DATABASES = {
    "database_edition": "Standard",
    "database_engine": "PostgreSQL",
    "deployment_option": "Multi-AZ",
    "engine_code": "14",
    "license_model": "No license required",
    "storage": "EBS Only",
}
_ATTRIBUTES = {
    "Storage": {
        "durability": "99.999999999%",
        "max_iopsvolume": "16000",
        "max_throughputvolume": "1000 MiB/s",
        "max_volume_size": "16 TiB",
        "storage_class": "General Purpose",
        "storage_media": "SSD-backed",
        "volume_api_name": "gp3",
        "volume_type": "General Purpose",
    },
    "Storage Snapshot": {"storage_media": "Amazon S3"},
    "Data Transfer": {"transfer_type": "IntraRegion"},
    "API Request": {"group_description": "API requests", "request_type": "Tier"},
    "Serverless": {"group_description": "Invocation duration weighted by memory assigned to function"},
}


def _tags(number: int, name: str) -> dict[str, str]:
    if number % 5 == 0:
        return {}
    tags = {"user_team": f"team-{number % 40}", "user_environment": ("production", "staging")[number % 2]}
    return (
        tags if number % 3 else tags | {"user_app": name, "aws_created_by": "AssumedRole:deploy", "user_owner": "ops"}
    )


def _treatment(meter: Meter, number: int) -> dict[str, Any]:
    """Most lines are plain use; some stand for what a plan or a reservation covers, and for tax, credits and fees."""
    computes = meter.unit == "Hrs" and meter.code in {"AmazonEC2", "AmazonSageMaker"}
    kind = number % 20
    plan = {"savings_plan_savings_plan_a_r_n": _PLAN, "savings_plan_offering_type": "ComputeSavingsPlans"}
    if computes and kind in {1, 2, 3}:
        return plan | {
            "line_item_line_item_type": "SavingsPlanCoveredUsage",
            "savings_plan_savings_plan_effective_cost": meter.price * 0.72,
            "savings_plan_net_savings_plan_effective_cost": meter.price * 0.72 * _NET,
            "savings_plan_savings_plan_rate": meter.price * 0.72,
        }
    if computes and kind == 4:
        return plan | {
            "line_item_line_item_type": "SavingsPlanNegation",
            "line_item_resource_id": _PLAN,
            "line_item_unblended_cost": -meter.price,
            "line_item_net_unblended_cost": -meter.price * _NET,
            "resource_tags": {},
        }
    if meter.code == "AmazonEC2" and computes and kind == 5:
        return {
            "line_item_line_item_type": "DiscountedUsage",
            "line_item_unblended_cost": 0.0,
            "line_item_net_unblended_cost": 0.0,
            "reservation_reservation_a_r_n": _RESERVATION,
            "reservation_effective_cost": meter.price * 0.6,
            "reservation_net_effective_cost": meter.price * 0.6 * _NET,
        }
    if meter.code == "AmazonEC2" and kind == 6:
        return (
            {
                "line_item_line_item_type": "SavingsPlanRecurringFee",
                "line_item_product_code": "ComputeSavingsPlans",
                "line_item_usage_type": "ComputeSP:1yrNoUpfront",
                "savings_plan_savings_plan_a_r_n": _PLAN,
                "savings_plan_total_commitment_to_date": meter.price,
                "savings_plan_used_commitment": meter.price * 0.9,
                "resource_tags": {},
            }
            if number % 200 == 6
            else {}
        )
    if kind in {7, 8, 9} and number % 100 < 20:
        named = {7: "Tax", 8: "Credit", 9: "EdpDiscount"}[kind]
        sign = 1 if kind == 7 else -1
        return {
            "line_item_line_item_type": named,
            "line_item_resource_id": None,
            "line_item_operation": None,
            "line_item_unblended_cost": sign * meter.price * 0.1,
            "line_item_net_unblended_cost": sign * meter.price * 0.1,
            "resource_tags": {},
        }
    return {}


def _line_id(random: np.random.Generator) -> str:
    """52 characters of base 32, as AWS prints 32 bytes."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(alphabet[place] for place in random.integers(32, size=52))
