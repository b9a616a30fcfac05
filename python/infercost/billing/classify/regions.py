"""The region prefix of a usage type. It cannot be derived from the region's name, so there is a table.

Source: AWS, "Region billing codes" (docs.aws.amazon.com, global-infrastructure user guide), as repeated by two public
price tools of 2026 that agree on every row; `EUW1` is a second name of Ireland seen in exports.
"""

import re

REGION_OF_PREFIX = {
    "AFS1": "af-south-1",
    "APE1": "ap-east-1",
    "APE2": "ap-east-2",
    "APN1": "ap-northeast-1",
    "APN2": "ap-northeast-2",
    "APN3": "ap-northeast-3",
    "APS1": "ap-southeast-1",
    "APS2": "ap-southeast-2",
    "APS3": "ap-south-1",
    "APS4": "ap-southeast-3",
    "APS5": "ap-south-2",
    "APS6": "ap-southeast-4",
    "APS7": "ap-southeast-5",
    "APS8": "ap-southeast-6",
    "APS9": "ap-southeast-7",
    "CAN1": "ca-central-1",
    "CAN2": "ca-west-1",
    "CNN1": "cn-north-1",
    "CNW1": "cn-northwest-1",
    "EU": "eu-west-1",
    "EUC1": "eu-central-1",
    "EUC2": "eu-central-2",
    "EUN1": "eu-north-1",
    "EUS1": "eu-south-1",
    "EUS2": "eu-south-2",
    "EUW1": "eu-west-1",
    "EUW2": "eu-west-2",
    "EUW3": "eu-west-3",
    "ILC1": "il-central-1",
    "MEC1": "me-central-1",
    "MES1": "me-south-1",
    "MXC1": "mx-central-1",
    "SAE1": "sa-east-1",
    "UGE1": "us-gov-east-1",
    "UGW1": "us-gov-west-1",
    "USE1": "us-east-1",
    "USE2": "us-east-2",
    "USW1": "us-west-1",
    "USW2": "us-west-2",
}

# The form of a prefix, for regions younger than this table: all but Ireland's first one end in a digit.
_FORM = re.compile(r"[A-Z]{2,4}\d{1,2}")


def split_prefix(usage_type: str) -> tuple[str | None, str]:
    """Returns the region prefix, if there is one, and the body of a usage type.

    A prefix that the table does not know is split off all the same, if it is in capitals as AWS writes them: a model
    (`Qwen3-32B`) is no region. Its region stays unknown.

    Example:
        >>> split_prefix("USE1-Host:ml.g5.xlarge")
        ('USE1', 'Host:ml.g5.xlarge')
        >>> split_prefix("XYN7-Host:ml.g5.xlarge")
        ('XYN7', 'Host:ml.g5.xlarge')
        >>> split_prefix("Host:ml.g5.xlarge")
        (None, 'Host:ml.g5.xlarge')
    """
    prefix, dash, body = usage_type.partition("-")
    return (prefix.upper(), body) if dash and is_prefix(prefix) else (None, usage_type)


def is_prefix(name: str) -> bool:
    """Returns whether a name is a region's in usage types: one of the table in any case, or of their form in capitals.

    Example:
        >>> is_prefix("use1"), is_prefix("XYN7"), is_prefix("Qwen3")
        (True, True, False)
    """
    return name.upper() in REGION_OF_PREFIX or _FORM.fullmatch(name) is not None
