"""Mixtures taken apart into references, nuisance terms and unknown components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alloyscope.errors import UnmixingError, message
from alloyscope.numerics.mixture_fit import Columns, MixtureFit, mixture_fit
from alloyscope.speciation import Denominator
from alloyscope.spectra.absorption_spectrum import (
    AbsorptionSeries,
    AbsorptionSpectrum,
    as_series,
)
from alloyscope.uvvis.factors import Unknowns, check_numbers, find_unknowns
from alloyscope.uvvis.goodness import goodness_of
from alloyscope.uvvis.nuisance import SHIFTS, Nuisance
from alloyscope.uvvis.reference import MOLAR, Reference, Standards, standards
from alloyscope.uvvis.shared_terms import SharedTerms, fit_with_shared_terms, no_shared_terms
from alloyscope.uvvis.shares import untold_groups
from alloyscope.uvvis.unmixing import Unmixing, UntoldGroup

Floats = NDArray[np.float64]

FALSE_ALARM = 0.01
"""How often a series that holds nothing else may be said to."""

DARK = 3.0
"""Absorbance from which stray light is to be reckoned with."""


def unmix(
    series: AbsorptionSeries | AbsorptionSpectrum, references: Sequence[Reference], *,
    unknown: int = 0,
    nuisance: Nuisance | None = None, noise: float | Floats | None = None,
    denominator: Denominator = "clusters present", seed: int = 0,
    allow_sketches: bool = False, false_alarm: float = FALSE_ALARM,
) -> Unmixing:  # fmt: skip
    """How much of each component is in each mixture.

    series      : mixtures, or one; that will do where all components are known
    references  : spectra of what may be in them; none where all are unknown
    unknown     : further components, whose spectra are sought too
    nuisance    : terms beside the components; an offset by default
    noise       : sd of the absorbance: one, (n_points,) or (n_spectra, n_points) of the series;
                  None finds it in what the fit leaves
    denominator : of `Unmixing.speciation`
    seed        : of the starts and turns with unknown components
    false_alarm : how often a series that holds nothing else may be said to
    Raises UnmixingError where these spectra cannot be taken apart.
    """
    series, references = as_series(series), _listed(references)
    terms = nuisance or Nuisance()
    where = series.source or "absorption spectra"
    check_numbers(len(series), len(references), unknown, where)
    drawn = standards(series, references, allow_sketches=allow_sketches)
    grid = drawn.series.wavelength_nm
    inside = _inside(grid, terms, unknown)
    data, wavelength = drawn.series.absorbance[:, inside], grid[inside]
    sd = _noise(noise, series, wavelength)
    _check_data(data, len(references) + unknown + len(terms.names), where)
    found: Unknowns | None = None
    if unknown:
        known = drawn.spectra[:, inside]
        found = find_unknowns(data, wavelength, known, unknown, terms, sd, seed)
        fit, shared = _fit_with(found, drawn, terms, data, wavelength, sd)
    else:
        fit, shared = fit_with_shared_terms(
            data, wavelength, grid, drawn.spectra, drawn.sd, terms, sd
        )
    return _unmixing(drawn, references, terms, found, fit, shared, wavelength, data,
                     denominator, false_alarm)  # fmt: skip


def _listed(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """References, which must be so: spectra do not say what they are of."""
    given = references if isinstance(references, Sequence) else (references,)
    if other := [one for one in given if not isinstance(one, Reference)]:
        raise UnmixingError(
            message("references", found=f"{type(other[0]).__name__}", expected="Reference",
                    do="For example [Reference(name, spectrum)].")
        )  # fmt: skip
    return tuple(given)


def _inside(grid: Floats, terms: Nuisance, unknown: int) -> NDArray[np.bool_]:
    """Points that a reference still covers when it is shifted."""
    if terms.shared and unknown:
        raise UnmixingError(
            message("nuisance", found="a free shift or exponent beside unknown components",
                    expected="either", do="Fix them: unknown spectra would take up both.")
        )  # fmt: skip
    if not terms.shift:
        return np.ones(grid.size, np.bool_)
    return np.asarray((grid >= grid[0] + SHIFTS[1]) & (grid <= grid[-1] + SHIFTS[0]))


def _noise(
    noise: float | Floats | None, series: AbsorptionSeries, wavelength: Floats
) -> Floats | None:
    """The given noise at the wavelengths used."""
    if noise is None:
        return None
    given = np.asarray(noise, np.float64)
    fits = given.shape in ((), series.wavelength_nm.shape, series.absorbance.shape)
    if not fits or not np.isfinite(given).all() or not (given > 0).all():
        raise UnmixingError(
            message("noise", found=f"{given:g}" if given.ndim == 0 else f"shape {given.shape}",
                    expected="standard deviations above 0: one, one a wavelength, or one a point")
        )  # fmt: skip
    return given if given.ndim == 0 else given[..., np.isin(series.wavelength_nm, wavelength)]


def _check_data(data: Floats, n_parameters: int, where: str) -> None:
    if data.shape[1] <= n_parameters:
        raise UnmixingError(
            message(where, found=f"{data.shape[1]} wavelengths for {n_parameters} amounts",
                    expected="more wavelengths than components and nuisance terms")
        )  # fmt: skip
    if not data.any():
        raise UnmixingError(
            message(where, found="no absorbance at all", expected="spectra of mixtures")
        )


def _fit_with(
    found: Unknowns, drawn: Standards, terms: Nuisance, data: Floats, wavelength: Floats,
    sd: Floats | None,
) -> tuple[MixtureFit, SharedTerms]:  # fmt: skip
    """Amounts with the unknown spectra as columns like the others."""
    columns = terms.columns(wavelength)
    values = np.vstack((drawn.spectra, found.spectra, columns))
    spread = np.vstack((drawn.sd, found.sd, np.zeros_like(columns)))
    n = len(drawn.spectra) + len(found.spectra)
    free = np.concatenate((np.zeros(n, np.bool_), terms.may_be_negative))
    whole = Columns(values, spread, free, learned=len(found.spectra))
    fit = mixture_fit(data, wavelength, whole, sd)
    return fit, no_shared_terms(len(data), len(values))


def _unmixing(
    drawn: Standards, references: Sequence[Reference], terms: Nuisance, found: Unknowns | None,
    fit: MixtureFit, shared: SharedTerms, wavelength: Floats, data: Floats,
    denominator: Denominator, false_alarm: float,
) -> Unmixing:  # fmt: skip
    n_unknown = len(found.spectra) if found else 0
    n = len(references) + n_unknown
    names = (*(one.name for one in references), *(f"unknown {k + 1}" for k in range(n_unknown)))
    own = fit.own_covariance
    amount = fit.amount[:, :n]
    uncertain = np.concatenate((drawn.relative_sd, np.zeros(n_unknown)))
    of_units = amount[:, :, None] * np.diag(uncertain)[None]
    factor = np.concatenate((fit.shared_factor[:, :n], of_units, shared.factor[:, :n]), axis=2)
    fitted = fit.fitted
    goodness = goodness_of(fit, wavelength, drawn.series.names, false_alarm)
    groups = _groups(fit, own[:, :n, :n], factor, n)
    result = Unmixing(
        wavelength, drawn.series.names, drawn.series.time_min, names,
        (*(one.species for one in references), *([None] * n_unknown)), n_unknown,
        amount, fit.unbounded[:, :n], own[:, :n, :n], factor, drawn.unit,
        fit.columns.values[:n], fit.columns.sd[:n], terms, fit.amount[:, n:],
        np.sqrt(np.maximum(np.einsum("ijj->ij", own)[:, n:], 0.0)), shared, fitted, data - fitted,
        fit.noise.level[:, None] * fit.noise.shape, _noise_source(fit), fit.widened,
        goodness, groups, found.feasible if found else None,
        found.unique if found else np.ones(n, np.bool_), denominator,
    )  # fmt: skip
    return _with_notes(result, drawn, fit, found)


def _groups(fit: MixtureFit, own: Floats, factor: Floats, n: int) -> tuple[UntoldGroup, ...]:
    """Components that no spectrum tells apart, judged where there is most of them."""
    size = np.linalg.norm(fit.columns.values[:n] / fit.noise.shape, axis=1)
    best = int(np.argmax(fit.amount[:, :n] @ size))
    joint = own + np.einsum("ijf,ikf->ijk", factor, factor)
    found = []
    for members in untold_groups(fit.amount[best, :n], joint[best], size):
        pick = np.isin(np.arange(n), members).astype(np.float64)
        variance = np.einsum("j,ijk,k->i", pick, joint, pick)
        found.append(UntoldGroup(members, fit.amount[:, :n] @ pick,
                                 np.sqrt(np.maximum(variance, 0.0))))  # fmt: skip
    return tuple(found)


def _noise_source(fit: MixtureFit) -> str:
    if fit.noise.given:
        return "given"
    if fit.noise.smoothed > 1:
        return (f"from the residuals, smoothed: {fit.noise.smoothed:.2g} times the variance at "
                "periods below 40 nm that white noise has")  # fmt: skip
    return "from the residuals"


def _with_notes(
    result: Unmixing, drawn: Standards, fit: MixtureFit, found: Unknowns | None
) -> Unmixing:
    notes = [*result_notes(result), *drawn.notes]
    if not fit.corrected:
        notes.append("References are as noisy as they differ: amounts of those alike are drawn "
                     "towards one another, and their errors are larger than stated.")  # fmt: skip
    if found and not found.settled:
        notes.append("The search for unknown spectra had not come to rest.")
    return replace(result, notes=tuple(notes))


def result_notes(result: Unmixing) -> list[str]:
    """What a reader must know of amounts, limits and assumptions."""
    notes = []
    if result.unit != MOLAR:
        notes.append(f"Amounts are {result.unit}, not moles; fractions are shares of these.")
    if result.n_unknown:
        notes.append("The scale of an unknown component cannot be known: its spectrum is drawn "
                     "with the height that references have on the average, or 1, and its amounts "
                     "and all fractions go by that.")  # fmt: skip
        if result.nuisance_terms.names:
            notes.append("Nuisance terms are taken as fitted: what they and unknown spectra leave "
                         "open between them is not in the ranges.")  # fmt: skip
    if result.feasible is not None and not result.feasible.exact:
        notes.append("Feasible ranges are the outermost of many turns and may fall short.")
    if (result.fitted + result.residual).max() > DARK:
        notes.append(f"Absorbance goes above {DARK:g}: stray light may make it too small there.")
    for name, value, at in zip(result.shared_terms.names, result.shared_terms.values,
                               result.shared_terms.at_limit, strict=True):  # fmt: skip
        if at:
            notes.append(f"The {name} ended at {value:g}, the end of what is looked for.")
    if empty := [result.spectra[i] for i in result.empty]:
        notes.append(f"Nothing of the components is seen in {', '.join(empty[:5])}.")
    if (result.widened > 1.5).any():
        notes.append("Errors are widened for smooth structure that residuals have, or may hide.")
    return notes
