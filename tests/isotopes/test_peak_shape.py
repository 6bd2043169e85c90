import numpy as np
import pytest

from alloyscope.errors import AlloyscopeError
from alloyscope.isotopes.peak_shape import REACH, shape_function

SHAPES = [("gaussian", 1.0), ("lorentzian", 1.0)] + [
    ("tailed", tail) for tail in (0.01, 0.1, 0.5, 1.0, 3.0, 20.0)
]


@pytest.mark.parametrize(("name", "tail"), SHAPES)
def test_a_shape_has_unit_area_and_width_and_its_apex_at_zero(name, tail):
    x = np.linspace(-200, 200, 2_000_001)
    y = shape_function(name, tail)(x)
    assert np.all(np.isfinite(y))
    assert np.all(y >= 0)
    area = np.trapezoid(y, x)
    assert area == pytest.approx(1, abs=2e-3 if name == "lorentzian" else 1e-6)
    assert x[np.argmax(y)] == pytest.approx(0, abs=2e-3)
    above = x[y >= 0.5 * y.max()]
    assert above[-1] - above[0] == pytest.approx(1, abs=2e-3)
    beyond = np.abs(x) > REACH[name] * max(1.0, tail)
    assert y[beyond].max(initial=0.0) < 1e-4 * y.max()


def test_a_short_tail_is_a_gaussian():
    x = np.linspace(-3, 3, 601)
    np.testing.assert_allclose(
        shape_function("tailed", 0.01)(x), shape_function("gaussian")(x), atol=1e-3
    )


def test_a_tail_goes_to_high_mass():
    shape = shape_function("tailed", 2.0)
    assert shape(np.array([3.0]))[0] > 5 * shape(np.array([-3.0]))[0]


@pytest.mark.parametrize(("name", "tail"), [("box", 1.0), ("tailed", 0.0), ("tailed", -1.0)])
def test_another_shape_is_refused(name, tail):
    with pytest.raises(AlloyscopeError, match="peak shape"):
        shape_function(name, tail)
