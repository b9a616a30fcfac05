"""FOCUS 1.2 as AWS exports it (table FOCUS_1_2_AWS): adds invoice ids and the currency of prices."""

from infercost.billing.formats.focus import INVOICE, PUBLISHER, Focus


class Focus12(Focus):
    """FOCUS 1.2."""

    version = "1.2"
    own = {**PUBLISHER, **INVOICE}
