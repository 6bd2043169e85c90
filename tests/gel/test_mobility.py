from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alloyscope.chemistry import parse_species
from alloyscope.errors import GelError
from alloyscope.gel.conditions import MODELS, GelConditions, GelSpread
from alloyscope.gel.kernel import Settings, run_of
from alloyscope.gel.mobility import Sample, by_every_model, gel_mobility, mobilities
from alloyscope.gel.particle import bundled_table, particle_of
from tests.gel.samples import PAPER, PMBA, cluster

quick = settings(deadline=None, max_examples=30)


def au102(ionic_strength: float) -> tuple[float, float]:
    """Apparent pKa and Hill coefficient of Au102(p-MBA)44 by charge regulation."""
    ph = np.linspace(3, 11, 1601)
    at = GelConditions(ionisation="regulated", ionic_strength=ionic_strength)
    run = run_of(particle_of(parse_species("Au102(p-MBA)44")),
                 Settings.of(at, ph.size).changed(ph=ph))  # fmt: skip
    half = int(np.argmin(np.abs(run.ionised - 0.5)))
    odds = np.log10(run.ionised / (1 - run.ionised))
    return float(ph[half]), float(np.gradient(odds, ph)[half])


def test_regulation_foretells_the_pka_measured_on_au102():
    """Koivisto et al. 2016: 6.18 with a Hill coefficient of 0.64, where free p-MBA has 4.16."""
    pka, hill = au102(0.01)
    assert pka == pytest.approx(6.18, abs=0.25)
    assert 0.3 < hill < 0.64  # smeared charge is somewhat more anticooperative than measured
    assert au102(0.1)[0] < pka < au102(0.001)[0]


def test_charges_of_the_paper_s_clusters():
    run = {f: run_of(particle_of(cluster(f, 20)), Settings.of(GelConditions(ph=12.0)))
           for f in "ABC"}  # fmt: skip
    whole = {"A": -34, "B": -30, "C": -28}
    for name, charge in whole.items():
        assert run[name].charge[0] == pytest.approx(charge, abs=0.2)
        assert abs(run[name].effective[0]) < 0.8 * abs(charge)
    acid = run_of(particle_of(cluster("A", 20)), Settings.of(GelConditions(ph=0.0)))
    assert acid.charge[0] == pytest.approx(-4, abs=0.01)


def test_mass_of_what_moves_lacks_the_protons_given_away():
    particle = particle_of(cluster("A", 0))
    run = run_of(particle, Settings.of(GelConditions(ph=14.0)))
    assert particle.mass - run.mass[0] == pytest.approx(30 * 1.008, abs=0.1)


def test_size_of_core_and_shell():
    particle = particle_of(cluster("A", 0))
    assert particle.core_radius == pytest.approx(0.1 * (3 * 44 * 17.05 / (4 * np.pi)) ** (1 / 3))
    run = run_of(particle, Settings.of(GelConditions()))
    assert run.radius[0] == pytest.approx(particle.core_radius + 0.82)


def test_ntp_carries_no_charge():
    mixed = parse_species("[Ag44(p-MBA)25(NTP)5]4-")
    run = run_of(particle_of(mixed), Settings.of(GelConditions(ph=13.0)))
    assert run.charge[0] == pytest.approx(-29, abs=0.1)
    assert gel_mobility(mixed) < gel_mobility(cluster("A", 0))


def test_a_zwitterion_turns_round():
    cysteine = parse_species("Au25(GSH)18", PMBA)
    assert gel_mobility(cysteine, GelConditions(ph=8.3)) > 0
    assert gel_mobility(parse_species("Au25(CSA)18", PMBA), GelConditions(ph=5.0)) < 0


@quick
@given(st.integers(-8, -1), st.sampled_from(MODELS), st.sampled_from(["titrated", "regulated"]))
def test_more_charge_runs_faster(charge, model, ionisation):
    at = GelConditions(model=model, ionisation=ionisation)
    slow = parse_species(f"[Ag44(p-MBA)30]{-charge}-")
    fast = parse_species(f"[Ag44(p-MBA)30]{1 - charge}-")
    assert gel_mobility(slow, at) < gel_mobility(fast, at)


@quick
@given(st.integers(1, 14), st.sampled_from(MODELS))
def test_opposite_cores_run_opposite_ways(charge, model):
    at = GelConditions(model=model)
    one, other = (gel_mobility(parse_species(f"[Ag44(PET)30]{charge}{s}"), at) for s in "-+")
    assert one == pytest.approx(-other, rel=1e-9)


