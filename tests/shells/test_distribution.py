import numpy as np
import pytest

from alloyscope.errors import SpeciationError
from alloyscope.shells.compare import compare_shells
from alloyscope.shells.distribution import LigandDistribution, counts_of, ligand_distribution
from alloyscope.shells.independence import joint_of, metal_and_ligand
from alloyscope.shells.series import shell_series
from alloyscope.shells.sites import ligand_sites, parse_sites, sites_of
from alloyscope.shells.statistics import binomial
from tests.shells.examples import mixed

SEEN = {(0, 3): 0.2, (1, 3): 0.1, (0, 4): 0.4, (0, 6): 0.3}


def test_a_distribution_sums_over_compositions_and_looks_between_and_beside():
    found = ligand_distribution(mixed(SEEN), "NTP")
    assert (found.framework, found.n_sites) == ("M44S30", 30)
    assert found.k.tolist() == [2, 3, 4, 5, 6, 7]
    assert found.fraction == pytest.approx([0, 0.3, 0.4, 0, 0.3, 0])
    assert found.mean == pytest.approx(4.3)
    assert np.sqrt(np.diag(found.joint))[[1, 2]] == pytest.approx([0.01 * 2**0.5, 0.01])
    assert np.sqrt(found.joint[3, 3]) == pytest.approx(0.5 * 0.1 * 2**0.5)


def test_errors_of_mean_and_width_are_those_of_small_changes():
    found = ligand_distribution(mixed(SEEN), "NTP")
    for what in ("mean", "dispersion"):
        slopes = []
        for j in range(found.k.size):
            changed = found.amount.copy()
            changed[j] += 1e-7
            other = LigandDistribution("NTP", "", 30, found.k, changed, found.joint)
            slopes.append((getattr(other, what) - getattr(found, what)) / 1e-7)
        expected = np.sqrt(np.array(slopes) @ found.joint @ np.array(slopes))
        assert getattr(found, f"{what}_sd") == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("more", "says"),
    [({"ligand": "PET"}, "ligand PET: found none"),
     ({"framework": "M25S18"}, "expected one of M44S30"),
     ({"framework": "M44S30", "ligand": "PET"}, "ligand PET: found none in M44S30")],
)  # fmt: skip
def test_what_is_not_there_is_refused(more, says):
    with pytest.raises(SpeciationError, match=says):
        ligand_distribution(mixed(SEEN), **({"ligand": "NTP"} | more))


@pytest.mark.parametrize(
    ("k", "n", "says"),
    [([0, 19], [1, 1], "found k = 19; expected 0 to 18"),
     ([-1, 2], [1, 1], "found k = -1"),
     ([0, 1], [5, -2], "-2 ions of k = 1"),
     ([0, 1], [1, np.nan], "an amount of nan"),
     ([0, 1], [0, 0], "add up to 0"),
     ([1, 1], [1, 2], "one twice"),
     ([], [], "no k")],
)  # fmt: skip
def test_distributions_that_cannot_be_are_refused(k, n, says):
    with pytest.raises(SpeciationError, match=says):
        counts_of(np.array(k, np.int64), np.array(n, float), 18)


def noisy(rng, sd=2.0):
    """A random shell on a baseline with noise, as measured or cut off at 0."""
    k = np.arange(19)
    amount = 400 * binomial(18, 0.25) + rng.normal(0.0, sd, k.size)
    return [LigandDistribution("L", "", 18, k, found, sd**2 * np.eye(k.size))
            for found in (amount, np.maximum(amount, 0.0))]  # fmt: skip


def test_amounts_that_noise_brings_below_0_leave_the_variance_unbiased():
    rng = np.random.default_rng(6)
    pairs = [noisy(rng) for _ in range(200)]
    wide, cut = (np.array([one.dispersion for one in kind]) for kind in zip(*pairs, strict=True))
    assert (pairs[0][0].amount < 0).any()
    assert abs(wide.mean() - 1.0) < 0.04
    assert cut.mean() > 1.1
    assert np.std(wide) == pytest.approx(np.mean([one.dispersion_sd for one, _ in pairs]), rel=0.15)


def test_amounts_far_below_0_are_no_noise():
    k, sd = np.arange(3), np.diag([0.01, 0.01, 0.01])
    LigandDistribution("L", "", 18, k, np.array([1.0, 2.0, -0.49]), sd)
    with pytest.raises(SpeciationError, match="above −5 sd, noise about 0"):
        LigandDistribution("L", "", 18, k, np.array([1.0, 2.0, -0.51]), sd)


def test_an_amount_needs_an_uncertainty():
    with pytest.raises(SpeciationError, match="an sd above 0"):
        LigandDistribution("L", "", 18, np.array([0, 1]), np.ones(2), np.diag([0.1, 0.0]))


def test_classes_of_ligand_sites_add_up():
    assert {name: sites.whole for name, sites in ligand_sites().items()} == {
        "M44S30": 30, "M25S18": 18, "M44S26": 26}  # fmt: skip
    assert ligand_sites()["M44S30"].counts == (6, 24)
    assert sites_of("M44S27") == 27
    with pytest.raises(SpeciationError, match="12"):
        parse_sites("12+x")


