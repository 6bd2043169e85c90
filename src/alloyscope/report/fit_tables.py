"""A judged fit as CSV."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from alloyscope.reaction.judged import Judged
from alloyscope.reaction.ratio import ratio_name
from alloyscope.report.assignment_tables import Cell, csv_text


def fit_csvs(found: Judged) -> dict[str, str]:
    """Every table by its file name."""
    return {
        "parameters.csv": parameters_csv(found),
        "covariance.csv": covariance_csv(found),
        "scoreboard.csv": scoreboard_csv(found),
        "yields.csv": yields_csv(found),
        "profiles.csv": profiles_csv(found),
        "starts.csv": starts_csv(found),
    }


def parameters_csv(found: Judged) -> str:
    """Each free parameter with its 95 % interval, its prior, and how far it is determined."""
    head = ["name", "value", "unit", "low", "high", "interval_by", "open_below", "open_above",
            "prior", "prior_sd", "logarithmic", "determined", "title"]  # fmt: skip
    return csv_text(head, (
        [one.parameter.name, _number(one.parameter.value), one.parameter.unit, _number(one.low),
         _number(one.high), one.by, _flag(one.open_below), _flag(one.open_above),
         _number(one.parameter.prior) if math.isfinite(one.parameter.sd) else None,
         _number(one.parameter.sd), _flag(one.parameter.logarithmic), one.word,
         one.parameter.title]
        for one in found.estimates
    ))  # fmt: skip


def covariance_csv(found: Judged) -> str:
    """Of the coordinates, decades where a parameter is logarithmic, under the parameters' names."""
    names = [p.name for p in found.fit.objective.free]
    rows = zip(names, found.fit.covariance.tolist(), strict=True)
    return csv_text(["name", *names], ([name, *(f"{v:.9g}" for v in row)] for name, row in rows))


def scoreboard_csv(found: Judged) -> str:
    """Each statement: met or not, what the reaction gave, and its smallest margin over its edge."""
    head = ["id", "figure", "kind", "place", "met", "met_on_amounts", "met_without_reaction",
            "smallest_margin", "said"]  # fmt: skip
    boards = (found.shown, found.amounts, found.unreacted)
    return csv_text(head, (
        [v.observation.id, v.figure, v.observation.kind, v.observation.place, _flag(v.met),
         _flag(on_amounts.met), _flag(still.met),
         f"{np.min(v.margins.values / v.margins.widths):.4g}", v.said]
        for v, on_amounts, still in zip(*(board.verdicts for board in boards), strict=True)
    ))  # fmt: skip


def yields_csv(found: Judged) -> str:
    """Clusters left at each ratio, as amounts and shown, and what becomes of the rest."""
    frameworks, metals = list(found.reaction.by_name), found.reaction.metals
    head = ["ratio", "t_min", "clusters", *(f"share_{f}" for f in frameworks),
            *(f"shown_{f}" for f in frameworks), "metal_in_clusters",
            *(f"{metal}_in_complexes" for metal in metals), "metal_dark",
            "electrons_oxidised"]  # fmt: skip
    return csv_text(head, (
        [ratio_name(one.ratio), f"{one.t_min:g}", _number(one.clusters),
         *(_number(one.frameworks[f]) for f in frameworks),
         *(_number(one.shown[f]) for f in frameworks), _number(one.in_clusters),
         *(_number(one.complexes[metal]) for metal in metals), _number(one.dark),
         _number(one.oxidised)]
        for one in found.fates
    ))  # fmt: skip


def profiles_csv(found: Judged) -> str:
    """Every point of every profile: the value held, the rise of the loss, all other values."""
    names = [p.name for p in found.fit.objective.free]
    return csv_text(["parameter", "value", "rise", "loss", *names], _points(found))


def _points(found: Judged) -> Iterator[list[Cell]]:
    free = {p.name: p for p in found.fit.objective.free}
    for made in found.profiles:
        for x, rise, loss, at in zip(made.x, made.rise, made.loss, made.coordinates, strict=True):
            others = [_number(p.at(float(c))) for p, c in zip(free.values(), at, strict=True)]
            value = free[made.name].at(float(x))
            yield [made.name, _number(value), f"{rise:.5g}", f"{loss:.9g}", *others]


def starts_csv(found: Judged) -> str:
    """Where every start ended, the best first."""
    free = found.fit.objective.free
    head = ["start", "loss", "evaluations", *(p.name for p in free)]
    return csv_text(head, (
        [start.number, f"{start.loss:.9g}", start.evaluations,
         *(_number(p.at(float(c))) for p, c in zip(free, start.coordinates, strict=True))]
        for start in found.fit.starts
    ))  # fmt: skip


def _number(value: float) -> str:
    return f"{value + 0.0:.8g}" if math.isfinite(value) else ""


def _flag(value: bool) -> str:
    return "yes" if value else "no"
