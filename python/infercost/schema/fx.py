"""`--fx RATE@DATE`: what one unit of the bill's currency was worth in USD. A person says it; no rate is looked up."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from infercost.schema.errors import UsageError
from infercost.schema.strict import Strict

_FORM = re.compile(r"(?P<rate>\d+(?:\.\d+)?)@(?P<date>\d{4}-\d{2}-\d{2})", re.ASCII)
_EXAMPLE = "0.0119@2026-10-31 where 1 unit of the bill's currency was worth 0.0119 USD on that day"
# No currency that AWS bills in is worth more, or as little as this many USD: beyond, the point is in the wrong place.
_LARGEST, _SMALLEST = Decimal(10), Decimal("0.00001")


class Fx(Strict):
    """An exchange rate as its user gave it."""

    usd_per_unit: Decimal
    as_of: date

    @classmethod
    def read(cls, text: str) -> "Fx":
        """Reads it as typed.

        >>> Fx.read("0.0119@2026-10-31")
        Fx(usd_per_unit=Decimal('0.0119'), as_of=datetime.date(2026, 10, 31))

        Raises:
            UsageError: it is of another form, the date is none or yet to come, or no currency has such a rate.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise UsageError(f"--fx {text!r} is not understood; give RATE@DATE, such as {_EXAMPLE}")
        try:
            as_of = date.fromisoformat(found["date"])
        except ValueError:
            raise UsageError(f"--fx {text!r}: {found['date']} is no day of the calendar; give {_EXAMPLE}") from None
        today = datetime.now(UTC).date()
        if as_of > today:
            raise UsageError(
                f"--fx {text!r}: {found['date']} is yet to come (today is {today} UTC), and nobody knows its rate."
                " Give a day of the bill, or another that is past"
            )
        usd_per_unit = Decimal(found["rate"])
        if not _SMALLEST <= usd_per_unit <= _LARGEST:
            raise UsageError(
                f"--fx {text!r}: no currency is worth {usd_per_unit:f} USD. The rate is USD for one unit of the bill's"
                f" currency, not the other way round: {_EXAMPLE}"
            )
        return cls(usd_per_unit=usd_per_unit, as_of=as_of)

    def refuse_for(self, currency: str) -> None:
        """Refuses a rate that has nothing to convert: left standing, it would look as if it had counted.

        Raises:
            UsageError: the bill is in USD.
        """
        if currency == "USD":
            raise UsageError("--fx: the bill is in USD, so there is nothing to convert; leave --fx out")

    def sentence(self, currency: str) -> str:
        """The rate in words.

        >>> Fx.read("0.0119@2026-10-31").sentence("INR")
        '1 INR = 0.0119 USD as of 2026-10-31'
        """
        return f"1 {currency} = {self.usd_per_unit:f} USD as of {self.as_of:%Y-%m-%d}"
