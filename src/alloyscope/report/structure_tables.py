"""A framework and its homotops as CSV."""

from __future__ import annotations

from alloyscope.report.assignment_tables import Cell, csv_text
from alloyscope.report.structure_text import distances
from alloyscope.results.structure import HomotopTable, StructureView


def structure_csvs(found: StructureView) -> dict[str, str]:
    """Every table by its file name; those of what is not known are left out."""
    tables = {"classes.csv": classes_csv(found)} if found.framework.classes else {}
    if distances(found):
        tables["distances.csv"] = distances_csv(found)
    if found.homotop is not None:
        tables |= {"sites.csv": sites_csv(found), "occupancies.csv": occupancies_csv(found)}
    return tables


def classes_csv(found: StructureView) -> str:
    """Classes of sites."""
    own = found.framework
    metals: list[list[Cell]] = [
        [c.name, "metal", c.count, c.motif, own.ligands_at(c) if own.sulfur else None, c.place]
        for c in own.classes
    ]
    sulfur: list[list[Cell]] = [[c.name, "S", c.count, c.motif, None, c.place] for c in own.sulfur]
    return csv_text(["class", "of", "sites", "motif", "ligands_each", "where"], [*metals, *sulfur])


def distances_csv(found: StructureView) -> str:
    """Distances, built beside stated, Å."""
    head = ["from", "to", "neighbours", "built_least", "built_most", "stated_least", "stated_most"]
    return csv_text(head, (
        [*d.between, d.neighbours, *(f"{value:.4f}" for value in (*d.found, *d.stated))]
        for d in distances(found)
    ))  # fmt: skip


def sites_csv(found: StructureView) -> str:
    """Every metal site: its class, its metal, where it lies, Å."""
    assert found.homotop is not None
    geometry = found.framework.geometry
    rows: list[list[Cell]] = []
    for k, (name, metal) in enumerate(zip(found.framework.site_classes, found.homotop.sites,
                                          strict=True)):  # fmt: skip
        at = ["", "", ""] if geometry is None else [f"{v:.6f}" for v in geometry.positions[k]]
        rows.append([k + 1, name, metal, *at])
    return csv_text(["site", "class", "metal", "x", "y", "z"], rows)


def occupancies_csv(found: StructureView) -> str:
    """Mean number of atoms of each metal in each class, at each composition."""
    names = [c.name for c in found.framework.classes]
    head = [
        *(f"n_{metal}" for metal in found.metals),
        *(f"{name.replace(' ', '_')}_{metal}" for name in names for metal in found.metals),
    ]
    return csv_text(head, (
        [*o.composition, *(f"{n:.6g}" for name in names for n in o.mean[name])]
        for o in found.occupancies
    ))  # fmt: skip


def homotops_csv(found: HomotopTable) -> str:
    """Counts, exactly."""
    names = [c.name.replace(" ", "_") for c in found.framework.classes] if found.by_class else []
    shown = found.n_metals if found.n_metals > 2 else 1
    axis = [f"n{k + 1}" for k in range(shown)] if found.n_metals > 2 else ["x"]
    parts = [f"{name}_{n}" for name in names for n in axis]
    head = [*axis, *parts, "homotops", "mirror_images_apart", "chiral_pairs", "labelled_placements"]
    return csv_text(head, (
        [*c.composition[:shown], *(n for part in c.split for n in part[:shown]),
         c.homotops, c.apart, c.pairs, c.placements] for c in found.counts
    ))  # fmt: skip
