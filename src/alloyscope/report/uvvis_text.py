"""Absorption spectra in words: for the terminal, and for the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.reaction.experiment import time_text
from alloyscope.results.uvvis import TimeCourse, UvvisRun
from alloyscope.uvvis.band_kinetics import BandCourse, RateConstant
from alloyscope.uvvis.bands import Band
from alloyscope.uvvis.isosbestic import Crossing, IsosbesticPoints
from alloyscope.uvvis.rank import Rank
from alloyscope.uvvis.unmixing import Unmixing

Columns = tuple[tuple[str, str], ...]
BAND_COLUMNS: Columns = (
    ("spectrum", "left"), ("", "left"), ("position nm", "right"), ("energy eV", "right"),
    ("width nm", "right"), ("height", "right"), ("significance", "right"), ("", "left"),
)  # fmt: skip
CROSSING_COLUMNS: Columns = (
    ("crossing nm", "right"), ("", "left"), ("absorbance", "right"), ("spread %", "right"),
    ("p", "right"), ("p, offset and\ndilution allowed", "right"), ("moves nm", "right"),
)  # fmt: skip
MATCH_COLUMNS: Columns = (
    ("spectrum", "left"), ("known cluster", "left"), ("", "left"), ("source", "left"),
)  # fmt: skip
KINETICS_COLUMNS: Columns = (
    ("band nm", "right"), ("k, 1/min", "right"), ("half-life", "right"), ("amplitude", "right"),
    ("end", "right"), ("scatter", "right"), ("", "left"),
)  # fmt: skip
MOST_NOTES, MOST_ROWS = 12, 12
LIKELY, MOST_MATCHES = 0.05, 3
SKETCH = "sketch from band positions"


def uvvis_text(run: UvvisRun) -> Group:
    """What there is, verdict first; then tables, and what the user must know."""
    parts: list[RenderableType] = [Text(line, style="bold") for line in headlines(run)]
    parts += [Text(source_line(run)), Text("")]
    if run.unmixed:
        parts += [_table(fraction_columns(run.unmixed), _few(fraction_rows(run))), Text("")]
    parts.append(_table(BAND_COLUMNS, band_rows(run)))
    if matches := match_rows(run):
        parts += [Text(""), _table(MATCH_COLUMNS[:3], [row[:3] for row in matches])]
    if run.colours:
        parts += [Text(""), Text(colour_line(run))]
    if run.course and run.course.isosbestic.points:
        parts += [Text(""), _table(CROSSING_COLUMNS, crossing_rows(run.course.isosbestic))]
    if run.course and run.course.kinetics and run.course.kinetics.each:
        parts += [Text(""), _table(KINETICS_COLUMNS, kinetics_rows(run.course))]
    notes = all_notes(run)
    shown = [Text(f"note: {note}", style="yellow") for note in notes[:MOST_NOTES]]
    if len(notes) > MOST_NOTES:
        shown.append(Text(f"and {len(notes) - MOST_NOTES} more, in uvvis.json and on the page."))
    return Group(*parts, Text(""), *shown)


def _table(columns: Columns, rows: Sequence[Sequence[str]]) -> Table:
    table = Table(pad_edge=False, padding=(0, 1), box=None)
    for name, side in columns:
        table.add_column(name, justify="left" if side == "left" else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _few(rows: list[list[str]]) -> list[list[str]]:
    """The first and last of many rows."""
    if len(rows) <= MOST_ROWS:
        return rows
    half = MOST_ROWS // 2
    return [*rows[:half], ["..."] + [""] * (len(rows[0]) - 1), *rows[-half:]]


def headlines(run: UvvisRun) -> list[str]:
    """The verdicts, one line each."""
    lines = []
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


def source_line(run: UvvisRun) -> str:
    """What was read."""
    series, n = run.series, len(run.series)
    wavelength = series.wavelength_nm
    what = f"{series.source}: {n} spectra" if n > 1 else f"{series.source}: one spectrum"
    times = series.time_min
    if times is not None and n > 1:
        what += f", {time_text(float(times[0]))} to {time_text(float(times[-1]))}"
    return (f"{what}, {wavelength[0]:g} to {wavelength[-1]:g} nm, {wavelength.size} points, "
            f"cuvette {run.path_cm:g} cm.")  # fmt: skip


def spectrum_name(run: UvvisRun, index: int) -> str:
    """A spectrum as tables and figures call it: its time, or its name."""
    times = run.series.time_min
    return run.series.names[index] if times is None else time_text(round(float(times[index]), 6))


def band_line(run: UvvisRun, k: int) -> str:
    """The verdict on the bands of one of the spectra analysed."""
    found = run.bands[k]
    where = ", ".join(f"{band.seen_nm:.0f}" for band in found.sure)
    verdict = found.verdict[:1].upper() + found.verdict[1:]
    return f"{verdict}: {where} nm." if where else f"{verdict}."


def band_rows(run: UvvisRun) -> list[list[str]]:
    """Every band of the spectra analysed."""
    return [
        [spectrum_name(run, index), *_band(band)]
        for index, found in zip(run.analysed, run.bands, strict=True) for band in found.bands
    ]  # fmt: skip


def _band(band: Band) -> list[str]:
    said = [] if band.sure else ["not sure"]
    said += [] if band.group is None else ["merged with its neighbours"]
    return [
        band.kind, with_sd(band.position_nm, band.position_sd), f"{band.energy_ev:.3f}",
        with_sd(band.width_nm, band.width_nm_sd), f"{band.height:.3g}",
        f"{band.significance:.0f}", ", ".join(said),
    ]  # fmt: skip


def match_rows(run: UvvisRun) -> list[list[str]]:
    """Known clusters whose bands are met more often than chance would, the best of each first."""
    return [
        [spectrum_name(run, index), str(one.reference.species), one.verdict, one.reference.source]
        for index, some in zip(run.analysed, run.matches, strict=True)
        for one in [match for match in some if match.seen and match.chance < LIKELY][:MOST_MATCHES]
    ]


def colour_line(run: UvvisRun) -> str:
    """The colour of the solution as measured, from the first to the last spectrum."""
    named = [next(one.name for one in row if one.dilution == 1.0) for row in run.colours]
    light = run.colours[0][0].illuminant
    runs = [name for k, name in enumerate(named) if k == 0 or named[k - 1] != name]
    if len(runs) > MOST_MATCHES + 2:
        runs = [runs[0], "...", runs[-1]]
    return f"Colour in {run.path_cm:g} cm under {light}: {', then '.join(runs)}."


def unmixing_line(run: UvvisRun) -> str:
    """The verdict on a mixture: the last spectrum's shares, and whether something else is there."""
    found = run.unmixed
    assert found is not None
    parts = ", ".join(
        f"{component_name(run, k)} {cell} %" for k, cell in enumerate(shares(found, -1))
    )
    when = f" at {spectrum_name(run, len(found) - 1)}" if len(found) > 1 else ""
    return f"{found.verdict} Shares{when}: {parts}."


