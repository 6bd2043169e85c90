"""A case file says what it means, or an error says where it does not."""

from pathlib import Path

import pytest

from alloyscope.case import Case, bundled_cases, read_case, write_case
from alloyscope.case.ion_list import parse_charge, read_ion_list
from alloyscope.errors import CaseError, OutputError


def case_file(folder: Path, text: str) -> Path:
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_written_case_reads_back_the_same(tmp_path):
    case = Case().with_settings(
        chemistry={"thiolate": "MHA", "valence": {"Rh": 0}},
        instrument={"resolving_power": 15000.0},
        show={"ions": ("[Au25(SR)18]-",), "view": "mirror"},
    )
    path = tmp_path / "new" / "case.toml"
    write_case(case, path)
    assert read_case(path) == case


def test_every_setting_is_explicit_in_a_written_case(tmp_path):
    write_case(Case(), tmp_path / "case.toml")
    text = (tmp_path / "case.toml").read_text()
    for section in (Case().instrument, Case().isotopes, Case().spectrum, Case().show):
        for key in type(section).model_fields:
            assert f"\n{key} = " in text


def test_own_ligand_round_trips(tmp_path):
    path = case_file(
        tmp_path,
        '[[chemistry.ligand]]\nname = "MyS"\nformula = "C9H11S"\ncharge = -1\naliases = ["mine"]\n',
    )
    case = read_case(path)
    write_case(case, tmp_path / "again.toml")
    assert read_case(tmp_path / "again.toml") == case
    assert case.chemistry.ligand[0].electrons == 1


def test_files_are_meant_from_the_case_files_folder(tmp_path):
    case = read_case(case_file(tmp_path, '[spectrum]\nfile = "run.mzML"\n'))
    assert Path(case.spectrum.file) == tmp_path / "run.mzML"


def test_a_case_saved_elsewhere_still_finds_its_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    case = Case().with_settings(spectrum={"file": "run.mzML"})
    write_case(case, Path("sub/case.toml"))
    found = read_case(Path("sub/case.toml"))
    assert Path(found.spectrum.file).resolve() == tmp_path / "run.mzML"


def test_a_folder_is_no_place_for_a_case(tmp_path):
    with pytest.raises(OutputError, match="a folder"):
        write_case(Case(), tmp_path, overwrite=True)


