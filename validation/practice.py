"""The command line on practice spectra of known truth, scored by the scorer that comes with them.

    python validation/practice.py                          data in ../shared/data/practice
    python validation/practice.py --data DIR --isotope-table isospec --out DIR

Every spectrum gets the same command, `alloyscope assign FILE --case au44-ag44`, with what its
case.json states: polarity, ligands, resolving power and where it holds, mass accuracy, analyser.
Nothing else of a case is read. The bundled isotope table is used unless another is named: the
spectra were made with IsoSpecPy's abundances.

Timed are each whole command, with figures and without, and `assign()` alone, kernels compiled.
The spectra and their scorer are not part of the project.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from alloyscope import Hints, assign, isotope_table, read_case, read_mass_spectrum, search_space
from alloyscope.case.vocabulary import vocabulary_of

DATA = Path(__file__).resolve().parents[2] / "shared/data/practice"
LIGANDS = {"SR": "p-MBA", "NTP": "NTP"}
COLUMNS = {"n_Au": "n_Au", "n_Ag": "n_Ag", "n_SR": "n_p-MBA", "n_Cl": "n_Cl", "n_NTP": "n_NTP",
           "delta_H": "delta_H", "delta_Na": "delta_Na", "charge": "charge",
           "abundance": "abundance", "abundance_sd": "abundance_sd",
           "q_value": "q_value"}  # fmt: skip
"""Columns of the scorer, and what they are called in ions.csv."""


Seconds = tuple[float, float]
"""Wall time, and CPU time, which others on the machine do not change; not-a-number if not taken."""

NOT_TAKEN = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Timing:
    """Times of one spectrum: the command without figures and with, and `assign()` alone."""

    plain: Seconds
    figures: Seconds
    warm: Seconds


def command(folder: Path, out: Path, asked: argparse.Namespace) -> list[str]:
    """The one command line for all files."""
    known = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    words = [
        sys.executable, "-m", "alloyscope", "assign", str(folder / f"spectrum.{asked.format}"),
        "--case", "au44-ag44", "--out", str(out), "--overwrite",
        "--polarity", known["polarity"],
        "--resolving-power", str(known["nominal_resolving_power"]),
        "--resolving-power-at", str(known["resolving_power_at"]),
        "--mass-accuracy", str(known["stated_mass_accuracy_ppm"]),
        "--analyzer", "ft" if "FT" in known["instrument"] else "tof",
    ]  # fmt: skip
    for name in known["ligands"]:
        words += ["--ligand", LIGANDS[name]] if name in LIGANDS else []
    return words + (["--isotope-table", asked.isotope_table] if asked.isotope_table else [])


def clock(who: int) -> Seconds:
    """Wall and CPU time that have passed, for resource.RUSAGE_SELF or RUSAGE_CHILDREN."""
    used = resource.getrusage(who)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def since(start: Seconds, who: int) -> Seconds:
    now = clock(who)
    return now[0] - start[0], now[1] - start[1]


def ran(words: list[str]) -> Seconds:
    """Time of a command. Exits where it fails."""
    # As installed: a command that may not keep its bytecode is seconds slower.
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = clock(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=surroundings)
    seconds = since(start, resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\nended with status {done.returncode}: {done.stderr.strip()}")
    return seconds


def warm(case_file: Path) -> Seconds:
    """Time of `assign()` on a resolved case, its kernels compiled."""
    case = read_case(case_file)
    spectrum = read_mass_spectrum(Path(case.spectrum.file))
    taken = spectrum.acquisition
    space = search_space(case, vocabulary_of(case), case.spectrum.polarity or "negative",
                         taken.ms_level or 1)  # fmt: skip
    hints = Hints(case.instrument.resolving_power, case.assign.resolving_power_at,
                  case.assign.mass_accuracy, case.assign.analyzer == "ft")  # fmt: skip
    table = isotope_table(case.chemistry.isotope_table or None)
    start = clock(resource.RUSAGE_SELF)
    assign(spectrum, space, hints, q=case.assign.q, table=table)
    return since(start, resource.RUSAGE_SELF)


def converted(ions: Path, prediction: Path) -> int:
    """Write ions.csv in the scorer's columns; returns the number of ions."""
    with ions.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with prediction.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        out.writerows([row.get(own, 0) for own in COLUMNS.values()] for row in rows)
    return len(rows)


