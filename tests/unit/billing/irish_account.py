"""A real account of December 2023 in Ireland, rebuilt as the rows of its Cost and Usage Report.

AWS published what the account of a sample project was billed: github.com/aws-samples/sagemaker-ssh-helper,
Sample_Costs.md. The figures are theirs: prices, quantities to the thousandth, costs to the cent. When within the month
something ran, and what it was called, they do not say; here everything runs from the first hour on, one at a time.
Left out are two lines of SageMaker Debugger, which cost nothing and whose usage types nobody has told.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from unit.billing.make_exports import Row, cur

START = dt.datetime(2023, 12, 1, tzinfo=dt.UTC)
HOURS = 744
REGION = "eu-west-1"
ACCOUNT = "012345678901"


class Published(NamedTuple):
    """A line of the published bill, and the usage type behind it."""

    usage_type: str
    price: Decimal
    quantity: Decimal
    cost: Decimal
    unit: str = "Hrs"
    service: str = "AmazonSageMaker"


def _published(usage_type: str, price: str, quantity: str, cost: str, *more: str) -> Published:
    return Published(usage_type, Decimal(price), Decimal(quantity), Decimal(cost), *more)


ENDPOINTS = (
    _published("Host:ml.m5.xlarge", "0.257", "8.208", "2.11"),
    _published("Host:ml.g4dn.xlarge", "0.821", "1.299", "1.07"),
    _published("Host:ml.g4dn.4xlarge", "1.678", "74.998", "125.85"),
    _published("Host:ml.g4dn.12xlarge", "5.453", "31.543", "172.00"),
    _published("Host:ml.g5.12xlarge", "7.91", "22.409", "177.26"),
)
JOBS = (_published("Tsform:ml.m5.xlarge", "0.257", "2.126", "0.55"),)
BESIDE = (
    _published("Host:VolumeUsage.gp2", "0.154", "0.222", "0.03", "GB-Mo"),
    _published("Hst:Data-Bytes-In", "0.016", "0", "0.00", "GB"),
    _published("Hst:Data-Bytes-Out", "0.016", "0", "0.00", "GB"),
)
TRAINING = (
    _published("Train:ml.m5.xlarge", "0.257", "44.015", "11.31"),
    _published("TrainWarmPool:ml.m5.xlarge", "0.257", "167.301", "43.00"),
    _published("Train:ml.g4dn.xlarge", "0.822", "14.801", "12.17"),
    _published("TrainWarmPool:ml.g4dn.xlarge", "0.822", "33.597", "27.62"),
    _published("Train:ml.g5.xlarge", "1.57", "2.887", "4.53"),
    _published("Train:ml.p3.2xlarge", "4.131", "4.139", "17.10"),
    _published("Train:VolumeUsage.gp2", "0.154", "1.942", "0.30", "GB-Mo"),
    _published("TrainWarmPool:VolumeUsage.gp2", "0.154", "6.746", "1.04", "GB-Mo"),
)
DEVELOPMENT = (
    _published("Notebk:ml.t3.medium", "0.055", "744", "40.92"),
    _published("Studio:ml.t3.medium", "0.055", "1116.74", "61.42"),
    _published("Studio:ml.m5.large", "0.128", "1339.426", "171.45"),
    _published("Studio:ml.g4dn.xlarge", "0.8218", "18.913", "15.54"),
    _published("Processing:ml.m5.xlarge", "0.257", "2.382", "0.61"),
    _published("Notebk:VolumeUsage.gp2", "0.154", "5", "0.77", "GB-Mo"),
    _published("Processing:VolumeUsage.gp2", "0.11", "0.096", "0.01", "GB-Mo"),
)
OTHERS = (_published("MI-AdvInstances-Hrs", "0.00695", "4099", "28.49", "Hrs", "AWSSystemsManager"),)
EVERYTHING = (*ENDPOINTS, *JOBS, *BESIDE, *TRAINING, *DEVELOPMENT, *OTHERS)

SAGEMAKER_TOTAL = Decimal("886.66")  # as published; so are the totals below
ENDPOINTS_TOTAL = Decimal("478.29")
_BY_HOUR = {line.usage_type for line in EVERYTHING if line.usage_type.partition(":")[2].startswith("ml.")}
_NAMES = {"AmazonSageMaker": "Amazon SageMaker", "AWSSystemsManager": "AWS Systems Manager"}
_RESOURCES = {"Host": "endpoint", "Tsform": "transform-job", "Train": "training-job", "Processing": "processing-job"}


def cur_2_0() -> list[Row]:
    """The rows as CUR 2.0 has them: by the hour what runs in SageMaker, by the day all else."""
    return [row for line in EVERYTHING for row in _rows(line)]


def _rows(line: Published) -> Iterator[Row]:
    by_hour = line.usage_type in _BY_HOUR
    step, pieces = (1, _hours(line.quantity)) if by_hour else (24, _days(line.quantity))
    for position, quantity in enumerate(pieces):
        start = START + dt.timedelta(hours=position * step % HOURS)
        cost = f"{quantity * line.price:f}"
        yield cur(
            bill_billing_period_start_date="2023-12-01T00:00:00Z",
            bill_billing_period_end_date="2024-01-01T00:00:00Z",
            bill_payer_account_id=ACCOUNT,
            line_item_usage_account_id=ACCOUNT,
            line_item_product_code=line.service,
            line_item_operation="RunInstance" if line.unit == "Hrs" else "CreateVolume-Gp2",
            line_item_resource_id=_resource(line, position * step // HOURS),
            line_item_usage_type=f"EU-{line.usage_type}",
            line_item_usage_start_date=f"{start:%Y-%m-%dT%H:%M:%SZ}",
            line_item_usage_end_date=f"{start + dt.timedelta(hours=step):%Y-%m-%dT%H:%M:%SZ}",
            line_item_usage_amount=f"{quantity:f}",
            line_item_unblended_cost=cost,
            pricing_public_on_demand_cost=cost,
            pricing_unit=line.unit,
            product=f'{{"product_name": "{_NAMES[line.service]}"}}',
            product_region_code=REGION,
            resource_tags="{}",
        )


def _hours(quantity: Decimal) -> list[Decimal]:
    """Whole hours, and the rest in the last."""
    whole, rest = divmod(quantity, 1)
    return [Decimal(1)] * int(whole) + ([rest] if rest else [])


def _days(quantity: Decimal) -> list[Decimal]:
    """The same every day, but for what does not divide."""
    days = HOURS // 24
    each = (quantity / days).quantize(Decimal("0.0000000001"))
    return [*[each] * (days - 1), quantity - each * (days - 1)]


def _resource(line: Published, number: int) -> str:
    component, _, what = line.usage_type.partition(":")
    kind = _RESOURCES.get(component)
    if kind is None or not what.startswith("ml."):
        return ""
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{what.removeprefix('ml.').replace('.', '-')}-{number}"
