"""`alloyscope electrons`: valence electrons of species, and of what is fed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from alloyscope.case import Case

USUAL = ("1:40", "40:1")


@click.command()
@click.argument("species", nargs=-1, metavar="[SPECIES]...")
@click.option("--ratios", metavar="LOW..HIGH", help="Feeds of the case's parents. [default with a "
              "reaction, and no species: 1:40..40:1]")  # fmt: skip
@click.option("--predict", is_flag=True, help="Simulate each ratio, and mark the frameworks that "
              "come of it.")  # fmt: skip
@click.option("--time", metavar="T", help="With --predict: until when. [default: 20h]")
@click.option("--observations", type=click.Path(path_type=Path), metavar="FILE",
              help="Mark the frameworks that were seen; see docs/observations.md.")  # fmt: skip
@out_options()
@case_options
def electrons(
    species: tuple[str, ...], ratios: str | None, predict: bool, time: str | None,
    observations: Path | None, out: Path | None, no_figures: bool, **options: Any,
) -> None:  # fmt: skip
    """Count valence electrons of species and ions, and of what a reaction is fed.

    Says which shell of the superatom a count closes. With a reaction: mean electrons fed against
    the ratio of its parents, beside the frameworks that come of it.

    \b
    alloyscope electrons "[Au12Ag32(p-MBA)30]4-" "[Au25(PET)18]-"
    alloyscope electrons --case au44-ag44 --ratios 1:40..40:1 --predict --out electrons
    alloyscope electrons "A x=12" "B x=21" --case au44-ag44
    """
    from alloyscope.report.electrons_folder import write_electrons

    shared = Shared(**options)
    thiolate_alone(shared)
    asked = given(species=species, ratios=_range(ratios), time=time,
                  observations=str(observations) if observations else None)  # fmt: skip
    if predict:
        asked["predict"] = True
    case = _case(shared, asked)
    run_and_report(case, shared, write_electrons(out, figures=not no_figures,
                                                 overwrite=shared.overwrite))  # fmt: skip
    say_where(out, shared)


def _case(shared: Shared, asked: dict[str, Any]) -> Case:
    stated = build_case(shared)
    marked = bool({"predict", "observations"} & asked.keys())
    ratios = asked.get("ratios") or stated.electrons.ratios
    species = asked.get("species") or stated.electrons.species
    if not ratios and (marked or (stated.reaction.parent and not species)):
        asked["ratios"] = USUAL
    case = build_case(shared, electrons=asked).only("space", "reaction", "electrons")
    if not (case.electrons.species or case.electrons.ratios):
        raise CaseError(
            message("electrons", found="no species", expected="one or more, or a case with a "
                    "reaction", do='For example: alloyscope electrons "[Au25(p-MBA)18]-".')
        )  # fmt: skip
    return case


def _range(text: str | None) -> tuple[str, ...]:
    """`1:40..40:1` or `1:40-40:1` as two ratios."""
    if not text:
        return ()
    sign = ".." if ".." in text else "-"
    low, found, high = text.replace("–", "-").partition(sign)
    if not found or not low.strip() or not high.strip():
        raise CaseError(
            message("--ratios", found=f'"{text}"', expected="two ratios, as in 1:40..40:1")
        )
    return low.strip(), high.strip()
