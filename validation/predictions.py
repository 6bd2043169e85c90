"""What the bundled case predicts of three reactions in sequence, for docs/predictions.md.

    python -m validation.predictions            writes the page's tables anew
    python -m validation.predictions --print    prints them

Everything between the page's markers comes from here. The parameters are those of the bundled case
`au44-ag44`; run this again whenever they change.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope import Experiment, Reaction, Trajectory, reaction_of, read_case
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.reaction.experiment import parse_addition, parse_ratio, ratio_text, time_text
from alloyscope.reaction.explicit import ExplicitReactions, explicit_reactions
from alloyscope.reaction.kinetics.elementary import ElementaryArrays, fill_rates
from alloyscope.reaction.posterior import drawn_values
from alloyscope.reaction.simulate import Simulator
from alloyscope.reaction.simulated import fed_contents, mean_and_sd

Floats = NDArray[np.float64]
PAGE = Path(__file__).resolve().parents[1] / "docs" / "predictions.md"
CASE = "au44-ag44"
ADDED = 1200.0
AFTER = (2.0, 30.0, 180.0, 1200.0)
DRAWS, SEED = 100, 1
LEAST_SHARE = 1e-3
BEGIN, END = "<!-- made by validation/predictions.py: {} -->\n", "<!-- end -->"


@dataclass(frozen=True)
class Sequence:
    """A reaction, and what is added to it."""

    name: str
    ratio: str
    add: str

    @property
    def command(self) -> str:
        times = ",".join(
            time_text(t).replace(" ", "") for t in (ADDED, *(ADDED + t for t in AFTER))
        )
        return (f'alloyscope simulate --case {CASE} --ratio {self.ratio} --add "{self.add}" '
                f"--times {times}")  # fmt: skip

    def experiment(self, reaction: Reaction) -> Experiment:
        return Experiment(parse_ratio(self.ratio, reaction), (parse_addition(self.add, reaction),))

    def at_once(self, reaction: Reaction) -> Experiment:
        """All that is fed in the end, mixed at the start."""
        late = self.experiment(reaction)
        fed = list(late.ratio)
        for addition in late.additions:
            names = [parent.name for parent in reaction.parents]
            fed[names.index(str(addition.what))] += addition.amount
        return Experiment(tuple(fed))


SEQUENCES = (
    Sequence("product-and-c", "3:1", "2 Au44 @ 20h"),
    Sequence("product-and-a", "3:1", "2 Ag44 @ 20h"),
    Sequence("alloy-and-c", "1:4", "5 Au44 @ 20h"),
)


def declared() -> Reaction:
    case = read_case(Path(CASE))
    return reaction_of(case, vocabulary_of(case))


def blocks(reaction: Reaction) -> dict[str, str]:
    """Text of each block of the page, by its name."""
    found, steps = {"parameters": parameter_table(reaction)}, steps_of(reaction)
    for one in SEQUENCES:
        found[one.name] = "\n\n".join(
            [f"    {one.command}", sample_table(reaction, one), *account(reaction, one, steps)]
        )
    return found


def steps_of(reaction: Reaction) -> dict[str, ElementaryArrays]:
    """The elementary reactions of every step."""
    found = explicit_reactions(reaction)
    return {family: ExplicitReactions(reaction, found.layout, {family: members}).arrays
            for family, members in found.families.items() if members}  # fmt: skip


def parameter_table(reaction: Reaction) -> str:
    source = (
        "the posterior of their fit to direct reactions" if reaction.posterior
        else "the priors' spread about them, since no fit's posterior comes with the case"
    )  # fmt: skip
    values = ", ".join(f"{p.name} {p.value:.4g}" for p in reaction.parameters)
    ranges_are = f"Ranges are the 5th to 95th percentile of {DRAWS} draws from {source}"
    return f"{textwrap.fill(values, 100)}\n\n{textwrap.fill(ranges_are, 100)}; seed {SEED}."


def sample_table(reaction: Reaction, one: Sequence) -> str:
    names = list(reaction.by_name)
    head = ["", *(f"{name} %" for name in names), *(f"mean x of {name}" for name in names)]
    head += ["clusters left %", *(f"{metal} in complexes %" for metal in reaction.metals)]
    times = [ADDED, *(ADDED + t for t in AFTER)]
    run = Simulator.of(reaction).run(one.experiment(reaction), times)
    labels = ["20 h, before", *(f"+ {time_text(t)}" for t in AFTER)]
    rows = [[label, *cells(values(run, k))] for k, label in enumerate(labels)]
    rows.append(["range of the last", *ranges(reaction, one, times)])
    whole = one.at_once(reaction)
    direct = Simulator.of(reaction).run(whole, [times[-1]])
    rows.append([f"{ratio_text(whole.ratio)} at once, 40 h", *cells(values(direct, 0))])
    return markdown(head, rows)


def values(run: Trajectory, k: int) -> Floats:
    """Shares of the frameworks, mean x (nan where there is none), clusters left, complexes."""
    names, reaction = list(run.reaction.by_name), run.reaction
    share = [float(run.share(name)[k]) for name in names]
    mean = [float(mean_and_sd(run, name)[0][k]) if s >= LEAST_SHARE else np.nan
            for name, s in zip(names, share, strict=True)]  # fmt: skip
    held = run.invariants[k][: len(reaction.metals)]
    pools = [max(float(run.pool(metal)[k]), 0.0) for metal in reaction.metals]
    return np.array([*(100 * s for s in share), *mean, 100 * float(run.yield_of_clusters[k]),
                     *(100 * pool / n for pool, n in zip(pools, held, strict=True))])  # fmt: skip


def cells(numbers: Floats) -> list[str]:
    return ["" if np.isnan(n) else f"{n:.1f}" for n in numbers]


def ranges(reaction: Reaction, one: Sequence, times: list[float]) -> list[str]:
    """5th to 95th percentile over draws of what there is at the last time."""
    drawn = []
    for drawn_at in drawn_values(reaction, DRAWS, SEED):
        changed = reaction.with_values(drawn_at)
        run = Simulator.of(changed).run(one.experiment(changed), times[-1:])
        drawn.append(values(run, 0))
    found = []
    for column in np.array(drawn).T:
        there = column[~np.isnan(column)]
        low, high = np.percentile(there, (5, 95)) if there.size else (np.nan, np.nan)
        found.append("" if np.isnan(low) else f"{low:.0f} to {high:.0f}")
    return found


def account(reaction: Reaction, one: Sequence, steps: dict[str, ElementaryArrays]) -> Iterator[str]:
    """Which steps change what after the addition, in a table and in words; then the balance."""
    dense = ADDED + np.geomspace(1e-3, AFTER[-1], 300)
    run = Simulator.of(reaction).run(one.experiment(reaction), dense)
    names = list(reaction.by_name)
    by_step = changes_by_step(run, steps)
    rows = [[f"`{step}`", *(f"{n:+.3f}" if abs(n) >= 5e-4 else "0" for n in change)]
            for step, change in by_step.items() if np.abs(change).max() >= 5e-4]  # fmt: skip
    head = ["from + 0 to + 20 h, by", *names, *(f"Au in {name}" for name in names)]
    yield markdown(head, rows)
    yield " ".join(sentence(name, k, by_step) for k, name in enumerate(names))
    off = float(np.abs(run.invariants - fed_contents(run)).max())
    bound = 10.0 ** np.ceil(np.log10(max(off, 1e-16)))
    yield ("Metals, ligands and electrons held differ from those fed by less than "
           f"{bound:.0e} per metal atom.")  # fmt: skip


def changes_by_step(run: Trajectory, steps: dict[str, ElementaryArrays]) -> dict[str, Floats]:
    """By step, (2 n_frameworks,) change per cluster fed of each framework and of the Au it holds.

    Raises RuntimeError where they do not add up to what the simulation changed.
    """
    frameworks = run.layout.slices
    weights = np.zeros((run.amounts.shape[1], 2 * len(frameworks)))
    for k, (name, own) in enumerate(frameworks.items()):
        weights[own, k] = 1.0
        weights[own, k + len(frameworks)] = run.layout.counts[name][:, 0]
    by_step, rates = {}, np.zeros(run.amounts.shape)
    for step, arrays in steps.items():
        for y, rate in zip(np.maximum(run.amounts, 0.0), rates, strict=True):
            fill_rates(y, arrays, rate)
        by_step[step] = np.trapezoid(rates @ weights, run.times, axis=0) / run.fed[-1]
    whole = (run.amounts[-1] - run.amounts[0]) @ weights / run.fed[-1]
    off = np.abs(np.sum(list(by_step.values()), axis=0) - whole)
    if off.max() > 0.02 * max(np.abs(whole).max(), 0.1):
        raise RuntimeError(f"changes by step and in all differ by {off.max():.3g}")
    return by_step


def sentence(name: str, k: int, by_step: dict[str, Floats]) -> str:
    """What happens to a framework, and by which steps."""
    changes = {step: float(change[k]) for step, change in by_step.items()}
    whole = sum(changes.values())
    if abs(whole) < 5e-3 and max(map(abs, changes.values())) < 5e-3:
        return f"{name} stays as it is."
    main = sorted(changes, key=lambda step: -abs(changes[step]))
    said = " and ".join(f"{changes[step]:+.2f} by `{step}`" for step in main[:2]
                        if abs(changes[step]) >= 0.1 * abs(changes[main[0]]))  # fmt: skip
    return f"{name} changes by {whole:+.2f} per cluster fed: {said}."


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def written(page: str, texts: dict[str, str]) -> str:
    """The page with each block's text put between its markers."""
    for name, text in texts.items():
        before, marker, rest = page.partition(BEGIN.format(name))
        if not marker or END not in rest:
            raise SystemExit(f"{PAGE.name} has no block {name}")
        page = f"{before}{marker}\n{text}\n\n{END}{rest.partition(END)[2]}"
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--print", action="store_true", dest="shown")
    texts = blocks(declared())
    if parser.parse_args().shown:
        print("\n\n".join(texts.values()))
    else:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), texts), encoding="utf-8")


if __name__ == "__main__":
    main()
