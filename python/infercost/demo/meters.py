"""What the account is billed by: usage types with list prices of us-east-1, written by hand.

Sources of the prices, read in November 2026:

- ml.* hosting: fmbench 2.1.1 `pricing.yml` (2025-02); ml.g5.xlarge from a table of the AWS Price List API (2026-08-17);
  ml.m5.large is EC2's 0.096 x 1.20, the factor between EC2 and hosting of this family.
- ml.g6e.12xlarge training: a table of the AWS Price List API (2026-06-19). Notebooks: EC2's price x 1.20.
- Data in and out of endpoints: sm-serverless-benchmarking 0.2.3 (2023-10). Volumes of endpoints: a test file of
  infracost (2026).
- Bedrock tokens: litellm 1.109.1 (2026-11). Model units and storage of custom models: a copy of AWS's Bedrock pricing
  page (2026-07-24).
- EC2: karpenter-provider-aws (2026-07-20). EBS and S3: AWS's pricing pages, from general knowledge.
"""

from dataclasses import dataclass
from decimal import Decimal

from infercost.demo.account import REGION_NAME

PREFIX = "USE1"


@dataclass(frozen=True)
class Service:
    """An AWS service: its code, and its name and place in FOCUS."""

    code: str
    name: str
    category: str
    subcategory: str


_AI = "AI and Machine Learning"
SAGEMAKER = Service("AmazonSageMaker", "Amazon SageMaker", _AI, "AI Platforms")
BEDROCK = Service("AmazonBedrock", "Amazon Bedrock", _AI, "Generative AI")
BEDROCK_SERVICE = Service("AmazonBedrockService", "Amazon Bedrock Service", _AI, "Generative AI")
SAVINGS_PLANS = Service("MachineLearningSavingsPlans", "Savings Plans for AWS Machine Learning", _AI, "AI Platforms")
EC2 = Service("AmazonEC2", "Amazon Elastic Compute Cloud", "Compute", "Virtual Machines")
S3 = Service("AmazonS3", "Amazon Simple Storage Service", "Storage", "Object Storage")


@dataclass(frozen=True)
class Meter:
    """A usage type with its unit and its list price in USD per unit."""

    service: Service
    usage_type: str
    operation: str
    unit: str
    price_usd: Decimal
    description: str


_HOSTING_USD_PER_HOUR = {
    "ml.c5.2xlarge": "0.408",
    "ml.c5.4xlarge": "0.816",
    "ml.g4dn.xlarge": "0.7364",
    "ml.g5.2xlarge": "1.515",
    "ml.g5.xlarge": "1.408",
    "ml.m5.large": "0.1152",
}
_TOKENS_USD_PER_1K = {
    "NovaLite-input-tokens": "0.00006",
    "NovaLite-output-tokens": "0.00024",
    "NovaPro-input-tokens": "0.0008",
    "NovaPro-output-tokens": "0.0032",
    "Claude4.5Haiku-input-tokens": "0.001",
    "Claude4.5Haiku-output-tokens": "0.005",
    "Claude4.5Haiku-cache-read-input-token-count": "0.0001",
    "Claude4.5Haiku-cache-write-input-token-count": "0.00125",
}
_EC2_USD_PER_HOUR = {"g5.2xlarge": "1.212", "m5.xlarge": "0.192", "r5.2xlarge": "0.504"}


def hosting(instance_type: str) -> Meter:
    """Hours of a real-time endpoint's instances.

    >>> hosting("ml.g5.xlarge").description
    '$1.408 per Hosting ml.g5.xlarge hour in US East (N. Virginia)'
    """
    price = _HOSTING_USD_PER_HOUR[instance_type]
    says = f"${price} per Hosting {instance_type} hour in {REGION_NAME}"
    return Meter(SAGEMAKER, f"{PREFIX}-Host:{instance_type}", "RunInstance", "Hrs", Decimal(price), says)


def tokens(meter: str, operation: str = "InvokeModelInference") -> Meter:
    """Tokens of a Bedrock model, in thousands. Claude is billed by a service of its own."""
    price = _TOKENS_USD_PER_1K[meter]
    service = BEDROCK_SERVICE if meter.startswith("Claude") else BEDROCK
    says = f"${price} per 1K tokens for {meter} in {REGION_NAME}"
    return Meter(service, f"{PREFIX}-{meter}", operation, "1K tokens", Decimal(price), says)


def ec2(instance_type: str) -> Meter:
    """Hours of an EC2 instance; us-east-1 has no prefix there."""
    price = _EC2_USD_PER_HOUR[instance_type]
    says = f"${price} per On Demand Linux {instance_type} Instance Hour"
    return Meter(EC2, f"BoxUsage:{instance_type}", "RunInstances", "Hrs", Decimal(price), says)


def _sagemaker(usage_type: str, operation: str, unit: str, price: str, says: str) -> Meter:
    return Meter(SAGEMAKER, f"{PREFIX}-{usage_type}", operation, unit, Decimal(price), f"${price} per {says}")


DATA_IN = _sagemaker("Hst:Data-Bytes-In", "Invoke-Endpoint", "GB", "0.016", "GB of data processed IN for hosting")
DATA_OUT = _sagemaker("Hst:Data-Bytes-Out", "Invoke-Endpoint", "GB", "0.016", "GB of data processed OUT for hosting")
HOSTING_VOLUME = _sagemaker("Host:VolumeUsage.gp2", "CreateVolume-Gp2", "GB-Mo", "0.112", "GB-Mo of hosting storage")
TRAINING = _sagemaker("Train:ml.g6e.12xlarge", "RunInstance", "Hrs", "13.12", "Training ml.g6e.12xlarge hour")
NOTEBOOK = _sagemaker("Notebk:ml.t3.medium", "RunInstance", "Hrs", "0.05", "Notebook ml.t3.medium hour")
# An example figure, not a price: that of an endpoint's volume, for want of a source for Studio's.
STUDIO_VOLUME = _sagemaker("Studio:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "0.112", "GB-Mo of Studio storage")


def _bedrock(usage_type: str, operation: str, unit: str, price: str, says: str) -> Meter:
    return Meter(BEDROCK, f"{PREFIX}-{usage_type}", operation, unit, Decimal(price), f"${price} per {says}")


CUSTOM_UNIT = _bedrock(
    "Llama3-1-8B-ProvisionedThroughput-Custom-NoCommit-ModelUnits",
    "InvokeModelInference",
    "hour",
    "24.00",
    "hour and model unit for custom Llama 3.1 Instruct (8B), no commitment",
)
CUSTOM_STORAGE = _bedrock(
    "Llama3-1-8B-Customization-Storage", "Storage", "Model/month", "1.95", "custom model stored for a month"
)
EBS = Meter(EC2, "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", Decimal("0.08"), "$0.08 per GB-month of gp3")
S3_STORAGE = Meter(
    S3, "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", Decimal("0.023"), "$0.023 per GB - first 50 TB / month"
)
S3_REQUESTS = Meter(
    S3, "Requests-Tier1", "PutObject", "Requests", Decimal("0.000005"), "$0.005 per 1,000 PUT, COPY, POST, or LIST"
)
