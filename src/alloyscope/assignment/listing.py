"""An explicit list of ions in place of a search space, any chemistry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.chemistry.element import default_isotope_table
from alloyscope.chemistry.species import AnyIon, Ion
from alloyscope.errors import CaseError, message
from alloyscope.isotopes.isolation import Isolation


@dataclass(frozen=True)
class IonListing:
    """Ions named one by one; usable wherever a SearchSpace is.

    ions   : charged, of one sign; of two with one formula and charge the first is used
    metals : symbols, the first one counted as x; () for those of the ions, heaviest first
    penalties : nats of prior odds that each ion costs; () for none
    isolation : the window that cut the precursor whose fragments the ions are; None for no window
    fine_below : Da below which isotopologues of one nucleon number are set apart

    >>> from alloyscope.chemistry import parse_ion
    >>> IonListing((parse_ion("[Au12Ag32(p-MBA)30]4-"),)).metals
    ('Au', 'Ag')
    """

    ions: tuple[AnyIon, ...]
    metals: tuple[str, ...] = ()
    penalties: tuple[float, ...] = ()
    isolation: Isolation | None = None
    fine_below: float = 0.0

    def __post_init__(self) -> None:
        if not self.ions:
            raise CaseError(message("list of ions", found="no ions", expected="one or more"))
        neutral = [ion for ion in self.ions if not ion.charge]
        if neutral:
            raise CaseError(
                message("list of ions", found=f"{neutral[0]} without a charge",
                        expected="charged ions", do=f"Write [{neutral[0]}]4- or whatever it is.")
            )  # fmt: skip
        if min(ion.charge for ion in self.ions) < 0 < max(ion.charge for ion in self.ions):
            raise CaseError(
                message("list of ions", found="both polarities", expected="ions of one polarity")
            )
        if self.penalties and len(self.penalties) != len(self.ions):
            raise CaseError(
                message("list of ions", found=f"{len(self.penalties)} penalties",
                        expected=f"one for each of {len(self.ions)} ions")
            )  # fmt: skip
        if not self.metals:
            object.__setattr__(self, "metals", self._metals_of_ions())

    def _metals_of_ions(self) -> tuple[str, ...]:
        table = default_isotope_table()
        found = {m for ion in self.ions if isinstance(ion, Ion) for m, _ in ion.species.metals}
        return tuple(sorted(found, key=lambda symbol: -table[symbol].atomic_number))

    @property
    def charges(self) -> tuple[int, ...]:
        """Charges of the ions, each once, ascending."""
        return tuple(sorted({ion.charge for ion in self.ions}))

    @property
    def aliases(self) -> dict[str, str]:
        """Names of frameworks: a list has none."""
        return {}

    @cached_property
    def unit_atoms(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """Element symbols, and the unit matrix: the units of a list are atoms."""
        symbols = tuple(sorted({symbol for ion in self.ions for symbol in ion.formula}))
        return symbols, np.eye(len(symbols), dtype=np.int64)

    def ion(self, entry: int, counts: Sequence[int], charge: int, core_charge: int) -> AnyIon:
        """The ion of that place in the list."""
        return self.ions[entry]

    def framework_name(self, entry: int) -> str:
        """Numbers of metals and of anionic ligands; "" for a plain formula."""
        ion = self.ions[entry]
        if not isinstance(ion, Ion):
            return ""
        anionic = sum(n for ligand, n in ion.species.ligands if ligand.charge < 0)
        return f"M{ion.species.n_metals}S{anionic}"
