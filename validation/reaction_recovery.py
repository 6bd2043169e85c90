"""Whether fitted parameters of a reaction are as well known as the fit says.

    python -m validation.reaction_recovery                    20 replicates of au44-ag44, seed 1
    python -m validation.reaction_recovery --number 40 --resume found.jsonl

Each replicate draws true parameters from the prior (the bundled values, with SPREAD of the prior's
sd), simulates a series of feed ratios and two time courses, adds noise to the shares of all
compositions, and fits every free parameter from the prior's centre, and from elsewhere where that
does not fit. Counted is how often the truth lies in the 95 % interval, parameters that the data do
not determine included: their interval is the prior's, and must hold as well. With --resume every
replicate is appended to the file as it comes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.reaction.fit import Start, covariance_at, descend, spread_of, starting_points
from alloyscope.reaction.measured import SpeciationObservation, observation_of_amounts
from alloyscope.reaction.objective import Objective, seen_of
from alloyscope.reaction.observation import needed
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.simulate import Simulator

Floats = NDArray[np.float64]
POINTS = (
    *((ratio, 1200.0) for ratio in (0.1, 1 / 3, 1.0, 3.0, 8.0)),
    (1 / 3, 30.0), (3.0, 10.0), (3.0, 60.0), (3.0, 180.0),
)  # fmt: skip
"""Ratio and minutes of each measured speciation."""

SPREAD = 0.15
"""Of the truths, in sd of the priors."""

MOST_STARTS = 4
"""A fit whose squares are too many is begun again from elsewhere, as anyone would."""

NOISE, FLOOR = 0.03, 0.002
"""sd of a share s: sqrt(s) NOISE of counting, FLOOR of everything else."""

RTOL = 1e-6
"""Of the simulations: their error, summed over hundreds of shares, must stay below the noise."""

ROUGH = 0.03
"""sd added to every share at first, so that no sharp detail leads astray from afar."""

LEAST = 1e-3
"""Share that a composition must have somewhere to be measured."""

Z95 = 1.959964


@dataclass(frozen=True)
class Replicate:
    """One simulated study.

    off : by parameter, (estimate - truth) / sd
    sd  : by parameter, posterior over prior sd
    """

    seed: int
    off: dict[str, float]
    sd: dict[str, float]

    @property
    def covered(self) -> int:
        """Parameters whose truth lies in the 95 % interval."""
        return sum(abs(z) <= Z95 for z in self.off.values())


def narrowed(reaction: Reaction, spread: float) -> Reaction:
    """The reaction with priors about its own values, of `spread` of their sd, and no yields."""
    sd = spread * np.minimum(spread_of(Objective(reaction)), 3.0)
    own = {p.name: float(s) for p, s in zip(reaction.free, sd, strict=True)}
    return replace(reaction, yields=(), parameters=tuple(
        replace(p, prior=p.value, sd=own[p.name]) if p.free else p for p in reaction.parameters
    ))  # fmt: skip


def measured(reaction: Reaction, rng: np.random.Generator) -> SpeciationObservation:
    """Shares of all compositions at every point, with noise, as a spectrum would give them."""
    seen = seen_of(Simulator.of(reaction), needed(POINTS)).shown
    shares, states = [], []
    for framework in reaction.frameworks:
        counts = seen[POINTS[0]].counts[framework.name]
        states += [(framework.label, tuple(row)) for row in counts.tolist()]
    for point in POINTS:
        held = np.concatenate([seen[point].populations[f.name] for f in reaction.frameworks])
        shares.append(held / held.sum())
    share = np.array(shares)
    kept = np.flatnonzero(share.max(axis=0) >= LEAST)
    share = share[:, kept]
    sd = np.sqrt(NOISE**2 * share + FLOOR**2)
    noisy = share + sd * rng.standard_normal(share.shape)
    kept_states = [states[k] for k in kept]
    found = observation_of_amounts(
        "simulated", POINTS, kept_states, [str(s) for s in kept_states], noisy,
        np.diag(sd.ravel() ** 2), reaction, model_sd=1e-6,
    )  # fmt: skip
    # Shares are of all clusters, which these nearly are; their sum is not used to rescale them.
    return replace(found, share=noisy, covariance=np.diag(sd.ravel() ** 2))


def replicate(reaction: Reaction, seed: int) -> Replicate:
    """Draw, simulate, fit, compare."""
    rng = np.random.default_rng(seed)
    prior = Objective(reaction)
    low, high = prior.bounds
    truth = prior.start + spread_of(prior) * rng.standard_normal(prior.start.size)
    truth = np.clip(truth, low, high)
    data = measured(prior.reaction_at(truth), rng)
    objective = Objective(reaction, speciations=(data,), rtol=RTOL)
    found = fitted(objective, seed)
    sd = np.sqrt(np.diag(covariance_at(objective, found.coordinates)))
    names = [p.name for p in objective.free]
    off = (found.coordinates - truth) / sd
    return Replicate(
        seed, dict(zip(names, off.tolist(), strict=True)),
        dict(zip(names, (sd / spread_of(objective)).tolist(), strict=True)),
    )  # fmt: skip


def fitted(objective: Objective, seed: int) -> Start:
    """The best of few starts, no more than it takes to fit the data within their noise.

    Each is led near by rougher data first.
    """
    data = tuple(replace(one, model_sd=ROUGH) for one in objective.speciations)
    rough = replace(objective, speciations=data, rtol=1e-4)
    n = sum(one.share.size for one in objective.speciations)
    enough = n / 2 + 3 * np.sqrt(n / 2)
    points = starting_points(objective, MOST_STARTS, seed, 0.5)
    tried: list[Start] = []
    while len(tried) < MOST_STARTS and not any(one.loss < enough for one in tried):
        near = descend(rough, points[len(tried)])
        tried.append(descend(objective, near.coordinates))
    return min(tried, key=lambda one: one.loss)


def summary(found: list[Replicate]) -> str:
    """Coverage in all and by parameter."""
    many = sum(len(one.off) for one in found)
    covered = sum(one.covered for one in found)
    lines = [f"{covered} of {many} truths in their 95 % interval: {covered / many:.1%}"]
    for name in found[0].off:
        inside = sum(abs(one.off[name]) <= Z95 for one in found)
        share = np.median([one.sd[name] for one in found])
        lines.append(f"  {name:12s} {inside:3d} of {len(found)}, posterior {share:.2f} of prior sd")
    return "\n".join(lines)


def main() -> None:
    """Run the replicates that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--case", default="au44-ag44")
    parser.add_argument("--number", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--resume", type=Path)
    asked = parser.parse_args()
    case = read_case(Path(asked.case))
    reaction = narrowed(reaction_of(case, vocabulary_of(case)), SPREAD)
    found: dict[int, Replicate] = {}
    if asked.resume and asked.resume.exists():
        for line in asked.resume.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found[entry["seed"]] = Replicate(**entry)
    for seed in range(asked.first_seed, asked.first_seed + asked.number):
        if seed in found:
            continue
        found[seed] = replicate(reaction, seed)
        print(f"seed {seed}: {found[seed].covered} of {len(found[seed].off)}", flush=True)
        if asked.resume:
            with asked.resume.open("a", encoding="utf-8") as file:
                file.write(json.dumps(vars(found[seed])) + "\n")
    print(summary([found[seed] for seed in sorted(found)]))


if __name__ == "__main__":
    main()
