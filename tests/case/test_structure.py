from pathlib import Path

import pytest

from alloyscope.case import case_from, read_case, settings, write_case
from alloyscope.case.site_preferences import BOLTZMANN, preferences_of
from alloyscope.case.structure import metals_of, structure_named
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import CaseError, StructureError
from alloyscope.structures import framework_structure, homotops
from alloyscope.structures.homotop import sample_homotop
from alloyscope.structures.writing import xyz_text

VOCABULARY = default_vocabulary().binding("p-MBA")
AU44 = read_case(Path("au44-ag44"))
SITES = [{"name": "centre", "count": 1}, {"name": "icosahedron", "count": 12},
         {"name": "staple", "count": 12}]  # fmt: skip
OWN = {"name": "Mine", "metals": 25, "ligands": 18, "charge": -1, "electrons": 8, "site": SITES}


def own(**changed):
    return case_from({"structure": {"name": "Mine", "framework": [OWN | changed]}}, "case.toml")


def named(case, name="Mine"):
    return structure_named(case, VOCABULARY, name)


def test_aliases_of_the_case_are_understood():
    assert named(AU44, "A").name == "M44S30"
    with pytest.raises(StructureError, match="expected one of M25S18"):
        named(AU44, "D")


def test_coordinates_of_ones_own_give_the_symmetry(tmp_path):
    file = tmp_path / "mine.xyz"
    file.write_text(xyz_text(sample_homotop(framework_structure("M25S18"), 0)))
    framework = named(own(coordinates=str(file)))
    assert framework.point_group == "Th"
    assert [c.homotops for c in homotops(framework, range(4))] == [1, 3, 20, 120]


def test_coordinates_are_meant_from_the_folder_of_the_case(tmp_path):
    framework = framework_structure("M25S18")
    (tmp_path / "mine.xyz").write_text(xyz_text(sample_homotop(framework, 0)))
    path = tmp_path / "deep" / "case.toml"
    write_case(own(coordinates=str(tmp_path / "mine.xyz")), path)
    text = path.read_text().replace(str(tmp_path / "mine.xyz"), "../mine.xyz")
    path.write_text(text)
    case = read_case(path)
    assert named(case).point_group == "Th"
    write_case(case, tmp_path / "again.toml")
    assert named(read_case(tmp_path / "again.toml")).point_group == "Th"


def test_a_group_by_generators():
    sites = [{"name": "ring", "count": 4}]
    case = own(metals=4, ligands=4, charge=0, electrons=0, site=sites,
               generators=["(1 2 3 4)"], reflections=["(1 3)"])  # fmt: skip
    framework = named(case)
    assert framework.point_group == "order 8"
    assert [c.homotops for c in homotops(framework, range(5))] == [1, 1, 2, 1, 1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"electrons": 9}, "9 electrons; expected 8"),
        ({"metals": 24, "electrons": 7}, "site classes of 25 metals"),
        ({"generators": ["(1 2)"]}, "centre to icosahedron"),
        ({"generators": ["(2 3)(3 4)"]}, "site 3 twice"),
        ({"generators": ["(2 26)"]}, "site 26"),
        ({"generators": ["(2 3)", "(2 3 4 5 6 7 8 9 10)"]}, "more than 20,000"),
        ({"coordinates": "nowhere.xyz"}, "nowhere.xyz"),
        ({"motif": [{"name": "core", "count": 1, "metals": 13, "ligands": 0}]}, "motifs of 13"),
    ],
)
def test_frameworks_that_contradict_themselves_are_refused(changed, said):
    with pytest.raises(CaseError, match=rf"\[\[structure.framework\]\] Mine.*{said}"):
        named(own(**changed))


