"""Mobility of species, relative to one another, with what the uncertain conditions make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.species import Species
from alloyscope.errors import GelError, message
from alloyscope.gel.conditions import MODELS, UNITS, GelConditions, GelSpread, Model
from alloyscope.gel.kernel import Floats, Run, Settings, run_of
from alloyscope.gel.particle import GelTable, Particle, particle_of


@dataclass(frozen=True)
class Sample:
    """What is loaded as one thing: a species, or several that differ in their metals.

    name    : as people call it: "C x=40-43"
    weights : (n_members,) relative amounts; equal where none are given
    Raises GelError for no member, and for weights that are not amounts.
    """

    name: str
    members: tuple[Species, ...]
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        sized = len(self.weights) in (0, len(self.members))
        good = all(np.isfinite(w) and w >= 0 for w in self.weights)
        if not self.members or not sized or not good or (self.weights and sum(self.weights) <= 0):
            raise GelError(
                message(f'sample "{self.name}"', expected="species, each with an amount of 0 or "
                        "more", found=f"{len(self.members)} species, amounts {self.weights}")
            )  # fmt: skip

    @property
    def shares(self) -> Floats:
        """(n_members,) of the sample."""
        given = np.array(self.weights or (1.0,) * len(self.members))
        return np.asarray(given / given.sum())


@dataclass(frozen=True, eq=False)
class Mobility:
    """How a sample runs by one model.

    value       : of the sample's mean, in `unit`, positive towards the anode
    members     : (n_members,) of each species
    relative    : of the fastest sample's size, at the conditions as stated
    drawn       : (n_draws,) relative mobility in each draw of what is uncertain
    charge, effective_charge, mass (Da), radius (nm), retardation (per %T), ionised : means over
                  the members; `ionised` is the share of acid groups, None where there are none
    remark      : what the user must know
    """

    sample: Sample
    framework: str
    model: Model
    value: float
    members: Floats
    relative: float
    drawn: Floats
    charge: float
    effective_charge: float
    mass: float
    radius: float
    retardation: float
    ionised: float | None
    remark: str = ""

    @property
    def name(self) -> str:
        """The sample's."""
        return self.sample.name

    @property
    def unit(self) -> str:
        """Of `value` and `members`."""
        return UNITS[self.model]

    @property
    def relative_sd(self) -> float:
        """1 sd of the relative mobility over the draws; 0 where none were made."""
        return float(self.drawn.std()) if self.drawn.size else 0.0


def gel_mobility(
    species: Species, conditions: GelConditions | None = None, table: GelTable | None = None
) -> float:
    """Mobility of one species towards the anode, in `UNITS` of the conditions' model.

    Raises GelError for a ligand without a pKa, or a size that is not known and needed.

    >>> from alloyscope.chemistry import parse_species
    >>> round(gel_mobility(parse_species("[Ag44(p-MBA)30]4-")), 2)
    3.52
    """
    found = conditions or GelConditions()
    particle = particle_of(species, table)
    _check_size(particle, found.model)
    settings = Settings.of(found)
    run = run_of(particle, settings)
    return float(run.mobility(found.model, settings.gel_percent)[0])


def mobilities(
    samples: Sequence[Sample | Species],
    conditions: GelConditions | None = None,
    spread: GelSpread | None = None,
    *,
    draws: int = 0,
    seed: int = 1,
    table: GelTable | None = None,
) -> tuple[Mobility, ...]:
    """Mobilities of samples that run side by side, in the order given.

    draws : of the uncertain conditions, the same for every sample; what differs from framework to
            framework is drawn once for each, whatever else runs beside it
    Raises GelError for no sample, a ligand without a pKa, a size that is not known and needed, and
    where nothing moves.
    """
    at = conditions or GelConditions()
    loaded = [s if isinstance(s, Sample) else Sample(str(s), (s,)) for s in samples]
    if not loaded:
        raise GelError(message("gel", found="no species", expected="one or more"))
    particles = [[particle_of(member, table) for member in sample.members] for sample in loaded]
    for particle in (one for row in particles for one in row):
        _check_size(particle, at.model)
    drawn = drawn_settings(at, spread or GelSpread(), sorted({p.framework for row in particles
                           for p in row}), draws, seed)  # fmt: skip
    stated = Settings.of(at)
    rows = [[run_of(p, stated) for p in row] for row in particles]
    values = [np.array([run.mobility(at.model, stated.gel_percent)[0] for run in row])
              for row in rows]  # fmt: skip
    means = np.array([s.shares @ v for s, v in zip(loaded, values, strict=True)])
    fastest = np.abs(means).max()
    if fastest <= 1e-9:
        raise GelError(
            message("gel", found="no sample with a charge", expected="one that moves",
                    do="A neutral core without ionised ligands stays in the well.")
        )  # fmt: skip
    spreads = np.array([_drawn(s, row, drawn, at.model) for s, row in
                        zip(loaded, particles, strict=True)])  # fmt: skip
    scale = np.maximum(np.abs(spreads).max(axis=0), 1e-12) if draws else np.ones(0)
    return tuple(
        _mobility(sample, row, runs, value, at.model, fastest, one / scale)
        for sample, row, runs, value, one in
        zip(loaded, particles, rows, values, spreads, strict=True)
    )  # fmt: skip


