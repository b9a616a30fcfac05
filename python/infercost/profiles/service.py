"""A service time taken apart: its mean, and the shape that is left when the mean is divided out."""

from infercost.schema.scenario import Service, TraceService


def mean_ms(service: Service) -> float | None:
    """The mean work of one request, None where every request of a trace brings its own.

    >>> from infercost.schema.scenario import ConstantService
    >>> mean_ms(ConstantService(kind="constant", mean_ms=8))
    8.0
    """
    return None if isinstance(service, TraceService) else service.mean_ms


def shape(service: Service) -> tuple[str, ...]:
    """What two services share when one is the other at another speed.

    Deployments of one shape can be compared in one scenario, on the very same draws: only their `speed` differs.

    >>> from infercost.schema.scenario import LognormalService
    >>> slow = LognormalService(kind="lognormal", mean_ms=8, p99_ms=20)
    >>> fast = LognormalService(kind="lognormal", mean_ms=1, p99_ms=2.5)
    >>> shape(slow) == shape(fast)
    True
    """
    if isinstance(service, TraceService):
        return ("trace",)
    p99_ms = getattr(service, "p99_ms", None)
    cv = getattr(service, "cv", None)
    spread = [] if cv is None else [f"cv {cv:.9g}"]
    if p99_ms is not None:
        spread.append(f"p99/mean {p99_ms / service.mean_ms:.9g}")
    return (service.kind, *spread)


def speed(service: Service, reference: Service) -> float:
    """Work per unit of time against the reference; both of one shape.

    >>> from infercost.schema.scenario import ConstantService
    >>> speed(ConstantService(kind="constant", mean_ms=2), ConstantService(kind="constant", mean_ms=8))
    4.0
    """
    own, base = mean_ms(service), mean_ms(reference)
    return 1.0 if own is None or base is None else base / own
