import pytest

from alloyscope.chemistry import (
    Formula,
    FormulaIon,
    Ion,
    default_vocabulary,
    electron_count,
    parse_ion,
    parse_species,
)
from alloyscope.chemistry.notation import LONGEST
from alloyscope.errors import ChargeError, NotationError, UnknownElement, UnknownLigand

PMBA = default_vocabulary().binding("p-MBA")

# as written, as printed, charge, charge of the core, valence electrons
READ = [
    ("[Au12Ag32(p-MBA)30]4-", "[Au12Ag32(p-MBA)30]4-", -4, -4, 18),
    ("[Ag32Au12(pMBA)30]-4", "[Au12Ag32(p-MBA)30]4-", -4, -4, 18),
    ("[Au44(p-MBA)26+12Na-16H]6-", "[Au44(p-MBA)26+12Na-16H]6-", -6, -2, 20),
    ("[Au21Ag23(p-MBA)27-H]4-", "[Au21Ag23(p-MBA)27-H]4-", -4, -3, 20),
    ("(Au25(p-MBA)18)-", "[Au25(p-MBA)18]-", -1, -1, 8),
    ("[(Au18Ag7(MHA)18)- - 9H+ + 4Na+]6-", "[Au18Ag7(MHA)18+4Na-9H]6-", -6, -1, 8),
    ("[Au12Ag32(p-MBA)29Cl]4-", "[Au12Ag32(p-MBA)29Cl]4-", -4, -4, 18),
    ("[Ag29(BDT)12]3-", "[Ag29(BDT)12]3-", -3, -3, 8),
    ("[Au21Ag23(p-MBA)27]3-", "[Au21Ag23(p-MBA)27]3-", -3, -3, 20),
    # ligands side by side
    ("[Ag44(NTP)5(p-MBA)25]4-", "[Ag44(NTP)5(p-MBA)25]4-", -4, -4, 18),
    ("[Au13(dppe)5Cl2]3+", "[Au13(dppe)5Cl2]3+", 3, 3, 8),
    ("[Au24Pd(PET)18]0", "Au24Pd(PET)18", 0, 0, 6),
    ("Au11(PPh3)7Cl3", "Au11(PPh3)7Cl3", 0, 0, 8),
    ("Au25(SC2H4Ph)18", "Au25(PET)18", 0, 0, 7),
    ("(AuPET)4", "Au4(PET)4", 0, 0, 0),
    ("[Ag25(2,4-DMBT)18]-", "[Ag25(2,4-DMBT)18]-", -1, -1, 8),
    ("[Ag25(SPhMe2)18]-", "[Ag25(2,4-DMBT)18]-", -1, -1, 8),
    ("[Au23(SCy)16]-", "[Au23(SCy)16]-", -1, -1, 8),
    ("[Au19(C2Ph)9(PPh3)6]2+", "[Au19(C2Ph)9(PPh3)6]2+", 2, 2, 8),
    # positive by adducts, and fragments
    ("[Au25(PET)18+Cs]+", "[Au25(PET)18+Cs]+", 1, 0, 7),
    ("[Ag43(p-MBA)28]3-", "[Ag43(p-MBA)28]3-", -3, -3, 18),
    ("[Ag44(p-MBA)30-[Ag(p-MBA)2]-]3-", "[Ag44(p-MBA)30-[Ag(p-MBA)2]-]3-", -3, -4, 18),
    ("Na4Ag44(p-MBA)30", "[Ag44(p-MBA)30+4Na]0", 0, -4, 18),
    # as pasted
    ("[Ag₄₄(p‑MBA)₃₀]⁴⁻", "[Ag44(p-MBA)30]4-", -4, -4, 18),
    ("Au25(SG)18^-", "[Au25(GSH)18]-", -1, -1, 8),
    (r"$[\mathrm{Ag}_{44}(p\text{-MBA})_{30}]^{4-}$", "[Ag44(p-MBA)30]4-", -4, -4, 18),
    (r"\ce{[Ag29(BDT)12]^3-}", "[Ag29(BDT)12]3-", -3, -3, 8),
    ("[Ag<sub>44</sub>(p-MBA)<sub>30</sub>]<sup>4&minus;</sup>", "[Ag44(p-MBA)30]4-", -4, -4, 18),
    (
        "$[(Au_{18}Ag_7(MHA)_{18})^{-} - 9H^+ + 4Na^+]^{6-}$",
        "[Au18Ag7(MHA)18+4Na-9H]6-",
        -6,
        -1,
        8,
    ),
]


@pytest.mark.parametrize(("written", "printed", "charge", "core", "electrons"), READ)
def test_a_species_is_read_with_its_core_charge_and_electrons(
    written, printed, charge, core, electrons
):
    ion = parse_ion(written)
    assert isinstance(ion, Ion)
    assert (str(ion), ion.charge, ion.species.charge) == (printed, charge, core)
    assert electron_count(ion) == electrons
    assert ion.remark == ""


