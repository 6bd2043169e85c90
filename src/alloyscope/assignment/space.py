"""The search space of an assignment: which ions could be there, by rule.

An ion is a framework (so many metals, so many anionic ligands, a core charge), a composition of
both, cations in place of protons, and a charge. The charge rule fixes the number of protons:

    charge = core charge + cations added + delta_H

Penalties are negative logarithms of prior odds, in nats: what is known or simple costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alloyscope.chemistry.ligand import Adduct, Ligand
from alloyscope.errors import CaseError, message

LOSS = ((1, 2), (2, 3))
"""Anions that clusters lose, [M(SR)2]- and [M2(SR)3]-, as (metals, ligands)."""


@dataclass(frozen=True)
class Framework:
    """A metal-ligand framework or what becomes of one.

    n_metals, n_ligands : counts; ligands of any anionic kind together
    core_charge         : with every acid group protonated
    penalty             : nats
    cations             : how many cations may stand in place of protons
    substituted         : whether substitutes (Cl for SR) are looked for
    """

    name: str
    n_metals: int
    n_ligands: int
    core_charge: int
    penalty: float = 0.0
    cations: int = 16
    substituted: bool = True

    def __post_init__(self) -> None:
        if self.n_metals < 0 or self.n_ligands < 0 or self.n_metals + self.n_ligands < 1:
            raise CaseError(
                message(f"framework {self.name}",
                        found=f"{self.n_metals} metals and {self.n_ligands} ligands",
                        expected="counts of 0 or more and at least one atom")
            )  # fmt: skip

    @property
    def size(self) -> tuple[int, int, int]:
        """Metals, ligands and core charge, which is all that an ion can show of it."""
        return self.n_metals, self.n_ligands, self.core_charge


@dataclass(frozen=True)
class SearchSpace:
    """All ions that an assignment may call.

    metals      : symbols; the first one is counted as x
    ligands     : anionic ligands that share the framework's places
    substitutes : (ligand, at most), in place of the first ligand
    cations     : (adduct, at most), each in place of its charge in protons where acids allow
    charges     : signed
    core_off    : nats for a core charge one off; None if that is not looked for
    per_cation, per_substitute, per_proton : nats for each
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

    def __post_init__(self) -> None:
        for what in ("metals", "ligands", "frameworks", "charges"):
            if not getattr(self, what):
                raise CaseError(message("search space", found=f"no {what}", expected="one or more"))
        if 0 in self.charges:
            raise CaseError(message("search space", found="charge 0", expected="charged ions"))


def with_fragments(framework: Framework, losses: int) -> tuple[Framework, ...]:
    """The framework and what it becomes by losing up to so many [M(SR)2]- and [M2(SR)3]-."""
    found = {framework.size: framework}
    last = [framework]
    for _ in range(losses):
        last = [
            replace(
                parent, name=f"M{parent.n_metals - m}S{parent.n_ligands - s}",
                n_metals=parent.n_metals - m, n_ligands=parent.n_ligands - s,
                core_charge=parent.core_charge + 1, penalty=parent.penalty + 1.0 + 0.5 * (m - 1),
                cations=min(parent.cations, 4), substituted=False,
            )
            for parent in last for m, s in LOSS
            if parent.n_metals >= m and parent.n_ligands >= s
        ]  # fmt: skip
        for fragment in last:
            found.setdefault(fragment.size, fragment)
    return tuple(found.values())


def neighbours(
    metals: Iterable[int], ligands: Iterable[int], electrons: Iterable[int], penalty: float
) -> tuple[Framework, ...]:
    """Frameworks with these counts whose core charge closes an electron shell."""
    counts = tuple(electrons)
    return tuple(
        Framework(f"M{m}S{s}", m, s, m - s - n, penalty, cations=4, substituted=False)
        for m in metals for s in ligands for n in counts
    )  # fmt: skip


def complexes(metals: Iterable[int], excess: Iterable[int]) -> tuple[Framework, ...]:
    """M(I) complexes Mn(SR)(n + k) with the charge -k."""
    extra = tuple(excess)
    return tuple(
        Framework(f"M{n}S{n + k}", n, n + k, -k, penalty=0.4 * max(n - 1, 0) ** 0.5, cations=6)
        for n in metals for k in extra if n + k > 0
    )  # fmt: skip


def unique(frameworks: Iterable[Framework]) -> tuple[Framework, ...]:
    """The frameworks, of those that look the same the one with the least penalty."""
    best: dict[tuple[int, int, int], Framework] = {}
    for framework in frameworks:
        held = best.get(framework.size)
        if held is None or framework.penalty < held.penalty:
            best[framework.size] = framework
    return tuple(best.values())