@quick
@given(st.floats(1, 12), st.floats(0.1, 2), st.sampled_from(["titrated", "regulated"]))
def test_a_higher_ph_never_slows_an_acid(ph, step, ionisation):
    low, high = (GelConditions(ph=p, ionisation=ionisation, model="charge-to-radius")
                 for p in (ph, ph + step))  # fmt: skip
    assert gel_mobility(cluster("A", 6), low) <= gel_mobility(cluster("A", 6), high) + 1e-9


@quick
@given(st.floats(1.0, 30), st.floats(0.5, 10))
def test_a_denser_gel_slows_all_by_fergusons_law(percent, step):
    at = GelConditions(model="ferguson", gel_percent=percent)
    more = replace(at, gel_percent=percent + step)
    species = cluster("B", 21)
    fall = np.log10(gel_mobility(species, at) / gel_mobility(species, more))
    retarded = run_of(particle_of(species), Settings.of(at)).retarded[0]
    assert fall == pytest.approx(retarded * step, rel=1e-6)


def test_no_gel_is_free_solution_in_the_limit():
    free = gel_mobility(cluster("B", 21), GelConditions(model="charge-to-radius"))
    thin = gel_mobility(cluster("B", 21), GelConditions(model="ferguson", gel_percent=1.0))
    assert 0.9 * free < thin < free


def test_relative_to_the_fastest_whatever_the_order_of_loading():
    found = mobilities(PAPER, draws=50, seed=3)
    turned = mobilities(PAPER[::-1], draws=50, seed=3)
    assert max(one.relative for one in found) == 1.0
    for one, other in zip(found, turned[::-1], strict=True):
        assert one.name == other.name
        assert one.relative == other.relative
        assert one.drawn == pytest.approx(other.drawn)
    assert np.array([one.drawn for one in found]).max() == 1.0


def test_draws_repeat_with_their_seed_and_not_otherwise():
    first, again, other = (mobilities(PAPER, draws=20, seed=s)[0].drawn for s in (1, 1, 2))
    assert (first == again).all()
    assert not (first == other).any()


def test_nothing_uncertain_draws_one_and_the_same():
    exact = GelSpread(*[0.0] * 8)
    for one in mobilities(PAPER, spread=exact, draws=5):
        assert one.drawn == pytest.approx([one.relative] * 5)


def test_species_stand_for_samples_of_one():
    (one,) = mobilities([cluster("A", 0)])
    assert one.name == "[Ag44(p-MBA)30]4-"
    assert one.relative == 1.0
    assert one.relative_sd == 0.0
    assert one.ionised == pytest.approx(0.958, abs=0.001)


def test_models_without_a_size_are_left_out_and_the_reason_said():
    species = parse_species("[Ag24Ir(p-MBA)18]-")
    found = by_every_model([species])
    assert list(found) == ["charge-to-mass"]
    assert "no size of Ir" in found["charge-to-mass"][0].remark
    with pytest.raises(GelError, match=r"charge-to-radius.*no size of Ir.*gel\.volumes"):
        gel_mobility(species, GelConditions(model="charge-to-radius"))
    own = bundled_table().with_own({"Ir": 14.1}, {}, {})
    assert len(by_every_model([species], table=own)) == 3


def test_a_neutral_sample_is_said_and_stays():
    found = mobilities([parse_species("Au25(PET)18"), cluster("A", 0)])
    assert found[0].value == 0.0
    assert found[0].remark == "neutral: does not move"
    assert found[0].ionised is None


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        ([], "no species"),
        ([parse_species("Au25(PET)18")], "stays in the well"),
        ([parse_species("[Ag29(DMSA)12]3-")], "no pKa of its 2 acid groups"),
        ([parse_species("(p-MBA)2")], "no metal"),
    ],
)
def test_what_does_not_run_is_said(samples, said):
    with pytest.raises(GelError, match=said):
        mobilities(samples)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ph": 20.0}, "gel pH: found 20; expected 0 to 14"),
        ({"gel_percent": 0.0}, "gel percentage: found 0 %; expected 1 to 50 %"),
        ({"gel_percent": 80.0}, "found 80 %"),
        ({"ionic_strength": float("nan")}, "found nan M"),
        ({"model": "mass"}, 'gel model: found "mass"'),
    ],
)
def test_conditions_that_no_gel_has(wrong, said):
    with pytest.raises(GelError, match=said.replace("(", r"\(")):
        GelConditions(**wrong)


def test_samples_without_members_or_with_wrong_amounts():
    with pytest.raises(GelError, match="0 species"):
        Sample("nothing", ())
    with pytest.raises(GelError, match="amounts"):
        Sample("two", (cluster("A", 0), cluster("A", 1)), (1.0, -1.0))
