"""How many foreign ligands k a shell of N sites holds, under each model; arrays in, arrays out.

Every function returns (N + 1,) probabilities of k = 0 ... N.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from alloyscope.errors import SpeciationError, message

Floats = NDArray[np.float64]
NEWTON_STEPS = 60


def random_shell(n_sites: int, mean: float) -> Floats:
    """Binomial: every site holds a foreign ligand with the same probability, mean / N.

    n_sites : N, 1 or more
    mean    : foreign ligands per shell, 0 to N
    Raises SpeciationError for a mean that N sites cannot have.

    >>> random_shell(2, 1.0).tolist()
    [0.25, 0.5, 0.25]
    """
    if n_sites < 1 or not 0.0 <= mean <= n_sites:
        raise SpeciationError(
            message("shell", found=f"a mean of {mean:g} on {n_sites} sites",
                    expected="at least one site, and a mean between 0 and their number")
        )  # fmt: skip
    return binomial(n_sites, mean / n_sites)


def binomial(n_sites: int, occupied: float) -> Floats:
    """Binomial probabilities where a site is occupied with this probability."""
    k = np.arange(n_sites + 1)
    logs = placements(n_sites) + xlogy(k, occupied) + xlogy(n_sites - k, 1.0 - occupied)
    return np.asarray(np.exp(logs), np.float64)


def placements(n_sites: int) -> Floats:
    """(N + 1,) ln of the ways to place k ligands on N sites."""
    k = np.arange(n_sites + 1)
    return np.asarray(gammaln(n_sites + 1) - gammaln(k + 1) - gammaln(n_sites - k + 1), np.float64)


def site_shell(counts: Sequence[int], occupied: Sequence[float]) -> Floats:
    """Sum of independent binomials: classes of sites, each with an occupation of its own.

    counts   : (n_classes,) sites of each class
    occupied : (n_classes,) probability that a site of it holds a foreign ligand
    """
    found = np.ones(1)
    for n, probability in zip(counts, occupied, strict=True):
        found = np.convolve(found, binomial(n, float(probability)))
    return found


def occupations(constants: Sequence[float] | Floats, ratio: float) -> Floats:
    """(n_classes,) occupation of sites with exchange constants K at free foreign over own ligand.

    theta = K r / (1 + K r).
    """
    bound = np.asarray(constants, float) * ratio
    return np.asarray(np.where(np.isinf(bound), 1.0, bound / (1.0 + np.where(np.isinf(bound), 0.0,
                                                                              bound))))  # fmt: skip


def cooperative_shell(n_sites: int, mean: float, energy: float) -> Floats:
    """Mean-field cooperativity: each pair of unlike ligands costs energy / (N - 1).

    p(k) ~ binom(N, k) e^(a k - J k (N - k) / (N - 1)), a such that the mean is as stated.
    energy : J in kT; above 0 like prefers like, which broadens, below 0 narrows
    """
    k = np.arange(n_sites + 1)
    if not 0.0 < mean < n_sites:
        return np.asarray(k == round(mean), np.float64)
    pairs = k * (n_sites - k) / max(n_sites - 1, 1)
    return tilted(np.exp(_spanned(placements(n_sites) - energy * pairs)), mean)


def _spanned(logs: Floats) -> Floats:
    """Logarithms from 0 down to where exponentials would vanish."""
    return np.asarray(np.maximum(logs - logs.max(), -600.0))


def tilted(weight: Floats, mean: float) -> Floats:
    """weight(k) e^(a k), normalised, with the a that gives this mean.

    weight : (N + 1,) above 0 at some k on either side of the mean, or at the mean
    """
    k = np.arange(weight.size)
    with np.errstate(divide="ignore"):
        logs = np.log(weight)
    low, high, a = -800.0, 800.0, 0.0
    found = weight / weight.sum()
    for _ in range(NEWTON_STEPS):
        raised = logs + a * k
        found = np.exp(raised - raised.max())
        found /= found.sum()
        off = float(found @ k) - mean
        if abs(off) < 1e-13 * weight.size:
            break
        low, high = (low, a) if off > 0 else (a, high)
        slope = float(found @ k**2) - float(found @ k) ** 2
        step = a - off / slope if slope > 1e-12 else np.nan
        a = step if low < step < high else 0.5 * (low + high)
    return np.asarray(found, np.float64)


def two_populations(n_sites: int, means: tuple[float, float], share: float) -> Floats:
    """Two random shells mixed: clusters exchanged for unequal times.

    share : of the first
    """
    first, second = (binomial(n_sites, mean / n_sites) for mean in means)
    return np.asarray(share * first + (1.0 - share) * second)


def finite_shell(n_sites: int, foreign: int, own: int, preference: float = 1.0) -> Floats:
    """A shell drawn from a closed pool of few ligands: (Fisher's noncentral) hypergeometric.

    foreign, own : ligands in the pool, those of this shell among them
    preference   : exchange constant; 1 is the hypergeometric distribution
    Holds for one shell that shares a pool of its own. Many clusters in one solution have binomial
    shells however few ligands there are.
    Raises SpeciationError for a pool that cannot fill the shell.
    """
    if foreign < 0 or own < 0 or foreign + own < n_sites:
        raise SpeciationError(
            message("pool", found=f"{foreign} and {own} ligands",
                    expected=f"at least {n_sites}, the sites of a shell")
        )  # fmt: skip
    from scipy.stats import nchypergeom_fisher  # here: for start-up time

    law = nchypergeom_fisher(foreign + own, foreign, n_sites, preference)
    return np.asarray(law.pmf(np.arange(n_sites + 1)), np.float64)


def thinned(total: Floats, kept: int) -> Floats:
    """(kept + 1,) foreign ligands among `kept` drawn at random from what `total` describes.

    total : (T + 1,) probabilities of the foreign ligands among T
    """
    return np.asarray(hypergeometric(total.size - 1, kept).T @ total)


def hypergeometric(whole: int, kept: int) -> Floats:
    """(whole + 1, kept + 1) probability of k foreign among those kept, given those in the whole."""
    n, k = np.arange(whole + 1)[:, None], np.arange(kept + 1)[None, :]
    possible = (k <= n) & (kept - k <= whole - n)
    taken, left = np.where(possible, k, 0), np.where(possible, kept - k, 0)
    logs = _ways(n, taken) + _ways(whole - n, left) - _ways(whole, kept)
    return np.asarray(np.where(possible, np.exp(np.where(possible, logs, 0.0)), 0.0))


def _ways(n: NDArray[np.int64] | int, k: NDArray[np.int64] | int) -> Floats:
    """ln binom(n, k)."""
    return np.asarray(gammaln(n + 1) - gammaln(np.asarray(k) + 1) - gammaln(n - np.asarray(k) + 1))


def renewed(shell: Floats, exchanged: float, occupied: float) -> Floats:
    """A shell of which each ligand was exchanged with one probability, for one drawn at random.

    exchanged : probability that a ligand was exchanged
    occupied  : probability that what came is foreign
    """
    n = shell.size - 1
    # Generating functions: at the roots of unity a shell of k foreign ligands is b^k a^(N - k).
    z = np.exp(-2j * np.pi * np.arange(n + 1) / (n + 1))
    comes = exchanged * (occupied * z + 1.0 - occupied)
    own, foreign = 1.0 - exchanged + comes, (1.0 - exchanged) * z + comes
    k = np.arange(n + 1)
    values = (foreign[:, None] ** k * own[:, None] ** (n - k)) @ shell
    found = np.maximum(np.fft.ifft(values).real, 0.0)
    return np.asarray(found / found.sum())


def mean_of(shell: Floats) -> float:
    """Mean number of foreign ligands."""
    return float(np.arange(shell.size) @ shell)


def variance_of(shell: Floats) -> float:
    """Variance of the number of foreign ligands."""
    k = np.arange(shell.size)
    return float(k**2 @ shell - (k @ shell) ** 2)
