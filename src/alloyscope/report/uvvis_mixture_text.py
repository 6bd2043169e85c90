"""What mixtures are made of, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alloyscope.report.uvvis_course_text import Columns, p_text, with_sd
from alloyscope.report.uvvis_names import component_name, spectrum_name
from alloyscope.results.uvvis import UvvisRun
from alloyscope.uvvis.unmixing import Unmixing

MARK = "*"
"""Of shares that are not those of the sample."""


def unmixing_line(run: UvvisRun) -> str:
    """The verdict on a mixture: the last spectrum's shares, and whether something else is there."""
    found = run.unmixed
    assert found is not None
    return " ".join(filter(None, (found.verdict, _range_line(run, found), _share_line(run, found))))


def _range_line(run: UvvisRun, found: Unmixing) -> str:
    """Which wavelengths were used, where references cover but a part."""
    ends, whole = found.wavelength_nm[[0, -1]], run.series.wavelength_nm[[0, -1]]
    if np.array_equal(ends, whole):
        return ""
    return (f"Judged by {ends[0]:g} to {ends[1]:g} nm alone, which the references cover, of "
            f"{whole[0]:g} to {whole[1]:g} nm.")  # fmt: skip


def _share_line(run: UvvisRun, found: Unmixing) -> str:
    if run.sketched and found.goodness.something_else:
        return "No shares are told: references drawn from band positions do not fit."
    last = len(found) - 1
    names = [" + ".join(component_name(run, k) for k in members) for members in columns_of(found)]
    told = ", ".join(f"{name} {cell} %" for name, cell in zip(names, shares(found, last),
                                                             strict=True))  # fmt: skip
    when = f" at {spectrum_name(run, last)}" if len(found) > 1 else ""
    if foreign(found)[last]:
        return f"Shares{MARK}{when}: {told} ({MARK} of what the components explain)."
    return f"Shares{when}: {told}."


def foreign(found: Unmixing) -> NDArray[np.bool_]:
    """(n_spectra,) whether each shows something else; all, where only the series does."""
    alone = np.isin(np.arange(len(found)), found.goodness.spectra)
    return np.asarray(alone | (found.goodness.something_else and not alone.any()))


def columns_of(found: Unmixing) -> tuple[tuple[int, ...], ...]:
    """Components whose shares are told one by one, and groups of which only the sum is known."""
    groups = {group.members[0]: group.members for group in found.unresolved}
    inside = {k for members in groups.values() for k in members}
    return tuple(groups.get(k, (k,)) for k in range(len(found.names))
                 if k in groups or k not in inside)  # fmt: skip


def fraction_columns(found: Unmixing) -> Columns:
    """Heads of the shares."""
    names = (" + ".join(found.names[k] for k in members) for members in columns_of(found))
    return (("spectrum", "left"), *((f"{name} %", "right") for name in names),
            ("p, nothing else", "right"))  # fmt: skip


def fraction_rows(run: UvvisRun) -> list[list[str]]:
    """Shares of the components in each spectrum, with 1 sd, marked where something else is."""
    found = run.unmixed
    assert found is not None
    marks = [f" {MARK}" if one else "" for one in foreign(found)]
    return [
        [spectrum_name(run, k), *(f"{cell}{marks[k]}" for cell in shares(found, k)),
         p_text(float(found.goodness.p_value[k]))]
        for k in range(len(found))
    ]  # fmt: skip


def share_line(found: Unmixing) -> tuple[str, ...]:
    """What the mark in the table means, where it stands there."""
    if not foreign(found).any():
        return ()
    return (f"{MARK} of what the components explain, not of the sample: something else is there.",)


def shares(found: Unmixing, row: int) -> list[str]:
    """Shares of one spectrum in %: with 1 sd, or as ranges where components are unknown."""
    if found.feasible is None:
        told = [found.sum_fraction(members) for members in columns_of(found)]
        return [with_sd(100 * value[row], 100 * sd[row]) for value, sd in told]
    low, high = found.fraction_interval
    return [
        f"{100 * low[row, list(members)].sum():.0f} to "
        f"{100 * min(high[row, list(members)].sum(), 1.0):.0f}"
        for members in columns_of(found)
    ]
