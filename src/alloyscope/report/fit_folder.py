"""The folder of a fit: tables, the case with the fitted values, records, figures and the page."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tomli_w

from alloyscope.case import write_case
from alloyscope.case.read import bundled_cases
from alloyscope.places import check_folder, write_text
from alloyscope.reaction.judged import Judged
from alloyscope.report.fit_page import fit_page
from alloyscope.report.fit_tables import fit_csvs
from alloyscope.report.folder import FORMATS, as_json
from alloyscope.report.outputs import Write
from alloyscope.results import Results

JOURNAL = "starts.jsonl"
"""What is finished; the only file that a folder may hold before it is written to."""

FIGURES = ("scoreboard", "shares", "yields", "parameters", "profiles")


def journal_in(out: Path | None) -> Path | None:
    """The journal of work that goes to this folder."""
    return out / JOURNAL if out else None


def check_resumable(out: Path, *, overwrite: bool) -> None:
    """Raise OutputError unless results can go to this folder; a journal of its own may be there."""
    held = {path.name for path in out.iterdir()} if out.is_dir() else set()
    check_folder(out, overwrite=overwrite or held == {JOURNAL})


def write_fit(out: Path | None, origin: Path | None, *, figures: bool, overwrite: bool) -> Write:
    """Check the place, and return what will write to it. Raises OutputError.

    origin : the case file, or bundled case, that the fit starts from
    """
    if out:
        check_resumable(out, overwrite=overwrite)

    def write(results: Results) -> None:
        if out and results.fitted:
            _write(out, origin, results, results.fitted, figures)

    return write


def _write(out: Path, origin: Path | None, results: Results, found: Judged, figures: bool) -> None:
    texts = fit_csvs(found)
    texts["fit.json"] = as_json(results.as_json())
    texts["fitted.toml"] = fitted_toml(results, found, origin, out)
    for name, text in texts.items():
        write_text(out / name, text)
    write_case(results.case, out / "case.resolved.toml", overwrite=True)
    # What an earlier run drew and this one does not would be taken for this one's.
    for stale in (out / (name + ending) for name in FIGURES for ending in FORMATS):
        stale.unlink(missing_ok=True)
    drawn = _draw(out, found) if figures else {}
    files = [*texts, "case.resolved.toml", *(name + e for name in drawn for e in FORMATS)]
    write_text(out / "index.html", fit_page(results, drawn, files))


def fitted_toml(results: Results, found: Judged, origin: Path | None, out: Path) -> str:
    """A case with the fitted values that extends the one that the fit started from."""
    case = results.case
    named = str(origin) if origin else "case.resolved.toml"
    if origin and not (named in bundled_cases() and not origin.is_file()):
        named = Path(os.path.relpath(origin, out)).as_posix()
    names = [p.name for p in found.fit.objective.free]
    values = {one.parameter.name: float(f"{one.parameter.value:.9g}") for one in found.estimates}
    covariance = [[float(f"{v:.12g}") for v in row] for row in found.fit.covariance.tolist()]
    content: dict[str, Any] = {"extends": named}
    if case.chemistry.thiolate:
        content["chemistry"] = {"thiolate": case.chemistry.thiolate}
    content["reaction"] = {"values": values,
                           "posterior": {"names": names, "covariance": covariance}}  # fmt: skip
    asked, seen = case.fit, Path(case.observations.file).name
    head = (
        f"# Fitted by alloyscope {version('alloyscope')}: alloyscope fit --case {named} "
        f"--observations {seen} --starts {asked.starts} --seed {asked.seed}\n"
        f"# Loss {found.fit.loss:.3f}; {found.shown.met} of {found.shown.total} statements met as "
        "a spectrum would show them.\n"
    )
    return head + tomli_w.dumps(content)


def _draw(out: Path, found: Judged) -> dict[str, str]:
    """Draw every figure that there is something for, and return their SVG elements by name."""
    from alloyscope.report import fit_figures as drawing
    from alloyscope.report.style import save_both

    draw: dict[str, Callable[[Judged], Any]] = {"parameters": drawing.parameter_figure}
    if found.shown.total:
        draw["scoreboard"] = drawing.scoreboard_figure
    if found.curve:
        draw |= {"shares": drawing.share_figure, "yields": drawing.yield_figure}
    if found.profiles:
        draw["profiles"] = drawing.profile_figure
    return {name: save_both(draw[name](found), out / name) for name in FIGURES if name in draw}
