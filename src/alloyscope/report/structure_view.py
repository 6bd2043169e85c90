"""The page that turns a structure: one file, 3Dmol.js inside it, no network."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from markupsafe import Markup

from alloyscope.data import bundled
from alloyscope.report.page import render
from alloyscope.report.structure_colours import RADII, SULFUR, class_colours, metal_colour
from alloyscope.report.structure_text import fact_line, homotop_lines
from alloyscope.results.structure import StructureView

SCRIPT = "3Dmol-min.js"


def structure_html(found: StructureView, picture: bytes) -> str:
    """The page as HTML.

    picture : PNG that is shown where a browser cannot draw in three dimensions
    Raises StructureError where there are no coordinates.
    """
    return render(
        "structure_view.html.j2", title=found.title, facts=fact_line(found),
        lines=homotop_lines(found), notes=found.notes, legends=legends(found),
        script=Markup(inlined(bundled(SCRIPT))), scene=Markup(as_script(scene(found))),
        picture=f"data:image/png;base64,{b64encode(picture).decode()}",
    )  # fmt: skip


def inlined(script: str) -> str:
    """A script that can stand inside a page: nothing in it ends the element early."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def as_script(content: object) -> str:
    """Plain types as a JavaScript value; no text in it can end the element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def scene(found: StructureView) -> dict[str, Any]:
    """Atoms with their class, metal, colours and bonds."""
    geometry = found.framework.known_geometry()
    assert found.homotop is not None
    inks = class_colours(found.framework)
    metals = {metal: metal_colour(metal, k) for k, metal in enumerate(found.metals)}
    bound: list[list[int]] = [[] for _ in geometry.kinds]
    for a, b in geometry.bonds().tolist():
        bound[a].append(b)
        bound[b].append(a)
    n = geometry.n_metals
    atoms = [
        {
            "elem": element, "x": round(x, 5), "y": round(y, 5), "z": round(z, 5),
            "bonds": bound[k], "kind": kind if k < n else "ligand", "named": kind,
            "number": k + 1 if k < n else k + 1 - n,
            "ink": {"class": inks[kind], "metal": metals.get(element, SULFUR)},
            "radius": RADII["metal" if k < n else "donor"],
        }
        for k, (element, (x, y, z), kind) in enumerate(
            zip(geometry.elements(found.homotop.sites), geometry.positions.tolist(),
                geometry.kinds, strict=True)
        )
    ]  # fmt: skip
    return {"atoms": atoms, "bond": RADII["bond"]}


def legends(found: StructureView) -> dict[str, list[tuple[str, str, str]]]:
    """Name, count and colour of every entry, by what atoms are coloured for."""
    assert found.homotop is not None
    inks = class_colours(found.framework)
    own = [(c.name, str(c.count), inks[c.name]) for c in found.framework.classes]
    metals = [(m, str(n), metal_colour(m, k)) for k, (m, n) in enumerate(
        zip(found.metals, found.homotop.composition, strict=True)) if n]  # fmt: skip
    return {"class": own, "metal": metals}
