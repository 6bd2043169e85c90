"""Mixtures of known composition taken apart: coverage, alarms, detection, ranges.

    python -m validation.uvvis_unmixing [--number 400] [--first-seed 1]

Simulated spectra (`tests/recovery/uvvis_mixtures.py`): 2 to 4 components of 3 to 6 bands on a rise
towards the blue, noise of 3e-4 to 1e-2 of the largest absorbance, uneven in half of them, an
offset, references with half as much noise. One in five has a baseline that no term of the fit
describes, of 0.3 times the noise. What is told of fractions is where their 95 % intervals lie.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tests.recovery.uvvis_mixtures import Mixture, kinetics, measured, mixture, spectrum_of

from alloyscope.uvvis.hard import Populations, species_spectra
from alloyscope.uvvis.unmix import unmix
from alloyscope.uvvis.unmixing import Unmixing

HEIGHTS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
"""Of an unknown component, in units of the noise of one point."""


@dataclass(frozen=True)
class Outcome:
    """Of one case: shares of fractions inside, widths, and what was said."""

    inside: float
    width: float
    off: float
    alarm: bool


def plain(seed: int, **changes: object) -> Mixture:
    """A single mixture, every fifth on a baseline of no simple form."""
    drift = 0.3 if seed % 5 == 0 else 0.0
    return mixture(seed, drift=drift, **changes)  # type: ignore[arg-type]


def outcome(seen: Mixture, found: Unmixing) -> Outcome:
    """Whether the intervals hold the truth."""
    low, high = found.fraction_interval
    inside = (low <= seen.fraction) & (seen.fraction <= high)
    off = np.abs(found.fraction - seen.fraction).mean()
    return Outcome(float(inside.mean()), float((high - low).mean()), float(off),
                   found.goodness.something_else)  # fmt: skip


def judged(cases: Iterator[Mixture]) -> list[Outcome]:
    """All cases, all references known."""
    return [outcome(seen, unmix(seen.series, seen.references)) for seen in cases]


def line(name: str, found: Sequence[Outcome]) -> str:
    """A row of the table."""
    alarms = sum(one.alarm for one in found)
    return (f"| {name} | {len(found)} | {100 * np.mean([one.inside for one in found]):.1f} % "
            f"| {np.mean([one.width for one in found]):.4f} "
            f"| {np.mean([one.off for one in found]):.4f} | {alarms} "
            f"| {100 * alarms / len(found):.1f} % |")  # fmt: skip


def with_unknown(seed: int) -> tuple[float, float, float, bool]:
    """A series with one component that is no reference: shares of truths in the ranges told.

    Amounts of the references, and the unknown spectrum over its height less its least value,
    which an offset cannot be told from.
    """
    seen = mixture(seed, n=3, n_spectra=20, relative=3e-3, uneven=False)
    found = unmix(seen.series, seen.references[:2], unknown=1, seed=seed)
    whole = unmix(seen.series, seen.references)
    low, high = found.interval
    truth, slack = whole.amounts[:, :2], 2 * whole.sd[:, :2]
    amounts = ((low[:, :2] - slack <= truth) & (truth <= high[:, :2] + slack)).mean()
    bands = found.feasible
    assert bands is not None
    height = found.component_spectra[:2].max(axis=1).mean()
    pure = seen.spectra[2] - seen.spectra[2].min()
    pure = pure * height / pure.max()
    slack_nm = 0.02 * height
    inside = (bands.spectra_low[2] - slack_nm <= pure) & (pure <= bands.spectra_high[2] + slack_nm)
    width = (bands.spectra_high[2] - bands.spectra_low[2]).mean() / height
    return float(amounts), float(inside.mean()), float(width), found.goodness.something_else


def known_populations(seed: int, error: float) -> tuple[float, bool]:
    """Share of a species' spectrum within 1.96 sd, from populations with an error."""
    rng = np.random.default_rng(seed)
    seen = mixture(seed, n=3, n_spectra=25, uneven=False)
    wavelength = seen.series.wavelength_nm[::2]
    pure = np.array([spectrum_of(rng, wavelength) for _ in range(3)])
    amount = kinetics(rng, 25, 3)
    noise = np.full(wavelength.size, 0.003)
    series = type(seen.series)(wavelength, measured(rng, amount @ pure, noise, uneven=False),
                               seen.series.names, seen.series.time_min)  # fmt: skip
    given = amount + error * rng.normal(size=amount.shape)
    known = Populations(("A", "B", "C"), seen.series.time_min, given,
                        np.full(given.shape, error**2), np.zeros((*given.shape, 0)))  # fmt: skip
    found = species_spectra(series, known)
    inside = np.abs(found.absorptivity - pure) <= 1.96 * found.sd
    return float(inside.mean()), found.goodness.something_else


def main() -> None:
    parser = argparse.ArgumentParser(description="Recovery of simulated mixtures")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=400, help="of mixtures")
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.number)
    few = seeds[: max(given.number // 4, 1)]
    print("All components are references\n")
    print("| mixtures | cases | fractions in their 95 % interval | mean width | mean error "
          "| alarms | rate |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    print(line("noise, offset, 1 in 5 with a drift of 0.3", judged(map(plain, seeds))), flush=True)
    kinds: tuple[tuple[str, dict[str, object]], ...] = (
        ("even noise, offset", {"uneven": False}), ("uneven noise, offset", {"uneven": True}),
        ("noise smoothed over 4 nm", {"smoothed_nm": 4.0}),
        ("drift of 0.5", {"drift": 0.5}), ("drift of 2", {"drift": 2.0}),
    )  # fmt: skip
    for name, changes in kinds:
        cases = (mixture(seed, **changes) for seed in seeds)  # type: ignore[arg-type]
        print(line(name, judged(cases)), flush=True)
    series = (mixture(seed, n_spectra=12) for seed in few)
    print(line("series of 12", judged(series)), flush=True)
    print("\nA component that is no reference, height in units of noise\n")
    for height in HEIGHTS:
        cases = (mixture(seed, foreign=height) for seed in few)
        print(line(f"{height:g}", judged(cases)), flush=True)
    for height in HEIGHTS[:3]:
        cases = (mixture(seed, foreign=height, n_spectra=12) for seed in few)
        print(line(f"{height:g}, series of 12", judged(cases)), flush=True)
    unknown = np.array([with_unknown(seed) for seed in few[:40]], np.float64)
    print(f"\nTwo references and one unknown, series of 20, {len(unknown)} cases: amounts of the "
          f"references in their ranges {100 * unknown[:, 0].mean():.1f} %, the unknown spectrum "
          f"in its band {100 * unknown[:, 1].mean():.1f} % (to 2 % of its height), mean width of "
          f"the band {unknown[:, 2].mean():.3f} of the height, alarms {unknown[:, 3].sum():.0f}",
          flush=True)  # fmt: skip
    for error in (0.0, 0.01, 0.03):
        hard = np.array([known_populations(seed, error) for seed in few[:60]], np.float64)
        print(f"Known populations with an error of {error:g}, {len(hard)} cases: spectra "
              f"within 1.96 sd {100 * hard[:, 0].mean():.1f} %, "
              f"alarms {hard[:, 1].sum():.0f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
