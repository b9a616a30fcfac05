"""Other services' requests whose rates are asked for.

Each answer of asynchronous inference is one object put in S3 [AY-6] and may be told by one message of SNS [AY-5].
"""

import polars as pl

_CODES = ("AmazonS3", "AmazonSNS")
_METER = r"(?:^|-)Requests-Tier1$"


def is_related(code: pl.Expr, meter: pl.Expr) -> pl.Expr:
    """Returns whether a line is one of these, given its service code and its usage type."""
    return (code.is_in(_CODES) & meter.str.contains(_METER)).fill_null(value=False)
