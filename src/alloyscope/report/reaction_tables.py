"""A simulation as CSV: compositions, pools, and what is conserved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from alloyscope.reaction.simulated import LEAST, Simulated, mean_and_sd
from alloyscope.reaction.trajectory import column_name
from alloyscope.report.assignment_tables import Cell, csv_text


def reaction_csvs(seen: Simulated) -> dict[str, str]:
    """Every table by its file name."""
    return {
        "speciation.csv": speciation_csv(seen),
        "frameworks.csv": frameworks_csv(seen),
        "pools.csv": pools_csv(seen),
        "balance.csv": balance_csv(seen),
    }


def speciation_csv(seen: Simulated) -> str:
    """Clusters of each composition per cluster fed so far, and as shares of those there are."""
    metals = seen.reaction.metals
    head = ["time_min", "framework", "x", "fraction", "mean_x", *(f"n_{m}" for m in metals),
            "share_of_framework", "share_of_clusters", *_alias_head(seen)]  # fmt: skip
    return csv_text(head, _compositions(seen))


def _compositions(seen: Simulated) -> Iterator[list[Cell]]:
    run = seen.sampled
    means = {name: run.mean_count(name) for name in seen.reaction.by_name}
    for k, time in enumerate(run.times):
        left = max(float(run.yield_of_clusters[k]), 1e-300)
        for name, framework in seen.reaction.by_name.items():
            population, whole = run.population(name)[k], max(float(run.total[name][k]), 1e-300)
            for row in np.flatnonzero(population >= LEAST):
                counts = [int(n) for n in run.counts(name)[row]]
                fraction = float(population[row])
                yield [
                    f"{time:g}", framework.label, counts[0], f"{fraction:.8g}",
                    f"{means[name][k]:.6g}", *counts, f"{fraction / whole:.8g}",
                    f"{fraction / left:.8g}", *_alias(seen, framework.label),
                ]  # fmt: skip


def frameworks_csv(seen: Simulated) -> str:
    """Each framework at each time: how much of it, mean and standard deviation of x."""
    run = seen.sampled
    head = ["time_min", "framework", "clusters", "share", "mean_x", "sd_x", *_alias_head(seen)]
    spread = {name: mean_and_sd(run, name) for name in seen.reaction.by_name}
    rows: list[list[Cell]] = []
    for k, time in enumerate(run.times):
        for name, framework in seen.reaction.by_name.items():
            there = run.total[name][k] >= LEAST
            x = [f"{values[k]:.6g}" if there else None for values in spread[name]]
            rows.append([
                f"{time:g}", framework.label, f"{run.total[name][k]:.8g}",
                f"{run.share(name)[k]:.8g}", *x, *_alias(seen, framework.label),
            ])  # fmt: skip
    return csv_text(head, rows)


def pools_csv(seen: Simulated) -> str:
    """Every pool per metal atom fed so far, and clusters left per cluster fed so far."""
    run = seen.sampled
    names = run.layout.pools
    head = ["time_min", *(column_name(name, seen.reaction) for name in names), "clusters"]
    pools = [run.pool(name) for name in names]
    return csv_text(head, (
        [f"{time:g}", *(_number(float(pool[k])) for pool in pools),
         f"{run.yield_of_clusters[k]:.8g}"]
        for k, time in enumerate(run.times)
    ))  # fmt: skip


def balance_csv(seen: Simulated) -> str:
    """Metals, ligands and electrons held in all per metal atom fed, and how far from those fed."""
    run, reaction = seen.sampled, seen.reaction
    names = [*reaction.metals, reaction.ligand, "electrons"]
    return csv_text(["time_min", *names, "largest_error"], (
        [f"{time:g}", *(f"{n:.12g}" for n in run.invariants[k]),
         f"{np.abs(seen.balance[k]).max():.2g}"]
        for k, time in enumerate(run.times)
    ))  # fmt: skip


def _number(value: float) -> str:
    """A pool's content; what the solver's rounding leaves below 0 is 0."""
    return f"{value if value > 0 or value < -1e-9 else 0.0:.8g}"


def _alias_head(seen: Simulated) -> list[str]:
    return ["alias"] if seen.aliases else []


def _alias(seen: Simulated, framework: str) -> list[Cell]:
    return [seen.aliases.get(framework, "")] if seen.aliases else []
