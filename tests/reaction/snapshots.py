"""Hand-made snapshots of a reaction between two parents."""

import numpy as np

from alloyscope.reaction.framework import Framework, Parent, SiteClass
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.thermodynamics import compositions
from alloyscope.reaction.trajectory import Snapshot


def framework(name: str, metals: int, ligands: int, charge: int) -> Framework:
    sites = (SiteClass("all", metals),)
    return Framework(name, metals, ligands, charge, metals - ligands - charge, sites)


PAIR = Reaction(
    ("Au", "Ag"), "p-MBA",
    (framework("A", 44, 30, -4), framework("B", 44, 27, -3), framework("C", 44, 26, -2)),
    (Parent("Au44", "C", {"Au": 44}), Parent("Ag44", "A", {"Ag": 44})),
)  # fmt: skip


def snapshot(complexes: dict[str, float] | None = None, **held: dict[int, float]) -> Snapshot:
    """What there is: `A={0: 0.5, 1: 0.1}` are clusters per cluster fed, by x."""
    counts = {f.name: compositions(f.metals, 2) for f in PAIR.frameworks}
    populations = {name: np.zeros(len(rows)) for name, rows in counts.items()}
    for name, by_x in held.items():
        for x, amount in by_x.items():
            populations[name][x] = amount
    return Snapshot(populations, counts, {"Au": 0.0, "Ag": 0.0} | (complexes or {}))
