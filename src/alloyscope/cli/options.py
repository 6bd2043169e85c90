"""Options that commands share, and what they do to a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from alloyscope.errors import CaseError, message

if TYPE_CHECKING:
    from alloyscope.case import Case
    from alloyscope.results import Results

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Shared:
    """What the options that all commands share were given as; None where they were not."""

    case_file: Path | None
    ligands: tuple[str, ...]
    save_case: Path | None
    as_json: bool
    overwrite: bool
    isotope_table: str | None = None
    resolving_power: float | None = None
    peak_shape: str | None = None
    tail: float | None = None


def shared_options(command: Command) -> Command:
    """The options that `Shared` holds."""
    for option in (
        click.option("--tail", type=float, metavar="T",
                     help="Of a tailed peak: decay length over the Gaussian's sd. [default: 1]"),
        click.option("--peak-shape", type=click.Choice(["gaussian", "lorentzian", "tailed"]),
                     help="Shape of one peak. [default: gaussian]"),
    ):  # fmt: skip
        command = option(command)
    return run_options(command)


def run_options(command: Command) -> Command:
    """The options that `Shared` holds, but for the shape of a peak."""
    for option in (
        click.option("--isotope-table", metavar="NAME",
                     help='"isospec" or a CSV file, in place of the bundled table.'),
        click.option("--resolving-power", type=float, metavar="R",
                     help="m/z over the full width of a peak at half its height."),
    ):  # fmt: skip
        command = option(command)
    return case_options(command)


def case_options(command: Command) -> Command:
    """The options that `Shared` holds, but for those of an instrument and of isotopes."""
    for option in (
        click.option("--overwrite", is_flag=True, help="Replace files that exist."),
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("--save-case", type=click.Path(path_type=Path), metavar="FILE",
                     help="Write every setting of this run to a case file."),
        click.option("--ligand", "ligands", metavar="NAME", multiple=True,
                     help="The thiolate that SR stands for: p-MBA. Again: a further ligand."),
        click.option("--case", "case_file", type=click.Path(path_type=Path), metavar="FILE",
                     help="Settings from a case file or a bundled case, au44-ag44; other options "
                          "go before them."),
    ):  # fmt: skip
        command = option(command)
    return command


def out_options(
    writes: str = "Write tables, figures and a page to this folder, new or empty.",
    without: str = "figures",
) -> Callable[[Command], Command]:
    """The folder that a command writes, and whether figures go there; see `say_where`."""

    def options(command: Command) -> Command:
        bare = click.option("--no-figures", is_flag=True,
                            help=f"Write the folder without {without}.")  # fmt: skip
        out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=writes)
        return out(bare(command))

    return options


def instrument_options(command: Command) -> Command:
    """What is known of the instrument, and how sure calls must be."""
    for option in (
        click.option("--q", type=float, metavar="Q",
                     help="Share of calls that may be false. [default: 0.05]"),
        click.option("--analyzer", type=click.Choice(["tof", "ft"]),
                     help="Time of flight or Fourier transform. [default: what the file says or "
                          "shows]"),
        click.option("--resolving-power-at", type=float, metavar="MZ",
                     help="m/z at which the resolving power holds. [default: 2500; of FT 400]"),
        click.option("--mass-accuracy", type=float, metavar="PPM",
                     help="Stated accuracy; it may be wrong."),
    ):  # fmt: skip
        command = option(command)
    return command


def fit_options(command: Command) -> Command:
    """What fits and refits have in common."""
    for option in (
        click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True,
                     metavar="N", help="Processes that share the work."),
        click.option("--evaluations", type=click.IntRange(min=1), metavar="N",
                     help="Of the derivatives, at most, in each start. [default: 60]"),
        click.option("--seed", type=click.IntRange(min=0), metavar="N",
                     help="Of whatever is drawn at random. [default: 1]"),
        click.option("--starts", type=click.IntRange(min=1), metavar="N",
                     help="The case's values, and draws about them. [default: 20 of fit, 3 of "
                          "every refit of compare]"),
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
                     help="Write tables and figures to this folder, new or empty, or left by the "
                          "same command when it was interrupted."),
        click.option("--observations", type=click.Path(path_type=Path), metavar="FILE",
                     help="What was seen of the reaction, in TOML; see docs/observations.md."),
    ):  # fmt: skip
        command = option(command)
    return command


def thiolate_alone(shared: Shared) -> None:
    """Raise CaseError for more ligands than one: a reaction has one thiolate."""
    if len(shared.ligands) > 1:
        raise CaseError(
            message("--ligand", found=", ".join(shared.ligands), expected="one thiolate")
        )


@contextmanager
def kept(journal: Path | None) -> Iterator[None]:
    """Say, when work is interrupted, where it can be taken up again."""
    try:
        yield
    except KeyboardInterrupt:
        if journal and journal.exists():
            click.echo(f"\nWhat was finished is in {journal}; the same command again goes on.",
                       err=True)  # fmt: skip
        raise


def spectrum_options(command: Command) -> Command:
    """What of a file to read; `spectrum_settings` takes them up."""
    for option in (
        click.option("--mode", type=click.Choice(["profile", "centroid"]),
                     help="What the data are, where the file is wrong about it."),
        click.option("--polarity", type=click.Choice(["negative", "positive"]),
                     help="Polarity of the scans. [default: that of the first scan]"),
        click.option("--ms-level", type=int, metavar="N",
                     help="MS level. [default: lowest in the file]"),
        click.option("--scans", metavar="N-M",
                     help="Average these scans: 3 or 1-20. [default: all]"),
        click.option("--mz", metavar="LOW-HIGH", help="Look at this part: 2590-2620."),
    ):  # fmt: skip
        command = option(command)
    return command


def spectrum_settings(file: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """The case's [spectrum] from `spectrum_options`, which are taken out of the command's."""
    window = mz_window(options.pop("mz"))
    rest = {name: options.pop(name) for name in ("scans", "ms_level", "polarity", "mode")}
    return given(file=file, mz=window, **rest)


def given(**values: Any) -> dict[str, Any]:
    """Those settings that the user gave: neither None nor empty."""
    return {name: value for name, value in values.items() if value not in (None, (), "")}


def build_case(shared: Shared, **sections: dict[str, Any]) -> Case:
    """The case of the file, or an empty one, with the options' settings put over it.

    Raises CaseError that names the file or option, and the setting.
    """
    from alloyscope.case import Case, read_case, settings

    case = read_case(shared.case_file) if shared.case_file else Case()
    first = shared.ligands[0] if shared.ligands else None
    sections["chemistry"] = given(thiolate=first, isotope_table=shared.isotope_table)
    if len(shared.ligands) > 1:
        sections["space"] = {"ligands": ("SR", *shared.ligands[1:]), **sections.get("space", {})}
    sections["instrument"] = given(
        resolving_power=shared.resolving_power, peak_shape=shared.peak_shape, tail=shared.tail
    )
    return settings(case, "command line", **sections)


def run_and_report(
    case: Case, shared: Shared, write: Callable[[Results], None], **how: Any
) -> None:
    """Run the case, write what was asked for, and print the rest; `how` is of `pipeline.run`."""
    from alloyscope.case import write_case
    from alloyscope.pipeline import run
    from alloyscope.places import check_free
    from alloyscope.report.outputs import print_json, print_tables

    if shared.save_case:
        check_free(shared.save_case, overwrite=shared.overwrite)
    with progress(quiet=shared.as_json) as observe:
        results = run(case, observe, **how)
    write(results)
    if shared.save_case:
        write_case(case, shared.save_case, overwrite=shared.overwrite)
    if shared.as_json:
        print_json(results)
    else:
        print_tables(results)


def say_where(out: Path | None, shared: Shared, page: str = "index.html") -> None:
    """Close with the page of the folder that was written, or the folder; as JSON say nothing."""
    if out and not shared.as_json:
        click.echo(f"\nEverything is in {out / page}")


def mz_window(text: str | None) -> tuple[float, ...]:
    """`2590-2620` as two numbers. Raises CaseError for anything else."""
    if not text:
        return ()
    parts = text.replace("–", "-").replace(",", ".").split("-")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        raise CaseError(
            message("--mz", found=f'"{text}"', expected="two m/z, as in 2590-2620")
        ) from None
    return low, high


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error, shown when the work takes more than a moment."""
    from time import monotonic

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    bar = Progress(*columns, console=console, transient=True,
                   disable=quiet or not console.is_terminal)  # fmt: skip
    began = monotonic()

    def observe(what: str, done: int, total: int | None) -> None:
        if monotonic() - began < 0.5:
            return
        if not bar.tasks:
            bar.start()
            bar.add_task(what, total=total)
        bar.update(bar.tasks[0].id, description=what, completed=done, total=total)

    try:
        yield observe
    finally:
        bar.stop()
