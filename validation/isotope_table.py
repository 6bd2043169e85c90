"""Make `src/alloyscope/data/isotopes.csv` from three independent transcriptions, and compare them.

Masses are AME2020, read from mendeleev and compared with periodictable's. Abundances are those of
CIAAW 2021 (periodictable); for the elements whose composition CIAAW gives as an interval, the
representative composition of IUPAC 2013 (molmass, as in NIST's table), for a laboratory reagent is
more likely near it than at the middle of all of nature. The standard deviation is CIAAW's, an
interval being read as a uniform distribution.

    python validation/isotope_table.py            compare the table with the sources
    python validation/isotope_table.py --write    make the table again

needs `pip install -e '.[tables,bench]'`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mendeleev
import molmass
import periodictable

TABLE = Path(__file__).parents[1] / "src/alloyscope/data/isotopes.csv"
INTERVALS = {"H", "Li", "B", "C", "N", "O", "Mg", "Si", "S", "Cl", "Ar", "Br", "Tl", "Pb"}
# CIAAW 2021 gives air for N; a reagent may lie anywhere in the interval [0.99578, 0.99663].
ABUNDANCE_SD = {"N": 0.000245}
HEADER = """\
# Isotopes of the naturally occurring elements.
# mass, mass_sd (Da): AME2020, M. Wang et al., Chinese Phys. C 45, 030003 (2021),
#   doi 10.1088/1674-1137/abddaf
# abundance: CIAAW, Isotopic compositions of the elements 2021; for {intervals},
#   where it is an interval, the representative composition of J. Meija et al.,
#   Pure Appl. Chem. 88, 293 (2016), doi 10.1515/pac-2015-0503; normalised to sum to 1
# abundance_sd: 1 sd of natural materials, CIAAW 2021 (an interval as a uniform distribution)
# Made by validation/isotope_table.py.
symbol,atomic_number,name,nucleons,mass,mass_sd,abundance,abundance_sd
"""


def rows() -> list[str]:
    out = []
    for element in periodictable.elements:
        if element.number < 1:
            continue
        isotopes = [element[a] for a in element.isotopes if element[a].abundance > 0]
        if not isotopes:
            continue
        symbol = element.symbol
        representative = {
            i.massnumber: i.abundance for i in molmass.ELEMENTS[symbol].isotopes.values()
        }
        masses = {
            i.mass_number: (i.mass, i.mass_uncertainty) for i in mendeleev.element(symbol).isotopes
        }
        abundances = [
            representative[i.isotope] if symbol in INTERVALS else i.abundance / 100
            for i in isotopes
        ]
        total = sum(abundances)
        for isotope, abundance in zip(isotopes, abundances, strict=True):
            a = isotope.isotope
            mass, sd = masses[a]
            if abs(mass - isotope.mass) > 1e-6:
                raise SystemExit(f"{symbol}-{a}: mass {mass} and {isotope.mass} differ")
            out.append(
                f"{symbol},{element.number},{element.name},{a},{mass:.12g},{sd:.3g},"
                f"{abundance / total:.10g},"
                f"{ABUNDANCE_SD.get(symbol, isotope._abundance_unc / 100):.3g}"
            )
    return out


if __name__ == "__main__":
    text = HEADER.format(intervals=", ".join(sorted(INTERVALS))) + "\n".join(rows()) + "\n"
    if "--write" in sys.argv:
        TABLE.write_text(text, encoding="utf-8")
    same = TABLE.read_text(encoding="utf-8") == text
    print(f"{TABLE.name}: {len(rows())} isotopes, {'as' if same else 'NOT as'} the sources give")
    sys.exit(0 if same else 1)
