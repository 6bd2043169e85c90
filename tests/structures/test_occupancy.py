from itertools import combinations
from math import exp

import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures import framework_structure
from alloyscope.structures.homotop import sample_homotop
from alloyscope.structures.occupancy import SitePreference, mean_occupancies, no_preference

M44S30 = framework_structure("M44S30")
M25S18 = framework_structure("M25S18")
METALS = ("Au", "Ag")
OF_M25 = (
    SitePreference("centre", ("centre",), {"Au": -2.0}),
    SitePreference("icosahedron", ("icosahedron",), {"Au": 0.5}, {"Au": -0.7}),
    SitePreference("staple", ("staple",), {"Au": 1.5}),
)
OF_M44 = (
    SitePreference("core", ("icosahedron",), {"Au": -1.9}, {"Au": -2.7}),
    SitePreference("shell", ("cube", "edge", "mount"), {"Au": 9.0}),
)


def enumerated(framework, preferences, x):
    """Mean occupancies by a sum over all labelled placements."""
    names, total = np.array(framework.site_classes), 0.0
    mean = dict.fromkeys((c.name for c in framework.classes), 0.0)
    for sites in combinations(range(framework.metals), x):
        held = names[list(sites)]
        energy = 0.0
        for p in preferences:
            n = sum((held == c).sum() for c in p.classes)
            size = sum((names == c).sum() for c in p.classes)
            energy += n * p.energy.get("Au", 0.0)
            energy += p.cooperativity.get("Au", 0.0) * n * (n - 1) / max(size - 1, 1)
        total += exp(-energy)
        for name in mean:
            mean[name] += exp(-energy) * (held == name).sum()
    return {name: n / total for name, n in mean.items()}


@pytest.mark.parametrize("x", [0, 1, 3])
def test_means_are_those_of_all_placements(x):
    found = mean_occupancies(M25S18, OF_M25, METALS, [(x, 25 - x)])[0].mean
    for name, n in enumerated(M25S18, OF_M25, x).items():
        assert found[name][0] == pytest.approx(n, rel=1e-9)


def test_a_class_of_the_model_is_spread_evenly_over_the_frameworks():
    found = mean_occupancies(M44S30, OF_M44, METALS, [(2, 42), (20, 24)])
    assert found[0].mean["cube"][0] * 12 == pytest.approx(found[0].mean["edge"][0] * 8)
    assert found[1].mean["icosahedron"][0] == pytest.approx(12, abs=0.01)
    for one in found:
        assert sum(n for n, _ in one.mean.values()) == pytest.approx(one.composition[0])


def test_without_preference_every_site_is_as_likely():
    found = mean_occupancies(M44S30, no_preference(M44S30), METALS, [(11, 33)])[0].mean
    assert {name: n / len(M44S30.sites_of(name)) for name, (n, _) in found.items()} == (
        pytest.approx(dict.fromkeys(found, 0.25))
    )


def test_samples_have_the_mean_occupancies():
    expected = mean_occupancies(M25S18, OF_M25, METALS, [(6, 19)])[0].mean
    drawn = [sample_homotop(M25S18, 6, METALS, OF_M25, seed).by_class for seed in range(600)]
    for name, (n, _) in expected.items():
        counts = np.array([one[name][0] for one in drawn])
        assert abs(counts.mean() - n) < 5 * max(counts.std(), 0.1) / 600**0.5


def test_three_metals_agree_with_two_when_two_are_alike():
    first, _, last = OF_M25
    alike = (
        *(SitePreference(p.name, p.classes, dict.fromkeys(("Au", "Cu"), p.energy["Au"]))
          for p in (first, last)),
        SitePreference("icosahedron", ("icosahedron",)),
    )  # fmt: skip
    two = tuple(SitePreference(p.name, p.classes, {m: e for m, e in p.energy.items() if m == "Au"})
                for p in alike)  # fmt: skip
    three = mean_occupancies(M25S18, alike, ("Au", "Cu", "Ag"), [(2, 3, 20)])[0].mean
    both = mean_occupancies(M25S18, two, METALS, [(5, 20)])[0].mean
    for name in both:
        assert three[name][0] + three[name][1] == pytest.approx(both[name][0])
        assert three[name][0] * 3 == pytest.approx(three[name][1] * 2)


def test_heat_loosens_preferences():
    cold, hot = (
        mean_occupancies(M25S18, [p.at(f) for p in OF_M25], METALS, [(1, 24)])[0].mean["centre"][0]
        for f in (1.0, 0.2)
    )
    assert cold > hot > 1 / 25


def test_classes_must_be_covered_once():
    with pytest.raises(StructureError, match="each of centre, icosahedron, staple once"):
        mean_occupancies(M25S18, OF_M25[:2], METALS, [(1, 24)])
    with pytest.raises(StructureError, match="of Cu"):
        mean_occupancies(M25S18, (SitePreference("all", ("centre", "icosahedron", "staple"),
                                                 {"Cu": 1.0}),), METALS, [(1, 24)])  # fmt: skip
