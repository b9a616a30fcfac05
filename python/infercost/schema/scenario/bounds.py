"""Ranges of the numbers that many keys share."""

from typing import Annotated

from pydantic import Field

# Bounds far above anything real, so that a slip of the finger is an error and not a machine out of memory.
Rate = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Duration = Annotated[float, Field(gt=0, le=2 * 366 * 86_400, allow_inf_nan=False)]
Work = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]  # milliseconds
Spread = Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)]
Speed = Annotated[float, Field(ge=1e-6, le=1e6, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=1e-6, le=1e6, allow_inf_nan=False)]
Megabytes = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Gigabytes = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
Finite = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
LARGEST_FLEET = 10_000
Fleet = Annotated[int, Field(ge=1, le=LARGEST_FLEET)]
Bound = Annotated[int, Field(ge=0, le=LARGEST_FLEET)]  # of a fleet that may be empty
Workers = Annotated[int, Field(ge=1, le=4_096)]
