"""How well `assign_fragments` recovers what is true of simulated tandem spectra.

    python -m validation.msms_recovery                      seeds 1 to 60
    python -m validation.msms_recovery --first-seed 500 --number 20

Each seed is one precursor with two to five ions that it became by one to three losses and all that
left, on another instrument with other noise (`tests/recovery/tandem.py`). It is assigned with the
usual cleavages to depth 3 and the instrument's data sheet, which may be wrong.

Recall: share of the true ions above 1 % of the strongest and detectable that are called. Precision:
share of the ions called that are there. Within two sd: of the right ones, how many abundances.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from tests.recovery.scorer import binomial_interval
from tests.recovery.tandem import Outcome, assigned, outcome, simulate_tandem


def main() -> None:
    parser = argparse.ArgumentParser(description="Recovery of fragments from simulated spectra")
    parser.add_argument("--first-seed", type=int, default=1, metavar="N")
    parser.add_argument("--number", type=int, default=60, metavar="N")
    asked = parser.parse_args()
    outcomes: list[Outcome] = []
    seconds: list[float] = []
    for seed in range(asked.first_seed, asked.first_seed + asked.number):
        tandem = simulate_tandem(seed)
        start = time.process_time()
        found = assigned(tandem)
        seconds.append(time.process_time() - start)
        one = outcome(tandem, found)
        outcomes.append(one)
        flaw = "" if one.found == one.there and one.right == one.called else "   <-"
        print(f"seed {seed:4} {tandem.precursor!s:32} {tandem.simulated.hints.instrument:3} "
              f"{one.found:2} of {one.there:2} found, {one.called - one.right} false, "
              f"{seconds[-1]:5.1f} s{flaw}", flush=True)  # fmt: skip
    table = np.array([[o.there, o.found, o.called, o.right, o.within] for o in outcomes])
    there, recovered, called, right, within = table.sum(axis=0).tolist()
    for name, hits, of in (("recall", recovered, there), ("precision", right, called),
                           ("within two sd", within, right)):  # fmt: skip
        low, high = binomial_interval(hits, of)
        print(f"{name}: {hits} of {of}, {hits / max(of, 1):.4f} ({low:.4f} to {high:.4f})")
    clean = sum(o.found == o.there and o.right == o.called for o in outcomes)
    print(f"spectra without any flaw: {clean} of {len(outcomes)}")
    print(f"CPU time: median {np.median(seconds):.1f} s, longest {max(seconds):.1f} s")


if __name__ == "__main__":
    main()
