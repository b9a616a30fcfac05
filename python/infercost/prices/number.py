"""Exact fractions on their way back to decimals."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

_SIGNIFICANT = Context(prec=12, rounding=ROUND_HALF_EVEN)
_EXACT = Context(prec=200)


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent.

    >>> plain(Decimal("1E+3")), plain(Decimal("0.1200"))
    (Decimal('1000'), Decimal('0.12'))
    >>> plain(Decimal("12345678901234567890.1234567890120"))
    Decimal('12345678901234567890.123456789012')
    """
    return Decimal(f"{number.normalize(_EXACT):f}")


def rounded(number: Fraction, places: int = 12) -> Decimal:
    """Rounded once, half to even, to `places` decimals.

    >>> rounded(Fraction(1, 3), 3), rounded(Fraction(5, 1000), 2)
    (Decimal('0.333'), Decimal('0'))
    """
    return plain(Decimal(round(number * 10**places)).scaleb(-places, _EXACT))


def quotient(cost: Fraction, units: Fraction) -> Decimal:
    """Cost over units, to twelve significant digits: what a price needs, and less than an export's rounding leaves.

    >>> quotient(Fraction("14.084"), Fraction(10))
    Decimal('1.4084')
    """
    ratio = cost / units
    return plain(_SIGNIFICANT.divide(Decimal(ratio.numerator), Decimal(ratio.denominator)))
