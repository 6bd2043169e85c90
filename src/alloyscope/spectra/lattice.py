"""The m/z lattice of profile data: how far apart a detector's points lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alloyscope.spectra.mass_spectrum import FloatArray

# Relative distance of the nodes between which a lattice is linear.
NODE_STEP = 5e-4
# More points than any spectrometer records in one scan (an hour-long FT transient has 8 million).
LARGEST_LATTICE = 20_000_000


@dataclass(frozen=True, eq=False)
class Spacing:
    """Distance between neighbouring points as a smooth function of m/z.

    log_mz, log_step : (n_bins,) natural logarithms, log_mz ascending; linear between the bins
    """

    log_mz: FloatArray
    log_step: FloatArray

    def at(self, mz: FloatArray) -> FloatArray:
        """Spacing (n_points,) at each m/z."""
        return np.exp(np.interp(np.log(mz), self.log_mz, self.log_step))

    def before(self, mz: float, step: float) -> Spacing:
        """The same below this m/z, where it takes the given value."""
        keep = self.log_mz < np.log(mz)
        return Spacing(
            np.append(self.log_mz[keep], np.log(mz)), np.append(self.log_step[keep], np.log(step))
        )

    def after(self, mz: float, step: float) -> Spacing:
        """The same above this m/z, where it takes the given value."""
        keep = self.log_mz > np.log(mz)
        return Spacing(
            np.append(np.log(mz), self.log_mz[keep]), np.append(np.log(step), self.log_step[keep])
        )


def local_spacing(mz: FloatArray) -> Spacing | None:
    """Spacing of the points of one scan, blind to the gaps that suppressed zeros leave.

    mz : (n_points,) ascending
    In each stretch of m/z the small gaps are the lattice's own and the larger ones are holes, so
    a low quantile separates them: even single counts, written 0 1 0, have two small gaps in
    three. None when there are fewer than three points.
    """
    if mz.size < 3:
        return None
    gaps = np.diff(mz)
    n_bins = int(np.clip(gaps.size // 24, 1, 64))
    centres, steps = np.empty(n_bins), np.empty(n_bins)
    for i, members in enumerate(np.array_split(np.arange(gaps.size), n_bins)):
        step = np.quantile(gaps[members], 0.25)
        small = gaps[members] < 1.5 * step
        centres[i] = np.log(np.median(mz[members]))
        steps[i] = np.log(np.median(gaps[members][small]))
    return Spacing(centres, steps)


class Lattice:
    """A complete lattice of points with a given spacing, numbered by integers that grow with m/z.

    The number of a point is the integral of d(m/z) / spacing, so the lattice can be extended at
    either end without moving a point.
    """

    def __init__(self, mz: FloatArray, spacing: Spacing) -> None:
        self._nodes, self._numbers = _counted(*_room(mz, spacing), spacing)

    def covers(self, mz: FloatArray) -> bool:
        """Whether all of ascending m/z lies between the lattice's ends."""
        return bool(self._nodes[0] <= mz[0] and mz[-1] <= self._nodes[-1])

    def extend(self, mz: FloatArray, spacing: Spacing) -> None:
        """Go on beyond both ends to ascending m/z, from the lattice's step to its `spacing`."""
        lo, hi = _room(mz, spacing)
        first, last = self._nodes[[0, -1]]
        steps = np.diff(self._nodes) / np.diff(self._numbers)
        if lo < first:
            nodes, numbers = _counted(lo, first, spacing.before(first, steps[0]))
            below = numbers[:-1] - numbers[-1] + self._numbers[0]
            self._nodes = np.concatenate((nodes[:-1], self._nodes))
            self._numbers = np.concatenate((below, self._numbers))
        if hi > last:
            nodes, numbers = _counted(last, hi, spacing.after(last, steps[-1]))
            self._nodes = np.concatenate((self._nodes, nodes[1:]))
            self._numbers = np.concatenate((self._numbers, numbers[1:] + self._numbers[-1]))

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last whole number on the lattice."""
        return int(np.ceil(self._numbers[0])), int(np.floor(self._numbers[-1]))

    def number(self, mz: FloatArray) -> FloatArray:
        """Number of each m/z on the lattice, with its fraction."""
        return np.interp(mz, self._nodes, self._numbers)

    def mz(self, number: FloatArray) -> FloatArray:
        """m/z at each number."""
        return np.interp(number, self._numbers, self._nodes)


def _room(mz: FloatArray, spacing: Spacing) -> tuple[float, float]:
    """Ends that leave room for a zero on each side of ascending m/z."""
    before, after = spacing.at(mz[[0, -1]])
    return float(max(mz[0] - 2 * before, mz[0] / 2)), float(mz[-1] + 2 * after)


def _counted(lo: float, hi: float, spacing: Spacing) -> tuple[FloatArray, FloatArray]:
    """Nodes from lo to hi, and how many lattice points lie below each, from 0."""
    nodes = np.geomspace(lo, hi, int(np.log(hi / lo) / NODE_STEP) + 2)
    rate = 1.0 / spacing.at(nodes)
    steps = np.diff(nodes) * (rate[1:] + rate[:-1]) / 2
    return nodes, np.concatenate(([0.0], np.cumsum(steps)))


def with_gaps_closed(
    number: FloatArray, intensity: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Put a zero at each side of every hole, so that no straight line crosses it.

    number    : (n_points,) lattice numbers of a scan's points, ascending
    intensity : (n_points,)
    A hole is a gap of more than 1.75; the zeros stand 1 inside its ends, or together in its
    middle when it is shorter than 2. The ends of the scan get one each too.
    Returns numbers, intensity, and 1 for each point of the scan's own, 0 for each added.
    """
    gaps = np.diff(number)
    hole = np.flatnonzero(gaps > 1.75)
    inset = np.minimum(1.0, gaps[hole] / 2)
    place = np.concatenate(([0], hole + 1, hole + 1, [number.size]))
    zeros = np.concatenate(
        ([number[0] - 1], number[hole] + inset, number[hole + 1] - inset, [number[-1] + 1])
    )
    order = np.argsort(place, kind="stable")
    place, zeros = place[order], zeros[order]
    return (
        np.insert(number, place, zeros),
        np.insert(intensity, place, 0.0),
        np.insert(np.ones(number.size), place, 0.0),
    )
