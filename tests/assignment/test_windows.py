"""Windows drawn from known ions come back as those ions, and odds are as sober as they can be."""

import numpy as np
import pytest

from alloyscope.assignment import Framework, IonListing, SearchSpace
from alloyscope.assignment.windows import rank_windows
from alloyscope.chemistry import default_vocabulary, parse_ion
from alloyscope.errors import SpectrumError
from alloyscope.isotopes import envelope
from alloyscope.spectra import Acquisition, ProfileSpectrum

WORDS = default_vocabulary()
SPACE = SearchSpace(
    ("Au", "Ag"), (WORDS.ligand("MHA"),), (Framework("M25S18", 25, 18, -1, cations=9),),
    charges=(-3, -4, -5, -6), cations=((WORDS.adduct_names["Na"], 9),),
)  # fmt: skip
STRONG = ("[Au19Ag6(MHA)18-3H]4-", "[Au20Ag5(MHA)18-3H]4-", "[Au18Ag7(MHA)18-2H]3-",
          "[Au19Ag6(MHA)18-2H]3-", "[Au20Ag5(MHA)18-2H]3-")  # fmt: skip
WEAK = "[Au19Ag6(MHA)18-4H]5-"
RIVAL = "[Au18Ag7(MHA)18+4Na-8H]5-"
"""18 ppm from WEAK and of nearly the same shape."""


def window(text, offset=-12.0, counts=3000.0, power=15000.0, seed=1):
    """A zoomed envelope of so many ions, with the height that a figure gives it."""
    lines = envelope(parse_ion(text), power)
    tall = lines.mz[lines.probability > 0.02 * lines.probability.max()]
    mz = np.arange(tall[0] - 0.2, tall[-1] + 0.2, tall[0] / power / 7)
    mean = counts * lines.at(mz / (1 + offset * 1e-6)) * (mz[1] - mz[0])
    signal = np.random.default_rng(seed).poisson(mean + 0.05).astype(float)
    return ProfileSpectrum(mz, signal * 30.0 / signal.max(), Acquisition(text, "made"))


def odds(ranked, text):
    return sum(m.odds for m in ranked.members if m.ion == parse_ion(text))


def test_every_window_shows_its_ion():
    windows = [window(text, seed=k) for k, text in enumerate(STRONG)]
    for text, ranked in zip(STRONG, rank_windows(windows, SPACE), strict=True):
        assert ranked.source == text
        assert ranked.members[0].ion == parse_ion(text)
        assert ranked.members[0].framework == "M25S18"
        assert odds(ranked, text) > 0.95
        assert ranked.offset_ppm == pytest.approx(-12.0, abs=2.0)
        assert ranked.resolving_power == pytest.approx(15000, rel=0.15)
        assert ranked.likeness > 0.8
        assert ranked.effective_points <= len(windows[0])


def test_a_common_calibration_settles_what_a_weak_window_leaves_open():
    weak = window(WEAK, counts=150.0)
    (alone,) = rank_windows([weak], SPACE, shared=False)
    assert {parse_ion(WEAK), parse_ion(RIVAL)} <= {m.ion for m in alone.leading(1000.0)}
    windows = [window(text, seed=k) for k, text in enumerate(STRONG)]
    shared = rank_windows([*windows, weak], SPACE)[-1]
    assert [m.ion for m in shared.leading()] == [parse_ion(WEAK)]
    assert odds(shared, RIVAL) < 0.3 * odds(alone, RIVAL)


def test_odds_are_as_often_right_as_they_say():
    """Of many weak windows, the true ion's probability is on average what it ought to be."""
    found = [
        rank_windows([window(WEAK, 0.0, counts=120.0, seed=seed)], SPACE, shared=False)[0]
        for seed in range(12)
    ]
    claimed = np.mean([ranked.members[0].odds for ranked in found])
    right = np.mean([ranked.members[0].ion == parse_ion(WEAK) for ranked in found])
    assert right > claimed - 0.25


def test_a_list_will_do():
    listing = IonListing((parse_ion(WEAK), parse_ion(RIVAL)))
    (ranked,) = rank_windows([window(WEAK, 0.0)], listing, shared=False)
    assert ranked.members[0].ion == parse_ion(WEAK)
    assert sum(m.odds for m in ranked.members) == pytest.approx(1.0, abs=1e-3)


def test_a_window_without_candidates_is_refused():
    grid = np.arange(500.0, 503.0, 0.01)
    empty = ProfileSpectrum(grid, np.exp(-((grid - 501.5) ** 2) / 1e-3), Acquisition("b", "made"))
    with pytest.raises(SpectrumError, match=r"no ion of the search space at m/z 500\.0 to 503\.0"):
        rank_windows([window(WEAK), empty], SPACE)
    assert rank_windows([], SPACE) == ()
