"""Service: how long one request keeps one worker of the reference busy."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from infercost.schema.scenario.bounds import Spread, Work
from infercost.schema.strict import Strict


class ConstantService(Strict):
    """Every request takes the same time."""

    kind: Literal["constant"]
    mean_ms: Work


class ExponentialService(Strict):
    """Exponentially distributed."""

    kind: Literal["exponential"]
    mean_ms: Work


class GammaService(Strict):
    """Gamma distributed; `cv` is standard deviation / mean."""

    kind: Literal["gamma"]
    mean_ms: Work
    cv: Spread


class HyperexponentialService(Strict):
    """Two exponential phases with balanced means; `cv` is above 1."""

    kind: Literal["hyperexponential"]
    mean_ms: Work
    cv: Annotated[float, Field(gt=1, le=1_000, allow_inf_nan=False)]


class LognormalService(Strict):
    """Lognormally distributed; exactly one of `cv` and `p99_ms`."""

    kind: Literal["lognormal"]
    mean_ms: Work
    cv: Spread | None = None
    p99_ms: Work | None = None

    @model_validator(mode="after")
    def _one_spread(self) -> "LognormalService":
        if (self.cv is None) == (self.p99_ms is None):
            raise ValueError("give exactly one of `cv` and `p99_ms`")
        # a lognormal's p99 is at most exp(z^2 / 2) = 14.97 times its mean, and above it for any spread worth the name
        if self.p99_ms is not None and not self.mean_ms < self.p99_ms < 14.9 * self.mean_ms:
            raise ValueError("`p99_ms` must lie between `mean_ms` and 14.9 x `mean_ms` for a lognormal")
        return self


class TraceService(Strict):
    """From the column `service_ms` of the trace."""

    kind: Literal["trace"]


Service = Annotated[
    ConstantService | ExponentialService | GammaService | HyperexponentialService | LognormalService | TraceService,
    Field(discriminator="kind"),
]


class Streaming(Strict):
    """Answers are streamed. `first_token`: the part of the work up to the first token, on the reference."""

    first_token: Service
