"""Envelopes over the 16 measured panels of Au25-xAgx(MHA)18, beside a brute-force fit.

For each panel: R2 with free scale and shift by `alloyscope.overlay`, and by a search over a fine
grid of shifts and widths written here without it; then both for one H less and one H more.
The panels are measured data of others and are not part of the project.

    python validation/real_envelopes.py FOLDER       the folder that holds panels.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from alloyscope.assignment import overlay
from alloyscope.chemistry import Formula, parse_ion
from alloyscope.chemistry.species import FormulaIon
from alloyscope.isotopes import distribution
from alloyscope.spectra import ProfileSpectrum, read_mass_spectrum

POWERS = np.geomspace(8000, 24000, 60)


def brute_force(spectrum: ProfileSpectrum, formula: Formula, charge: int) -> float:
    """Largest R2 over shifts below half a spacing (0.5 ppm apart) and 60 resolving powers."""
    peaks = distribution(formula, prune=1e-7)
    mz, x, y = peaks.mz(charge), spectrum.mz, spectrum.intensity
    middle = float(np.average(mz, weights=peaks.probability))
    limit = min(100e-6 * middle, 0.49 / abs(charge))
    total = ((y - y.mean()) ** 2).sum()
    best = -np.inf
    for power in POWERS:
        sd = mz / power / (2 * np.sqrt(2 * np.log(2)))
        for shift in np.arange(-limit, limit, 0.5e-6 * middle):
            t = (x[:, None] - shift - mz) / sd
            model = (peaks.probability / sd * np.exp(-0.5 * t**2)).sum(axis=1)
            scale = max(y @ model / (model @ model), 0.0)
            best = max(best, 1 - ((y - scale * model) ** 2).sum() / total)
    return float(best)


def panels(folder: Path) -> list[dict[str, str]]:
    with (folder / "panels.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(folder: Path) -> None:
    print("panel        ion                            R2    brute   -1 H   +1 H   ppm     R")
    reached = []
    for row in panels(folder):
        ion = parse_ion(row["printed_label"])
        spectrum = read_mass_spectrum(folder / row["file"])
        assert isinstance(spectrum, ProfileSpectrum)
        lay = overlay(spectrum, ion)
        beside = [
            overlay(spectrum, FormulaIon(Formula.of({**ion.formula, "H": ion.formula["H"] + h}),
                                         ion.charge)).shifted.r2
            for h in (-1, 1)
        ]  # fmt: skip
        brute = brute_force(spectrum, ion.formula, ion.charge)
        reached.append((lay.shifted.r2, brute, *beside))
        likeness = f"{lay.shifted.r2:.3f} {brute:.3f}  {beside[0]:.3f}  {beside[1]:.3f}"
        fitted = f"{lay.error_ppm:+5.1f}  {lay.envelope.resolving_power:.0f}"
        print(f"{row['file']:12} {ion!s:30} {likeness}  {fitted}")
    table = np.array(reached)
    print(f"median R2 {np.median(table[:, 0]):.3f}, largest difference to brute force "
          f"{np.abs(table[:, 0] - table[:, 1]).max():.4f}; one H less or more is better in "
          f"{int((table[:, 2:].max(axis=1) > table[:, 0]).sum())} of {len(table)}")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
