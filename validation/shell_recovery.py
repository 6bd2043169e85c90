"""Simulate distributions of foreign ligands, fit them, and count how often the truth is covered.

    python validation/shell_recovery.py [--many 400] [--seed 7]

Prints, for shells of each model, the share of the 95 % intervals that hold what was put in, and how
often each verdict is given. Half of the distributions are counted ions (300 to 30 000), half are
amounts with correlated errors.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.recovery.shells import DRAWS, covered, verdicts


def main() -> None:
    """Print coverages and verdicts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--many", type=int, default=400)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    for model in DRAWS:
        shares = covered(model, given.many, given.seed)
        print(f"{model}: covered", ", ".join(f"{k} {v:.3f}" for k, v in shares.items()), flush=True)
    for model in DRAWS:
        found = verdicts(model, given.many, given.seed + 1)
        print(f"{model}: verdicts", ", ".join(f"{k} {n / given.many:.3f}"
                                              for k, n in found.items()), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
