"""A framework in words: for the terminal, and for the page."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.report.text_table import grid
from alloyscope.results.structure import HomotopTable, StructureView
from alloyscope.structures.framework import SiteClass, SiteEnergies, StructuralFramework
from alloyscope.structures.geometry import Distance
from alloyscope.structures.homotop import Homotop
from alloyscope.structures.homotops import HomotopCount

CLASS_COLUMNS = (("class", "left"), ("sites", "right"), ("motif", "left"), ("SR on\neach", "right"),
                 ("neighbours of each", "left"), ("where", "left"))  # fmt: skip
MOTIF_COLUMNS = (("motif", "left"), ("how many", "right"), ("", "left"), ("metals", "right"),
                 ("SR", "right"))  # fmt: skip
DISTANCE_COLUMNS = (("distance", "left"), ("from each", "right"), ("built, Å", "right"),
                    ("stated, Å", "right"))  # fmt: skip
ENERGY_COLUMNS = (("site energy, eV", "left"), ("of", "left"), ("by class", "left"))
MOST_ROWS = 60
"""Rows of a count that the terminal shows; the rest is in the CSV."""


def structure_text(found: StructureView) -> Group:
    """Symmetry, site classes, motifs, distances, and the metals that were put on the sites."""
    parts: list[RenderableType] = [Text(heading(found), style="bold"), Text(fact_line(found))]
    if found.framework.classes:
        parts += [Text(""), grid(CLASS_COLUMNS, class_rows(found))]
    if found.framework.motifs:
        parts += [Text(""), grid(MOTIF_COLUMNS, motif_rows(found))]
    if distances(found):
        parts += [Text(""), grid(DISTANCE_COLUMNS, distance_rows(found))]
    if energies(found):
        parts += [Text(""), grid(ENERGY_COLUMNS, energy_rows(found))]
    if found.drawn:
        parts += [Text(""), grid(occupancy_columns(found), occupancy_rows(found))]
        parts += [Text(line) for line in homotop_lines(found)]
    parts += [Text(f"note: {said}", style="yellow") for said in found.notes]
    return Group(*parts)


def heading(found: StructureView) -> str:
    """What is shown."""
    own = found.framework
    return found.title if found.homotop is None else f"{found.title}: {own.name}"


def species_line(found: StructureView) -> str:
    """The species and its valence electrons, as files of coordinates say them."""
    return f"{found.title}: {found.electrons_said}"


def fact_line(found: StructureView) -> str:
    """Counts, electrons and symmetry; and what is not known."""
    own = found.framework
    line = f"{own.metals} metals, {own.ligands} {found.ligand}, {symmetry_words(own)}; "
    line += f"{found.electrons_said}."
    return f"{line} Not known: {own.unknown}." if own.unknown else line


def symmetry_words(own: StructuralFramework) -> str:
    """The point group, or how many operations there are where only permutations are known."""
    if own.group is None:
        return "symmetry not known"
    if own.group.operations is None:
        return f"a symmetry of {own.group.order} operations"
    return f"point group {own.point_group}"


def class_rows(found: StructureView) -> list[list[str]]:
    """Classes of metals, then of sulfur."""
    own = found.framework
    bound = bool(own.sulfur)
    rows = [[c.name, str(c.count), c.motif, str(own.ligands_at(c)) if bound else "",
             _neighbours(c), c.place] for c in own.classes]  # fmt: skip
    return rows + [[f"{c.name} (S)", str(c.count), c.motif, "", _neighbours(c), c.place]
                   for c in own.sulfur]  # fmt: skip


def _neighbours(site: SiteClass) -> str:
    return ", ".join(f"{n} {name}" for name, n in site.neighbours.items())


def motif_rows(found: StructureView) -> list[list[str]]:
    """Core, mounts, staples."""
    return [[m.name, str(m.count), m.formula, str(m.metals), str(m.ligands)]
            for m in found.framework.motifs]  # fmt: skip


def distances(found: StructureView) -> tuple[Distance, ...]:
    """Those that a source states."""
    return found.framework.geometry.distances if found.framework.geometry else ()


def distance_rows(found: StructureView) -> list[list[str]]:
    """Built beside stated."""
    return [[f"{' – '.join(d.between)}", str(d.neighbours), _span(*d.found), _span(*d.stated)]
            for d in distances(found)]  # fmt: skip


def _span(low: float, high: float) -> str:
    return f"{(low + high) / 2:.2f}" if high - low < 0.005 else f"{low:.2f}–{high:.2f}"


def energies(found: StructureView) -> tuple[SiteEnergies, ...]:
    """Tabulated site energies, and those computed in this run."""
    return (*found.framework.energies, *([found.computed] if found.computed else ()))


def energy_rows(found: StructureView) -> list[list[str]]:
    """Site energies under the label of their method."""
    return [
        [entry.method + (" (computed now)" if entry is found.computed else ""), entry.metal,
         ", ".join(f"{name} {_span(*ends)}" for name, ends in entry.energy.items())]
        for entry in energies(found)
    ]  # fmt: skip


def occupancy_columns(found: StructureView) -> tuple[tuple[str, str], ...]:
    """A column for the count and the mean of every metal."""
    head = [("class", "left")]
    for metal in found.metals:
        head += [(f"{metal}\nhere", "right"), (f"{metal}\nmean", "right")]
    return tuple(head)


def occupancy_rows(found: StructureView) -> list[list[str]]:
    """Metals of each class: in what is drawn, and on average."""
    assert found.homotop is not None
    mean = found.here
    rows = []
    for name, held in found.homotop.by_class.items():
        row = [name]
        for k, n in enumerate(held):
            row += [str(n), "" if mean is None else f"{mean.mean[name][k]:.2f}"]
        rows.append(row)
    return rows


def homotop_lines(found: StructureView) -> list[str]:
    """What is drawn, its symmetry, and how many others there are."""
    homotop = found.homotop
    assert homotop is not None
    assert found.preferences is not None
    lines = []
    if found.drawn:
        held = [f"{metal} on {_sites(homotop, metal)}" for metal in found.metals[:-1]]
        lines.append(f"{found.drawn.capitalize()}: {'; '.join(held)}.")
    if homotop.framework.group is not None:
        both = bool(homotop.framework.group.improper.any())
        hand = "chiral, both hands counted" if both else "chiral, as the framework is"
        hand = hand if homotop.chiral else "its own mirror image"
        lines.append(f"{_kept(homotop)}: {_counted('labelled placement', homotop.orbit_size)} of "
                     f"it, {hand}.")  # fmt: skip
    if found.count is not None:
        lines.append(f"{_counted('homotop', found.count.homotops)} of this composition, "
                     f"{_counted('labelled placement', found.count.placements)}.")  # fmt: skip
    lines.append(f"Site energies: {found.preferences.source}, at "
                 f"{found.preferences.temperature:g} K.")  # fmt: skip
    return lines


def _sites(homotop: Homotop, metal: str) -> str:
    """Where a metal sits: every site, none, or their numbers."""
    sites = homotop.numbered(metal)
    if len(sites) == len(homotop.sites):
        return "every site"
    return f"site{'s' * (len(sites) > 1)} {', '.join(map(str, sites))}" if sites else "no site"


def _kept(homotop: Homotop) -> str:
    """The symmetry that a placement has, by its point group where that is known."""
    if homotop.point_group:
        return f"Its symmetry is {homotop.point_group}"
    n = homotop.symmetry_order
    return f"{_counted('operation', n)} leave{'s' * (n == 1)} it as it is"


def _counted(thing: str, n: int) -> str:
    return f"{n:,} {thing}{'s' * (n != 1)}"


def homotop_columns(found: HomotopTable) -> tuple[tuple[str, str], ...]:
    """Composition, or its parts by class, and what is counted."""
    names = [c.name for c in found.framework.classes] if found.by_class else ["x"]
    return (*((name, "right") for name in names), ("homotops", "right"),
            ("mirror images\napart", "right"), ("chiral pairs", "right"),
            ("labelled placements", "right"))  # fmt: skip


def homotop_rows(found: HomotopTable) -> list[list[str]]:
    """One row a composition, or a way of sharing it out."""
    return [[*_parts(found, c), f"{c.homotops:,}", f"{c.apart:,}", f"{c.pairs:,}",
             f"{c.placements:,}"] for c in found.counts]  # fmt: skip


def _parts(found: HomotopTable, count: HomotopCount) -> list[str]:
    shown = count.split if found.by_class else (count.composition,)
    return [",".join(str(n) for n in part[: found.n_metals - 1]) for part in shown]


def homotop_text(found: HomotopTable) -> Group:
    """Counts, as many as a terminal takes, and how they were made."""
    rows = homotop_rows(found)
    own = found.framework
    where = f" on {', '.join(found.only)}" if found.only else ""
    group = own.known_group()
    symbol = f"{own.point_group}, " if group.operations is not None else "a group of "
    parts: list[RenderableType] = [
        Text(f"Homotops of {own.name}{where}, {found.n_metals} metals", style="bold"),
        Text(f"Counted under {symbol}{_counted('operation', group.order)}, "
             f"{_counted('rotation', group.rotations.order)} among them; x: atoms of all metals "
             "but the last.", style="dim"),
        grid(homotop_columns(found), rows[:MOST_ROWS]),
    ]  # fmt: skip
    if len(rows) > MOST_ROWS:
        parts.append(Text(f"... {len(rows) - MOST_ROWS:,} rows more: --csv FILE", style="dim"))
    if len(rows) > 1:
        total = sum(c.homotops for c in found.counts)
        parts.append(Text(f"{_counted('homotop', total)} in these {len(rows):,} rows."))
    return Group(*parts)
