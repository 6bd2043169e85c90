import math

import pytest

from alloyscope.chemistry.element import (
    Element,
    Isotope,
    default_isotope_table,
    isospec_isotope_table,
    isotope_table,
    parse_isotope_table,
)
from alloyscope.data import bundled
from alloyscope.errors import TableError, UnknownElement

HEAD = "symbol,atomic_number,name,nucleons,mass,mass_sd,abundance,abundance_sd\n"
SILVER = "Ag,47,silver,107,106.905,1e-6,0.51839,8e-05\nAg,47,silver,109,108.905,1e-6,{},8e-05\n"


def test_every_element_sums_to_one_and_is_in_order():
    for symbol, element in default_isotope_table().elements.items():
        nucleons = [i.nucleons for i in element.isotopes]
        assert symbol == element.symbol
        assert nucleons == sorted(set(nucleons))
        assert math.fsum(i.abundance for i in element.isotopes) == pytest.approx(1, abs=1e-15)
        assert all(0 <= i.abundance_sd < 0.2 and 0 <= i.mass_sd < 1e-4 for i in element.isotopes)


@pytest.mark.parametrize(
    ("symbol", "weight"),
    # Standard atomic weights abridged to five figures: T. Prohaska et al., Pure Appl. Chem. 94,
    # 573 (2022), doi 10.1515/pac-2019-0603, table 1.
    [("H", 1.0080), ("C", 12.011), ("N", 14.007), ("O", 15.999), ("F", 18.998), ("Na", 22.990),
     ("P", 30.974), ("S", 32.06), ("Cl", 35.45), ("Cu", 63.546), ("Se", 78.971), ("Br", 79.904),
     ("Pd", 106.42), ("Ag", 107.87), ("Cd", 112.41), ("I", 126.90), ("Cs", 132.91),
     ("Pt", 195.08), ("Au", 196.97), ("Hg", 200.59)],
)  # fmt: skip
def test_the_mean_mass_is_the_standard_atomic_weight(symbol, weight):
    half = {"S": 0.02, "H": 0.0002, "C": 0.002}.get(symbol, 0.005 if weight < 100 else 0.01)
    assert default_isotope_table()[symbol].mean_mass == pytest.approx(weight, abs=half)


def test_the_sd_of_a_mean_mass_is_that_of_two_isotopes():
    silver = default_isotope_table()["Ag"]
    light, heavy = silver.isotopes
    assert silver.mean_mass_sd == pytest.approx((heavy.mass - light.mass) * heavy.abundance_sd)


def test_a_labelled_atom_is_that_isotope_alone():
    (alone,) = default_isotope_table()["13C"].isotopes
    assert (alone.nucleons, alone.abundance) == (13, 1.0)
    assert "13C" in default_isotope_table()


@pytest.mark.parametrize("symbol", ["Xx", "14C", "ag"])
def test_what_is_no_element_is_refused(symbol):
    with pytest.raises(UnknownElement):
        default_isotope_table()[symbol]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + SILVER.format("0.5"), "isotopes of Ag.*1.0183900"),
        (HEAD + SILVER.format("x"), "mine row 2"),
        (HEAD + "Ag,47,silver,107,109.9,0,1,0\n", "isotope Ag-107"),
        (HEAD + "Ag,47,silver,107,106.9,0,nan,0\n", "isotopes of Ag"),
        ("symbol,mass\nAg,107\n", "mine row 1"),
        (HEAD, "mine: found no isotope"),
    ],
)
def test_a_corrupted_table_names_what_is_wrong(text, said):
    with pytest.raises(TableError, match=said):
        parse_isotope_table(text, "mine")


def test_a_corrupted_copy_of_the_bundled_table_is_refused():
    right = bundled("isotopes.csv")
    assert parse_isotope_table(right, "copy").elements == default_isotope_table().elements
    with pytest.raises(TableError, match="isotopes of Ag"):
        parse_isotope_table(right.replace("0.48161", "0.48116"), "copy")


def test_masses_that_are_not_numbers_are_refused():
    with pytest.raises(TableError, match="Au-197"):
        Element("Au", 79, "gold", (Isotope(197, math.nan, 0, 1.0, 0),))


def test_tables_are_named(tmp_path):
    assert isotope_table() is default_isotope_table()
    assert isotope_table("isospec") is isospec_isotope_table()
    own = tmp_path / "own.csv"
    own.write_text(bundled("isotopes.csv"), encoding="utf-8")
    assert isotope_table(str(own)).name == "own.csv"
    with pytest.raises(TableError, match=r"none\.csv"):
        isotope_table(str(tmp_path / "none.csv"))
