"""Where structures and homotops go: single files, and the folder with everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alloyscope.case import write_case
from alloyscope.places import check_ending, check_figure_path, check_folder, check_free, write_text
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.report.structure_page import structure_page
from alloyscope.report.structure_tables import homotops_csv, structure_csvs
from alloyscope.report.structure_text import species_line
from alloyscope.results import Results
from alloyscope.results.structure import StructureView
from alloyscope.structures.homotop import Homotop
from alloyscope.structures.writing import cif_text, xyz_text

FIGURES = ("structure", "occupancy")
TABLES = ("classes.csv", "distances.csv", "sites.csv", "occupancies.csv")
ENDINGS = {"html": (".html", ".htm"), "xyz": (".xyz", ".extxyz"), "cif": (".cif",)}
SOLID = ("view.html", "structure.xyz", "structure.cif")


@dataclass(frozen=True)
class Files:
    """Single files that were asked for."""

    html: Path | None = None
    xyz: Path | None = None
    cif: Path | None = None
    figure: Path | None = None


def write_structure(files: Files, out: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the places, and return what will write to them. Raises OutputError."""
    if files.figure:
        check_figure_path(files.figure, overwrite=overwrite)
    for path, kind in ((files.html, "html"), (files.xyz, "xyz"), (files.cif, "cif")):
        if path:
            check_ending(path, ENDINGS[kind], overwrite=overwrite)
    if out:
        check_folder(out, overwrite=overwrite)

    def write(results: Results) -> None:
        found = results.structure
        if found is None:
            return
        _write_files(found, files)
        if out:
            _write_folder(out, results, found, figures)

    return write


def _write_files(found: StructureView, files: Files) -> None:
    if files.xyz:
        write_text(files.xyz, xyz_text(_homotop(found), species_line(found)))
    if files.cif:
        write_text(files.cif, cif_text(_homotop(found), species_line(found)))
    if files.html:
        write_text(files.html, _view(found))
    if files.figure:
        from alloyscope.report.structure_picture import structure_picture
        from alloyscope.report.style import save

        _homotop(found)
        save(structure_picture(found), files.figure)


def _homotop(found: StructureView) -> Homotop:
    """What is drawn. Raises StructureError where there is nothing to draw."""
    found.framework.known_geometry()
    assert found.homotop is not None
    return found.homotop


def _view(found: StructureView) -> str:
    from alloyscope.report.structure_picture import picture_png
    from alloyscope.report.structure_view import structure_html

    _homotop(found)
    return structure_html(found, picture_png(found))


def _write_folder(out: Path, results: Results, found: StructureView, figures: bool) -> None:
    texts = structure_csvs(found) | {"structure.json": as_json(results.as_json())}
    if found.framework.geometry is not None:
        homotop = _homotop(found)
        said = species_line(found)
        texts |= {"structure.xyz": xyz_text(homotop, said),
                  "structure.cif": cif_text(homotop, said)}  # fmt: skip
        texts |= {"view.html": _view(found)} if figures else {}
    # What an earlier run wrote and this one does not would be taken for this one's.
    for name in (*TABLES, *SOLID, *(f + ending for f in FIGURES for ending in FORMATS)):
        (out / name).unlink(missing_ok=True)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    drawn = _draw(out, found) if figures else {}
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", structure_page(results, drawn, files))


def _draw(out: Path, found: StructureView) -> dict[str, str]:
    """Draw what can be drawn, and return the SVG elements by name."""
    from alloyscope.report.structure_figures import occupancy_figure
    from alloyscope.report.structure_picture import structure_picture
    from alloyscope.report.style import save_both

    drawn = {}
    if found.framework.geometry is not None:
        drawn["structure"] = save_both(structure_picture(found), out / "structure")
    if len(found.occupancies) > 1:
        drawn["occupancy"] = save_both(occupancy_figure(found), out / "occupancy")
    return drawn


def write_homotops(figure: Path | None, csv: Path | None, *, overwrite: bool) -> Write:
    """Check the places, and return what will write to them. Raises OutputError."""
    checks: tuple[tuple[Path | None, Callable[..., None]], ...] = (
        (figure, check_figure_path), (csv, check_free),
    )  # fmt: skip
    for path, check in checks:
        if path:
            check(path, overwrite=overwrite)

    def write(results: Results) -> None:
        if results.homotops is None:
            return
        if figure:
            from alloyscope.report.structure_figures import homotop_figure
            from alloyscope.report.style import save

            save(homotop_figure(results.homotops), figure)
        if csv:
            write_text(csv, homotops_csv(results.homotops))

    return write
