"""What ions are made of, as columns of a table."""

from __future__ import annotations

from dataclasses import dataclass

from alloyscope.chemistry.species import AnyIon, Ion


@dataclass(frozen=True)
class Columns:
    """What ions are made of, in the order of a table's columns.

    metals, ligands : names, of substitutes such as Cl too
    adducts         : names of what is added or lost, H first
    """

    metals: tuple[str, ...]
    ligands: tuple[str, ...]
    adducts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """As they head a table: n_Au, n_p-MBA, delta_H."""
        counts = tuple(f"n_{name}" for name in self.metals + self.ligands)
        return counts + tuple(f"delta_{name}" for name in self.adducts)

    def of(self, ion: AnyIon) -> dict[str, int | None]:
        """Counts of one ion by column; None where a plain formula does not say."""
        if not isinstance(ion, Ion):
            found: dict[str, int | None] = dict.fromkeys(self.names)
            return found | {f"n_{metal}": ion.formula.get(metal, 0) for metal in self.metals}
        counts = [ion.species.count(name) for name in self.metals + self.ligands]
        counts += [ion.delta(name) for name in self.adducts]
        return dict(zip(self.names, counts, strict=True))
