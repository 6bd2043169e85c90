"""Bands of one shape on an energy axis, and how they change with each parameter.

With z = (x - centre) / width and u = z (1 + exp(skew z)) / 2, a band is

    (1 - mixing) exp(-4 ln 2 u^2) + mixing / (1 + 4 u^2)

of height 1, its maximum at the centre whatever the skew. Mixing 0, skew 0: a Gaussian whose full
width at half maximum is `width`. A. L. Stancik and E. B. Brauns, Vib. Spectrosc. 47, 66 (2008),
doi 10.1016/j.vibspec.2008.02.009, let the width change with x in this way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FOUR_LN2 = 4 * np.log(2.0)
FARTHEST = 30.0
"""Of skew times z, where the exponential no longer matters."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Bands (n_bands, n_points) and their derivatives by each parameter."""

    value: FloatArray
    by_centre: FloatArray
    by_log_width: FloatArray
    by_mixing: FloatArray
    by_skew: FloatArray


def curves(
    x: FloatArray,
    centre: FloatArray,
    width: FloatArray,
    mixing: float = 0.0,
    skew: float = 0.0,
    *,
    shaped: bool = False,
) -> Curves:
    """Bands of height 1 at every x.

    x : (n_points,); centre, width : (n_bands,); mixing : 0 to 1; skew : of all bands
    shaped : derivatives by mixing and skew are needed also where both are 0; else they are empty
    """
    z = (x[None, :] - centre[:, None]) / width[:, None]
    if not (mixing or skew or shaped):
        gaussian = np.exp(-FOUR_LN2 * np.minimum(z * z, 250.0))
        by_z = (-2 * FOUR_LN2) * z * gaussian
        none = np.zeros((0, x.size))
        return Curves(gaussian, -by_z / width[:, None], -z * by_z, none, none)
    grown = np.exp(np.clip(skew * z, -FARTHEST, FARTHEST))
    u = z * (1 + grown) / 2
    gaussian = np.exp(-FOUR_LN2 * np.minimum(u**2, 250.0))
    lorentzian = 1 / (1 + 4 * u**2)
    value = (1 - mixing) * gaussian + mixing * lorentzian
    by_u = -2 * FOUR_LN2 * u * (1 - mixing) * gaussian - 8 * u * mixing * lorentzian**2
    by_z = by_u * (1 + grown + skew * z * grown) / 2
    return Curves(
        value, -by_z / width[:, None], -z * by_z, lorentzian - gaussian, by_u * z**2 * grown / 2
    )


def half_width_factor(skew: float) -> float:
    """Full width at half maximum over `width`, which is 1 for a band without skew."""
    from scipy.optimize import brentq  # here: scipy.optimize takes half a second to import

    def beyond(z: float, level: float) -> float:
        return z * (1 + float(np.exp(np.clip(skew * z, -FARTHEST, FARTHEST)))) / 2 - level

    return float(brentq(beyond, 0, 1, (0.5,)) - brentq(beyond, -1, 0, (-0.5,)))
