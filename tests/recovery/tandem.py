"""Tandem mass spectra of precursors and losses drawn at random, with all that is true of them.

The precursor is one cluster of a family; it has become two to five ions by one to three losses, and
what left is seen as well, as it is where charge is conserved. Instrument and noise are those of
`simulator`, recorded up to m/z 6000; drift and curvature of the calibration, drawn there for ranges
of some 1500 m/z, are stretched to the range here. Nothing is isolated, so all envelopes are whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alloyscope.chemistry import Ion, default_vocabulary, parse_ion
from alloyscope.fragments.assign import FragmentAssignment, assign_fragments
from alloyscope.fragments.descendants import Fragment, descendants
from tests.recovery.analyst import hints_of
from tests.recovery.mixtures import Mixture
from tests.recovery.simulator import Generator, Simulated, TrueIon, _optics, observe

FAMILIES = (
    ("Au{x}Ag{y}(p-MBA)30", 44, 4, "]4-"),
    ("Au{x}Ag{y}(p-MBA)27", 44, 24, "]3-"),
    ("Au{x}Ag{y}(p-MBA)27", 44, 24, "-H]4-"),
    ("Au{x}Ag{y}(p-MBA)26", 44, 43, "-H]3-"),
    ("Au{x}Ag{y}(p-MBA)18", 25, 24, "-H]2-"),
    ("Au{x}Ag{y}(p-MBA)18", 25, 24, "-2H]3-"),
)
"""Formula, metals, most gold, and the end of the ion."""

DEPTH, LOWEST = 3, 6e3
HIGHEST_MZ, DRAWN_FOR = 6000.0, 1500.0


@dataclass(frozen=True, eq=False)
class Tandem:
    """A simulated tandem spectrum."""

    precursor: Ion
    simulated: Simulated

    @property
    def truth(self) -> tuple[TrueIon, ...]:
        return self.simulated.truth


@dataclass(frozen=True)
class Outcome:
    """How an assignment compares with the truth.

    there    : true ions that are detectable and above 1 % of the strongest
    found    : of these, called
    called   : ions called
    right    : of these, true ones
    within   : right ones whose abundance lies within two sd of the truth
    """

    there: int
    found: int
    called: int
    right: int
    within: int


def simulate_tandem(seed: int, total: float | None = None) -> Tandem:
    """The tandem spectrum of a seed; `total` ions in all, drawn when None."""
    rng = np.random.default_rng(seed)
    precursor = _precursor(rng)
    shares = _shares(rng, precursor)
    ions = tuple(sorted(shares.items(), key=lambda entry: -entry[1]))
    mixture = Mixture("tandem", "au44-ag44", ("p-MBA",), "negative", ("Au", "Ag"), ions, (), ())
    optics = _optics(rng, mixture)
    offset, drift, curvature = optics.calibration
    wide = max(optics.windows[-1][1] - optics.windows[0][0], DRAWN_FOR) / DRAWN_FOR
    optics = replace(optics, calibration=(offset, drift / wide, curvature / wide**2))
    drawn = float(np.exp(rng.uniform(np.log(LOWEST), np.log(1e6))))
    fewest = LOWEST if optics.kind == "TOF" else 4e4
    return Tandem(precursor, observe(rng, seed, mixture, optics, max(total or drawn, fewest)))


def assigned(tandem: Tandem) -> FragmentAssignment:
    """With the usual cleavages and what the data sheet states."""
    return assign_fragments(tandem.simulated.spectrum, tandem.precursor, depth=DEPTH,
                            hints=hints_of(tandem.simulated))  # fmt: skip


def outcome(tandem: Tandem, found: FragmentAssignment) -> Outcome:
    """Called against true ions, by formula and charge."""
    truth = {(t.ion.formula, t.ion.charge): t for t in tandem.truth}
    calls = {(c.ion.formula, c.ion.charge): c.call for c in found.fragments if c.sure}
    there = {key for key, t in truth.items() if t.detectable and t.above_1pct}
    right = set(calls) & set(truth)
    total = sum(truth[key].abundance for key in right) or 1.0
    within = sum(
        abs(calls[key].abundance - truth[key].abundance / total) <= 2 * calls[key].abundance_sd
        for key in right
    )
    return Outcome(len(there), len(there & set(calls)), len(calls), len(right), within)


def _precursor(rng: Generator) -> Ion:
    body, metals, most, end = FAMILIES[rng.integers(len(FAMILIES))]
    gold = int(rng.integers(1, most + 1))
    text = body.format(x=gold, y=metals - gold)
    ion = parse_ion(f"[{text}{end}", default_vocabulary())
    assert isinstance(ion, Ion)
    return ion


def _shares(rng: Generator, precursor: Ion) -> dict[Ion, float]:
    """Shares of the precursor, of what it became, and of what left on the likeliest route."""
    every = [f for f in descendants(precursor, None, DEPTH) if f.steps and not f.leaving]
    weight = np.exp(-np.array([f.penalty for f in every]))
    chosen = rng.choice(len(every), int(rng.integers(2, 6)), replace=False,
                        p=weight / weight.sum())  # fmt: skip
    found = {precursor: float(rng.uniform(0.1, 0.6))}
    for share, k in zip(rng.dirichlet(np.ones(chosen.size)), chosen, strict=True):
        _break(found, every[int(k)], (1 - found[precursor]) * (0.1 + 0.9 * float(share)))
    seen = {ion: share for ion, share in found.items()
            if ion.formula.average_mass() / abs(ion.charge) < HIGHEST_MZ}  # fmt: skip
    total = sum(seen.values())
    return {ion: share / total for ion, share in seen.items()}


def _break(found: dict[Ion, float], fragment: Fragment, share: float) -> None:
    found[fragment.ion] = found.get(fragment.ion, 0.0) + share
    for piece, n in fragment.route.losses:
        if isinstance(piece, Ion) and piece.charge < 0:
            found[piece] = found.get(piece, 0.0) + n * share
