"""Times of a series of spectra: given, from the file, or from names; or none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alloyscope.errors import SpectrumError, message
from alloyscope.spectra.absorption_cleaning import Cleaned
from alloyscope.spectra.formats.absorption_clock import clock_minutes
from alloyscope.spectra.formats.absorption_units import bare_number, time_in


@dataclass(frozen=True)
class Times:
    """Minutes of each spectrum, in the order of the file; None where not all have one."""

    minutes: tuple[float, ...] | None
    notes: tuple[str, ...] = ()


def read_times(
    spectra: Sequence[Cleaned],
    given: Sequence[float] | None,
    unit: float | None,
    where: str,
    *,
    bare: bool = True,
) -> Times:
    """Times of the spectra, by what is surest: given, of the format, in names, bare numbers.

    given : minutes, from the user; unit: minutes in one of the unit of bare numbers
    bare  : whether names that are nothing but numbers are times; of files they number scans
    Raises SpectrumError for given times that are not one finite number for each spectrum.
    """
    if given is not None:
        return Times(_given(given, len(spectra), where))
    names = [spectrum.name for spectrum in spectra]
    of_format = [spectrum.time_min for spectrum in spectra]
    if all(time is not None for time in of_format):
        return Times(tuple(time for time in of_format if time is not None))
    written = [time_in(name) for name in names]
    if all(time is not None for time in written):
        return Times(tuple(time for time in written if time is not None))
    numbers = [bare_number(name) if bare else None for name in names]
    if len(spectra) > 1 and all(number is not None for number in numbers):
        minutes = tuple(number * (unit or 1.0) for number in numbers if number is not None)
        note = "The names are numbers without a unit: minutes assumed."
        return Times(minutes, () if unit else (note,))
    clock = clock_minutes(names) if len(spectra) > 1 else None
    if clock is not None:
        return Times(tuple(clock.tolist()), ("Times counted from the first, by the clock.",))
    return Times(None, _no_times(names, written))


def _given(times: Sequence[float], n: int, where: str) -> tuple[float, ...]:
    given = tuple(float(time) for time in times)
    if len(given) != n or not all(map(math.isfinite, given)):
        raise SpectrumError(
            message(where, found=f"{len(given)} times for {n} spectra",
                    expected="one finite time in minutes for each spectrum")
        )  # fmt: skip
    return given


def _no_times(names: Sequence[str], written: Sequence[float | None]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    without = [name for name, time in zip(names, written, strict=True) if time is None]
    if len(without) == len(names):
        return ("No times in the names: the order of the file or folder is kept.",)
    return (f"{len(without)} of {len(names)} names have no time, or two, '{without[0]}' the "
            "first: no times taken, the order is kept.",)  # fmt: skip


def in_time(minutes: Sequence[float] | None, names: Sequence[str], where: str) -> list[int]:
    """Places of the spectra in the order of time, or as they are where there are no times.

    Raises SpectrumError for two spectra at one time.
    """
    if minutes is None:
        return list(range(len(names)))
    order = sorted(range(len(minutes)), key=lambda i: minutes[i])
    for i, j in pairwise(order):
        if minutes[i] == minutes[j]:
            raise SpectrumError(
                message(where, found=f"two spectra at {minutes[i]:.6g} min, '{names[i]}' and "
                                     f"'{names[j]}'", expected="one spectrum for each time",
                        do="Rename or remove one, or give the times yourself.")
            )  # fmt: skip
    return order
