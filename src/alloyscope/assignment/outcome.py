"""A fitted trace: what a search ends with, and what evidence is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.fit import Library, State
from alloyscope.assignment.trace import Trace

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """A fitted trace.

    trace    : with the noise as learned
    library  : of the candidates that were fitted, at the costs they had in the end
    rows     : (n_library,) which candidates they are
    state    : `active` counts in `library`
    total    : (n_points,) what ions and lines account for
    variance : (n_points,)
    """

    trace: Trace
    library: Library
    rows: Integers
    state: State
    total: Floats
    variance: Floats

    @property
    def called(self) -> Integers:
        """Candidates in the fit."""
        return self.rows[self.state.active]
