"""Serverless memory sizes, and how fast work runs at them [SL-1, SL-2]."""

SIZES_MB = (1024, 2048, 3072, 4096, 5120, 6144)  # [SL-1]
_MB_PER_VCPU = 1769  # Lambda's ratio, a proxy: SageMaker's own is unpublished [SL-2]


def vcpus(memory_mb: int) -> float:
    """Processors at a memory size.

    >>> round(vcpus(6144), 2)
    3.47
    """
    return memory_mb / _MB_PER_VCPU


def speed_against(memory_mb: int, measured_mb: int) -> float:
    """Speed at a size at or above the measured one, against it.

    It follows memory up to one whole processor. Beyond that a worker of one thread gains nothing, and that more
    threads would be used is not known: no faster answer is promised than was measured [SL-2].

    >>> round(speed_against(2048, 1024), 3), speed_against(4096, 2048)
    (1.728, 1.0)
    """
    if memory_mb < measured_mb:
        raise ValueError("no profile covers less memory than was measured")
    return max(1.0, min(vcpus(memory_mb), 1.0) / min(vcpus(measured_mb), 1.0))