def measured(folder: Path, out: Path, asked: argparse.Namespace) -> Timing:
    """Run one spectrum's commands, and leave its prediction."""
    name = folder.name
    words = command(folder, out / "runs" / name, asked)
    plain = ran([*words, "--no-figures"])
    n_ions = converted(out / "runs" / name / "ions.csv", out / "predictions" / f"{name}.csv")
    figures = ran(words) if asked.time else NOT_TAKEN
    seconds = warm(out / "runs" / name / "case.resolved.toml") if asked.time else NOT_TAKEN
    print(f"{name:15} {n_ions:4} ions, command {plain[0]:5.1f} s, with figures "
          f"{figures[0]:5.1f} s, warm assign() {seconds[0]:5.2f} s", flush=True)  # fmt: skip
    return Timing(plain, figures, seconds)


def folders(asked: argparse.Namespace) -> list[Path]:
    """Folders of the cases asked for. Exits where there are none."""
    found = sorted(path.parent for path in (asked.data / "cases").glob("*/case.json"))
    if asked.only:
        found = [path for path in found if path.name in asked.only]
    if not found:
        sys.exit(f"{asked.data}: no practice spectra; expected a folder with cases/ and score.py. "
                 "They are not part of the project: name their place with --data.")  # fmt: skip
    return found


def score_table(
    cases: list[Path], predictions: Path, asked: argparse.Namespace, scratch: Path
) -> str:
    """What the scorer prints of these cases."""
    seen = scratch / "cases"
    seen.mkdir()
    for folder in cases:
        (seen / folder.name).symlink_to(folder.resolve(), target_is_directory=True)
    words = [sys.executable, str(asked.data / "score.py"), str(predictions), "--cases", str(seen)]
    done = subprocess.run(words + ["--strict"] * asked.strict, check=False, capture_output=True,
                          text=True)  # fmt: skip
    return done.stdout + done.stderr


def main() -> None:
    parser = argparse.ArgumentParser(description="The command line on practice spectra")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep runs and predictions here")
    parser.add_argument("--isotope-table", default="", metavar="NAME")
    parser.add_argument("--format", choices=("mzML", "txt"), default="mzML", help="file to read")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="practice_01 ...; default all")
    parser.add_argument("--strict", action="store_true", help="identical formulas only")
    parser.add_argument("--no-times", dest="time", action="store_false",
                        help="no runs but the one that is scored")  # fmt: skip
    asked = parser.parse_args()
    cases = folders(asked)
    with tempfile.TemporaryDirectory() as scratch:
        out = asked.out or Path(scratch)
        (out / "predictions").mkdir(parents=True, exist_ok=True)
        (out / "runs").mkdir(exist_ok=True)
        if asked.time:
            first = out / "runs" / "first"
            ran([*command(cases[0], first, asked), "--no-figures"])
            warm(first / "case.resolved.toml")
        timings = [measured(folder, out, asked) for folder in cases]
        scored = score_table(cases, out / "predictions", asked, Path(scratch))
    print(f"\n{scored}")
    for what, name in (("command without figures", "plain"), ("command with figures", "figures"),
                       ("warm assign()", "warm")):  # fmt: skip
        wall, cpu = np.array([getattr(one, name) for one in timings]).T
        if np.isfinite(wall).all():
            print(f"{what}: median {np.median(wall):.2f} s, longest {wall.max():.1f} s "
                  f"(CPU: {np.median(cpu):.2f}, {cpu.max():.1f})")  # fmt: skip


if __name__ == "__main__":
    main()
