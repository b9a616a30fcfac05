"""What isn't machine learning: EC2 and its volumes, S3. One EC2 node has a GPU; what runs on it the bill can't tell."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from infercost.demo.account import DIGITAL, PLATFORM, plain
from infercost.demo.charge import Charge
from infercost.demo.meters import EBS, S3_REQUESTS, S3_STORAGE, ec2
from infercost.demo.usage import every_day, stored


def infrastructure() -> Iterator[Charge]:
    """Day by day, each fleet as one resource."""
    shop = plain(DIGITAL, "shop-web", "Instance", team="shop", app="web")
    caches = plain(DIGITAL, "shop-cache", "Instance", team="shop", app="cache")
    gpu = plain(PLATFORM, "i-0c2f9a6d41e87b350", "Instance", team="research", app="llm-sandbox")
    volumes = plain(DIGITAL, "shop-volumes", "Volume", team="shop", app="web")
    lake = plain(PLATFORM, "example-data-lake", "Bucket", team="data", app="lake")
    return chain(
        every_day(shop, ec2("m5.xlarge"), Decimal(140 * 24)),
        every_day(caches, ec2("r5.2xlarge"), Decimal(24 * 24)),
        every_day(gpu, ec2("g5.2xlarge"), Decimal(24)),
        stored(volumes, EBS, size_gb=60_000),
        stored(lake, S3_STORAGE, size_gb=480_000),
        every_day(lake, S3_REQUESTS, Decimal(21_000_000)),
    )