def test_existing_case_is_not_overwritten(tmp_path):
    path = case_file(tmp_path, "title = 'mine'")
    with pytest.raises(OutputError, match="existing file"):
        write_case(Case(), path)
    assert path.read_text() == "title = 'mine'"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[instrument]\nresolving_power = "5k"', r"case.toml \[instrument\] resolving_power.*5k"),
        ("[instrument]\nresolving_power = -3", r"\[instrument\] resolving_power: found -3"),
        ("[instrument]\nresolving_powr = 3", "Did you mean resolving_power"),
        ("[instruments]\nx = 3", "Did you mean instrument"),
        ("[spectrum]\nmz = [2620, 2590]", "the first must be below the second"),
        ("[spectrum]\nmz = [1, 2, 3]", r"\[spectrum\] mz"),
        ('[[chemistry.ligand]]\nname = "X"\nformul = "C"', "chemistry"),
        ("title = ", "TOML"),
        ("[show]\nlabels = 1e9", r"\[show\] labels"),
        ('[show]\nlabels = "7"', r"\[show\] labels"),
        ("[isotopes]\ncharge = true", r"\[isotopes\] charge"),
        ("[chemistry]\nvalence = { Xx = 1 }", "valence of Xx"),
        ("[instrument]\ntail = 1e300", r"\[instrument\] tail"),
        (
            "[[space.framework]]\nmetls = 3\nligands = 1\ncharge = 1",
            r"case.toml \[\[space.framework\]\] 1 metls: .*Did you mean metals",
        ),
        (
            "[[space.framework]]\nligands = 1\ncharge = 1",
            r"\[\[space.framework\]\] 1 metals: found nothing",
        ),
        (
            "[[space.framework]]\nmetals = 3\nligands = 1",
            r"\[\[space.framework\]\] 1: found .*charge or electrons",
        ),
        (
            "[[space.framework]]\nmetals = 3\nligands = 1\ncharge = 1\n"
            "[[space.framework]]\nmetals = 3\nligands = -1\ncharge = 1",
            r"\[\[space.framework\]\] 2 ligands: found -1",
        ),
        (
            "[[space.framework]]\nmetals = 3\nligands = 1\ncharge = 1\nranges = { Pt = [3, 1] }",
            r"\[\[space.framework\]\] 1: .*range of Pt",
        ),
        ("[space.complexs]\nmetals = 3", r"\[space\] complexs: .*Did you mean complexes"),
        (
            "[space.complexes]\nmetls = 3",
            r"\[space.complexes\] metls: .*one of metals, excess, penalty. Did you mean metals",
        ),
        ("[space]\nadducts = { Na = -1 }", r"\[space\] adducts.Na: found -1"),
        ("[space]\nranges = { Pt = [0] }", r"\[space\] ranges.Pt"),
        ("[space]\ncharges = [0, 8]", r"\[space\] charges: found 0"),
        ("[space]\ncharges = [8, 1]", r"\[space\]: .*range of charges"),
        ("[space.neighbours]\nmetals = [3, 4]", r"\[space.neighbours\]: .*all three or none"),
        (
            '[[chemistry.ligand]]\nname = "X"\nformula = "C"\nacid = 1',
            r"\[\[chemistry.ligand\]\] 1 acid: .*Did you mean acids",
        ),
        (
            "[[reaction.framework]]\nmetals = 2\nligands = 1\ncharge = 1\n"
            "site = [{ count = 1 }, { count = 1, energy = { Au = true } }]",
            r"\[\[reaction.framework\]\] 1 \[\[reaction.framework.site\]\] 2 energy.Au: found True;"
            " expected a number or the name",
        ),
        (
            "[[reaction.framework]]\nmetals = 2\nligands = 1\ncharge = 1\nsite = [{ cont = 1 }]",
            r"\[\[reaction.framework.site\]\] 1 cont: .*Did you mean count",
        ),
        (
            '[[reaction.parameter]]\nname = "k"\nvalue = 1.0\nprior = 2.0',
            "sd beside the prior of k",
        ),
        ('[[reaction.parameter]]\nname = "2k"\nvalue = 1.0', r"\[\[reaction.parameter\]\] 1 name"),
        ('[reaction.values]\nkh = "fast"', r"\[reaction\] values.kh: found 'fast'"),
        ('[experiment]\nratio = "3:1"\nvolumes = { Au44 = 1.0 }', "either ratio or volumes"),
        ("[assign]\nq = 0.9", r"\[assign\] q"),
        ('[assign]\nanalyzer = "orbitrap"', r"\[assign\] analyzer"),
        ("extends = 3", "extends: found 3"),
        ('extends = "au44"', "au44: found no such file.*Did you mean au44-ag44"),
        ('extends = "case.toml"', "extends: found itself"),
        ('extends = "au44-ag44"\n[space]\nmetls = []', r"case.toml \[space\] metls"),
    ],
)
def test_faults_are_named_with_their_place(tmp_path, text, said):
    with pytest.raises(CaseError, match=said):
        read_case(case_file(tmp_path, text))


def test_a_bundled_case_goes_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert bundled_cases() == ("au25-ag25", "au25-ag44", "au44-ag44")
    case = read_case(Path("au44-ag44"))
    assert [entry.name for entry in case.space.framework] == ["A", "B", "C", ""]
    (tmp_path / "au44-ag44").write_text("title = 'mine'")
    assert read_case(Path("au44-ag44")).title == "mine"
    (tmp_path / "au25-ag25").mkdir()
    assert read_case(Path("au25-ag25")).space.metals == ("Au", "Ag")


def test_a_case_that_is_nowhere_is_said_with_the_bundled_ones():
    with pytest.raises(
        CaseError, match=r"au25-ag25, au25-ag44, au44-ag44\. Did you mean au44-ag44"
    ):
        read_case(Path("au44ag44"))


