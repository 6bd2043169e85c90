"""`alloyscope fit`: the reaction's free parameters, from what was seen."""

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
    "--profile",
    "profiled",
    metavar="NAME,...",
    help="Profile likelihoods of these parameters: all, none or names. [default: none]",
)
@click.option("--no-figures", is_flag=True, help="Write the folder without figures.")
@case_options
def fit(
    observations: Path | None,
    out: Path | None,
    starts: int | None,
    seed: int | None,
    evaluations: int | None,
    workers: int,
    profiled: str | None,
    no_figures: bool,
    **options: Any,
) -> None:
    """Fit the case's reaction to what was seen of it, and judge the fit.

    Least squares from many starts. Says which statements are met, beside what comes free; how well
    each parameter is known; what becomes of what is fed. Interrupted, it keeps the finished starts
    in DIR: the same command again goes on.

    \b
    alloyscope fit --case au44-ag44 --observations seen.toml --out fitted
    alloyscope simulate --case fitted/fitted.toml --ratio 3:1
    """
    from alloyscope.report.fit_folder import journal_in, write_fit

    shared = Shared(**options)
    thiolate_alone(shared)
    file = str(observations) if observations else None
    asked = given(starts=starts, evaluations=evaluations, profile=_names(profiled))
    # A seed of 0 is a seed.
    asked |= {} if seed is None else {"seed": seed}
    case = build_case(shared, observations=given(file=file, use="fit"), fit=asked)
    case = case.only("space", "reaction", "observations", "fit")
    write = write_fit(out, shared.case_file, figures=not no_figures, overwrite=shared.overwrite)
    with kept(journal_in(out)):
        run_and_report(case, shared, write, processes=workers, journal=journal_in(out))
    say_where(out, shared)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if text else ()
