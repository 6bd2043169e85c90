"""What an instrument shows of an ion: its isotope peaks at a charge and a resolving power."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.species import AnyIon
from alloyscope.errors import AlloyscopeError, ChargeError, message
from alloyscope.isotopes.distribution import distribution
from alloyscope.isotopes.peak_shape import REACH, shape_function

Floats = NDArray[np.float64]
POINTS_PER_WIDTH = 12
PRUNE = 1e-9


@dataclass(frozen=True, eq=False)
class Envelope:
    """The isotope peaks of an ion, broadened to an instrument's resolving power.

    ion             : what it is the envelope of
    mz              : (n_peaks,) aggregated peaks, ascending
    probability     : (n_peaks,)
    resolving_power : m/z over full width at half maximum, at the envelope's own m/z
    shape, tail     : see `peak_shape`
    """

    ion: AnyIon
    mz: Floats
    probability: Floats
    resolving_power: float
    shape: str = "gaussian"
    tail: float = 1.0

    def at(self, mz: Floats) -> Floats:
        """Signal density per m/z at each point, (n_points,); its integral is the probability."""
        shape = shape_function(self.shape, self.tail)
        width = self.mz / self.resolving_power
        signal = np.zeros(np.shape(mz))
        reach = REACH[self.shape] * max(1.0, self.tail)
        for centre, p, w in zip(self.mz, self.probability, width, strict=True):
            near = np.abs(mz - centre) <= reach * w
            signal[near] += p / w * shape((mz[near] - centre) / w)
        return signal

    def curve(self) -> tuple[Floats, Floats]:
        """m/z and signal density on a grid fine enough to draw, each (n_points,)."""
        step = self.mz[0] / self.resolving_power / POINTS_PER_WIDTH
        tall = self.mz[self.probability > 1e-5 * self.probability.max()]
        margin = 4 * self.mz[-1] / self.resolving_power
        grid = np.arange(tall[0] - margin, tall[-1] + margin + step, step)
        return grid, self.at(grid)

    def maxima(self) -> tuple[Floats, Floats]:
        """m/z and height of what is seen as peaks at this resolving power, tallest = 1."""
        grid, signal = self.curve()
        inside = signal[1:-1]
        top = 1 + np.flatnonzero((inside > signal[:-2]) & (inside >= signal[2:]))
        top = top[signal[top] > 1e-4 * signal.max()]
        return grid[top], signal[top] / signal.max()

    @property
    def most_abundant_mz(self) -> float:
        """m/z of the tallest aggregated peak."""
        return float(self.mz[np.argmax(self.probability)])

    @property
    def average_mz(self) -> float:
        """Centre of the envelope."""
        return float(np.average(self.mz, weights=self.probability))


def envelope(
    ion: AnyIon,
    resolving_power: float,
    table: IsotopeTable | None = None,
    *,
    shape: str = "gaussian",
    tail: float = 1.0,
) -> Envelope:
    """The envelope of an ion at a resolving power.

    resolving_power : m/z over full width at half maximum of one peak
    shape           : "gaussian", "lorentzian" (FT) or "tailed" (TOF with an exponential tail)
    tail            : of "tailed", decay length over the Gaussian's standard deviation

    Raises ChargeError for a neutral ion, AlloyscopeError for a resolving power that is not a
    number from 10 to 1e8 or an unknown shape.

    >>> from alloyscope.chemistry import parse_ion
    >>> round(envelope(parse_ion("[Ag44(p-MBA)30]4-"), 20000).most_abundant_mz, 3)
    2335.463
    """
    if not 10 <= resolving_power <= 1e8:
        raise AlloyscopeError(
            message("resolving power", found=f"{resolving_power}", expected="a number from 10 to "
                    "1e8", do="It is m/z divided by the width of a peak at half its height.")
        )  # fmt: skip
    if ion.charge == 0:
        raise ChargeError(
            message(f"envelope of {ion}", found="no charge", expected="one such as 4-",
                    do="Write it as in [Ag44(p-MBA)30]4-.")
        )  # fmt: skip
    shape_function(shape, tail)
    peaks = distribution(ion.formula, table, prune=PRUNE)
    return Envelope(ion, peaks.mz(ion.charge), peaks.probability, resolving_power, shape, tail)
