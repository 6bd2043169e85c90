"""How good a list of called ions is, given what is true.

A called ion is right when a true ion has its formula and charge, or when nobody could tell the two
apart in that spectrum. For true ion i with N_i ions and rival r that is

    D = min over a >= 0, |d| <= 2 ppm of
        1/2 sum_j (m(s_j) - m(s_j - w_i N_i t_ij + a t_rj(d)))^2 / v_j  <  3

in the simulator's notation, v the mean of the variances of the two models: the log-likelihood
ratio (nats) that someone may expect who knows line shape, noise and every other ion, with the
rival's amplitude a and the m/z scale free. The rule excuses a rival in place of one ion, never a
set of wrong ions in place of a mixture. An ion that could not be told from nothing (D < 3 at
a = 0) excuses no rival: else traces would excuse everything near them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from alloyscope.chemistry import AnyIon, Formula, Ion
from tests.recovery.instruments import Floats, Values, pattern
from tests.recovery.simulator import TINY, Simulated, Template, TrueIon, direction

NATS = 3.0
SHIFTS_PPM = np.linspace(-2.0, 2.0, 9)
ROUNDS = 3

Identity = tuple[Formula, int]


@dataclass(frozen=True)
class CalledIon:
    """An ion that a program says is there; abundances on any scale, sd 0 where not given."""

    ion: AnyIon
    abundance: float
    abundance_sd: float = 0.0
    q_value: float = 0.0


@dataclass(frozen=True)
class Score:
    """What was found of one spectrum; not-a-number where there is nothing to divide by.

    n_true             : true ions above 1 % of the strongest and detectable
    n_called           : ions called at the q-value asked for
    recall             : share of the n_true that were called; weighted by abundance
    precision          : share of the calls that are right; weighted by abundance. Without calls
                         0, 1 in a decoy, and no number where nothing can be detected
    total_variation    : of the shares over (metals, anionic ligands, counts of each metal), 0 to 1;
                         no number where nothing was called and nothing can be detected
    n_with_sd, within_1sd, within_2sd : right calls with an sd, and how many of them are that near
                         after scaling all right calls to the truth's sum
    exact              : right calls with the formula of a true ion
    false, missed      : calls that are wrong, and ions of the n_true without a call
    """

    seed: int
    decoy: bool
    n_true: int
    n_called: int
    recall: float
    recall_weighted: float
    precision: float
    precision_weighted: float
    total_variation: float
    n_with_sd: int
    within_1sd: int
    within_2sd: int
    exact: int
    false: tuple[CalledIon, ...]
    missed: tuple[TrueIon, ...]


@dataclass(frozen=True)
class Summary:
    """Means over spectra, and pooled shares.

    recall, recall_weighted : means over the spectra with ions to find
    precision ...           : means over the spectra that are not decoys
    false_share             : false calls among all, with its 95 % Clopper-Pearson interval
    decoys_clean            : decoys without a call, of n_decoys
    """

    n_spectra: int
    recall: float
    recall_weighted: float
    precision: float
    precision_weighted: float
    total_variation: float
    within_1sd: float
    within_2sd: float
    n_with_sd: int
    n_called: int
    n_false: int
    false_share: float
    false_share_interval: tuple[float, float]
    n_decoys: int
    decoys_clean: int

    def __str__(self) -> str:
        low, high = self.false_share_interval
        return (
            f"{self.n_spectra} spectra: recall {self.recall:.4f} (weighted "
            f"{self.recall_weighted:.4f}), precision {self.precision:.4f} (weighted "
            f"{self.precision_weighted:.4f}), total variation {self.total_variation:.4f}, within "
            f"1 sd {self.within_1sd:.3f}, 2 sd {self.within_2sd:.3f} of {self.n_with_sd}; false "
            f"{self.n_false} of {self.n_called} = {self.false_share:.4f} ({low:.4f} to "
            f"{high:.4f}); decoys clean {self.decoys_clean} of {self.n_decoys}"
        )


def score(simulated: Simulated, called: Iterable[CalledIon], *, q: float = 0.05) -> Score:
    """Compare what was called, at q-values up to `q`, with the truth of a spectrum."""
    calls = _merged(c for c in called if c.q_value <= q and c.abundance > 0)
    truth = simulated.truth
    known = {identity(t.ion): k for k, t in enumerate(truth)}
    matches = [known.get(identity(c.ion)) for c in calls]
    exact = sum(m is not None for m in matches)
    matches = [_nearest(simulated, c.ion) if m is None else m
               for c, m in zip(calls, matches, strict=True)]  # fmt: skip
    false = tuple(c for c, m in zip(calls, matches, strict=True) if m is None)
    found = {m for m in matches if m is not None}
    wanted = [k for k, t in enumerate(truth) if t.above_1pct and t.detectable]
    sought = sum(truth[k].abundance for k in wanted)
    got = sum(truth[k].abundance for k in wanted if k in found)
    n, total = len(calls), sum(c.abundance for c in calls)
    wrong = sum(c.abundance for c in false)
    silent = 0.0 if wanted else (np.nan if truth else 1.0)
    n_sd, one, two = _coverage(truth, calls, matches)
    return Score(
        simulated.seed, not truth, len(wanted), n,
        sum(k in found for k in wanted) / len(wanted) if wanted else np.nan,
        got / sought if wanted else np.nan,
        1 - len(false) / n if n else silent,
        1 - wrong / total if n else silent,
        _total_variation(truth, calls, matches) if calls or wanted or not truth else np.nan,
        n_sd, one, two, exact, false,
        tuple(truth[k] for k in wanted if k not in found),
    )  # fmt: skip


def summary(scores: Sequence[Score]) -> Summary:
    """Means and pooled shares of many spectra."""
    present = [s for s in scores if not s.decoy]
    decoys = [s for s in scores if s.decoy]
    n_sd = sum(s.n_with_sd for s in scores)
    calls, false = sum(s.n_called for s in scores), sum(len(s.false) for s in scores)
    return Summary(
        len(scores),
        _mean([s.recall for s in present]), _mean([s.recall_weighted for s in present]),
        _mean([s.precision for s in present]), _mean([s.precision_weighted for s in present]),
        _mean([s.total_variation for s in present]),
        sum(s.within_1sd for s in scores) / n_sd if n_sd else np.nan,
        sum(s.within_2sd for s in scores) / n_sd if n_sd else np.nan,
        n_sd, calls, false, false / calls if calls else np.nan, binomial_interval(false, calls),
        len(decoys), sum(s.n_called == 0 for s in decoys),
    )  # fmt: skip


def binomial_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a share; 0 to 1 without trials."""
    if not trials:
        return 0.0, 1.0
    tail = 0.5 * (1 - level)
    low = float(beta.ppf(tail, hits, trials - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, trials - hits)) if hits < trials else 1.0
    return low, high