def test_a_case_starts_from_another_section_by_section(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "base.toml").write_text(
        'extends = "au44-ag44"\n[assign]\nblank = "blank.mzML"\nq = 0.01\n'
        "[space]\nadducts = { Cs = 2 }\n[space.penalties]\nsubstitute = 3\n"
    )
    case = read_case(case_file(tmp_path, 'extends = "lab/base.toml"\n[assign]\nlock = [2335.4]\n'))
    assert case.assign.q == 0.01
    assert case.assign.lock == (2335.4,)
    assert Path(case.assign.blank) == tmp_path / "lab" / "blank.mzML"
    assert case.space.adducts == {"Cs": 2}
    assert case.space.penalties.substitute == 3
    assert case.space.penalties.core_charge == 6
    assert case.space.complexes.metals == 10
    assert case.chemistry.thiolate == "p-MBA"
    write_case(case, tmp_path / "resolved.toml")
    text = (tmp_path / "resolved.toml").read_text()
    assert "extends" not in text
    assert "core_charge = 6.0" in text
    assert read_case(tmp_path / "resolved.toml") == case


def test_values_of_parameters_go_over_a_parent_cases_name_by_name(tmp_path):
    (tmp_path / "base.toml").write_text(
        'extends = "au44-ag44"\n[reaction.values]\nkh = 0.1\nkx = 2.0\n'
    )
    case = read_case(
        case_file(tmp_path, 'extends = "base.toml"\n[reaction]\nvalues = { kx = 3 }\n')
    )
    assert case.reaction.values == {"kh": 0.1, "kx": 3.0}
    assert len(case.reaction.parameter) > 20


def test_missing_case_file_is_said(tmp_path):
    with pytest.raises(CaseError, match="no such file"):
        read_case(tmp_path / "none.toml")


def test_binary_case_file_is_said(tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(CaseError, match="a TOML file"):
        read_case(path)


@pytest.mark.parametrize(
    ("text", "charge"),
    [("4-", -4), ("-4", -4), ("−4", -4), ("+", 1), ("-", -1), ("2+", 2), ("3", 3), (None, None)],
)
def test_charges_as_users_write_them(text, charge):
    assert parse_charge(text) == charge


@pytest.mark.parametrize("text", ["4-+", "four", "--4", ""])
def test_other_charges_are_refused(text):
    with pytest.raises(CaseError, match="4-"):
        parse_charge(text)


def test_ion_list_of_lines_and_of_columns(tmp_path):
    lines = tmp_path / "ions.txt"
    lines.write_text("# my ions\n[Au25(PET)18]-\n\n[Ag44(p-MBA)30]4-\n")
    assert read_ion_list(lines) == ("[Au25(PET)18]-", "[Ag44(p-MBA)30]4-")
    columns = tmp_path / "ions.csv"
    columns.write_text("ion,formula,charge\n[Au25(PET)18]-,,\n,Au25C126H90O36S18,1-\n,AuCl2,-1\n")
    assert read_ion_list(columns) == ("[Au25(PET)18]-", "[Au25C126H90O36S18]1-", "[AuCl2]1-")
    columns.write_text("ion,charge\nAu25(PET)18,1-\n[Au25(PET)18]-,-1\nAu25(PET)18,0\n")
    assert read_ion_list(columns) == ("[Au25(PET)18]1-", "[Au25(PET)18]-", "[Au25(PET)18]0")


@pytest.mark.parametrize("row", ["[Au25(PET)18]-,2-", "Au25(PET)18,four", ",1-"])
def test_ion_list_names_the_row_it_cannot_read(tmp_path, row):
    columns = tmp_path / "ions.csv"
    columns.write_text(f"ion,charge\n[Au25(PET)18]-,\n{row}\n")
    with pytest.raises(CaseError, match=r"ions.csv row 2"):
        read_ion_list(columns)


def test_ion_list_names_the_row_without_an_ion(tmp_path):
    columns = tmp_path / "ions.csv"
    columns.write_text("formula,charge\nAu,1-\n,2-\n")
    with pytest.raises(CaseError, match="row 2"):
        read_ion_list(columns)
