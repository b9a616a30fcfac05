"""Rows of the invoice that belong to no resource: taxes and a credit."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from infercost.demo.account import DIGITAL, PLATFORM, RISK, Account
from infercost.demo.charge import Charge
from infercost.demo.meters import EC2, SAGEMAKER, Service
from infercost.demo.month import END, START


def invoice() -> Iterator[Charge]:
    """A tax per account and service, and a credit for moving to EC2."""
    yield _month("Tax", RISK, SAGEMAKER, "Tax for product code AmazonSageMaker", "482.19")
    yield _month("Tax", DIGITAL, SAGEMAKER, "Tax for product code AmazonSageMaker", "127.40")
    yield _month("Tax", PLATFORM, EC2, "Tax for product code AmazonEC2", "361.07")
    yield _month("Credit", DIGITAL, EC2, "Migration Acceleration Program credit", "-1500.00")


def _month(
    category: Literal["Tax", "Credit"], account: Account, service: Service, description: str, amount: str
) -> Charge:
    cost = Decimal(amount)
    return Charge(
        account=account,
        service=service,
        category=category,
        start=START,
        end=END,
        description=description,
        billed=cost,
        effective=cost,
        listed=cost,
    )
