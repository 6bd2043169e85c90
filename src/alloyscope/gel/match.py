"""Which band of a lane is which sample: all orders weighed, with what stays ambiguous."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from alloyscope.errors import GelError, message
from alloyscope.gel.expected import Run, Way, draw_fit, expected_run, scale_of
from alloyscope.gel.kernel import Floats
from alloyscope.gel.mobility import Mobility
from alloyscope.gel.profile import LaneBand, lane_called

SURE = 0.95
MOST = 20_000
"""Ways to match that are weighed."""

MODEL_SD = 0.03
"""Relative error of a model's mobility beside that of its conditions."""

WITHIN = 1.96
"""sd within which a band lies where a sample should: 95 %."""

UNNAMED = 0.05
"""Prior odds that a band is none of the samples."""


@dataclass(frozen=True)
class BandMatch:
    """A band and who it may be.

    rf         : run over that of the front, where a front was given
    candidates : (name, probability), the most probable first; "" is none of the samples
    expected   : where the other bands and the marker put the most probable of them, distance and
                 1 sd; None where they do not tell
    """

    band: LaneBand
    rf: float | None
    candidates: tuple[tuple[str, float], ...]
    expected: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """The most probable sample; "" where it is none of them."""
        return self.candidates[0][0]

    @property
    def certain(self) -> bool:
        """Whether no other candidate is worth naming, and the band lies where this one should."""
        return self.candidates[0][1] >= SURE and self.fits

    @property
    def fits(self) -> bool:
        """Whether the band lies in the 95 % interval of its most probable sample.

        The best of the samples named may still be none that fits.
        """
        if self.expected is None:
            return True
        at, sd = self.expected
        return abs(self.band.position - at) <= WITHIN * math.hypot(sd, self.band.position_sd)


@dataclass(frozen=True, eq=False)
class LaneMatch:
    """A lane's bands matched to samples.

    scale    : distance at which the fastest sample runs, in the lane's unit, and 1 sd; by the
               draws that fit the bands, or the marker
    expected : (name, distance, 1 sd) of each sample that moves, by the other bands and the marker;
               by its own band where nothing else tells
    marked   : whether a marker set the scale
    missing  : (name, probability) of samples without a band
    origin   : distance of the well, in the lane's unit
    notes    : what the user must know
    """

    lane: str
    bands: tuple[BandMatch, ...]
    scale: tuple[float, float]
    missing: tuple[tuple[str, float], ...]
    notes: tuple[str, ...] = ()
    origin: float = 0.0
    expected: tuple[tuple[str, float, float], ...] = ()
    marked: bool = False

    @property
    def ambiguous(self) -> tuple[BandMatch, ...]:
        """Bands that may be one sample or another, or fit none."""
        return tuple(one for one in self.bands if not one.certain)


def match_lane(
    bands: Sequence[LaneBand],
    mobility: Sequence[Mobility],
    *,
    lane: str = "",
    origin: float = 0.0,
    front: float | None = None,
    marker: tuple[str, float] | None = None,
    model_sd: float = MODEL_SD,
) -> LaneMatch:
    """Match bands to samples by their mobilities.

    Each band is at most one sample and each sample at most one band. Each way to match them is
    weighed by how well distances are proportional to mobilities, over the draws of the mobilities,
    whose order may change from draw to draw, with any scale unless a marker sets it.

    origin   : distance of the well
    front    : distance of the dye front, for Rf alone
    marker   : a sample's name and the distance at which it is known to run
    model_sd : relative error of the model's mobilities beside that of its conditions
    Raises GelError for no band beyond the well, a marker that is no sample, and too many ways.
    """
    run, where = np.array([band.position - origin for band in bands]), lane_called(lane)
    if not run.size or (run <= 0).any():
        raise GelError(
            message(where, found="a band at or before the well" if run.size else "no band",
                    expected=f"bands beyond {origin:g}", do="Say where the well is: --origin.")
        )  # fmt: skip
    ordered = sorted((one for one in mobility if one.relative > 0), key=lambda one: one.relative)
    draws = np.array([one.drawn if one.drawn.size else [one.relative] for one in ordered])
    known = _marked(ordered, draws, marker, origin)
    if not ordered or _n_ways(run.size, len(ordered)) > MOST:
        raise GelError(
            message(where, found=f"{run.size} bands and {len(ordered)} samples that move",
                    expected=f"fewer than {MOST} ways to match them", do="Name fewer species.")
        )  # fmt: skip
    sd = np.hypot([band.position_sd for band in bands], model_sd * run)
    ways = list(_ways(run.size, len(ordered)))
    of = Run(run, sd, draws, known, model_sd)
    logs = np.array([_log_weight(way, of) for way in ways])
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    who = np.zeros((run.size, len(ordered) + 1))
    for way, w in zip(ways, weight, strict=True):
        for b, s in enumerate(way):
            who[b, s] += w
    names = [one.name for one in ordered] + [""]
    best = ways[int(weight.argmax())]
    told = [expected_run(k, best, of) for k in range(len(ordered))]
    matched = tuple(_band_match(band, row, names, origin, front, told)
                    for band, row in zip(bands, who, strict=True))  # fmt: skip
    return LaneMatch(
        lane, matched, scale_of(best, of),
        tuple((name, float(max(1 - who[:, k].sum(), 0.0)))
              for k, name in enumerate(names[:-1]) if who[:, k].sum() < 0.5),
        _notes(matched, known is not None), origin, _expected(names, best, of, told, origin),
        known is not None,
    )  # fmt: skip


