"""The judge judged: it accepts the truth, refuses an error of one per cent, refuses to be convinced by noise."""

import random

import pytest

from oracle.replications import controlled, holds, interval


def test_the_interval_is_students() -> None:
    # 1, 2, 3: mean 2, standard deviation 1, standard error 1 / sqrt(3), t(2) at 97.5 % 4.302653
    assert interval([1, 2, 3], 0.95) == pytest.approx((2, 4.302653 / 3**0.5), abs=1e-6)


def noise(mean: float, spread: float) -> list[float]:
    draw = random.Random(1)  # noqa: S311 -- reproducible, not secret
    return [draw.gauss(mean, spread) for _ in range(30)]


def test_it_accepts_the_truth_and_refuses_an_error_of_one_per_cent() -> None:
    holds(noise(1.0, 0.01), 1.0)
    with pytest.raises(AssertionError, match="is not"):
        holds(noise(1.01, 0.01), 1.0)


def test_it_refuses_a_wide_interval() -> None:
    with pytest.raises(AssertionError, match="too loose"):
        holds(noise(1.0, 0.1), 1.0)


def test_a_control_takes_out_what_it_explains_and_nothing_else() -> None:
    control, rest = noise(3.0, 0.5), noise(0.0, 0.001)[::-1]
    values = [7 + 2 * (one - 3) + more for one, more in zip(control, rest, strict=True)]
    assert interval(values, 0.95)[1] > 0.3
    mean, half_width = interval(controlled(values, control, 3.0), 0.95)
    assert half_width < 0.001
    assert abs(mean - 7) < 0.001
