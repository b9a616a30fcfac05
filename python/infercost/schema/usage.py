"""What the engine counts: (hour, meter, part, integer quantity). Usage x price = charges."""

from collections.abc import Mapping

import polars as pl

# Quantity by meter and part, over the whole run.
Quantities = Mapping[tuple[str, int], int]

# `hour` counts whole hours from the start of the run; `part` is the place of the instance type that was metered among
# schema.scenario.parts of the deployment, and 0 of all else.
USAGE: dict[str, pl.DataType | type[pl.DataType]] = {
    "hour": pl.Int64,
    "meter": pl.String,
    "part": pl.Int64,
    "quantity": pl.Int64,
}

# meter: the integer unit it counts
METERS: dict[str, str] = {
    "instance_ns": "nanoseconds of instance life",
    "serverless_ms": "billed milliseconds at the deployment's memory size",
    "provisioned_ms": "billed milliseconds on provisioned concurrency at the deployment's memory size",
    "provisioned_ns": "nanoseconds of provisioned concurrency at the deployment's memory size",
    "data_in_bytes": "bytes into an endpoint",
    "data_out_bytes": "bytes out of an endpoint",
    "input_tokens": "uncached input tokens",
    "output_tokens": "output tokens",
    "cache_read_tokens": "input tokens read from the prompt cache",
    "cache_write_tokens": "input tokens written to the prompt cache",
    "model_unit_ns": "nanoseconds of provisioned model units",
    "s3_put_requests": "result objects written by asynchronous inference",
    "sns_notifications": "messages about results of asynchronous inference",
}
