import pytest

from alloyscope.chemistry import default_vocabulary, parse_species
from alloyscope.chemistry.electron_count import bundled_valence
from alloyscope.data import toml_table
from alloyscope.gel.particle import bundled_table, particle_of

TABLE = bundled_table()


def test_every_ligand_of_the_table_is_known_and_its_acids_have_a_pka():
    known = {ligand.name: ligand for ligand in default_vocabulary().ligands}
    for name, facts in TABLE.ligands.items():
        assert name in known, name
        assert len(facts.acid or ()) == known[name].acids, name
    # A further group, where pKa come from the molecule that is named.
    assert all("of" in entry or "acid" not in entry or name == "p-MBA"
               for name, entry in toml_table("gel.toml")["ligand"].items())  # fmt: skip


def test_every_metal_with_a_valence_has_a_volume():
    assert set(bundled_valence()) <= set(TABLE.volumes)


@pytest.mark.parametrize(("metal", "density", "mass"), [
    ("Au", 19.3, 196.967), ("Ag", 10.49, 107.868), ("Cu", 8.96, 63.546), ("Pd", 12.02, 106.42),
    ("Pt", 21.45, 195.08), ("Ni", 8.91, 58.69), ("Cd", 8.65, 112.41), ("Hg", 13.53, 200.59),
])  # fmt: skip
def test_volumes_are_those_of_the_metals_densities(metal, density, mass):
    """Density, g/cm3, of the metal at room temperature; 0.6022 atoms and Å3 in a mole and cm3."""
    assert TABLE.volumes[metal] == pytest.approx(mass / density / 0.60221, rel=0.01)


def test_longer_chains_are_longer():
    lengths = [TABLE.ligands[f"SC{n}H{2 * n + 1}"].length for n in (3, 4, 5, 6, 8, 10, 12, 16, 18)]
    assert lengths == sorted(lengths)
    # Tanford's 0.127 nm for each C-C.
    assert (lengths[-1] - lengths[0]) / 15 == pytest.approx(0.127, abs=0.001)


def test_shells_of_two_ligands_have_their_mean_length():
    mixed = particle_of(parse_species("[Ag44(p-MBA)15(MHA)15]4-"))
    assert mixed.shell == pytest.approx((0.82 + 1.0) / 2)
    assert {group.pka for group in mixed.groups} == {4.16, 4.85}


def test_facts_of_ones_own_go_first():
    own = TABLE.with_own({"Au": 20.0}, {"p-MBA": 1.2}, {"NTP": (6.0,)})
    assert own.volumes["Au"] == 20.0
    assert (own.ligands["p-MBA"].length, own.ligands["p-MBA"].acid) == (1.2, (4.16,))
    assert (own.ligands["NTP"].length, own.ligands["NTP"].acid) == (0.82, (6.0,))
    assert TABLE.volumes["Au"] == 16.96


def test_without_a_size_the_reason_is_kept():
    assert particle_of(parse_species("[Ag24Ir(SCH2Ph)18]-")).without_size == (
        "no size of Ir, SCH2Ph"
    )
