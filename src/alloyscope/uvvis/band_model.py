"""Absorbance as a sum of bands and a background, with the derivative by each parameter.

    A(E) = c + sum_j s_j [E > E_j] + a exp((E - E_top) / t) + b (E / E_top)^4 + sum_k h_k g(E; k)

c offset; s_j steps at a change of lamp or detector; a, t the tail of what absorbs in the
ultraviolet; b light that small particles scatter, only where asked for; g bands of one shape.
Parameters, in this order: c, s_j, ln a, ln (t - 0.05 eV), (b), and of each band ln h, centre, ln v,
where its width is (v^2 + 0.04^2)^(1/2) eV; last logit of the mixing and skew where they are free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.numerics.band_shapes import Curves, curves

Floats = NDArray[np.float64]
TYPICAL_WIDTH = 0.25
"""eV, full width at half maximum."""
WIDTH_SPREAD = 0.6
"""Standard deviation of ln width among bands of clusters, an assumption."""
TAIL_EV, TAIL_SPREAD = 0.7, 0.7
STEEPEST_TAIL = 0.05
"""eV for a fall by e."""
NARROWEST = 0.04
"""eV: no band is narrower, lest one should hide between two points."""
CENTRE_SPREAD = 0.4
AMPLITUDE_SPREAD = 3.0
OFFSET_SPREAD = 0.05
"""Of the range of absorbance. Without it a broad band and an offset far below 0 may share what
neither is, and take the places of true bands with them."""
MIXING_LOGIT, MIXING_SPREAD = -1.0, 1.5
SKEW_SPREAD = 0.3


def width_parameter(width: Floats) -> Floats:
    """The parameter that gives a width."""
    least = 1.01 * NARROWEST
    return np.asarray(np.log(np.maximum(width, least) ** 2 - NARROWEST**2) / 2)


@dataclass(frozen=True, eq=False)
class BandModel:
    """Which terms there are.

    energy  : (n_points,) eV
    top     : eV, the blue end
    steps   : energies of steps
    scatter : whether light is scattered
    n_bands : of them all, also those centred beyond the window
    mixing  : whether bands may be part Lorentzian
    skew    : whether bands may be asymmetric
    """

    energy: Floats
    top: float
    steps: tuple[float, ...] = ()
    scatter: bool = False
    n_bands: int = 0
    mixing: bool = False
    skew: bool = False

    @property
    def n_background(self) -> int:
        """Parameters ahead of the bands'."""
        return 3 + len(self.steps) + self.scatter

    @property
    def n_parameters(self) -> int:
        """Of the whole model."""
        return self.n_background + 3 * self.n_bands + self.mixing + self.skew

    def of_bands(self, n_bands: int) -> BandModel:
        """The same background with so many bands."""
        return replace(self, n_bands=n_bands)

    def bands(self, theta: Floats) -> Floats:
        """(n_bands, 3) of ln height, centre, ln width."""
        first = self.n_background
        found = theta[first : first + 3 * self.n_bands].reshape(-1, 3).copy()
        found[:, 2] = np.logaddexp(2 * found[:, 2], 2 * np.log(NARROWEST)) / 2
        return found

    def width_slopes(self, theta: Floats) -> Floats:
        """(n_bands,) change of ln width with its parameter."""
        return 1 - NARROWEST**2 / np.exp(2 * self.bands(theta)[:, 2])

    def shape(self, theta: Floats) -> tuple[float, float]:
        """Mixing and skew of all bands."""
        last = theta.size
        skew = float(theta[last - 1]) if self.skew else 0.0
        logit = float(theta[last - 1 - self.skew]) if self.mixing else -np.inf
        return 1 / (1 + float(np.exp(-logit))) if self.mixing else 0.0, skew

    def linear(self) -> Floats:
        """Columns (n_points, n) of offset, steps, and scattered light, which need no shape."""
        columns = [np.ones(self.energy.size), *(self.energy > step for step in self.steps)]
        if self.scatter:
            columns.append((self.energy / self.top) ** 4)
        return np.stack(columns, axis=1).astype(float)

    def background(self, theta: Floats, energy: Floats | None = None) -> Floats:
        """(n_points,) of all but the bands, at other energies if any are given."""
        model = self if energy is None else replace(self, energy=energy)
        columns, at = model.linear(), 1 + len(self.steps)
        steps_and_offset = columns[:, :at] @ theta[:at]
        decay = STEEPEST_TAIL + np.exp(theta[at + 1])
        tail = np.exp(theta[at] + (model.energy - self.top) / decay)
        scatter = theta[at + 2] * columns[:, -1] if self.scatter else 0.0
        return np.asarray(steps_and_offset + tail + scatter)

    def shapes(self, theta: Floats, energy: Floats | None = None) -> Curves:
        """Bands of height 1 and their derivatives."""
        _, centre, log_width = self.bands(theta).T
        at = self.energy if energy is None else energy
        shaped = self.mixing or self.skew
        return curves(at, centre, np.exp(log_width), *self.shape(theta), shaped=shaped)

    def each(self, theta: Floats, energy: Floats | None = None) -> Floats:
        """Absorbance (n_bands, n_points) of each band."""
        return np.exp(self.bands(theta)[:, :1]) * self.shapes(theta, energy).value

    def value(self, theta: Floats, energy: Floats | None = None) -> Floats:
        """Absorbance (n_points,)."""
        return np.asarray(self.background(theta, energy) + self.each(theta, energy).sum(axis=0))

    def with_jacobian(self, theta: Floats) -> tuple[Floats, Floats]:
        """Absorbance (n_points,) and its derivative (n_points, n_parameters)."""
        shapes = self.shapes(theta)
        bands = (np.exp(self.bands(theta)[:, :1]) * shapes.value).sum(axis=0)
        return self.background(theta) + bands, self.jacobian(theta, shapes)

    def jacobian(self, theta: Floats, shapes: Curves | None = None) -> Floats:
        """Derivative (n_points, n_parameters) of the absorbance; shapes: where known already."""
        out = np.zeros((self.energy.size, self.n_parameters))
        linear, at = self.linear(), 1 + len(self.steps)
        out[:, :at] = linear[:, :at]
        free = np.exp(theta[at + 1])
        decay = STEEPEST_TAIL + free
        out[:, at] = np.exp(theta[at] + (self.energy - self.top) / decay)
        out[:, at + 1] = -out[:, at] * (self.energy - self.top) * free / decay**2
        if self.scatter:
            out[:, at + 2] = linear[:, -1]
        self._fill_bands(theta, out, shapes or self.shapes(theta))
        return out

    def _fill_bands(self, theta: Floats, out: Floats, shapes: Curves) -> None:
        height = np.exp(self.bands(theta)[:, :1])
        first, last = self.n_background, self.n_background + 3 * self.n_bands
        out[:, first:last:3] = (height * shapes.value).T
        out[:, first + 1 : last : 3] = (height * shapes.by_centre).T
        out[:, first + 2 : last : 3] = (
            self.width_slopes(theta)[:, None] * height * shapes.by_log_width
        ).T
        if self.mixing:
            mixing, _ = self.shape(theta)
            out[:, last] = mixing * (1 - mixing) * (height * shapes.by_mixing).sum(axis=0)
        if self.skew:
            out[:, -1] = (height * shapes.by_skew).sum(axis=0)

    def limits(self) -> tuple[Floats, Floats]:
        """Lowest and highest (n_parameters,) values that are computed with, far beyond any band's.

        A solver's step may leap further, to where exponentials overflow.
        """
        free, amplitude = (-np.inf, np.inf), (-60.0, 20.0)
        pairs = [free] * (1 + len(self.steps)) + [amplitude, (-40.0, 5.0)] + [free] * self.scatter
        reach = float(self.energy.min()) - 5, self.top + 5
        pairs += [amplitude, reach, (-20.0, 2.5)] * self.n_bands
        pairs += [(-40.0, 40.0)] * self.mixing + [(-3.0, 3.0)] * self.skew
        low, high = np.array(pairs, float).T
        return low, high

    def priors(self, centres: Sequence[float], scale: float) -> tuple[Floats, Floats]:
        """Mean and sd (n_parameters,) of what is assumed; an infinite sd where nothing is.

        centres : (n_bands,) where bands were begun; scale : the spectrum's range of absorbance
        """
        nothing = [(0.0, np.inf)]
        amplitude = (float(np.log(max(0.3 * scale, 1e-12))), AMPLITUDE_SPREAD)
        pairs = [(0.0, max(OFFSET_SPREAD * scale, 1e-12)), *(nothing * len(self.steps))]
        pairs += [amplitude, (np.log(TAIL_EV), TAIL_SPREAD), *(nothing * self.scatter)]
        for centre in centres:
            pairs += [amplitude, (centre, CENTRE_SPREAD), (np.log(TYPICAL_WIDTH), WIDTH_SPREAD)]
        pairs += [(MIXING_LOGIT, MIXING_SPREAD)] * self.mixing + [(0.0, SKEW_SPREAD)] * self.skew
        mean, sd = np.array(pairs, float).T
        return mean, sd
