"""Classes of the ligand sites of frameworks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from alloyscope.data import toml_table
from alloyscope.errors import SpeciationError, TableError, message

FRAMEWORK = re.compile(r"M(\d+)S(\d+)")


@dataclass(frozen=True)
class LigandSites:
    """Classes of ligand sites: names and counts.

    Raises SpeciationError for a class without sites.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.names) != len(self.counts) or not self.counts or min(self.counts) < 1:
            raise SpeciationError(
                message("ligand sites", found="+".join(map(str, self.counts)) or "none",
                        expected="classes of one site or more, as in 12+6")
            )  # fmt: skip

    @property
    def whole(self) -> int:
        """All sites together."""
        return sum(self.counts)


@cache
def ligand_sites() -> dict[str, LigandSites]:
    """Classes of the ligand sites of frameworks whose structure is known, by M44S30 and the like.

    Raises TableError where they do not add up to the framework's ligands.

    >>> ligand_sites()["M25S18"].counts
    (12, 6)
    """
    found = {}
    for entry in toml_table("ligand_sites.toml")["framework"]:
        classes = entry["classes"]
        sites = LigandSites(tuple(one["name"] for one in classes),
                            tuple(one["count"] for one in classes))  # fmt: skip
        if sites.whole != sites_of(entry["name"]):
            raise TableError(
                message(f"ligand_sites.toml {entry['name']}", found=f"{sites.whole} sites",
                        expected=f"{sites_of(entry['name'])}, its ligands")
            )  # fmt: skip
        found[entry["name"]] = sites
    return found


def sites_of(framework: str) -> int:
    """Number of anionic ligands in a framework's name; 0 where it does not say.

    >>> sites_of("M44S30"), sites_of("A")
    (30, 0)
    """
    match = FRAMEWORK.fullmatch(framework)
    return int(match[2]) if match else 0


def parse_sites(text: str) -> LigandSites:
    """Read "12+6", classes of sites. Raises SpeciationError.

    >>> parse_sites("12+6").counts
    (12, 6)
    """
    parts = [part.strip() for part in text.split("+")]
    if not all(part.isdecimal() and 0 < int(part) <= 1000 for part in parts):
        raise SpeciationError(
            message("--sites", found=f'"{text}"',
                    expected='a number of sites, "18", or of each class, "12+6"')
        )  # fmt: skip
    counts = tuple(map(int, parts))
    return LigandSites(tuple(f"class {k}" for k in range(1, len(counts) + 1)), counts)
