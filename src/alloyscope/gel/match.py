"""Which band of a lane is which sample: all orders weighed, with what stays ambiguous."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from alloyscope.errors import GelError, message
from alloyscope.gel.kernel import Floats
from alloyscope.gel.mobility import Mobility
from alloyscope.gel.profile import LaneBand

SURE = 0.95
MOST = 20_000
"""Ways to match that are weighed."""

MODEL_SD = 0.03
"""Relative error of a model's mobility beside that of its conditions."""

UNNAMED = 0.05
"""Prior odds that a band is none of the samples."""


@dataclass(frozen=True)
class BandMatch:
    """A band and who it may be.

    rf         : run over that of the front, where a front was given
    candidates : (name, probability), the most probable first; "" is none of the samples
    """

    band: LaneBand
    rf: float | None
    candidates: tuple[tuple[str, float], ...]

    @property
    def name(self) -> str:
        """The most probable sample; "" where it is none of them."""
        return self.candidates[0][0]

    @property
    def certain(self) -> bool:
        """Whether no other candidate is worth naming."""
        return self.candidates[0][1] >= SURE


@dataclass(frozen=True, eq=False)
class LaneMatch:
    """A lane's bands matched to samples.

    scale    : distance at which the fastest sample runs, in the lane's unit, and 1 sd
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

    @property
    def ambiguous(self) -> tuple[BandMatch, ...]:
        """Bands that may be one sample or another."""
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
    run = np.array([band.position - origin for band in bands])
    if not run.size or (run <= 0).any():
        raise GelError(
            message(f"lane {lane}", found="a band at or before the well" if run.size else "no band",
                    expected=f"bands beyond {origin:g}", do="Say where the well is: --origin.")
        )  # fmt: skip
    ordered = sorted((one for one in mobility if one.relative > 0), key=lambda one: one.relative)
    draws = np.array([one.drawn if one.drawn.size else [one.relative] for one in ordered])
    known = _marked(ordered, draws, marker, origin)
    if not ordered or _n_ways(run.size, len(ordered)) > MOST:
        raise GelError(
            message(f"lane {lane}", found=f"{run.size} bands and {len(ordered)} samples that move",
                    expected=f"fewer than {MOST} ways to match them", do="Name fewer species.")
        )  # fmt: skip
    sd = np.hypot([band.position_sd for band in bands], model_sd * run)
    ways = list(_ways(run.size, len(ordered)))
    logs = np.array([_log_weight(way, run, sd, draws, known) for way in ways])
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    who = np.zeros((run.size, len(ordered) + 1))
    for way, w in zip(ways, weight, strict=True):
        for b, s in enumerate(way):
            who[b, s] += w
    names = [one.name for one in ordered] + [""]
    best = ways[int(weight.argmax())]
    return LaneMatch(
        lane,
        tuple(_band_match(band, row, names, origin, front)
              for band, row in zip(bands, who, strict=True)),
        _scale(best, run, sd, draws, known),
        tuple((name, float(max(1 - who[:, k].sum(), 0.0)))
              for k, name in enumerate(names[:-1]) if who[:, k].sum() < 0.5),
        _notes(who, names, known is not None), origin,
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


def _ways(n_bands: int, n_samples: int) -> Iterator[tuple[int, ...]]:
    """Every way to give each band a sample of its own, or none."""
    for n in range(min(n_bands, n_samples) + 1):
        for chosen in combinations(range(n_bands), n):
            for given in permutations(range(n_samples), n):
                way = [n_samples] * n_bands
                for b, s in zip(chosen, given, strict=True):
                    way[b] = s
                yield tuple(way)


def _log_weight(
    way: tuple[int, ...], run: Floats, sd: Floats, draws: Floats, known: Floats | None
) -> float:
    """Log of how well a way fits, averaged over the draws."""
    matched = np.array([b for b, s in enumerate(way) if s < len(draws)], int)
    longest = 1.2 * float(run.max())
    odd = len(way) - matched.size
    prior = odd * math.log(UNNAMED / longest) + matched.size * math.log(1 - UNNAMED)
    # Each sample without a band costs as much as a band without a sample.
    prior += (len(draws) - matched.size) * math.log(2 * UNNAMED)
    if not matched.size:
        return prior
    mu = draws[[way[b] for b in matched]]
    d, error = run[matched][:, None], sd[matched][:, None]
    if known is not None:
        chi = (((d - known * mu) / error) ** 2).sum(axis=0)
        logs = -0.5 * chi - np.log(error * math.sqrt(2 * math.pi)).sum()
    else:
        weight = (mu**2 / error**2).sum(axis=0)
        scale = (mu * d / error**2).sum(axis=0) / weight
        chi = (((d - scale * mu) / error) ** 2).sum(axis=0)
        # The scale, flat up to several times the run, integrated out.
        logs = (-0.5 * chi - np.log(error * math.sqrt(2 * math.pi)).sum()
                + 0.5 * np.log(2 * math.pi / weight) - math.log(4 * longest))  # fmt: skip
    top = float(logs.max())
    return prior + top + math.log(float(np.exp(logs - top).mean()))


def _scale(
    way: tuple[int, ...], run: Floats, sd: Floats, draws: Floats, known: Floats | None
) -> tuple[float, float]:
    if known is not None:
        return float(known.mean()), float(known.std())
    matched = [b for b, s in enumerate(way) if s < len(draws)]
    if not matched:
        return float("nan"), float("nan")
    mu = draws[[way[b] for b in matched]].mean(axis=1)
    weight = float((mu**2 / sd[matched] ** 2).sum())
    return float((mu * run[matched] / sd[matched] ** 2).sum()) / weight, weight**-0.5


def _band_match(
    band: LaneBand, row: Floats, names: Sequence[str], origin: float, front: float | None
) -> BandMatch:
    order = np.argsort(-row)
    rf = (band.position - origin) / (front - origin) if front is not None else None
    return BandMatch(band, rf, tuple((names[k], float(row[k])) for k in order if row[k] >= 0.01))


def _notes(who: Floats, names: Sequence[str], marked: bool) -> tuple[str, ...]:
    notes = []
    if not marked:
        notes.append("No marker: distances tell ratios of mobilities alone.")
    if who.shape[0] == 1 and not marked:
        notes.append("One band and no marker: any sample fits it.")
    return tuple(notes)
