"""What a request carries, and what it asks for."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.strict import Count, NonNegative, Strict

# As many as have a share each.
Kinds = Annotated[int, Field(ge=1, le=1_000_000)]


class UniformPopularity(Strict):
    """`count` of them, each as likely."""

    kind: Literal["uniform"]
    count: Kinds


class ZipfPopularity(Strict):
    """`count` of them; number k, from 0, is as likely as 1 / (k + 1)^`exponent`."""

    kind: Literal["zipf"]
    count: Kinds
    exponent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class SharesPopularity(Strict):
    """One for each share, as likely as its part of their sum."""

    kind: Literal["shares"]
    shares: tuple[NonNegative, ...] = Field(min_length=1, max_length=1_000_000)

    @model_validator(mode="after")
    def _something(self) -> "SharesPopularity":
        if not 0 < sum(self.shares) < float("inf"):
            raise ValueError("`shares` must have a finite sum above 0")
        return self


Popularity = Annotated[UniformPopularity | ZipfPopularity | SharesPopularity, Field(discriminator="kind")]


class Request(Strict):
    """What a request carries where the traffic has no such column.

    `models` and `prefixes` draw the model that it asks for and the beginning of its prompt: a trace may name both
    itself. Absent, every request asks for model 0 and begins alike.
    """

    payload_bytes: Count | None = None
    response_bytes: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    models: Popularity | None = None
    prefixes: Popularity | None = None
