"""A case says in few lines which ions are looked for, of any chemistry."""

import tomllib
from pathlib import Path

import pytest

from alloyscope.assignment.candidates import candidates
from alloyscope.assignment.listing import IonListing
from alloyscope.case import bundled_cases, case_from, read_case
from alloyscope.case.space import search_space
from alloyscope.chemistry import default_vocabulary, electron_count, parse_ion
from alloyscope.errors import AlloyscopeError, CaseError

AG29 = """
[chemistry]
thiolate = "BDT"
[space]
metals = ["Ag"]
adducts = { Cs = 2 }
charges = [1, 4]
[[space.framework]]
metals = 29
ligands = 12
charge = -3
neutral = { PPh3 = [0, 4] }
"""
PT_AG24 = """
[chemistry]
thiolate = "2,4-DMBT"
[space]
metals = ["Ag", "Pt"]
ranges = { Pt = [0, 1] }
[[space.framework]]
metals = 25
ligands = 18
electrons = 8
"""
CU25 = """
[space]
metals = ["Cu"]
ligands = ["H"]
[[space.framework]]
metals = 25
ligands = 22
charge = 1
neutral = { PPh3 = [8, 12] }
"""
AU11 = """
[space]
metals = ["Au"]
ligands = ["Cl", "SH"]
ranges = { SH = [0, 1] }
[[space.framework]]
metals = 11
ligands = 2
charge = 1
neutral = { PPh3 = [7, 8] }
"""


def space_of(text, polarity="negative", level=1):
    case = case_from(tomllib.loads(text), "case.toml")
    words = default_vocabulary().binding(case.chemistry.thiolate or None)
    return search_space(case, words, polarity, level)


def bundled(name, ligand="p-MBA", polarity="negative", level=1, **space):
    case = read_case(Path(name)).with_settings(space=space)
    return search_space(case, default_vocabulary().binding(ligand), polarity, level)


def found_in(space, *texts):
    """Which of these ions are in a space, with their rows' penalties."""
    cost = {}
    for text in texts:
        ion = parse_ion(text)
        mean = ion.formula.average_mass() / abs(ion.charge)
        rows = candidates(space, mean - 0.1, mean + 0.1)
        cost |= {str(rows.ion(k)): float(rows.penalty[k]) for k in range(len(rows))}
    return {text: cost.get(str(parse_ion(text))) for text in texts}


@pytest.mark.parametrize(
    ("text", "polarity", "ions", "electrons"),
    [
        (AG29, "negative", ("[Ag29(BDT)12]3-", "[Ag29(BDT)12(PPh3)4]3-",
                            "[Ag29(BDT)12(PPh3)2+Cs]2-"), 8),
        (PT_AG24, "negative", ("[Ag25(2,4-DMBT)18]-", "[PtAg24(2,4-DMBT)18]2-"), 8),
        (CU25, "positive", ("[Cu25H22(PPh3)12]+",), 2),
        (AU11, "positive", ("[Au11(PPh3)8Cl2]+", "[Au11(PPh3)7Cl(SH)]+"), 8),
    ],
)  # fmt: skip
def test_another_system_is_about_ten_lines(text, polarity, ions, electrons):
    assert len(text.strip().splitlines()) <= 12
    for ion, cost in found_in(space_of(text, polarity), *ions).items():
        assert cost is not None, ion
        assert electron_count(parse_ion(ion)) == electrons


def test_the_flagship_case_holds_what_the_paper_names():
    known = found_in(
        bundled("au44-ag44"), "[Ag44(p-MBA)30]4-", "[Au12Ag32(p-MBA)30-H]5-",
        "[Au21Ag23(p-MBA)27]3-", "[Au43Ag(p-MBA)26-H]3-", "[Au25(p-MBA)18-H]2-",
    )  # fmt: skip
    assert set(known.values()) == {0.0}
    others = found_in(
        bundled("au44-ag44"), "[Au44(p-MBA)26+12Na-16H]6-", "[Ag43(p-MBA)28]3-",
        "[Ag44(p-MBA)29Cl]4-", "[AuAg2(p-MBA)4]-", "[Ag43(p-MBA)27]2-", "[Au9Ag(p-MBA)11]-",
        "[Ag44(p-MBA)30+H]4-", "[Ag44(p-MBA)27Cl3+2Na-2H]4-",
    )  # fmt: skip
    assert all(cost and 0 < cost < 12 for cost in others.values()), others


def test_a_second_ligand_only_when_named():
    texts = ("[Ag44(p-MBA)20(NTP)10]4-", "[Au25(NTP)18]-", "[Au25(p-MBA)9(NTP)9+Na-2H]2-")
    assert set(found_in(bundled("au44-ag44"), *texts).values()) == {None}
    named = bundled("au44-ag44", ligands=("SR", "NTP"))
    assert None not in found_in(named, *texts).values()
    assert 128_000 < len(candidates(named, 2160.0, 3900.0)) < 300_000


def test_a_further_ligand_that_is_a_substitute_stays_one():
    assert bundled("au44-ag44", ligands=("SR", "Cl")) == bundled("au44-ag44")


def test_a_bundled_case_without_thiolate_asks_for_it():
    with pytest.raises(AlloyscopeError, match="--ligand"):
        bundled("au25-ag25", None)
    assert found_in(bundled("au25-ag25", "MHA"), "[Au18Ag7(MHA)18+4Na-9H]6-") == {
        "[Au18Ag7(MHA)18+4Na-9H]6-": 1.0
    }


