"""Absorption spectra in words: for the terminal, and for the page."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.report.text_table import Columns, grid
from alloyscope.report.uvvis_course_text import (
    CROSSING_COLUMNS,
    KINETICS_COLUMNS,
    crossing_rows,
    isosbestic_line,
    kinetics_line,
    kinetics_rows,
    rank_line,
    with_sd,
)
from alloyscope.report.uvvis_mixture_text import (
    fraction_columns,
    fraction_rows,
    share_line,
    unmixing_line,
)
from alloyscope.report.uvvis_names import brief_time, spectrum_name
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.band_matching import BandMatch
from alloyscope.uvvis.bands import Band
from alloyscope.uvvis.sampling import saturated

BAND_COLUMNS: Columns = (
    ("spectrum", "left"), ("", "left"), ("position nm", "right"), ("maximum nm", "right"),
    ("width nm", "right"), ("height", "right"), ("significance", "right"), ("", "left"),
)  # fmt: skip
BAND_NOTE = (
    "± of a position: noise, and 1 % of the width or more, for no band has quite the shape assumed."
)
MATCH_COLUMNS: Columns = (
    ("spectrum", "left"), ("known cluster", "left"), ("", "left"), ("source", "left"),
)  # fmt: skip
MOST_NOTES, MOST_ROWS = 12, 12
APART_NM = 10.0
"""Saturated points nearer than this make one range."""

LIKELY, MOST_MATCHES = 0.01, 3


def uvvis_text(run: UvvisRun) -> Group:
    """What there is, verdict first; then tables, and what the user must know."""
    parts: list[RenderableType] = [Text(line, style="bold") for line in headlines(run)]
    parts += [Text(source_line(run)), Text("")]
    if run.unmixed:
        parts += [grid(fraction_columns(run.unmixed), _few(fraction_rows(run)), fold=False)]
        parts += [*map(Text, share_line(run.unmixed)), Text("")]
    if bands := band_rows(run):
        parts += [grid(BAND_COLUMNS, bands, fold=False), Text(BAND_NOTE)]
    if matches := match_rows(run):
        parts += [Text(""), grid(MATCH_COLUMNS[:3], [row[:3] for row in matches], fold=False)]
    if run.colours:
        parts += [Text(""), Text(colour_line(run))]
    if run.course and run.course.isosbestic.points:
        rows = crossing_rows(run.course.isosbestic)
        parts += [Text(""), grid(CROSSING_COLUMNS, rows, fold=False)]
    if run.course and run.course.kinetics and run.course.kinetics.each:
        parts += [Text(""), grid(KINETICS_COLUMNS, kinetics_rows(run.course), fold=False)]
    notes = all_notes(run)
    shown = [Text(f"note: {note}", style="yellow") for note in notes[:MOST_NOTES]]
    if len(notes) > MOST_NOTES:
        shown.append(Text(f"and {len(notes) - MOST_NOTES} more, in uvvis.json and on the page."))
    return Group(*parts, Text(""), *shown)


def _few(rows: list[list[str]]) -> list[list[str]]:
    """The first and last of many rows."""
    if len(rows) <= MOST_ROWS:
        return rows
    half = MOST_ROWS // 2
    return [*rows[:half], ["..."] + [""] * (len(rows[0]) - 1), *rows[-half:]]


def headlines(run: UvvisRun) -> list[str]:
    """The verdicts, one line each."""
    lines = saturation_lines(run)
    if run.unmixed:
        lines.append(unmixing_line(run))
    if run.species:
        lines.append(species_line(run))
    if run.course:
        lines += [rank_line(run.course.rank), isosbestic_line(run.course.isosbestic)]
        if run.course.kinetics:
            lines.append(kinetics_line(run.course))
    else:
        lines.append(band_line(run, 0))
    return lines


def saturation_lines(run: UvvisRun) -> list[str]:
    """Where the detector was at its end: one line, or none."""
    series = run.series
    at_end = np.array([saturated(row) for row in series.absorbance])
    if not at_end.any():
        return []
    points = np.flatnonzero(at_end.any(axis=0))
    runs = np.split(points, np.flatnonzero(np.diff(series.wavelength_nm[points]) > APART_NM) + 1)
    ends = [series.wavelength_nm[one[[0, -1]]] for one in runs]
    where = ", ".join(f"{low:.0f}–{high:.0f}" for low, high in ends)
    n, many = int(at_end.any(axis=1).sum()), len(series)
    of = f" in {n} of {many} spectra" if many > 1 else ""
    return [f"Saturated {where} nm{of}: dilute, or take a shorter cuvette."]


def source_line(run: UvvisRun) -> str:
    """What was read."""
    series, n = run.series, len(run.series)
    wavelength = series.wavelength_nm
    what = f"{series.source}: {n} spectra" if n > 1 else f"{series.source}: one spectrum"
    times = series.time_min
    if times is not None and n > 1:
        what += f", {brief_time(float(times[0]))} to {brief_time(float(times[-1]))}"
    return (f"{what}, {wavelength[0]:g} to {wavelength[-1]:g} nm, {wavelength.size} points, "
            f"cuvette {run.path_cm:g} cm.")  # fmt: skip


def band_line(run: UvvisRun, k: int) -> str:
    """The verdict on the bands of one of the spectra analysed."""
    found = run.bands[k]
    where = ", ".join(with_sd(band.position_nm, band.position_sd) for band in found.sure)
    verdict = found.verdict[:1].upper() + found.verdict[1:]
    count, then, rest = verdict.partition(";")
    return f"{count}: {where} nm{then}{rest}." if where else f"{verdict}."


def band_rows(run: UvvisRun) -> list[list[str]]:
    """Every band of the spectra analysed."""
    return [
        [spectrum_name(run, index), *_band(band)]
        for index, found in zip(run.analysed, run.bands, strict=True) for band in found.bands
    ]  # fmt: skip


def _band(band: Band) -> list[str]:
    maximum = "" if np.isnan(band.maximum_nm) else f"{band.maximum_nm:.1f}"
    said = [] if band.sure else ["not sure"]
    said += [] if band.group is None else ["merged"]
    return [
        band.kind, with_sd(band.position_nm, band.position_sd), maximum,
        with_sd(band.width_nm, band.width_nm_sd), f"{band.height:.3g}",
        f"{band.significance:.0f}", ", ".join(said),
    ]  # fmt: skip


def match_rows(run: UvvisRun) -> list[list[str]]:
    """Known clusters whose bands are met more often than chance would, the best of each first."""
    return [
        [spectrum_name(run, index), str(one.reference.species), _met(one), one.reference.source]
        for index, some in zip(run.analysed, run.matches, strict=True)
        for one in [match for match in some if match.seen and match.chance < LIKELY][:MOST_MATCHES]
    ]


def _met(match: BandMatch) -> str:
    """Which stated bands are seen, and which are not."""
    seen = ", ".join(f"{stated.nm:.0f}" for stated, _ in match.seen)
    missing = ", ".join(f"{stated.nm:.0f}" for stated in match.missing)
    chance = "< 0.1 %" if match.chance < 1e-3 else f"{100 * match.chance:.1g} %"
    return f"seen {seen} nm" + f"; missing {missing} nm" * bool(missing) + f"; chance {chance}"


def colour_line(run: UvvisRun) -> str:
    """The colour of the solution as measured, from the first to the last spectrum."""
    named = [next(one.name for one in row if one.dilution == 1.0) for row in run.colours]
    light = run.colours[0][0].illuminant
    runs = [name for k, name in enumerate(named) if k == 0 or named[k - 1] != name]
    told = ", then ".join(runs)
    if len(runs) > MOST_MATCHES + 2:
        told = f"{runs[0]}, then {runs[1]}, and {len(runs) - 3} more; at last {runs[-1]}"
    return f"Colour in {run.path_cm:g} cm under {light}: {told}."


def species_line(run: UvvisRun) -> str:
    """What was solved for with populations."""
    found, known = run.species, run.populations
    assert found is not None
    assert known is not None
    named = found.verdict
    for own, name in zip(found.names, known.names, strict=True):
        named = named.replace(own, name)
    return f"Spectra of {', '.join(known.names)} from their populations. {named}"


def all_notes(run: UvvisRun) -> list[str]:
    """What the user must know, each once."""
    notes = [*run.notes]
    if run.unmixed:
        notes += run.unmixed.notes
    if run.populations:
        notes += run.populations.notes
    if run.species:
        notes += run.species.notes
    if run.course:
        notes += [*run.course.rank.notes, *run.course.isosbestic.notes]
        if run.course.kinetics:
            kinetics = run.course.kinetics
            together = kinetics.together[0].notes if kinetics.together else ()
            notes += [*kinetics.notes, *together]
    for index, found in zip(run.analysed, run.bands, strict=True):
        name = f"{spectrum_name(run, index)}: " if len(run.series) > 1 else ""
        notes += [f"{name}{note}" for note in found.notes if note not in run.series.notes]
    return list(dict.fromkeys(note for note in notes if note))
