"""What a lane should look like: bands with the width of diffusion, loading and compositions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alloyscope.errors import GelError, message
from alloyscope.gel.conditions import GelConditions
from alloyscope.gel.electrostatics import K_B, E
from alloyscope.gel.kernel import Floats
from alloyscope.gel.mobility import Mobility, Sample, mobilities
from alloyscope.gel.particle import GelTable
from alloyscope.speciation import Speciation, framework_of

POINTS = 800
LEAST = 1e-4
"""Share of a mixture below which a species is not drawn."""


@dataclass(frozen=True, eq=False)
class BandShape:
    """One band of a predicted lane.

    centre, sd : over the run of the fastest sample
    spread     : the part of `sd` that its compositions make
    amount     : share of the lane
    """

    name: str
    framework: str
    centre: float
    sd: float
    spread: float
    amount: float


@dataclass(frozen=True, eq=False)
class PredictedLane:
    """A predicted lane.

    distance  : (n,) from the well, over the run of the fastest sample
    intensity : (n,) clusters per unit distance, not stain: all clusters count alike
    parts     : (n_bands, n) of each band
    """

    name: str
    distance: Floats
    intensity: Floats
    parts: Floats
    bands: tuple[BandShape, ...]


def diffusion_sd(run: float, effective_charge: float, conditions: GelConditions) -> float:
    """1 sd of a band over its own run, sqrt(2 kT / (z e V)).

    From D / mu = kT / (z e), Nernst and Einstein: time, gel and size fall out, the voltage passed
    does not. J. C. Giddings, Sep. Sci. 4, 181 (1969).
    """
    passed = conditions.voltage * max(run, 1e-9)
    thermal = K_B * conditions.temperature / E
    return math.sqrt(2 * thermal / (max(abs(effective_charge), 0.1) * passed))


def lane(
    mobility: Sequence[Mobility], conditions: GelConditions, amounts: Sequence[float] = (),
    name: str = "", longest: float | None = None,
) -> PredictedLane:  # fmt: skip
    """The lane of samples that run together.

    amounts : (n_samples,) of each; equal where none are given
    longest : where the lane ends, over the run of the fastest sample; None for a little beyond the
              last band
    Raises GelError for amounts that do not fit.
    """
    shares = np.array(amounts or [1.0] * len(mobility), float)
    if shares.size != len(mobility) or not (shares >= 0).all() or shares.sum() <= 0:
        raise GelError(
            message("lane", found=f"{shares.size} amounts of {len(mobility)} samples",
                    expected="an amount of 0 or more for each")
        )  # fmt: skip
    shares = shares / shares.sum()
    distance = np.linspace(0.0, longest or _end(mobility, conditions), POINTS)
    parts, bands = [], []
    for one, share in zip(mobility, shares, strict=True):
        part, band = _band(one, float(share), distance, conditions)
        parts.append(part)
        bands.append(band)
    stacked = np.array(parts)
    return PredictedLane(name, distance, stacked.sum(axis=0), stacked, tuple(bands))


def _end(mobility: Sequence[Mobility], conditions: GelConditions) -> float:
    """A little beyond the fastest species."""
    fastest = max(float(abs(one.relative / one.value * one.members).max()) for one in mobility
                  if one.value)  # fmt: skip
    return fastest + 0.05 + 3 * conditions.loading


def _band(
    one: Mobility, share: float, distance: Floats, conditions: GelConditions
) -> tuple[Floats, BandShape]:
    scale = one.relative / one.value if one.value else 0.0
    places, weights = one.members * scale, one.sample.shares
    curve = np.zeros_like(distance)
    for place, weight in zip(places, weights, strict=True):
        run = abs(float(place))
        own = run * diffusion_sd(run, one.effective_charge, conditions)
        sd = max(math.hypot(own, conditions.loading), 1e-4)
        curve += (
            weight * np.exp(-0.5 * ((distance - place) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))
        )
    centre = float(weights @ places)
    spread = math.sqrt(max(float(weights @ (places - centre) ** 2), 0.0))
    own = abs(centre) * diffusion_sd(abs(centre), one.effective_charge, conditions)
    sd = math.sqrt(spread**2 + own**2 + conditions.loading**2)
    return share * curve, BandShape(one.name, one.framework, centre, sd, spread, share)


def samples_of(speciation: Speciation, condition: int = 0) -> tuple[tuple[Sample, ...], Floats]:
    """A mixture as samples, one for each framework, and (n_samples,) their amounts.

    Raises GelError where the mixture holds nothing.
    """
    amount = np.maximum(speciation.amount[condition], 0.0)
    held: dict[str, list[int]] = {}
    for k in np.flatnonzero(amount > LEAST * max(float(amount.sum()), 1e-300)):
        held.setdefault(framework_of(speciation.species[k]), []).append(int(k))
    if not held:
        raise GelError(message("lane", found="no cluster", expected="a mixture that holds some"))
    made = tuple(
        Sample(name, tuple(speciation.species[k] for k in rows), tuple(map(float, amount[rows])))
        for name, rows in held.items()
    )
    return made, np.array([amount[rows].sum() for rows in held.values()])


def lane_of(
    speciation: Speciation, conditions: GelConditions | None = None, condition: int = 0,
    table: GelTable | None = None,
) -> PredictedLane:  # fmt: skip
    """The lane of a mixture, at one of its conditions. Raises GelError as `mobilities` does."""
    at = conditions or GelConditions()
    samples, amounts = samples_of(speciation, condition)
    found = lane(mobilities(samples, at, table=table), at, amounts.tolist())
    return replace(found, name=speciation.conditions[condition].name)
