"""How well `assign` recovers what is true of simulated spectra that nobody tuned on.

    python -m validation.recovery                      seeds 1 to 240
    python -m validation.recovery --first-seed 5000 --number 20 --resume found.jsonl

Each seed is one spectrum of `tests/recovery`, of another mixture, instrument and noise each time.
It is assigned as an analyst would: with the bundled case of its system, ligands and polarity
stated, and the instrument's data sheet, which may be wrong. With --resume every result is appended
to the file as it comes, and seeds that stand there are not done again; results of other sources
than the present ones are refused. Times are those of a warm `assign()`, all kernels compiled.

Printed is what `tests/recovery/scorer.py` measures, and whether q-values are true: of the calls at
or below each q at most that share may be false.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.recovery.analyst import assigned, calls
from tests.recovery.scorer import Score, binomial_interval, identity, score, summary
from tests.recovery.simulator import Simulated, simulate

import alloyscope
from alloyscope import Assignment

WARM_SEED = 4025
"""A small spectrum that is assigned first, so that no kernel is compiled while the clock runs."""

WRONG = 8.0
"""ppm from which a calibration is another one."""

BINS = (0.0, 1e-4, 1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05)
COUNTS = ("seed", "decoy", "n_true", "n_called", "recall", "recall_weighted", "precision",
          "precision_weighted", "total_variation", "n_with_sd", "within_1sd", "within_2sd",
          "exact")  # fmt: skip


@dataclass(frozen=True)
class Result:
    """One spectrum.

    score   : what the scorer says; its `false` and `missed` are lists of names here
    calls   : (score in nats, q-value, right) of each ion called
    off_ppm : m/z scale as found less the true one, where the signal's middle is
    seconds : wall time of `assign`; cpu: of the process
    """

    seed: int
    kind: str
    instrument: str
    n_points: int
    score: Score
    false: tuple[str, ...]
    missed: tuple[str, ...]
    calls: tuple[tuple[float, float, bool], ...]
    off_ppm: float
    seconds: float
    cpu: float


def sources() -> str:
    """What tells results of one state of alloyscope and the simulator from those of another."""
    found = hashlib.sha256()
    folders = (Path(alloyscope.__file__).parent, Path(__file__).parents[1] / "tests/recovery")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml", ".csv") and not path.name.startswith("test_"):
                found.update(path.read_bytes())
    return found.hexdigest()[:12]


def measured(simulated: Simulated) -> Result:
    """Assign one spectrum, and compare with its truth."""
    cpu, start = time.process_time(), time.perf_counter()
    found = assigned(simulated)
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - start
    scored = score(simulated, calls(found))
    wrong = {identity(c.ion) for c in scored.false}
    return Result(
        simulated.seed, simulated.kind, simulated.hints.instrument, simulated.spectrum.mz.size,
        scored, tuple(str(c.ion) for c in scored.false),
        tuple(str(t.ion) for t in scored.missed),
        tuple((c.score, c.q_value, identity(c.ion) not in wrong) for c in found.called),
        calibration_error(simulated, found), seconds, cpu,
    )  # fmt: skip


def calibration_error(simulated: Simulated, found: Assignment) -> float:
    """ppm by which the m/z scale is off at the instrument's reference m/z; 0 without a call."""
    optics, seen = simulated.scene.optics, found.instrument
    if not found.called:
        return 0.0
    true = float(optics.shown(np.array(seen.reference)) / seen.reference - 1) * 1e6
    return float(seen.theta[0]) - true


def as_json(result: Result, made_by: str) -> str:
    """The result on one line."""
    scored = {name: getattr(result.score, name) for name in COUNTS}
    return json.dumps(
        {"sources": made_by, **vars(result), "score": scored}, default=np.generic.item
    )


def from_json(entry: dict[str, Any]) -> Result:
    """The result of one line."""
    del entry["sources"]
    n_false, n_missed = len(entry["false"]), len(entry["missed"])
    # Which calls were false is told by name; the scorer's summary only counts them.
    scored = Score(**entry.pop("score"), false=(None,) * n_false, missed=(None,) * n_missed)
    return Result(score=scored, **{k: tuple(map(_flat, v)) if isinstance(v, list) else v
                                   for k, v in entry.items()})  # fmt: skip


