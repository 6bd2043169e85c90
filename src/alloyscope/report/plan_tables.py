"""A plan as CSV: the map of feeds and times, what there will be, and every draw."""

from __future__ import annotations

from alloyscope.reaction.design import Plan
from alloyscope.reaction.target import Part
from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.report.plan_text import framework_label, share_of


def plan_csvs(found: Plan) -> dict[str, str]:
    """Every table by its file name."""
    tables = {"map.csv": map_csv(found), "products.csv": products_csv(found)}
    return tables | ({"draws.csv": draws_csv(found)} if found.drawn else {})


def map_csv(found: Plan) -> str:
    """Purity and yield of the target with every feed at every time."""
    grid, scores = found.map, found.map.score(found.aim)
    return csv_text(
        ["ratio", "time_min", "purity", "yield", "score"],
        ([f"{ratio:.6g}", f"{time:.6g}", f"{grid.purity[i, j]:.6g}", f"{grid.made[i, j]:.6g}",
          f"{scores[i, j]:.6g}"]
         for i, ratio in enumerate(grid.ratios) for j, time in enumerate(grid.times)),
    )  # fmt: skip


def products_csv(found: Plan) -> str:
    """What there is at the best feed and time; 5th and 95th percentile of the draws."""
    head = ["framework", "wanted", "clusters", "share", "share_5", "share_95", "mean_x", "sd_x"]
    return csv_text(head, (_product(found, part) for part in found.outcome.parts))


def _product(found: Plan, part: Part) -> list[Cell]:
    low, high = found.interval(share_of(part)) or (None, None)
    there = part.clusters > 1e-9
    return [
        framework_label(found.reaction, part.framework), "yes" if part.wanted else "no",
        f"{part.clusters:.8g}", f"{part.share:.8g}", None if low is None else f"{low:.6g}",
        None if high is None else f"{high:.6g}",
        f"{part.mean_x:.6g}" if there else None, f"{part.sd_x:.6g}" if there else None,
    ]  # fmt: skip


def draws_csv(found: Plan) -> str:
    """Purity, yield and metals of every draw."""
    metals = found.reaction.metals
    head = ["draw", "purity", "yield", "clusters",
            *(f"{what}_{metal}" for metal in metals for what in ("used", "complexes"))]  # fmt: skip
    return csv_text(head, (
        [k, *(f"{value:.8g}" for value in (
            one.purity, one.made, one.clusters,
            *(value for metal in metals for value in (one.used[metal], one.complexes[metal])),
        ))]
        for k, one in enumerate(found.drawn, 1)
    ))  # fmt: skip
