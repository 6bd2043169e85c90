"""Plans that tests look at, each made once."""

from functools import cache
from pathlib import Path

from alloyscope.case import case_from, read_case, settings
from alloyscope.pipeline import run
from alloyscope.results import Results
from tests.reaction.simulations import THREE_METALS


@cache
def alloy() -> Results:
    """A with 12 Au, from Au44 and Ag44, with volumes; two stocks, uncertain by the priors."""
    return _run("au44-ag44", framework="A", x=(12, 12), total="5 mL", draws=12)


@cache
def half_and_half() -> Results:
    """M25S18 with as much Au as Ag, at two times."""
    return _run("au25-ag25", x=(12, 13), times=("2h", "20h"), draws=0)


@cache
def unequal() -> Results:
    """12 Au in M44S30, from Au25 and Ag44."""
    return _run("au25-ag44", framework="M44S30", x=(12, 12), total="600 uL", draws=5,
                metal_concentration="2 mM", aim="purity")  # fmt: skip


@cache
def three_metals() -> Results:
    """Two of three metals in X."""
    entries = {"reaction": THREE_METALS["reaction"], "plan": {"x": [1, 2], "draws": 3}}
    return run(case_from(entries, "test"))


def _run(name: str, **plan: object) -> Results:
    case = settings(read_case(Path(name)), "test", plan=plan, chemistry={"thiolate": "p-MBA"})
    return run(case.only("space", "reaction", "plan"))
