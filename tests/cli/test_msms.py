"""`alloyscope msms`: what it writes, and how bad input ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from alloyscope.case import read_case
from tests.conftest import EXAMPLE, ROOT
from tests.spectra.written import WrittenScan, mzml_bytes

SERIES = ROOT / "examples" / "au12ag32-msms.mzML"
PRECURSOR = "[Au12Ag32(SR)30]4-"


def one_spectrum(tmp_path: Path, **changes: object) -> Path:
    """The scan at 21 V of the example, in a file of its own."""
    from tests.fragments.example import spectra

    at = next(one.spectrum for one in spectra() if one.energy == 21.0)
    settings = {"ms_level": 2, **changes}
    path = tmp_path / "one.mzML"
    scan = WrittenScan(np.asarray(at.mz), np.asarray(at.intensity), **settings)  # type: ignore[arg-type]
    path.write_bytes(mzml_bytes([scan]))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_a_series_has_its_folder_and_can_be_made_again(alloyscope, tmp_path):
    out = tmp_path / "result"
    ran = alloyscope("msms", SERIES, "--precursor", PRECURSOR, "--ligand", "p-MBA", "--depth", "2",
                     "--cleavages", "M(SR)2-, M2(SR)3-", "--gas", "Ar", "--out", out)  # fmt: skip
    assert ran.status == 0, ran.err
    assert "E50" in ran.out
    assert "Au leaves 0.4" in ran.out
    assert "is an assumption, not a result" in ran.out
    names = {path.name for path in out.iterdir()}
    assert names >= {"index.html", "fragments.csv", "descendants.csv", "breakdown.csv",
                     "survival.csv", "msms.json", "case.resolved.toml",
                     *(f"{name}{ending}" for name in ("ladder", "breakdown", "leaving")
                       for ending in (".svg", ".png"))}  # fmt: skip
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "Which bond is weaker" in page
    assert 'href="http' not in page
    assert "src=" not in page
    survival = rows(out / "survival.csv")
    assert [row["energy"] for row in survival] == ["8", "12", "15", "18", "21", "24", "28", "34"]
    assert float(survival[0]["survival"]) > 0.95 > 0.05 > float(survival[-1]["survival"])
    assert float(survival[0]["lab_ev"]) == 32.0
    found = json.loads((out / "msms.json").read_text(encoding="utf-8"))["msms"]
    assert found["breakdown"]["e50"]["energy"] == pytest.approx(18.0, abs=0.2)
    assert found["leaving"]["interval"][0] < 0.40 < found["leaving"]["interval"][1]
    case = read_case(out / "case.resolved.toml")
    assert case.msms.cleavages == ("M(SR)2-, M2(SR)3-",)
    assert case.msms.gas == "Ar"
    assert not case.space.framework
    called = [row for row in rows(out / "fragments.csv") if row["called"] == "yes"]
    assert {row["ion"] for row in called} >= {"[Au12Ag31(p-MBA)28]3-", "[Ag(p-MBA)2]-"}
    assert alloyscope("msms", "--case", out / "case.resolved.toml", "--out", out).status == 2


def test_one_spectrum_has_fragments_and_no_curves(alloyscope, tmp_path):
    path, out = one_spectrum(tmp_path), tmp_path / "result"
    ran = alloyscope("msms", path, "--precursor", PRECURSOR, "--ligand", "p-MBA", "--depth", "1",
                     "--window", "2601-2604", "--no-figures", "--out", out)  # fmt: skip
    assert ran.status == 0, ran.err
    assert {path.name for path in out.iterdir()} == {
        "index.html", "fragments.csv", "descendants.csv", "msms.json", "case.resolved.toml",
    }  # fmt: skip
    assert "lets 66% of the precursor" in ran.out


def test_json_is_whole(alloyscope, tmp_path):
    ran = alloyscope("msms", one_spectrum(tmp_path), "--precursor", PRECURSOR, "--ligand", "p-MBA",
                     "--depth", "1", "--json")  # fmt: skip
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)["msms"]
    assert found["breakdown"] is None
    assert {"[Au12Ag31(p-MBA)28]3-"} <= {ion["ion"] for ion in found["spectra"][0]["ions"]}
    assert found["cannot_be_told"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--precursor", "[Ag44(SR)30]4-"), "m/z 2602.500 isolated"),
        (("--precursor", "Au12Ag32(SR)30"), 'such as "[Au12Ag32(SR)30]4-"'),
        (("--precursor", "[C7H6O2]-"), "a plain formula"),
        (("--precursor", "[Au12Ag32(SX)30]4-"), "precursor"),
        (("--precursor", PRECURSOR, "--cleavages", "Cl-"), "Cl-"),
        (("--precursor", PRECURSOR, "--cleavages", "Foo-"), "what leaves, with its charge"),
        (("--precursor", PRECURSOR, "--depth", "0"), "depth"),
        (("--precursor", PRECURSOR, "--depth", "9", "--cleavages",
          "M(SR)2-,M2(SR)3-,M(SR),RSSR,SR.,SR-,M+,CO2"), "ways to lose something"),
        (("--precursor", PRECURSOR, "--energy", "5"), "found 1; expected 8"),
        (("--precursor", PRECURSOR, "--window", "2700-2710"), "some of [Au12Ag32(p-MBA)30]4-"),
        (("--precursor", PRECURSOR, "--window", "2604-2601"), "the first must be below"),
        (("--precursor", "[Au11(PPh3)8Cl2]+"), "a negative spectrum"),
        ((), "no precursor"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(alloyscope, arguments, said):
    ran = alloyscope("msms", SERIES, "--ligand", "p-MBA", *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_files_that_are_no_tandem_spectra(alloyscope, tmp_path):
    assert "no file" in alloyscope("msms", "--precursor", PRECURSOR, "--ligand", "p-MBA").err
    missing = alloyscope("msms", tmp_path / "no.mzML", "--precursor", "[Ag44(p-MBA)30]4-")
    assert missing.status == 2
    assert "no such file" in missing.err
    empty = alloyscope("msms", tmp_path, "--precursor", "[Ag44(p-MBA)30]4-")
    assert "no spectra" in empty.err
    first = alloyscope("msms", EXAMPLE, "--precursor", "[Ag44(p-MBA)30]4-", "--depth", "1")
    assert first.status == 0
    assert "An MS1 spectrum" in first.out


def test_where_nothing_is_found_no_table_is_printed(alloyscope, tmp_path):
    asked = ("--ligand", "p-MBA", "--depth", "1")
    ran = alloyscope("msms", EXAMPLE, "--precursor", PRECURSOR, *asked)
    assert ran.status == 0, ran.err
    assert "Nothing of [Au12Ag32(p-MBA)30]4- is found, neither it nor any fragment" in ran.out
    assert "MS level 1" in ran.out
    assert "framework" not in ran.out
    assert "another ion was isolated" not in ran.out


def test_cleavages_of_the_users_own(alloyscope, tmp_path):
    case = tmp_path / "case.toml"
    case.write_text(
        f'[chemistry]\nthiolate = "p-MBA"\n[spectrum]\nfile = "{one_spectrum(tmp_path).name}"\n'
        f'[msms]\nprecursor = "{PRECURSOR}"\ndepth = 1\n'
        '[[msms.cleavage]]\nname = "[M3(SR)4]-"\npenalty = 1.5\nreason = "a trimeric motif"\n'
    )
    ran = alloyscope("msms", "--case", case, "--json")
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)["msms"]
    assert "[M3(SR)4]-" in found["cleavages"]
    assert "[M(SR)2]-" in found["cleavages"]
    listed = {ion["ion"]: ion["penalty"] for ion in found["considered"]}
    assert listed["[Au12Ag29(p-MBA)26]3-"] == 1.5
