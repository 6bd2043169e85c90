"""Small fits that tests look at, each made once."""

from dataclasses import replace
from functools import cache

import numpy as np

from alloyscope.reaction.fit import ReactionFit, fit_reaction
from alloyscope.reaction.framework import Parent, SiteClass
from alloyscope.reaction.measured import SpeciationObservation, observation_of_amounts
from alloyscope.reaction.objective import Objective
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.parameter import Parameter
from alloyscope.reaction.reaction import Exchange, Reaction, YieldPrior
from tests.reaction.declared import framework, step

TRUE = {"kx": 0.03, "kd": 0.02, "ki": 0.05, "a": -1.0}
SD = 0.01


def reaction(**values: float) -> Reaction:
    """Four metals; two frameworks, one of which takes up a thiolate that the other sets free."""
    a = framework("A", 4, 3, -1, (SiteClass("core", 1, {"Au": "a"}, {}), SiteClass("shell", 3)))
    b = framework("B", 4, 2, 0, (SiteClass("core", 2, {"Au": -0.5}, {"Au": 0.4}),
                                 SiteClass("shell", 2)))  # fmt: skip
    rate = {"unit": "1/min", "logarithmic": True, "free": True}
    parameters = (
        Parameter("kx", 0.1, low=1e-4, high=10.0, prior=0.1, sd=1.0, title="exchange", **rate),
        Parameter("kd", 0.01, low=1e-5, high=1.0, prior=0.01, sd=1.0, title="decay of A", **rate),
        Parameter("ki", 0.1, low=1e-4, high=10.0, prior=0.1, sd=1.0, title="uptake", **rate),
        Parameter("a", 0.0, "kT", low=-6.0, high=6.0, prior=0.0, sd=2.0, free=True,
                  title="Au in the core of A"),
        Parameter("kn", 1e-6, low=1e-9, high=1e-3, prior=1e-6, sd=1.0, title="hardly anything",
                  **rate),
    )  # fmt: skip
    made = Reaction(
        ("Au", "Ag"), "p-MBA", (a, b),
        (Parent("gold", "B", {"Au": 4}), Parent("silver", "A", {"Ag": 4})),
        (step("A -> 4 M + 3 SR + 2 e", "kd"), step("B + SR <-> A", "ki"),
         step("e -> oxidised", "kn")),
        Exchange("kx", 0.01), parameters, yields=(YieldPrior((1.0, 0.0), 60.0, 0.7),),
    )  # fmt: skip
    return made.with_values(values)


STATEMENTS = (
    Observation("b there", "framework_present", "Fig 1a", (1.0,), 60.0, f=("B",)),
    Observation("a there", "framework_present", "Fig 1a", (1.0,), 60.0, f=("A",)),
    Observation("a falls", "decreasing", "Fig 1a", (0.5,), 60.0, t0=10.0, f=("A",)),
    Observation("a mixes", "shift_up", "Fig 1a", (1.0,), 60.0, t0=2.0, f=("A",)),
    Observation("x of b", "dominant_x", "Fig 1a", (3.0,), 60.0, f=("B",), lo=3, hi=4),
    Observation("no a", "framework_absent", "Fig 2b", (3.0,), 60.0, f=("A",)),
    Observation("b most", "framework_dominant", "Fig 2b", (3.0,), 60.0, f=("B",)),
    Observation("both", "coexist", "Fig 2b", (0.5,), 60.0, f=("A", "B")),
    Observation("gold free", "complexes", "Fig 2b", (0.5,), 60.0, level="Ag present"),
    Observation("left", "efficiency", "Fig 2b", (3.0,), 60.0, lo=0.7),
)


def measured(points=((1.0, 10.0), (1.0, 60.0), (0.5, 60.0)), seed=3) -> SpeciationObservation:
    """Shares of every composition, simulated from the truth, with noise."""
    truth = reaction(**TRUE)
    seen = (
        Objective(
            truth,
            [
                Observation(f"{k}", "efficiency", "", (r,), t, lo=0.0)
                for k, (r, t) in enumerate(points)
            ],
        )
        .seen(truth, 1e-8)
        .amounts
    )
    states = [(f.label, (n, 4 - n)) for f in truth.frameworks for n in range(5)]
    amounts = np.array([np.concatenate([
        _ordered(seen[p].populations[f.name], seen[p].counts[f.name]) for f in truth.frameworks
    ]) for p in points])  # fmt: skip
    noise = np.random.default_rng(seed).normal(0.0, SD, amounts.shape)
    return observation_of_amounts(
        "shares", points, states, [str(s) for s in states], np.maximum(amounts + noise, 0.0),
        SD**2 * np.eye(amounts.size), truth, "clusters",
    )  # fmt: skip


def _ordered(population, counts):
    return population[np.argsort(counts[:, 0])]


def objective(**changed) -> Objective:
    return replace(Objective(reaction(), STATEMENTS, (measured(),)), **changed)


@cache
def fitted() -> ReactionFit:
    return fit_reaction(objective(), starts=2, seed=1, most=25)
