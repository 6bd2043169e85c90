"""A structure drawn: shaded spheres and bonds, the farthest first (painter's algorithm)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, Polygon
from numpy.typing import NDArray

from alloyscope.report.structure_colours import RADII, SULFUR, class_colours, metal_colour
from alloyscope.report.style import INK, SETTINGS
from alloyscope.report.typeset import LOWERED, RAISED
from alloyscope.results.structure import StructureView
from alloyscope.structures.geometry import Geometry

Floats = NDArray[np.float64]
WIDTH, HEIGHT = 7.4, 4.2
VIEW = (-72.0, 0.0, 24.0)
"""Degrees about x, y and z: from the side, a little from above."""

PAGE_DPI = 110
RINGS = 8
"""Circles that shade one sphere."""

HAZE = 0.5
"""How much of the paper's white the farthest atoms get."""

LIGHT = np.array([-0.32, 0.36])
"""Where on a sphere its highlight lies, in radii."""


def structure_picture(found: StructureView) -> Figure:
    """By class of site, and by metal, side by side."""
    geometry = found.framework.known_geometry()
    assert found.homotop is not None
    by_class = class_colours(found.framework)
    by_metal = {m: metal_colour(m, k) for k, m in enumerate(found.metals)}
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        left, right = figure.subplots(1, 2)
        _draw(left, geometry, [by_class[kind] for kind in geometry.kinds])
        inks = [by_metal.get(element, SULFUR) for element in geometry.elements(found.homotop.sites)]
        _draw(right, geometry, inks)
        donors = f"{'S' if set(geometry.donors) <= {'S'} else 'donor'} ({found.ligand})"
        _legend(left, {f"{c.name}, {c.count}": by_class[c.name] for c in found.framework.classes}
                | {donors: SULFUR})  # fmt: skip
        counts = zip(found.metals, found.homotop.composition, strict=True)
        _legend(right, {f"{m}, {n}": by_metal[m] for m, n in counts if n} | {donors: SULFUR})
        how = f", {found.drawn} homotop" if found.drawn else ""
        left.set_title(f"{found.framework.name}, site classes", loc="left")
        right.set_title(f"{species_words(found)}{how}", loc="left")
    return figure


def species_words(found: StructureView) -> str:
    """The species with subscripts and its charge raised."""
    body, sign, charge = found.title.partition("]")
    return body.translate(LOWERED) + sign + charge.translate(RAISED)


def turned(positions: Floats, degrees: tuple[float, float, float] = VIEW) -> Floats:
    """(n, 3) coordinates as seen: x to the right, y up, z towards the eye."""
    seen = positions
    for axis, angle in ((2, degrees[2]), (1, degrees[1]), (0, degrees[0])):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        step = np.eye(3)
        step[i, i] = step[j, j] = c
        step[i, j], step[j, i] = -s, s
        seen = seen @ step.T
    return np.asarray(seen)


@dataclass(frozen=True)
class Piece:
    """One filled shape.

    depth : towards the eye, Å; the least is painted first
    """

    depth: float
    patch: Patch
    face: Floats
    edge: Floats
    width: float = 0.0


def _draw(ax: Axes, geometry: Geometry, inks: Sequence[str]) -> None:
    seen = turned(geometry.positions)
    depth = seen[:, 2]
    haze = HAZE * (depth.max() - depth) / (float(np.ptp(depth)) or 1.0)
    radius = np.where(np.arange(len(seen)) < geometry.n_metals, RADII["metal"], RADII["donor"])
    shades = np.array([to_rgb(ink) for ink in inks])
    pieces = [piece for k in range(len(seen))
              for piece in _sphere(seen[k], radius[k], shades[k], haze[k])]  # fmt: skip
    for a, b in geometry.bonds():
        pieces += _bond(seen, (int(a), int(b)), shades, haze)
    pieces.sort(key=lambda piece: piece.depth)
    # One collection, painted in its own order, is many times faster than one of every atom.
    ax.add_collection(PatchCollection(
        [piece.patch for piece in pieces], facecolors=[piece.face for piece in pieces],
        edgecolors=[piece.edge for piece in pieces], linewidths=[piece.width for piece in pieces],
    ))  # fmt: skip
    reach = float(abs(seen[:, :2]).max()) + RADII["metal"]
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set_axis_off()


def _sphere(at: Floats, radius: float, ink: Floats, haze: float) -> list[Piece]:
    """Circles that shrink towards the highlight and grow lighter: dark rim, bright spot."""
    pieces = []
    for k, t in enumerate(np.linspace(0.0, 1.0, RINGS)):
        place = at[:2] + LIGHT * radius * t
        circle = Circle((float(place[0]), float(place[1])), float(radius * (1 - 0.93 * t)))
        tone = _hazed(_toned(ink, t), haze)
        edge = tone if k else _hazed(0.45 * ink, haze)
        pieces.append(Piece(float(at[2]) + 1e-6 * k, circle, tone, edge, 0.0 if k else 0.5))
    return pieces


def _toned(ink: Floats, light: float) -> Floats:
    """From 0.72 of a colour at the rim over itself to nearly white at the highlight."""
    if light < 0.5:
        return np.asarray(ink * (0.72 + 0.56 * light))
    return np.asarray(ink + (1 - ink) * 0.85 * ((light - 0.5) / 0.5) ** 1.6)


def _hazed(ink: Floats, haze: float) -> Floats:
    return np.asarray(np.clip(ink + (1 - ink) * haze, 0, 1))


def _bond(seen: Floats, ends: tuple[int, int], shades: Floats, haze: Floats) -> list[Piece]:
    """Two halves, each of its atom's colour and as far as its middle, on a dark ground."""
    middle = seen[list(ends)].mean(axis=0)
    pieces = []
    for end in ends:
        along = middle[:2] - seen[end, :2]
        length = float(np.linalg.norm(along))
        if length < 1e-6:
            continue
        across = np.array([-along[1], along[0]]) / length
        # A bond must not be painted over the atom that it begins in.
        depth = min(float((seen[end, 2] + middle[2]) / 2), float(seen[end, 2])) - 1e-3
        for k, (share, tone) in enumerate(((1.0, 0.5), (0.62, 0.92))):
            half = RADII["bond"] * share * across
            corners = np.array([seen[end, :2] - half, middle[:2] - half, middle[:2] + half,
                                seen[end, :2] + half])  # fmt: skip
            ink = _hazed(tone * shades[end], haze[end])
            pieces.append(Piece(depth + 1e-6 * k, Polygon(corners), ink, ink))
    return pieces


def _legend(ax: Axes, inks: dict[str, str]) -> None:
    marks = [Line2D([], [], ls="", marker="o", ms=7, mfc=ink, mec=INK, mew=0.4, label=name)
             for name, ink in inks.items()]  # fmt: skip
    ax.legend(handles=marks, loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3,
              handletextpad=0.2, columnspacing=1.0)  # fmt: skip


def picture_png(found: StructureView) -> bytes:
    """The picture as PNG, small enough to stand inside a page."""
    data = io.BytesIO()
    with rc_context(SETTINGS):
        structure_picture(found).savefig(data, format="png", dpi=PAGE_DPI)
    return data.getvalue()
