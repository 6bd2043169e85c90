"""A framework as words, tables, picture and page: nothing lost, nothing ends a script early."""

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from alloyscope.case import read_case, settings
from alloyscope.data import bundled
from alloyscope.errors import CaseError
from alloyscope.pipeline import run
from alloyscope.report.structure_colours import class_colours
from alloyscope.report.structure_figures import homotop_figure, occupancy_figure
from alloyscope.report.structure_picture import _draw, picture_png, structure_picture, turned
from alloyscope.report.structure_tables import homotops_csv, structure_csvs
from alloyscope.report.structure_text import class_rows, distance_rows, homotop_lines
from alloyscope.report.structure_view import as_script, inlined, legends, scene, structure_html

AU44 = read_case(Path("au44-ag44"))


def view(**asked):
    case = settings(AU44, "x", structure={"name": "M44S30", "x": [9]} | asked)
    return run(case.only("space", "reaction", "structure")).structure


def table(**asked):
    case = settings(AU44, "x", homotops={"name": "M44S30"} | asked)
    return run(case.only("space", "homotops")).homotops


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


SEEN = view()


def test_tables_hold_all_sites_and_add_up():
    tables = {name: rows_of(text) for name, text in structure_csvs(SEEN).items()}
    assert [row["metal"] for row in tables["sites.csv"]] == list(SEEN.homotop.sites)
    assert sum(int(row["sites"]) for row in tables["classes.csv"]) == 44 + 30
    assert len(tables["distances.csv"]) == 8
    for row in tables["occupancies.csv"]:
        gold = sum(float(n) for key, n in row.items() if key.endswith("_Au") and key != "n_Au")
        assert gold == pytest.approx(int(row["n_Au"]), abs=1e-4)
    assert len(tables["occupancies.csv"]) == 45


def test_words_say_what_is_drawn_and_where_the_energies_are_from():
    said = " ".join(homotop_lines(SEEN))
    assert "Sampled: Au on sites" in said
    assert "29,570,514 homotops" in said
    assert "[reaction], framework A, at 298.15 K" in said
    assert class_rows(SEEN)[3][:4] == ["mount", "12", "mount", "3"]
    assert distance_rows(SEEN)[0] == ["icosahedron – icosahedron", "5", "2.91", "2.91"]


def test_what_is_not_known_has_no_tables_of_it():
    assert set(structure_csvs(view(name="M44S27", x=[]))) == set()
    assert set(structure_csvs(view(name="M44S26", x=[40]))) == {
        "classes.csv", "sites.csv", "occupancies.csv"}  # fmt: skip


def test_counts_as_csv_are_exact():
    rows = rows_of(homotops_csv(table(x=[0, 22])))
    assert rows[22]["homotops"] == "87673945424"
    by_class = rows_of(homotops_csv(table(x=[12], classes=True)))
    assert sum(int(row["homotops"]) for row in by_class) == 879013105
    assert all(int(row["icosahedron_x"]) <= 12 for row in by_class)
    three = rows_of(homotops_csv(table(metals=3, exactly=[3, 4])))
    assert [three[0][key] for key in ("n1", "n2", "n3")] == ["3", "4", "37"]


def test_the_farthest_is_painted_first():
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    geometry = SEEN.framework.geometry
    _draw(ax, geometry, ["#888888"] * 74)
    assert len(ax.collections) == 1
    assert len(ax.collections[0].get_paths()) > 74
    seen = turned(geometry.positions)
    lengths = np.linalg.norm(geometry.positions, axis=1)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(lengths)
    middle = ax.collections[0].get_paths()[-1].vertices.mean(axis=0)
    nearest = seen[seen[:, 2].argmax(), :2]
    assert np.linalg.norm(middle - nearest) < 1.0


def test_the_picture_has_a_panel_for_classes_and_one_for_metals():
    figure = structure_picture(SEEN)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["M44S30, site classes", "[Au₉Ag₃₅(p-MBA)₃₀]⁴⁻, sampled homotop"]
    labels = [[t.get_text() for t in ax.get_legend().get_texts()] for ax in figure.axes]
    assert labels[1] == ["Au, 9", "Ag, 35", "S (p-MBA)"]
    assert picture_png(SEEN).startswith(b"\x89PNG")


def test_classes_of_one_occupancy_share_a_line():
    labels = occupancy_figure(SEEN).axes[0].get_legend_handles_labels()[1]
    assert labels == ["icosahedron", "cube, edge, mount", "sampled homotop", "no preference"]
    apart = occupancy_figure(view(energies="CHGNet")).axes[0].get_legend_handles_labels()[1]
    assert {"cube", "edge", "mount"} <= set(apart)


def test_counts_are_drawn_for_two_metals_alone():
    lines = homotop_figure(table()).axes[0].get_lines()
    assert [line.get_ydata().max() for line in lines][2] == 87673945424
    with pytest.raises(CaseError, match="two metals"):
        homotop_figure(table(x=[3], classes=True))


def test_the_scene_has_every_atom_with_its_bonds_from_both_sides():
    atoms = scene(SEEN)["atoms"]
    assert [atom["elem"] for atom in atoms].count("Au") == 9
    for k, atom in enumerate(atoms):
        assert all(k in atoms[other]["bonds"] for other in atom["bonds"])
    inks = class_colours(SEEN.framework)
    assert {atom["ink"]["class"] for atom in atoms} == set(inks.values())
    assert [entry[:2] for entry in legends(SEEN)["metal"]] == [("Au", "9"), ("Ag", "35")]


def test_the_page_holds_all_it_needs_and_nothing_ends_its_scripts_early():
    page = structure_html(SEEN, b"\x89PNG")
    assert page.count("<script>") == page.count("</script>") == 2
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)=["']?https?:""", page)
    assert bundled("3Dmol-min.js")[:400] in page
    found = json.loads(re.search(r"^const scene = (.*);$", page, re.M)[1])
    assert len(found["atoms"]) == 74
    assert "zoom(0.85)" in page


def test_text_that_would_end_a_script_is_made_harmless():
    assert "</script" not in inlined('x = "</script><!--"')
    assert "<" not in as_script({"name": "</script>"})
    assert json.loads(as_script({"name": "</script>"})) == {"name": "</script>"}


def test_the_licence_lies_beside_the_script():
    licence = bundled("3Dmol-LICENSE.txt")
    assert "BSD-3-Clause" in licence
    assert "University of Pittsburgh" in licence