def test_sr_is_the_thiolate_of_the_study():
    assert str(parse_ion("[Au21Ag23(SR)27]3-", PMBA)) == "[Au21Ag23(p-MBA)27]3-"
    assert str(parse_ion("[Ag44(SR)30-[Ag(SR)2]-]3-", PMBA)) == ("[Ag44(p-MBA)30-[Ag(p-MBA)2]-]3-")


@pytest.mark.parametrize("text", ["[Ag44(SR)30]4-", "Au25SR18", "(AuSR)4"])
def test_unbound_sr_asks_which_thiolate(text):
    with pytest.raises(UnknownLigand, match="say which it is"):
        parse_ion(text)


def test_a_charge_that_does_not_follow_is_kept_and_remarked():
    ion = parse_ion("[(Au18Ag7(MHA)18)- - 9H+ + 4Na+]5-")
    assert (ion.charge, ion.expected_charge, ion.species.charge) == (-5, -6, -1)
    assert "5- does not follow" in ion.remark
    assert parse_ion(str(ion)) == ion


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("[Ag44(p-MBB)30]4-", UnknownLigand, "p-MBA"),
        ("[Ag44(PTE)30]4-", UnknownLigand, "PET"),
        ("[Xx44(p-MBA)30]4-", NotationError, "a metal"),
        ("[Ag2(p-MBA)3]14-", ChargeError, "Did you mean 4-?"),
        ("[Ag44(p-MBA)30]4-2", ChargeError, "Nearest"),
        ("[Ag44(p-MBA)30]4", ChargeError, "4- or 4"),
        ("Au25(PET)18-", ChargeError, r"Write \[Au25\(PET\)18\]-"),
        ("[Ag44(p-MBA)30", NotationError, "closing"),
        ("[Ag44(p-MBA)30)4-", NotationError, "closing"),
        ("Ag44(p-MBA)0", NotationError, "a count from 1"),
        ("[Ag44(p-MBA)30+12Xy]4-", NotationError, "adduct"),
        ("[Ag44(p-MBA)30-SH]4-", NotationError, r"\[SH\]- for the bound"),
        ("[Ag2(p-MBA)-5Na]2-", NotationError, "taken away"),
        ("", NotationError, "0 characters"),
        ("Ag" * LONGEST, NotationError, "characters"),
        ("((" * 100 + "Au" + "))" * 100, NotationError, "characters"),
    ],
)
def test_what_is_refused_says_what_to_write(text, error, said):
    with pytest.raises(error, match=said):
        parse_ion(text)


def test_a_formula_of_an_unknown_element_names_its_neighbours():
    with pytest.raises(UnknownElement, match=r"Nearest: .*A"):
        Formula.parse("Ax2")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("CO2", "CO2"),
        ("SH2", "H2S"),
        ("C6S", "C6S"),
        ("Ag44CO2", "CAg44O2"),
        ("OC", "CO"),
        ("Au25C126H90O36S18", "C126H90Au25O36S18"),
        ("Cs6Na", "Cs6Na"),
        ("AuAgNa20", "AgAuNa20"),
    ],
)
def test_a_plain_formula_keeps_its_atoms(text, formula):
    """A count behind a name that is itself a formula belongs to the last atom: CO2 is not (CO)2."""
    ion = parse_ion(text)
    assert str(ion.formula) == formula
    assert parse_ion(str(ion)) == ion


def test_a_formula_with_a_charge_claims_nothing_about_metals():
    ion = parse_ion("[C7H5O2S]-")
    assert isinstance(ion, FormulaIon)
    assert (str(ion), ion.charge) == ("[C7H5O2S]-", -1)


def test_ligands_in_parentheses_may_have_any_name():
    assert str(parse_species("Ag44(CO)2")) == "Ag44(CO)2"
    assert str(parse_species("Au25(C6S)18")) == "Au25(SC6H13)18"
    assert parse_species("Ag3(Co)2").metals == (("Ag", 3), ("Co", 2))


@pytest.mark.parametrize(
    ("written", "name", "charge"),
    [
        ("+Na+", "Na", 1),
        ("+[Na]+", "Na", 1),
        ("-[H]+", "H", 1),
        ("-[H]-", "[H]-", -1),
        ("+H-", "[H]-", -1),
        ("-[CO2]", "CO2", 0),
        ("-CO2", "CO2", 0),
        ("+[H2O]", "H2O", 0),
        ("+TOA", "NOct4", 1),
        ("+[TOA]+", "NOct4", 1),
        ("+DMF-", "[C3H7NO]-", -1),
        ("-[Ag(p-MBA)2]-", "[Ag(p-MBA)2]-", -1),
        ("-Ag2(p-MBA)2", "[Ag2(p-MBA)2]", 0),
        ("+C6H5NO3", "[C6H5NO3]", 0),
    ],
)
def test_an_adduct_has_one_name_however_it_is_written(written, name, charge):
    ion = parse_ion(f"[Au2Ag42(p-MBA)30{written}]4-")
    ((adduct, _),) = ion.adducts
    assert (adduct.name, adduct.charge) == (name, charge)
    assert parse_ion(str(ion)) == ion


def test_a_species_has_no_adducts():
    with pytest.raises(NotationError, match="as an ion"):
        parse_species("[Ag44(p-MBA)30-H]5-")
