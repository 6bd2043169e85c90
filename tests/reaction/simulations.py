"""Simulations that tests look at, each made once."""

from functools import cache
from pathlib import Path

from alloyscope.case import case_from, read_case, settings
from alloyscope.pipeline import run
from alloyscope.results import Results

THREE_METALS = {
    "reaction": {
        "metals": ["Au", "Ag", "Cu"],
        "framework": [{"metals": 4, "ligands": 3, "charge": 1, "name": "X", "site": [
            {"count": 1, "energy": {"Au": -2.0, "Ag": 1.0}}, {"count": 3}]}],
        "parent": [{"name": "P", "framework": "X", "composition": {"Au": 3, "Cu": 1}},
                   {"name": "Q", "framework": "X", "composition": {"Ag": 4}}],
        "exchange": {"clusters": 0.1},
        "step": [{"equation": "X -> 4 M + 3 SR", "rate": 1e-4}],
    },
    "experiment": {"ratio": "1:1", "times": ["10min", "20h"]},
}  # fmt: skip


@cache
def direct() -> Results:
    """Au44 and Ag44, 3:1, at a few times."""
    return _run("au44-ag44", ratio="3:1", times=("2min", "60min", "20h"))


@cache
def mixed_ligands() -> Results:
    """Au44 and Ag44 with 5 NTP, 3:1, exchanged with a half-life of 30 min."""
    shells = {"mixed": {"foreign": "NTP", "parents": {"Ag44": 5}, "half_life": "30min"}}
    experiment = {"ratio": "3:1", "times": ("2min", "20h")}
    case = settings(read_case(Path("au44-ag44")), "test", chemistry={"thiolate": "p-MBA"},
                    experiment=experiment, shells=shells)  # fmt: skip
    return run(case.only("space", "reaction", "experiment", "shells"))


@cache
def sequence() -> Results:
    """Unequal metal counts; a parent is added, and the product of another reaction."""
    steps = ({"at": "2h", "add": "2 Au25"}, {"at": "4h", "add": "product of 1:2 after 1h"})
    return _run("au25-ag44", ratio="1:1", step=steps, times=("1h", "2h", "3h", "4h", "20h"))


@cache
def three_metals() -> Results:
    """Three metals on four atoms."""
    return run(case_from(THREE_METALS, "test"))


@cache
def exchange_alone() -> Results:
    """Three metals that nothing but exchange moves, so that all pools stay empty."""
    still = THREE_METALS["reaction"] | {"step": []}
    return run(case_from(THREE_METALS | {"reaction": still}, "test"))


def _run(name: str, **experiment: object) -> Results:
    case = settings(read_case(Path(name)), "test", experiment=experiment,
                    chemistry={"thiolate": "p-MBA"})  # fmt: skip
    return run(case.only("space", "reaction", "experiment"))
