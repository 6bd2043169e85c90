"""Documents are tested: examples run, and every key, command and error is written down."""

import doctest
import re
import tomllib

import click
import pytest

import alloyscope
from alloyscope import errors
from alloyscope.case import Case, case_from
from alloyscope.case.section import Section, table_of
from alloyscope.cli.main import commands
from tests.conftest import ROOT

REFERENCE = (ROOT / "docs" / "case-reference.md").read_text(encoding="utf-8")
DOCUMENTED = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(p for p in ROOT.glob("**/*.md") if ".venv" not in p.parts and "demo" not in p.parts)


def test_readme_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    ran = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert ran.attempted > 5
    assert ran.failed == 0


def case_tables(model: type[Section], above: str = "") -> dict[str, type[Section]]:
    """Every table of a case file by its heading, [[two brackets]] where there may be several."""
    found: dict[str, type[Section]] = {}
    for key in model.model_fields:
        table, several = table_of(model, key)
        if table:
            name = f"{above}{key}"
            found[f"[[{name}]]" if several else f"[{name}]"] = table
            found |= case_tables(table, f"{name}.")
    return found


TABLES = case_tables(Case)


def test_all_tables_of_a_case_are_found():
    assert {"[chemistry]", "[[chemistry.ligand]]", "[[space.framework]]", "[space.complexes]",
            "[assign]"} <= set(TABLES)  # fmt: skip
    assert "| `title` |" in REFERENCE


@pytest.mark.parametrize("heading", TABLES)
def test_every_case_key_is_documented_with_its_default(heading):
    model = TABLES[heading]
    part = REFERENCE.split(f"## {heading}\n")[1].split("\n## ")[0]
    for key, field in model.model_fields.items():
        row = re.search(rf"^\| `{key}` \| (.+?) \|", part, re.M)
        assert row, f"{heading} {key} is not in the case reference"
        default = field.default
        if isinstance(default, tuple) and not any(isinstance(x, Section) for x in default):
            listed = ", ".join(f'"{x}"' if isinstance(x, str) else str(x) for x in default)
            assert row[1] in (f"`[{listed}]`", "none")
        if isinstance(default, str | int | float) and not field.is_required():
            written = f'"{default}"' if isinstance(default, str) else default
            assert row[1] == f"`{written}`"


def test_the_reference_case_is_a_case():
    examples = re.findall(r"```toml\n(.*?)```", REFERENCE, re.S)
    cases = [case_from(tomllib.loads(text), "case-reference.md") for text in examples]
    assert cases[0].instrument.tail == 0.5
    assert cases[1].space.framework[0].neutral == {"PPh3": (0, 4)}


@pytest.mark.parametrize("command", sorted(commands.commands))
def test_every_command_is_in_the_readme_and_explains_itself(command):
    assert f"alloyscope {command}" in README
    assert commands.commands[command].help
    for option in commands.commands[command].params:
        explained = isinstance(option, click.Argument) or option.help
        assert explained, f"{command} {option.name} has no help"
        for name in option.opts if isinstance(option, click.Option) else ():
            assert f"`{name}" in DOCUMENTED, f"{name} of {command} is in no document"


def test_every_error_stands_in_the_tree():
    family = [
        name for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.AlloyscopeError)
    ]  # fmt: skip
    assert len(family) > 10
    for name in family:
        assert name in (errors.__doc__ or "")


@pytest.mark.parametrize("name", alloyscope.__all__)
def test_every_public_name_is_there_and_documented(name):
    thing = getattr(alloyscope, name)
    assert (thing.__doc__ or "").strip()
    assert name in {n for names in alloyscope.HOMES.values() for n in names}
    assert f"`{name}`" in DOCUMENTED


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"
