"""A series of absorption spectra as a whole, in words."""

from __future__ import annotations

import numpy as np

from alloyscope.results.uvvis import TimeCourse
from alloyscope.uvvis.band_kinetics import POOR, BandCourse, BandKinetics, RateConstant
from alloyscope.uvvis.half_change import HalfChange
from alloyscope.uvvis.isosbestic import FEWEST, Crossing, IsosbesticPoints
from alloyscope.uvvis.rank import Rank

Columns = tuple[tuple[str, str], ...]
CROSSING_COLUMNS: Columns = (
    ("crossing nm", "right"), ("", "left"), ("absorbance", "right"), ("spread %", "right"),
    ("p", "right"), ("p, offset and\ndilution allowed", "right"), ("moves nm", "right"),
)  # fmt: skip
KINETICS_COLUMNS: Columns = (
    ("band nm", "right"), ("half change", "right"), ("k, 1/min", "right"), ("half-life", "right"),
    ("amplitude", "right"), ("end", "right"), ("scatter", "right"), ("", "left"),
)  # fmt: skip


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
        few = found.last - found.first + 1 < FEWEST
        return found.notes[0] if few else "The spectra do not cross."
    if found.verdict == "clean":
        at = ", ".join(with_sd(one.wavelength_nm, one.sd) for one in found.clean)
        drifting = len(found.points) - len(found.clean)
        rest = f"; {drifting} more move" + "s" * (drifting == 1) if drifting else ""
        but = all(one.corrected for one in found.clean)
        allowed = ", an offset and a dilution of each spectrum allowed for" if but else ""
        return f"Isosbestic at {at} nm{allowed}{rest}."
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
        f"{point.absorbance:.3f}", f"{100 * point.spread_share:.1f}", p_text(point.p),
        p_text(point.p_corrected), moves,
    ]  # fmt: skip


def p_text(value: float) -> str:
    """A probability in two digits; nothing where there is none."""
    if not np.isfinite(value):
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def kinetics_line(course: TimeCourse) -> str:
    """Half-lives that all bands have in common, and whether exponentials fit at all."""
    kinetics = course.kinetics
    assert kinetics is not None
    if not kinetics.each:
        return kinetics.notes[0]
    if not kinetics.constants:
        return "No band changes beyond noise."
    said = [half_life(one) if one.told else f"not told ({one.why})" for one in kinetics.constants]
    many = "lives" if len(said) > 1 else "life"
    line = f"Half-{many} of all bands together: {', '.join(said)}"
    scatter = kinetics.together[0].scatter
    if scatter <= POOR:
        return f"{line}."
    poor = f"exponentials do not fit: they leave {scatter:.3g} times the noise"
    if any(one.told for one in kinetics.constants):
        poor = f"{line} — but {poor}"
    return f"{poor[0].upper()}{poor[1:]}. {_half_changes(kinetics)}".rstrip()


def _half_changes(kinetics: BandKinetics) -> str:
    """Times to half change over all bands, which need no model."""
    told = [one.half.minutes for one in kinetics.each if one.half.told]
    if not told:
        return ""
    size, name = _unit(max(told))
    first, last = f"{min(told) / size:.2g}", f"{max(told) / size:.2g}"
    between = first if first == last else f"{first} to {last}"
    return f"Half of the change is reached after {between} {name}."


def brief_minutes(minutes: float) -> str:
    """A time in two digits, in the unit that people would use.

    >>> brief_minutes(5.68), brief_minutes(0.25), brief_minutes(500.0)
    ('5.7 min', '15 s', '8.3 h')
    """
    size, name = _unit(minutes)
    return f"{minutes / size:.2g} {name}"


def _unit(minutes: float) -> tuple[float, str]:
    if minutes >= 2880:
        return 1440.0, "d"
    if minutes >= 120:
        return 60.0, "h"
    return (1.0, "min") if minutes >= 1 else (1 / 60, "s")


def half_life(constant: RateConstant) -> str:
    """A half-life with its sd, in the unit that people would use."""
    value, sd = constant.half_life_min, constant.half_life_sd
    unit, name = _unit(value)
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
    together = [["all" if k == 0 else "", "", _rate(one), half_life(one) if one.told else "", "",
                 "", f"{kinetics.together[0].scatter:.1f}" if k == 0 else "", brief_why(one)]
                for k, one in enumerate(kinetics.constants)]  # fmt: skip
    return rows + together


def _course(course: BandCourse, name: str) -> list[list[str]]:
    end, scatter, turn = f"{course.end:.3f}", f"{course.scatter:.1f}", turn_text(course)
    if not course.changes:
        return [[name, "", "", "", "", end, scatter, "no change"]]
    if not course.constants:
        return [[name, *[""] * 6, turn]]
    slow = any(not one.told for one in course.constants)
    return [
        [name if k == 0 else "", half_change_text(course.half) if k == 0 else "", _rate(one),
         half_life(one) if one.told else "",
         f"{course.amplitudes[k]:+.3f}".replace("-", "−") if one.told else "",
         end if k == 0 and not slow else "", scatter if k == 0 else "",
         "; ".join(filter(None, (turn if k == 0 else "", brief_why(one))))]
        for k, one in enumerate(course.constants)
    ]  # fmt: skip


def turn_text(course: BandCourse) -> str:
    """Where a course turns back; "" where it does not."""
    if course.turn is None:
        return ""
    at = brief_minutes(course.turn.minutes)
    if course.turn.rises:
        return f"rises, then falls; maximum near {at}"
    return f"falls, then rises; minimum near {at}"


def half_change_text(half: HalfChange) -> str:
    """Time to half change and the samples about it; "" where there is none.

    >>> half_change_text(HalfChange(5.68, 5.0, 10.0))
    '5.7 (5 to 10) min'
    """
    if not half.told:
        return ""
    size, name = _unit(half.minutes)
    low, high = (f"{at / size:.2g}" if at / size < 100 else f"{at / size:.0f}"
                 for at in (half.low, half.high))  # fmt: skip
    return f"{half.minutes / size:.2g} ({low} to {high}) {name}"


def brief_why(constant: RateConstant) -> str:
    """What keeps a rate constant from being told, in a few words."""
    return constant.why.split(":")[0]


def _rate(constant: RateConstant) -> str:
    if not constant.told:
        return f"{constant.per_min:.1g}"
    return f"{constant.per_min:.3g} ± {constant.sd:.1g}"
