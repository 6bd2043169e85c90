"""20 h of the reaction at R = 3/1 beside the peers: time and differences, in one run.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.reaction [--rounds 5]

needs `pip install -e '.[bench]'`. First the bundled case: alloyscope against its own explicit list
of elementary reactions, as other programs would hold it, by scipy's LSODA (with a Jacobian by
differences, which is what peers do, and with an analytic one) and BDF; and alloyscope's structured
rates by scipy and by SUNDIALS' CVODE (scikit-sundae), with the analytic Jacobian. Then the same
chemistry on frameworks of 12 metals, whose list libroadrunner and COPASI can load as SBML.
Everyone gets rtol 1e-6 and atol 1e-9; rates and lists are compiled before they are timed. CPU time,
the best of several rounds, in which all take turns; one thread, since those that wait would count.
Differences are from LSODA at rtol 1e-11 on the structured rates, in clusters, or molecules in
pools, per cluster fed; drift is the largest change of metals, ligands or electrons in all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import COPASI
import numpy as np
import roadrunner
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from sksundae.cvode import CVODE
from tests.reaction.declared import made, quartet, step

from alloyscope.case import read_case
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.reaction.experiment import Experiment
from alloyscope.reaction.explicit import ExplicitReactions, explicit_reactions
from alloyscope.reaction.kinetics import elementary
from alloyscope.reaction.rates import fill_jacobian, fill_rates
from alloyscope.reaction.reaction import Exchange, Reaction
from alloyscope.reaction.simulate import Simulator

Floats = NDArray[np.float64]
Rates = Callable[[float, Floats], Floats]
END, RATIO = 1200.0, (3.0, 1.0)
RTOL, ATOL = 1e-6, 1e-9
AIM = 150.0
SMALL = 12
"""Metals of the frameworks whose list the peers can load."""


@dataclass(frozen=True)
class Method:
    """A way from the feed to what there is at the end; `load` is what must be done once before."""

    name: str
    run: Callable[[], Floats]
    load: float = 0.0


@dataclass(frozen=True)
class Problem:
    """A reaction, fed, with rates in both forms."""

    simulator: Simulator
    listed: ExplicitReactions
    start: Floats

    @classmethod
    def of(cls, reaction: Reaction) -> Problem:
        simulator = Simulator.of(reaction, RTOL)
        start = simulator.run(Experiment(RATIO), [0.0]).amounts[0]
        return cls(simulator, explicit_reactions(reaction), start)

    def structured(self) -> tuple[Rates, Rates]:
        """Rates and Jacobian."""
        return self._both(fill_rates, fill_jacobian, self.simulator.network)

    def explicit(self) -> tuple[Rates, Rates]:
        return self._both(elementary.fill_rates, elementary.fill_jacobian, self.listed.arrays)

    def _both(self, rates: Callable, jacobian: Callable, held: object) -> tuple[Rates, Rates]:
        size = self.start.size

        def first(_: float, y: Floats) -> Floats:
            found = np.empty(size)
            rates(y, held, found)
            return found

        def second(_: float, y: Floats) -> Floats:
            found = np.empty((size, size))
            jacobian(y, held, found)
            return found

        first(0.0, self.start), second(0.0, self.start)  # compiles
        return first, second


def by_scipy(
    problem: Problem, rates: Rates, jacobian: Rates | None, solver: str, rtol: float = RTOL,
) -> Callable[[], Floats]:  # fmt: skip
    def run() -> Floats:
        found = solve_ivp(rates, (0.0, END), problem.start, solver, [END], rtol=rtol,
                          atol=rtol * ATOL / RTOL, jac=jacobian)  # fmt: skip
        return found.y[:, -1]

    return run


def by_cvode(problem: Problem) -> Callable[[], Floats]:
    network = problem.simulator.network

    def rates(_: float, y: Floats, found: Floats) -> None:
        fill_rates(y, network, found)

    def jacobian(_: float, y: Floats, __: Floats, found: Floats) -> None:
        fill_jacobian(y, network, found)

    def run() -> Floats:
        solver = CVODE(rates, rtol=RTOL, atol=ATOL, jacfn=jacobian, max_num_steps=10**6)
        return solver.solve(np.array([0.0, END]), problem.start).y[-1]

    return run


def by_roadrunner(problem: Problem) -> Method:
    text, names = sbml(problem), [f"s{k}" for k in range(problem.start.size)]
    start = time.process_time()
    model = roadrunner.RoadRunner(text)
    load = time.process_time() - start
    model.integrator.relative_tolerance = RTOL
    model.integrator.absolute_tolerance = ATOL
    model.timeCourseSelections = names

    def run() -> Floats:
        model.reset()
        return np.asarray(model.simulate(0.0, END, 2))[-1]

    return Method("libroadrunner, the list as SBML", run, load)


def by_copasi(problem: Problem) -> Method:
    text = sbml(problem)
    start = time.process_time()
    model = COPASI.CRootContainer.addDatamodel()
    model.importSBMLFromString(text)
    load = time.process_time() - start
    task = model.getTask("Time-Course")
    task.setScheduled(True)
    asked = task.getProblem()
    asked.setDuration(END)
    asked.setStepNumber(1)
    method = task.getMethod()
    method.getParameter("Relative Tolerance").setDblValue(RTOL)
    method.getParameter("Absolute Tolerance").setDblValue(ATOL)
    method.getParameter("Max Internal Steps").setIntValue(10**6)

    def run() -> Floats:
        task.initialize(COPASI.CCopasiTask.OUTPUT_UI)
        task.process(True)
        series = task.getTimeSeries()
        last, columns = series.getRecordedSteps() - 1, range(series.getNumVariables())
        by_name = {series.getTitle(k): series.getConcentrationData(last, k) for k in columns}
        return np.array([by_name[f"s{k}"] for k in range(problem.start.size)])

    return Method("COPASI, the list as SBML", run, load)


def sbml(problem: Problem) -> str:
    """The explicit list, laws of mass action, amounts per cluster fed, minutes."""
    species = "".join(
        f'<species id="s{k}" name="s{k}" compartment="c" initialAmount="{amount!r}" '
        'hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>'
        for k, amount in enumerate(problem.start.tolist())
    )
    reactions = []
    for r, one in enumerate(problem.listed):
        sides = [
            "".join(f'<speciesReference species="s{k}" stoichiometry="{abs(n)}" constant="true"/>'
                    for k, n in one.change.items() if sign * n > 0)
            for sign in (-1, 1)
        ]  # fmt: skip
        acting = "".join(f'<modifierSpeciesReference species="s{k}"/>'
                         for k in sorted(set(one.takes)) if one.change.get(k, 0) >= 0)  # fmt: skip
        law = f"<cn>{one.constant!r}</cn>" + "".join(f"<ci>s{k}</ci>" for k in one.takes)
        reactions.append(
            f'<reaction id="r{r}" reversible="false" fast="false">'
            f"<listOfReactants>{sides[0]}</listOfReactants>"
            f"<listOfProducts>{sides[1]}</listOfProducts>"
            + (f"<listOfModifiers>{acting}</listOfModifiers>" if acting else "")
            + '<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/>'
            f"{law}</apply></math></kineticLaw></reaction>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        '<model id="m"><listOfCompartments><compartment id="c" size="1" spatialDimensions="3" '
        f'constant="true"/></listOfCompartments><listOfSpecies>{species}</listOfSpecies>'
        f"<listOfReactions>{''.join(reactions)}</listOfReactions></model></sbml>"
    )


def own(problem: Problem) -> list[Method]:
    """alloyscope, ready and from the declared reaction."""
    experiment, reaction = Experiment(RATIO), problem.simulator.reaction
    return [
        Method("alloyscope", lambda: problem.simulator.run(experiment, [END]).amounts[-1]),
        Method("alloyscope, made ready as well",
               lambda: Simulator.of(reaction, RTOL).run(experiment, [END]).amounts[-1]),
    ]  # fmt: skip


def solvers(problem: Problem) -> list[Method]:
    """The same rates by other solvers, structured and one by one."""
    rates, jacobian = problem.structured()
    listed, listed_jacobian = problem.explicit()
    return [
        Method("structured rates, CVODE, analytic Jacobian", by_cvode(problem)),
        Method("structured rates, LSODA, analytic Jacobian",
               by_scipy(problem, rates, jacobian, "LSODA")),
        Method("structured rates, scipy's BDF, analytic Jacobian",
               by_scipy(problem, rates, jacobian, "BDF")),
        Method("explicit list, LSODA, Jacobian by differences",
               by_scipy(problem, listed, None, "LSODA")),
        Method("explicit list, LSODA, analytic Jacobian",
               by_scipy(problem, listed, listed_jacobian, "LSODA")),
        Method("explicit list, scipy's BDF, analytic Jacobian",
               by_scipy(problem, listed, listed_jacobian, "BDF")),
    ]  # fmt: skip


def report(problem: Problem, methods: list[Method], rounds: int) -> list[float]:
    """The table; CPU seconds of each method."""
    rates, jacobian = problem.structured()
    exact = by_scipy(problem, rates, jacobian, "LSODA", 1e-11)()
    contents = problem.simulator.layout.contents
    print(f"\n{len(problem.listed):,} elementary reactions, {problem.start.size} amounts\n")
    print("| method | loads, s | runs, ms | over alloyscope | difference | drift |")
    print("|---|---|---|---|---|---|")
    found = [method.run() for method in methods]  # loads what was compiled
    seconds = [np.inf] * len(methods)
    for _ in range(rounds):
        for k, method in enumerate(methods):
            start = time.process_time()
            found[k] = method.run()
            seconds[k] = min(seconds[k], time.process_time() - start)
    for method, best, end in zip(methods, seconds, found, strict=True):
        off = np.abs(end - exact).max()
        drift = np.abs((end - problem.start) @ contents).max()
        load = f"{method.load:.1f}" if method.load else ""
        print(f"| {method.name} | {load} | {1e3 * best:.3g} | {best / seconds[0]:.3g} "
              f"| {off:.1e} | {drift:.1e} |")  # fmt: skip
    return seconds


def bundled() -> Reaction:
    return reaction_of(read_case(Path("au44-ag44")), default_vocabulary().binding("p-MBA"))


def small(n: int) -> Reaction:
    """The chemistry of the bundled case without its slowest steps, on frameworks of n metals."""
    steps = [
        step("A + C <-> 2 B + RSSR", 0.06),
        step("C + SR <-> B", 0.08),
        step(f"A -> {n} M + {n} SR + 4 e", 1e-4, slope=0.07),
        step(f"A + C -> A + {n} M + {n - 4} SR + 6 e", 1.7, quench=(("Au", 2.7),)),
        step(f"Ag + C -> Ag + {n} M + {n - 4} SR + 6 e", 5e-4),
    ]
    reaction = made(quartet(n, n)[:3], steps, exchange=Exchange(0.93, 0.023))
    gold, silver = reaction.parents
    return replace(reaction, parents=(replace(gold, framework="C"), silver))


def main() -> None:
    arguments = argparse.ArgumentParser(description="The reaction beside the peers")
    arguments.add_argument("--rounds", type=int, default=5)
    rounds = arguments.parse_args().rounds
    problem = Problem.of(bundled())
    methods = [*own(problem), *solvers(problem)]
    seconds = report(problem, methods, rounds)
    for k, method in enumerate(methods):
        if method.name.startswith("explicit list, LSODA"):
            ready, whole = (seconds[k] / seconds[own] for own in (0, 1))
            print(f"{method.name}: {ready:.0f} times the time of alloyscope, {whole:.0f} times "
                  f"that of making it ready as well (aim: {AIM:g})")  # fmt: skip
    problem = Problem.of(small(SMALL))
    report(problem, [*own(problem), *solvers(problem), by_roadrunner(problem),
                     by_copasi(problem)], rounds)  # fmt: skip


if __name__ == "__main__":
    main()
