"""Spoiled XYZ files: atoms or one clear error come out, nothing else."""

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alloyscope.errors import StructureError
from alloyscope.structures import framework_structure
from alloyscope.structures.homotop import sample_homotop
from alloyscope.structures.reading import geometry_of, parse_xyz
from alloyscope.structures.writing import xyz_text

FRAMEWORK = framework_structure("M25S18")
TEXT = xyz_text(sample_homotop(FRAMEWORK, 3))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(TEXT)), st.integers(0, 40),
    st.text(st.characters(codec="utf-8"), max_size=12),
)  # fmt: skip
@example(0, 2, "²")
@example(0, len(TEXT), "2")
@example(0, 2, "99999999999999999999")
def test_spoiled_files(at, cut, put):
    text = TEXT[:at] + put + TEXT[at + cut :]
    with suppress(StructureError):
        atoms = parse_xyz(text, "own.xyz")
        geometry, _ = geometry_of(atoms, FRAMEWORK.classes, 18, "own.xyz")
        assert geometry.n_metals == 25
