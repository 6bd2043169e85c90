"""The search space of an assignment: which ions could be there, by rule.

An ion is a framework (so many metals, so many anionic ligands, a core charge), a composition of
both, neutral ligands, cations in place of protons, neutral molecules, and a charge. The charge rule
fixes the number of protons:

    charge = core charge + cations added + delta_H

Penalties are negative logarithms of prior odds, in nats: what is known or simple costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.ligand import Adduct, Ligand, default_vocabulary
from alloyscope.chemistry.species import Ion, Species
from alloyscope.errors import CaseError, message

Range = tuple[str, int, int]
"""Name of a metal or ligand, fewest and most."""

FEW_CATIONS = 4
"""Cations on fragments, on neighbours, and on shells with further ligands."""


@dataclass(frozen=True)
class Framework:
    """A metal-ligand framework or what becomes of one.

    name        : what it is called; `counted` where it has no name of its own
    n_metals, n_ligands : counts; ligands of any anionic kind together
    core_charge : with every acid group protonated
    penalty     : nats
    cations     : how many cations may stand in place of protons, all kinds together
    substituted : whether substitutes (Cl for SR) are looked for
    electrons   : when given, the core charge of each composition is what leaves it so many valence
                  electrons (Pt brings none, Ag one), and `core_charge` that of monovalent metals
    core_steps  : least and greatest step that the core charge may be off
    mixed       : whether further ligands than the first are looked for
    ranges      : of metals and anionic ligands in this framework
    neutral     : (neutral ligand, fewest, most)
    """

    name: str
    n_metals: int
    n_ligands: int
    core_charge: int
    penalty: float = 0.0
    cations: int = 16
    substituted: bool = True
    electrons: int | None = None
    core_steps: tuple[int, int] = (-1, 1)
    mixed: bool = True
    ranges: tuple[Range, ...] = ()
    neutral: tuple[tuple[Ligand, int, int], ...] = ()

    def __post_init__(self) -> None:
        if self.n_metals < 0 or self.n_ligands < 0 or self.n_metals + self.n_ligands < 1:
            raise CaseError(
                message(f"framework {self.name}",
                        found=f"{self.n_metals} metals and {self.n_ligands} ligands",
                        expected="counts of 0 or more and at least one atom")
            )  # fmt: skip
        low, high = self.core_steps
        if not low <= 0 <= high:
            raise CaseError(
                message(f"framework {self.name}", found=f"core charge {low} to {high} off",
                        expected="a range that holds 0")
            )  # fmt: skip

    @property
    def counted(self) -> str:
        """Numbers of metals and of anionic ligands: `M44S30`."""
        return f"M{self.n_metals}S{self.n_ligands}"

    @property
    def size(self) -> tuple[object, ...]:
        """Metals, ligands, core charge and neutral ligands: all that an ion can show of it."""
        return self.n_metals, self.n_ligands, self.core_charge, self.electrons, self.neutral


@dataclass(frozen=True)
class SearchSpace:
    """All ions that an assignment may call.

    metals      : symbols; the first one is counted as x
    ligands     : anionic ligands that share the framework's places; a shell with more than the
                  fewest of any but the first has no substitutes, few cations, no core charge off
    substitutes : (ligand, at most), in place of the first ligand
    cations     : (charged adduct, at most), each in place of its charge in protons where acids
                  allow
    neutrals    : (neutral adduct, at most)
    charges     : signed, of one sign
    ranges      : of metals and ligands, in every framework
    valence     : valence electrons of each metal; () for one each
    core_off    : nats for each step that a core charge is off; None if that is not looked for
    per_cation, per_substitute, per_neutral, per_proton : nats for each
    mixed       : nats for a shell with further ligands
    most_protons : beyond the core's own
    most_penalty : ions of more nats are not looked for
    """

    metals: tuple[str, ...]
    ligands: tuple[Ligand, ...]
    frameworks: tuple[Framework, ...]
    charges: tuple[int, ...]
    substitutes: tuple[tuple[Ligand, int], ...] = ()
    cations: tuple[tuple[Adduct, int], ...] = ()
    core_off: float | None = 6.0
    per_cation: float = 0.25
    per_substitute: float = 2.0
    per_proton: float = 2.0
    neutrals: tuple[tuple[Adduct, int], ...] = ()
    ranges: tuple[Range, ...] = ()
    valence: tuple[int, ...] = ()
    per_neutral: float = 2.0
    mixed: float = 1.0
    most_protons: int = 2
    most_penalty: float = 16.0

    def __post_init__(self) -> None:
        for what in ("metals", "ligands", "frameworks", "charges"):
            if not getattr(self, what):
                raise CaseError(message("search space", found=f"no {what}", expected="one or more"))
        if 0 in self.charges:
            raise CaseError(message("search space", found="charge 0", expected="charged ions"))
        if min(self.charges) < 0 < max(self.charges):
            raise CaseError(
                message("search space", found=f"charges {min(self.charges)} to {max(self.charges)}",
                        expected="negative or positive ions",
                        do="A spectrum has one polarity; build a space for each.")
            )  # fmt: skip
        names = (*self.metals, *(str(ligand) for ligand in self.kinds))
        twice = {name for name in names if names.count(name) > 1}
        known = {name for ranges in (self.ranges, *(f.ranges for f in self.frameworks))
                 for name, _, _ in ranges} - set(names)  # fmt: skip
        if twice or known:
            found = f"{', '.join(sorted(twice))} twice" if twice else f"a range of {min(known)}"
            raise CaseError(
                message("search space", found=found,
                        expected=f"each metal and ligand once, ranges of {', '.join(names)}")
            )  # fmt: skip

    @cached_property
    def neutral_ligands(self) -> tuple[Ligand, ...]:
        """Neutral ligands of any framework, each once."""
        return tuple(dict.fromkeys(x for f in self.frameworks for x, _, _ in f.neutral))

    @cached_property
    def kinds(self) -> tuple[Ligand, ...]:
        """All ligands: anionic ones, substitutes, neutral ones."""
        return (*self.ligands, *(ligand for ligand, _ in self.substitutes), *self.neutral_ligands)

    @cached_property
    def added(self) -> tuple[Adduct, ...]:
        """What is added to species: protons, cations, neutral molecules."""
        proton = default_vocabulary().adduct_names["H"]
        return (proton, *(x for x, _ in self.cations), *(x for x, _ in self.neutrals))

    @property
    def aliases(self) -> dict[str, str]:
        """Names of frameworks that have one of their own, by `counted`: M44S30 is A."""
        named = [f for f in self.frameworks if f.name != f.counted]
        return {f.counted: f.name for f in reversed(named)}

    @cached_property
    def unit_atoms(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """Element symbols, and (n_units, n_elements) atoms of metals, ligands, adducts."""
        formulas = [{metal: 1} for metal in self.metals]
        formulas += [dict(ligand.formula) for ligand in self.kinds]
        formulas += [dict(adduct.formula) for adduct in self.added]
        symbols = tuple(sorted({symbol for formula in formulas for symbol in formula}))
        return symbols, np.array([[f.get(s, 0) for s in symbols] for f in formulas], np.int64)

    def ion(self, entry: int, counts: Sequence[int], charge: int, core_charge: int) -> Ion:
        """The ion of a framework with these counts of units."""
        n_metals, n_kinds = len(self.metals), len(self.kinds)
        species = Species.of(
            dict(zip(self.metals, counts[:n_metals], strict=True)),
            dict(zip(self.kinds, counts[n_metals : n_metals + n_kinds], strict=True)),
            core_charge,
        )
        rest = zip(self.added, counts[n_metals + n_kinds :], strict=True)
        return Ion.of(species, [(adduct, n) for adduct, n in rest if n], charge)

    def framework_name(self, entry: int) -> str:
        """Numbers of metals and of anionic ligands of a framework."""
        return self.frameworks[entry].counted


def losses(withdrawn: int = 1) -> tuple[tuple[int, int], ...]:
    """Anions that clusters lose, as (metals, ligands), of ligands that withdraw so many electrons.

    >>> losses(1), losses(2)  # [M(SR)2]-, [M2(SR)3]-; of dithiolates [M(S2R)]-, [M3(S2R)2]-
    (((1, 2), (2, 3)), ((1, 1), (3, 2)))
    """
    first = 2 if withdrawn == 1 else 1
    return tuple((withdrawn * n - 1, n) for n in (first, first + 1))


def with_fragments(
    framework: Framework,
    times: int,
    pieces: Iterable[tuple[int, int]] = losses(),
    withdrawn: int = 1,
    per_loss: float = 1.0,
) -> tuple[Framework, ...]:
    """The framework and what it becomes by losing up to so many pieces of monovalent metal.

    pieces    : (metals, ligands) that leave, with the charge metals - withdrawn x ligands
    withdrawn : electrons that one ligand withdraws
    """
    pairs = tuple(pieces)
    found = {framework.size: framework}
    last = [framework]
    for _ in range(times):
        last = [
            _fragment(parent, m, s, m - withdrawn * s, per_loss, whole=parent is framework)
            for parent in last for m, s in pairs
            if parent.n_metals >= m and parent.n_ligands >= s
            and parent.n_metals + parent.n_ligands > m + s
        ]  # fmt: skip
        for fragment in last:
            found.setdefault(fragment.size, fragment)
    return tuple(found.values())


def _fragment(
    parent: Framework, m: int, s: int, charge: int, per_loss: float, *, whole: bool
) -> Framework:
    metals, ligands = parent.n_metals - m, parent.n_ligands - s
    return replace(
        parent, name=f"M{metals}S{ligands}", n_metals=metals, n_ligands=ligands,
        core_charge=parent.core_charge - charge,
        penalty=parent.penalty + per_loss * (1.0 + 0.5 * (m - 1)),
        cations=min(parent.cations, FEW_CATIONS), substituted=False, mixed=parent.mixed and whole,
        ranges=tuple((name, max(low - m - s, 0), high) for name, low, high in parent.ranges),
    )  # fmt: skip


def neighbours(
    metals: Iterable[int],
    ligands: Iterable[int],
    electrons: Iterable[int],
    penalty: float,
    withdrawn: int = 1,
) -> tuple[Framework, ...]:
    """Frameworks with these counts whose core charge closes an electron shell."""
    counts, shells = tuple(ligands), tuple(electrons)
    return tuple(
        Framework(f"M{m}S{s}", m, s, m - withdrawn * s - n, penalty, cations=FEW_CATIONS,
                  substituted=False, electrons=n, mixed=False)
        for m in metals for s in counts for n in shells
    )  # fmt: skip


def complexes(
    metals: Iterable[int], excess: Iterable[int], withdrawn: int = 1, penalty: float = 0.5
) -> tuple[Framework, ...]:
    """Complexes of n monovalent metals whose ligands leave them the charge -k, k in `excess`.

    Of thiolates Mn(SR)(n + k).
    """
    extra = tuple(excess)
    return tuple(
        Framework(f"M{n}S{(n + k) // withdrawn}", n, (n + k) // withdrawn, -k,
                  penalty=penalty + 0.4 * max(n - 1, 0) ** 0.5, cations=6)
        for n in metals for k in extra if n + k > 0 and (n + k) % withdrawn == 0
    )  # fmt: skip


def unique(frameworks: Iterable[Framework]) -> tuple[Framework, ...]:
    """The frameworks, of those that look the same the one with the least penalty."""
    best: dict[tuple[object, ...], Framework] = {}
    for framework in frameworks:
        held = best.get(framework.size)
        if held is None or framework.penalty < held.penalty:
            best[framework.size] = framework
    return tuple(best.values())
