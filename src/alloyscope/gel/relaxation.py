"""How much the ion cloud that lags behind slows a charged sphere."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from alloyscope.data import bundled, csv_rows
from alloyscope.errors import TableError, message

Floats = NDArray[np.float64]


@cache
def _table() -> tuple[RectBivariateSpline, tuple[float, float], float]:
    """Factors by y and ln(kappa a), the ends of kappa a, and the largest y.

    Raises TableError for a table whose factors are not 1 without potential, or rise.
    """
    rows = csv_rows(bundled("relaxation.csv"))
    kappa_a = np.array([float(name) for name in rows[0] if name != "y"])
    y = np.array([float(row["y"]) for row in rows])
    factors = np.array([[float(v) for name, v in row.items() if name != "y"] for row in rows])
    if not (factors[0] == 1).all() or not (np.diff(factors[1:], axis=0) < 0).all():
        raise TableError(
            message("relaxation.csv", found="factors that rise with the potential",
                    expected="1 at y = 0, and less from row to row")
        )  # fmt: skip
    spline = RectBivariateSpline(y, np.log(kappa_a), factors, kx=3, ky=3, s=0)
    return spline, (float(kappa_a[0]), float(kappa_a[-1])), float(y[-1])


def relaxation(y: Floats, kappa_a: Floats) -> Floats:
    """Mobility over that without relaxation, by reduced surface potential and kappa a.

    From the standard electrokinetic model solved in full, R. W. O'Brien and L. R. White, J. Chem.
    Soc. Faraday Trans. 2, 74, 1607 (1978), for ions with the drag of Tris and glycinate. Beyond the
    table's largest potential, 8, the mobility stays what it is there; kappa a is held to 0.1 to 20.

    >>> relaxation(np.array([0.0, 5.0]), np.array([0.7, 0.7])).round(2)
    array([1.  , 0.63])
    """
    spline, (low, high), most = _table()
    size = np.abs(y)
    inside = np.minimum(size, most)
    found = spline.ev(inside, np.log(np.clip(kappa_a, low, high)))
    return np.asarray(found * inside / np.maximum(size, 1e-12) * (size > 0) + (size == 0))
