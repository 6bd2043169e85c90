"""That the simulator's truth is true, and that the scorer measures it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from alloyscope.chemistry import Ion, isotope_table, parse_ion
from alloyscope.isotopes import distribution, envelope
from tests.recovery.instruments import Detector, Floats, Optics, pattern
from tests.recovery.mixtures import ACIDIC, Mixture
from tests.recovery.scorer import (
    CalledIon,
    binomial_interval,
    nats_apart,
    score,
    summary,
)
from tests.recovery.simulator import TINY, Simulated, observe, simulate

SEEDS = range(1000, 1036)


@cache
def simulated(seed: int) -> Simulated:
    return simulate(seed)


def recorded(s: Simulated) -> Floats:
    """Intensities at all points, with the zeros that were left out."""
    full = np.zeros(s.scene.lattice.mz.size)
    full[np.searchsorted(s.scene.lattice.mz, s.spectrum.mz)] = s.spectrum.intensity
    return full


def oracle(s: Simulated) -> list[CalledIon]:
    """Weighted least squares with the true ions, lines, calibration and noise."""
    if not s.truth:
        return []
    mean, _, variance = s.scene.response
    numbers = np.array([t.ions_expected for t in s.truth])
    scale = 1 / np.sqrt(np.maximum(np.diag(s.scene.fisher), 1e-30))
    inverse = np.linalg.pinv(s.scene.fisher * np.outer(scale, scale), rcond=1e-12, hermitian=True)
    pull = (recorded(s) - mean) / np.maximum(variance, TINY)
    numbers = numbers + scale * (inverse @ (scale * (s.scene.jacobian.T @ pull)))
    sds = scale * np.sqrt(np.maximum(np.diag(inverse), 0.0))
    total = numbers.sum()
    return [
        CalledIon(t.ion, float(n / total), float(sd / total))
        for t, n, sd in zip(s.truth, numbers, sds, strict=True)
        if n > 0 and (t.detectable or n > 3 * sd)
    ]


def test_an_oracle_finds_all_that_can_be_found_with_honest_errors() -> None:
    scores = [score(simulated(seed), oracle(simulated(seed))) for seed in SEEDS]
    found = summary(scores)
    assert found.recall == found.precision == 1.0
    assert found.n_false == 0
    assert found.decoys_clean == found.n_decoys
    assert found.n_with_sd > 500
    assert 0.93 < found.within_2sd < 0.975, found
    assert 0.63 < found.within_1sd < 0.74, found


def test_an_oracle_sees_the_true_distribution_where_all_is_detectable() -> None:
    every = [s for s in map(simulated, SEEDS) if s.truth and all(t.detectable for t in s.truth)]
    assert len(every) >= 5
    assert np.mean([score(s, oracle(s)).total_variation for s in every]) < 0.02


@pytest.mark.parametrize("seed", [1000, 1003])
def test_a_seed_is_one_spectrum(seed: int) -> None:
    one, other = simulated(seed), simulate(seed)
    assert np.array_equal(one.spectrum.mz, other.spectrum.mz)
    assert np.array_equal(one.spectrum.intensity, other.spectrum.intensity)
    assert one.truth == other.truth
    assert one.hints == other.hints
    assert not np.array_equal(one.spectrum.mz, simulated(seed + 1).spectrum.mz)


def test_intensities_scatter_about_what_is_expected_as_they_should() -> None:
    for s in map(simulated, SEEDS):
        mean, _, variance = s.scene.response
        off, pulls = recorded(s) - mean, (recorded(s) - mean) / np.sqrt(np.maximum(variance, TINY))
        assert abs(off.sum()) < 5 * np.sqrt(5 * variance.sum()), s.seed
        if s.scene.optics.kind == "TOF" and not np.isfinite(s.scene.detector.ceiling):
            bright = s.scene.signal.real > 0.3
            spread = np.mean(pulls[bright] ** 2) if bright.sum() > 50 else 1.0
            assert abs(spread - 1) < 0.1 + 6 / np.sqrt(bright.sum() + 50), s.seed


def test_ions_keep_the_charge_rule_and_their_acids() -> None:
    for s in map(simulated, SEEDS):
        assert sum(t.abundance for t in s.truth) == pytest.approx(1.0 if s.truth else 0.0)
        for t in s.truth:
            ion = t.ion
            assert ion.remark == ""
            assert ion.charge == ion.species.charge + ion.delta("Na") + ion.delta("H")
            acids = sum(n for ligand, n in ion.species.ligands if ligand.name in ACIDIC)
            assert -ion.delta("H") <= acids
            assert 1 <= abs(ion.charge) <= 8


@pytest.mark.parametrize("table", [None, "isospec"])
def test_patterns_agree_with_the_ones_of_alloyscope(table: str | None) -> None:
    ion = parse_ion("[Au12Ag32(p-MBA)27+3Na-4H]4-")
    mz, share = pattern(ion, table)
    peaks = distribution(ion.formula, isotope_table(table), prune=1e-6)
    tall = share > 1e-4
    at = np.argmin(np.abs(mz[tall][:, None] - peaks.mz(ion.charge)), axis=1)
    assert mz[tall] == pytest.approx(peaks.mz(ion.charge)[at], abs=1e-5)
    assert share[tall] == pytest.approx(peaks.probability[at], abs=1e-5)


def one_ion(text: str, number: float, **changes: object) -> Simulated:
    """One ion, alone in a TOF spectrum that counts it ion by ion."""
    ion = parse_ion(text)
    assert isinstance(ion, Ion)
    mz, _ = pattern(ion, None)
    ends = (float(mz[0] - 15), float(mz[-1] + 15))
    optics = Optics("TOF", "emg", 15000.0, 0.0, 0.0, 5.0, (0.0, 0.0, 0.0), ends[0], (ends,), None)
    mixture = Mixture("au44-ag44", "au44-ag44", ("p-MBA",), "negative", ("Au", "Ag"),
                      ((ion, 1.0),), (), ())  # fmt: skip
    return observe(np.random.default_rng(1), 1, mixture, replace(optics, **changes), number,
                   Detector("TDC", 1.0, chance=1e-4))  # fmt: skip


@pytest.mark.parametrize("tail", [0.3, 0.9])
def test_the_expected_signal_is_the_envelope_of_alloyscope_at_the_true_calibration(
    tail: float,
) -> None:
    calibration = (40.0, -3.0, 1.0)
    s = one_ion("[Au12Ag32(p-MBA)30]4-", 1e5, tail=tail, calibration=calibration)
    shown = s.scene.lattice.mz
    true = shown.copy()
    for _ in range(4):
        true = true * shown / s.scene.optics.shown(true)
    ion = s.truth[0].ion
    density = envelope(ion, 15000.0, shape="tailed", tail=tail).at(true)
    expected = 1e5 * density * np.gradient(true)
    assert s.scene.signal - 1e-4 == pytest.approx(expected, abs=2e-3 * expected.max())
    top = shown[np.argmax(s.scene.signal)]
    assert top == pytest.approx(envelope(ion, 15000.0).most_abundant_mz * (1 + 40e-6), rel=1.5e-5)


RIVALS = [
    ("[Au8Ag36(p-MBA)30]4-", "[Au7Ag36(p-MBA)31+2Na-2H]4-", 37),
    ("[Au20Ag24(p-MBA)27]3-", "[Au19Ag24(p-MBA)28+2Na-2H]3-", 51),
    ("[Au38Ag6(p-MBA)26-H]3-", "[Au37Ag6(p-MBA)27+2Na-3H]3-", 113),
    ("[Au8Ag36(p-MBA)30]4-", "[Au8Ag35(p-MBA)30+5Na-7H]4-", 25),
]


@pytest.mark.parametrize(("true", "rival", "nats"), RIVALS)
def test_rivals_are_as_far_apart_as_known_and_further_with_more_ions(
    true: str, rival: str, nats: float
) -> None:
    """Nats at 100 000 ions and R 15 000, from an independent computation of the same rule."""
    s = one_ion(true, 1e5)
    assert nats_apart(s, 0, parse_ion(rival)) == pytest.approx(nats, rel=0.1)
    assert nats_apart(s, 0, s.truth[0].ion) == pytest.approx(0.0, abs=1e-9)
    weak, wrong = one_ion(true, 2e3), CalledIon(parse_ion(rival), 1.0, 0.1)
    assert score(weak, [wrong]).precision == score(weak, [wrong]).recall == 1.0
    assert score(s, [wrong]).precision == score(s, [wrong]).recall == 0.0


def test_an_ion_too_weak_to_be_seen_excuses_no_rival() -> None:
    s = one_ion("[Au8Ag36(p-MBA)30]4-", 2.0)
    rival = CalledIon(parse_ion("[Au7Ag36(p-MBA)31+2Na-2H]4-"), 1.0)
    assert score(s, [rival]).precision == 0.0


def test_silence_and_uncertain_calls() -> None:
    s = next(
        s for s in map(simulated, SEEDS) if any(t.above_1pct and t.detectable for t in s.truth)
    )
    assert score(s, []).recall == score(s, []).precision == 0.0
    assert score(s, []).total_variation == 1.0
    doubtful = [replace(c, q_value=0.06) for c in oracle(s)]
    assert score(s, doubtful) == score(s, [])
    assert score(s, doubtful, q=0.1).recall == 1.0


def test_every_call_in_a_decoy_is_false() -> None:
    for seed in range(2000, 2004):
        s = simulate(seed, "decoy")
        assert s.truth == ()
        assert s.foreign
        assert s.hints.ligands
        assert s.spectrum.intensity.max() > 0
        ion = parse_ion("[Au12Ag32(p-MBA)30]4-")
        one = score(s, [CalledIon(ion, 1.0)])
        assert (one.precision, one.total_variation, len(one.false)) == (0.0, 1.0, 1)
        none = score(s, [])
        assert (none.precision, none.total_variation) == (1.0, 0.0)
        pooled = summary([one, none])
        assert (pooled.decoys_clean, pooled.n_decoys, pooled.false_share) == (1, 2, 1.0)


def test_kinds_can_be_chosen() -> None:
    assert {simulate(seed, "au25-ag25").system for seed in range(3)} == {"au25-ag25"}
    assert simulate(1, "other").truth
    with pytest.raises(ValueError, match="expected one of"):
        simulate(1, "au102")


def test_the_interval_of_a_share_is_clopper_and_pearsons() -> None:
    assert binomial_interval(0, 0) == (0.0, 1.0)
    assert binomial_interval(0, 20) == pytest.approx((0.0, 0.16843), abs=1e-4)
    assert binomial_interval(5, 20) == pytest.approx((0.08657, 0.49105), abs=1e-4)
