"""Electrons in words: for the terminal, and for the page."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.reaction.electrons import ElectronsFed, FrameworkAt
from alloyscope.reaction.ratio import ratio_name
from alloyscope.report.text_table import Columns, grid
from alloyscope.results.electrons import CountedSpecies, Electrons

SPECIES_COLUMNS: Columns = (
    ("species", "left"), ("e⁻", "right"), ("orbitals", "left"), ("", "left"),
)  # fmt: skip


def electrons_text(found: Electrons) -> Group:
    """Counts, electrons fed, and notes."""
    parts: list[RenderableType] = []
    if found.counted:
        parts += [grid(SPECIES_COLUMNS, species_rows(found), fold=False), Text("")]
    if found.fed:
        parts += [Text(headline(found), style="bold"),
                  grid(fed_columns(found), fed_rows(found), fold=False), Text("")]  # fmt: skip
    return Group(*parts, *(Text(f"note: {note}", style="yellow") for note in found.notes))


def headline(found: Electrons) -> str:
    """What is fed."""
    if found.fed is None:
        return "Valence electrons"
    each = " and ".join(f"{name} ({n} e⁻)" for name, n in found.fed.parents)
    return f"Valence electrons fed by {each}"


def species_rows(found: Electrons) -> list[list[str]]:
    """A row a species."""
    return [_row(one) for one in found.counted]


def _row(one: CountedSpecies) -> list[str]:
    said = f"{one.remark}." if one.remark and one.shell else one.remark
    if one.shell is None:
        return [str(one.species), "?", "", said]
    comment = one.shell.remark + (f" {said[0].upper()}{said[1:]}" if said else "")
    return [str(one.species), str(one.shell.electrons), one.shell.configuration, comment]


def fed_columns(found: Electrons) -> Columns:
    """Heads of the table of electrons fed."""
    fed = found.fed
    assert fed is not None
    head = [(f"R, {' / '.join(found.parents)}", "right"), ("e⁻ per cluster", "right")]
    if unequal(fed):
        head.append((f"e⁻ per {fed.size} metal atoms", "right"))
    seen, predicted = reported(fed), made(fed)
    head += [("reported", "left")] if seen else []
    head += [(f"predicted, {found.predicted_at}", "left")] if predicted else []
    return tuple(head)


def fed_rows(found: Electrons) -> list[list[str]]:
    """A row a ratio."""
    fed = found.fed
    assert fed is not None
    rows = []
    for k, ratio in enumerate(fed.ratios):
        row = [ratio_name(float(ratio)), f"{fed.per_cluster[k]:.3f}"]
        row += [f"{fed.per_metals[k]:.3f}"] if unequal(fed) else []
        row += [_named(reported(fed), float(ratio))] if reported(fed) else []
        row += [_named(made(fed), float(ratio))] if made(fed) else []
        rows.append(row)
    return rows


def unequal(fed: ElectronsFed) -> bool:
    """Whether electrons per metal say something that those per cluster do not."""
    return bool(abs(fed.per_metals - fed.per_cluster).max() > 1e-9)


def reported(fed: ElectronsFed) -> list[FrameworkAt]:
    """Frameworks that were seen."""
    return [one for one in fed.seen if one.source != "predicted"]


def made(fed: ElectronsFed) -> list[FrameworkAt]:
    """Frameworks that were predicted."""
    return [one for one in fed.seen if one.source == "predicted"]


def _named(seen: list[FrameworkAt], ratio: float) -> str:
    here = [one for one in seen if abs(one.ratio / ratio - 1) < 1e-6]
    return ", ".join(
        one.framework if one.share is None else f"{one.framework} {100 * one.share:.0f} %"
        for one in here
    )
