"""Absorption spectra as words, tables and figures: nothing lost, nothing colliding."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import rc_context
from rich.console import Console

from alloyscope.report.style import SETTINGS
from alloyscope.report.text_table import grid
from alloyscope.report.uvvis_course_text import kinetics_line, kinetics_rows, with_sd
from alloyscope.report.uvvis_figures import figures_of
from alloyscope.report.uvvis_mixture_text import fraction_columns, fraction_rows, share_line
from alloyscope.report.uvvis_names import SKETCH
from alloyscope.report.uvvis_page import uvvis_page
from alloyscope.report.uvvis_tables import bands_csv, kinetics_csv, uvvis_csvs
from alloyscope.report.uvvis_text import (
    BAND_COLUMNS,
    band_rows,
    colour_line,
    headlines,
    match_rows,
    uvvis_text,
)
from alloyscope.results.uvvis import UvvisRun
from alloyscope.spectra.absorption_spectrum import AbsorptionSeries
from alloyscope.stages.uvvis import followed_bands
from alloyscope.uvvis.band_kinetics import band_kinetics
from alloyscope.uvvis.band_matching import match_bands
from alloyscope.uvvis.find_bands import counted, find_bands
from alloyscope.uvvis.unmix import unmix
from tests.report.test_reaction_figures import texts_of
from tests.report.uvvis_runs import (
    with_an_unknown,
    with_populations,
    with_references,
    with_sketches,
)
from tests.uvvis.courses import band

RUNS = [with_references, with_an_unknown, with_sketches, with_populations]


def rows_of(made, name):
    return list(csv.DictReader(io.StringIO(uvvis_csvs(made().uvvis)[name])))


def test_the_verdict_comes_first():
    said = headlines(with_references().uvvis)
    assert said[0].startswith("Something else is here")
    assert "[Ag44(p-MBA)30]4-" in said[0]
    assert any("components above the noise" in line for line in said)
    assert any(line.startswith("Isosbestic at") for line in said)


def test_shares_add_up_and_lie_within_their_intervals():
    rows = rows_of(with_references, "fractions.csv")
    assert len(rows) == 20
    for name in {row["spectrum"] for row in rows}:
        assert sum(float(r["fraction"]) for r in rows if r["spectrum"] == name) == pytest.approx(1)
    for row in rows:
        assert float(row["fraction_low"]) <= float(row["fraction"]) <= float(row["fraction_high"])
    assert {row["drawn_from"] for row in rows} == {"measured"}


def test_an_unknown_component_is_a_range():
    found = with_an_unknown().uvvis
    assert " to " in headlines(found)[0]
    rows = rows_of(with_an_unknown, "fractions.csv")
    assert {row["drawn_from"] for row in rows} == {"measured", "found here"}
    head = rows_of(with_an_unknown, "components.csv")[0]
    assert {"unknown 1 low", "unknown 1 high"} <= set(head)


def test_sketches_say_so_everywhere():
    results = with_sketches()
    run = results.uvvis
    assert run.sketched
    texts = uvvis_csvs(run)
    assert SKETCH in texts["fractions.csv"]
    assert SKETCH in texts["components.csv"].splitlines()[0]
    assert SKETCH in uvvis_page(results, {}, [])
    for name in ("unmixing", "components", "fractions"):
        words = " ".join(t.get_text() for t in texts_of(figures_of(run)[name](run)))
        assert words.count(SKETCH) >= len(run.sketched)
    told = json.loads(json.dumps(results.as_json(), allow_nan=False))["uvvis"]
    assert told["unmixing"]["sketches"] == sorted(run.sketched)


def test_populations_come_with_their_spectra():
    run = with_populations().uvvis
    spectra, known = (rows_of(with_populations, name)
                      for name in ("species_spectra.csv", "populations.csv"))  # fmt: skip
    assert len(spectra) == run.series.wavelength_nm.size
    assert len(known) == len(run.series)
    assert list(known[0])[1:] == list(run.populations.names)


def test_series_tables_hold_what_was_found():
    run = with_references().uvvis
    values = rows_of(with_references, "singular_values.csv")
    assert [row["counted"] for row in values].count("yes") == run.course.rank.rank
    crossings = rows_of(with_references, "isosbestic.csv")
    assert len(crossings) == len(run.course.isosbestic.points)
    kinetics = rows_of(with_references, "kinetics.csv")
    assert {row["fitted"] for row in kinetics} == {"alone", "together"}
    spectra = rows_of(with_references, "spectra.csv")
    assert len(spectra[0]) == 1 + 2 * len(run.series)
    colours = rows_of(with_references, "colour.csv")
    assert len(colours) == 5 * len(run.series)
    assert all(row["srgb"].startswith("#") for row in colours)


@pytest.mark.parametrize("made", RUNS)
def test_words_of_figures_stay_inside_and_apart(made):
    run = made().uvvis
    drawn = figures_of(run)
    assert {"series", "bands", "colour", "kinetics", "singular-values"} <= set(drawn)
    for name, draw in drawn.items():
        with rc_context(SETTINGS):
            figure = draw(run)
            figure.draw_without_rendering()
            boxes = [text.get_window_extent() for text in texts_of(figure)]
            sides = [axes.yaxis.label.get_window_extent() for axes in figure.axes]
        for box in (*boxes, *(side for side in sides if side.width > 1)):
            assert figure.bbox.x0 - 1 <= box.x0, name
            assert box.x1 <= figure.bbox.x1 + 1, name
            assert figure.bbox.y0 - 1 <= box.y0, name
            assert box.y1 <= figure.bbox.y1 + 1, name
        for k, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:k]), name


def test_the_page_says_what_was_found():
    results = with_references()
    page = uvvis_page(results, {"bands": "<svg></svg>"}, ["bands.csv"])
    assert "Something else is here" in page
    assert "<svg>" in page
    assert "[Au12Ag32(p-MBA)30]4-" in page
    assert "Isosbestic points" in page


def test_uncertain_digits_are_not_written():
    assert with_sd(41.5641, 0.066) == "41.56 ± 0.07"
    assert with_sd(0.5, float("inf")) == "0.5"
    assert with_sd(1.0, 0.0) == "1.000 ± 0.000"


def test_colours_of_the_rows_are_drawn():
    run = with_references().uvvis
    figure = figures_of(run)["colour"](run)
    patches = figure.axes[0].patches
    assert len(patches) == 5 * len(run.series)
    framed = [patch for patch in patches if patch.get_linewidth() > 1]
    assert len(framed) == len(run.series)
    assert np.isfinite([patch.get_x() for patch in patches]).all()


def test_shares_where_something_else_is_are_marked():
    run = with_references().uvvis
    foreign = {run.series.names[k] for k in run.unmixed.goodness.spectra}
    assert foreign
    assert foreign != set(run.series.names)
    assert "* of what the components explain" in headlines(run)[0]
    rows = fraction_rows(run)
    marked = [all(cell.endswith("*") for cell in row[1:-1]) for row in rows]
    assert marked == [name in foreign for name in run.series.names]
    assert share_line(run.unmixed)[0].startswith("*")
    assert "* of what the components explain" in uvvis_page(with_references(), {}, [])
    for row in rows_of(with_references, "fractions.csv"):
        assert row["mark"].startswith("*") == (row["spectrum"] in foreign)


def test_drawn_references_that_do_not_fit_tell_no_shares():
    run = with_sketches().uvvis
    assert run.unmixed.goodness.something_else
    assert "No shares are told" in headlines(run)[0]
    assert "%" not in headlines(run)[0]


def test_of_identical_references_the_sum_is_told():
    copy = replace(with_references().uvvis.references[0], name="again")
    run = with_references().uvvis
    both = replace(run, unmixed=unmix(run.series, (run.references[0], copy, run.references[1])))
    assert [name for name, _ in fraction_columns(both.unmixed)] == [
        "spectrum", f"{run.references[0].name} + again %", f"{run.references[1].name} %",
        "p, nothing else",
    ]  # fmt: skip
    assert f"{run.references[0].name} + again" in headlines(both)[0]
    value, sd = both.unmixed.sum_fraction((0, 1))
    assert (sd < 0.2).all()
    assert value + both.unmixed.fraction[:, 2] == pytest.approx(1)


def test_the_range_that_references_cover_is_said():
    run = with_references().uvvis
    first = run.references[0]
    short = replace(first, spectrum=first.spectrum.window(450, 700))
    part = replace(run, unmixed=unmix(run.series, (short,)))
    assert "Judged by 450 to 700 nm alone" in headlines(part)[0]
    assert "alone, which" not in headlines(run)[0]


def test_half_lives_of_what_is_not_exponential_say_so_at_once():
    run = with_references().uvvis
    kinetics = run.course.kinetics
    assert kinetics.together[0].scatter > 2
    line = kinetics_line(run.course)
    assert "but exponentials do not fit" in line
    assert "Half of the change is reached after" in line
    for row in rows_of(with_references, "kinetics.csv"):
        assert float(row["half_change_low"]) <= float(row["half_change_min"])
        assert float(row["half_change_min"]) <= float(row["half_change_high"])
    assert all("(" in row[1] for row in kinetics_rows(run.course) if row[0] not in ("", "all"))


def test_a_band_that_turns_is_told_in_words():
    times = np.arange(0.0, 8.0)
    up = times / 3 * np.exp(1 - times / 3)
    wavelength = np.arange(400.0, 700.0)
    spectra = np.outer(up, band(540, 40, wavelength=wavelength))
    noise = 1e-4 * np.random.default_rng(1).standard_normal(spectra.shape)
    names = tuple(f"{t:g} min" for t in times)
    series = AbsorptionSeries(wavelength, spectra + noise, names, times, "made")
    course = replace(with_references().uvvis.course, kinetics=band_kinetics(series, (540.0,)))
    assert any("rises, then falls; maximum near 3 min" in row[-1] for row in kinetics_rows(course))
    assert "rises, then falls; maximum near 3 min" in kinetics_csv(course.kinetics)


def alone(wavelength, absorbance):
    """A run of one spectrum."""
    noise = 1e-3 * np.random.default_rng(2).standard_normal(wavelength.size)
    series = AbsorptionSeries(wavelength, (absorbance + noise)[None], ("one",), None, "made")
    found = find_bands(series.spectrum(0))
    return UvvisRun(series, 1.0, (0,), (found,), (match_bands(found),))


def test_a_saturated_spectrum_says_so_first():
    wavelength = np.arange(350.0, 900.0)
    light = band(420, 25, 6.0, wavelength) + band(640, 30, 1.0, wavelength)
    run = alone(wavelength, np.minimum(light, 3.5))
    assert headlines(run)[0].startswith("Saturated 3")
    assert "dilute" in headlines(run)[0]
    assert not headlines(with_references().uvvis)[0].startswith("Saturated")


def test_a_band_has_one_position():
    wavelength = np.arange(350.0, 900.0)
    light = band(480, 25, 0.6, wavelength) + 0.5 * np.exp(-(wavelength - 350) / 60)
    run = alone(wavelength, light)
    sure = run.bands[0].sure[0]
    assert abs(sure.maximum_nm - sure.position_nm) > 0.5
    position = with_sd(sure.position_nm, sure.position_sd)
    assert f"{position} nm" in headlines(run)[0]
    row = next(row for row in band_rows(run) if row[1] == "peak")
    assert row[2:4] == [position, f"{sure.maximum_nm:.1f}"]
    assert followed_bands(run.bands) == (round(sure.position_nm, 1),)
    words = [text.get_text() for text in texts_of(figures_of(run)["bands"](run))]
    assert f"{sure.position_nm:.0f}" in words
    assert float(bands_csv(run).splitlines()[1].split(",")[3]) == pytest.approx(sure.position_nm)


def test_counts_of_bands_add_up():
    analysis = with_references().uvvis.bands[0]
    one = replace(analysis.sure[0], group=0)
    unsure = replace(one, sure=False)
    bands = (one, replace(one, group=None), unsure, unsure)
    two = replace(analysis, bands=bands, groups=((0, 2, 3),))
    assert counted(two, 2, 2) == "2 bands; 1 of them runs into a neighbour; 2 more not sure"


def test_no_band_makes_no_table():
    run = alone(np.arange(350.0, 900.0), np.zeros(550))
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(uvvis_text(run))
    assert "position nm" not in console.export_text()


def test_the_band_table_fits_a_terminal():
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(grid(BAND_COLUMNS, band_rows(with_references().uvvis)))
    lines = console.export_text().splitlines()
    assert len(lines) == 1 + len(band_rows(with_references().uvvis))


def test_known_clusters_say_which_bands_are_seen_and_missing():
    run = with_references().uvvis
    rows = match_rows(run)
    assert rows
    assert all(
        " nm" in row[2] and row[2].startswith("seen ") and "chance" in row[2] for row in rows
    )
    shown = {(row[1], row[2].partition(";")[0]) for row in rows}
    likely = {str(m.reference.species) for some in run.matches for m in some if m.chance >= 0.01}
    sure = {str(m.reference.species) for some in run.matches for m in some if m.chance < 0.01}
    assert not {name for name, _ in shown} & (likely - sure)


def test_many_colours_are_counted():
    run = with_references().uvvis
    names = [str(k) for k in range(8)]
    colours = tuple(
        tuple(replace(one, name=name) for one in row)
        for name, row in zip(names, run.colours[:8], strict=True)
    )
    said = colour_line(replace(run, colours=colours))
    assert "0, then 1, and 5 more; at last 7." in said
    assert "..." not in said


def test_names_of_many_bands_stay_inside_the_axes_each_in_its_own_colour():
    run = with_references().uvvis
    bands = (389.0, 420.0, 492.0, 537.0, 614.0, 644.0, 719.0, 740.0, 836.0)
    many = replace(run, course=replace(run.course, kinetics=band_kinetics(run.series, bands)))
    figure = figures_of(many)["kinetics"](many)
    figure.draw_without_rendering()
    inside = figure.axes[0].get_window_extent()
    names = [text for text in figure.axes[0].texts if "nm" in text.get_text()]
    boxes = [text.get_window_extent() for text in names]
    assert len({text.get_color() for text in names}) == len(bands)
    assert all(inside.y0 - 1 <= box.y0 and box.y1 <= inside.y1 + 1 for box in boxes)
    assert max(box.x1 for box in boxes) > 0.93 * figure.bbox.x1
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_the_case_of_a_page_is_folded_away():
    page = uvvis_page(with_references(), {}, [])
    before, _, after = page.partition("[uvvis]")
    assert before.rpartition("<details>")[2].count("</details>") == 0
    assert "</details>" in after


def test_curves_of_bands_add_up_to_what_is_fitted():
    run = with_references().uvvis
    found, rows = run.bands[0], rows_of(with_references, "band_curves.csv")
    assert len(rows) == found.wavelength_nm.size
    for row in rows[::50]:
        bands = sum(float(row[f"band_{k + 1}"]) for k in range(len(found.bands)))
        assert bands + float(row["background"]) == pytest.approx(float(row["fitted"]), abs=1e-4)
        assert float(row["energy_ev"]) == pytest.approx(1239.84 / float(row["wavelength_nm"]), 1e-4)
    told = [row for row in rows if row["second_derivative"]]
    assert len(told) > len(rows) / 2
    assert all(float(row["second_derivative_sd"]) > 0 for row in told)


def test_differences_are_from_the_first_spectrum():
    run = with_references().uvvis
    rows = rows_of(with_references, "differences.csv")
    change = run.series.absorbance[-1] - run.series.absorbance[0]
    last = f"{run.series.names[-1]} - {run.series.names[0]}"
    assert [float(row[last]) for row in rows] == pytest.approx(change, abs=1e-5)
    assert len(rows[0]) == len(run.series)
    figure = figures_of(run)["differences"](run)
    assert "less that of 0 min" in figure.axes[0].get_ylabel()
