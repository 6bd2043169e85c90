import numpy as np
import pytest

from alloyscope.numerics.convolution import FEW, convolve, ladders, power, trimmed

RNG = np.random.default_rng(7)


def block(size: int) -> tuple[np.ndarray, np.ndarray]:
    p = RNG.random(size)
    p /= p.sum()
    return p, p * RNG.normal(0, 0.1, size)


@pytest.mark.parametrize("sizes", [(1, 1), (3, 7), (7, 3), (40, 2)])
def test_a_sum_is_numpy_s_convolution(sizes):
    (p1, d1), (p2, d2) = block(sizes[0]), block(sizes[1])
    p, d = convolve(p1, d1, p2, d2)
    np.testing.assert_allclose(p, np.convolve(p1, p2), atol=1e-16)
    np.testing.assert_allclose(d, np.convolve(d1, p2) + np.convolve(p1, d2), atol=1e-16)


def test_negligible_ends_are_cut_and_the_middle_is_not():
    p = np.array([1e-20, 0.0, 0.5, 1e-20, 0.5, 1e-30])
    start, kept, moment = trimmed(10, p, p.copy())
    assert start == 12
    assert kept.tolist() == moment.tolist() == [0.5, 1e-20, 0.5]
    assert trimmed(3, np.array([1e-20]), np.zeros(1))[0] == 3


@pytest.mark.parametrize("times", [0, 1, 2, 3, 13, 44])
def test_a_power_is_repeated_addition(times):
    p, d = block(3)
    sum_p, sum_d = np.ones(1), np.zeros(1)
    for _ in range(times):
        sum_p, sum_d = convolve(sum_p, sum_d, p, d)
    start, got_p, got_d = power(5, p, d, times)
    at = start - 5 * times
    np.testing.assert_allclose(got_p, sum_p[at : at + got_p.size], atol=1e-15)
    np.testing.assert_allclose(got_d, sum_d[at : at + got_d.size], atol=1e-14)


def test_rungs_are_the_sums_made_anew():
    (p1, d1), (p2, d2) = block(3), block(2)
    p, d = np.zeros((2, 3)), np.zeros((2, 3))
    p[0], p[1, :2], d[0], d[1, :2] = p1, p2, d1, d2
    jump = FEW + 1
    counts = np.array([[4, 0], [4, 1], [4, 1], [4, jump + 1], [5, 2], [5, 1], [0, 1], [0, 0]])
    shift, excess = np.arange(8), np.linspace(0, 1, 8)
    starts, sizes = np.array([10, 20]), np.array([3, 2])
    bounds, integer, probability, total = ladders(
        starts, p, d, sizes, counts, 1, shift, excess, 1e-12
    )
    for row, (a, b) in enumerate(counts):
        s1, q1, e1 = power(10, p1, d1, a)
        s2, q2, e2 = power(20, p2, d2, b)
        q, e = convolve(q1, e1, q2, e2)
        kept = q >= 1e-12
        own = slice(bounds[row], bounds[row + 1])
        numbers = s1 + s2 + shift[row] + np.flatnonzero(kept)
        np.testing.assert_array_equal(integer[own], numbers)
        np.testing.assert_allclose(probability[own], q[kept], atol=1e-15)
        np.testing.assert_allclose(total[own], numbers + e[kept] / q[kept] + excess[row], rtol=1e-9)


def test_there_is_room_for_wide_sums():
    p = np.full((1, 2), 0.5)
    counts = np.array([[3000], [6000], [6001]])
    bounds, *_, total = ladders(
        np.zeros(1, np.int64), p, np.zeros((1, 2)), np.array([2]), counts, 0,
        np.zeros(3, np.int64), np.zeros(3), 0.0,
    )  # fmt: skip
    assert bounds[-1] == total.size
    assert total.size > 3 * 128
