"""The formulas against values that were computed elsewhere, to the last printed digit."""

import pytest

from oracle.formulas import (
    erlang_b,
    erlang_c,
    idle_timeout,
    idle_timeout_session,
    mg1_wait,
    mg1_wait_with_setup,
    mmc_wait,
    mmc_wait_quantile,
    mmc_waits_longer,
    mmck,
)

PRINTED = 5.1e-7  # half a unit of the sixth digit


@pytest.mark.parametrize(
    ("a", "c", "lost"),
    [
        (2, 3, 0.210526),
        (5, 7, 0.120519),
        (8, 10, 0.121661),
        (20, 25, 0.050222),
        (150, 170, 0.008965),
        (160, 200, 0.000276),
    ],
)
def test_erlang_b(a: float, c: int, lost: float) -> None:
    assert erlang_b(a, c) == pytest.approx(lost, abs=PRINTED)


@pytest.mark.parametrize(
    ("rate", "mu", "c", "waits", "wait"),
    [
        (0.8, 1, 1, 0.8, 4.0),
        (1.5, 1, 2, 0.642857, 1.285714),
        (8, 1, 10, 0.409180, 0.204590),
        (10, 3, 5, 0.326669, 0.065334),
        (45, 0.5, 100, 0.216940, 0.043388),
        (190, 1, 200, 0.365264, 0.036526),
    ],
)
def test_erlang_c_and_the_wait_for_one_of_c_workers(rate: float, mu: float, c: int, waits: float, wait: float) -> None:
    assert erlang_c(rate / mu, c) == pytest.approx(waits, abs=PRINTED)
    assert mmc_wait(rate, mu, c) == pytest.approx(wait, abs=PRINTED)


def test_the_distribution_of_the_wait() -> None:
    assert mmc_waits_longer(0.8, 1, 1, 0.5) == pytest.approx(0.723870, abs=PRINTED)
    assert mmc_waits_longer(10, 3, 5, 0.5) == pytest.approx(0.026815, abs=PRINTED)
    assert mmc_wait_quantile(0.8, 1, 1, 0.99) == pytest.approx(21.910133, abs=PRINTED)
    assert mmc_wait_quantile(8, 1, 10, 0.99) == pytest.approx(1.855785, abs=PRINTED)


@pytest.mark.parametrize(
    ("rate", "service", "cv2", "wait"),
    [
        (0.8, 1, 0, 2.0),
        (5, 0.15, 0, 0.225),
        (0.8, 1, 0.25, 2.5),
        (0.8, 1, 4, 10.0),
        (5, 0.15, 0.284025, 0.288906),
    ],
)
def test_pollaczek_khinchine(rate: float, service: float, cv2: float, wait: float) -> None:
    assert mg1_wait(rate, service, cv2) == pytest.approx(wait, abs=PRINTED)


def test_set_up_after_idle() -> None:
    assert mg1_wait_with_setup(1 / 600, 30, 1, (120, 120**2)) == pytest.approx(111.578947, abs=PRINTED)
    assert mg1_wait_with_setup(0.5, 1, 0, (5, 2 * 5**2)) == pytest.approx(5.5, abs=PRINTED)


@pytest.mark.parametrize(
    ("rate", "c", "room", "lost", "queue"), [(3, 4, 10, 0.024321, 0.910183), (8, 5, 20, 0.375071, 13.337291)]
)
def test_a_queue_with_little_room(rate: float, c: int, room: int, lost: float, queue: float) -> None:
    found = mmck(rate, 1, c, room)
    assert found[:2] == pytest.approx((lost, queue), abs=PRINTED)


def test_the_wait_of_the_accepted() -> None:
    assert mmck(3, 1, 4, 10)[2] == pytest.approx(0.310957, abs=PRINTED)


@pytest.mark.parametrize(
    ("rate", "keep_warm", "cold", "session"),
    [
        (1 / 300, 300, 0.367879, 515.484549),
        (1 / 600, 300, 0.606531, 389.232762),
        (0.01, 300, 0.049787, 1908.553692),
        (1 / 1800, 600, 0.716531, 712.102365),
    ],
)
def test_idle_timeout(rate: float, keep_warm: float, cold: float, session: float) -> None:
    assert idle_timeout(rate, keep_warm) == pytest.approx((cold, 1 - cold), abs=PRINTED)
    assert idle_timeout_session(rate, keep_warm) == pytest.approx(session, abs=PRINTED)
