"""Tandem spectra as CSV: fragments, what was looked for, survival and breakdown curves."""

from __future__ import annotations

import math
from collections.abc import Iterator

from alloyscope.chemistry.species import AnyIon, mz
from alloyscope.fragments.breakdown import Breakdown
from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.results.msms import TandemMS


def msms_csvs(seen: TandemMS) -> dict[str, str]:
    """Every table by its file name; breakdown curves where there are any."""
    found = {"fragments.csv": fragments_csv(seen), "descendants.csv": descendants_csv(seen)}
    if seen.breakdown is not None:
        found |= {"breakdown.csv": breakdown_csv(seen.breakdown),
                  "survival.csv": survival_csv(seen.breakdown)}  # fmt: skip
    return found


def fragments_csv(seen: TandemMS) -> str:
    """One row a spectrum and ion: the precursor, then fragments by number of losses."""
    head = ["spectrum", "energy", "ion", "framework", "charge", "electrons", "called", "losses",
            "leaving", "route", "other_routes", "mz_theory", "mz_measured", "error_ppm",
            "abundance", "abundance_sd", "score", "q_value", "rivals"]  # fmt: skip
    return csv_text(head, _fragment_rows(seen))


def _fragment_rows(seen: TandemMS) -> Iterator[list[Cell]]:
    for assigned, energy in zip(seen.found, seen.energies, strict=True):
        source = assigned.found.spectrum.acquisition.source
        for one in assigned.fragments:
            call, made = one.call, one.fragment
            yield [
                source, _number(energy), str(one.ion), made.framework, one.ion.charge,
                made.electrons, _flag(one.sure), made.steps, _flag(made.leaving), str(made.route),
                " | ".join(map(str, made.routes[1:])), f"{call.mz_theory:.5f}",
                f"{call.mz_measured:.5f}", f"{call.error_ppm:.3f}", f"{call.abundance:.8g}",
                f"{call.abundance_sd:.4g}", _number(call.score), f"{call.q_value:.4g}",
                " | ".join(str(other.ion) for other in one.rivals),
            ]  # fmt: skip


def descendants_csv(seen: TandemMS) -> str:
    """Everything that was looked for, with all routes to it."""
    head = ["ion", "formula", "framework", "charge", "electrons", "mz_average", "losses",
            "leaving", "penalty", "routes"]  # fmt: skip
    return csv_text(head, (
        [str(one.ion), str(one.ion.formula), one.framework, one.ion.charge, one.electrons,
         f"{average_mz(one.ion):.4f}", one.steps, _flag(one.leaving), f"{one.penalty:g}",
         " | ".join(map(str, one.routes))]
        for one in seen.found[0].considered
    ))  # fmt: skip


def breakdown_csv(curve: Breakdown) -> str:
    """One row an energy and ion: its share of the ion counts, and of precursor ions."""
    head = ["energy", "lab_ev", "com_ev", "ion", "framework", "charge", "losses", "leaving",
            "fraction", "fraction_sd", "per_precursor", "per_precursor_sd"]  # fmt: skip
    return csv_text(head, _breakdown_rows(curve))


def _breakdown_rows(curve: Breakdown) -> Iterator[list[Cell]]:
    sd, line, line_sd = curve.fraction_sd, curve.per_precursor, curve.per_precursor_sd
    for k in range(curve.energies.size):
        for row, one in enumerate(curve.fragments):
            yield [
                f"{curve.energies[k]:g}", f"{curve.lab[k]:g}", f"{curve.com[k]:.5g}", str(one.ion),
                one.framework, one.ion.charge, one.steps, _flag(one.leaving),
                f"{curve.fraction[k, row]:.6g}", f"{sd[k, row]:.4g}", f"{line[k, row]:.6g}",
                f"{line_sd[k, row]:.4g}",
            ]  # fmt: skip


def survival_csv(curve: Breakdown) -> str:
    """The precursor's survival at each energy, and the sigmoid through it."""
    head = ["energy", "lab_ev", "com_ev", "com_mev_per_degree_of_freedom", "survival",
            "survival_sd", "fitted"]  # fmt: skip
    fitted = curve.half.at(curve.energies) if curve.half else None
    return csv_text(head, (
        [f"{curve.energies[k]:g}", f"{curve.lab[k]:g}", f"{curve.com[k]:.5g}",
         f"{1e3 * curve.com[k] / curve.degrees_of_freedom:.4g}", f"{curve.survival[k]:.6g}",
         f"{curve.survival_sd[k]:.4g}", None if fitted is None else f"{fitted[k]:.6g}"]
        for k in range(curve.energies.size)
    ))  # fmt: skip


def average_mz(ion: AnyIon) -> float:
    """Mean m/z of an ion."""
    return float(mz(ion.formula.average_mass(), ion.charge))


def _number(value: float | None) -> str | None:
    return f"{value:.6g}" if value is not None and math.isfinite(value) else None


def _flag(value: bool) -> str:
    return "yes" if value else "no"
