"""The colour of solutions."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from alloyscope.errors import SpectrumError
from alloyscope.spectra.absorption_spectrum import AbsorptionSpectrum
from alloyscope.uvvis.colour import TEN_DEGREES, colour_of, colour_science, colours_by_depth
from alloyscope.uvvis.colour_names import colour_name

science = colour_science()
AXIS = np.arange(380, 781.0)
CLEAR = AbsorptionSpectrum(AXIS, np.zeros(AXIS.size), "clear", path_cm=1.0)


def test_what_passes_all_light_is_white():
    found = colour_of(CLEAR)
    assert found.xy == pytest.approx((0.3127, 0.3290), abs=2e-4)
    assert found.xyz == pytest.approx((95.047, 100, 108.883), abs=0.05)
    assert (found.hex, found.name, found.in_gamut) == ("#ffffff", "colourless", True)
    assert colour_of(CLEAR, illuminant="A").xy == pytest.approx((0.44757, 0.40745), abs=2e-4)
    assert colour_of(CLEAR, illuminant="A").hex == "#ffffff"
    assert colour_of(CLEAR, observer=TEN_DEGREES).xy == pytest.approx((0.3138, 0.3310), abs=2e-4)


def test_a_step_filter_is_what_the_tables_sum_to():
    blocked = AbsorptionSpectrum(AXIS, np.where(AXIS < 560, 4.0, 0.0))
    light = science.SDS_ILLUMINANTS["D65"]
    matching = science.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
    total, white = np.zeros(3), 0.0
    for nm in range(380, 781, 5):  # the tables' own 5 nm, summed by hand
        power, bars = light[nm], matching[nm]
        white += power * bars[1]
        total += power * bars * (1e-4 if nm < 560 else 1.0)
    # The step lies between samples: half a step of 5 nm more is summed than of 1 nm.
    found = colour_of(blocked)
    assert found.xyz == pytest.approx(100 * total / white, rel=0.04, abs=0.1)
    assert found.xy == pytest.approx(tuple((total / total.sum())[:2]), abs=0.006)
    assert "orange" in found.name


@pytest.mark.filterwarnings("ignore:Aligning")
def test_a_spectrum_is_what_colour_science_makes_of_it():
    absorbance = 1.5 * np.exp(-(((AXIS - 520) / 50) ** 2))
    found = colour_of(AbsorptionSpectrum(AXIS, absorbance))
    table = science.SpectralDistribution(dict(zip(AXIS, 10**-absorbance, strict=True)))
    theirs = science.sd_to_XYZ(
        table, science.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"],
        science.SDS_ILLUMINANTS["D65"], method="Integration",
    )  # fmt: skip
    assert found.xyz == pytest.approx(tuple(theirs), rel=2e-3)
    assert found.lab == pytest.approx(
        tuple(science.XYZ_to_Lab(theirs / 100, (0.3127, 0.329))), abs=0.1
    )


def test_nothing_passes_a_black_one():
    found = colour_of(AbsorptionSpectrum(AXIS, np.full(AXIS.size, 6.0)))
    assert (found.name, found.hex) == ("black", "#000000")


def test_depth_and_concentration_are_the_same():
    absorbance = 0.8 * np.exp(-(((AXIS - 480) / 60) ** 2))
    one = AbsorptionSpectrum(AXIS, absorbance, path_cm=1.0)
    assert colour_of(one, path_cm=2.0).xyz == pytest.approx(colour_of(one, dilution=2.0).xyz)
    pale, full, deep = colours_by_depth(one, (0.2, 1.0, 4.0))
    assert pale.xyz[1] > full.xyz[1] > deep.xyz[1]
    assert full.xyz == pytest.approx(colour_of(one).xyz)
    assert deep.dilution == 4


def test_the_solvent_is_put_back_over_the_depth():
    solvent = replace(CLEAR, absorbance=np.full(AXIS.size, 0.1))
    found = colour_of(CLEAR, path_cm=3.0, dilution=0.5, solvent=solvent)
    assert found.xyz[1] == pytest.approx(100 * 10**-0.3)


def test_what_is_assumed_is_said():
    short = CLEAR.window(400, 700)
    assert "held level to 380 and 780" in colour_of(short).notes[0]
    below = replace(CLEAR, absorbance=np.full(AXIS.size, -0.05))
    assert "read as 0" in colour_of(below).notes[0]
    assert colour_of(below).xyz[1] == pytest.approx(100)
    assert colour_of(replace(CLEAR, sketch=True)).sketch


def test_a_colour_that_no_screen_shows_is_said_to_be_one():
    narrow = AbsorptionSpectrum(AXIS, np.where(np.abs(AXIS - 520) < 8, 0.0, 4.0))
    assert not colour_of(narrow).in_gamut


@pytest.mark.parametrize(
    ("spectrum", "options", "said"),
    [
        (CLEAR.window(420, 700), {}, "expected 400 to 700 nm at least"),
        (AbsorptionSpectrum(AXIS[::40], AXIS[::40] * 0), {}, "a gap of 40 nm"),
        (CLEAR, {"illuminant": "D99"}, 'light: found "D99"'),
        (CLEAR, {"observer": "me"}, 'observer: found "me"'),
        (CLEAR, {"path_cm": 0.0}, "more than 0 cm"),
        (CLEAR, {"dilution": -1.0}, "dilution: found -1.0"),
        (replace(CLEAR, path_cm=None), {"path_cm": 2.0}, "found no path of the cuvette"),
    ],
)
def test_what_gives_no_colour_is_refused(spectrum, options, said):
    with pytest.raises(SpectrumError, match=said):
        colour_of(spectrum, **options)


@pytest.mark.parametrize(
    ("lab", "name"),
    [
        ((30, 60, 40), "deep red"),
        ((25, 35, 65), "dark brown"),
        ((45, 30, 65), "brown"),
        ((92, 80, 103), "yellow"),
        ((92, 40, 103), "pale yellow"),
        ((50, 50, 103), "olive"),
        ((80, 30, 10), "pink"),
        ((70, 30, 40), "salmon"),
        ((30, 4, 10), "dark grey"),
        ((60, 12, 150), "greyish green"),
        ((90, 8, 60), "almost colourless, with a tinge of orange"),
        ((60, 40, 190), "blue-green"),
        ((40, 70, 290), "deep blue"),
        ((30, 70, 320), "deep violet"),
        ((30, 30, 340), "dark purple"),
        ((30, 30, 350), "dark red"),
        ((3, 0, 0), "black"),
    ],
)
def test_names_are_plain_words(lab, name):
    assert colour_name(*lab) == name


def test_numbers_print_as_before():
    code = ("import numpy as np; from alloyscope.uvvis.colour import TWO_DEGREES, tables; "
            "tables('D65', TWO_DEGREES); print(np.array([1.0]))")  # fmt: skip
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[1.]"
