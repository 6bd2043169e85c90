"""Occupancy of site classes, and numbers of homotops, against x."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alloyscope.errors import CaseError, message
from alloyscope.report.structure_colours import class_colours
from alloyscope.report.structure_text import symmetry_words
from alloyscope.report.style import FAINT, INK, MEASURED, SETTINGS, colour
from alloyscope.results.structure import HomotopTable, StructureView

WIDTH = 6.4
SAME = 1e-6
DASHES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))


def occupancy_figure(found: StructureView) -> Figure:
    """Share of each class's sites that hold the first metal, and those of the homotop drawn."""
    assert found.homotop is not None
    assert found.preferences is not None
    first, own = found.metals[0], found.framework
    x = np.array([o.composition[0] for o in found.occupancies])
    inks = class_colours(own)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.5), layout="constrained")
        ax = figure.subplots()
        for k, (names, share) in enumerate(_lines(found)):
            ax.plot(x, 100 * share, color=inks[names[0]], lw=1.8, ls=DASHES[k % len(DASHES)],
                    label=", ".join(names))  # fmt: skip
        if found.drawn:
            at = found.homotop.composition[0]
            ax.axvline(at, color=FAINT, lw=0.8, ls=(0, (4, 3)), zorder=0)
            _marks(ax, found, inks)
        ax.plot([0, own.metals], [0, 100], color=FAINT, lw=0.8, zorder=0,
                label="no preference")  # fmt: skip
        ax.set(xlim=(0, own.metals), ylim=(-2, 102))
        ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
        ax.set_xlabel(f"x, number of {first} atoms in {own.name}")
        ax.set_ylabel(f"sites that hold {first}, % of the class")
        ax.set_title(f"site energies: {found.preferences.source}, "
                     f"{found.preferences.temperature:g} K", loc="left", color=INK)  # fmt: skip
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return figure


def _lines(found: StructureView) -> list[tuple[list[str], np.ndarray]]:
    """Shares by class; classes that share one line stand together."""
    lines: list[tuple[list[str], np.ndarray]] = []
    for site in found.framework.classes:
        share = np.array([o.mean[site.name][0] / site.count for o in found.occupancies])
        for names, other in lines:
            if abs(share - other).max() < SAME:
                names.append(site.name)
                break
        else:
            lines.append(([site.name], share))
    return lines


def _marks(ax: Axes, found: StructureView, inks: dict[str, str]) -> None:
    assert found.homotop is not None
    at = found.homotop.composition[0]
    seen: dict[float, int] = {}
    for site in found.framework.classes:
        y = 100 * found.homotop.by_class[site.name][0] / site.count
        place = seen[y] = seen.get(y, -1) + 1
        # Classes that are equally filled stand beside one another.
        ax.plot(at + 0.012 * found.framework.metals * place, y, "o", ms=5.5, mfc="none",
                mec=inks[site.name], mew=1.5, clip_on=False, zorder=5)  # fmt: skip
    ax.plot([], [], "o", ms=5.5, mfc="none", mec=MEASURED, mew=1.5, ls="",
            label=f"{found.drawn} homotop")  # fmt: skip


def homotop_figure(found: HomotopTable) -> Figure:
    """Homotops and labelled placements against x. Raises CaseError where there is no such axis."""
    if found.n_metals > 2 or found.by_class:
        raise CaseError(
            message("--figure", found="three metals or classes", expected="two metals, all x",
                    do="Ask for --csv.")
        )  # fmt: skip
    x = np.array([c.composition[0] for c in found.counts])
    rows = {"labelled placements": [c.placements for c in found.counts],
            "homotops, mirror images apart": [c.apart for c in found.counts],
            "homotops": [c.homotops for c in found.counts]}  # fmt: skip
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
        ax = figure.subplots()
        for k, (name, counts) in enumerate(rows.items()):
            ax.plot(x, np.array([float(n) for n in counts]), "-o", ms=2.6, lw=1.0,
                    color=(FAINT, colour(1), MEASURED)[k], label=name)  # fmt: skip
        ax.set_yscale("log")
        ax.set_ylim(bottom=0.7)
        ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
        where = f", on {', '.join(found.only)} alone" if found.only else ""
        ax.set_xlabel("x, atoms of one of two metals")
        ax.set_ylabel("number")
        ax.set_title(f"{found.framework.name}, {symmetry_words(found.framework)}{where}",
                     loc="left")  # fmt: skip
        ax.legend(loc="lower center")
    return figure