def component_name(run: UvvisRun, k: int) -> str:
    """A component, said to be a sketch where it is one."""
    assert run.unmixed is not None
    name = run.unmixed.names[k]
    return f"{name} ({SKETCH})" if name in run.sketched else name


def fraction_columns(found: Unmixing) -> Columns:
    """Heads of the shares."""
    return (("spectrum", "left"), *((f"{name} %", "right") for name in found.names),
            ("p, nothing else", "right"))  # fmt: skip


def fraction_rows(run: UvvisRun) -> list[list[str]]:
    """Shares of the components in each spectrum, with 1 sd."""
    found = run.unmixed
    assert found is not None
    return [
        [spectrum_name(run, k), *shares(found, k), _p(float(found.goodness.p_value[k]))]
        for k in range(len(found))
    ]


def shares(found: Unmixing, row: int) -> list[str]:
    """Shares of one spectrum in %: with 1 sd, or as ranges where components are unknown."""
    if found.feasible is None:
        pairs = zip(100 * found.fraction[row], 100 * found.fraction_sd[row], strict=True)
        return [with_sd(value, sd) for value, sd in pairs]
    low, high = found.fraction_interval
    return [f"{100 * a:.0f} to {100 * b:.0f}" for a, b in zip(low[row], high[row], strict=True)]


def species_line(run: UvvisRun) -> str:
    """What was solved for with populations."""
    found, known = run.species, run.populations
    assert found is not None
    assert known is not None
    named = found.verdict
    for own, name in zip(found.names, known.names, strict=True):
        named = named.replace(own, name)
    return f"Spectra of {', '.join(known.names)} from their populations. {named}"


def rank_line(rank: Rank) -> str:
    """How many components stand above the noise."""
    n = rank.rank
    if not n:
        return "No component stands above the noise."
    text = f"{n} component{'s' if n > 1 else ''} above the noise (1 sd {rank.noise_sd:.2g})"
    if rank.without_baseline < n:
        return f"{text}, {rank.without_baseline} of them more than an offset and a slope."
    return f"{text}."


