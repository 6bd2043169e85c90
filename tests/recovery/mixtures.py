"""What is sprayed: clusters of a system drawn at random, and what else comes along.

Every population is a framework (metals, ligands, charge of the core) with a distribution of x, a
few charges reached by losing and gaining H+, a ladder of Na+ for H+, and chlorides for thiolates.
Charges follow charge = core charge + Na+ added + delta_H; a few cores are one electron off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry import Formula, FormulaIon, Ion, Species, default_vocabulary

Shares = dict[int, float]
Generator = np.random.Generator

KINDS = {"au44-ag44": 0.5, "au25-ag25": 0.28, "other": 0.12, "decoy": 0.1}
ACIDIC = frozenset({"p-MBA", "MHA"})
FOREIGN_RATE = 0.28
OFF_CORE_RATE = 0.12
NEGLIGIBLE = 3e-4
MOST_IONS = 150
AVERAGINE = {"C": 4.9384, "H": 7.7583, "N": 1.3577, "O": 1.4773, "S": 0.0417}
"""One residue of 111.1254 Da; M. W. Senko et al., J. Am. Soc. Mass Spectrom. 6, 229 (1995)."""


@dataclass(frozen=True)
class Framework:
    """Metals, ligands and core charge, with the charges it is seen at and how often."""

    metals: int
    ligands: int
    core: int
    charges: Mapping[int, float]
    weight: float


AU44 = (
    Framework(44, 30, -4, {-3: 0.15, -4: 0.5, -5: 0.25, -6: 0.1}, 0.30),
    Framework(44, 27, -3, {-3: 0.6, -4: 0.3, -5: 0.1}, 0.25),
    Framework(44, 26, -2, {-2: 0.15, -3: 0.5, -4: 0.25, -5: 0.1}, 0.25),
    Framework(43, 28, -3, {-3: 0.7, -4: 0.3}, 0.08),
    Framework(25, 18, -1, {-1: 0.2, -2: 0.5, -3: 0.3}, 0.12),
)
M25 = Framework(25, 18, -1, {-1: 0.15, -2: 0.25, -3: 0.3, -4: 0.15, -5: 0.1, -6: 0.05}, 1.0)
M25_BARE = Framework(25, 18, -1, {-1: 1.0}, 1.0)


@dataclass(frozen=True)
class Mixture:
    """What is sprayed.

    system  : the search space that fits, or that a decoy is searched with
    metals  : exchanging pair, first metal counted by x
    fixed   : metals that every cluster has
    ions    : (ion, share of all true ions), strongest first
    foreign : (ion, number per true ion; share of all ions in a decoy)
    """

    kind: str
    system: str
    ligands: tuple[str, ...]
    polarity: str
    metals: tuple[str, str]
    ions: tuple[tuple[Ion, float], ...]
    foreign: tuple[tuple[FormulaIon, float], ...]
    foreign_names: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """Chemistry that all populations of a mixture share."""

    ligands: tuple[str, ...]
    metals: tuple[str, str]
    fixed: Mapping[str, int]
    most_x: int | None = None
    positive: bool = False


def draw_mixture(rng: Generator, kind: str | None = None) -> Mixture:
    """A mixture of the kind, which is drawn as well when it is not given."""
    drawn = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    kind = kind or drawn
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}: expected one of {', '.join(KINDS)}")
    if kind == "decoy":
        return _decoy(rng)
    recipe, frameworks = {"au44-ag44": _au44, "au25-ag25": _au25, "other": _other}[kind](rng)
    found: dict[Ion, float] = {}
    for framework, weight in frameworks:
        for ion, share in _population(rng, recipe, framework):
            found[ion] = found.get(ion, 0.0) + weight * share
    ions = _kept(found)
    polarity = "positive" if recipe.positive else "negative"
    foreign, names = [], []
    if rng.random() < FOREIGN_RATE:
        foreign, names = _foreign(rng, polarity, int(rng.integers(1, 3)), recipe.ligands)
        times = float(np.exp(rng.uniform(np.log(0.1), np.log(1.5))))
        foreign = [(ion, times * share) for ion, share in foreign]
    return Mixture(kind, kind, recipe.ligands, polarity, recipe.metals, ions,
                   tuple(foreign), tuple(names))  # fmt: skip


def _kept(found: Mapping[Ion, float]) -> tuple[tuple[Ion, float], ...]:
    """The ions that are not negligible, strongest first, shares of 1 in all."""
    total = sum(found.values())
    ranked = sorted(found.items(), key=lambda entry: -entry[1])[:MOST_IONS]
    ranked = [(ion, share) for ion, share in ranked if share > NEGLIGIBLE * total]
    total = sum(share for _, share in ranked)
    return tuple((ion, share / total) for ion, share in ranked)


def _au44(rng: Generator) -> tuple[Recipe, list[tuple[Framework, float]]]:
    ligands = (("p-MBA",), ("p-MBA", "NTP"), ("MHA",))[rng.choice(3, p=(0.85, 0.1, 0.05))]
    recipe = Recipe(ligands, ("Au", "Ag"), {})
    if rng.random() < 0.06:
        return recipe, _complexes(rng)
    number = int(rng.choice((1, 2, 3, 4), p=(0.35, 0.35, 0.2, 0.1)))
    picked = rng.choice(len(AU44), number, replace=False, p=[f.weight for f in AU44])
    frameworks = [(AU44[i], float(rng.lognormal(0.0, 0.9))) for i in picked]
    if rng.random() < 0.12:
        frameworks += [(f, 0.3 * w) for f, w in _complexes(rng)]
    return recipe, frameworks


def _au25(rng: Generator) -> tuple[Recipe, list[tuple[Framework, float]]]:
    choices = (("MHA",), ("p-MBA",), ("PET",), ("p-MBA", "NTP"))
    ligands = choices[rng.choice(4, p=(0.38, 0.27, 0.25, 0.1))]
    bare = ligands == ("PET",)
    recipe = Recipe(ligands, ("Au", "Ag"), {}, positive=bare and bool(rng.random() < 0.5))
    frameworks = [(M25_BARE if bare else M25, 1.0)]
    if rng.random() < 0.12 and not recipe.positive:
        frameworks += [(f, 0.3 * w) for f, w in _complexes(rng)]
    return recipe, frameworks


def _other(rng: Generator) -> tuple[Recipe, list[tuple[Framework, float]]]:
    """Metals beyond gold and silver on 25 sites; Pt and Pd sit in the centre."""
    ligands = (("p-MBA",), ("MHA",), ("PET",))[rng.integers(3)]
    charges = M25_BARE.charges if ligands == ("PET",) else M25.charges
    systems = (
        (("Au", "Cu"), {}, 6, -1),
        (("Ag", "Cu"), {}, None, -1),
        (("Au", "Ag"), {"Pt": 1}, None, -2),
        (("Au", "Ag"), {"Pd": 1}, None, -2),
    )
    metals, fixed, most, core = systems[rng.integers(len(systems))]
    if core == -2:
        charges = {-2: 1.0} if ligands == ("PET",) else {-2: 0.4, -3: 0.4, -4: 0.2}
    framework = Framework(25 - sum(fixed.values()), 18, core, charges, 1.0)
    if most:  # few Cu in Au: x counts Au, so turn the pair round for the draw
        metals = (metals[1], metals[0])
    return Recipe(ligands, metals, fixed, most_x=most), [(framework, 1.0)]


def _complexes(rng: Generator) -> list[tuple[Framework, float]]:
    """[Mn(SR)n+1]- for a run of n."""
    first, count = int(rng.integers(1, 5)), int(rng.integers(2, 6))
    sizes = np.arange(first, min(first + count, 10))
    fall = rng.uniform(0.4, 0.95)
    return [(Framework(int(n), int(n) + 1, -1, {-1: 1.0}, 1.0), float(fall**k))
            for k, n in enumerate(sizes)]  # fmt: skip


def _population(rng: Generator, recipe: Recipe, framework: Framework) -> list[tuple[Ion, float]]:
    x_shares = _x_distribution(rng, framework.metals, recipe.most_x)
    cores = {framework.core: 1.0}
    if rng.random() < OFF_CORE_RATE and not recipe.positive:
        share = rng.uniform(0.05, 0.4)
        cores = {framework.core: 1 - share, framework.core + int(rng.choice((-1, 1))): share}
    if recipe.ligands == ("PET",):
        states = _without_acids(rng, framework, recipe.positive)
    else:
        charges = _picked(rng, framework.charges)
        states = [
            (core, z, na, a * b * c)
            for core, a in cores.items()
            for z, b in charges.items()
            for na, c in _ladder(rng, 1 if len(recipe.ligands) > 1 else framework.ligands).items()
        ]
    substituted = _chlorides(rng, framework)
    mixed = _second_ligand(rng, framework.ligands) if len(recipe.ligands) > 1 else {0: 1.0}
    ions = []
    for x, wx in x_shares.items():
        for core, z, na, ws in states:
            for cl, wc in substituted.items():
                for second, w2 in mixed.items():
                    ion = _ion(recipe, framework, x, core, z, na, cl, second)
                    if ion is not None:
                        jitter = float(rng.lognormal(0.0, 0.1))
                        ions.append((ion, wx * ws * wc * w2 * jitter))
    total = sum(share for _, share in ions)
    return [(ion, share / total) for ion, share in ions]


def _ion(
    recipe: Recipe, framework: Framework, x: int, core: int, z: int, na: int, cl: int, second: int
) -> Ion | None:
    """The ion with these counts; None when it would lose more H+ than its acids have."""
    words = default_vocabulary()
    first = framework.ligands - cl - second
    ligands = {words.ligand(recipe.ligands[0]): first, words.ligand("Cl"): cl}
    if second:
        ligands[words.ligand(recipe.ligands[1])] = second
    protons = z - core - na
    if first < 0 or -protons > (first if recipe.ligands[0] in ACIDIC else 0):
        return None
    metals = {recipe.metals[0]: x, recipe.metals[1]: framework.metals - x, **recipe.fixed}
    adducts = {words.adduct_names["Na"]: na, words.adduct_names["H"]: protons}
    return Ion.of(Species.of(metals, ligands, core), adducts)


def _x_distribution(rng: Generator, n: int, most: int | None) -> Shares:
    """Shares of x: binomial, two-humped, narrow, or one pure metal."""
    top = n if most is None else min(most, n)
    x = np.arange(top + 1)
    shape = rng.choice(("binomial", "two humps", "narrow", "pure"), p=(0.42, 0.2, 0.25, 0.13))
    if shape == "pure":
        return {int(rng.choice((0, top if most is None else 0))): 1.0}
    if shape == "two humps":
        share = rng.uniform(0.2, 0.8)
        weights = share * _hump(rng, x, 0.35, 0.9) + (1 - share) * _hump(rng, x, 0.35, 0.9)
    else:
        weights = _hump(rng, x, *((0.6, 1.3) if shape == "binomial" else (0.15, 0.5)))
    weights = weights / weights.sum()
    return {int(k): float(w) for k, w in zip(x, weights, strict=True) if w > 2e-3}


def _hump(rng: Generator, x: NDArray[np.int64], low: float, high: float) -> NDArray[np.float64]:
    """A bell about a random mean, its width a factor times the binomial one; unit sum."""
    n = max(int(x[-1]), 1)
    p = rng.uniform(0.02, 0.98)
    sd = max(rng.uniform(low, high) * np.sqrt(n * p * (1 - p)), 0.35)
    weights = np.exp(-0.5 * ((x - n * p) / sd) ** 2)
    return np.asarray(weights / weights.sum())


def _picked(rng: Generator, charges: Mapping[int, float]) -> Shares:
    """One to three neighbouring charges with random shares."""
    known = sorted(charges)
    start = int(rng.choice(len(known), p=np.array([charges[z] for z in known])))
    number = int(rng.choice((1, 2, 3), p=(0.55, 0.35, 0.1)))
    picked = known[start : start + number]
    weights = rng.dirichlet(np.full(len(picked), 2.0))
    return dict(zip(picked, map(float, weights), strict=True))


def _ladder(rng: Generator, most: int) -> Shares:
    """Na+ for H+: geometric, 0 to 6 rungs, now and then 12."""
    steepness = rng.uniform(0.1, 0.9)
    length = int(rng.choice(7, p=(0.4, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)))
    length = 12 if rng.random() < 0.04 else length
    weights = steepness ** np.arange(min(length, most) + 1)
    return {k: float(w) for k, w in enumerate(weights / weights.sum())}


def _without_acids(
    rng: Generator, framework: Framework, positive: bool
) -> list[tuple[int, int, int, float]]:
    """(core charge, charge, Na, share) where no ligand can lose H+."""
    core = framework.core
    if not positive:
        return [(core, core, 0, 1.0)]
    states = [(core, 1, 1 - core), (core + 1, 1, -core), (core, 2, 2 - core)]
    number = int(rng.integers(1, 4))
    weights = rng.dirichlet(np.full(number, 2.0))
    return [(*state, float(w)) for state, w in zip(states[:number], weights, strict=True)]


def _chlorides(rng: Generator, framework: Framework) -> Shares:
    """Chlorides in place of thiolates, in some populations of the large frameworks."""
    if framework.metals < 40 or rng.random() > 0.15:
        return {0: 1.0}
    weights = rng.uniform(0.1, 0.6) ** np.arange(int(rng.integers(2, 5)))
    return {k: float(w) for k, w in enumerate(weights / weights.sum())}


def _second_ligand(rng: Generator, n: int) -> Shares:
    """Binomial number of the second ligand, few on average."""
    p, k = rng.uniform(0.3, 5.0) / n, np.arange(min(n, 14) + 1)
    weights = np.cumprod(np.r_[1.0, (n - k[:-1]) / (k[:-1] + 1) * p / (1 - p)])
    weights /= weights.sum()
    return {int(i): float(w) for i, w in zip(k, weights, strict=True) if w > 0.01}


def _decoy(rng: Generator) -> Mixture:
    """A spectrum without any ion of the search space it is given to."""
    system = str(rng.choice(("au44-ag44", "au25-ag25")))
    ligand = "p-MBA" if system == "au44-ag44" else str(rng.choice(("MHA", "p-MBA")))
    polarity = "negative" if system == "au44-ag44" or rng.random() < 0.8 else "positive"
    foreign, names = _foreign(rng, polarity, int(rng.integers(1, 4)), (ligand,), clusters=0.6)
    total = sum(share for _, share in foreign)
    return Mixture("decoy", system, (ligand,), polarity, ("Au", "Ag"), (),
                   tuple((ion, share / total) for ion, share in foreign), tuple(names))  # fmt: skip


def _foreign(
    rng: Generator, polarity: str, number: int, ligands: tuple[str, ...], clusters: float = 0.15
) -> tuple[list[tuple[FormulaIon, float]], list[str]]:
    """Foreign ions with their shares, and the names of what they are."""
    sources = {"oligomers": _oligomers, "peptides": _peptides, "salts": _salts}
    if polarity == "negative" and "PET" not in ligands:
        sources["clusters"] = _clusters
    odds = np.array([clusters if name == "clusters" else 1.0 for name in sources])
    picked = rng.choice(
        list(sources), min(number, len(sources)), replace=False, p=odds / odds.sum()
    )
    found, names = [], []
    for name in picked:
        ions, label = sources[str(name)](rng, 1 if polarity == "positive" else -1)
        shares = rng.dirichlet(np.full(len(ions), 1.5)) * rng.lognormal(0.0, 0.5)
        found += list(zip(ions, map(float, shares), strict=True))
        names.append(label)
    total = sum(share for _, share in found)
    return [(ion, share / total) for ion, share in found], names


def _oligomers(rng: Generator, sign: int) -> tuple[list[FormulaIon], str]:
    first, count = int(rng.integers(12, 60)), int(rng.integers(8, 30))
    if sign > 0:
        chain = [Formula.of({"C": 2 * n, "H": 4 * n + 2, "O": n + 1, "Na": 1})
                 for n in range(first, first + count)]  # fmt: skip
        return [FormulaIon(f, 1) for f in chain], "polyethylene glycol"
    chain = [Formula.of({"C": 12 + 2 * n, "H": 25 + 4 * n, "O": n + 4, "S": 1})
             for n in range(first, first + count)]  # fmt: skip
    return [FormulaIon(f, -1) for f in chain], "lauryl ether sulfates"


def _peptides(rng: Generator, sign: int) -> tuple[list[FormulaIon], str]:
    ions = []
    for _ in range(int(rng.integers(6, 40))):
        z = int(rng.integers(1, 4))
        units = z * rng.uniform(700.0, 4500.0) / 111.1254
        counts = {s: round(units * per) for s, per in AVERAGINE.items()}
        counts["H"] += int(rng.integers(-8, 9))
        ions.append(FormulaIon(Formula.of(counts), sign * z))
    return ions, "peptides"


def _salts(rng: Generator, sign: int) -> tuple[list[FormulaIon], str]:
    first, count = int(rng.integers(5, 18)), int(rng.integers(5, 14))
    iodide = bool(rng.random() < 0.5)
    ions = []
    for n in range(first, first + count):
        cations, anions = (n + 1, n) if sign > 0 else (n, n + 1)
        if iodide:
            counts = {"Na": cations, "I": anions}
        else:
            cations, anions = 3 * cations, 3 * anions - 2 * (1 if sign < 0 else -1)
            counts = {"Na": cations, "C": anions, "H": anions, "O": 2 * anions}
        ions.append(FormulaIon(Formula.of(counts), sign))
    return ions, "sodium iodide" if iodide else "sodium formate"


def _clusters(rng: Generator, sign: int) -> tuple[list[FormulaIon], str]:
    if rng.random() < 0.5:
        core, phosphine = Formula.parse("Ag29(C6H4S2)12"), Formula.parse("C18H15P")
        number = int(rng.integers(1, 6))
        return [FormulaIon(core + phosphine * n, -3) for n in range(number)], "Ag29(BDT)12(PPh3)n"
    ions = [FormulaIon(Formula.parse(f"Au{x}Ag{25 - x}(C8H9S)18"), -1)
            for x in range(1, int(rng.integers(2, 9)))]  # fmt: skip
    return [FormulaIon(Formula.parse("Ag25(C8H9S)18"), -1), *ions], "Ag25(2,4-DMBT)18"
