"""An assignment in words: for the terminal, and for the page."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.assignment.assignment import CalledIon
from alloyscope.report.text_table import grid
from alloyscope.results import POWER_MZ, Assigned, instrument_json
from alloyscope.speciation import FrameworkShare

SHOWN_IONS, SHOWN_GROUPS, SHOWN_PEAKS, SHOWN_FRAMEWORKS = 40, 10, 5, 12
"""Rows in the terminal; everything is in the files."""

ION_COLUMNS = (
    ("ion", "left"), ("framework", "left"), ("e-", "right"), ("m/z calc.", "right"),
    ("error ppm", "right"), ("abundance %", "right"), ("score", "right"), ("q", "right"),
    ("group", "right"),
)  # fmt: skip


def assignment_text(seen: Assigned) -> Group:
    """Verdict, instrument, frameworks, ions, groups, what is unexplained, and notes."""
    found = seen.assignment
    parts: list[RenderableType] = [
        Text(verdict_line(seen), style="bold"),
        Text(instrument_line(seen), style="dim"),
    ]
    if found.called:
        parts += [Text(""), framework_table(seen), Text(""), ion_table(seen)]
        left = len(found.called) - SHOWN_IONS
        if left > 0:
            parts.append(Text(f"and {left} more: see ions.csv, or --json", style="dim"))
    groups = group_lines(seen)
    parts += _listed("Not to be told apart here", groups, SHOWN_GROUPS, "groups.csv")
    parts += _listed("Unexplained", unexplained_lines(seen), SHOWN_PEAKS, "unexplained.csv")
    parts += [Text(f"note: {note}", style="yellow") for note in seen.notes]
    return Group(*parts)


def _listed(title: str, lines: list[str], most: int, file: str) -> list[RenderableType]:
    if not lines:
        return []
    more = [f"and {len(lines) - most} more: see {file}"] if len(lines) > most else []
    return [Text(""), Text(title, style="bold"),
            *(Text(f"  {line}") for line in lines[:most] + more)]  # fmt: skip


def verdict_line(seen: Assigned) -> str:
    """What was found, as a sentence."""
    said = seen.assignment.verdict
    return said[0].upper() + said[1:] + "."


def instrument_line(seen: Assigned) -> str:
    """Calibration, resolving power and how well the model fits, in one line."""
    own = instrument_json(seen.assignment)
    power = f"{own['resolving_power']:.0f}{_plus_minus(own['resolving_power_sd'], '.0f')}"
    return (
        f"Instrument: calibration {own['offset_ppm']:+.2f}{_plus_minus(own['offset_ppm_sd'])} ppm "
        f"at m/z {own['offset_at_mz']:.0f}, drift {own['drift_ppm_per_1000']:+.2f}"
        f"{_plus_minus(own['drift_ppm_per_1000_sd'])} ppm per 1000; resolving power {power} at m/z "
        f"{POWER_MZ:.0f}; chi2 {own['chi2']:.2f} per point."
    )


def _plus_minus(sd: float | None, form: str = ".2f") -> str:
    return f" ± {sd:{form}}" if sd is not None else ""


def framework_columns(seen: Assigned) -> list[tuple[str, str]]:
    """Headings of the table of frameworks."""
    x = seen.x_of
    others = [metal for metal in seen.columns.metals if metal != x]
    ratio = f"{x}/{others[0]}" if len(others) == 1 else f"{x}/others"
    head = [("framework", "left"), ("share of ions %", "right"), (f"mean x ({x})", "right")]
    return head + ([(ratio, "right")] if others else [])


def framework_cells(seen: Assigned, share: FrameworkShare) -> list[str]:
    """One row of the table of frameworks."""
    cells = [
        seen.framework_name(share.framework),
        with_sd(100 * share.amount, 100 * share.amount_sd),
        with_sd(share.mean_x, share.mean_x_sd),
    ]
    if len(framework_columns(seen)) > len(cells):
        cells.append("all " + seen.x_of if share.ratio == float("inf")
                     else with_sd(share.ratio, share.ratio_sd))  # fmt: skip
    return cells


def framework_table(seen: Assigned) -> Table:
    """Share, mean x and metal ratio of each framework."""
    rows = [framework_cells(seen, share) for share in seen.shares[:SHOWN_FRAMEWORKS]]
    if len(seen.shares) > SHOWN_FRAMEWORKS:
        rows.append([f"and {len(seen.shares) - SHOWN_FRAMEWORKS} more"])
    return grid(framework_columns(seen), rows)


def ion_table(seen: Assigned) -> Table:
    """The most abundant ions."""
    return grid(ION_COLUMNS, [ion_cells(seen, call) for call in
                              seen.assignment.called[:SHOWN_IONS]])  # fmt: skip


def ion_cells(seen: Assigned, call: CalledIon) -> list[str]:
    """One row of the table of ions, as text."""
    return [
        str(call.ion), seen.framework_name(call.framework),
        "" if call.electrons is None else str(call.electrons), f"{call.mz_theory:.4f}",
        f"{call.error_ppm:+.2f}", with_sd(100 * call.abundance, 100 * call.abundance_sd),
        f"{call.score:.0f}", f"{call.q_value:.1g}",
        f"{call.group}{'*' if len(call.members) > 1 else ''}",
    ]  # fmt: skip


def group_lines(seen: Assigned) -> list[str]:
    """Each ion that others could be as well, in words with the odds."""
    return [
        f"{call.ion} cannot be told from "
        + ", ".join(f"{one.ion} (odds {odds_text(call.members[0].odds, one.odds)})"
                    for one in call.members[1:])
        for call in seen.assignment.called if len(call.members) > 1
    ]  # fmt: skip


def odds_text(own: float, other: float) -> str:
    """Odds of the first against the second: `3:1`, `1:2`, `1.4:1`.

    >>> odds_text(0.75, 0.25), odds_text(0.2, 0.4), odds_text(0.5, 0.35), odds_text(1.0, 0.0)
    ('3:1', '1:2', '1.4:1', 'over 1000:1')
    """
    high, low = max(own, other), min(own, other)
    if high > 1000 * low:
        ratio = "over 1000"
    else:
        ratio = f"{high / low:.0f}" if high > 9.5 * low else f"{round(high / low, 1):g}"
    return f"{ratio}:1" if own >= other else f"1:{ratio}"


def unexplained_lines(seen: Assigned) -> list[str]:
    """Peaks that no called ion accounts for, in words."""
    return [
        f"m/z {peak.mz:.4f}, "
        + (f"charge {abs(peak.charge)}{'-' if peak.charge < 0 else '+'}" if peak.charge
           else "charge not seen")
        + f", height {peak.intensity:.4g} ({peak.signal_to_noise:.3g} times the noise)"
        for peak in seen.assignment.unexplained
    ]  # fmt: skip


def with_sd(value: float, sd: float) -> str:
    """A value and its sd, both to the sd's second digit.

    >>> with_sd(12.3456, 0.0321), with_sd(41.2, 13.0), with_sd(0.5, 0.0), with_sd(100.0, 1e-14)
    ('12.346 ± 0.032', '41 ± 13', '0.5', '100')
    """
    if not 1e-9 * abs(value) < sd < float("inf"):
        return f"{value:.4g}"
    digits = min(max(1 - int(_exponent(sd)), 0), 6)
    return f"{value:.{digits}f} ± {sd:.{digits}f}"


def _exponent(value: float) -> int:
    return int(f"{value:.1e}".split("e")[1])
