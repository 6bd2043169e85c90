"""What a case declares becomes a reaction, or an error says which table does not fit."""

import math
import re
from pathlib import Path

import pytest

from alloyscope.case import bundled_cases, case_from, read_case, settings, write_case
from alloyscope.case.reaction import reaction_of
from alloyscope.chemistry import default_vocabulary
from alloyscope.errors import CaseError
from alloyscope.reaction.reaction import Exchange
from alloyscope.reaction.thermodynamics import free_energies

VOCABULARY = default_vocabulary()


def small(**changed):
    """A reaction of three metals on three atoms, with tables replaced."""
    framework = {"metals": 3, "ligands": 2, "charge": 1, "name": "X"}
    own = {
        "metals": ("Au", "Ag", "Cu"),
        "framework": ({**framework, "site": ({"count": 1, "energy": {"Au": "a"}}, {"count": 2})},),
        "parent": ({"name": "P", "framework": "X", "composition": {"Au": 2, "Cu": 1}},),
        "step": ({"equation": "X -> 3 M + 2 SR", "rate": "k"},),
        "parameter": ({"name": "k", "value": 1e-3, "unit": "1/s", "logarithmic": True},
                      {"name": "a", "value": -2.0, "unit": "kT"}),
    }  # fmt: skip
    return {"reaction": own | changed}


def made(**changed):
    return reaction_of(case_from(small(**changed), "case.toml"), VOCABULARY)


def test_everything_declared_arrives():
    reaction = made(exchange={"clusters": 2.0}, values={"k": 0.5}, potentials={"RSSR": "a"},
                    concentration=2e-3, temperature=310.0)  # fmt: skip
    (framework,) = reaction.frameworks
    assert (framework.electrons, framework.label) == (0, "M3S2")
    assert [(site.name, site.count) for site in framework.sites] == [("1", 1), ("2", 2)]
    assert reaction.exchange == Exchange(2.0, 0.0)
    assert reaction.ligand == "SR"
    assert reaction.values["k"] == pytest.approx(30.0)
    assert reaction.parameters[0].sd == math.inf
    assert (reaction.concentration, reaction.temperature) == (2e-3, 310.0)
    assert dict(reaction.potentials) == {"RSSR": "a"}


def test_a_framework_without_sites_has_one_class():
    framework = {"metals": 3, "ligands": 2, "charge": 1, "name": "X"}
    (only,) = made(framework=(framework,)).frameworks[0].sites
    assert only.count == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metals": ()}, "[reaction]: found no metals"),
        ({"metals": ("Au", "Ag", "Xx")}, '[reaction] metals: found "Xx"'),
        ({"metals": ("Au",)}, "[reaction]: reaction: found 1 metals"),
        ({"step": ({"equation": "X -> 3 M", "rate": 1.0},)},
         '[[reaction.step]]: step "X -> 3 M": found out of balance: ligands 2 -> 0 (-2)'),
        ({"step": ({"equation": "X -> 3 M + 2 SR", "rate": 1.0}, {"equation": "X", "rate": 1.0})},
         '[[reaction.step]] 2: equation "X": found 0 arrows'),
        ({"step": ({"equation": "X -> 3 M + 2 SR", "rate": "fast"},)},
         '[[reaction.step]]: step "X -> 3 M + 2 SR" rate: found "fast"'),
        ({"step": ({"equation": "X -> 3 M + 2 SR", "rate": -1.0},)}, "rate: found -1.0"),
        ({"step": ({"equation": "X -> 3 M + 2 SR", "rate": 1.0, "quench": {"Pt": 1.0}},)},
         'quench: found "Pt"'),
        ({"framework": ({"metals": 3, "ligands": 2, "charge": 1, "name": "Au"},)},
         "[[reaction.framework]]: framework Au: found a name"),
        ({"framework": ({"metals": 3, "ligands": 2, "charge": 1, "electrons": 2},)},
         "[[reaction.framework]] 1: framework M3S2: found 2 electrons"),
        ({"framework": ({"metals": 3, "ligands": 2, "charge": 1, "name": "X",
                         "site": ({"count": 2},)},)}, "site classes of 2 atoms in all"),
        ({"framework": ({"metals": 3, "ligands": 2, "charge": 1, "name": "X",
                         "site": ({"count": 3, "energy": {"Pt": 1.0}},)},)}, 'found "Pt"'),
        ({"parent": ({"name": "P", "framework": "X", "composition": {"Au": 2}},)},
         "[[reaction.parent]]: parent P: found Au 2"),
        ({"parameter": ({"name": "k", "value": 2.0, "bounds": (0.0, 1.0)},)},
         "[[reaction.parameter]] 1: parameter k: found 2"),
        ({"parameter": ({"name": "k", "value": 2.0, "unit": "h"},)}, 'the unit "h"'),
        ({"values": {"q": 1.0}}, "[reaction.values]: values of parameters: found q"),
        ({"potentials": {"Au": 1.0}}, '[reaction.potentials]: potential: found "Au"'),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_table(changed, said):
    with pytest.raises(CaseError, match=re.escape(said)):
        made(**changed)


def test_a_framework_of_an_assignment_is_the_same_in_the_reaction():
    entries = small() | {"space": {"framework": ({"name": "X", "metals": 3, "ligands": 1,
                                                  "charge": 1},)}}  # fmt: skip
    with pytest.raises(
        CaseError, match=r"\[\[reaction.framework\]\] X: found ligands 2; .*ligands 1"
    ):
        reaction_of(case_from(entries, "case.toml"), VOCABULARY)


@pytest.mark.parametrize("name", bundled_cases())
def test_bundled_reactions_hold_together(name, tmp_path):
    case = read_case(Path(name))
    reaction = reaction_of(case, VOCABULARY)
    assert set(free_energies(reaction)) == set(reaction.by_name)
    write_case(case, tmp_path / "again.toml")
    assert reaction_of(read_case(tmp_path / "again.toml"), VOCABULARY) == reaction


def test_the_thiolate_is_the_cases():
    case = read_case(Path("au44-ag44"))
    assert reaction_of(case, VOCABULARY.binding("p-MBA")).ligand == "p-MBA"
    other = settings(case, "test", reaction={"ligand": "PET"})
    assert reaction_of(other, VOCABULARY.binding("p-MBA")).ligand == "PET"


def test_believed_yields_are_read_and_their_faults_named():
    entry = {"ratio": "1:0", "time": "20h", "least": 0.9}
    case = settings(read_case(Path("au44-ag44")), "test", reaction={"yield_prior": [entry]})
    (prior,) = reaction_of(case, VOCABULARY).yields
    assert (prior.ratio, prior.t_min, prior.least, prior.width) == ((1.0, 0.0), 1200.0, 0.9, 0.15)
    odd = settings(case, "test", reaction={"yield_prior": [entry | {"ratio": "1:0:0"}]})
    with pytest.raises(CaseError, match=r"\[\[reaction.yield_prior\]\] 1: ratio"):
        reaction_of(odd, VOCABULARY)