def isosbestic_line(found: IsosbesticPoints) -> str:
    """Whether the spectra cross at one place."""
    if found.verdict == "none":
        return "The spectra do not cross."
    if found.verdict == "clean":
        at = ", ".join(with_sd(one.wavelength_nm, one.sd) for one in found.clean)
        drifting = len(found.points) - len(found.clean)
        rest = f"; {drifting} more move" + "s" * (drifting == 1) if drifting else ""
        return f"Isosbestic at {at} nm{rest}."
    parts = [_part_line(part) for part in found.parts]
    rest = f" {' '.join(parts)}" if parts else ""
    return f"No isosbestic point over the whole series: the crossings move.{rest}"


def _part_line(part: IsosbesticPoints) -> str:
    at = ", ".join(f"{one.wavelength_nm:.0f}" for one in part.clean)
    where = "first" if part.first == 0 else "last"
    return f"The {where} {part.last - part.first + 1} spectra cross at {at} nm."


def crossing_rows(found: IsosbesticPoints) -> list[list[str]]:
    """Every crossing of the whole series."""
    return [_crossing(point) for point in found.points]


def _crossing(point: Crossing) -> list[str]:
    moves = f"{point.drift_nm:+.1f}".replace("-", "−") if np.isfinite(point.drift_nm) else ""
    return [
        with_sd(point.wavelength_nm, point.sd),
        "stays, but for offsets" if point.corrected else
        "stays" if point.verdict == "clean" else "moves",
        f"{point.absorbance:.3f}", f"{100 * point.spread_share:.1f}", _p(point.p),
        _p(point.p_corrected), moves,
    ]  # fmt: skip


def _p(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def kinetics_line(course: TimeCourse) -> str:
    """Half-lives that all bands have in common."""
    kinetics = course.kinetics
    assert kinetics is not None
    if not kinetics.each:
        return kinetics.notes[0]
    if not kinetics.constants:
        return "No band changes beyond noise."
    said = [half_life(one) if one.told else f"not told ({one.why})" for one in kinetics.constants]
    many = "lives" if len(said) > 1 else "life"
    return f"Half-{many} of all bands together: {', '.join(said)}."


def half_life(constant: RateConstant) -> str:
    """A half-life with its sd, in the unit that people would use."""
    value, sd = constant.half_life_min, constant.half_life_sd
    unit, name = (1440.0, "d") if value >= 2880 else (60.0, "h") if value >= 120 else (1.0, "min")
    if value < 1.0:
        unit, name = 1 / 60, "s"
    return f"{with_sd(value / unit, sd / unit)} {name}"


def with_sd(value: float, sd: float) -> str:
    """A value and its sd, to the first digit of the sd, or to two where that is 1.

    >>> with_sd(420.31, 1.24), with_sd(96.71, 0.042), with_sd(0.3, 11.0)
    ('420.3 ± 1.2', '96.71 ± 0.04', '0 ± 11')
    """
    if not np.isfinite(sd):
        return f"{value:.3g}"
    first = float(np.floor(np.log10(max(sd, 1e-9))))
    leading = sd / 10.0**first
    digits = int(np.clip((1 if leading < 2 else 0) - first, 0, 3))
    return f"{value:.{digits}f} ± {sd:.{digits}f}"


def kinetics_rows(course: TimeCourse) -> list[list[str]]:
    """Rate constants of each band, then of all together."""
    kinetics = course.kinetics
    assert kinetics is not None
    rows = [row for band in kinetics.each for row in _course(band, f"{band.wavelength_nm:.0f}")]
    together = [["all" if k == 0 else "", _rate(one), half_life(one) if one.told else "", "", "",
                 f"{kinetics.together[0].scatter:.1f}" if k == 0 else "", one.why]
                for k, one in enumerate(kinetics.constants)]  # fmt: skip
    return rows + together


def _course(course: BandCourse, name: str) -> list[list[str]]:
    end, scatter = f"{course.end:.3f}", f"{course.scatter:.1f}"
    if not course.changes:
        return [[name, "", "", "", end, scatter, "no change"]]
    return [
        [name if k == 0 else "", _rate(one), half_life(one) if one.told else "",
         f"{course.amplitudes[k]:+.3f}".replace("-", "−"), end if k == 0 else "",
         scatter if k == 0 else "", one.why]
        for k, one in enumerate(course.constants)
    ]  # fmt: skip


def _rate(constant: RateConstant) -> str:
    if not constant.told:
        return f"{constant.per_min:.1g}"
    return f"{constant.per_min:.3g} ± {constant.sd:.1g}"


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
        notes += [f"{name}{note}" for note in found.notes]
    return list(dict.fromkeys(note for note in notes if note))
