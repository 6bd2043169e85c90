"""Lanes drawn from the model, its uncertain conditions drawn too: are bands called what they are?

    python -m validation.gel_lanes

Each lane holds C (x = 42), B (21) and A (12), each with a chance of 0.8, at mobilities of a draw
that the match does not know, 3 % off besides; noise is 1, bands are 25 to 90 high.
"""

from __future__ import annotations

import numpy as np

from alloyscope import default_vocabulary, parse_species
from alloyscope.errors import GelError
from alloyscope.gel.conditions import MODELS, GelConditions
from alloyscope.gel.match import match_lane
from alloyscope.gel.mobility import Mobility, Sample, mobilities
from alloyscope.gel.profile import LaneProfile, lane_bands

LANES, RUN = 300, 50.0
DISTANCE = np.arange(0.0, 62.0, 0.15)
CLUSTERS = (("C", "[Au42Ag2(SR)26]2-"), ("B", "[Au21Ag23(SR)27]3-"), ("A", "[Au12Ag32(SR)30]4-"))


def samples() -> list[Sample]:
    """The three clusters."""
    known = default_vocabulary().binding("p-MBA")
    return [Sample(name, (parse_species(text, known),)) for name, text in CLUSTERS]


def lane_of(
    truth: tuple[Mobility, ...], k: int, rng: np.random.Generator
) -> tuple[LaneProfile, dict[str, float]]:
    """A lane, and where each sample in it runs."""
    names = [one for one in truth if rng.random() < 0.8] or [truth[-1]]
    places = {one.name: RUN * float(one.drawn[k]) * (1 + 0.03 * rng.standard_normal())
              for one in names}  # fmt: skip
    y = 8 + rng.standard_normal(DISTANCE.size)
    for place in places.values():
        height, sd = rng.uniform(25, 90), rng.uniform(0.5, 0.9)
        y = y + height * np.exp(-0.5 * ((DISTANCE - place) / sd) ** 2)
    return LaneProfile("1", DISTANCE, y), places


def main() -> None:
    """Print, model by model, how many bands are called and how many of these calls are right."""
    for model in MODELS:
        at, rng = GelConditions(model=model), np.random.default_rng(1)
        found = mobilities(samples(), at, draws=400, seed=2)
        truth = mobilities(samples(), at, draws=LANES, seed=77)
        bands = called = right = 0
        for k in range(LANES):
            profile, places = lane_of(truth, k, rng)
            try:
                matched = match_lane(lane_bands(profile), found)
            except GelError:
                continue
            for one in matched.bands:
                own = min(places, key=lambda name: abs(places[name] - one.band.position))
                bands, called = bands + 1, called + one.certain
                right += one.certain and one.name == own
        print(f"{model}: {bands} bands, {called} called, {right} of these right")


if __name__ == "__main__":
    main()