def identity(ion: AnyIon) -> Identity:
    """What makes two ions the same to an instrument: atoms and charge."""
    return ion.formula, ion.charge


def _mean(values: Sequence[float]) -> float:
    known = [v for v in values if np.isfinite(v)]
    return float(np.mean(known)) if known else np.nan


def _merged(calls: Iterable[CalledIon]) -> list[CalledIon]:
    """Calls of one formula and charge added up."""
    found: dict[Identity, CalledIon] = {}
    for c in calls:
        if c.ion.charge == 0:
            raise ValueError(f"{c.ion} was called without a charge")
        old = found.get(identity(c.ion))
        if old is not None:
            sd = float(np.hypot(old.abundance_sd, c.abundance_sd))
            c = CalledIon(old.ion, old.abundance + c.abundance, sd, max(old.q_value, c.q_value))
        found[identity(c.ion)] = c
    return list(found.values())


def _coverage(
    truth: Sequence[TrueIon], calls: Sequence[CalledIon], matches: Sequence[int | None]
) -> tuple[int, int, int]:
    """Right calls with an sd, and how many are within one and two of it."""
    right: dict[int, list[CalledIon]] = {}
    for c, m in zip(calls, matches, strict=True):
        if m is not None:
            right.setdefault(m, []).append(c)
    total = sum(c.abundance for group in right.values() for c in group)
    if not total:
        return 0, 0, 0
    scale = sum(truth[m].abundance for m in right) / total
    off = []
    for m, group in right.items():
        if all(c.abundance_sd > 0 for c in group):
            sd = scale * np.sqrt(sum(c.abundance_sd**2 for c in group))
            off.append(abs(scale * sum(c.abundance for c in group) - truth[m].abundance) / sd)
    return len(off), sum(o <= 1 for o in off), sum(o <= 2 for o in off)


def _total_variation(
    truth: Sequence[TrueIon], calls: Sequence[CalledIon], matches: Sequence[int | None]
) -> float:
    """Half the summed difference of shares; a right call counts as the ion it is equal to."""
    if not truth or not calls:
        return float(bool(truth) != bool(calls))
    total = sum(c.abundance for c in calls)
    difference: dict[object, float] = {}
    for t in truth:
        cell = _cell(t.ion)
        difference[cell] = difference.get(cell, 0.0) + t.abundance
    for c, m in zip(calls, matches, strict=True):
        cell = _cell(c.ion if m is None else truth[m].ion)
        difference[cell] = difference.get(cell, 0.0) - c.abundance / total
    return 0.5 * sum(map(abs, difference.values()))