def test_a_file_with_a_wrong_number_of_atoms_is_refused(tmp_path):
    file = tmp_path / "mine.xyz"
    file.write_text(xyz_text(sample_homotop(framework_structure("M44S30"), 0)))
    with pytest.raises(CaseError, match="44 metal atoms; expected 25"):
        named(own(coordinates=str(file)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": [3], "place": {"cube": 1}}, "one of them"),
        ({"x": [3], "distribution": "a.csv"}, "one of them"),
        ({"metals": ["Au", "Cu", "Ag"], "distribution": "a.csv"}, "of two metals"),
        ({"metals": ["Au"]}, "two or more"),
        ({"metals": ["Au", "Cu", "Ag"], "x": [3]}, "each metal but the last"),
        ({"framework": [OWN | {"coordinates": "a", "generators": ["(1 2)"]}]}, "not both"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(changed, said):
    with pytest.raises(CaseError, match=said):
        case_from({"structure": {"name": "M44S30"} | changed}, "case.toml")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": [5, 3]}, "first above"),
        ({"exactly": [3]}, "each metal but"),
        ({"classes": True}, "one composition"),
        ({"metals": 3, "x": [3]}, "of two metals"),
    ],
)
def test_counts_that_contradict_themselves_are_refused(changed, said):
    if "exactly" in changed:
        changed = changed | {"metals": 3}
    with pytest.raises(CaseError, match=said):
        case_from({"homotops": {"name": "M44S30"} | changed}, "case.toml")


def test_metals_are_those_of_the_reaction_or_the_frameworks_own():
    assert metals_of(AU44, framework_structure("M25S18")) == ("Au", "Ag")
    assert metals_of(own(), framework_structure("M25S18")) == ("Ag", "Au")
    with pytest.raises(CaseError, match="symbols of metals"):
        metals_of(settings(AU44, "x", structure={"metals": ["S", "Ag"]}), named(AU44, "A"))


def preferences(case, name="M44S30", **changed):
    case = settings(case, "x", structure=changed)
    framework = named(case, name)
    return preferences_of(case, VOCABULARY, framework, metals_of(case, framework))


def test_site_energies_are_the_reactions():
    found = preferences(AU44)
    assert [(p.name, p.classes) for p in found.preferences] == [
        ("core", ("icosahedron",)), ("shell", ("cube", "edge", "mount"))]  # fmt: skip
    values = {entry.name: entry.value for entry in AU44.reaction.parameter}
    assert found.preferences[0].energy == {"Au": pytest.approx(values["a1"])}
    assert found.preferences[0].cooperativity == {"Au": pytest.approx(values["J"])}
    assert "core is icosahedron" in found.notes[0]
    hot = preferences(AU44, temperature=2 * 298.15)
    assert hot.preferences[1].energy == {"Au": pytest.approx(values["a2"] / 2)}


def test_classes_of_the_same_name_need_no_words():
    found = preferences(read_case(Path("au25-ag25")), "M25S18")
    assert {p.name: p.classes for p in found.preferences} == {
        name: (name,) for name in ("centre", "icosahedron", "staple")}  # fmt: skip
    assert found.notes == ()


def test_no_energies_where_nobody_asks_for_them():
    for found in (preferences(own()), preferences(AU44, energies="none")):
        assert [p.energy for p in found.preferences] == [{}]
    assert "GFN1-xTB, CHGNet" in preferences(own()).notes[0]


def test_tabulated_energies_are_used_when_they_are_asked_for():
    found = preferences(AU44, energies="gfn1-xtb")
    edge = next(p for p in found.preferences if p.name == "edge")
    assert edge.energy["Au"] == pytest.approx(0.375 / (BOLTZMANN * 298.15))
    assert found.source == "GFN1-xTB"
    assert "weak prior" in found.notes[0]
    with pytest.raises(StructureError, match="a method that is tabulated"):
        preferences(AU44, energies="DFT")
    with pytest.raises(CaseError, match="those of Au"):
        preferences(AU44, energies="CHGNet", metals=["Cu", "Ag"])


def test_classes_that_do_not_fit_are_refused_and_can_be_said():
    swapped = {"core": ["edge"], "shell": ["icosahedron", "cube", "mount"]}
    assert preferences(AU44, classes=swapped).preferences[0].classes == ("edge",)
    with pytest.raises(CaseError, match=r"classes of \[reaction\] \(core 12, shell 32\)"):
        preferences(AU44, classes={"core": ["cube"], "shell": ["edge"]})
    with pytest.raises(CaseError, match="as \\[reaction\\] has them"):
        preferences(AU44, metals=["Ag", "Au"])
