"""Which usage a commitment can pay for: the base of coverage and of savings rates."""

import polars as pl

SAGEMAKER = "SageMaker instances of serving, training and development"
ACCELERATORS = "EC2 accelerators (not spot)"


def by_sagemaker_plans(charges: pl.DataFrame) -> pl.DataFrame:
    """Usage that a SageMaker Savings Plan pays for: instances of serving, training and development [SP-1]."""
    return charges.filter(
        pl.col("charge_category") == "Usage",
        pl.col("service_code") == "AmazonSageMaker",
        pl.col("kind").is_in(["inference", "training", "development"]),
        pl.col("component") == "instance",
    )


def on_ec2(charges: pl.DataFrame) -> pl.DataFrame:
    """Accelerators on EC2, which Compute plans and reservations pay for. Spot instances are paid by neither."""
    return charges.filter(
        pl.col("charge_category") == "Usage",
        pl.col("kind") == "self-managed",
        pl.col("service_code").fill_null("AmazonEC2") == "AmazonEC2",
        ~pl.col("usage_type").str.contains("SpotUsage"),
    )
