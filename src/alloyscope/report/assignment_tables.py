"""An assignment as CSV: ions, groups, what is left over, and the distribution of x."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from alloyscope.assignment.assignment import CalledIon
from alloyscope.chemistry.species import AnyIon
from alloyscope.results import Assigned

Cell = str | int | float | None


def assignment_csvs(seen: Assigned) -> dict[str, str]:
    """Every table by its file name; of an empty assignment, headings alone."""
    return {
        "ions.csv": ions_csv(seen),
        "groups.csv": groups_csv(seen),
        "unexplained.csv": unexplained_csv(seen),
        "distribution.csv": distribution_csv(seen),
        "limits.csv": limits_csv(seen),
    }


def ions_csv(seen: Assigned) -> str:
    """One row an ion called present, the most abundant first."""
    head = [
        "ion", "framework", *seen.columns.names, "charge", "electrons", "mz_theory", "mz_measured",
        "error_ppm", "raw_error_ppm", "abundance", "abundance_sd", "score", "q_value", "group",
        *_alias_head(seen),
    ]  # fmt: skip
    return csv_text(head, (_ion_row(seen, call) for call in seen.assignment.called))


def _ion_row(seen: Assigned, call: CalledIon) -> list[Cell]:
    return [
        str(call.ion), call.framework, *_counts(seen, call.ion), call.ion.charge, call.electrons,
        f"{call.mz_theory:.5f}", f"{call.mz_measured:.5f}", f"{call.error_ppm:.3f}",
        f"{call.raw_error_ppm:.3f}", f"{call.abundance:.8g}", f"{call.abundance_sd:.4g}",
        f"{call.score:.5g}", f"{call.q_value:.4g}", call.group, *_alias(seen, call.framework),
    ]  # fmt: skip


def groups_csv(seen: Assigned) -> str:
    """All members of every group with their odds; a group of one has the odds 1."""
    head = ["group", "ion", *seen.columns.names, "charge", "odds"]
    return csv_text(head, (
        [call.group, str(one.ion), *_counts(seen, one.ion), one.ion.charge, f"{one.odds:.6g}"]
        for call in seen.assignment.called for one in call.members
    ))  # fmt: skip


def unexplained_csv(seen: Assigned) -> str:
    """Peaks that no called ion accounts for, the tallest first; charge 0 where none is seen."""
    return csv_text(["mz", "charge", "intensity", "signal_to_noise"], (
        [f"{peak.mz:.5f}", peak.charge, f"{peak.intensity:.6g}", f"{peak.signal_to_noise:.4g}"]
        for peak in seen.assignment.unexplained
    ))  # fmt: skip


def distribution_csv(seen: Assigned) -> str:
    """Compositions within each framework, and the framework's share of all assigned ions."""
    metals = seen.columns.metals
    head = ["framework", *(f"n_{metal}" for metal in metals), "x", "fraction", "fraction_sd",
            "share", *_alias_head(seen)]  # fmt: skip
    named = (seen.x_of, *(metal for metal in metals if metal != seen.x_of))
    place = [named.index(metal) for metal in metals]
    return csv_text(head, (
        [share.framework, *(int(counts[k]) for k in place), int(counts[0]), f"{fraction:.8g}",
         f"{sd:.4g}", f"{share.amount:.8g}", *_alias(seen, share.framework)]
        for share in seen.assignment.speciation().distribution(*named)
        for counts, fraction, sd in zip(share.counts, share.fraction, share.fraction_sd,
                                        strict=True)
    ))  # fmt: skip


def limits_csv(seen: Assigned) -> str:
    """Ions below detection: with 95 % probability there is less of them than `abundance_below`."""
    head = ["ion", "framework", *seen.columns.names, "charge", "mz_theory", "abundance_below"]
    return csv_text(head, (
        [str(low.ion), low.framework, *_counts(seen, low.ion), low.ion.charge,
         f"{low.mz_theory:.5f}", f"{low.abundance:.4g}"]
        for low in seen.assignment.limits
    ))  # fmt: skip


def _counts(seen: Assigned, ion: AnyIon) -> list[Cell]:
    return list(seen.columns.of(ion).values())


def _alias_head(seen: Assigned) -> list[str]:
    return ["alias"] if seen.aliases else []


def _alias(seen: Assigned, framework: str) -> list[Cell]:
    return [seen.aliases.get(framework, "")] if seen.aliases else []


def csv_text(head: list[str], rows: Iterable[list[Cell]]) -> str:
    """A table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
