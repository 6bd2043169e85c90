"""Where in a lane the draws of the mobilities put samples, once bands are matched."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from alloyscope.gel.kernel import Floats

Way = tuple[int, ...]
"""Of each band, the row of the sample that it is; the number of samples where it is none."""


@dataclass(frozen=True, eq=False)
class Run:
    """What is matched.

    run      : (n_bands,) distances of the bands from the well
    sd       : (n_bands,) of them, with the model's own error
    draws    : (n_samples, n_draws) relative mobilities
    known    : (n_draws,) distance of relative mobility 1 that a marker sets; None without one
    model_sd : relative error of a mobility beside that of its conditions
    """

    run: Floats
    sd: Floats
    draws: Floats
    known: Floats | None
    model_sd: float


@dataclass(frozen=True, eq=False)
class DrawFit:
    """How well each draw fits the bands that are matched, (n_draws,) each.

    logs  : log likelihood, the scale integrated out unless a marker sets it
    scale : distance of relative mobility 1
    var   : of the scale within the draw
    """

    logs: Floats
    scale: Floats
    var: Floats

    @property
    def weights(self) -> Floats:
        """(n_draws,) of what is inferred, of sum 1."""
        found = np.exp(self.logs - self.logs.max())
        return np.asarray(found / found.sum())


def draw_fit(way: Way, of: Run) -> DrawFit | None:
    """How well each draw fits one way to match bands; None where that leaves the scale open."""
    matched = np.array([b for b, s in enumerate(way) if s < len(of.draws)], int)
    if not matched.size and of.known is None:
        return None
    mu = of.draws[[way[b] for b in matched]]
    d, error = of.run[matched][:, None], of.sd[matched][:, None]
    norm = np.log(error * math.sqrt(2 * math.pi)).sum()
    if of.known is not None:
        chi = (((d - of.known * mu) / error) ** 2).sum(axis=0)
        return DrawFit(-0.5 * chi - norm, of.known, np.zeros_like(of.known))
    weight = (mu**2 / error**2).sum(axis=0)
    scale = (mu * d / error**2).sum(axis=0) / weight
    chi = (((d - scale * mu) / error) ** 2).sum(axis=0)
    # The scale, flat up to several times the run, integrated out.
    wide = math.log(4 * 1.2 * float(of.run.max()))
    return DrawFit(-0.5 * chi - norm + 0.5 * np.log(2 * math.pi / weight) - wide, scale, 1 / weight)


def scale_of(way: Way, of: Run) -> tuple[float, float]:
    """Distance of relative mobility 1 and 1 sd, by the draws that fit; nan where it is open."""
    found = draw_fit(way, of)
    return (math.nan, math.nan) if found is None else _mixed(found, np.ones_like(found.scale))


def expected_run(sample: int, way: Way, of: Run) -> tuple[float, float] | None:
    """Distance from the well at which a sample should run by the *other* bands and the marker.

    1 sd is that of the draws which fit, of the scale, and of the model. None where nothing tells.
    """
    none = len(of.draws)
    found = draw_fit(tuple(none if s == sample else s for s in way), of)
    if found is None:
        return None
    mean, sd = _mixed(found, of.draws[sample])
    return mean, math.hypot(sd, of.model_sd * mean)


def _mixed(found: DrawFit, mu: Floats) -> tuple[float, float]:
    """Mean and sd of scale times mobility over the draws, by how well they fit."""
    centre = found.scale * mu
    mean = float(found.weights @ centre)
    return mean, math.sqrt(float(found.weights @ ((centre - mean) ** 2 + mu**2 * found.var)))
