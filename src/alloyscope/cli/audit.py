"""`alloyscope audit`: can the reported products hold what was fed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    case_options,
    given,
    out_options,
    run_and_report,
    say_where,
    thiolate_alone,
)
from alloyscope.errors import CaseError, message


@click.command()
@click.option(
    "--observations",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What was seen of the reaction, in TOML; see docs/observations.md.",
)
@out_options("Write the table and a figure to this folder, new or empty.", without="the figure")
@case_options
def audit(observations: Path | None, out: Path | None, no_figures: bool, **options: Any) -> None:
    """Say how much of what was fed the reported products can hold.

    Mass balance by linear programming, at every ratio of the observations: the most of each metal,
    ligand and electron, what is missing, and what its composition is like.

    \b
    alloyscope audit --case au44-ag44 --observations seen.toml --out balance
    """
    from alloyscope.report.audit_folder import write_audit

    shared = Shared(**options)
    thiolate_alone(shared)
    file = str(observations) if observations else None
    case = build_case(shared, observations=given(file=file, use="audit"))
    case = case.only("space", "reaction", "observations")
    if not case.observations.file:
        raise CaseError(
            message("audit", found="no observations", expected="what was seen",
                    do="For example --case au44-ag44 --observations seen.toml.")
        )  # fmt: skip
    run_and_report(case, shared, write_audit(out, figures=not no_figures,
                                             overwrite=shared.overwrite))  # fmt: skip
    say_where(out, shared, page="")