def _marked(
    ordered: Sequence[Mobility], draws: Floats, marker: tuple[str, float] | None, origin: float
) -> Floats | None:
    """(n_draws,) distance of relative mobility 1 that a marker sets."""
    if marker is None:
        return None
    names = [one.name for one in ordered]
    if marker[0] not in names or marker[1] <= origin:
        raise GelError(
            message("marker", found=f"{marker[0]} at {marker[1]:g}",
                    expected=f"one of {', '.join(names)}, beyond the well")
        )  # fmt: skip
    return np.asarray((marker[1] - origin) / draws[names.index(marker[0])])


def _n_ways(n_bands: int, n_samples: int) -> int:
    return sum(
        math.comb(n_bands, n) * math.perm(n_samples, n) for n in range(min(n_bands, n_samples) + 1)
    )


def _ways(n_bands: int, n_samples: int) -> Iterator[Way]:
    """Every way to give each band a sample of its own, or none."""
    for n in range(min(n_bands, n_samples) + 1):
        for chosen in combinations(range(n_bands), n):
            for given in permutations(range(n_samples), n):
                way = [n_samples] * n_bands
                for b, s in zip(chosen, given, strict=True):
                    way[b] = s
                yield tuple(way)


def _log_weight(way: Way, of: Run) -> float:
    """Log of how well a way fits, averaged over the draws."""
    matched = sum(s < len(of.draws) for s in way)
    longest = 1.2 * float(of.run.max())
    prior = (len(way) - matched) * math.log(UNNAMED / longest) + matched * math.log(1 - UNNAMED)
    # Each sample without a band costs as much as a band without a sample.
    prior += (len(of.draws) - matched) * math.log(2 * UNNAMED)
    found = draw_fit(way, of) if matched else None
    if found is None:
        return prior
    top = float(found.logs.max())
    return prior + top + math.log(float(np.exp(found.logs - top).mean()))


def _band_match(
    band: LaneBand, row: Floats, names: Sequence[str], origin: float, front: float | None,
    told: Sequence[tuple[float, float] | None],
) -> BandMatch:  # fmt: skip
    order = np.argsort(-row)
    rf = (band.position - origin) / (front - origin) if front is not None else None
    at = told[order[0]] if order[0] < len(told) else None
    return BandMatch(
        band, rf, tuple((names[k], float(row[k])) for k in order if row[k] >= 0.01),
        None if at is None else (origin + at[0], at[1]),
    )  # fmt: skip


def _expected(
    names: Sequence[str], best: Way, of: Run, told: Sequence[tuple[float, float] | None],
    origin: float,
) -> tuple[tuple[str, float, float], ...]:  # fmt: skip
    """Where each sample should run; one that nothing else tells of lies where its own band is."""
    size, sd = scale_of(best, of)
    if not math.isfinite(size):
        return ()
    found = []
    for k, at in enumerate(told):
        mean, error = at or (size * float(of.draws[k].mean()), sd)
        found.append((names[k], origin + mean, error))
    return tuple(found)


def _notes(bands: Sequence[BandMatch], marked: bool) -> tuple[str, ...]:
    notes = [_misfit(one, marked) for one in bands if not one.fits]
    if not marked:
        notes.append("No marker: distances tell ratios of mobilities alone.")
    if len(bands) == 1 and not marked:
        notes.append("One band and no marker: any sample fits it.")
    return tuple(notes)


def _misfit(one: BandMatch, marked: bool) -> str:
    """What a band is at best, and where that should be."""
    assert one.expected is not None
    at, sd = one.expected
    tell = "the marker and the other bands" if marked else "the other bands"
    return (f"The band at {one.band.position:.2f} is {one.name} at best, and misfits: {tell} put "
            f"that at {at:.2f} ± {sd:.2f}, with 95 % between {at - WITHIN * sd:.2f} and "
            f"{at + WITHIN * sd:.2f}.")  # fmt: skip
