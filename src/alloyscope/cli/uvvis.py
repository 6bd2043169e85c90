"""`alloyscope uvvis`: bands of absorption spectra, what they are made of, and how they change."""

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
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@click.option(
    "--references",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Spectra of what may be in it, named by their headings or files; repeat for more.",
)
@click.option(
    "--molar",
    multiple=True,
    metavar="NAME=M",
    help="Concentration of a reference, mol/L, for amounts in mol/L; repeat for others.",
)
@click.option("--unknown", type=int, metavar="N", help="Seek so many further components.")
@click.option("--sketches", is_flag=True, help="Let spectra drawn from known band positions stand "
              "in for references that are missing.")  # fmt: skip
@click.option("--times", metavar="T,T", help="Of the spectra, in their order: 2min,10min,20h.")
@click.option("--window", metavar="LO:HI", help="Wavelengths to look at, nm: 400:900.")
@click.option("--path", type=float, metavar="CM", help="Length of the cuvette. [default: 1]")
@click.option(
    "--illuminant",
    type=click.Choice(["D65", "D50", "A", "E"]),
    help="Light under which the solution's colour is seen. [default: D65]",
)
@click.option("--offset/--no-offset", default=None, help="Fit an offset of each spectrum beside "
              "the components. [default: --offset]")  # fmt: skip
@click.option("--slope", is_flag=True, help="Fit a slope too.")
@click.option("--scatter", is_flag=True, help="Fit light scattered by small particles too.")
@click.option("--noise", type=float, metavar="A", help="1 sd of the absorbance. [default: found in "
              "the spectra]")  # fmt: skip
@click.option("--bands", metavar="NM,NM", help="Bands to follow: 420,488. [default: those found]")
@click.option("--analysed", type=int, metavar="N", help="Seek bands in so many spectra of a "
              "series; 0 for all. [default: 3]")  # fmt: skip
@click.option("--populations", type=click.Path(path_type=Path), metavar="FILE",
              help="Species against time, such as frameworks.csv of simulate (its column clusters "
              "is used), with --case: their spectra are solved for.")  # fmt: skip
@click.option("--ratio", metavar="N:M", help="In place of --populations: those that the case's "
              "reaction predicts of this feed.")  # fmt: skip
@click.option("--false-alarm", type=float, metavar="P", help="How often noise may be taken for "
              "something. [default: 0.01]")  # fmt: skip
@click.option("--seed", type=int, metavar="N", help="Of what is drawn at random. [default: 1]")
@out_options()
@case_options
def uvvis(file: Path | None, out: Path | None, no_figures: bool, **options: Any) -> None:
    """Find bands and shoulders of absorption spectra, what they are made of, how they change.

    FILE holds one spectrum or several: text of any spectrometer, JCAMP-DX, .SPC; or a FOLDER of
    such files. A series is followed in time.

    \b
    alloyscope uvvis course.csv --references Ag44.csv --references Au44.csv --out uvvis
    alloyscope uvvis course.csv --unknown 2 --window 380:900
    alloyscope uvvis course.csv --case au44-ag44 --ratio 1:3 --out species
    """
    from alloyscope.report.uvvis_folder import write_uvvis

    asked = _asked(file, options)
    shared = Shared(**options)
    thiolate_alone(shared)
    case = build_case(shared, uvvis=asked).only("space", "reaction", "uvvis")
    if not case.uvvis.file:
        raise CaseError(
            message("uvvis", found="no spectrum", expected="a file or a folder",
                    do="For example: alloyscope uvvis course.csv --out uvvis.")
        )  # fmt: skip
    run_and_report(case, shared, write_uvvis(out, figures=not no_figures,
                                             overwrite=shared.overwrite))  # fmt: skip
    say_where(out, shared)


def _asked(file: Path | None, options: dict[str, Any]) -> dict[str, Any]:
    """The case's [uvvis] from the options, which are taken out of the command's."""
    plain = {name: options.pop(name) for name in (
        "unknown", "path", "illuminant", "noise", "analysed", "ratio", "false_alarm", "seed",
    )}  # fmt: skip
    if plain["path"] is not None and not plain["path"] > 0:
        raise CaseError(message("--path", found=f"{plain['path']:g} cm", expected="more than 0"))
    flags = {name: options.pop(name) or None for name in ("slope", "scatter", "sketches")}
    offset, populations = options.pop("offset"), options.pop("populations")
    found = given(
        file=str(file) if file else None,
        references=tuple(str(one) for one in options.pop("references")),
        molar=dict(_molar(text) for text in options.pop("molar")),
        times=tuple(_parts(options.pop("times"))),
        window=_window(options.pop("window")),
        bands=tuple(_number(text, "--bands", "wavelengths in nm, as in 420,488")
                    for text in _parts(options.pop("bands"))),
        populations=str(populations) if populations else None, **plain, **flags,
    )  # fmt: skip
    found |= {} if offset is None else {"offset": offset}
    return {name: value for name, value in found.items() if value != {}}


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()] if text else []


def _number(text: str, option: str, expected: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CaseError(message(option, found=f'"{text}"', expected=expected)) from None


def _window(text: str | None) -> tuple[float, ...]:
    """`400:900` as two numbers."""
    if not text:
        return ()
    expected = "two wavelengths in nm, as in 400:900"
    parts = text.replace("–", ":").replace("-", ":").split(":")
    if len(parts) != 2:
        raise CaseError(message("--window", found=f'"{text}"', expected=expected))
    low, high = (_number(part, "--window", expected) for part in parts)
    if low >= high:
        raise CaseError(message("--window", found=f'"{text}"', expected=expected,
                                do="The first must be below the second."))  # fmt: skip
    return low, high


def _molar(text: str) -> tuple[str, float]:
    """`Ag44=1e-5` as a name and a number."""
    name, sign, value = text.rpartition("=")
    expected = "a reference and its mol/L: Ag44=1.2e-6"
    if not sign or not name.strip():
        raise CaseError(message("--molar", found=f'"{text}"', expected=expected))
    return name.strip(), _number(value, "--molar", expected)
