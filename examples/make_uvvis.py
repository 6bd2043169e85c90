"""Make `uvvis-au44-ag44/`: a time course of absorption spectra of Au44 and Ag44, simulated.

Independent of alloyscope, so that the files can serve as a test with a known answer. Nothing in
them was measured: the positions of the bands are those stated for the clusters; their heights and
widths, the rise towards the ultraviolet, the rate and the noise are made up here.

Spectra: sums of Gaussians on the energy axis, as molar absorption coefficients.

Reaction: Au44 + 3 Ag44 -> 4 alloy, first order in each parent, from 2 uM Au44 and 6 uM Ag44 in a
cuvette of 1 cm, with k = 0.014 /(uM min); half is over after 12 minutes. "Alloy" stands for all
compositions together, with one spectrum. One reaction has one extent: noise apart, the matrix of
spectra has rank 2, although three spectra are mixed in it, and all curves cross wherever four times
the alloy's coefficient is the sum of its parents'.

Noise: normal, standard deviation 0.001 in absorbance, independent from point to point; in the
references as well. Those are the parents alone, at 6 uM.

    python examples/make_uvvis.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Band = tuple[float, float, float]

SEED = 4444
FOLDER = Path(__file__).parent / "uvvis-au44-ag44"
NM = np.arange(300.0, 1001.0)
EV_NM = 1239.841984
NOISE = 0.001
MINUTES = (0, 2, 5, 10, 20, 40, 80, 180, 480, 1200)
AU_UM, AG_UM, RATE = 2.0, 6.0, 0.014
REFERENCE_UM = 6.0

# Position in nm, full width at half maximum in eV, height in 1e4 per M and cm.
AG44: tuple[Band, ...] = (
    (420, 0.30, 9.0), (488, 0.24, 5.2), (540, 0.22, 5.8), (645, 0.20, 4.4), (840, 0.22, 1.7),
    (265, 1.60, 11.0),
)  # fmt: skip
AU44: tuple[Band, ...] = ((480, 0.40, 2.6), (575, 0.34, 2.0), (765, 0.30, 0.9), (230, 2.60, 16.0))
ALLOY: tuple[Band, ...] = (
    (390, 0.34, 8.0), (490, 0.32, 5.6), (546, 0.26, 2.4), (620, 0.26, 1.8), (728, 0.28, 1.3),
    (250, 1.80, 12.5),
)  # fmt: skip


def coefficient(bands: tuple[Band, ...]) -> Floats:
    """Molar absorption coefficient at each wavelength, per uM and cm."""
    energy = EV_NM / NM
    sd = 1 / (2 * np.sqrt(2 * np.log(2)))
    curves = [
        height * np.exp(-0.5 * ((energy - EV_NM / nm) / (width * sd)) ** 2)
        for nm, width, height in bands
    ]
    return np.sum(curves, axis=0) * 1e4 * 1e-6


def extent(minutes: Floats) -> Floats:
    """uM of Au44 that has reacted: d xi/dt = k (a - xi)(b - 3 xi), where b = 3 a."""
    return AU_UM * (1 - 1 / (1 + 3 * RATE * AU_UM * minutes))


def written(path: Path, told: str, names: list[str], spectra: Floats) -> None:
    """A CSV: what it is, a line of headings, and a column for each spectrum."""
    head = f"# Simulated by examples/make_uvvis.py; not measured.\n# {told}\n# Path length: 1 cm\n"
    rows = [
        ",".join([f"{nm:.0f}", *(f"{value:.4f}" for value in values)])
        for nm, values in zip(NM, spectra.T, strict=True)
    ]
    text = head + "\n".join([",".join(["Wavelength (nm)", *names]), *rows]) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    random = np.random.default_rng(SEED)
    au, ag, alloy = map(coefficient, (AU44, AG44, ALLOY))
    xi = extent(np.array(MINUTES, float))
    course = np.outer(AU_UM - xi, au) + np.outer(AG_UM - 3 * xi, ag) + np.outer(4 * xi, alloy)
    course += random.normal(0, NOISE, course.shape)
    told = f"Au44 {AU_UM:g} uM and Ag44 {AG_UM:g} uM react, one to three, to an alloy."
    written(FOLDER / "course.csv", told, [f"{minute} min" for minute in MINUTES], course)
    for name, spectrum in (("Au44", au), ("Ag44", ag)):
        values = REFERENCE_UM * spectrum + random.normal(0, NOISE, NM.size)
        told = f"{name} alone at {REFERENCE_UM:g} uM."
        written(FOLDER / "references" / f"{name}.csv", told, [name], values[None, :])


if __name__ == "__main__":
    main()