def test_independent_exchange_has_no_correlation():
    x, k = np.meshgrid(np.arange(4), np.arange(5), indexing="ij")
    amount = np.outer([0.1, 0.4, 0.3, 0.2], binomial(4, 0.5)).ravel()
    found = joint_of(x.ravel(), k.ravel(), amount, np.diag((0.05 * amount) ** 2), "Au", "L", "F")
    assert found.correlation == pytest.approx(0.0, abs=1e-12)
    assert found.chi2 == pytest.approx(0.0, abs=1e-6)
    assert found.freedom == 12
    assert "Nothing speaks against independent" in found.verdict


def test_exchange_that_goes_together_is_seen():
    amounts = {(x, k): float(np.exp(-abs(x - k))) for x in range(5) for k in range(1, 6)}
    found = metal_and_ligand(mixed(amounts, sd=0.03), "Au", "NTP", "M44S30")
    assert found.correlation > 0.3
    assert found.p_value < 1e-3
    assert "not exchanged independently: where there is more of one there is more" in found.verdict


def test_false_alarms_of_dependence_are_as_rare_as_said():
    rng, many, wrong, trend = np.random.default_rng(5), 120, 0, 0
    x, k = (grid.ravel() for grid in np.meshgrid(np.arange(3), np.arange(4), indexing="ij"))
    truth = np.outer([0.3, 0.4, 0.3], [0.2, 0.4, 0.3, 0.1]).ravel()
    own = np.diag((0.06 * truth) ** 2) + 0.1**2 * np.outer(truth, truth)
    for _ in range(many):
        amount = rng.multivariate_normal(truth, own)
        found = joint_of(x, k, amount, own, "Au", "L", "F")
        wrong += found.p_value < 0.05
        trend += found.p_correlation < 0.05
    assert 1 <= wrong <= 13
    assert 1 <= trend <= 13


def test_a_one_sided_shell_has_no_correlation():
    found = metal_and_ligand(mixed({(0, 3): 1.0, (1, 3): 1.0}), "Au", "NTP", "M44S30")
    assert np.isnan(found.correlation)
    assert "does not vary" in found.verdict


def halides(ratios, constant, n=5000, seed=2):
    rng = np.random.default_rng(seed)
    k = np.arange(31)
    return [
        counts_of(k, rng.multinomial(n, binomial(30, constant * r / (1 + constant * r)))
                  .astype(float), 30, "Cl", "M44S30")
        for r in ratios
    ]  # fmt: skip


def test_a_series_of_halides_gives_its_constant():
    ratios = (0.1, 0.2, 0.5, 1.0)
    found = shell_series(halides(ratios, 0.3), ratios, ratios)
    assert abs(found.constant.constant - 0.3) < 3 * found.constant.sd < 0.02
    assert found.p_constant > 0.01
    assert found.slope > 0
    assert "One constant fits all conditions" in found.verdict
    wrong = shell_series(halides(ratios, 0.3), ratios, (1.0, 0.5, 0.2, 0.1))
    assert "No one constant" in wrong.verdict


def test_a_series_that_does_not_change_is_said_not_to():
    found = shell_series(halides((0.2, 0.2, 0.2), 0.3), (0.0, 10.0, 20.0))
    assert found.constant is None
    assert "Nothing shows" in found.verdict


def test_two_conditions_have_a_difference_and_no_test_of_a_line():
    found = shell_series(halides((0.1, 0.4), 0.3), (1.0, 2.0), (0.1, 0.4))
    assert "rises from first to last (by " in found.verdict
    assert "two conditions test no line" in found.verdict
    assert "p < " not in found.verdict
    value, sd = found.verdict.split("K = ")[1].rstrip(".").split(" ± ")
    assert len(value) == len(sd)


def test_a_slope_has_a_unit():
    found = shell_series(halides((0.1, 0.2, 0.4), 0.3), (1.0, 2.0, 4.0))
    assert "per shell and unit of what was varied" in found.verdict


def test_two_alike_conditions_do_not_differ():
    found = shell_series(halides((0.2,), 0.3) * 2, (1.0, 2.0))
    assert "Nothing shows that the number of Cl changes (by 0.000 ± " in found.verdict


@pytest.mark.parametrize(("at", "free"), [((1.0,), ()), ((1.0, 1.0), ()), ((1.0, 2.0), (0.1,))])
def test_a_series_needs_conditions(at, free):
    with pytest.raises(SpeciationError, match="series"):
        shell_series(halides((0.1, 0.2), 0.3), at, free)


def test_shells_of_nearly_one_mass_are_not_judged_where_k_are_missing():
    found = compare_shells(ligand_distribution(mixed(SEEN), "NTP"))
    assert found.distribution.blurred
    assert found.kind == "not determined"
    assert "no verdict. The mean is rough, its error unknown" in found.verdict
    assert "0.995 Da" in found.distribution.notes[0]
    assert "error" not in found.distribution.notes[0]
    series = shell_series([found.distribution] * 2, (1.0, 2.0))
    assert "no trend is judged" in series.verdict


def test_shells_of_unlike_mass_are_judged_whatever_is_missing():
    assert not ligand_distribution(mixed(SEEN, ligand="Cl"), "Cl").blurred


def test_shells_of_nearly_one_mass_are_judged_where_none_is_missing():
    whole = {(0, k): float(p) for k, p in enumerate(binomial(30, 0.15)) if p > 1e-3}
    found = compare_shells(ligand_distribution(mixed(whole, sd=0.002), "NTP"))
    assert found.kind == "random"
