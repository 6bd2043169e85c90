"""One look for all figures: type, colours, and how they are saved."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from alloyscope.places import cannot_write, write_text

MEASURED = "#30343b"
FAINT = "#9aa1ab"
INK = "#555b66"
IONS = ("#c8461e", "#1f6fb4", "#2f8a4e", "#8a4fa3", "#b8860b", "#0f8b8d", "#c2397e", "#5f6b7a")
"""Colours of simulated ions: told apart by most eyes, and dark enough to print."""

SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.formatter.useoffset": False,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.fonttype": "none",
    "svg.hashsalt": "alloyscope",
    "savefig.dpi": 300,
}


PATH = re.compile(r' d="[^"]*"')
"""Coordinates in an SVG; a hundredth of a point is more than anyone sees."""

PNG_LEVEL = 3
"""Twice as fast as the usual 6, and 7 % larger."""


def colour(index: int) -> str:
    """The colour of the ion with this index."""
    return IONS[index % len(IONS)]


def save(figure: Figure, path: Path) -> None:
    """Write a figure; the ending of the name sets the format. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with rc_context(SETTINGS):
            stamp = {"CreationDate": None} if path.suffix.lower() == ".pdf" else {}
            stamp = {"Date": None} if path.suffix.lower() == ".svg" else stamp
            figure.savefig(path, metadata=stamp)
    except OSError as error:
        raise cannot_write(path, error) from error


def save_both(figure: Figure, stem: Path) -> str:
    """Write a figure as SVG and PNG beside one another; the SVG element. Raises OutputError."""
    svg = as_svg(figure)
    write_text(stem.with_suffix(".svg"), f'<?xml version="1.0" encoding="utf-8"?>\n{svg}')
    try:
        with rc_context(SETTINGS):
            figure.savefig(stem.with_suffix(".png"), pil_kwargs={"compress_level": PNG_LEVEL})
    except OSError as error:
        raise cannot_write(stem.with_suffix(".png"), error) from error
    return svg


def _rounded(path: re.Match[str]) -> str:
    return re.sub(r"(\.\d\d)\d+", r"\1", path[0])


def as_svg(figure: Figure) -> str:
    """The figure as an SVG element, to stand inside a page."""
    text = io.StringIO()
    with rc_context(SETTINGS):
        figure.savefig(text, format="svg", metadata={"Date": None})
    svg = text.getvalue()
    return PATH.sub(_rounded, svg[svg.index("<svg") :])
