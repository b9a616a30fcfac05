"""FOCUS 1.4: ProviderName and PublisherName are gone, and invoices have a dataset of their own."""

from infercost.billing.formats.focus import INVOICE, SERVICE_PROVIDER, Focus


class Focus14(Focus):
    """FOCUS 1.4."""

    version = "1.4"
    own = {**SERVICE_PROVIDER, **INVOICE}
