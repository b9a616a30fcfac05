"""`--fail-on 'savings>=500'`: a bound on a total, for pipelines."""

import re
from dataclasses import dataclass
from decimal import Decimal

from infercost.schema.analysis import Totals
from infercost.schema.errors import UsageError

_FORM = re.compile(r"\s*(savings|monthly_cost)\s*(>=|>)\s*(\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Threshold:
    """`total` is `savings` or `monthly_cost`, per month in the currency of the bill."""

    total: str
    inclusive: bool
    bound: Decimal

    @classmethod
    def parse(cls, text: str) -> "Threshold":
        """Reads it as typed.

        >>> Threshold.parse("savings>=500")
        Threshold(total='savings', inclusive=True, bound=Decimal('500'))

        Raises:
            UsageError: it is of another form.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise UsageError(f"--fail-on {text!r} is not understood; give 'savings>=500' or 'monthly_cost>20000'")
        total, comparison, bound = found.groups()
        return cls(total, comparison == ">=", Decimal(bound))

    def crossed(self, totals: Totals) -> bool:
        """Whether the total is beyond the bound."""
        value = self.value(totals)
        return value >= self.bound if self.inclusive else value > self.bound

    def value(self, totals: Totals) -> Decimal:
        """The total that is bounded."""
        return totals.estimated_monthly_savings if self.total == "savings" else totals.monthly_cost

    def __str__(self) -> str:
        return f"{self.total}{'>=' if self.inclusive else '>'}{self.bound}"
