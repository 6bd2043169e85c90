"""The species of the paper, as a gel is loaded with them."""

from alloyscope.chemistry import Species, default_vocabulary, parse_species
from alloyscope.gel.mobility import Sample

PMBA = default_vocabulary().binding("p-MBA")
LIGANDS = {"A": (30, 4), "B": (27, 3), "C": (26, 2)}


def cluster(framework: str, x: int) -> Species:
    n, charge = LIGANDS[framework]
    metals = "".join(f"{m}{k}" for m, k in (("Au", x), ("Ag", 44 - x)) if k)
    return parse_species(f"[{metals}(SR){n}]{charge}-", PMBA)


def sample(name: str, framework: str, *x: int) -> Sample:
    return Sample(name, tuple(cluster(framework, k) for k in x))


PAPER = (
    sample("C x=44", "C", 44), sample("C alloy", "C", 40, 41, 42, 43),
    sample("B", "B", *range(19, 25)), sample("A", "A", *range(1, 13)),
)  # fmt: skip
"""From the slowest to the fastest as the paper's gel shows them."""
