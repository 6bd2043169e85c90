"""Frameworks as the reaction model sees them: counts, and classes of metal sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.parameter import Quantity


@dataclass(frozen=True)
class SiteClass:
    """Metal sites that the model does not tell apart.

    energy        : by metal, of one atom there rather than one of the last metal, relative to
                    the same swap in the pool of complexes
    cooperativity : J, by metal: n atoms of it add J n (n - 1) / (count - 1)
    """

    name: str
    count: int
    energy: Mapping[str, Quantity] = field(default_factory=dict)
    cooperativity: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True)
class Framework:
    """A metal-ligand framework M_N(SR)_L of charge z.

    metals, ligands : N, L
    charge          : of the core with every acid group protonated
    electrons       : valence electrons of the core, N - L - charge
    sites           : classes whose counts sum to N
    energy          : standard free energy where every site holds the last metal
    level           : (framework, x): the energy is such that both are equally stable, sites and
                      placements included, at x atoms of the first metal; in place of `energy`
    lability        : factor on its rates of metal exchange
    response        : of electrospray, ions seen per cluster, relative to the others
    Raises ReactionError for counts that contradict one another.
    """

    name: str
    metals: int
    ligands: int
    charge: int
    electrons: int
    sites: tuple[SiteClass, ...]
    energy: Quantity = 0.0
    level: tuple[str, Quantity] | None = None
    lability: Quantity = 1.0
    response: Quantity = 1.0

    def __post_init__(self) -> None:
        where = f"framework {self.name}"
        sites = sum(site.count for site in self.sites)
        if sites != self.metals:
            raise ReactionError(
                message(where, found=f"site classes of {sites} atoms in all",
                        expected=f"{self.metals}, its metals")
            )  # fmt: skip
        electrons = self.metals - self.ligands - self.charge
        if self.electrons != electrons:
            raise ReactionError(
                message(where, found=f"{self.electrons} electrons",
                        expected=f"{self.metals} metals - {self.ligands} ligands - ({self.charge}) "
                        f"= {electrons}")
            )  # fmt: skip
        if any(site.count < 1 for site in self.sites):
            raise ReactionError(message(where, found="a site class without atoms", expected="1"))

    @property
    def label(self) -> str:
        """As tables name it: M44S30."""
        return f"M{self.metals}S{self.ligands}"


@dataclass(frozen=True)
class Parent:
    """A cluster that is fed.

    composition : atoms by metal
    """

    name: str
    framework: str
    composition: Mapping[str, int]

    def counts(self, metals: Iterable[str]) -> tuple[int, ...]:
        """Atoms of each of the metals."""
        return tuple(self.composition.get(metal, 0) for metal in metals)