def test_positive_ions_when_the_polarity_says_so():
    space = bundled("au25-ag25", "PET", "positive")
    assert min(space.charges) == 1
    cost = found_in(space, "[Au25(PET)18+2Na]+", "[Au25(PET)18]+", "[Au4(PET)3]+",
                    "[Au25(PET)18+Na]+")  # fmt: skip
    assert cost["[Au25(PET)18+2Na]+"] == 0.5
    assert cost["[Au25(PET)18+Na]+"] == 6.25
    assert cost["[Au4(PET)3]+"] is not None


def test_fragments_are_likelier_in_tandem_spectra():
    text = "[Ag43(p-MBA)28]3-"
    assert found_in(bundled("au44-ag44"), text)[text] == 1.0
    assert found_in(bundled("au44-ag44", level=2), text)[text] == 0.5
    third = "[Ag41(p-MBA)24-2H]3-"
    assert found_in(bundled("au44-ag44", level=2), third)[third] == 1.5


def test_frameworks_by_electrons_and_by_charge_are_one_for_monovalent_metals():
    sizes = [f.size for f in bundled("au44-ag44").frameworks]
    assert len(set(sizes)) == len(sizes)
    assert all(f.electrons is None for f in bundled("au44-ag44").frameworks)
    assert {f.electrons for f in space_of(PT_AG24).frameworks} == {8}


def test_neutral_molecules_and_several_cations():
    space = bundled("au44-ag44", adducts={"Na": 4, "K": 1, "NH4": 1, "NBu4": 2, "DMF": 1})
    assert [str(adduct) for adduct, _ in space.cations] == ["Na", "K", "NH4", "NBu4"]
    assert [str(adduct) for adduct, _ in space.neutrals] == ["DMF"]
    texts = ("[Ag44(p-MBA)30+DMF]4-", "[Ag44(p-MBA)30+NBu4]3-", "[Ag44(p-MBA)30+Na+K-2H]4-")
    assert list(found_in(space, *texts).values()) == [2.0, 0.25, 0.5]


def test_an_adduct_without_a_name_is_written_as_a_formula():
    space = bundled("au25-ag25", adducts={"Na": 1, "C6H5NO3": 2, "[C2F3O2]-": 1})
    text = "[Au25(p-MBA)18+Na+2[C6H5NO3]-3H]3-"
    assert found_in(space, text) == {text: 4.25}
    text = "[Au25(p-MBA)18+[C2F3O2]-]2-"
    assert found_in(space, text) == {text: 0.25}


def test_a_list_of_ions_takes_the_place_of_the_space():
    ions = ("[Au25(SR)18]-", "[Ag44(SR)30]4-", "[AuCl2]-", "[Na]+")
    case = read_case(Path("au44-ag44")).with_settings(assign={"ions": ions})
    listing = search_space(case, default_vocabulary().binding("p-MBA"))
    assert isinstance(listing, IonListing)
    assert [str(ion) for ion in listing.ions] == [
        "[Au25(p-MBA)18]-", "[Ag44(p-MBA)30]4-", "[AuCl2]-"]  # fmt: skip
    assert listing.metals == ("Au", "Ag")
    assert search_space(case, default_vocabulary().binding("p-MBA"), "positive").charges == (1,)


@pytest.mark.parametrize(
    ("ions", "said"),
    [(("Au25(SR)18",), "without a charge"), (("[Au25(XY)18]-",), r"\[assign\] ions"),
     (("[Na]+",), "no negative ion")],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_refused(ions, said):
    case = read_case(Path("au44-ag44")).with_settings(assign={"ions": ions})
    with pytest.raises(CaseError, match=said):
        search_space(case, default_vocabulary().binding("p-MBA"))


FRAMEWORK = "\n[[space.framework]]\nmetals = 25\nligands = 18\ncharge = -1\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 'x'", "no metals.*--case au44-ag44"),
        ("[space]\nmetals = ['Ag']", "no framework"),
        ("[space]\nmetals = ['Xx']" + FRAMEWORK, 'metals: found "Xx"'),
        ("[space]\nmetals = ['S']" + FRAMEWORK, 'metals: found "S"'),
        ("[space]\nmetals = ['Ag']\nligands = ['PPh3']" + FRAMEWORK, r"neutral = \{ PPh3"),
        ("[space]\nmetals = ['Ag']\nligands = []" + FRAMEWORK, "ligands: found none"),
        ("[space]\nmetals = ['Ag']\nligands = ['PET']\nadducts = { Nax = 1 }" + FRAMEWORK, "Na"),
        ("[space]\nmetals = ['Ag']\nligands = ['PET']\nadducts = { Fo = 1 }" + FRAMEWORK, '"Fo"'),
        ("[space]\nmetals = ['Ag']\nligands = ['PET']\nadducts = { H = 1 }" + FRAMEWORK, "not H"),
        ("[space]\nmetals = ['Ag']\nligands = ['PET']\nranges = { Au = [0, 1] }" + FRAMEWORK,
         "a range of Au"),
        ("[space]\nmetals = ['Ag']\nligands = ['PET']" + FRAMEWORK + "neutral = { Cl = [0, 1] }",
         "Cl, -1"),
        ("[space]\nmetals = ['Ag', 'Rh']\nligands = ['PET']" + FRAMEWORK.replace(
            "charge = -1", "electrons = 8"), "valence for Rh"),
    ],
)  # fmt: skip
def test_a_space_that_cannot_be_is_refused(text, said):
    with pytest.raises(AlloyscopeError, match=said):
        space_of(text)


@pytest.mark.parametrize("name", bundled_cases())
def test_every_bundled_case_makes_a_space(name):
    space = bundled(name)
    assert space.metals == ("Au", "Ag")
    assert len(candidates(space, 2500.0, 2600.0)) > 100
