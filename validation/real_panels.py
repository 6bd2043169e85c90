"""Which ions the measured panels of two papers show, ranked against whole search spaces.

    python validation/real_panels.py               data in ../shared/data/real
    python validation/real_panels.py --data DIR

au25-ag-mha: 16 panels with printed labels. The search space holds all Au(x)Ag(25-x)(MHA)18, 0 to 18
Na, charges 3- to 6-, and the core charge, so the number of H, up to two off. Three times: each
panel alone, panels of one charge together, and all together with one calibration. A label is a set
of metals, Na and charge; its odds are summed over the number of H.

au25-pmba-realtime: 29 curves of Au25(p-MBA)18 and what becomes of it with 4-nitrophenol. The search
space holds Au(n)(p-MBA)m of 24 to 29 metals with 8 electrons, what Au25(p-MBA)18 becomes by losing
[M(SR)2]- or [M2(SR)3]-, Au-SR complexes, Na, and C6H5NO3.

The error model and the odds are those of `alloyscope.assignment.windows`. The panels are measured
data of others and are not part of the project.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alloyscope import (
    Formula,
    Ion,
    IonListing,
    ProfileSpectrum,
    SearchSpace,
    parse_ion,
    read_mass_spectrum,
    search_space,
)
from alloyscope.assignment.windows import RankedWindow, rank_windows
from alloyscope.case import case_from
from alloyscope.case.vocabulary import vocabulary_of
from alloyscope.chemistry.species import FormulaIon
from alloyscope.errors import SpectrumError

DATA = Path(__file__).resolve().parents[2] / "shared/data/real"
ODDS = 20.0
LEGIBLE = 0.75
"""Share of a panel's variance from which its envelope counts as accounted for."""

Label = tuple[object, int, int]
MHA: dict[str, Any] = {
    "metals": ["Au", "Ag"], "ligands": ["SR"], "adducts": {"Na": 18}, "charges": [3, 6],
    "framework": [{"metals": 25, "ligands": 18, "charge": -1, "core_steps": [-2, 2],
                   "cations": 18}],
}  # fmt: skip
PMBA: dict[str, Any] = {
    "metals": ["Au"], "ligands": ["SR"], "adducts": {"Na": 6, "C6H5NO3": 3}, "charges": [1, 8],
    "framework": [{"metals": 25, "ligands": 18, "charge": -1, "fragments": 2}],
    "complexes": {"metals": 10},
    "neighbours": {"metals": [24, 29], "ligands": [16, 21], "electrons": [8]},
}  # fmt: skip
ORGANIC = {"nitrophenolate": ("C6H4NO3", -1), "its dimer with a proton": ("C12H9N2O6", -1)}


def space_of(thiolate: str, space: dict[str, Any]) -> SearchSpace | IonListing:
    case = case_from({"chemistry": {"thiolate": thiolate}, "space": space}, "real panels")
    return search_space(case, vocabulary_of(case), polarity="negative")


