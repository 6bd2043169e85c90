"""What a file of absorption spectra holds, before anything is converted or dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.spectra.formats.absorption_units import XUnit, YUnit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trace:
    """One spectrum as it stands in a file.

    x, y     : (n_points,) in the file's units and order; NaN where a cell holds no number
    name     : of the sample, as the file says; empty where it does not
    time_min : minutes, where the format has a field for the time; None where it has none
    """

    x: Floats
    y: Floats
    name: str = ""
    x_unit: XUnit = "nm"
    y_unit: YUnit = "absorbance"
    time_min: float | None = None
    path_cm: float | None = None


@dataclass(frozen=True, eq=False)
class AbsorptionFile:
    """The spectra of one file.

    traces    : in the order of the file
    time_unit : minutes in one unit of the times that stand as bare numbers in the names; None
                where the file names no unit
    notes     : what was passed over in reading, one sentence each
    """

    traces: tuple[Trace, ...]
    file_format: str
    time_unit: float | None = None
    notes: tuple[str, ...] = ()
