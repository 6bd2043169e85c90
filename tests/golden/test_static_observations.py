"""What Lin, Cao, Yao and Xie, Chem. Sci. 13, 4598 (2022), doi 10.1039/d1sc06296d, state of single
species and need no reaction to be computed.

SR = p-MBA; A = [M44(SR)30]4-, B = [M44(SR)27]3-, C = [M44(SR)26]2-, x the number of Au. `ELSEWHERE`
names the files beside this one that hold the others. What cannot be computed stands in
`NOT_COMPUTED`, with the reason; `test_every_static_observation_is_accounted_for` holds these lists
to that of the paper's statements.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from alloyscope.chemistry import Ion, default_vocabulary, electron_count, parse_ion, parse_species
from alloyscope.chemistry.closed_shell import closed_shell
from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.mobility import by_every_model, gel_mobility
from alloyscope.gel.order import pair_orders
from alloyscope.isotopes import distribution
from tests.gel.samples import PAPER as LOADED
from tests.gel.samples import sample

STATED = Path(__file__).resolve().parents[2].parent / "shared/data/paper/observations-direct.toml"
PMBA = default_vocabulary().binding("p-MBA")
FRAMEWORKS = {"A": (30, 4), "B": (27, 3), "C": (26, 2)}

ELECTRONS = {"s08": ("A", 18), "s09": ("B", 20), "s10": ("C", 20)}
"""Text of the paper."""

ORDER = ("C x=44", "C alloy", "B", "A")
"""Fig S12, s20, from the slowest in PAGE to the fastest; mobility rises with the share of Ag."""

MATCHES = [
    # id, figure, ion, tallest peak as three other programs give it (see test_paper_mz.py), window
    ("s25", "2e, S2", "[Au12Ag32(SR)30]4-", 2602.6481, (2590, 2620)),
    ("s26", "2f, S5", "[Au21Ag23(SR)27]3-", 3584.0478, (3500, 3700)),
    ("s27", "2g, S4", "[Au43Ag(SR)26-H]3-", 4186.1636, (4170, 4200)),
]
"""Measured and simulated envelopes that agree. Of s26 the window is that of Fig 2d; the others are
wider than an envelope and narrower than the steps to the next x on either side."""

NTP = (0, 3, 5, 9)
"""Figs S10 and S11, s28: ligands of A that are NTP."""

COMPUTED = {*ELECTRONS, "s20", *(name for name, *_ in MATCHES), "s28"}
ELSEWHERE = {
    "test_paper_mz.py": {"s03", "s04", "s05", "s06", "s07", "s23", "s24"},
    "test_fragments.py": {"s21", "s22"},
}
REFERENCE = "no spectrum is computed: reference data, held to its source by test_paper_bands.py"
LIKENESS = "likeness of measured absorption spectra, which are not published as numbers"
NOT_COMPUTED = {
    **dict.fromkeys(("s01", "s02", "s13", "s14"), REFERENCE),
    **dict.fromkeys(("s15", "s16", "s17", "s18", "s19"), LIKENESS),
    **dict.fromkeys(("s11", "s12"), "a colour in words, computed only from a measured spectrum"),
}


def ion(text: str) -> Ion:
    found = parse_ion(text, PMBA)
    assert isinstance(found, Ion)
    assert found.remark == ""
    return found


def cluster(framework: str, x: int) -> str:
    ligands, charge = FRAMEWORKS[framework]
    metals = "".join(f"{m}{n}" for m, n in (("Au", x), ("Ag", 44 - x)) if n)
    return f"[{metals}(SR){ligands}]{charge}-"


@pytest.mark.parametrize(("framework", "electrons"), ELECTRONS.values())
def test_electrons_of_a_framework_whatever_its_metals(framework, electrons):
    for x in range(45):
        assert electron_count(ion(cluster(framework, x))) == electrons
    assert closed_shell(electrons).closed


MODELS = by_every_model(LOADED, draws=400, seed=1)


def test_mobility_rises_from_c_to_a_by_charge_to_mass():
    assert tuple(one.name for one in LOADED) == ORDER
    found = MODELS["charge-to-mass"]
    assert [one.name for one in sorted(found, key=lambda one: one.value)] == list(ORDER)
    orders = pair_orders(found, 0.005)
    assert [(p.slower, p.faster) for p in orders if p.verdict == "certain"] == [
        (slow, fast) for k, slow in enumerate(ORDER) for fast in ORDER[k + 1 :]
    ]


def test_mobility_rises_with_the_share_of_silver_by_charge_to_mass():
    series = [("C", x) for x in range(44, 38, -1)] + [("B", x) for x in range(24, 18, -1)]
    series += [("A", x) for x in range(12, -1, -1)]
    values = [gel_mobility(sample("", f, x).members[0]) for f, x in series]
    assert (np.diff(values) > 0).all()


@pytest.mark.parametrize("model", ["charge-to-radius", "ferguson"])
@pytest.mark.parametrize("ionisation", ["titrated", "regulated"])
@pytest.mark.parametrize("potential", ["poisson-boltzmann", "debye-hueckel"])
def test_b_runs_between_c_and_a_by_size_too(model, ionisation, potential):
    at = GelConditions(model=model, ionisation=ionisation, potential=potential)
    c, b, a = (gel_mobility(sample("", f, x).members[0], at)
               for f, x in (("C", 42), ("B", 21), ("A", 12)))  # fmt: skip
    assert c < b < a


def test_size_alone_does_not_part_c_alloys_from_c():
    """What no model of size explains is said to be a tie, not an order."""
    for model in ("charge-to-radius", "ferguson"):
        pairs = {frozenset((p.slower, p.faster)): p for p in pair_orders(MODELS[model], 0.005)}
        assert pairs[frozenset(("C x=44", "C alloy"))].verdict == "tied"


@pytest.mark.parametrize(("text", "mz", "window"), [case[2:] for case in MATCHES])
def test_a_simulated_envelope_lies_where_it_was_measured(text, mz, window):
    seen = ion(text)
    peaks = distribution(seen.formula, prune=1e-9)
    places = peaks.mz(seen.charge)
    assert places[np.argmax(peaks.probability)] == pytest.approx(mz, abs=1e-3)
    held = (places > window[0]) & (places < window[1])
    assert peaks.probability[held].sum() > 0.999
    # Envelopes of many Ag and Au are smooth: one tooth each nucleon, 1 / z apart.
    strong = peaks.probability > 0.02 * peaks.probability.max()
    assert np.diff(places[strong]) == pytest.approx(1 / abs(seen.charge), rel=0.005)


def test_c_of_43_and_of_42_gold_atoms_are_both_told_in_one_figure():
    (high, low) = (
        distribution(ion(f"[Au{x}Ag{44 - x}(SR)26-H]3-").formula).mz(-3) for x in (43, 42)
    )
    assert high.min() - low.max() > 5  # neither envelope reaches the other
    mean = [float(np.mean(mz)) for mz in (high, low)]
    assert mean[0] - mean[1] == pytest.approx((196.9666 - 107.8682) / 3, abs=1.0)


@pytest.mark.parametrize(
    ("framework", "x", "tail"), [("A", 12, ""), ("B", 21, ""), ("C", 43, "-H")]
)
def test_an_envelope_is_that_of_no_neighbour(framework, x, tail):
    """One Au more or less is further away than the envelope is wide."""
    charge = FRAMEWORKS[framework][1] + (tail == "-H")

    def centre_and_width(gold: int) -> tuple[float, float]:
        body = cluster(framework, gold)[1:].split("]")[0]
        peaks = distribution(ion(f"[{body}{tail}]{charge}-").formula)
        mz = peaks.mz(-charge)
        centre = float(mz @ peaks.probability)
        return centre, float(np.sqrt((mz - centre) ** 2 @ peaks.probability))

    centre, width = centre_and_width(x)
    for step in (-1, 1):
        away = abs(centre_and_width(x + step)[0] - centre)
        assert away == pytest.approx((196.9666 - 107.8682) / charge, abs=0.01)
        assert away > 10 * width


@pytest.mark.parametrize("n", NTP)
def test_ligands_do_not_change_the_electrons_of_a(n):
    """s28: the fate of A hardly depends on its ligands, as far as electrons decide it."""
    shell = f"(p-MBA){30 - n}" + (f"(NTP){n}" if n else "")
    species = parse_species(f"[Ag44{shell}]4-")
    assert electron_count(species) == 18
    charges = 30 - n
    assert gel_mobility(species, GelConditions(ph=13.0)) == pytest.approx(
        1e3 * (charges + 4) / (species.formula.average_mass() - 1.008 * charges), rel=0.01
    )


def listed() -> list[dict]:
    if not STATED.exists():
        pytest.skip("the list of what the paper reports is not beside this checkout")
    whole = tomllib.loads(STATED.read_text(encoding="utf-8"))["observation"]
    return [entry for entry in whole if entry["split"] == "static"]


def test_every_static_observation_is_accounted_for():
    homes = [COMPUTED, *ELSEWHERE.values(), set(NOT_COMPUTED)]
    named = set().union(*homes)
    assert len(named) == sum(len(home) for home in homes) == 28
    assert {entry["id"] for entry in listed()} == named


def test_kinds_that_can_be_computed_are():
    for entry in listed():
        uncomputed = entry["id"] in NOT_COMPUTED
        assert uncomputed == (entry["kind"].startswith("uvvis") or entry["kind"] == "colour")


def test_values_here_are_those_of_the_list():
    for entry in listed():
        if entry["kind"] == "electron_count":
            assert ELECTRONS[entry["id"]] == (entry["framework"], entry["value"])
        if entry["kind"] == "mobility_order":
            assert tuple(entry["order"]) == ORDER
        if entry["kind"] == "isotope_match":
            assert entry["id"] in {name for name, *_ in MATCHES}
        if entry["kind"] == "ligand_effect":
            assert ",".join(map(str, NTP)) in entry["value"]


@pytest.mark.parametrize("name", [*ELSEWHERE, "test_paper_bands.py"])
def test_tests_named_elsewhere_are_there(name):
    assert (Path(__file__).parent / name).is_file()
