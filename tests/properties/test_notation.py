"""What is printed is read back as it was, and no text does worse than a plain refusal."""

import csv
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alloyscope.chemistry import Formula, Ion, default_vocabulary, parse_ion, parse_species
from alloyscope.chemistry.species import charge_text
from alloyscope.errors import AlloyscopeError
from alloyscope.testing import adducts, dressed, formulas, ions, species

REAL = Path(__file__).resolve().parents[2].parent / "shared/data/real"
SIGNS = ["[", "]", "(", ")", "{", "}", "+", "-", "^", "_", "$", "·", "~", "–", "⁴⁻", "--", "\\"]
COUNTS = ["0", "2", "30", "44", "00", "999999", "4-", "2+", "②", "²", "٣", "₃", ".", "e", "\n"]
NAMES = ["Au", "Ag", "Na", "Co", "CO", "CO2", "C", "H", "O", "S", "Cl", "SR", "SH", "NO3", "p-MBA"]
NAMES += ["PET", "PPh3", "C6S", "DPPB", "DMF", "TOA", "D", "[13C]"]
DRESS = ["\\ce", "\\mathrm{", "_{", "^{", "<sub>", "</sub>", "&minus;"]
PIECES = SIGNS + COUNTS + NAMES + DRESS
quick = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(species())
def test_a_species_is_read_as_printed(cluster):
    assert parse_species(str(cluster)) == cluster


@quick
@given(ions())
def test_an_ion_is_read_as_printed(ion):
    again = parse_ion(str(ion))
    assert again == ion
    assert str(again) == str(ion)


@quick
@given(ions(odd=False), st.data())
def test_an_ion_is_read_in_any_dress(ion, data):
    assert parse_ion(data.draw(dressed(str(ion)))) == ion


@quick
@given(ions(default_vocabulary().binding("p-MBA")))
def test_an_ion_is_read_with_sr_for_its_thiolate(ion):
    bound = default_vocabulary().binding("p-MBA")
    assert parse_ion(str(ion).replace("(p-MBA)", "(SR)"), bound) == ion


@quick
@given(ions(odd=False))
def test_a_charge_that_follows_has_no_remark(ion):
    assert ion.remark == ""
    assert ion.charge == ion.species.charge + sum(a.charge * n for a, n in ion.adducts)


@quick
@given(ions())
def test_atoms_are_those_of_the_parts(ion):
    parts = Formula.of({})
    for metal, n in ion.species.metals:
        parts += Formula.of({metal: n})
    for ligand, n in ion.species.ligands:
        parts += ligand.formula * n
    for adduct, n in ion.adducts:
        if n > 0:
            parts += adduct.formula * n
    for adduct, n in ion.adducts:
        if n < 0:
            parts -= adduct.formula * -n
    assert ion.formula == parts


@quick
@given(adducts(), st.integers(1, 9))
def test_an_adduct_is_one_name_for_one_composition_and_charge(adduct, n):
    ion = parse_ion(f"[Ag99+{n}{adduct}]0")
    assert isinstance(ion, Ion)
    assert ion.adducts == ((adduct, n),)


@quick
@given(species(units=4))
def test_a_fragment_in_brackets_is_what_it_says(part):
    ion = parse_ion(f"[Ag99+[{part.body}]{charge_text(part.charge)}]0")
    assert isinstance(ion, Ion)
    ((adduct, _),) = ion.adducts
    assert (adduct.formula, adduct.charge) == (part.formula, part.charge)


@quick
@given(formulas(), st.integers(-3, 3))
def test_a_plain_formula_keeps_every_atom(formula, charge):
    ion = parse_ion(f"[{formula}]{charge_text(charge)}")
    assert (ion.formula, ion.charge) == (formula, charge)
    assert parse_ion(str(ion)) == ion


@settings(deadline=None, max_examples=1000)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_any_text_is_read_or_refused(text):
    with suppress(AlloyscopeError):
        ion = parse_ion(text)
        assert parse_ion(str(ion)) == ion


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet="CHOAugDn0123456789()[]{}·. ", max_size=30))
def test_any_formula_is_read_or_refused(text):
    with suppress(AlloyscopeError):
        formula = Formula.parse(text)
        assert Formula.parse(str(formula)) == formula


def printed_labels():
    for path in sorted(REAL.glob("*/panels.csv")):
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if row.get("printed_label"):
                    yield pytest.param(row, id=f"{path.parent.name}-{row['file']}")


@pytest.mark.parametrize("row", list(printed_labels()) or [None])
def test_a_label_printed_in_a_figure_is_read(row):
    if row is None:
        pytest.skip("the figures' labels are not beside this checkout")
    ion = parse_ion(row["printed_label"])
    assert isinstance(ion, Ion)
    assert ion.formula == Formula.parse(row["ion_formula"])
    assert ion.charge == int(row["charge"])
    assert bool(ion.remark) == (ion.charge != ion.expected_charge)


def test_the_formulas_checked_by_hand_are_read():
    rows = []
    for path in sorted(REAL.glob("*/panels.csv")):
        with path.open(encoding="utf-8") as lines:
            rows += [row for row in csv.DictReader(lines) if row.get("checked_ion")]
    if not rows:
        pytest.skip("the figures' formulas are not beside this checkout")
    for row in rows:
        text = f"[{row['checked_ion']}]{charge_text(int(row['checked_charge']))}"
        assert parse_ion(text).formula == Formula.parse(row["checked_ion"])


# The labels of one figure in the words of this project, so that they are read everywhere. Label,
# charge printed, charge of what is printed in it.
LABELS = [
    ("[(Au18Ag7(MHA)18)- - 9H+ + 4Na+]6-", -6, -6),
    ("[(Au21Ag4(MHA)18)- - 7H+ + 2Na+]6-", -6, -6),
    ("[(Au18Ag7(MHA)18)- - 4H+]5-", -5, -5),
    ("[(Au20Ag5(MHA)18)- - 9H+ + 5Na+]5-", -5, -5),
    ("[(Au19Ag6(MHA)18)- - 3H+]4-", -4, -4),
    ("[(Au20Ag5(MHA)18)- - 2H+]4-", -4, -3),
]


@pytest.mark.parametrize(("label", "charge", "expected"), LABELS)
def test_a_label_says_whether_its_charge_follows(label, charge, expected):
    ion = parse_ion(label)
    assert isinstance(ion, Ion)
    assert (ion.charge, ion.expected_charge) == (charge, expected)
    assert bool(ion.remark) == (charge != expected)
    assert parse_ion(str(ion)) == ion
