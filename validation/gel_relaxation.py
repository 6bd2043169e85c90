"""Mobility of a charged sphere with the relaxation of its ion cloud, solved in full.

    python -m validation.gel_relaxation          writes src/alloyscope/data/relaxation.csv anew

The standard electrokinetic model, R. W. O'Brien and L. R. White, J. Chem. Soc. Faraday Trans. 2,
74, 1607 (1978), as written by H. Ohshima, T. W. Healy and L. R. White, ibid. 79, 1613 (1983): with
x = r/a, L = d2/dx2 + (2/x) d/dx - 2/x2,

    L L H = -(K2 / 2x) y' (exp(-y) F+ + exp(y) F-),     H(1) = H'(1) = 0, force-free far away
    L F = y' (z F' - 3 m H / x),                        F'(1) = 0, F -> x
    E = 3 lim H / x

y is the Poisson-Boltzmann potential, K = kappa a, m the drag of an ion and
E = mu 3 eta e / (2 eps kT).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid, solve_bvp
from scipy.linalg import solve_banded

from alloyscope.gel.electrostatics import henry

Floats = NDArray[np.float64]
FILE = Path(__file__).resolve().parents[1] / "src/alloyscope/data/relaxation.csv"
DRAG = 0.4
"""Of Tris and glycinate, D = 0.8e-9 and 1.06e-9 m2/s: 3.42e-10 / D."""

KAPPA_A = (0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5, 2.0, 3.0, 4.5, 7.0, 10.0, 15.0, 20.0)
POTENTIALS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0)


def potential(y0: float, kappa_a: float) -> tuple[Floats, Floats, Floats]:
    """x, y and y' about a sphere of surface potential y0."""
    far = 30.0 / kappa_a
    x = 1 + far * np.linspace(0, 1, 4001) ** 2.5
    guess = y0 / x * np.exp(-kappa_a * (x - 1))
    found = solve_bvp(
        lambda x, y: np.vstack([y[1], kappa_a**2 * np.sinh(y[0]) - 2 * y[1] / x]),
        lambda a, b: np.array([a[0] - y0, b[1] + (kappa_a + 1 / x[-1]) * b[0]]),
        x, np.vstack([guess, np.gradient(guess, x)]), tol=1e-7, max_nodes=200_000,
    )  # fmt: skip
    if not found.success:
        raise RuntimeError(f"no potential at {y0}, {kappa_a}: {found.message}")
    y, slope = found.sol(x)
    return x, y, slope


def ion_potential(x: Floats, slope: Floats, z: int, drag: Floats) -> Floats:
    """F, by finite differences: L F - z y' F' = -y' drag."""
    h, n = np.diff(x), x.size
    below, above = h[:-1], h[1:]
    first = np.array([-above / (below * (below + above)), (above - below) / (below * above),
                      below / (above * (below + above))])  # fmt: skip
    second = np.array([2 / (below * (below + above)), -2 / (below * above),
                       2 / (above * (below + above))])  # fmt: skip
    mid = x[1:-1]
    rows = second + (2 / mid - z * slope[1:-1]) * first
    rows[1] -= 2 / mid**2
    band, right = np.zeros((5, n)), np.zeros(n)
    band[1, 2:], band[2, 1:-1], band[3, :-2] = rows[2], rows[1], rows[0]
    right[1:-1] = -slope[1:-1] * drag[1:-1]
    # F'(1) = 0 by a parabola through three points.
    a, b = h[0], h[0] + h[1]
    band[2, 0], band[1, 1], band[0, 2] = -(a + b) / (a * b), b / (a * (b - a)), -a / (b * (b - a))
    # F = x + c / x2 far away: F' + 2 F / x = 3.
    band[3, -2], band[2, -1] = -1 / h[-1], 1 / h[-1] + 2 / x[-1]
    right[-1] = 3.0
    return np.asarray(solve_banded((2, 2), band, right))


def mobility(y0: float, kappa_a: float, drag: float = DRAG) -> float:
    """E of a sphere; 0 < y0."""
    x, y, slope = potential(y0, kappa_a)
    flow, last = np.zeros_like(x), 0.0
    for step in range(400):
        pushed = 3 * drag * flow / x
        ions = sum(np.exp(-z * y) * ion_potential(x, slope, z, pushed) for z in (1, -1))
        source = -(kappa_a**2) / 2 / x * slope * ions
        inner = [cumulative_trapezoid(s, x, initial=0.0) for s in (source, x**3 * source)]
        outer = [s[-1] - s for s in inner]
        vorticity = -x / 3 * outer[0] + outer[1] / (3 * x**2)
        parts = [cumulative_trapezoid(s, x, initial=0.0) for s in (vorticity, x**3 * vorticity)]
        new = x / 3 * parts[0] - parts[1] / (3 * x**2)
        flow = new if step == 0 else 0.5 * flow + 0.5 * new
        value = float(parts[0][-1])
        if abs(value - last) < 1e-7 * abs(value):
            return value
        last = value
    raise RuntimeError(f"no flow at {y0}, {kappa_a}")


def factor(y0: float, kappa_a: float, drag: float = DRAG) -> float:
    """Mobility over that without relaxation, y f(kappa a)."""
    if y0 == 0:
        return 1.0
    return mobility(y0, kappa_a, drag) / (y0 * float(henry(np.array([kappa_a]))[0]))


HEAD = f"""# Mobility of a charged sphere in water over that without relaxation of its ion cloud, by
# rows of reduced surface potential y = e zeta / kT and columns of kappa a; both ions' drag {DRAG}.
# Made by: python -m validation.gel_relaxation
"""


def main() -> None:
    """Write the table."""
    lines = [HEAD + ",".join(["y", *(f"{k:g}" for k in KAPPA_A)])]
    for y in POTENTIALS:
        lines.append(",".join([f"{y:g}", *(f"{factor(y, k):.5f}" for k in KAPPA_A)]))
        print(lines[-1], flush=True)
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
