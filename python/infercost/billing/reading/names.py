"""One spelling for a column, however an exporter, a query or a converter wrote it."""

import re

_MARKS = re.compile(r"[^0-9a-z]")
_CAPITAL = re.compile(r"(?<=.)(?=[A-Z])")


def plain(name: str) -> str:
    """Returns the letters and digits of a name in lower case: what all spellings of one column have in common.

    Legacy CUR writes `savingsPlan/SavingsPlanARN`, Athena and CUR 2.0 write `savings_plan_savings_plan_a_r_n`; Athena
    folds FOCUS's `BilledCost` to `billedcost`, Snowflake shouts, and CUR 2.0 has `product_instanceSKU` where legacy CUR
    in Athena has `product_instance_s_k_u`. No rule leads from one to the other letter by letter; without case and marks
    they are the same. No two columns that are read become equal by it. Keys of tags are their owner's and are never
    spelled so.

    Example:
        >>> {plain(name) for name in ("lineItem/UnblendedCost", "line_item_unblended_cost", "LINE_ITEM_UNBLENDED_COST")}
        {'lineitemunblendedcost'}
        >>> plain("savingsPlan/SavingsPlanARN") == plain("savings_plan_savings_plan_a_r_n")
        True
    """
    return _MARKS.sub("", name.lower())


def in_athena(name: str) -> str:
    """Returns what Athena, Parquet and CUR 2.0 call a column of legacy CUR: every capital becomes `_x`.

    Example:
        >>> in_athena("lineItem/UnblendedCost"), in_athena("reservation/ReservationARN")
        ('line_item_unblended_cost', 'reservation_reservation_a_r_n')
    """
    return "_".join(_CAPITAL.sub("_", part).lower() for part in name.split("/"))
