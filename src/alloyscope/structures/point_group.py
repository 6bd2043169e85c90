"""Point groups: their operations as matrices made from generators, and their names.

Operations are closed under multiplication by construction and checked to be a group where they are
made. Names follow from how many rotations, mirror planes and the inversion there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import StructureError, message

Floats = NDArray[np.float64]

SAME = 1e-6
"""Elements of two matrices that differ by less are the same operation."""

CLEAR = 0.02
"""The same for naming, so that operations of measured coordinates have a name too."""

MOST = 240
"""Operations of a group at most: Ih has 120."""

GOLDEN = (1 + 5**0.5) / 2


def rotation(axis: Iterable[float], order: int) -> Floats:
    """(3, 3) rotation by 2 pi / order about an axis.

    >>> rotation((0, 0, 1), 2).round(12).tolist()
    [[-1.0, -0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    n = np.asarray(tuple(axis), float)
    n = n / np.linalg.norm(n)
    angle = 2 * np.pi / order
    cross = np.array([[0.0, -n[2], n[1]], [n[2], 0.0, -n[0]], [-n[1], n[0], 0.0]])
    turned = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    # Exact zeros and ones keep every orbit exact in the groups of the cube.
    return np.asarray(np.where(abs(turned - turned.round()) < 1e-12, turned.round(), turned))


def mirror(normal: Iterable[float]) -> Floats:
    """(3, 3) reflection in the plane with this normal."""
    n = np.asarray(tuple(normal), float)
    n = n / np.linalg.norm(n)
    return np.asarray(np.eye(3) - 2 * np.outer(n, n))


X, Y, Z, DIAGONAL = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0)
INVERSION = -np.eye(3)
TETRAHEDRAL = (rotation(Z, 2), rotation(DIAGONAL, 3))
CUBIC = (rotation(Z, 4), rotation(DIAGONAL, 3))
ICOSAHEDRAL = (rotation(Z, 2), rotation(DIAGONAL, 3), rotation((1.0, 0.0, GOLDEN), 5))
SPECIAL = {
    "C1": (), "Ci": (INVERSION,), "Cs": (mirror(Z),),
    "T": TETRAHEDRAL, "Th": (*TETRAHEDRAL, INVERSION), "Td": (*TETRAHEDRAL, mirror((1, -1, 0))),
    "O": CUBIC, "Oh": (*CUBIC, INVERSION), "I": ICOSAHEDRAL, "Ih": (*ICOSAHEDRAL, INVERSION),
}  # fmt: skip
AXIAL = re.compile(r"([CD])([2-9]|1[0-2])([vhd]?)|S(4|6|8|10|12)")


@dataclass(frozen=True, eq=False)
class PointGroup:
    """A group of orthogonal matrices.

    name       : Schoenflies symbol
    operations : (order, 3, 3), the identity first
    Raises StructureError unless they are a group.
    """

    name: str
    operations: Floats

    def __post_init__(self) -> None:
        if not is_group(self.operations):
            raise StructureError(
                message(f"point group {self.name}", found=f"{len(self.operations)} operations that "
                        "are not closed under multiplication", expected="a group")
            )  # fmt: skip

    @property
    def order(self) -> int:
        """How many operations there are."""
        return len(self.operations)

    @property
    def improper(self) -> NDArray[np.bool_]:
        """(order,) whether an operation turns left into right."""
        return np.asarray(np.linalg.det(self.operations) < 0)


@cache
def point_group(name: str) -> PointGroup:
    """The point group of this symbol: main axis along z, cubic groups along x, y and z.

    Raises StructureError for a symbol that is not known.

    >>> point_group("Th").order, point_group("D5h").order, point_group("Ih").order
    (24, 20, 120)
    """
    return PointGroup(name, closure(_generators(name)))


def _generators(name: str) -> tuple[Floats, ...]:
    if name in SPECIAL:
        return SPECIAL[name]
    found = AXIAL.fullmatch(name)
    if not found or (found[1] == "C" and found[3] == "d"):
        raise StructureError(
            message("point group", found=f'"{name}"',
                    expected=f"a Schoenflies symbol: {', '.join(SPECIAL)}, Cn, Cnv, Cnh, Dn, Dnh, "
                    "Dnd or S2n")
        )  # fmt: skip
    if found[4]:
        n = int(found[4])
        return (rotation(Z, n) @ mirror(Z),)
    n = int(found[2])
    between = (np.sin(np.pi / (2 * n)), -np.cos(np.pi / (2 * n)), 0.0)
    planes = {"": (), "h": (mirror(Z),), "d": (mirror(between),), "v": (mirror(Y),)}
    turns = (rotation(Z, n), rotation(X, 2)) if found[1] == "D" else (rotation(Z, n),)
    return (*turns, *planes[found[3]])


def closure(generators: Iterable[Floats]) -> Floats:
    """(order, 3, 3) every product of the generators, the identity first.

    Raises StructureError where there is no end to them.
    """
    steps, found = list(generators), [np.eye(3)]
    for known in found:
        for step in steps:
            product = step @ known
            if all(abs(product - other).max() > SAME for other in found):
                found.append(product)
        if len(found) > MOST:
            raise StructureError(
                message("point group", found=f"more than {MOST} operations",
                        expected="generators of a finite group")
            )  # fmt: skip
    return np.array(found)


def is_group(operations: Floats) -> bool:
    """Whether matrices are orthogonal, hold the identity, and every product is one of them."""
    flat = operations.reshape(len(operations), 9)
    unit = operations @ operations.transpose(0, 2, 1)
    if abs(unit - np.eye(3)).max() > SAME or abs(operations - np.eye(3)).max((1, 2)).min() > SAME:
        return False
    products = np.einsum("aij,bjk->abik", operations, operations).reshape(-1, 9)
    apart = abs(products[:, None, :] - flat[None]).max(-1).min(-1)
    return bool((apart < SAME).all())


def name_of(operations: Floats) -> str:
    """Schoenflies symbol of a group of matrices, whatever its orientation.

    >>> name_of(point_group("Th").operations), name_of(point_group("D2d").operations)
    ('Th', 'D2d')
    """
    proper = np.linalg.det(operations) > 0
    turns = _turns(operations[proper])
    n, order = max(turns, default=1), int(proper.sum())
    inverts = bool((abs(operations + np.eye(3)).max((1, 2)) < CLEAR).any())
    planes = int((abs(np.trace(operations[~proper], axis1=1, axis2=2) - 1) < CLEAR).sum())
    if order in (12, 24, 60) and turns[3] >= 8:
        return _cubic(order, inverts, planes)
    if order == len(operations):
        return ("C" if order == n else "D") + str(n)
    if order == n:
        return _axial(operations, n, inverts, planes)
    return f"D{n}" + ("h" if planes == n + 1 else "d")


def _cubic(order: int, inverts: bool, planes: int) -> str:
    letter = {12: "T", 24: "O", 60: "I"}[order]
    return letter + ("h" if inverts else "d" if planes else "")


def _axial(operations: Floats, n: int, inverts: bool, planes: int) -> str:
    if n == 1:
        return "Ci" if inverts else "Cs"
    if planes == 0:
        return f"S{2 * n}"
    return f"C{n}" + ("h" if planes == 1 else "v")


def _turns(rotations: Floats) -> Counter[int]:
    """How many rotations of each order there are."""
    cosine = np.clip((np.trace(rotations, axis1=1, axis2=2) - 1) / 2, -1, 1)
    angles = np.arccos(cosine)
    return Counter(_order(float(angle)) for angle in angles if angle > 10 * CLEAR)


def _order(angle: float) -> int:
    """Times that a rotation by this angle must be done until nothing has moved."""
    turns = angle / (2 * np.pi)
    return next((n for n in range(2, MOST) if abs(n * turns - round(n * turns)) < CLEAR), MOST)