def by_every_model(
    samples: Sequence[Sample | Species],
    conditions: GelConditions | None = None,
    spread: GelSpread | None = None,
    *,
    draws: int = 0,
    seed: int = 1,
    table: GelTable | None = None,
) -> dict[Model, tuple[Mobility, ...]]:
    """`mobilities` by each model, that of the conditions first.

    Models that need a size which is not known are left out. Raises GelError as `mobilities` does.
    """
    at = conditions or GelConditions()
    found = {at.model: mobilities(samples, at, spread, draws=draws, seed=seed, table=table)}
    members = [m for s in samples for m in (s.members if isinstance(s, Sample) else (s,))]
    sized = not any(particle_of(member, table).without_size for member in members)
    for model in MODELS:
        if model not in found and (sized or model == "charge-to-mass"):
            found[model] = mobilities(samples, replace(at, model=model), spread, draws=draws,
                                      seed=seed, table=table)  # fmt: skip
    return found


def drawn_settings(
    at: GelConditions, spread: GelSpread, frameworks: Sequence[str], draws: int, seed: int
) -> dict[str, Settings]:
    """Conditions drawn at random, by framework: all frameworks share them but for their own parts.

    Normal about what is stated, and never outside what a gel can be; positive numbers keep their
    sign.
    """
    rng = np.random.default_rng(seed)

    def normal(centre: float, sd: float, low: float, high: float) -> Floats:
        return np.clip(centre + sd * rng.standard_normal(draws), low, high)

    shared = Settings.of(at, draws).changed(
        ph=normal(at.ph, spread.ph, 0, 14),
        pka_shift=normal(at.pka_shift, spread.pka_shift, -6, 10),
        gel_percent=normal(at.gel_percent, spread.gel_percent, 0.5, 60),
        ionic_strength=at.ionic_strength
        * np.exp(spread.ionic_strength * np.clip(rng.standard_normal(draws), -3, 3)),
        shell=normal(at.shell, spread.shell, -0.6, 4),
        fibre_radius=normal(at.fibre_radius, spread.fibre_radius, 0.1, 6),
    )
    return {name: _own(shared, spread, name, seed) for name in frameworks}


def _own(shared: Settings, spread: GelSpread, framework: str, seed: int) -> Settings:
    """What is a framework's own, drawn from its name and the seed alone."""
    rng = np.random.default_rng([seed, *framework.encode()])
    n = shared.ph.size
    shift, factor = spread.pka_each * rng.standard_normal(n), rng.standard_normal(n)
    return shared.changed(
        # A shift of pKa is one of pH the other way, whichever way groups ionise.
        ph=shared.ph - shift,
        radius_factor=np.exp(spread.radius_each * factor),
    )


def _drawn(
    sample: Sample, particles: Sequence[Particle], drawn: dict[str, Settings], model: Model
) -> Floats:
    """(n_draws,) mobility of a sample's mean."""
    rows = [
        run_of(p, drawn[p.framework]).mobility(model, drawn[p.framework].gel_percent)
        for p in particles
    ]
    return np.asarray(sample.shares @ np.array(rows))


def _mobility(
    sample: Sample, particles: Sequence[Particle], runs: Sequence[Run], values: Floats,
    model: Model, fastest: float, drawn: NDArray[np.float64],
) -> Mobility:  # fmt: skip
    shares = sample.shares

    def mean(pick: str) -> float:
        return float(shares @ np.array([getattr(run, pick)[0] for run in runs]))

    value = float(shares @ values)
    acids = any(group.charge < 0 for p in particles for group in p.groups)
    return Mobility(
        sample, "/".join(dict.fromkeys(p.framework for p in particles)), model, value, values,
        value / fastest, drawn, mean("charge"), mean("effective"), mean("mass"), mean("radius"),
        mean("retarded"), mean("ionised") if acids else None,
        _remark(particles, value, mean("charge")),
    )  # fmt: skip


def _remark(particles: Sequence[Particle], value: float, charge: float) -> str:
    said = []
    if abs(charge) < 1e-6:
        said.append("neutral: does not move")
    elif value < 0:
        said.append("positive: runs the other way")
    if any(p.without_size for p in particles):
        said.append(next(p.without_size for p in particles if p.without_size))
    if any(group.charge > 0 for p in particles for group in p.groups):
        said.append("pKa of basic groups taken as in the free ligand")
    return "; ".join(said)


def _check_size(particle: Particle, model: Model) -> None:
    if particle.without_size and model != "charge-to-mass":
        raise GelError(
            message(f"{particle.species} by {model}", found=particle.without_size,
                    expected="the volume of every metal and the length of every ligand",
                    do='Give them in the case, [gel.volumes] and [gel.lengths], or use --model '
                       "charge-to-mass.")
        )  # fmt: skip
