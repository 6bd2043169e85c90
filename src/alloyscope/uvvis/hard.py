"""Spectra of species whose populations are known from elsewhere: hard unmixing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import UnmixingError, message
from alloyscope.numerics.errors_in_columns import ColumnSpectra, column_spectra
from alloyscope.numerics.mixture_fit import Columns, MixtureFit, mixture_fit
from alloyscope.numerics.residual_space import difference_sd
from alloyscope.speciation import Speciation
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.uvvis.goodness import Goodness, goodness_of
from alloyscope.uvvis.shares import untold_groups

Floats = NDArray[np.float64]

FALSE_ALARM = 0.01
PRESSED = 4.0
"""sd below 0 that noise alone may take a spectrum to."""

WHOLLY = 0.99
"""Leverage of a spectrum that leaves no residual to judge."""

MOLAR = "L/(mol cm)"
ALONE = "absorbance of the mixture, were all of it this species"


@dataclass(frozen=True, eq=False)
class Populations:
    """How much of each species there is at each time, as `species_spectra` uses it.

    names    : (n_species,)
    time_min : (n_times,) ascending; None where rows go with the spectra one by one
    amount   : (n_times, n_species)
    variance : (n_times, n_species) own part of each
    factor   : (n_times, n_species, n_factors) what all times share
    Raises UnmixingError for arrays that do not fit or are not finite.
    """

    names: tuple[str, ...]
    time_min: Floats | None
    amount: Floats
    variance: Floats
    factor: Floats

    def __post_init__(self) -> None:
        shape = (self.amount.shape[0], len(self.names))
        shapes = (self.amount.shape, self.variance.shape, self.factor.shape[:2])
        finite = all(np.isfinite(a).all() for a in (self.amount, self.variance, self.factor))
        if any(found != shape for found in shapes) or not finite or not (self.variance >= 0).all():
            raise UnmixingError(
                message("populations", found=f"arrays of shapes {shapes}",
                        expected=f"finite numbers, times by {shape[1]} species")
            )  # fmt: skip
        times = self.time_min
        if times is not None and (times.shape != shape[:1] or not (np.diff(times) > 0).all()):
            raise UnmixingError(
                message("populations", found="times that do not ascend, or not one a row",
                        expected="a time for each row, ascending")
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class SpeciesGroup:
    """Species that never vary independently, and the spectrum of them together.

    members  : indices of the species
    spectrum, sd : (n_points,) of one unit of their sum, in the ratio they keep on the average
    """

    members: tuple[int, ...]
    spectrum: Floats
    sd: Floats


@dataclass(frozen=True, eq=False)
class SpeciesSpectra:
    """Spectra of species from mixtures of known populations.

    wavelength_nm : (n_points,)
    names         : (n_species,)
    absorptivity  : (n_species, n_points) in `unit`, 0 or more
    sd            : (n_species, n_points) by noise and by the populations' uncertainty; the latter
                    moves neighbouring points together. Widened where something else is seen
    unresolved    : species that never vary independently
    condition     : of the populations, each scaled to the same size
    fitted, residual : (n_spectra, n_points)
    goodness      : whether the populations explain the spectra
    """

    wavelength_nm: Floats
    names: tuple[str, ...]
    absorptivity: Floats
    sd: Floats
    unit: str
    unresolved: tuple[SpeciesGroup, ...]
    condition: float
    fitted: Floats
    residual: Floats
    goodness: Goodness
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What can be said, in a few sentences."""
        if not self.unresolved:
            return str(self.goodness)
        groups = "; ".join(", ".join(self.names[k] for k in g.members) for g in self.unresolved)
        return f"{self.goodness} Never vary independently: {groups}. Only their sum is known."


