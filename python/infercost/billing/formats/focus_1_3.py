"""FOCUS 1.3: adds ServiceProviderName and HostProviderName, for which it deprecates ProviderName and PublisherName."""

from infercost.billing.formats.focus import INVOICE, SERVICE_PROVIDER, Focus


class Focus13(Focus):
    """FOCUS 1.3."""

    version = "1.3"
    own = {**SERVICE_PROVIDER, **INVOICE}
