"""A judged fit in words: for the terminal, and for the page."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.reaction.estimates import WORDS, Estimate
from alloyscope.reaction.fates import Fate
from alloyscope.reaction.judged import Judged
from alloyscope.reaction.ratio import ratio_name
from alloyscope.reaction.reaction import DARK, OXIDISED
from alloyscope.report.text_table import grid

BOARD = (("figure", "left"), ("statements", "right"), ("met", "right"), ("on amounts", "right"),
         ("no reaction", "right"), ("random draws,\nmedian", "right"))  # fmt: skip
PARAMETERS = (("parameter", "left"), ("value", "right"), ("95 %", "left"), ("unit", "left"),
              ("prior", "left"), ("determined", "left"), ("meaning", "left"))  # fmt: skip
FAILURES = (("statement", "left"), ("figure", "left"), ("where", "left"), ("gave", "left"))


def fit_text(found: Judged) -> Group:
    """Scoreboard with its baselines, parameters, yields, failures, notes."""
    parts: list[RenderableType] = [
        Text(headline(found), style="bold"), Text(baseline_line(found)), Text(""),
        grid(BOARD, board_rows(found)), Text(""), grid(PARAMETERS, parameter_rows(found)),
        Text(f"\n{interval_line(found)}", style="dim"), Text(""),
        grid(fate_columns(found), fate_rows(found)),
    ]  # fmt: skip
    if found.shown.failures:
        parts += [Text("\nNot met:"), grid(FAILURES, failure_rows(found))]
    return Group(*parts, *(Text(f"note: {said}", style="yellow") for said in notes(found)))


def headline(found: Judged) -> str:
    """How much is met, and of what."""
    measured = len(found.fit.objective.speciations)
    also = f", and {measured} measured speciation{'s' * (measured > 1)}" if measured else ""
    return (
        f"{found.shown.met} of {found.shown.total} statements met as a spectrum would show them, "
        f"{found.amounts.met} on amounts; {len(found.estimates)} free parameters, loss "
        f"{found.fit.loss:.2f}{also}."
    )


def baseline_line(found: Judged) -> str:
    """What comes free, and what other thresholds make of it."""
    median, best = found.random_met
    drawn = f"{len(found.random)} draws from the priors: median {median:g}, best {best}; "
    others = ", ".join(f"{one.met} with {name}" for name, one in found.thresholds.items())
    return (
        f"Free of charge: no reaction {found.unreacted.met}; {drawn if found.random else ''}"
        f"thresholds: {others}."
    )


def board_rows(found: Judged) -> list[list[str]]:
    """One row a figure, then all."""
    rows = []
    for figure, (met, total) in found.shown.by_figure.items():
        rows.append([figure, str(total), str(met), str(found.amounts.by_figure[figure][0]),
                     str(found.unreacted.by_figure[figure][0]),
                     _plain(found.random_by_figure(figure))])  # fmt: skip
    rows.append(["all", str(found.shown.total), str(found.shown.met), str(found.amounts.met),
                 str(found.unreacted.met), _plain(found.random_met[0])])  # fmt: skip
    return rows


def parameter_rows(found: Judged) -> list[list[str]]:
    """One row a free parameter."""
    return [
        [one.parameter.name, f"{one.parameter.value:.3g}", interval(one), one.parameter.unit,
         prior(one), one.word.split(":")[0], one.parameter.title]
        for one in found.estimates
    ]  # fmt: skip


def interval(one: Estimate) -> str:
    """A 95 % interval: "0.1 to 0.3", with "or less", "or more" where it is open."""
    if one.open_below and one.open_above:
        return "anything within the bounds"
    if one.open_below:
        return f"{one.high:.3g} or less"
    return f"{one.low:.3g} or more" if one.open_above else f"{one.low:.3g} to {one.high:.3g}"


def prior(one: Estimate) -> str:
    """A prior: "0.1, 2 decades", "0 ± 4", "flat"."""
    p = one.parameter
    if not math.isfinite(p.sd):
        return "flat"
    return (
        f"{p.prior:g}, {p.sd:g} decade{'s' * (p.sd != 1)}"
        if p.logarithmic
        else f"{p.prior:g} ± {p.sd:g}"
    )


def interval_line(found: Judged) -> str:
    """How to read the parameters."""
    names = [made.name for made in found.profiles]
    every = len(names) == len(found.estimates)
    by = "profile likelihood" if every else "covariance"
    some = f", of {', '.join(names)} by profile likelihood" if names and not every else ""
    told = "".join(f" {one.capitalize()}." for one in WORDS.values()
                   if one in [e.word for e in found.estimates])  # fmt: skip
    return f"Intervals by {by}{some}; priors included.{told}"


def fate_columns(found: Judged) -> tuple[tuple[str, str], ...]:
    """Headings of the table of yields."""
    more = [(f"{metal} in com-\nplexes %", "right") for metal in found.reaction.metals]
    if has_dark(found):
        more.append(("dark\nmetal %", "right"))
    if _uses(found, OXIDISED):
        more.append(("electrons\noxidised %", "right"))
    return (("R", "right"), ("time", "right"), ("clusters\nleft %", "right"),
            ("metal in\nclusters %", "right"), *more)  # fmt: skip


def fate_rows(found: Judged) -> list[list[str]]:
    """One row a ratio."""
    return [_fate_row(found, one) for one in found.fates]


def _fate_row(found: Judged, one: Fate) -> list[str]:
    time = f"{one.t_min:g} min" if one.t_min < 120 else f"{one.t_min / 60:g} h"
    row = [ratio_name(one.ratio), time, f"{100 * one.clusters:.1f}", f"{100 * one.in_clusters:.1f}"]
    row += [f"{100 * one.complexes[metal]:.1f}" for metal in found.reaction.metals]
    row += [f"{100 * one.dark:.1f}"] if has_dark(found) else []
    return row + ([f"{100 * one.oxidised:.1f}"] if _uses(found, OXIDISED) else [])


def failure_rows(found: Judged) -> list[list[str]]:
    """One row a statement that is not met."""
    return [[v.observation.id, v.figure, v.observation.place, v.said]
            for v in found.shown.failures]  # fmt: skip


def notes(found: Judged) -> list[str]:
    """Remarks, and parameters that the data tell apart badly."""
    pairs = [f"{one.first} and {one.second} ({one.value:+.2f})" for one in found.correlations]
    told = [f"Correlated, so that only a combination is known: {', '.join(pairs)}."]
    return [*found.remarks, *(told if pairs else [])]


def has_dark(found: Judged) -> bool:
    """Whether metal may go where no spectrum shows it."""
    return any(_uses(found, name) for name in
               (DARK + "M", *(DARK + metal for metal in found.reaction.metals)))  # fmt: skip


def _uses(found: Judged, pool: str) -> bool:
    return any(pool in step.equation.change for step in found.reaction.steps)


def _plain(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else "-"
