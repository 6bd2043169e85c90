"""`alloyscope gel`: which species runs ahead in a gel, and which band is which."""

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
@click.argument("species", nargs=-1, metavar="[SPECIES]...")
@click.option("--ratio", metavar="N:M", help="In place of species: what the case's reaction makes "
              "of this feed.")  # fmt: skip
@click.option("--time", metavar="T", help="With --ratio: how long it ran. [default: 20h]")
@click.option(
    "--model",
    type=click.Choice(["charge-to-mass", "charge-to-radius", "ferguson"]),
    help="How mobilities are computed; the others are set beside it. [default: charge-to-mass]",
)
@click.option("--ph", type=float, metavar="PH", help="Of the running buffer. [default: 8.3]")
@click.option("--gel", "percent", type=float, metavar="T", help="Percentage, %T. [default: 20]")
@click.option(
    "--ionic-strength", type=float, metavar="I", help="Of the buffer, M. [default: 0.025]"
)
@click.option(
    "--ionisation",
    type=click.Choice(["titrated", "regulated"]),
    help="Of the ligands: by pKa as measured on a cluster, or regulated by the charge of the "
    "surface. [default: titrated]",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Digitised lanes to match: distance, then a column of intensity a lane.",
)
@click.option("--lane", metavar="NAME", help="Lane of the profile, or its number. [default: 1]")
@click.option("--origin", type=float, metavar="D", help="Distance of the well. [default: 0]")
@click.option("--front", type=float, metavar="D", help="Distance of the dye front, for Rf.")
@click.option("--marker", metavar='"SPECIES @ D"', help="A species that is known to run so far.")
@click.option(
    "--draws",
    type=int,
    metavar="N",
    help="Of what is uncertain, for how sure an order is; 0 for none. [default: 1000]",
)
@click.option("--seed", type=int, metavar="N", help="Of the draws. [default: 1]")
@out_options()
@case_options
def gel(species: tuple[str, ...], out: Path | None, no_figures: bool, **options: Any) -> None:
    """Say in which order species run in a gel, how sure that is, and which band is which.

    Each SPECIES in any notation, or a framework of the case with its x: "A x=12", "C x=40-43".

    \b
    alloyscope gel "C x=44" "C x=40-43" "B x=19-24" "A x=1-12" --case au44-ag44 --out gel
    alloyscope gel "B x=21" "A x=12" --case au44-ag44 --profile lane.csv
    alloyscope gel --case au44-ag44 --ratio 3:1 --model ferguson
    """
    from alloyscope.report.gel_folder import write_gel

    asked = {name: options.pop(name) for name in (
        "ratio", "time", "model", "ph", "percent", "ionic_strength", "ionisation", "lane",
        "origin", "front", "marker", "draws", "seed",
    )}  # fmt: skip
    profile = options.pop("profile")
    shared = Shared(**options)
    thiolate_alone(shared)
    settings = given(species=species, profile=str(profile) if profile else None, **asked)
    if species and not asked["ratio"]:
        settings["ratio"] = ""
    if asked["ratio"] and not species:
        settings["species"] = ()
    case = build_case(shared, gel=settings).only("space", "reaction", "gel")
    if not (case.gel.species or case.gel.ratio):
        raise CaseError(
            message("gel", found="no species", expected="one or more, or --ratio",
                    do='For example: alloyscope gel "A x=12" "C x=44" --case au44-ag44.')
        )  # fmt: skip
    run_and_report(case, shared, write_gel(out, figures=not no_figures,
                                           overwrite=shared.overwrite))  # fmt: skip
    say_where(out, shared)
