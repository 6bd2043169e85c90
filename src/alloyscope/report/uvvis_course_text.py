"""A series of absorption spectra as a whole, in words."""

from __future__ import annotations

import numpy as np

from alloyscope.results.uvvis import TimeCourse
from alloyscope.uvvis.band_kinetics import BandCourse, RateConstant
from alloyscope.uvvis.isosbestic import FEWEST, Crossing, IsosbesticPoints
from alloyscope.uvvis.rank import Rank

Columns = tuple[tuple[str, str], ...]
CROSSING_COLUMNS: Columns = (
    ("crossing nm", "right"), ("", "left"), ("absorbance", "right"), ("spread %", "right"),
    ("p", "right"), ("p, offset and\ndilution allowed", "right"), ("moves nm", "right"),
)  # fmt: skip
KINETICS_COLUMNS: Columns = (
    ("band nm", "right"), ("k, 1/min", "right"), ("half-life", "right"), ("amplitude", "right"),
    ("end", "right"), ("scatter", "right"), ("", "left"),
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
