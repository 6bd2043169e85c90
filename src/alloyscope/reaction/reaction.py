"""A reaction as declared: frameworks, parents, the steps that act, and their parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.framework import Framework, Parent
from alloyscope.reaction.notation import Content, Equation, check_balance
from alloyscope.reaction.parameter import Parameter, Quantity, internal, resolved
from alloyscope.reaction.posterior import Posterior

METAL, LIGAND, DISULFIDE, ELECTRON, OXIDISED, DARK = "M", "SR", "RSSR", "e", "oxidised", "dark "
"""Names in equations: metal of the cluster's own composition, in complexes; thiolate, in complexes
or free; its disulfide; electrons; electrons that an oxidant took; what no spectrum shows."""


@dataclass(frozen=True)
class Exchange:
    """Metal exchange among all clusters, and between clusters and complexes.

    clusters, complexes : rate constants, of second order
    """

    clusters: Quantity
    complexes: Quantity


@dataclass(frozen=True)
class Step:
    """One family of reactions: the equation holds for every composition.

    rate    : constant of the forward direction, where nothing below changes it
    slope   : the cluster that is used up reacts exp(slope * E) times as fast, E being its excess
              free energy over ideal mixing (kT) less that of the first parent of its framework: a
              Bell-Evans-Polanyi relation
    quench  : by metal: a cluster that stands on both sides acts exp(-q n) times as fast when it
              holds n atoms of it
    """

    equation: Equation
    rate: Quantity
    slope: Quantity = 0.0
    quench: tuple[tuple[str, Quantity], ...] = ()


@dataclass(frozen=True)
class YieldPrior:
    """What is believed of the clusters left, where nothing was measured.

    ratio : clusters of each parent fed
    least : clusters left per cluster fed, below which it is believed less and less
    width : of that logistic edge, in ln
    """

    ratio: tuple[float, ...]
    t_min: float
    least: float
    width: float = 0.15

    def __post_init__(self) -> None:
        if min(self.ratio, default=0.0) < 0 or sum(self.ratio) <= 0 or self.t_min <= 0:
            raise ReactionError(
                message("prior of a yield", found=f"ratio {self.ratio}, {self.t_min:g} min",
                        expected="clusters fed, and a time above 0")
            )  # fmt: skip
        if not 0 < self.least <= 1 or not self.width > 0:
            raise ReactionError(
                message("prior of a yield", found=f"least {self.least:g}, width {self.width:g}",
                        expected="a share above 0 and up to 1, a width above 0")
            )  # fmt: skip


@dataclass(frozen=True)
class Reaction:
    """Everything that a reaction model declares.

    metals        : symbols; x counts the first, energies are relative to the last
    ligand        : name of the thiolate
    potentials    : standard chemical potential of SR, RSSR and e in the pool, by name (kT)
    yields        : what fits believe of the clusters left
    concentration : M of metal in every stock, and so in every mixture
    temperature   : K
    posterior     : how sure the values of the parameters are; None where no fit made them
    Raises ReactionError for whatever contradicts itself: unbalanced steps, names that are not
    declared, parents that do not fill their framework.
    """

    metals: tuple[str, ...]
    ligand: str
    frameworks: tuple[Framework, ...]
    parents: tuple[Parent, ...]
    steps: tuple[Step, ...] = ()
    exchange: Exchange | None = None
    parameters: tuple[Parameter, ...] = ()
    potentials: tuple[tuple[str, Quantity], ...] = ()
    yields: tuple[YieldPrior, ...] = ()
    concentration: float = 1e-3
    temperature: float = 298.15
    posterior: Posterior | None = None

    def __post_init__(self) -> None:
        self._check_names()
        self._check_keys()
        self._check_quantities()
        for parent in self.parents:
            self._check_parent(parent)
        for step in self.steps:
            check_balance(step.equation, self.contents)

    @cached_property
    def by_name(self) -> dict[str, Framework]:
        """Frameworks by name."""
        return {framework.name: framework for framework in self.frameworks}

    @property
    def size(self) -> int:
        """Metal atoms of the largest framework: amounts are counted per so many atoms fed."""
        return max(framework.metals for framework in self.frameworks)

    @property
    def cluster_concentration(self) -> float:
        """M of clusters of `size` atoms in a stock: the amount that counts as 1."""
        return self.concentration / self.size

    @cached_property
    def contents(self) -> dict[str, Content]:
        """What each name of an equation holds."""
        plain = {
            METAL: Content(metals=1, charge=1),
            **{metal: Content(1, charge=1, named=((metal, 1),)) for metal in self.metals},
            LIGAND: Content(ligands=1, charge=-1),
            ELECTRON: Content(electrons=1, charge=-1),
            DISULFIDE: Content(ligands=2, electrons=-2),
            OXIDISED: Content(electrons=1, charge=-1),
        }
        hidden = {DARK + name: plain[name] for name in (METAL, *self.metals, LIGAND, ELECTRON)}
        clusters = {
            f.name: Content(f.metals, f.ligands, f.electrons, f.charge) for f in self.frameworks
        }
        return clusters | plain | hidden

    @cached_property
    def values(self) -> dict[str, float]:
        """Values of the parameters by name, in the units of the kernels."""
        return {p.name: internal(p.value, p.unit, self.temperature, self.cluster_concentration)
                for p in self.parameters}  # fmt: skip

    @property
    def free(self) -> tuple[Parameter, ...]:
        """Parameters that a fit may change."""
        return tuple(p for p in self.parameters if p.free)

    def with_values(self, values: Mapping[str, float]) -> Reaction:
        """This reaction with parameters changed; values in each parameter's own unit."""
        unknown = values.keys() - {p.name for p in self.parameters}
        if unknown:
            raise ReactionError(
                message("values of parameters", found=", ".join(sorted(unknown)),
                        expected="one of " + ", ".join(p.name for p in self.parameters))
            )  # fmt: skip
        return replace(self, parameters=tuple(
            replace(p, value=values.get(p.name, p.value)) for p in self.parameters
        ))  # fmt: skip

    def without(self, *steps: Step, exchange: bool = False) -> Reaction:
        """This reaction with steps, or metal exchange, switched off."""
        return replace(self, steps=tuple(s for s in self.steps if s not in steps),
                       exchange=None if exchange else self.exchange)  # fmt: skip

    def parent(self, name: str) -> Parent:
        """The parent of this name. Raises ReactionError."""
        for parent in self.parents:
            if parent.name == name:
                return parent
        raise ReactionError(
            message(f'parent "{name}"', found="no parent of this name",
                    expected="one of " + ", ".join(p.name for p in self.parents))
        )  # fmt: skip

    def _check_names(self) -> None:
        for what, names in (
            ("frameworks", [f.name for f in self.frameworks]),
            ("parents", [p.name for p in self.parents]),
            ("parameters", [p.name for p in self.parameters]),
            ("metals", list(self.metals)),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ReactionError(
                    message(f"reaction's {what}", found=f"{', '.join(twice)} more than once",
                            expected="each name once")
                )  # fmt: skip
        if len(self.metals) < 2 or not self.frameworks:
            raise ReactionError(
                message("reaction", found=f"{len(self.metals)} metals and "
                        f"{len(self.frameworks)} frameworks", expected="at least 2 and 1")
            )  # fmt: skip
        pools = (METAL, LIGAND, ELECTRON, DISULFIDE, OXIDISED, *self.metals)
        taken = [f.name for f in self.frameworks if f.name in pools or f.name.startswith(DARK)]
        if taken:
            raise ReactionError(
                message(f"framework {taken[0]}", found="a name that equations use for a pool",
                        expected="another one")
            )  # fmt: skip

    def _check_quantities(self) -> None:
        known = {p.name for p in self.parameters}
        unknown = [n for n in self.posterior.names if n not in known] if self.posterior else []
        if unknown:
            raise ReactionError(
                message("posterior names", found=", ".join(unknown), expected="parameters: "
                        + (", ".join(sorted(known)) or "none is declared"))
            )  # fmt: skip
        for where, quantity in self.quantities():
            if isinstance(quantity, str) and quantity not in known:
                raise ReactionError(
                    message(where, found=f'"{quantity}"', expected="a number, or a parameter: "
                            + (", ".join(sorted(known)) or "none is declared"))
                )  # fmt: skip
            if not isinstance(quantity, str) and not math.isfinite(quantity):
                raise ReactionError(message(where, found=str(quantity), expected="a finite number"))
            never_below_0 = where.endswith((" rate", " lability", " response"))
            if (never_below_0 or where.startswith("exchange")) and (
                resolved(quantity, self.values) < 0
            ):
                raise ReactionError(message(where, found=str(quantity), expected="0 or more"))

    def _check_keys(self) -> None:
        """Metals and pools that quantities are stated for."""
        sites = [(f"framework {f.name} site {site.name}", metal, self.metals)
                 for f in self.frameworks for site in f.sites
                 for metal in (*site.energy, *site.cooperativity)]  # fmt: skip
        steps = [(f'step "{step.equation}" quench', metal, self.metals)
                 for step in self.steps for metal, _ in step.quench]  # fmt: skip
        pools = (LIGAND, DISULFIDE, ELECTRON)
        for where, name, known in (
            *sites, *steps, *(("potential", name, pools) for name, _ in self.potentials)
        ):  # fmt: skip
            if name not in known:
                raise ReactionError(
                    message(where, found=f'"{name}"', expected="one of " + ", ".join(known))
                )

    def quantities(self) -> list[tuple[str, Quantity]]:
        """Every quantity with the place where it stands."""
        found: list[tuple[str, Quantity]] = []
        for f in self.frameworks:
            where = f"framework {f.name}"
            found += [(f"{where} energy", f.energy), (f"{where} lability", f.lability),
                      (f"{where} response", f.response)]  # fmt: skip
            if f.level:
                found.append((f"{where} level", f.level[1]))
            for site in f.sites:
                for what, table in (("energy", site.energy), ("cooperativity", site.cooperativity)):
                    found += [(f"{where} site {site.name} {what} of {metal}", quantity)
                              for metal, quantity in table.items()]  # fmt: skip
        for step in self.steps:
            where = f'step "{step.equation}"'
            found += [(f"{where} rate", step.rate), (f"{where} slope", step.slope)]
            found += [(f"{where} quench of {metal}", q) for metal, q in step.quench]
        if self.exchange:
            found += [("exchange clusters", self.exchange.clusters),
                      ("exchange complexes", self.exchange.complexes)]  # fmt: skip
        return found + [(f"potential of {name}", quantity) for name, quantity in self.potentials]

    def _check_parent(self, parent: Parent) -> None:
        framework = self.by_name.get(parent.framework)
        where = f"parent {parent.name}"
        if framework is None:
            raise ReactionError(
                message(where, found=f"framework {parent.framework}",
                        expected="one of " + ", ".join(self.by_name))
            )  # fmt: skip
        odd = [metal for metal in parent.composition if metal not in self.metals]
        atoms = sum(parent.composition.values())
        if odd or atoms != framework.metals or min(parent.composition.values(), default=0) < 0:
            raise ReactionError(
                message(where, found=", ".join(f"{m} {n}" for m, n in parent.composition.items()),
                        expected=f"{framework.metals} atoms of {', '.join(self.metals)}")
            )  # fmt: skip