def species_spectra(
    series: AbsorptionSeries, populations: Speciation | Populations | Floats, *,
    names: Sequence[str] = (), molar: float | None = None, noise: float | None = None,
    ion_counts_are_amounts: bool = False, false_alarm: float = FALSE_ALARM,
) -> SpeciesSpectra:  # fmt: skip
    """The spectrum of each species, from spectra in which the amounts of all are known.

    series      : spectra at the populations' times, or between them
    populations : from `assign`, a model or an array (n_spectra, n_species)
    names       : of an array's species
    molar       : mol/L that a population of 1 stands for; without it spectra are those of mixtures
    noise       : sd of the absorbance; None finds it
    ion_counts_are_amounts : take it that all species fly alike
    Raises UnmixingError for populations of ions unless that is allowed, spectra at times outside
    theirs, more species than spectra, or a species that is never there.
    """
    known = _populations(populations, names, allowed=ion_counts_are_amounts)
    amount, variance, factor = _at_times(known, series)
    _check(known, amount, series)
    data = series.absorbance
    scale = (molar or 1.0) * ((series.path_cm or 1.0) if molar else 1.0)
    first = column_spectra(data, amount, _level(data), np.zeros_like(variance), factor[..., :0])
    left = _residual_fit(series, data - amount @ first.spectra, first.spectra[:0])
    level = _noise(left.noise.level, amount) if noise is None else np.full(len(data), noise)
    found = column_spectra(data, amount, level, variance, factor)
    fitted = amount @ found.spectra
    exact = not variance.any() and not factor.any()
    goodness = (_goodness_of_exact(series, amount, level, found, false_alarm) if exact else
                goodness_of(_residual_fit(series, data - fitted, found.spectra),
                            series.wavelength_nm, series.names, false_alarm))  # fmt: skip
    # What the populations do not explain is in the spectra too.
    worse = float(np.mean(goodness.chi2 / goodness.dof)) if goodness.something_else else 1.0
    wider = np.sqrt(max(worse, 1.0)) / scale
    return SpeciesSpectra(
        series.wavelength_nm, known.names, found.spectra / scale, found.sd * wider,
        MOLAR if molar else ALONE, _groups(known, amount, found, data, level, scale),
        _condition(amount), fitted, data - fitted,
        goodness,
        _notes(known, series, molar, allowed=ion_counts_are_amounts, given=populations),
    )  # fmt: skip


def _populations(
    given: Speciation | Populations | Floats, names: Sequence[str], *, allowed: bool
) -> Populations:
    if isinstance(given, Populations):
        return given
    if isinstance(given, Speciation):
        if given.basis == "ion counts" and not allowed:
            raise UnmixingError(
                message("populations", found="ion counts", expected="amounts of clusters",
                        do="Species fly differently; allow ion counts to take them for amounts.")
            )  # fmt: skip
        times = [condition.time_min for condition in given.conditions]
        known = [t for t in times if t is not None]
        at = np.array(known) if len(known) == len(times) else None
        return Populations(tuple(map(str, given.species)), at, given.amount, given.variance,
                           given.factor)  # fmt: skip
    amount = np.atleast_2d(np.asarray(given, np.float64))
    listed = tuple(names) or tuple(f"species {k + 1}" for k in range(amount.shape[1]))
    return Populations(listed, None, amount, np.zeros_like(amount), np.zeros((*amount.shape, 0)))


def _at_times(known: Populations, series: AbsorptionSeries) -> tuple[Floats, Floats, Floats]:
    """Populations at the spectra's times, on straight lines between their own."""
    if known.time_min is None or series.time_min is None:
        if len(known.amount) != len(series):
            raise UnmixingError(
                message("populations", found=f"{len(known.amount)} rows for {len(series)} spectra",
                        expected="one for each spectrum, or times for both")
            )  # fmt: skip
        return known.amount, known.variance, known.factor
    times, wanted = known.time_min, series.time_min
    outside = wanted[(wanted < times[0] - 1e-9) | (wanted > times[-1] + 1e-9)]
    if outside.size:
        raise UnmixingError(
            message(series.source or "absorption spectra", found=f"one at {outside[0]:g} min",
                    expected=f"times from {times[0]:g} to {times[-1]:g} min, as populations have",
                    do="Leave out the others, or give populations for them.")
        )  # fmt: skip
    if times.size == 1:
        return known.amount, known.variance, known.factor
    after = np.clip(np.searchsorted(times, wanted, side="right"), 1, times.size - 1)
    share = np.clip((wanted - times[after - 1]) / (times[after] - times[after - 1]), 0.0, 1.0)
    one, two = (1.0 - share)[:, None], share[:, None]
    amount = one * known.amount[after - 1] + two * known.amount[after]
    variance = one**2 * known.variance[after - 1] + two**2 * known.variance[after]
    factor = one[..., None] * known.factor[after - 1] + two[..., None] * known.factor[after]
    return amount, variance, factor


def _check(known: Populations, amount: Floats, series: AbsorptionSeries) -> None:
    if len(known.names) > len(series):
        raise UnmixingError(
            message(series.source or "absorption spectra",
                    found=f"{len(series)} spectra for {len(known.names)} species",
                    expected="as many spectra as species, or more")
        )  # fmt: skip
    if absent := [known.names[k] for k in np.flatnonzero(~np.any(amount, axis=0))]:
        raise UnmixingError(
            message("populations", found=f"{absent[0]}, which is never there",
                    expected="species that some spectrum holds", do="Leave it out.")
        )  # fmt: skip


def _level(data: Floats) -> Floats:
    return np.asarray(np.maximum(difference_sd(data), 1e-6 * np.abs(data).max()))


