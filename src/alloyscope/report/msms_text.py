"""Tandem spectra in words: for the terminal, and for the page."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.fragments.breakdown import Breakdown, Trend
from alloyscope.fragments.leaving import Leaving
from alloyscope.report.assignment_text import with_sd
from alloyscope.report.msms_tables import average_mz
from alloyscope.report.text_table import grid
from alloyscope.results.msms import CANNOT_TELL, TandemMS

FRAGMENTS = (("ion", "left"), ("framework", "left"), ("e-", "right"), ("what left", "left"),
             ("m/z calc.", "right"), ("error ppm", "right"), ("ions %", "right"), ("q", "right"),
             ("other\nroutes", "right"))  # fmt: skip
MOST_NOTES = 12


def msms_text(seen: TandemMS) -> Group:
    """Verdict, fragments of the spectrum with most of them, breakdown, what leaves first, notes."""
    parts: list[RenderableType] = [Text(verdict_line(seen), style="bold"), Text("")]
    parts.append(Text(shown_line(seen), style="dim"))
    rows = fragment_rows(seen, seen.shown)
    parts += [grid(FRAGMENTS, rows)] if rows else []
    if seen.breakdown is not None:
        parts += [Text(""), *(Text(line) for line in breakdown_lines(seen.breakdown))]
    parts += [Text(line) for line in leaving_lines(seen.leaving)]
    parts += [Text(f"note: {note}", style="yellow") for note in seen.notes[:MOST_NOTES]]
    return Group(*parts)


def verdict_line(seen: TandemMS) -> str:
    """What was found, as a sentence."""
    return seen.verdict[0].upper() + seen.verdict[1:] + "."


def shown_line(seen: TandemMS) -> str:
    """Which spectrum the table of fragments is of."""
    one = seen.found[seen.shown]
    taken = one.found.spectrum.acquisition
    name = seen.name(seen.shown)
    at = f" at {name}" if name != taken.source else ""
    return f"{taken.source}{at}: {one.found.explained:.0%} of the signal explained."


def fragment_rows(seen: TandemMS, k: int) -> list[list[str]]:
    """One row an ion of one spectrum; those measured but not called in brackets."""
    rows = []
    for one in seen.found[k].fragments:
        call, made = one.call, one.fragment
        name = str(one.ion) if one.sure else f"({one.ion})"
        rows.append([
            name, made.framework, "" if made.electrons is None else str(made.electrons),
            what_left(one.fragment.route.losses, leaving=made.leaving, steps=made.steps),
            f"{call.mz_theory:.4f}", f"{call.error_ppm:+.2f}".replace("-", "−"),
            with_sd(100 * call.abundance, 100 * call.abundance_sd), f"{call.q_value:.2g}",
            str(len(made.routes) - 1) if made.ambiguous else "",
        ])  # fmt: skip
    return rows


def what_left(losses: tuple[tuple[object, int], ...], *, leaving: bool, steps: int) -> str:
    """The pieces of a route: "2 [Ag(p-MBA)2]-"; of what left itself, that it did."""
    lost = ", ".join(f"{n} {ion}" if n > 1 else str(ion) for ion, n in losses)
    if leaving:
        return f"left, then lost {lost}" if lost else "left"
    return lost or "precursor"


def breakdown_lines(curve: Breakdown) -> list[str]:
    """E50, the onset, and the order of first losses."""
    lines = []
    if curve.half is not None:
        half = curve.half
        unit = "V" if curve.per_charge else "eV"
        com = half.centre * curve.to_com
        mev = 1e3 * com / curve.degrees_of_freedom
        lines.append(
            f"E50 {with_sd(half.centre, half.along((1.0, 0.0)))} {unit} (laboratory "
            f"{half.centre * lab_factor(curve):.4g} eV, about the centre of mass with {curve.gas} "
            f"{com:.3g} eV, {mev:.3g} meV for each of {curve.degrees_of_freedom} vibrations); "
            f"onset {with_sd(half.centre - 2 * half.width, half.along((1.0, -2.0)))} {unit}."
        )
    if curve.onsets:
        said = "; then ".join(_together([_onset(curve, str(f.ion)) for f in group])
                              for group in curve.order)  # fmt: skip
        lines.append(f"First losses by onset (a tenth of their own maximum): {said}.")
        if any(len(group) > 1 for group in curve.order):
            lines.append("Those said to be together cannot be told apart.")
    return lines + [_trend(trend, "V" if curve.per_charge else "eV") for trend in curve.trends]


def _together(onsets: list[str]) -> str:
    """Onsets that are not told apart: "A, B and C together"."""
    if len(onsets) == 1:
        return onsets[0]
    return f"{', '.join(onsets[:-1])} and {onsets[-1]} together"


def _trend(trend: Trend, unit: str) -> str:
    """How a ratio changes with energy, if that is seen at 95 %."""
    ratio = f"ratio {trend.first.ion} : {trend.second.ion}"
    slope = f"{with_sd(100 * trend.per_ev, 100 * trend.sd).replace('-', '−')} % per {unit}"
    counted = f", {trend.of} ratios compared" if trend.of > 1 else ""
    how = f"({slope}, {probability(trend.chance)}{counted})"
    if not trend.told:
        return f"No change of the {ratio} with energy is seen at 95 % {how}."
    sooner = "second" if trend.per_ev > 0 else "first"
    return (f"The {ratio} {'rises' if trend.per_ev > 0 else 'falls'} with energy, at 95 % {how}: "
            f"the {sooner} sets in first, or breaks further sooner.")  # fmt: skip


def _onset(curve: Breakdown, ion: str) -> str:
    one = next(o for o in curve.onsets if str(o.fragment.ion) == ion)
    lost = what_left(one.fragment.route.losses, leaving=False, steps=1)
    crossing = one.crossing
    if not math.isfinite(crossing.low):
        return f"{lost} below {crossing.high:g}"
    return f"{lost} at {with_sd(crossing.at, crossing.sd)}"


def lab_factor(curve: Breakdown) -> float:
    """eV in the laboratory for each unit of a stated energy."""
    return float(abs(curve.precursor.charge)) if curve.per_charge else 1.0


def leaving_lines(one: Leaving | None) -> list[str]:
    """Which metal leaves first, and what that says and does not say of the surface."""
    if one is None:
        return []
    first, second = one.metals
    low, high = one.interval
    share, sd = one.share
    lines = [
        f"{first} leaves {one.odds_ratio:.2f} times as readily as {second}, atom for atom (95 %: "
        f"{low:.2f} to {high:.2f}; {probability(one.p)} if all {one.n_metals} metal atoms were "
        f"alike): {with_sd(100 * share, 100 * sd)} % of the first {one.piece} take {first}, "
        f"{100 * one.x / one.n_metals:.1f} % would at random."
    ]
    if one.heterogeneity_p < 0.05:
        lines.append(f"The ratio differs between energies ({probability(one.heterogeneity_p)}); "
                     "its error is widened by that.")  # fmt: skip
    later = [f"{k} losses {with_sd(100 * mean, 100 * error)} %" for k, mean, error in one.steps
             if k > 1]  # fmt: skip
    if later:
        lines.append(f"Share of {first} among all that left: after {', after '.join(later)}.")
    return lines + _surface_lines(one)


def _surface_lines(one: Leaving) -> list[str]:
    first, second = one.metals
    if one.surface is None or one.implied is None:
        return [f"The surface of this framework is not in the table: nothing is said of where "
                f"{first} sits."]  # fmt: skip
    surface, (implied, sd) = one.surface, one.implied
    cases = dict(surface.expected(one.x, one.n_metals))
    share, error = one.share
    outside = min(cases.values()) - 2 * error > share or max(cases.values()) + 2 * error < share
    there = f"the {surface.sites} {surface.title} of {surface.framework}"
    by_chance = f"at random {surface.sites * cases['anywhere']:.1f} would"
    if outside:
        return [f"No placement of the {one.x} {first} gives such a share, if pieces come from "
                f"{there} and both metals leave as easily ({by_chance} sit there): the bonds "
                "differ, or pieces come from elsewhere."]  # fmt: skip
    return [
        f"If pieces come from {there} and both metals leave as easily, {with_sd(implied, sd)} of "
        f"the {one.x} {first} sit there; {by_chance}, with {first} elsewhere as far as there is "
        f"room {surface.sites * cases['elsewhere first']:.1f}.",
        f"That {first} and {second} leave as easily is an assumption, not a result.",
    ]


def probability(p: float) -> str:
    """A probability in words: p = 0.03, p below 1e-6."""
    return f"p = {p:.2g}" if p >= 1e-6 else "p below 0.000001"


def cannot_lines() -> list[str]:
    """What breakdown curves do not decide."""
    return list(CANNOT_TELL)


def descendant_line(seen: TandemMS) -> str:
    """What was looked for."""
    first = seen.found[0]
    names = ", ".join(str(one) for one in first.cleavages) or "the usual cleavages"
    ions = first.considered
    low, high = min(map(average_mz, (f.ion for f in ions))), max(average_mz(f.ion) for f in ions)
    return (f"Looked for: {len(ions)} ions that {seen.precursor} may become or lose by {names}, at "
            f"m/z {low:.0f} to {high:.0f}.")  # fmt: skip
