import numpy as np
import pytest

from alloyscope.errors import StructureError
from alloyscope.structures.point_group import (
    PointGroup,
    closure,
    is_group,
    name_of,
    point_group,
    rotation,
)

ORDERS = {
    "C1": 1, "Ci": 2, "Cs": 2, "C2": 2, "C3v": 6, "C2h": 4, "D2": 4, "D2h": 8, "D2d": 8, "D3": 6,
    "D3d": 12, "D5h": 20, "D5d": 20, "S4": 4, "S6": 6, "T": 12, "Td": 24, "Th": 24, "O": 24,
    "Oh": 48, "I": 60, "Ih": 120,
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_groups_close_and_their_names_come_back(name):
    group = point_group(name)
    assert group.order == ORDERS[name]
    assert is_group(group.operations)
    turned = rotation((1.0, 2.0, -0.5), 7)
    assert name_of(turned @ group.operations @ turned.T) == name


def test_th_has_24_signed_permutations_half_of_them_rotations():
    group = point_group("Th")
    assert set(np.unique(group.operations)) == {-1.0, 0.0, 1.0}
    assert group.improper.sum() == 12
    assert (group.operations[0] == np.eye(3)).all()


def test_what_is_no_group_is_refused():
    with pytest.raises(StructureError, match="not closed"):
        PointGroup("half", point_group("Th").operations[:13])
    with pytest.raises(StructureError, match="finite group"):
        closure([rotation((0, 0, 1), 2), rotation((1.0, 1.0, 0.3), 11)])


@pytest.mark.parametrize("name", ["Q", "C1v", "C4d", "d3"])
def test_unknown_symbols_are_refused(name):
    with pytest.raises(StructureError, match="Schoenflies"):
        point_group(name)
