"""`alloyscope compare`: what each mechanism of a reaction is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alloyscope.cli.options import (
    Shared,
    build_case,
    case_options,
    fit_options,
    given,
    kept,
    run_and_report,
    say_where,
    thiolate_alone,
)


@click.command()
@fit_options
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help='Refit without this mechanism: the name of its rate, its equation, "cooperativity" or '
    '"responses"; repeat for more; all or none. [default: all]',
)
@click.option(
    "--leave-out",
    multiple=True,
    metavar="FIGURE",
    help="Refit without the statements of this figure, 2b, and judge them; repeat for more; all.",
)
@click.option("--no-figures", is_flag=True, help="Write the folder without the figure.")
@case_options
def compare(
    observations: Path | None,
    out: Path | None,
    starts: int | None,
    seed: int | None,
    evaluations: int | None,
    workers: int,
    without: tuple[str, ...],
    leave_out: tuple[str, ...],
    no_figures: bool,
    **options: Any,
) -> None:
    """Switch the reaction's mechanisms off one at a time and refit: which are needed.

    Every refit begins at the case's values, so give it those of a fit. Interrupted, it keeps the
    finished starts in DIR: the same command again goes on.

    \b
    alloyscope compare --case fitted/fitted.toml --observations seen.toml --out compared
    alloyscope compare --case fitted/fitted.toml --observations seen.toml --without kh
    alloyscope compare --case fitted/fitted.toml --observations seen.toml --without none --leave-out all
    """  # noqa: E501 - an example stands on one line
    from alloyscope.report.compare_folder import write_comparison
    from alloyscope.report.fit_folder import journal_in

    shared = Shared(**options)
    thiolate_alone(shared)
    file = str(observations) if observations else None
    asked = given(starts=starts, evaluations=evaluations, without=without, leave_out=leave_out)
    asked |= {} if seed is None else {"seed": seed}
    case = build_case(shared, observations=given(file=file, use="compare"), compare=asked)
    case = case.only("space", "reaction", "observations", "compare")
    write = write_comparison(out, figures=not no_figures, overwrite=shared.overwrite)
    with kept(journal_in(out)):
        run_and_report(case, shared, write, processes=workers, journal=journal_in(out))
    say_where(out, shared, page="")