def _noise(left: Floats, amount: Floats) -> Floats:
    """(n_spectra,) noise of the spectra, from what species leave of it in each.

    Of a spectrum that tells a species nearly alone they leave nothing: its noise is that of the
    others, as far as its leverage goes.
    """
    leverage = _leverage(amount)
    pooled = np.sum(left**2) / max(len(left) - leverage.sum(), 0.5)
    return np.asarray(np.sqrt(left**2 + leverage * pooled))


def _leverage(amount: Floats) -> Floats:
    """(n_spectra,) how far each spectrum alone tells its own fit: 0 not at all, 1 wholly."""
    basis, size, _ = np.linalg.svd(amount / np.linalg.norm(amount, axis=0), full_matrices=False)
    return np.asarray(np.sum(basis[:, size > 1e-9 * size[0]] ** 2, axis=1))


def _goodness_of_exact(
    series: AbsorptionSeries, amount: Floats, level: Floats, found: ColumnSpectra,
    false_alarm: float,
) -> Goodness:  # fmt: skip
    """Whether exact populations leave more than noise.

    Noise presses spectra against 0 where species do not absorb, which would look like structure:
    there they may go below it, unless by more than noise can. A spectrum that wholly tells its own
    fit can show nothing.
    """
    over = 1.0 / level[:, None]
    free = np.linalg.lstsq(amount * over, series.absorbance * over)[0]
    judged = np.where(free < -PRESSED * found.sd, 0.0, free)
    tells = _leverage(amount) < WHOLLY
    left = (series.absorbance - amount @ judged)[tells]
    n = len(series)
    if not tells.any():
        nan = np.full(n, np.nan)
        return Goodness(nan, np.zeros(n), nan, float("nan"), false_alarm, (), False)
    names = tuple(name for name, one in zip(series.names, tells, strict=True) if one)
    some = goodness_of(_residual_fit(series, left, found.spectra[:0]), series.wavelength_nm, names,
                       false_alarm)  # fmt: skip
    chi2, dof, p = np.ones(n), np.ones(n), np.ones(n)
    chi2[tells], dof[tells], p[tells] = some.chi2, some.dof, some.p_value
    return replace(some, chi2=chi2, dof=dof, p_value=p)


def _condition(amount: Floats) -> float:
    sizes = np.linalg.svd(amount / np.linalg.norm(amount, axis=0), compute_uv=False)
    return float(sizes[0] / max(sizes[-1], 1e-300))


def _groups(
    known: Populations, amount: Floats, found: ColumnSpectra, data: Floats, level: Floats,
    scale: float,
) -> tuple[SpeciesGroup, ...]:  # fmt: skip
    """Species whose spectra can be traded for one another; judged at the tallest wavelength."""
    top = int(np.argmax(np.mean(data, axis=0)))
    size = np.linalg.norm(amount, axis=0)
    groups = untold_groups(np.maximum(found.spectra[:, top], 0.0), found.covariance[top], size)
    out = []
    for members in groups:
        rest = [k for k in range(len(known.names)) if k not in members]
        merged = np.column_stack((amount[:, members].sum(axis=1), amount[:, rest]))
        none = np.zeros_like(merged)
        alone = column_spectra(data, merged, level, none, np.zeros((*merged.shape, 0)))
        out.append(SpeciesGroup(members, alone.spectra[0] / scale, alone.sd[0] / scale))
    return tuple(out)


def _residual_fit(series: AbsorptionSeries, residual: Floats, spectra: Floats) -> MixtureFit:
    """Noise and slow structure in what the populations leave.

    spectra : (n, n_points) that uncertain populations leave too much or too little of in each row
    """
    n = series.wavelength_nm.size
    values = np.vstack((np.full((1, n), 1e-9), spectra)) if len(spectra) else np.full((1, n), 1e-9)
    free = np.ones(len(values), np.bool_)
    return mixture_fit(residual, series.wavelength_nm, Columns(values, np.zeros_like(values), free))


def _notes(
    known: Populations, series: AbsorptionSeries, molar: float | None, *, allowed: bool,
    given: object,
) -> tuple[str, ...]:  # fmt: skip
    notes = []
    if isinstance(given, Speciation) and given.basis == "ion counts" and allowed:
        notes.append("Ion counts were taken for amounts: all species are held to fly alike.")
    if molar and series.path_cm is None:
        notes.append("The cuvette's length is not known: 1 cm is assumed.")
    if not known.variance.any() and not known.factor.any():
        notes.append("Populations are taken as exact: none of their uncertainty was given.")
    if known.time_min is not None and series.time_min is not None:
        notes.append("Populations between their own times lie on straight lines.")
    return tuple(notes)
