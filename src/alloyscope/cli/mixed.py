"""Parents that carry foreign ligands, as options say it."""

from __future__ import annotations

from typing import Any

from alloyscope.cli.options import Shared, build_case
from alloyscope.errors import CaseError, message


def mixed_settings(shared: Shared, mixed: tuple[str, ...], half_life: str | None) -> dict[str, Any]:
    """The case's [shells] with `--mixed` and `--half-life` put over it. Raises CaseError."""
    stated = build_case(shared).shells
    if not mixed and not half_life:
        # The command asks for no distributions, whatever the case says of them.
        return {"files": ()}
    asked = stated.mixed.model_dump()
    found = [_parent(text) for text in mixed]
    foreign = {ligand for _, _, ligand in found}
    if len(foreign) > 1:
        raise CaseError(
            message("--mixed", found=" and ".join(sorted(foreign)), expected="one foreign ligand")
        )
    if found:
        asked |= {"foreign": foreign.pop(), "parents": {name: n for name, n, _ in found}}
    if half_life:
        asked["half_life"] = half_life
    return {"files": (), "mixed": asked}


def _parent(text: str) -> tuple[str, float, str]:
    name, _, rest = text.partition(":")
    number, _, ligand = rest.strip().partition(" ")
    try:
        count = float(number)
    except ValueError:
        count = -1.0
    if not name.strip() or not ligand.strip() or not 0 <= count < float("inf"):
        raise CaseError(
            message("--mixed", found=f'"{text}"',
                    expected='a parent, a number of ligands and their name: "Ag44: 5 NTP"')
        )  # fmt: skip
    return name.strip(), count, ligand.strip()
