"""Which service sells a line: by its code, by its name where the code is missing or opaque, else by its usage type."""

import re

import polars as pl

from infercost.billing.classify.marketplace import read_marketplace
from infercost.billing.classify.meaning import Line
from infercost.billing.classify.regions import split_prefix

# A word in a service's code or name: the first that is found counts.
_PRODUCTS = {
    "savingsplan": "savings-plan",
    "savings plan": "savings-plan",
    "sagemaker": "sagemaker",
    "bedrock edition)": "marketplace",
    "bedrockfoundationmodels": "marketplace",
    "bedrockagentcore": "agentcore",
    "bedrock agentcore": "agentcore",
    "bedrock": "bedrock",
    "ec2": "ec2",
    "elastic compute cloud": "ec2",
}
# EC2 families with accelerators: nothing but the family marks an instance as one that may serve models.
_ACCELERATOR = r"(?:BoxUsage|SpotUsage):(?:g|gr|p|inf|trn)\d"
_EC2 = re.compile(rf"(?:^|-){_ACCELERATOR}[\w-]*\.[\w-]+$", re.IGNORECASE)
# Instances called ml., and names that no other service has.
_SAGEMAKER = re.compile(
    r"\w+:ml\.|(?:Host|AsyncInf|Tsform|Cluster|Studio|UnifiedStudio):VolumeUsage"
    r"|Hst:Data-Bytes|ServerlessInf:|ProvisionedConcurrency:(?:Mem|Usage)-",
    re.IGNORECASE,
)

# Rows that may matter, in one expression: a superset of all that is classified as more than "other-service".
_SERVICES = r"(?i)sagemaker|bedrock|savings ?plan"
_METERS = rf"(?i){_ACCELERATOR}|MP:.*(?:token|provisionedthroughput)"
# Codes that say whose a row is. Others are opaque ids of Marketplace, and only the name tells what they sell.
_OWN = r"(?i)^(?:amazon|aws)"
_NAMELESS = (
    r"(?i):ml\.|:VolumeUsage|Data-Bytes|ServerlessInf|ProvisionedConcurrency|token|ModelUnits|ProvisionedThroughput"
    r"|CustomModelImport"
)


def may_matter(service_code: pl.Expr, service_name: pl.Expr | None, usage_type: pl.Expr) -> pl.Expr:
    """Returns the filter that keeps all of machine learning, accelerators and Savings Plans, and little else.

    Args:
        service_code: of a row, as text, null where there is none; the others likewise.
        service_name: None where names are not known yet: then what only a name could tell is kept, too.
        usage_type: as billed.
    """
    code, meter = service_code.fill_null(""), usage_type.fill_null("")
    told = code.str.contains(_SERVICES) | meter.str.contains(_METERS)
    if service_name is None:
        return told | ~code.str.contains(_OWN)
    name = service_name.fill_null("")
    return told | name.str.contains(_SERVICES) | ((code == "") & (name == "") & meter.str.contains(_NAMELESS))


def is_opaque(service_code: str | None) -> bool:
    """Returns whether only a service's name tells what is sold.

    Example:
        >>> is_opaque("9z1ldlbmc5f8xv2d0ss7jqkef"), is_opaque("AmazonS3")
        (True, False)
    """
    return re.match(_OWN, service_code or "") is None


def product_of(line: Line) -> str | None:
    """Returns what sells the line, None for any other service.

    Example:
        >>> product_of(Line("usage", "AmazonBedrockService", None, "USE1-Claude4.6Sonnet-input-tokens", None, None))
        'bedrock'
        >>> product_of(Line("usage", None, None, "USE1-Host:ml.g5.xlarge", None, None))
        'sagemaker'
    """
    found = _named(line.service_code) or _named(line.service_name)
    resold = "mp:" in (line.usage_type or "").lower()
    if found == "bedrock" and resold:
        return "marketplace"
    if found == "ec2":
        return "ec2" if _EC2.search(line.usage_type or "") else None
    if found is None and not line.service_name and (resold or not line.service_code):
        return _by_usage_type(line)
    return found


def _by_usage_type(line: Line) -> str | None:
    """Cost Explorer may group by usage type alone, and Marketplace's product codes say nothing.

    Both sell much else: only the spelling of a meter that nobody else has will do.
    """
    usage_type = line.usage_type or ""
    body = split_prefix(usage_type)[1]
    if read_marketplace(line, body).meter is not None:
        return "marketplace"
    if line.service_code:
        return None
    if _EC2.search(usage_type):
        return "ec2"
    return "sagemaker" if _SAGEMAKER.match(body) else None


def _named(service: str | None) -> str | None:
    name = (service or "").lower()
    return next((product for word, product in _PRODUCTS.items() if word in name), None)
