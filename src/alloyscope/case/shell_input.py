"""Distributions of ligands from what `alloyscope assign` writes, or a table of k and amount."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alloyscope.case.csv_table import Row, abundance_covariance, stated_amount, table_text
from alloyscope.case.shells_section import ShellsSection
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.species import is_metal
from alloyscope.errors import CaseError, SpeciationError, UnknownLigand, message
from alloyscope.shells.distribution import (
    LigandDistribution,
    counts_of,
    mass_step,
    shells_from,
)
from alloyscope.shells.independence import JointDistribution, joint_of
from alloyscope.shells.sites import parse_sites, sites_of

Floats = NDArray[np.float64]
NUMBERS = "Write numbers with a point, without units; leave out rows of a k not looked at."


@dataclass(frozen=True, eq=False)
class ShellInput:
    """What a file holds of one framework's shells.

    joint : with x of the first metal that varies; None where the file does not count metals
    """

    source: str
    distribution: LigandDistribution
    joint: JointDistribution | None = None


def read_shell_input(path: Path, asked: ShellsSection, vocabulary: Vocabulary) -> ShellInput:
    """A distribution from a folder of `assign`, its ions.csv, or a CSV of k, amount and sd.

    Raises CaseError that names the file, row and column.
    """
    file = path / "ions.csv" if path.is_dir() else path
    rows = _rows(file, path)
    try:
        if "abundance" in rows[0]:
            return _of_ions(file, rows, asked, vocabulary)
        return ShellInput(path.name, _of_table(file, rows, asked))
    except SpeciationError as error:
        raise CaseError(f"{file}: {error}") from error


def _rows(file: Path, given: Path) -> list[Row]:
    found = "a folder without ions.csv" if given.is_dir() and not file.exists() else ""
    text = table_text(file, "a folder of alloyscope assign, or a CSV", given, found)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    rows: list[Row] = list(csv.DictReader(lines))
    if not rows:
        raise CaseError(message(str(file), found="no rows", expected="one for each k, or ion",
                                do="Write one row a k below the line k,amount,sd."))  # fmt: skip
    return rows


def _of_table(file: Path, rows: list[Row], asked: ShellsSection) -> LigandDistribution:
    columns = rows[0].keys()
    if not {"k", "amount"} <= columns:
        raise CaseError(
            message(str(file), found="columns " + ", ".join(map(str, columns)),
                    expected="k, amount and sd, or ions.csv of alloyscope assign",
                    do="Name the columns in the first line: k,amount,sd.")
        )  # fmt: skip
    k = np.array([_whole(file, n, row) for n, row in enumerate(rows, 1)], np.int64)
    # As measured: noise about 0 is below it as often as above; the sd says how far it may be.
    amount = _numbers(file, rows, "amount", least=-np.inf)
    if not asked.counted and "sd" not in columns:
        said = "Give it, the noise of the baseline at least."
        if amount.min() >= 0:
            said = "Give it; or, where amounts are numbers of ions, say so: --counts."
        raise CaseError(
            message(str(file), found="no column sd", expected="1 sd of every amount", do=said)
        )
    sites = _sites(file, asked)
    order = np.argsort(k, kind="stable")
    k, amount = k[order], amount[order]
    if asked.counted:
        return counts_of(k, amount, sites, asked.ligand, asked.framework)
    sd = _numbers(file, rows, "sd")[order]
    return LigandDistribution(asked.ligand, asked.framework, sites, k, amount, np.diag(sd**2))


def _sites(file: Path, asked: ShellsSection) -> int:
    sites = parse_sites(asked.sites).whole if asked.sites else sites_of(asked.framework)
    if not sites:
        raise CaseError(
            message(str(file), found="no number of sites", expected="how many ligands a shell has",
                    do="For example --sites 18, --sites 12+6 or --framework M25S18.")
        )  # fmt: skip
    return sites


def _of_ions(
    file: Path, rows: list[Row], asked: ShellsSection, vocabulary: Vocabulary
) -> ShellInput:
    names = [str(name).removeprefix("n_") for name in rows[0] if str(name).startswith("n_")]
    ligands = [name for name in names if not is_metal(name)]
    ligand = _chosen(file, rows, ligands, asked.ligand, vocabulary)
    amount, sd = _numbers(file, rows, "abundance"), _numbers(file, rows, "abundance_sd")
    covariance = abundance_covariance(file, rows)
    whole = np.diag(sd**2) if covariance is None else covariance
    held = np.array([_count(row, ligand) for row in rows], np.int64)
    frameworks = [row.get("framework") or "" for row in rows]
    framework = _framework(file, frameworks, held, amount, asked.framework, ligand, rows)
    own = np.flatnonzero([name == framework for name in frameworks])
    part, joint = amount[own], whole[np.ix_(own, own)]
    notes = () if covariance is not None else (
        "Amounts count as independent: assignment.json is not beside the table.",)  # fmt: skip
    step = _step(rows, own, ligands, ligand, vocabulary)
    found = shells_from(held[own], part, joint, ligand, framework, sites_of(framework), notes, step)
    metals = [name for name in names if is_metal(name)
              and len({_count(rows[k], name) for k in own}) > 1]  # fmt: skip
    if not metals or found.blurred:
        return ShellInput(file.parent.name or file.name, found)
    x = np.array([_count(rows[k], metals[0]) for k in own], np.int64)
    both = joint_of(x, held[own], part, joint, metals[0], ligand, framework)
    return ShellInput(file.parent.name or file.name, found, both)


def _step(
    rows: list[Row], own: NDArray[np.int64], ligands: list[str], foreign: str,
    vocabulary: Vocabulary,
) -> float | None:  # fmt: skip
    """Da between the ligands; None where one of them is in no table."""
    held = {one: sum(_count(rows[k], one) for k in own) for one in ligands if one != foreign}
    try:
        kinds = vocabulary.ligand(max(held, key=lambda one: held[one])), vocabulary.ligand(foreign)
    except (UnknownLigand, ValueError):
        return None
    return mass_step(*kinds)


def _chosen(
    file: Path, rows: list[Row], ligands: list[str], asked: str, vocabulary: Vocabulary
) -> str:
    """The foreign ligand: the one asked for, or the only one beside that of most sites."""
    if asked:
        try:
            name = str(vocabulary.ligand(asked))
        except UnknownLigand:
            name = asked
        found = [one for one in ligands if one in (name, asked)]
        if not found or not any(_count(row, found[0]) for row in rows):
            raise CaseError(
                message(str(file), found=f"no {asked}", expected="a ligand of these ions: "
                        + ", ".join(one for one in ligands if any(_count(r, one) for r in rows)))
            )  # fmt: skip
        return found[0]
    held = {one: sum(_count(row, one) for row in rows) for one in ligands}
    there = sorted((one for one in held if held[one]), key=lambda one: -held[one])
    if len(there) != 2:
        raise CaseError(
            message(str(file), found=f"{len(there)} kinds of ligand: {', '.join(there)}",
                    expected="two", do="Say which is the foreign one: --ligand NTP."
                    if len(there) > 2 else "The shells hold one kind of ligand.")
        )  # fmt: skip
    return there[1]


def _framework(
    file: Path, names: list[str], held: NDArray[np.int64], amount: Floats, asked: str, ligand: str,
    rows: list[Row],
) -> str:  # fmt: skip
    aliases = {row.get("alias") or "": name for row, name in zip(rows, names, strict=True)}
    asked = aliases.get(asked, asked) if asked else asked
    among = {name for name, k in zip(names, held, strict=True) if k and sites_of(name)}
    if asked and asked not in among:
        raise CaseError(
            message(str(file), found=f"no {ligand} in a framework {asked}",
                    expected="one of " + (", ".join(sorted(among)) or "those that hold it; none"))
        )  # fmt: skip
    if not among:
        raise CaseError(message(str(file), found=f"no {ligand}", expected="shells that hold it"))
    return asked or max(sorted(among), key=lambda name: sum(
        float(a) for own, a in zip(names, amount, strict=True) if own == name))  # fmt: skip


def _count(row: Row, name: str) -> int:
    text = row.get(f"n_{name}") or "0"
    return int(text) if text.isdigit() else 0


def _whole(file: Path, number: int, row: Row) -> int:
    text = (row.get("k") or "").strip()
    if not text.removeprefix("-").isdigit():
        raise CaseError(
            message(f"{file} row {number} k", found=f'"{text}"', expected="a whole number",
                    do="k is the number of foreign ligands of a shell: 0, 1, 2.")
        )  # fmt: skip
    return int(text)


def _numbers(file: Path, rows: list[Row], key: str, least: float = 0.0) -> Floats:
    """A column. Raises CaseError for what is no number, infinite or below the least."""
    return np.array([
        stated_amount((row.get(key) or "").strip(), f"{file} row {number} {key}", least=least,
                      do=NUMBERS)
        for number, row in enumerate(rows, 1)
    ])  # fmt: skip
