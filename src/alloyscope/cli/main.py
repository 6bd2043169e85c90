"""The command line: `alloyscope COMMAND ...`.

Commands import the program only when they run, so that help comes at once.
"""

from __future__ import annotations

import sys

import click

from alloyscope.cli.assign import assign
from alloyscope.cli.audit import audit
from alloyscope.cli.compare import compare
from alloyscope.cli.electrons import electrons
from alloyscope.cli.fit import fit
from alloyscope.cli.gel import gel
from alloyscope.cli.homotops import homotops
from alloyscope.cli.identify import identify
from alloyscope.cli.isotopes import isotopes
from alloyscope.cli.ligands import ligands
from alloyscope.cli.msms import msms
from alloyscope.cli.plan import plan
from alloyscope.cli.shells import shells
from alloyscope.cli.show import show
from alloyscope.cli.simulate import simulate
from alloyscope.cli.structure import structure
from alloyscope.cli.uvvis import uvvis
from alloyscope.errors import AlloyscopeError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


commands = click.version_option(package_name="alloyscope")(
    click.Group(
        "alloyscope",
        context_settings=SETTINGS,
        help="Read spectra of ligand-protected alloy nanoclusters: what is there, how sure.",
    )
)
for command in (
    assign, show, isotopes, identify, simulate, plan, fit, compare,
    audit, msms, uvvis, gel, electrons, structure, homotops, shells, ligands,
):  # fmt: skip
    commands.add_command(command)


def main() -> None:
    """Run a command; an error is one line and exit status 2, never a traceback."""
    try:
        commands.main(standalone_mode=False)
    except AlloyscopeError as error:
        click.echo(f"alloyscope: {error}", err=True)
        sys.exit(2)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"alloyscope: {error.format_message()}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("alloyscope: stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output, `head` perhaps, has had enough.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        click.echo(f"alloyscope: {error.strerror or error}", err=True)
        sys.exit(2)
