"""Symmetry of given coordinates: which rotations and reflections map the sites on themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import StructureError, message
from alloyscope.structures.permutation import PermutationGroup, image_of

Floats = NDArray[np.float64]

FLAT = 0.05
"""Sine of the angle at the centre below which two sites and the centre are taken for a line."""


def symmetry_of(
    positions: Floats, kinds: Sequence[str], tolerance: float = 0.1
) -> PermutationGroup:
    """The point group of sites, as permutations and as matrices.

    positions : (n_sites, 3) Å
    kinds     : of the sites, n_sites
    tolerance : Å that a site may be off

    Two sites that span a plane with the centre are sent to every pair like them; each pair fixes
    one rotation and one rotation with a reflection. Operations are refined over all sites.
    Raises StructureError for sites on a line, and for a tolerance that makes no group.
    """
    about = positions - positions.mean(axis=0)
    first, second = _reference(about, kinds)
    found: dict[tuple[bytes, bool], Floats] = {}
    images = {}
    for operation in _candidates(about, kinds, first, second, tolerance):
        image = image_of(operation, about, kinds, tolerance * 2)
        if image is None:
            continue
        refined = _refined(about, about[image], operation)
        odd = bool(np.linalg.det(refined) < 0)
        if image_of(refined, about, kinds, tolerance) is not None:
            found[image.tobytes(), odd] = refined
            images[image.tobytes(), odd] = image
    rank = np.argsort([not np.allclose(op, np.eye(3), atol=1e-6) for op in found.values()],
                      kind="stable")  # fmt: skip
    keys = [list(found)[k] for k in rank]
    try:
        return PermutationGroup(
            np.array([images[key] for key in keys]), np.array([odd for _, odd in keys]),
            np.array([found[key] for key in keys]),
        )  # fmt: skip
    except StructureError as error:
        raise StructureError(
            message("symmetry of the coordinates", found=f"{len(keys)} operations within "
                    f"{tolerance:g} Å that are no group", expected="a group",
                    do="Give a smaller tolerance.")
        ) from error  # fmt: skip


def _reference(about: Floats, kinds: Sequence[str]) -> tuple[int, int]:
    """Two sites of the rarest kinds that are not on a line with the centre."""
    rare = Counter(kinds)
    length = np.linalg.norm(about, axis=1)
    order = sorted(range(len(kinds)), key=lambda k: (rare[kinds[k]], k))
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            area = np.linalg.norm(np.cross(about[first], about[second]))
            if area > FLAT * length[first] * length[second] and min(length[[first, second]]) > 0.5:
                return first, second
    raise StructureError(
        message("symmetry of the coordinates", found="sites on one line", expected="a cluster")
    )


def _candidates(
    about: Floats, kinds: Sequence[str], first: int, second: int, tolerance: float
) -> Iterator[Floats]:
    """Rotations, and rotations with a reflection, that take the two sites to two like them."""
    length = np.linalg.norm(about, axis=1)
    between = np.linalg.norm(about[first] - about[second])
    start = _frame(about[first], about[second])
    for a in _like(first, kinds, length, tolerance):
        for b in _like(second, kinds, length, tolerance):
            if a != b and abs(np.linalg.norm(about[a] - about[b]) - between) < 2 * tolerance:
                end = _frame(about[a], about[b])
                for sign in (1.0, -1.0):
                    yield end @ np.diag([1.0, 1.0, sign]) @ start.T


def _like(site: int, kinds: Sequence[str], length: Floats, tolerance: float) -> list[int]:
    return [k for k in range(len(kinds))
            if kinds[k] == kinds[site] and abs(length[k] - length[site]) < tolerance]  # fmt: skip


def _frame(a: Floats, b: Floats) -> Floats:
    """(3, 3) right-handed axes: along a, in the plane of a and b, and across it."""
    x = a / np.linalg.norm(a)
    z = np.cross(a, b)
    z = z / np.linalg.norm(z)
    return np.column_stack((x, np.cross(z, x), z))


def _refined(start: Floats, end: Floats, near: Floats) -> Floats:
    """The orthogonal matrix of the same handedness that takes `start` nearest to `end` (Kabsch)."""
    u, _, vt = np.linalg.svd(end.T @ start)
    sign = np.sign(np.linalg.det(near)) * np.sign(np.linalg.det(u @ vt))
    return np.asarray(u @ np.diag([1.0, 1.0, sign]) @ vt)
