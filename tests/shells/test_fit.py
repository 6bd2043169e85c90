import numpy as np
import pytest

from alloyscope.errors import SpeciationError
from alloyscope.shells.compare import compare_shells
from alloyscope.shells.distribution import LigandDistribution, counts_of
from alloyscope.shells.fit import fit_shell
from alloyscope.shells.models import MODELS
from alloyscope.shells.sites import parse_sites
from alloyscope.shells.statistics import (
    binomial,
    cooperative_shell,
    site_shell,
    two_populations,
)
from tests.recovery.shells import covered, verdicts

K = np.arange(19)


def expected(shell, n=1e5):
    """Counts without noise."""
    return counts_of(K, n * shell, 18, "NTP", "M25S18")


@pytest.mark.parametrize(
    ("model", "shell", "truth"),
    [("random", binomial(18, 0.25), {"mean": 4.5}),
     ("two-site", site_shell((12, 6), (0.1, 0.7)),
      {"mean": 5.4, "preference for staple apex": 0.7 / 0.3 * 9}),
     ("cooperative", cooperative_shell(18, 7.0, 0.9), {"mean": 7.0, "energy": 0.9}),
     ("two populations", two_populations(18, (2.0, 9.0), 0.4),
      {"mean of the first": 2.0, "mean of the second": 9.0, "share of the first": 0.4})],
)  # fmt: skip
def test_fits_find_what_made_a_distribution(model, shell, truth):
    fit = fit_shell(expected(shell), model)
    for name, value in truth.items():
        one = fit.parameter(name)
        assert one.value == pytest.approx(value, rel=1e-3)
        assert one.low < value < one.high
    assert fit.deviance < 1e-3
    assert fit.shell == pytest.approx(shell, abs=1e-5)


def test_amounts_and_counts_of_the_same_noise_say_the_same():
    shell = binomial(18, 0.3)
    n = 1e6 * shell
    kept = n > 100
    seen = LigandDistribution("NTP", "", 18, K[kept], n[kept], np.diag(n[kept]))
    by_amounts, by_counts = fit_shell(seen), fit_shell(counts_of(K[kept], n[kept], 18))
    assert by_amounts.parameter("mean").sd == pytest.approx(
        by_counts.parameter("mean").sd, rel=0.01
    )


def test_the_scale_of_amounts_and_an_error_of_it_change_nothing():
    rng = np.random.default_rng(4)
    p = binomial(18, 0.3)[1:12]
    own = np.diag((0.03 * p) ** 2)
    amount = rng.multivariate_normal(p, own)
    plain = LigandDistribution("NTP", "", 18, K[1:12], amount, own)
    shifted = LigandDistribution("NTP", "", 18, K[1:12], 7 * amount,
                                 49 * (own + 0.4**2 * np.outer(amount, amount)))  # fmt: skip
    one, other = fit_shell(plain), fit_shell(shifted)
    assert one.parameter("mean").value == pytest.approx(other.parameter("mean").value, rel=1e-4)
    assert one.deviance == pytest.approx(other.deviance, rel=0.01)


def test_which_class_is_preferred_is_left_open_where_it_is():
    fit = fit_shell(expected(site_shell((9, 9), (0.2, 0.6)), 2000), "two-site", parse_sites("9+9"))
    assert "does not tell which class" in fit.notes[0]
    one = fit.parameter("preference for class 2")
    assert one.low < 1 / 6 < 6 < one.high


@pytest.mark.parametrize(
    ("model", "sites", "says"),
    [("binary", None, '"binary"; expected one of random'),
     ("two-site", "18", "1 class of sites"),
     ("two-site", "12+7", "found 19 sites in all; expected 18")],
)  # fmt: skip
def test_models_that_cannot_be_are_refused(model, sites, says):
    with pytest.raises(SpeciationError, match=says.replace("+", r"\+")):
        fit_shell(expected(binomial(18, 0.3)), model, parse_sites(sites) if sites else None)


def test_a_framework_of_unknown_sites_leaves_the_two_site_model_out():
    n = np.random.default_rng(1).multinomial(3000, binomial(27, 0.3)).astype(float)
    found = compare_shells(counts_of(np.arange(28), n, 27, "NTP", "M44S27"))
    assert [fit.model for fit in found.fits] == [m for m in MODELS if m != "two-site"]
    assert "no known classes of ligand sites" in found.notes[0]


def test_more_than_two_classes_are_the_largest_against_the_rest():
    n = np.random.default_rng(1).multinomial(3000, binomial(26, 0.3)).astype(float)
    fit = fit_shell(counts_of(np.arange(27), n, 26, "NTP", "M44S26"), "two-site")
    assert "preference for all others" in {one.name for one in fit.parameters}


@pytest.mark.parametrize(
    ("shell", "kind", "words"),
    [(binomial(18, 0.3), "random", "Nothing speaks against random exchange"),
     (site_shell((12, 6), (0.1, 0.7)), "narrower",
      "unequal sites or repulsion of like ligands, which these data cannot tell apart"),
     (cooperative_shell(18, 6.0, 1.2), "broader", "broader, as by cooperativity"),
     (two_populations(18, (2.0, 9.0), 0.4), "broader", "exchanged to unequal extents")],
)  # fmt: skip
def test_verdicts_say_what_the_data_show(shell, kind, words):
    n = np.random.default_rng(3).multinomial(2000, shell).astype(float)
    found = compare_shells(counts_of(K, n, 18, "NTP", "M25S18"))
    assert found.kind == kind
    assert words in found.verdict


def test_the_random_shell_beside_a_distribution_has_the_measured_mean():
    # A fit weighs by errors: of two populations it meets the one that is better measured.
    shell = two_populations(18, (1.8, 10.8), 0.5)
    rng = np.random.default_rng(3)
    amount = 1000 * shell + rng.normal(0, 2, 19)
    seen = LigandDistribution("NTP", "M25S18", 18, K, amount, 4 * np.eye(19))
    found = compare_shells(seen, intervals=False)
    assert K @ found.expected == pytest.approx(seen.mean)
    assert found.expected == pytest.approx(binomial(18, seen.mean / 18), abs=1e-9)
    assert abs(found.random.parameter("mean").value - seen.mean) > 1
    assert found.distance == pytest.approx(0.5 * np.abs(shell - found.expected).sum(), abs=0.02)
    assert "of the shells would need another k to be random" in found.verdict


@pytest.mark.parametrize(
    ("k", "n"), [([4], [100.0]), ([4, 5], [60.0, 40.0]), ([0, 1, 2], [9, 0, 0])]
)
def test_few_shells_say_nothing(k, n):
    found = compare_shells(counts_of(np.array(k), np.array(n, float), 18, "NTP", "M25S18"))
    assert found.kind == "not determined"
    assert "Too few" in found.verdict
    assert found.as_json()["p_random"] is None


@pytest.mark.parametrize("model", ["random", "two-site", "cooperative"])
def test_intervals_hold_the_truth_as_often_as_they_say(model):
    for name, share in covered(model, 24, seed=11).items():
        assert share >= 0.83, name


def test_random_shells_are_seldom_called_anything_else():
    found = verdicts("random", 50, seed=12)
    assert found["random"] >= 44
