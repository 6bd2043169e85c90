"""Whether a count of valence electrons closes a shell of the superatom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from alloyscope.data import toml_table

ORDER = (
    ("1S", 2), ("1P", 6), ("1D", 10), ("2S", 2), ("1F", 14), ("2P", 6), ("1G", 18), ("2D", 10),
    ("3S", 2), ("1H", 22), ("2F", 14), ("3P", 6), ("1I", 26),
)  # fmt: skip
"""Superatomic orbitals of a sphere as they fill, and the electrons that each holds. W. D. Knight et
al., Phys. Rev. Lett. 52, 2141 (1984), doi 10.1103/PhysRevLett.52.2141; of ligand-protected
clusters, M. Walter et al., PNAS 105, 9157 (2008), doi 10.1073/pnas.0801001105."""

GAPS = frozenset({2, 8, 18, 20, 34, 58, 92})
"""Closings behind which a wide gap follows in spherical clusters; 40, 68, 70 and 106 have narrow
ones. 18 and 20 are both closings, of 1D and of 2S, which lie close together."""

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class ClosedShell:
    """What a count of valence electrons means.

    electrons     : of the core
    configuration : filled from the lowest orbital on: "1S² 1P⁶ 1D¹⁰"
    closed        : whether the last orbital is full
    magic         : whether a wide gap follows it in a sphere
    radical       : whether the count is odd, so that a spin stays unpaired
    remark        : one sentence
    """

    electrons: int
    configuration: str
    closed: bool
    magic: bool
    radical: bool
    remark: str


def closed_shell(electrons: int) -> ClosedShell:
    """What a count of valence electrons means by the orbitals of a sphere.

    A count is no proof: cores that are not round split their orbitals.

    >>> closed_shell(18).configuration, closed_shell(20).configuration
    ('1S² 1P⁶ 1D¹⁰', '1S² 1P⁶ 1D¹⁰ 2S²')
    >>> closed_shell(19).radical, closed_shell(34).magic
    (True, True)
    """
    filled, left = list[tuple[str, int, int]](), max(electrons, 0)
    for name, room in ORDER:
        if left <= 0:
            break
        filled.append((name, min(left, room), room))
        left -= min(left, room)
    closed = electrons >= 2 and not left and filled[-1][1] == filled[-1][2]
    text = " ".join(f"{name}{str(n).translate(SUPERSCRIPT)}" for name, n, _ in filled)
    beyond = f" and {left} beyond" if left else ""
    return ClosedShell(electrons, text + beyond, closed, closed and electrons in GAPS,
                       electrons % 2 == 1, _remark(electrons, filled, closed, left))  # fmt: skip


def _remark(
    electrons: int, filled: list[tuple[str, int, int]], closed: bool, left: int
) -> str:  # fmt: skip
    if electrons < 0:
        return "Fewer than none: more ligands and charge than the metals have electrons for."
    if electrons == 0:
        return "No electron of a superatom: a complex, every metal atom oxidised."
    if left:
        return "More than the orbitals that are listed hold."
    name, n, room = filled[-1]
    said = f"Closed: {name} is full" if closed else f"Open: {name} holds {n} of {room}"
    if electrons in (18, 20):
        said += "; 18 and 20 close neighbouring shells, 1D and 2S"
    if closed and electrons not in GAPS:
        said += "; the gap after it is narrow in a sphere"
    if electrons % 2:
        said += "; an odd count: a radical, unless the charge is wrong"
    if electrons in superatom_molecules():
        said += f"; {superatom_molecules()[electrons]}"
    return said + "."


@cache
def superatom_molecules() -> Mapping[int, str]:
    """What else a count may be, where it is documented: the table `superatom_molecules.toml`."""
    entries = toml_table("superatom_molecules.toml")["superatom_molecule"]
    return {entry["electrons"]: entry["said"] for entry in entries}
