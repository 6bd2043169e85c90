"""Homotops counted and structures built: how long it takes, once everything is loaded."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from alloyscope.structures import class_homotops, framework_structure, homotops
from alloyscope.structures.homotops import _fixed, every_composition

REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """Least CPU time of several runs, nothing kept from one to the next."""
    spent = []
    for _ in range(REPEATS):
        _fixed.cache_clear()
        framework_structure.cache_clear()
        began = process_time()
        work()
        spent.append(process_time() - began)
    return min(spent)


def main() -> None:
    """Print one line a piece of work."""
    m44, m25 = framework_structure("M44S30"), framework_structure("M25S18")
    for name, work in (
        ("M44S30 built from distances", lambda: framework_structure("M44S30")),
        ("M25S18 built from distances", lambda: framework_structure("M25S18")),
        ("homotops of M44S30, x = 0 to 44", lambda: homotops(m44, range(45))),
        ("homotops of M25S18, x = 0 to 25", lambda: homotops(m25, range(26))),
        ("homotops of Au12Ag32 by class", lambda: class_homotops(m44, 12)),
        ("homotops of M44S30, three metals", lambda: homotops(m44, every_composition(44, 3))),
    ):
        print(f"{name:<36}{1e3 * seconds(work):8.1f} ms")


if __name__ == "__main__":
    main()
