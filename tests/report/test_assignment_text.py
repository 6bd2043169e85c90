"""The assignment in words."""

from rich.console import Console

from alloyscope.report.assignment_text import assignment_text
from tests.assignment.example import assigned, example, family, nothing, reported


def said(found, aliases=None):
    console = Console(width=160, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(assignment_text(reported(found, aliases)))
    return capture.get()


def test_everything_a_chemist_asks_first_is_there():
    text = said(example(), {"M44S27": "B"})
    lines = text.splitlines()
    assert lines[0] == "36 ions of the search space called, 99% of the signal explained."
    assert "calibration +6.00 ± 0.20 ppm at m/z 2500, drift +1.50 ± 0.30 ppm per 1000" in text
    assert "resolving power 13000 ± 130 at m/z 2500; chi2 1.02" in text
    (framework,) = [line for line in lines if line.startswith("M44S27 (B)")]
    assert "29.08" in framework
    assert "21.5000 ± 0.0029" in framework
    assert "0.95556" in framework
    (ion,) = [line for line in lines if line.startswith("[Au5Ag39(p-MBA)30]4-")]
    assert "2446.5402" in ion
    assert "8.349 ± 0.034" in ion
    assert (
        "[Au5Ag39(p-MBA)30+Na-H]4- cannot be told from [Au4Ag40(p-MBA)31+3Na-3H]4- (odds 3:1)"
        in text
    )
    assert "m/z 3100.7000, charge 2-, height 300 (150 times the noise)" in text
    assert "m/z 2475.3000, charge not seen" in text
    assert "note: 3 points were not finite" in text
    assert "note: The file's 5 ppm" in text


def test_a_long_list_is_cut_and_says_so():
    ions = family(44, 30, range(0, 13), -4, -4, 3, centre=5, width=4, total=2e4)
    text = said(assigned(ions))
    assert len(ions) == 52
    assert sum(line.startswith("[Au") or line.startswith("[Ag") for line in text.splitlines()) == 40
    assert "and 12 more: see ions.csv" in text


def test_nothing_found_is_said_first():
    text = said(nothing())
    assert text.startswith("Nothing of this search space is present.\n")
    assert "framework" not in text
    assert "m/z 2222.2000" in text


def test_a_pure_framework_has_no_ratio_of_metals():
    text = said(assigned({"[Au44(p-MBA)26]4-": 900.0, "[Ag44(p-MBA)30]4-": 900.0}))
    assert "all Au" in text
    assert "inf" not in text
