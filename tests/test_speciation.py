"""Amounts of species, and what follows from them with its uncertainty."""

import numpy as np
import pytest

from alloyscope.chemistry import parse_species
from alloyscope.errors import SpeciationError
from alloyscope.speciation import Condition, Speciation, framework_of

NAMES = ("Au2Ag42(p-MBA)30", "Au5Ag39(p-MBA)30", "Au5Ag39(p-MBA)29Cl", "Au40Ag4(p-MBA)26",
         "Au43Ag(p-MBA)26")  # fmt: skip
AMOUNT = np.array([[0.2, 0.25, 0.05, 0.1, 0.4]])


def speciation(factor=None, variance=None, amount=AMOUNT, names=NAMES):
    species = tuple(parse_species(name) for name in names)
    shape = (1, len(species))
    return Speciation(
        species, (Condition("a"),), amount,
        np.zeros(shape) if variance is None else variance,
        np.zeros((*shape, 1)) if factor is None else factor,
        "ion counts", "all assigned ions",
    )  # fmt: skip


def test_frameworks_count_every_anionic_ligand_and_no_neutral_one():
    assert framework_of(parse_species("Au2Ag41(p-MBA)25Cl3")) == "M43S28"
    assert framework_of(parse_species("Au11(PPh3)7Cl3")) == "M11S3"


def test_distribution_sums_species_of_one_composition():
    one, two = speciation().distribution("Au")
    assert (one.framework, two.framework) == ("M44S30", "M44S26")
    assert one.x.tolist() == [2, 5]
    assert np.allclose(one.fraction, [0.4, 0.6])
    assert one.share == pytest.approx(0.5)
    assert one.mean_x == pytest.approx(3.8)
    assert one.ratio == pytest.approx(3.8 / 40.2)
    assert two.x.tolist() == [40, 43]
    assert two.mean_x == pytest.approx(42.4)


def test_several_metals_keep_compositions_apart():
    names = ("Au2Ag40Cu2(p-MBA)30", "Au2Ag41Cu(p-MBA)30", "Au3Ag41(p-MBA)30")
    seen = speciation(amount=np.array([[0.5, 0.25, 0.25]]), names=names)
    (apart,) = seen.distribution("Au", "Ag", "Cu")
    assert apart.counts.tolist() == [[2, 40, 2], [2, 41, 1], [3, 41, 0]]
    assert apart.x.tolist() == [2, 2, 3]
    assert np.allclose(apart.fraction, [0.5, 0.25, 0.25])
    (together,) = seen.distribution("Au")
    assert np.allclose(together.fraction, [0.75, 0.25])
    assert apart.mean_x == pytest.approx(together.mean_x)


def test_uncertainties_agree_with_many_draws():
    rng = np.random.default_rng(7)
    factor = rng.normal(0, 0.004, (1, 5, 3))
    variance = rng.uniform(0.5, 2.0, (1, 5)) * 1e-5
    seen = speciation(factor, variance)
    covariance = seen.covariance()
    assert np.allclose(seen.sd(), np.sqrt(np.diag(covariance)))
    draws = rng.multivariate_normal(AMOUNT[0], covariance, 4000)
    many = [speciation(amount=draw[None, :]).distribution("Au") for draw in draws]
    by_name = [{share.framework: share for share in one} for one in many]
    for share in seen.distribution("Au"):
        drawn = [one[share.framework] for one in by_name]
        for name in ("amount", "share", "mean_x", "ratio"):
            spread = np.std([getattr(one, name) for one in drawn])
            assert getattr(share, f"{name}_sd") == pytest.approx(spread, rel=0.06)
        spread = np.cov(np.array([one.fraction for one in drawn]).T)
        assert np.allclose(share.covariance, spread, atol=0.06 * spread.max())
        assert np.allclose(share.fraction_sd, np.sqrt(np.diag(share.covariance)))


def test_correlated_errors_of_all_amounts_leave_shares_alone():
    seen = speciation(factor=0.3 * AMOUNT[:, :, None])
    for share in seen.distribution("Au"):
        assert share.share_sd < 1e-9
        assert share.mean_x_sd < 1e-6


def test_a_framework_of_one_metal_has_no_ratio():
    (share,) = speciation(amount=np.array([[1.0]]), names=("Au44(p-MBA)26",)).distribution("Au")
    assert share.mean_x == 44
    assert share.ratio == float("inf")
    assert share.ratio_sd == float("inf")


def test_a_framework_without_amount_is_left_out():
    amount = np.array([[0.2, 0.25, 0.05, 0.0, 0.0]])
    assert [share.framework for share in speciation(amount=amount).distribution("Au")] == ["M44S30"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": AMOUNT[:, :4]},
        {"amount": AMOUNT[0]},
        {"factor": np.zeros((1, 5))},
        {"factor": np.zeros((2, 5, 1))},
        {"variance": np.full((1, 5), -1.0)},
        {"variance": np.full((1, 5), np.nan)},
        {"amount": np.full((1, 5), np.inf)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong):
    with pytest.raises(SpeciationError, match="speciation: found"):
        speciation(**wrong)
