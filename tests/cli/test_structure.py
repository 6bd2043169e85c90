"""`alloyscope structure` and `alloyscope homotops` as a user runs them."""

import csv
import json

import pytest

CASE = ("--case", "au44-ag44")


def test_what_the_terminal_says(alloyscope):
    ran = alloyscope("structure", "M44S30", "--x", "12", *CASE)
    assert ran.status == 0, ran.err
    for said in ("[Au12Ag32(p-MBA)30]4-: M44S30", "point group Th", "18 valence electrons",
                 "M2(SR)5", "mount – mount", "879,013,105 homotops",
                 "core is icosahedron"):  # fmt: skip
        assert said in ran.out


@pytest.mark.parametrize(("name", "said"), [("M44S26", "2 terminal SR"), ("M44S27", "44 metals")])
def test_what_is_not_known_is_said(alloyscope, name, said):
    ran = alloyscope("structure", name)
    assert ran.status == 0
    assert "Not known" in ran.out
    assert said in ran.out


def test_files_are_written_and_stay(alloyscope, tmp_path):
    files = {end: tmp_path / f"a.{end}" for end in ("html", "xyz", "cif", "png")}
    asked = [part for end, path in files.items() for part in (f"--{end}", path)]
    run = ("structure", "M25S18", "--place", "centre=1", "--metal", "Au", "--rest", "Ag", *asked)
    ran = alloyscope(*run)
    assert ran.status == 0, ran.err
    assert "Placed: Au on site 1." in ran.out
    assert files["xyz"].read_text().splitlines()[2].startswith("Au")
    assert files["png"].read_bytes()[:4] == b"\x89PNG"
    assert "Au1_centre Au" in files["cif"].read_text()
    assert "$3Dmol" in files["html"].read_text()
    before = files["xyz"].read_bytes()
    again = alloyscope(*run)
    assert again.status == 2
    assert "--overwrite" in again.err
    assert files["xyz"].read_bytes() == before
    assert alloyscope(*run, "--overwrite").status == 0


