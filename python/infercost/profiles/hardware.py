"""What an instance type's name says about the hardware below it."""

import re
from typing import Literal

Accelerator = Literal["none", "gpu", "inferentia", "trainium"]

# g4dn, g5, g6e, p4d ... but not gr or c-families; Inferentia and Trainium have names of their own [RT-12]
_GPU = re.compile(r"^[gp]\d")


def family(instance_type: str) -> str:
    """The family of an instance type, with or without `ml.`.

    >>> family("ml.g4dn.xlarge"), family("p4d.24xlarge")
    ('g4dn', 'p4d')
    """
    return instance_type.removeprefix("ml.").split(".", 1)[0]


def accelerator(instance_type: str) -> Accelerator:
    """What computes.

    >>> [accelerator(f"ml.{name}.xlarge") for name in ("m5", "g5", "inf2", "trn1")]
    ['none', 'gpu', 'inferentia', 'trainium']
    """
    name = family(instance_type)
    if name.startswith("inf"):
        return "inferentia"
    if name.startswith("trn"):
        return "trainium"
    return "gpu" if _GPU.match(name) else "none"


def neuron(instance_type: str) -> bool:
    """Whether the model has to be compiled for AWS's Neuron [HW-1].

    >>> [neuron(f"ml.{name}.xlarge") for name in ("inf2", "trn1", "g5", "m5")]
    [True, True, False, False]
    """
    return accelerator(instance_type) in ("inferentia", "trainium")


def graviton(instance_type: str) -> bool:
    """Whether the processor is AWS's ARM, so that images have to be built for it [HW-2]: a `g` behind the generation.

    >>> [graviton(f"ml.{name}.xlarge") for name in ("m6g", "c7gn", "g5g", "g5", "m6i")]
    [True, True, True, False, False]
    """
    found = re.match(r"^[a-z]+\d+([a-z]*)", family(instance_type))
    return found is not None and "g" in found.group(1)