def panels(folder: Path) -> list[tuple[dict[str, str], ProfileSpectrum]]:
    """Rows of panels.csv, and what was measured. Exits where there is nothing."""
    if not (folder / "panels.csv").exists():
        sys.exit(f"{folder}: no measured panels; expected panels.csv and what it names. "
                 "They are not part of the project: name their place with --data.")  # fmt: skip
    with (folder / "panels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        spectrum = read_mass_spectrum(folder / row["file"])
        assert isinstance(spectrum, ProfileSpectrum)
        found.append((row, spectrum))
    return found


def label(ion: Ion) -> Label:
    """Metals, Na and charge."""
    return ion.species.metals, ion.delta("Na"), ion.charge


def verdict(printed: Ion, ranked: RankedWindow) -> tuple[bool, bool, str]:
    """Whether the printed label leads, whether it is first, and one line."""
    odds: dict[Label, float] = {}
    for member in ranked.members:
        assert isinstance(member.ion, Ion)
        odds[label(member.ion)] = odds.get(label(member.ion), 0.0) + member.odds
    own, best = odds.get(label(printed), 0.0), max(odds.values())
    beside = [m for m in ranked.members[:3] if m.ion != printed]
    said = ", ".join(f"{m.ion} {m.odds:.3f}" for m in beside if m.odds > 0.002)
    first, leads = own == best, own * ODDS >= best
    place = "first" if first else "leading" if leads else "behind"
    return leads, first, (
        f"{printed!s:28} {place:8} {own:6.3f}  {ranked.offset_ppm:+4.0f} ppm  "
        f"likeness {ranked.likeness:.2f}  {hydrogens(printed, ranked):14} {said}"
    )  # fmt: skip


def hydrogens(printed: Ion, ranked: RankedWindow) -> str:
    """Where the likeliest number of H under the printed label is another one: which, and odds."""
    same = [m for m in ranked.members if isinstance(m.ion, Ion) and label(m.ion) == label(printed)]
    if not same or same[0].ion == printed:
        return ""
    own = sum(m.odds for m in same if m.ion == printed)
    more = same[0].ion.formula.get("H", 0) - printed.formula.get("H", 0)
    return f"H {more:+d} by {same[0].odds / max(own, 1e-9):.0f}:1"


def labelled(folder: Path) -> None:
    """The panels of au25-ag-mha."""
    seen = panels(folder)
    space = space_of("MHA", MHA)
    printed = [parse_ion(row["printed_label"]) for row, _ in seen]
    spectra = [spectrum for _, spectrum in seen]
    charges = sorted({ion.charge for ion in printed})
    places = [
        rank_windows([window], IonListing((ion,)), shared=False)[0].offset_ppm
        for ion, window in zip(printed, spectra, strict=True)
    ]
    print("first the offset at which the printed ion fits; then its place in the ranking and its "
          "odds,\nthe offset of the most probable ion, and what else is probable")  # fmt: skip
    groups = {
        "each panel alone": [[k] for k in range(len(seen))],
        "one calibration for each charge": [
            [k for k, ion in enumerate(printed) if ion.charge == z] for z in charges
        ],
        "one calibration for all": [list(range(len(seen)))],
    }
    for name, parts in groups.items():
        ranked: dict[int, RankedWindow] = {}
        for part in parts:
            some = rank_windows([spectra[k] for k in part], space, shared=len(part) > 1)
            ranked |= dict(zip(part, some, strict=True))
        print(f"\n{folder.name}, {name}")
        found = [verdict(ion, ranked[k]) for k, ion in enumerate(printed)]
        for (row, _), (_, _, text), place in zip(seen, found, places, strict=True):
            print(f"  {row['file'][:8]} {place:+4.0f} ppm  {text}")
        leads, first = (sum(one[i] for one in found) for i in (0, 1))
        print(f"  printed label in the leading group in {leads}, first in {first} of {len(found)}")


def unlabelled(folder: Path) -> None:
    """The curves of au25-pmba-realtime."""
    seen = panels(folder)
    space = space_of("p-MBA", PMBA)
    ions = tuple(FormulaIon(Formula.parse(text), z) for text, z in ORGANIC.values())
    print(f"\n{folder.name}, each curve alone")
    assigned = 0
    for row, spectrum in seen:
        try:
            (ranked,) = rank_windows([spectrum], space, shared=False)
        except SpectrumError:
            print(f"  {row['file'][:10]} {outside(spectrum, IonListing(ions))}")
            continue
        fits = ranked.likeness >= LEGIBLE
        assigned += fits
        print(f"  {row['file'][:10]} {'' if fits else 'not legible: '}{told(row, ranked)}")
    print(f"  {assigned} of {len(seen)} curves are ions of the search space")


def outside(spectrum: ProfileSpectrum, organic: IonListing) -> str:
    """What a curve without any candidate shows."""
    try:
        (ranked,) = rank_windows([spectrum], organic, shared=False)
    except SpectrumError:
        return "no ion of the search space lies here"
    return (f"no ion of the search space lies here; {ranked.members[0].ion} accounts for "
            f"{ranked.likeness:.2f} of the curve at {ranked.offset_ppm:+.0f} ppm")  # fmt: skip


def told(row: dict[str, str], ranked: RankedWindow) -> str:
    """The leading group, and whether the ion checked by hand is in it."""
    leading = ranked.leading(ODDS)
    checked = ""
    if row["checked_ion"]:
        ion = (Formula.parse(row["checked_ion"]), int(row["checked_charge"]))
        place = [k for k, m in enumerate(ranked.members) if (m.ion.formula, m.ion.charge) == ion]
        checked = f"checked by hand: {place[0] + 1 if place else 'not'} in the list; "
    return (f"{checked}{ranked.offset_ppm:+.0f} ppm, likeness {ranked.likeness:.2f}; "
            + ", ".join(f"{m.ion} {m.odds:.3f}" for m in leading[:3]))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measured panels against whole search spaces")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR")
    given = parser.parse_args(arguments)
    labelled(given.data / "au25-ag-mha")
    unlabelled(given.data / "au25-pmba-realtime")


if __name__ == "__main__":
    main()
