"""Scores into q-values: how many of the calls at least as good are false."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]


def error_probability(score: Floats) -> Floats:
    """Probability that a call of a score (nats over the best account without it) is false.

    A score is a difference of log posteriors, so the odds would be its exponential if the rivals
    were all known and the noise exactly so. They are not: measured on simulated spectra of known
    truth, the odds grow about half as fast (`validation/recovery.py`).
    """
    return np.asarray(1.0 / (1.0 + np.exp(np.clip(RATE * score - LEVEL, -50.0, 50.0))))


RATE, LEVEL = 0.5, 0.0
"""Share of a score that counts, and the score that is worth nothing."""

SPREAD = 0.6
"""Standard deviation of a decoy in the logarithm of its score."""

LEAST = 1e-5
"""Smaller q-values are not to be had: the model itself is not that sure."""


def _expected_above(score: Floats, decoy_score: Floats) -> Floats:
    """(n,) decoys to expect at each score or above.

    A handful of decoys says little of how far the next would reach, so each is spread out: by
    `SPREAD` in the logarithm of its score.
    """
    decoys = np.log(np.maximum(decoy_score[decoy_score > 0.0], 1.0))
    own = np.log(np.maximum(score, 1.0))
    return np.asarray(ndtr((decoys[None, :] - own[:, None]) / SPREAD).sum(axis=1))


def q_values(score: Floats, decoy_score: Floats) -> Floats:
    """(n,) share of false calls to expect among the calls of each score or better.

    score       : (n,) of the calls
    decoy_score : (n_decoys,) of the decoys that were called where they had the same chance

    False calls are expected for two reasons: signal of other origin that a target imitates, counted
    by decoys, and rivals among the targets, by `error_probability`.
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    rivals = np.cumsum(error_probability(ranked))
    # The last of equal scores counts for all of them.
    upto = np.searchsorted(-ranked, -ranked, side="right")
    others = _expected_above(ranked, decoy_score)
    share = (others + rivals[upto - 1]) / np.maximum(upto, 1)
    best = np.minimum.accumulate(share[::-1])[::-1]
    out = np.empty(score.size)
    out[order] = np.clip(best, LEAST, 1.0)
    return out
