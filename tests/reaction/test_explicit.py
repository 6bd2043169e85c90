"""The list of elementary reactions: complete, balanced, readable."""

import numpy as np
import pytest

from alloyscope.reaction.expansion import AMONG_CLUSTERS, WITH_COMPLEXES
from alloyscope.reaction.explicit import explicit_reactions, listing
from alloyscope.reaction.notation import parse_equation
from tests.reaction.declared import REACTIONS, made, of_every_kind, quartet, step

FOUR = quartet(6, 6)


def texts(equation, **more):
    reaction = made(FOUR, [step(equation, **more)], exchange=None)
    found = explicit_reactions(reaction)
    return [found.text(one) for one in found]


def test_exchange_is_every_ordered_pair_of_swaps():
    """132 swaps, each with all others, and each with either metal's complex."""
    found = explicit_reactions(REACTIONS["like Au44-Ag44"])
    assert len(found.families[AMONG_CLUSTERS]) == 132 * 131
    assert len(found.families[WITH_COMPLEXES]) == 264
    written = {found.text(one) for one in found.families[AMONG_CLUSTERS]}
    assert "A(3) + C(40) -> A(4) + C(39)" in written
    assert "A(3) + A(40) -> A(4) + A(39)" in written
    assert "A(3) + Au -> A(4) + Ag" in {found.text(one) for one in found.families[WITH_COMPLEXES]}


def test_meetings_are_every_pair_into_every_pair_of_the_same_metals():
    """A(i) + C(j) into the pairs of B, whichever of the two is named first, and back."""
    found = explicit_reactions(REACTIONS["like Au44-Ag44"])
    pairs = [min(s, 88 - s) // 2 + 1 for s in range(89)]
    ways = [min(s, 88 - s) + 1 for s in range(89)]
    expected = 2 * sum(n * m for n, m in zip(pairs, ways, strict=True))
    assert len(found.families["A + C <-> 2 B + RSSR"]) == expected
    assert len(found) == 17_292 + 264 + expected + 90 + 45 + 2_025 + 45


def test_each_step_is_written_with_its_compositions():
    assert texts("A -> 6 M + 6 SR + 4 e")[2] == "A(2) -> 2 Au + 4 Ag + 6 SR + 4 e"
    assert texts("A -> 6 dark M + 6 SR + 4 e")[6] == "A(6) -> 6 SR + 4 e + 6 dark Au"
    assert texts("C + SR <-> B")[:2] == ["C(0) + SR -> B(0)", "B(0) -> C(0) + SR"]
    assert texts("Ag + C -> Ag + 6 M + 2 SR + 6 e")[0] == "C(0) + Ag -> 7 Ag + 2 SR + 6 e"
    assert texts("e + SR -> oxidised + SR") == ["SR + e -> SR + oxidised"]
    assert "A(1) + C(6) -> B(3) + B(4) + RSSR" in texts("A + C <-> 2 B + RSSR")
    assert "B(3) + B(4) + RSSR -> A(1) + C(6)" in texts("A + C <-> 2 B + RSSR")
    assert texts("6 M + 6 SR + 4 e -> A")[2] == "2 Au + 4 Ag + 6 SR + 4 e -> A(2)"
    assert "A(2) + C(5) -> A(2) + 5 Au + Ag + 2 SR + 6 e" in texts("A + C -> A + 6 M + 2 SR + 6 e")


def test_three_metals_are_written_by_the_counts_of_all_but_the_last():
    found = explicit_reactions(REACTIONS["exchange of three metals"])
    written = {found.text(one) for one in found.families[AMONG_CLUSTERS]}
    assert "A(0,3) + C(1,2) -> A(1,2) + C(0,3)" in written
    assert "A(0,3) + C(1,2) -> A(0,4) + C(1,1)" in written


def test_every_reaction_is_there_once():
    for reaction in (of_every_kind(), REACTIONS["unequal metals"]):
        found = explicit_reactions(reaction)
        for family in found.families.values():
            written = [found.text(one) for one in family]
            assert len(set(written)) == len(written)


def test_of_three_metals_two_swaps_may_have_one_result():
    """Au for Cu in one and Ag for Cu back, or Au for Ag in both: each has its own constant."""
    found = explicit_reactions(REACTIONS["exchange of three metals"])
    written = [found.text(one) for one in found.families[AMONG_CLUSTERS]]
    assert max(written.count(text) for text in set(written)) == 2


@pytest.mark.parametrize("name", REACTIONS)
def test_every_reaction_is_balanced(name):
    found = explicit_reactions(REACTIONS[name])
    x, contents = found.arrays, found.layout.contents
    each = np.repeat(np.arange(len(found)), np.diff(x.first))
    off = np.zeros((len(found), contents.shape[1]))
    np.add.at(off, each, x.amount[:, None] * contents[x.changed])
    assert np.abs(off).max() == 0.0


def test_what_is_written_is_what_changes():
    found = explicit_reactions(of_every_kind())
    index = {name: k for k, name in enumerate(found.names)}
    for one in found:
        equation = parse_equation(found.text(one))
        change = {index[name]: n for name, n in equation.change.items()}
        assert change == dict(one.change)
        taken = sorted(index[name] for name, n in equation.left for _ in range(n))
        assert one.drawn >= 0 or taken == sorted(one.takes)


def test_constants_of_meetings_add_up_to_the_rate_of_each_pair():
    """Whatever is made, A(i) and C(j) meet and react with the declared constant, both ways."""
    reaction = made(FOUR, [step("A + C <-> 2 B + RSSR", 0.6)], exchange=None)
    found = explicit_reactions(reaction)
    out, a, c = {}, found.layout.slices["A"], found.layout.slices["C"]
    for one in found:
        if one.takes[0] < a.stop:
            out[one.takes] = out.get(one.takes, 0.0) + one.constant
    assert len(out) == 49
    assert all(0 < constant < 0.6 for constant in out.values())
    alone = made(FOUR, [step("A + C -> 2 B + RSSR", 0.6)], exchange=None)
    summed = {}
    for one in explicit_reactions(alone):
        summed[one.takes] = summed.get(one.takes, 0.0) + one.constant
    assert set(summed) == set(out)
    assert c.start <= max(max(pair) for pair in summed) < c.stop
    assert list(summed.values()) == pytest.approx([0.6] * 49)


def test_a_step_of_no_rate_has_no_reactions():
    assert texts("C + SR <-> B") != []
    reaction = made(FOUR, [step("C + SR <-> B", 0.0), step("A -> 6 M + 6 SR + 4 e", 0.0)],
                    exchange=None)  # fmt: skip
    assert len(explicit_reactions(reaction)) == 0


def test_listing_names_each_family_with_its_reactions_and_constants():
    reaction = made(FOUR, [step("e -> oxidised", 0.01), step("C + SR -> B", 0.25)], exchange=None)
    assert listing(reaction).splitlines() == [
        "8 reactions; constants in 1/min at amounts per cluster fed",
        "e -> oxidised: 1",
        "    0.01 to 0.01, the fastest e -> oxidised",
        "C + SR -> B: 7",
        "    0.25 to 0.25, the fastest C(0) + SR -> B(0)",
    ]