def _flat(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def earlier(file: Path | None, made_by: str) -> list[Result]:
    """Results that stand in a file. Exits where they are of other sources."""
    if file is None or not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            sys.exit(f"{file} line {number}: not a result, perhaps cut off; remove the line.")
        if entry["sources"] != made_by:
            sys.exit(f"{file} line {number}: of sources {entry['sources']}, not of the present "
                     f"{made_by}; name another file.")  # fmt: skip
        found.append(from_json(entry))
    return found


def results(seeds: Sequence[int], file: Path | None) -> Iterator[Result]:
    """Results of the seeds, those in the file first."""
    made_by = sources()
    held = {one.seed: one for one in earlier(file, made_by)}
    yield from (held[seed] for seed in seeds if seed in held)
    left = [seed for seed in seeds if seed not in held]
    if left:
        assigned(simulate(WARM_SEED))
    for seed in left:
        result = measured(simulate(seed))
        if file is not None:
            with file.open("a", encoding="utf-8") as out:
                out.write(as_json(result, made_by) + "\n")
        yield result


def line(one: Result) -> str:
    """One spectrum on one line."""
    s = one.score
    found = (f"false {len(s.false)} of {s.n_called}, missed {len(s.missed)} of {s.n_true}, "
             f"tv {s.total_variation:.3f}, in 2 sd {s.within_2sd}/{s.n_with_sd}")  # fmt: skip
    return (f"{one.seed:6} {one.kind:9} {one.instrument:3} {one.n_points:6} points  {found:64} "
            f"{one.off_ppm:+6.1f} ppm {one.seconds:5.1f} s")  # fmt: skip


def reliability(found: Iterable[Result]) -> list[str]:
    """Calls by q-value: how many, how many false, and of all up to there the share that is."""
    every = np.array([(q, right) for one in found for _, q, right in one.calls]).reshape(-1, 2)
    rows = ["| q-value | calls | false | all up to here | false | share | 95 % interval |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    low = -1.0
    for high in BINS[1:]:
        own, upto = (every[:, 0] > low) & (every[:, 0] <= high), every[:, 0] <= high
        wrong, n, n_own = int((every[upto, 1] == 0).sum()), int(upto.sum()), int(own.sum())
        least, most = binomial_interval(wrong, n)
        share = f"{wrong / n:.4f}" if n else "-"
        rows.append(f"| {max(low, 0):g} - {high:g} | {n_own} | {int((every[own, 1] == 0).sum())} "
                    f"| {n} | {wrong} | {share} | {least:.4f} - {most:.4f} |")  # fmt: skip
        low = high
    return rows


def false_share(found: Sequence[Result], q: float) -> str:
    """Share of false calls among those at or below a q-value."""
    right = [fine for one in found for _, value, fine in one.calls if value <= q]
    wrong = len(right) - sum(right)
    low, high = binomial_interval(wrong, len(right))
    share = wrong / len(right) if right else 0.0
    return f"q <= {q:g}: {wrong} of {len(right)} false = {share:.4f} ({low:.4f} to {high:.4f})"


def lost(found: Sequence[Result]) -> str:
    """Spectra where nothing was called though ions are there, and where the scale is wrong."""
    silent = [str(one.seed) for one in found if one.score.n_true and not one.score.n_called]
    wrong = [str(one.seed) for one in found if not one.score.decoy and abs(one.off_ppm) > WRONG]
    return (f"nothing called in {len(silent)} spectra with detectable ions ({', '.join(silent)}), "
            f"m/z scale more than {WRONG:g} ppm wrong in {len(wrong)} ({', '.join(wrong)})"
            )  # fmt: skip


def worst(found: Iterable[Result], most: int = 8) -> list[str]:
    """The spectra with most calls that are false, and some of those."""
    wrong = sorted((one for one in found if one.false), key=lambda one: -len(one.false))
    return [f"seed {one.seed}: {len(one.false)} false, {', '.join(one.false[:4])}"
            for one in wrong[:most]]  # fmt: skip


def report(found: Sequence[Result]) -> str:
    """All figures."""
    spent, cpu = [one.seconds for one in found], [one.cpu for one in found]
    return "\n".join([
        str(summary([one.score for one in found])),
        f"sources {sources()}, seeds {found[0].seed} to {found[-1].seed}",
        f"warm assign(): median {np.median(spent):.2f} s, 90th percentile "
        f"{np.quantile(spent, 0.9):.2f} s, longest {max(spent):.1f} s "
        f"(CPU: {np.median(cpu):.2f}, {np.quantile(cpu, 0.9):.2f}, {max(cpu):.1f})",
        lost(found),
        *(false_share(found, q) for q in (0.01, 0.05)),
        "", *reliability(found), "", *worst(found),
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Recovery of simulated truth")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=240, help="of spectra")
    parser.add_argument("--resume", type=Path, metavar="FILE", help="results so far, JSON lines")
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.number)
    found = []
    for one in results(seeds, given.resume):
        found.append(one)
        print(f"{len(found):4}/{given.number} {line(one)}", flush=True)
    print()
    print(report(sorted(found, key=lambda one: one.seed)))


if __name__ == "__main__":
    main()
