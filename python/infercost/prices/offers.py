"""Which instance types a pattern offers; a type that it doesn't offer has no price there."""

from typing import Final

# Families of batch transform [BT-9].
_TRANSFORM_FAMILIES: Final = frozenset(
    "c4 c5 c6i c7i m4 m5 m6i m7i r6i r7i p2 p3 g4dn g5 g6 g6e inf2 trn1".split()  # noqa: SIM905 -- as BT-9 lists them
)
# Families of endpoints, in 277 sizes [RT-12].
_HOSTING_FAMILIES: Final = frozenset(
    "c4 c5 c5d c6g c6gd c6gn c6i c6in c7g c7i c8g dl1 g4dn g5 g6 g6e g7 g7e inf1 inf2 m4 m5 m5d m6g m6gd m6i m7i m8g "  # noqa: SIM905 -- as RT-12 lists them
    "p2 p3 p4d p4de p5 p5e p5en p6-b200 p6-b300 p6e-gb200 r5 r5d r6g r6gd r6i r7gd r7i r8g t2 trn1 trn1n trn2".split()
)
# Offered as real-time, but not as asynchronous instances, by the price list of that region.
_NOT_ASYNC: Final = frozenset({("ml.g4dn.xlarge", "eu-west-3")})


def offers_hosting(instance_type: str) -> bool:
    """Whether endpoints, real-time or asynchronous, have the instance type [RT-12].

    >>> offers_hosting("ml.trn2.48xlarge"), offers_hosting("ml.t3.medium")
    (True, False)
    """
    return instance_type.split(".")[1] in _HOSTING_FAMILIES


def offers_transform(instance_type: str) -> bool:
    """Whether batch transform has the instance type [BT-9].

    >>> offers_transform("ml.inf2.xlarge"), offers_transform("ml.inf1.xlarge")
    (True, False)
    """
    return instance_type.split(".")[1] in _TRANSFORM_FAMILIES


def offers_async(instance_type: str, region: str) -> bool:
    """Whether asynchronous inference has the instance type there; true where nothing is known against it."""
    return (instance_type, region) not in _NOT_ASYNC


def same_price_as(key: str, region: str) -> str | None:
    """The key that has the same price: instances of async and batch transform cost what real-time instances cost.

    The prices are equal on every type and region where both were seen. None for what is no such key (nobody has seen
    the price of their storage), and for instance types that the pattern doesn't offer.

    >>> same_price_as("Tsform:ml.g5.xlarge", "us-east-1")
    'Host:ml.g5.xlarge'
    """
    prefix, _, instance_type = key.partition(":")
    if not instance_type.startswith("ml."):
        return None
    if (prefix == "Tsform" and offers_transform(instance_type)) or (
        prefix == "AsyncInf" and offers_async(instance_type, region)
    ):
        return f"Host:{instance_type}"
    return None
