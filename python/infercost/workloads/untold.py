"""What a bill can't tell about its inference, in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import polars as pl

from infercost.schema.workload import Workload
from infercost.workloads.dimension import WORKLOAD, Dimension
from infercost.workloads.idle import BY_THE_HOUR, IDLE
from infercost.workloads.requests import WHOLE

# As names.is_bedrock has it.
_BEDROCK = pl.any_horizontal(
    pl.col("model").is_not_null(),
    pl.col("service_code").str.contains("(?i)bedrock").fill_null(value=False),
    pl.col("pattern").str.starts_with("bedrock").fill_null(value=False),
)


def untold(charges: pl.DataFrame, workloads: Sequence[Workload], by: Dimension, currency: str) -> tuple[str, ...]:
    """Each with what would tell it.

    Args:
        charges: of the workloads, with `workload`, `by_the_hour` and `idle`.
        workloads: that are shown.
        by: what they are told apart by.
        currency: of the bill.
    """
    amount = _Amount(currency)
    return (
        *_resources(charges, amount),
        *_models(charges, amount),
        *_requests(workloads, amount),
        *_idle(charges, amount),
        *_several_models(charges),
        *_principals(charges, by),
    )


class _Amount:
    def __init__(self, currency: str) -> None:
        self._currency = currency

    def __call__(self, charges: pl.DataFrame) -> str:
        return f"{Decimal(charges['effective_cost'].sum() or 0):,.2f} {self._currency}"


def _resources(charges: pl.DataFrame, amount: _Amount) -> Iterator[str]:
    nameless = charges.filter(pl.col("resource_id").is_null(), ~_BEDROCK)
    if not nameless.is_empty():
        yield (
            f"{amount(nameless)} of SageMaker has no resource id: endpoints are told apart by type and tags only;"
            " export with INCLUDE_RESOURCES (CUR 2.0), RESOURCES (CUR) or ResourceId (FOCUS)"
        )


def _models(charges: pl.DataFrame, amount: _Amount) -> Iterator[str]:
    """Usage types of Marketplace name none: only the product does."""
    unnamed = charges.filter(_BEDROCK, pl.col("model").is_null())
    if not unnamed.is_empty():
        yield (
            f"{amount(unnamed)} of Bedrock names no model: Marketplace names it by its product only; export"
            " product/ProductName (CUR), product (CUR 2.0) or ServiceName (FOCUS), or group by SERVICE (Cost Explorer)"
        )


def _requests(workloads: Sequence[Workload], amount: _Amount) -> Iterator[str]:
    partial = [one for one in workloads if one.traffic is not None and one.traffic.span < WHOLE]
    lacking = [one for one in workloads if one.traffic is None and not one.charges.is_empty()]
    if lacking:
        charges = pl.concat([one.charges for one in lacking])
        yield (
            f"requests of {_workloads(len(lacking))} ({amount(charges)}): no bill counts them;"
            " --traffic or `traffic` in infercost.toml does"
        )
    if partial:
        names = ", ".join(one.name for one in partial)
        yield f"requests of {names}: the traffic file spans a part of the period only"


def _idle(charges: pl.DataFrame, amount: _Amount) -> Iterator[str]:
    unknown = charges.filter(pl.col(BY_THE_HOUR), pl.col(IDLE).is_null())
    if not unknown.is_empty():
        count = unknown[WORKLOAD].n_unique()
        yield (
            f"whether {_workloads(count)} paid by the hour ({amount(unknown)}) {'is' if count == 1 else 'are'} idle:"
            " neither traffic nor rows of data that name their endpoint say so"
        )


def _several_models(charges: pl.DataFrame) -> Iterator[str]:
    """All bill as Host, whatever is behind [MME-7, RT-10]."""
    hosts = charges.filter(pl.col("pattern") == "real-time", pl.col("resource_id").is_not_null())
    count = hosts["resource_id"].str.to_lowercase().n_unique()
    if count:
        endpoints = "1 real-time endpoint holds" if count == 1 else f"{count:,} real-time endpoints hold"
        yield f"whether {endpoints} one model or several, or a shadow variant: all bill as Host [MME-7, RT-10]"


def _principals(charges: pl.DataFrame, by: Dimension) -> Iterator[str]:
    if by.kind == "principal" and not charges["iam_principal"].drop_nulls().len():
        yield "who called: the export has no IAM principals (line_item_iam_principal of CUR 2.0, once it is enabled)"


def _workloads(count: int) -> str:
    return "1 workload" if count == 1 else f"{count:,} workloads"
