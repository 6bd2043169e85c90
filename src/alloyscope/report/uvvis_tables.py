"""Absorption spectra as CSV: bands, shares, spectra, components, time courses, colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alloyscope.case.populations import Populations
from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.report.uvvis_course_text import turn_text
from alloyscope.report.uvvis_curve_tables import band_curves_csv, differences_csv
from alloyscope.report.uvvis_mixture_text import MARK, foreign
from alloyscope.report.uvvis_names import SKETCH
from alloyscope.results.uvvis import TimeCourse, UvvisRun
from alloyscope.uvvis.band_kinetics import BandKinetics
from alloyscope.uvvis.hard import SpeciesSpectra
from alloyscope.uvvis.isosbestic import IsosbesticPoints
from alloyscope.uvvis.rank import Rank
from alloyscope.uvvis.unmixing import Unmixing

Floats = NDArray[np.float64]
BAND_VALUES = ("position_nm", "position_sd", "energy_ev", "energy_sd", "width_ev", "width_ev_sd",
               "width_nm", "width_nm_sd", "height", "height_sd", "area", "area_sd", "maximum_nm",
               "significance")  # fmt: skip


def uvvis_csvs(run: UvvisRun) -> dict[str, str]:
    """Every table by its file name."""
    found = {"bands.csv": bands_csv(run), "band_curves.csv": band_curves_csv(run),
             "spectra.csv": spectra_csv(run)}  # fmt: skip
    if run.unmixed:
        found |= {"fractions.csv": fractions_csv(run, run.unmixed),
                  "components.csv": components_csv(run, run.unmixed)}  # fmt: skip
    if run.species and run.populations:
        found |= {"species_spectra.csv": species_csv(run.populations, run.species),
                  "populations.csv": populations_csv(run.populations)}  # fmt: skip
    if run.colours:
        found["colour.csv"] = colour_csv(run)
    if run.course:
        found |= course_csvs(run, run.course)
    return found


def course_csvs(run: UvvisRun, course: TimeCourse) -> dict[str, str]:
    """Tables of a series as a whole."""
    found = {"differences.csv": differences_csv(run),
             "singular_values.csv": singular_csv(course.rank),
             "isosbestic.csv": isosbestic_csv(run, course.isosbestic)}  # fmt: skip
    if course.kinetics:
        found |= {"kinetics.csv": kinetics_csv(course.kinetics),
                  "band_courses.csv": courses_csv(course.kinetics)}  # fmt: skip
    return found


def bands_csv(run: UvvisRun) -> str:
    """Every band of the spectra in which bands were sought."""
    head = ["spectrum", "time_min", "kind", *BAND_VALUES, "sure", "group", "drawn_from"]
    return csv_text(head, (
        [run.series.names[index], _time(run, index), band.kind,
         *(_number(getattr(band, name)) for name in BAND_VALUES),
         "yes" if band.sure else "no", band.group, SKETCH if found.sketch else "measured"]
        for index, found in zip(run.analysed, run.bands, strict=True) for band in found.bands
    ))  # fmt: skip


def spectra_csv(run: UvvisRun) -> str:
    """Spectra as looked at, and as fitted by components, in columns."""
    series = run.series
    head = ["wavelength_nm", *series.names]
    columns = [series.wavelength_nm, *series.absorbance]
    if run.unmixed:
        head += [f"{name} fitted" for name in run.unmixed.spectra]
        inside = np.searchsorted(series.wavelength_nm, run.unmixed.wavelength_nm)
        for fitted in run.unmixed.fitted:
            column = np.full(series.wavelength_nm.size, np.nan)
            column[inside] = fitted
            columns.append(column)
    return _in_columns(head, columns)


def fractions_csv(run: UvvisRun, found: Unmixing) -> str:
    """Amounts and shares of each component in each spectrum; low and high end the 95 % interval."""
    head = ["spectrum", "time_min", "component", "species", "drawn_from", "amount", "amount_sd",
            "amount_low", "amount_high", "unit", "fraction", "fraction_sd", "fraction_low",
            "fraction_high", "mark", "p_nothing_else"]  # fmt: skip
    amount, share = found.interval, found.fraction_interval
    marks = [f"{MARK} of what the components explain" if one else "" for one in foreign(found)]
    rows: list[list[Cell]] = []
    for i, name in enumerate(found.spectra):
        for k, component in enumerate(found.names):
            species = found.species[k]
            values = [found.amounts[i, k], found.sd[i, k], amount[0][i, k], amount[1][i, k]]
            shares = [found.fraction[i, k], found.fraction_sd[i, k], share[0][i, k], share[1][i, k]]
            rows.append([
                name, _time(run, i), component, str(species) if species else "",
                _origin(run, found, k), *map(_number, values), found.unit, *map(_number, shares),
                marks[i], _number(found.goodness.p_value[i]),
            ])  # fmt: skip
    return csv_text(head, rows)


def _origin(run: UvvisRun, found: Unmixing, k: int) -> str:
    if found.names[k] in run.sketched:
        return SKETCH
    return "found here" if k >= len(found.names) - found.n_unknown else "measured"


def components_csv(run: UvvisRun, found: Unmixing) -> str:
    """Spectra of one unit of each component, with 1 sd, and what turns among unknowns leave open.

    A sketch says so in its heading.
    """
    head, columns = ["wavelength_nm"], [found.wavelength_nm]
    for k, component in enumerate(found.names):
        name = f"{component} ({SKETCH})" if component in run.sketched else component
        head += [name, f"{name} sd"]
        columns += [found.component_spectra[k], found.component_sd[k]]
        if found.feasible is not None:
            head += [f"{name} low", f"{name} high"]
            columns += [found.feasible.spectra_low[k], found.feasible.spectra_high[k]]
    return _in_columns(head, columns)


def species_csv(known: Populations, found: SpeciesSpectra) -> str:
    """Spectra solved for, with 1 sd, in the unit that their headings state."""
    head, columns = ["wavelength_nm"], [found.wavelength_nm]
    for k, name in enumerate(known.names):
        head += [f"{name}, {found.unit}", f"{name} sd"]
        columns += [found.absorptivity[k], found.sd[k]]
    return _in_columns(head, columns)


def populations_csv(known: Populations) -> str:
    """Clusters per cluster fed at the times of the spectra."""
    times = [one.time_min or 0.0 for one in known.speciation.conditions]
    return _in_columns(["time_min", *known.names],
                       [np.array(times), *known.speciation.amount.T])  # fmt: skip


def colour_csv(run: UvvisRun) -> str:
    """Colour of each spectrum at each depth."""
    head = ["spectrum", "time_min", "depth_cm", "name", "srgb", "in_gamut", "X", "Y", "Z", "L",
            "a", "b", "illuminant", "observer", "drawn_from"]  # fmt: skip
    return csv_text(head, (
        [run.series.names[k], _time(run, k), f"{one.dilution * run.path_cm:g}", one.name, one.hex,
         "yes" if one.in_gamut else "no", *map(_number, (*one.xyz, *one.lab)), one.illuminant,
         one.observer, SKETCH if one.sketch else "measured"]
        for k, row in enumerate(run.colours) for one in row
    ))  # fmt: skip


def singular_csv(rank: Rank) -> str:
    """Singular values over noise, and what noise alone would reach."""
    head = ["component", "singular_value", "threshold", "p", "smoothness", "smooth", "counted"]
    return csv_text(head, (
        [k + 1, _number(rank.singular_values[k]), _number(rank.threshold[k]), _number(rank.p[k]),
         _number(rank.smoothness[k]), "yes" if rank.smooth[k] else "no",
         "yes" if k < rank.rank else "no"]
        for k in range(rank.singular_values.size)
    ))  # fmt: skip


def isosbestic_csv(run: UvvisRun, found: IsosbesticPoints) -> str:
    """Crossings of the whole series and of its parts."""
    head = ["first", "last", "wavelength_nm", "sd", "verdict", "absorbance", "spread",
            "spread_share", "p", "p_corrected", "corrected", "drift_nm", "drift_p"]  # fmt: skip
    return csv_text(head, (
        [run.series.names[part.first], run.series.names[part.last],
         _number(point.wavelength_nm), _number(point.sd), point.verdict,
         *map(_number, (point.absorbance, point.spread, point.spread_share, point.p,
                        point.p_corrected)),
         "yes" if point.corrected else "no", _number(point.drift_nm), _number(point.drift_p)]
        for part in (found, *found.parts) for point in part.points
    ))  # fmt: skip


def kinetics_csv(kinetics: BandKinetics) -> str:
    """Rate constants of every band, fitted alone and together; none where it does not change.

    Times to half change, and where a course turns back, are of the data, without a model.
    """
    head = ["fitted", "band_nm", "component", "k_per_min", "k_sd", "half_life_min", "half_life_sd",
            "amplitude", "amplitude_sd", "end", "end_sd", "scatter", "told", "why_not",
            "half_change_min", "half_change_low", "half_change_high", "turn"]  # fmt: skip
    rows: list[list[Cell]] = []
    for how, courses in (("alone", kinetics.each), ("together", kinetics.together)):
        for course in courses:
            tail = [_number(course.end), _number(course.end_sd), _number(course.scatter)]
            band = f"{course.wavelength_nm:g}"
            half = course.half
            free = [*map(_number, (half.minutes, half.low, half.high)), turn_text(course)]
            if not course.constants:
                why = "turns back" if course.changes else "no change"
                rows.append([how, band, 0, *[None] * 6, *tail, "", why, *free])
            for k, one in enumerate(course.constants):
                values = (one.per_min, one.sd, one.half_life_min, one.half_life_sd,
                          course.amplitudes[k], course.amplitude_sd[k])  # fmt: skip
                rows.append([how, band, k + 1, *map(_number, values), *tail,
                             "yes" if one.told else "no", one.why, *free])  # fmt: skip
    return csv_text(head, rows)


def courses_csv(kinetics: BandKinetics) -> str:
    """Absorbance of each band at each time, and as fitted alone."""
    head, columns = ["time_min"], [kinetics.times_min]
    for course in kinetics.each:
        name = f"{course.wavelength_nm:g} nm"
        head += [name, f"{name} fitted"]
        fitted = course.curve(kinetics.times_min)
        columns += [course.absorbance, fitted if course.fitted else np.full(fitted.size, np.nan)]
    return _in_columns(head, columns)


def _in_columns(head: list[str], columns: list[Floats]) -> str:
    return csv_text(head, ([_number(value) for value in row] for row in np.stack(columns, axis=1)))


def _time(run: UvvisRun, index: int) -> Cell:
    times = run.series.time_min
    return None if times is None else f"{times[index]:g}"


def _number(value: float) -> Cell:
    return f"{value:.6g}" if np.isfinite(value) else None
