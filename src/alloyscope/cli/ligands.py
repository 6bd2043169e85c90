"""`alloyscope ligands`: the names that notation knows."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--case", "case_file", type=click.Path(path_type=Path), metavar="FILE",
              help="A case file, or a bundled case, with ligands of its own.")  # fmt: skip
def ligands(case_file: Path | None) -> None:
    """List the ligands and adducts that ions may hold."""
    from alloyscope.case import Case, read_case
    from alloyscope.case.vocabulary import vocabulary_of
    from alloyscope.report.outputs import print_vocabulary

    print_vocabulary(vocabulary_of(read_case(case_file) if case_file else Case()))
