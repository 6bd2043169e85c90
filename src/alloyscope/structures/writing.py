"""Structures as text: extended XYZ and CIF, with the class of each atom."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alloyscope.places import check_free, write_text
from alloyscope.structures.homotop import Homotop

MARGIN = 10.0
"""Å of empty space round the cluster in the box of a CIF."""


def xyz_text(homotop: Homotop, comment: str = "") -> str:
    """Extended XYZ: element, coordinates in Å, class and number of the site.

    comment : what the second line says besides; without quotation marks
    Raises StructureError where there are no coordinates.
    """
    geometry = homotop.framework.known_geometry()
    rows = [
        f"{element:<2} {x:12.6f} {y:12.6f} {z:12.6f} {kind.replace(' ', '_')} {number}"
        for element, (x, y, z), kind, number in _atoms(homotop)
    ]
    head = (f"Properties=species:S:1:pos:R:3:class:S:1:site:I:1 framework={homotop.framework.name} "
            f'charge={homotop.framework.charge} pbc="F F F"')  # fmt: skip
    head += f' comment="{comment}"' if comment else ""
    return "\n".join((str(len(geometry.kinds)), head, *rows)) + "\n"


def cif_text(homotop: Homotop, comment: str = "") -> str:
    """CIF in P1, the cluster in the middle of a box; the class is part of each label.

    comment : one line on what it is
    Raises StructureError where there are no coordinates.
    """
    positions = homotop.framework.known_geometry().positions
    edge = float(2 * abs(positions).max() + 2 * MARGIN)
    cell = [f"_cell_length_{axis} {edge:.4f}" for axis in "abc"]
    cell += [f"_cell_angle_{angle} 90.0" for angle in ("alpha", "beta", "gamma")]
    counts = " ".join(f"{m}{n}" for m, n in zip(homotop.metals, homotop.composition, strict=True))
    lines = [
        f"data_{homotop.framework.name}",
        *([f"# {comment}"] if comment else []),
        "# An idealised model in an empty box: box and symmetry P1 are not those of a crystal.",
        f"_chemical_formula_sum '{counts} S{len(positions) - homotop.framework.metals}'",
        *cell, "_space_group_name_H-M_alt 'P 1'", "_space_group_IT_number 1",
        "loop_", "_space_group_symop_operation_xyz", "'x, y, z'",
        "loop_", "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x",
        "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_occupancy",
    ]  # fmt: skip
    for element, at, kind, number in _atoms(homotop):
        x, y, z = np.asarray(at) / edge + 0.5
        label = f"{element}{number}_{kind.replace(' ', '_')}"
        lines.append(f"{label} {element} {x:.7f} {y:.7f} {z:.7f} 1.0")
    return "\n".join(lines) + "\n"


def _atoms(homotop: Homotop) -> list[tuple[str, tuple[float, float, float], str, int]]:
    """Element, position, class and number of every atom; metals and sulfur numbered apart."""
    geometry = homotop.framework.known_geometry()
    n = geometry.n_metals
    found = []
    for k, (element, at, kind) in enumerate(
        zip(geometry.elements(homotop.sites), geometry.positions.tolist(), geometry.kinds,
            strict=True)
    ):  # fmt: skip
        found.append((element, tuple(at), kind, k + 1 if k < n else k + 1 - n))
    return found


def write_xyz(homotop: Homotop, path: Path, *, overwrite: bool = False) -> None:
    """Write extended XYZ. Raises OutputError for a file that is there, StructureError."""
    check_free(path, overwrite=overwrite)
    write_text(path, xyz_text(homotop))


def write_cif(homotop: Homotop, path: Path, *, overwrite: bool = False) -> None:
    """Write CIF. Raises OutputError for a file that is there, StructureError."""
    check_free(path, overwrite=overwrite)
    write_text(path, cif_text(homotop))
