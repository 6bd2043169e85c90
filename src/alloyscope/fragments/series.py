"""Spectra of one precursor at several collision energies: read, and assigned together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alloyscope.assignment.assign import Hints
from alloyscope.chemistry.cleavage import Cleavage
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.species import Ion
from alloyscope.errors import CaseError, SpectrumError, message
from alloyscope.fragments.assign import (
    WIDE_OPEN,
    FragmentAssignment,
    assign_fragments,
    check_precursor,
    was_wider,
)
from alloyscope.fragments.breakdown import Breakdown, breakdown
from alloyscope.isotopes.isolation import Isolation
from alloyscope.spectra import ProfileSpectrum, activations, read_mass_spectrum
from alloyscope.spectra.mass_spectrum import Polarity

Observe = Callable[[str, int, int | None], None]
ENDINGS = (".mzml", ".mzxml", ".xml", ".txt", ".csv", ".tsv", ".dat", ".xy", ".asc", ".gz")
IN_NAME = re.compile(r"(?<![\d.])(\d+(?:[.,]\d+)?)[ _-]?(?:eV|V)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class EnergySpectrum:
    """A spectrum and the collision energy it was taken at.

    energy   : eV as stated; None where neither the file nor the user says
    stated_by: "file", "name of the file" or "user"; "" where nobody does
    """

    spectrum: ProfileSpectrum
    energy: float | None
    stated_by: str = ""


def read_series(
    path: str | Path, energies: Sequence[float] = (), *, ms_level: int | None = None,
    polarity: Polarity | None = None, mz: tuple[float, float] | None = None,
    observe: Observe | None = None,
) -> tuple[EnergySpectrum, ...]:  # fmt: skip
    """The tandem spectra of a folder, one a file, or of one file whose scans state energies.

    energies : of the files in the order of their names, or of the one file; else the files' own
    ms_level : 2, or 1 where a file has no other, when None
    mz       : part to look at

    Raises SpectrumError for a folder without spectra and for peak lists, CaseError for as many
    energies as there are no spectra, and what `read_mass_spectrum` raises.
    """
    place = Path(path)
    files = _files(place) if place.is_dir() else [place]
    wanted: list[tuple[Path, float | None, int | None]] = []
    for file in files:
        stated = activations(file)
        level = ms_level or (2 if stated else None)
        own = [a.collision_energy for a in stated]
        several = len(files) == 1 and len(own) > 1 and level == 2
        wanted += [(file, energy, level) for energy in own] if several else [(file, None, level)]
    if energies and len(energies) != len(wanted):
        raise CaseError(
            message("collision energies", found=f"{len(energies)}",
                    expected=f"{len(wanted)}, one for each spectrum of {place.name}",
                    do="The order is that of the files' names.")
        )  # fmt: skip
    found = []
    for number, (file, energy, level) in enumerate(wanted):
        if observe:
            observe("reading spectra", number, len(wanted))
        spectrum = read_mass_spectrum(file, ms_level=level, polarity=polarity,
                                      collision_energy=energy)  # fmt: skip
        if not isinstance(spectrum, ProfileSpectrum):
            raise SpectrumError(
                message(file.name, found="a peak list", expected="a profile spectrum",
                        do="Assignment weighs the shape of each envelope.")
            )  # fmt: skip
        cut = spectrum.window(*mz) if mz else spectrum
        given = float(energies[number]) if energies else None
        found.append(EnergySpectrum(cut, *_energy(cut, file, given)))
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    """Files of a folder that may be spectra, numbers in names in their order."""
    found = [p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS
             and not p.name.startswith(".")]  # fmt: skip
    if not found:
        raise SpectrumError(
            message(folder.name, found="no spectra", expected="files such as 05eV.mzML",
                    do=f"Known endings: {', '.join(ENDINGS)}.")
        )  # fmt: skip

    def key(path: Path) -> list[tuple[bool, float, str]]:
        parts = re.split(r"(\d+)", path.name.lower())
        return [(p.isdigit(), float(p) if p.isdigit() else 0.0, p) for p in parts]

    return sorted(found, key=key)


def _energy(
    spectrum: ProfileSpectrum, file: Path, given: float | None
) -> tuple[float | None, str]:  # fmt: skip
    if given is not None:
        return given, "user"
    stated = spectrum.acquisition.collision_energy
    if stated is not None:
        return stated, "file"
    named = IN_NAME.search(file.stem)
    if named is not None:
        return float(named[1].replace(",", ".")), "name of the file"
    return None, ""


def assign_series(
    spectra: Sequence[ProfileSpectrum], precursor: Ion,
    cleavages: Sequence[Cleavage] | None = None, *, depth: int = 3, hints: Hints | None = None,
    window: tuple[float, float] | None = None, q: float = 0.05, table: IsotopeTable | None = None,
    observe: Observe | None = None, seed: int = 0,
) -> tuple[FragmentAssignment, ...]:  # fmt: skip
    """The fragments of every spectrum of a series.

    What is called in one spectrum is measured in all: a second pass has these ions alone and holds
    them in the fit, so that a fragment that sets in has an amount, and an sd, before it is called.
    Whether the isolation window cut the precursor is settled once for all. Arguments and errors are
    those of `assign_fragments`.
    """
    for spectrum in spectra if precursor.charge else ():
        check_precursor(spectrum, precursor, window)
    window = window or _window_for_all(spectra, precursor, table)

    def each(step: int, number: int) -> None:
        if observe:
            observe("assigning fragments", step * len(spectra) + number, 2 * len(spectra))

    first = []
    for number, spectrum in enumerate(spectra):
        each(0, number)
        first.append(assign_fragments(spectrum, precursor, cleavages, depth=depth, hints=hints,
                                      window=window, q=q, table=table, seed=seed))  # fmt: skip
    called = list(dict.fromkeys(one.ion for found in first for one in found.fragments if one.sure))
    if len(spectra) < 2 or not called:
        return tuple(first)
    listed = [precursor, *(ion for ion in called if ion != precursor)]
    second = []
    for number, (spectrum, before) in enumerate(zip(spectra, first, strict=True)):
        each(1, number)
        low, high = spectrum.mz_range
        inside = [ion for ion in listed
                  if low < ion.formula.average_mass(table) / abs(ion.charge) < high]  # fmt: skip
        if not before.fragments or not inside:
            second.append(before)
            continue
        second.append(assign_fragments(
            spectrum, precursor, cleavages, depth=depth, hints=hints, window=window, q=q,
            table=table, seed=seed, require=inside, among=listed,
        ))  # fmt: skip
    return tuple(second)


def _window_for_all(
    spectra: Sequence[ProfileSpectrum], precursor: Ion, table: IsotopeTable | None
) -> tuple[float, float] | None:
    """The window that the files state; wide open where the envelopes together say it was."""
    stated = {s.acquisition.isolation for s in spectra}
    ends = next(iter(stated)) if len(stated) == 1 else None
    if ends is None or not precursor.charge:
        return None
    isolation = Isolation(precursor, *ends)
    return WIDE_OPEN if was_wider(spectra, isolation, table) else ends


def read_breakdown(
    path: str | Path, precursor: Ion, cleavages: Sequence[Cleavage] | None = None, *,
    energies: Sequence[float] = (), depth: int = 3, hints: Hints | None = None, gas: str = "N2",
    per_charge: bool = True, window: tuple[float, float] | None = None,
    observe: Observe | None = None, seed: int = 0,
) -> Breakdown:  # fmt: skip
    """Breakdown curves of the spectra in a folder, or in one file with several energies.

    Arguments are those of `read_series`, `assign_fragments` and `breakdown`; raises what they do,
    and CaseError for a spectrum whose energy nobody states.
    """
    series = read_series(path, energies, observe=observe)
    stated = [one.energy for one in series if one.energy is not None]
    if len(stated) < len(series):
        raise no_energy(series)
    found = assign_series([one.spectrum for one in series], precursor, cleavages, depth=depth,
                          hints=hints, window=window, observe=observe, seed=seed)  # fmt: skip
    return breakdown(found, stated, gas=gas, per_charge=per_charge)


def no_energy(series: Sequence[EnergySpectrum]) -> CaseError:
    """That a spectrum of a series has no collision energy."""
    silent = next(one for one in series if one.energy is None)
    return CaseError(
        message(silent.spectrum.acquisition.source, found="no collision energy",
                expected="one in the file or in its name, as in 15eV.mzML",
                do="State them: --energy 5 --energy 10, in the order of the files' names.")
    )  # fmt: skip
