"""`alloyscope shells` and mixed ligands in `simulate`, as they are typed."""

import csv
import json

import pytest
from click.testing import CliRunner

from alloyscope.cli.main import commands
from alloyscope.errors import AlloyscopeError

COUNTS = "k,amount\n2,21\n3,80\n4,205\n5,290\n6,240\n7,120\n8,44\n"
IONS = (
    "ion,framework,n_Au,n_Ag,n_p-MBA,n_NTP,charge,abundance,abundance_sd\n"
    "a,M25S18,25,0,15,3,-1,0.25,0.01\nb,M25S18,25,0,14,4,-1,0.4,0.01\n"
    "c,M25S18,24,1,14,4,-1,0.1,0.01\nd,M25S18,24,1,13,5,-1,0.25,0.01\n"
)


def run(*arguments):
    return CliRunner().invoke(commands, ["shells", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def counts(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(COUNTS, encoding="utf-8")
    return path


@pytest.fixture
def assigned(tmp_path):
    folder = tmp_path / "assigned"
    folder.mkdir()
    (folder / "ions.csv").write_text(IONS, encoding="utf-8")
    return folder


def test_a_table_of_counts_gives_a_folder_that_makes_itself_again(counts, tmp_path):
    out = tmp_path / "out"
    found = run(counts, "--framework", "M25S18", "--ligand", "NTP", "--counts", "--out", out)
    assert found.exit_code == 0
    assert "narrower" in found.output
    assert {"distribution.csv", "fit.csv", "shells.json", "index.html", "case.resolved.toml",
            "distribution.png", "distribution.svg"} == {p.name for p in out.iterdir()}  # fmt: skip
    rows = list(csv.DictReader((out / "distribution.csv").read_text().splitlines()))
    for column in ("fraction", "random", "model_fraction"):
        assert sum(float(row[column]) for row in rows) == pytest.approx(1.0, abs=1e-4)
    again = run("--case", out / "case.resolved.toml", "--out", tmp_path / "again")
    assert again.exit_code == 0
    assert (tmp_path / "again" / "fit.csv").read_text() == (out / "fit.csv").read_text()


def test_a_folder_of_assign_is_read_with_its_metals(assigned):
    found = json.loads(run(assigned, "--json").output)["shells"]["distributions"][0]
    assert (found["ligand"], found["framework"], found["n_sites"]) == ("NTP", "M25S18", 18)
    assert found["mean"] == pytest.approx(4.0)
    assert found["joint"]["metal"] == "Au"
    assert found["joint"]["correlation"] < 0
    assert any("independent" in note for note in found["notes"])


def test_files_along_a_series_have_a_trend(counts, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("k,amount,sd\n5,100,9\n6,200,9\n7,300,9\n8,200,9\n9,100,9\n", encoding="utf-8")
    counts.write_text("k,amount,sd\n2,100,9\n3,300,9\n4,200,9\n", encoding="utf-8")
    out = tmp_path / "out"
    found = run(counts, other, "--sites", "12+6", "--ligand", "Cl", "--at", 0.1, "--at", 1,
                "--free-ratio", 0.1, "--free-ratio", 1, "--no-figures", "--out", out)  # fmt: skip
    assert found.exit_code == 0
    assert "The mean number of Cl rises" in found.output
    assert len((out / "series.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [("k,amount,sd\n3,1,0.1\n4,-0.6,0.1\n", ("--sites", "18"),
      "an amount of -0.6 ± 0.1 of k = 4; expected amounts above −5 sd"),
     ("k,amount\n3,1\n4,-1\n", ("--sites", "18"), "no column sd; expected 1 sd of every amount. "
      "Give it, the noise"),
     ("k,amount\n3,10\n4,-1\n", ("--sites", "18", "--counts"), "-1 ions of k = 4"),
     ("k,amount,sd\n3,1,0.1\n4,1,-0.1\n", ("--sites", "18"), 'row 2 sd: found "-0.1"'),
     ("k,amount,sd\n3,1,0.1\n19,1,0.1\n", ("--sites", "18"), "found k = 19; expected 0 to 18"),
     ("k,amount,sd\n3,1,0.1\n4,x,0.1\n", ("--sites", "18"), 'row 2 amount: found "x"'),
     ("k,amount,sd\n3,0,0.1\n4,0,0.1\n", ("--sites", "18"), "add up to 0"),
     ("k,amount\n3,1\n4,1\n", ("--sites", "18"), "no column sd"),
     ("k,amount,sd\n3,1,0\n4,1,0.1\n", ("--sites", "18"), "an sd above 0"),
     ("k,amount,sd\n3,1,\n4,1,0.1\n", ("--sites", "18"), 'row 1 sd: found ""'),
     ("k,amount,sd\n3.5,1,0.1\n", ("--sites", "18"), 'row 1 k: found "3.5"'),
     ("k,amount,sd\n3,1,0.1\n3,1,0.1\n", ("--sites", "18"), "one twice"),
     ("k,amount,sd\n3,1,0.1\n4,1,0.1\n", (), "no number of sites"),
     ("k,amount,sd\n3,1,0.1\n4,1,0.1\n", ("--sites", "x"), '"x"'),
     ("k,amount,sd\n3,1,0.1\n4,1,0.1\n", ("--sites", "18", "--model", "two-site"),
      "no known classes"),
     ("k,amount,sd\n3,1,0.1\n4,1,0.1\n", ("--sites", "18", "--at", "1", "--at", "2"),
      "2 numbers for 1 files"),
     ("k,amount,sd\n3,1,0.1\n4,1,0.1\n", ("--sites", "18", "--at", "1"), "two or more"),
     ("k,amount,sd\n", ("--sites", "18"), "no rows"),
     ("a,b\n1,2\n", ("--sites", "18"), "columns a, b"),
     (IONS, ("--ligand", "PET"), "no PET"),
     (IONS, ("--framework", "M44S30"), "no NTP in a framework M44S30"),
     (IONS.replace(",3,-1", ",0,-1").replace(",4,-1", ",0,-1").replace(",5,-1", ",0,-1"), (),
      "1 kinds of ligand")],
)  # fmt: skip
def test_bad_input_is_one_clear_line(tmp_path, text, options, says):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AlloyscopeError) as error:
        run(path, *options)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_without_ions_is_said_to_be_one(tmp_path):
    with pytest.raises(AlloyscopeError, match=r"a folder without ions\.csv"):
        run(tmp_path)
    with pytest.raises(AlloyscopeError, match="No such file"):
        run(tmp_path / "none.csv")
    with pytest.raises(AlloyscopeError, match="no file"):
        run()


def test_one_k_says_nothing_and_says_so(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("k,amount,sd\n4,1,0.1\n", encoding="utf-8")
    found = run(path, "--framework", "M25S18")
    assert found.exit_code == 0
    assert "Too few different shells" in found.output


MIX = ("simulate", "--case", "au44-ag44", "--ligand", "p-MBA", "--ratio", "3:1",
       "--times", "2min,20h")  # fmt: skip


def test_mixed_ligands_are_simulated_and_written(tmp_path):
    out = tmp_path / "out"
    found = CliRunner().invoke(
        commands, [*MIX, "--mixed", "Ag44: 30 NTP", "--out", str(out)], catch_exceptions=False
    )
    assert found.exit_code == 0
    assert "NTP per cluster fed: 30 in Ag44" in found.output
    rows = list(csv.DictReader((out / "shells.csv").read_text().splitlines()))
    for time in {row["time_min"] for row in rows}:
        held = [row for row in rows if row["time_min"] == time]
        whole, foreign = (sum(float(row[key]) for row in held) for key in ("ligands", "foreign"))
        assert whole == pytest.approx(3 / 4 * 26 + 1 / 4 * 30, rel=1e-6)
        assert foreign == pytest.approx(1 / 4 * 30, rel=1e-6)
    assert (out / "shells.png").exists()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "Mixed ligands" in page
    for text in (found.output, page):
        assert "Where NTP is" in text
    line = next(line for line in found.output.split("Where NTP is")[1].splitlines()
                if line.strip().startswith("20 h"))  # fmt: skip
    shares = [float(part) for part in line.split()[2:]]
    last = [row for row in rows if row["time_min"] == "1200"]
    whole = sum(float(row["foreign"]) for row in last)
    assert shares == pytest.approx([100 * float(r["foreign"]) / whole for r in last], abs=0.06)


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--mixed", "Ag44 5 NTP"), '"Ag44: 5 NTP"'),
     (("--mixed", "Ag44: x NTP"), "a number of ligands"),
     (("--mixed", "Ag44: 31 NTP"), "0 to 30"),
     (("--mixed", "Ag25: 5 NTP"), "no parent of this name"),
     (("--mixed", "Ag44: 5 NTQ"), "NTQ"),
     (("--mixed", "Ag44: 5 p-MBA"), "the reaction's own ligand"),
     (("--mixed", "Ag44: 5 NTP", "--mixed", "Au44: 5 PET"), "one foreign ligand"),
     (("--half-life", "2min", "--mixed", "Ag44: 5 NTP", "--add", "1 Au44 @ 1h"), "direct mixing"),
     (("--half-life", "soon", "--mixed", "Ag44: 5 NTP"), "soon")],
)  # fmt: skip
def test_mixed_ligands_that_cannot_be_are_refused(options, says):
    with pytest.raises(AlloyscopeError) as error:
        CliRunner().invoke(commands, [*MIX, *options], catch_exceptions=False)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