def _cell(ion: AnyIon) -> object:
    if not isinstance(ion, Ion):
        return identity(ion)
    anionic = sum(n for ligand, n in ion.species.ligands if ligand.charge < 0)
    return ion.species.n_metals, anionic, ion.species.metals


@lru_cache(maxsize=100_000)
def _extent(ion: AnyIon, table: str | None) -> tuple[float, float]:
    """Mean m/z and sd of an ion's isotope pattern."""
    mz, share = pattern(ion, table)
    mean = float(mz @ share)
    return mean, float(np.sqrt((mz - mean) ** 2 @ share))


def _nearest(simulated: Simulated, rival: AnyIon) -> int | None:
    """The true ion that is hardest to tell from the rival, if nobody could; else None."""
    optics = simulated.scene.optics
    mean, sd = _extent(rival, optics.table)
    spread = 2 * mean / float(optics.resolution(np.array(mean))) + 0.05
    near = []
    for k, t in enumerate(simulated.truth):
        other, other_sd = _extent(t.ion, optics.table)
        if t.ion.charge * rival.charge > 0 and abs(mean - other) < 2 * (sd + other_sd) + spread:
            near.append(k)
    odds = dict(zip(near, _nats(simulated, near, rival), strict=True))
    best = min(odds, key=lambda k: odds[k], default=None)
    return best if best is not None and odds[best] < NATS else None


def nats_apart(simulated: Simulated, k: int, rival: AnyIon) -> float:
    """Expected log-likelihood ratio (nats) of true ion k against a rival in its place.

    Infinite where the rival is out of range, or ion k could not be told from nothing.
    """
    return _nats(simulated, [k], rival)[0]


def _nats(simulated: Simulated, near: Sequence[int], rival: AnyIon) -> list[float]:
    scene = simulated.scene
    shapes = [scene.template(rival, float(d)) for d in SHIFTS_PPM] if near else []
    shapes = [t for t in shapes if t.at.size]
    return [_apart(simulated, k, shapes, scene.optics.weight(rival)) for k in near]


def _apart(simulated: Simulated, k: int, shapes: Sequence[Template], charge: float) -> float:
    scene = simulated.scene
    own, number = scene.templates[k], simulated.truth[k].ions_expected
    weight = scene.optics.weight(simulated.truth[k].ion)
    if not shapes or not own.at.size:
        return float("inf")
    low = min(own.at[0], *(t.at[0] for t in shapes))
    high = max(own.at[-1], *(t.at[-1] for t in shapes)) + 1
    mine = weight * number * _dense(own, low, high)
    rest = scene.signal[low:high] - mine
    counting = scene.counting[low:high] - weight * np.abs(mine)
    nothing = np.zeros_like(mine)
    if _distance(simulated, low, rest, counting, nothing, charge, 0.0) < NATS:
        return float("inf")
    found = [
        _distance(simulated, low, rest, counting, _dense(t, low, high), charge, number)
        for t in shapes
    ]
    return _lowest(np.array(found))


def _dense(template: Template, low: int, high: int) -> Values:
    values = np.zeros(high - low, template.values.dtype)
    values[template.at - low] = template.values
    return values


def _distance(
    simulated: Simulated, low: int, rest: Values, counting: Floats, shape: Values, weight: float,
    number: float,
) -> float:  # fmt: skip
    """Half the weighted squared difference of mean intensities, the rival's number at its best."""
    scene, window = simulated.scene, slice(low, low + rest.size)
    mean, variance = scene.response[0][window], scene.response[2][window]
    floor, n, best = scene.detector.floor(scene.lattice.mz)[window], number, np.inf
    for _ in range(ROUNDS):
        signal = rest + weight * n * shape
        lent = np.maximum(counting + weight**2 * n * np.abs(shape), 0.0)
        m, slope, v = scene.detector.response(np.abs(signal), lent)
        off = mean - m - floor
        v = np.maximum(0.5 * (v + variance), TINY)
        best = min(best, float(0.5 * (off**2 / v).sum()))
        change = slope * (direction(signal).conj() * weight * shape).real
        n = max(n + float((off * change / v).sum() / max((change**2 / v).sum(), 1e-300)), 0.0)
    return best


def _lowest(values: NDArray[np.float64]) -> float:
    """Least of values at equal steps, between the steps by a parabola."""
    k = int(np.argmin(values))
    if not 0 < k < values.size - 1:
        return float(values[k])
    left, middle, right = values[k - 1 : k + 2]
    bend = left - 2 * middle + right
    return float(middle - (right - left) ** 2 / (8 * bend)) if bend > 0 else float(middle)