def test_the_folder_holds_everything_and_repeats(alloyscope, tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    ran = alloyscope("structure", "A", "--x", "9", *CASE, "--seed", "7", "--out", out)
    assert ran.status == 0, ran.err
    tables = {"classes.csv", "distances.csv", "sites.csv", "occupancies.csv"}
    others = {"structure.json", "structure.xyz", "structure.cif", "case.resolved.toml",
              "index.html"}  # fmt: skip
    drawn = {name + end for name in ("structure", "occupancy") for end in (".svg", ".png")}
    assert {p.name for p in out.iterdir()} == tables | others | drawn | {"view.html"}
    page = (out / "index.html").read_text()
    assert page.count("<svg") == 2
    assert "Turn it in three dimensions" in page
    ran = alloyscope("structure", "--case", out / "case.resolved.toml", "--out", again,
                     "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    assert {p.name for p in again.iterdir()} == tables | others
    for name in (*tables, "structure.xyz"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_a_framework_without_coordinates_has_a_folder_without_them(alloyscope, tmp_path):
    ran = alloyscope("structure", "M44S26", "--x", "40", "--out", tmp_path / "out", *CASE)
    assert ran.status == 0, ran.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"sites.csv", "occupancy.png", "index.html"} <= names
    assert not names & {"structure.xyz", "view.html", "structure.png"}


PALLADIUM = ("structure", "M25S18", "--x", "1", "--metal", "Pd", "--rest", "Au")
SAID = "7 valence electrons; the framework is known with 8: as [PdAu24(PET)18]2- it would have 8"


def test_electrons_are_those_of_the_composition_wherever_they_are_said(alloyscope, tmp_path):
    out = tmp_path / "out"
    ran = alloyscope(*PALLADIUM, "--ligand", "PET", "--out", out)
    assert ran.status == 0, ran.err
    assert ran.out.startswith("[PdAu24(PET)18]-: M25S18")
    assert SAID in ran.out
    for name in ("index.html", "view.html", "structure.xyz", "structure.cif"):
        text = (out / name).read_text(encoding="utf-8")
        assert SAID in text, name
        assert "[PdAu24(PET)18]-" in text, name
    found = json.loads((out / "structure.json").read_text(encoding="utf-8"))["structure"]
    assert (found["electrons"], found["framework_electrons"]) == (7, 8)
    assert (found["species"], found["electrons_said"]) == ("[PdAu24(PET)18]-", SAID)


def test_electrons_follow_the_valences_of_the_case(alloyscope, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text("[chemistry.valence]\nPd = 1\n")
    ran = alloyscope(*PALLADIUM, "--case", file)
    assert "[PdAu24(SR)18]-" in ran.out
    assert "8 valence electrons." in ran.out
    mercury = alloyscope("structure", "M25S18", "--x", "1", "--metal", "Hg", "--rest", "Au").out
    assert "9 valence electrons; the framework is known with 8: as HgAu24(SR)18 it" in mercury
    other = alloyscope("structure", "M25S18", "--x", "1", "--metal", "W", "--rest", "Au").out
    assert "valence electrons not known" in other
    assert "no valence for W" in other


def test_json_holds_the_homotop(alloyscope):
    found = json.loads(alloyscope("structure", "M44S30", "--x", "12", *CASE, "--json").out)
    seen = found["structure"]
    assert seen["homotop"]["composition"] == [12, 32]
    assert len(seen["homotop"]["sites"]) == 44
    assert seen["energies_used"] == "[reaction], framework A"
    assert seen["site_energies"][0]["method"] == "GFN1-xTB"


def test_homotops_on_the_terminal_and_as_files(alloyscope, tmp_path):
    file, figure = tmp_path / "h.csv", tmp_path / "h.svg"
    ran = alloyscope("homotops", "M44S30", "--x", "0-22", "--csv", file, "--figure", figure)
    assert ran.status == 0, ran.err
    assert "87,673,945,424" in ran.out
    with file.open() as text:
        rows = list(csv.DictReader(text))
    assert [int(row["x"]) for row in rows] == list(range(23))
    assert figure.read_text().count("<svg") == 1


def test_homotops_of_three_metals_and_of_one_class(alloyscope):
    ran = alloyscope("homotops", "M25S18", "--metals", "3", "--json")
    counts = json.loads(ran.out)["homotops"]["counts"]
    assert sum(count["labelled_placements"] for count in counts) == 3**25
    ran = alloyscope("homotops", "M44S30", "--only", "icosahedron", "--json")
    counts = json.loads(ran.out)["homotops"]["counts"]
    assert [c["homotops"] for c in counts] == [1, 1, 5, 13, 27, 38, 50, 38, 27, 13, 5, 1, 1]


def test_x_is_drawn_from_what_a_simulation_left(alloyscope, tmp_path):
    made = tmp_path / "made"
    ran = alloyscope("simulate", *CASE, "--ratio", "1:3", "--times", "10min,20h", "--out", made,
                     "--no-figures")  # fmt: skip
    assert ran.status == 0, ran.err
    ran = alloyscope("structure", "A", *CASE, "--distribution", made / "speciation.csv", "--json")
    found = json.loads(ran.out)["structure"]
    assert found["drawn"] == "sampled"
    assert 6 <= found["homotop"]["composition"][0] <= 14
    assert "x was drawn from speciation.csv." in found["notes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "columns a, b"), ("", "columns none"), ("x,fraction\nmany,1\n", "many"),
     ("framework,x,fraction\nM25S18,1,1\n", "no M44S30"),
     ("x,fraction\n3,-1\n4,2\n", "not negative"), ("x,fraction\n50,1\n", "0 to 44")],
)  # fmt: skip
def test_distributions_that_are_none_are_refused(alloyscope, tmp_path, text, said):
    file = tmp_path / "d.csv"
    file.write_text(text)
    ran = alloyscope("structure", "M44S30", "--distribution", file)
    assert ran.status == 2
    assert said in ran.err


def test_a_framework_of_ones_own_by_generators(alloyscope, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        "[[structure.framework]]\nname = 'Ring'\nmetals = 4\nligands = 4\ncharge = 0\n"
        "site = [{ name = 'ring', count = 4 }]\n"
        "generators = ['(1 2 3 4)']\nreflections = ['(1 3)']\n"
    )
    counts = json.loads(alloyscope("homotops", "Ring", "--case", file, "--json").out)["homotops"]
    assert [count["homotops"] for count in counts["counts"]] == [1, 1, 2, 1, 1]
    ran = alloyscope("structure", "Ring", "--case", file, "--x", "2")
    assert ran.status == 0, ran.err
    assert "a symmetry of 8 operations" in ran.out
    assert ran.out.startswith("Ag2Au2(SR)4: Ring")
    assert "2 operations leave it as it is: 4 labelled placements" in ran.out
    counted = alloyscope("homotops", "Ring", "--case", file, "--x", "0-1").out
    assert "Counted under a group of 8 operations, 4 rotations among them" in counted
    one = alloyscope("structure", "Ring", "--case", file, "--x", "4").out
    assert "on every site." in one
    assert "1 homotop of this composition, 1 labelled placement." in one
    motif = "motif = [{ name = 'all', count = 1, metals = 4, ligands = 4 }]\n"
    (tmp_path / "motif.toml").write_text(file.read_text() + motif)
    ran = alloyscope("structure", "Ring", "--case", tmp_path / "motif.toml")
    assert ran.status == 2
    assert 'give its sites motif = "all"' in ran.err
    ran = alloyscope("structure", "Ring", "--case", file, "--xyz", tmp_path / "a.xyz")
    assert ran.status == 2
    assert "Give coordinates in the case." in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("structure", "M44S31"), "one of M25S18, M44S26, M44S27, M44S30"),
        (("structure",), "no framework"),
        (("structure", "M44S30", "--x", "45"), "There are 44 sites; the last metal takes"),
        (("structure", "M44S30", "--xyz", "y.foo"), 'found ".foo"; expected the ending .xyz or'),
        (("structure", "M44S30", "--cif", "y.xyz"), "the ending .cif."),
        (("structure", "M44S30", "--html", "y"), "the ending .html or .htm."),
        (("homotops", "M25S18", "--x", "0-2", "--classes"), "Give one --x, such as --x 12"),
        (("homotops", "M25S18", "--classes"), "found no --x"),
        (("homotops", "M25S18", "--x", "1", "--classes", "--only", "centre"), "no --only"),
        (("structure", "M44S30", "--x", "-1"), "found -1; expected greater than or equal to 0"),
        (("structure", "M44S30", "--x", "many"), "whole numbers"),
        (("structure", "M44S30", "--place", "cube"), "CLASS=N"),
        (("structure", "M44S30", "--place", "cube=9"), "0 to 8"),
        (("structure", "M44S30", "--place", "icosahedron=13"), "other classes: cube, 8; edge, 12"),
        (("structure", "M44S30", "--place", "staple=1"), "one of icosahedron"),
        (("structure", "M44S30", "--metal", "Au"), "--metal Au --rest Ag"),
        (("structure", "M44S27", "--x", "20"), "Not known: the structure"),
        (("structure", "M44S27", "--xyz", "a.xyz"), "no coordinates"),
        (("structure", "M44S26", "--html", "a.html"), "2 terminal SR, 3 SR-M-SR"),
        (("homotops", "M44S26"), "none that is known"),
        (("homotops", "M44S30", "--x", "44-46"), "0 to 44"),
        (("homotops", "M44S30", "--x", "1,2"), "--metals 3"),
        (("homotops", "M44S30", "--metals", "3", "--x", "3"), "each metal but the last"),
        (("homotops", "M44S30", "--only", "staple"), "one of icosahedron"),
        (("homotops",), "no framework"),
    ],
)
def test_bad_input_is_one_line(alloyscope, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ran = alloyscope(*arguments)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert not list(tmp_path.iterdir())
