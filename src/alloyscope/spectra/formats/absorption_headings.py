"""What the lines above a table of absorption spectra say of its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alloyscope.spectra.formats.absorption_table import COMMENT, Block
from alloyscope.spectra.formats.absorption_units import (
    XUnit,
    YUnit,
    time_unit_in,
    x_unit_of,
    y_unit_of,
)

# How the heading of an axis begins; "Au44 in 10 nm pores" names a unit but no axis.
_AXIS = re.compile(
    r"\W*(?:wave|well|longue?ur|longitud|lambda|λ|nm\b|wl\b|wvl\b|e\b|ev\b|energ|photon|x\b|[uµμ]m\b|"
    r"1/cm|cm|nano|micro|å|angstr)",
    re.I,
)
# Settings of the instrument that name the axis but head no column.
_SETTING = re.compile(
    r"start|stop|\bend\b|range|\brate\b|interval|speed|slit|band\s?width|resolution|\bstep\b|"
    r"\bmin\b|\bmax\b|from\b|\bto\b",
    re.I,
)
_X_HINT = re.compile(r"^\W*x[\s_-]?(?:units?|axis(?:\s?mode)?)\b\W*(.+)$", re.I | re.M)
_Y_HINT = re.compile(
    r"^\W*(?:y[\s_-]?(?:units?|axis(?:\s?mode)?|mode)|(?:measuring|photometric|data|scan|ordinate)"
    r"\s?mode|ordinate)\b\W*(.+)$",
    re.I | re.M,
)
_TITLE = re.compile(
    r"^\W*(?:title|sample|name|probe|sample\s?name|sample\s?id)\b[ \t]*[:=;,\t][ \t]*"
    r"([^\n]*\w[^\n]*)$",
    re.I | re.M,
)
NEAR = 6
LONGEST_HEADING = 200
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Headings:
    """Headings of a table.

    columns : of each column, nearest the data; fewer than columns, or none, where there are none
    names   : of each column, from the line above those
    x_unit, y_unit : that the header states for all columns; None where it does not
    time_unit      : minutes in one of the unit of bare times; None where no line says
    title   : the one line above that names the sample, or an empty text
    """

    columns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    x_unit: XUnit | None = None
    y_unit: YUnit | None = None
    time_unit: float | None = None
    title: str = ""

    def column(self, i: int) -> str:
        """Heading of a column, or an empty text."""
        return self.columns[i] if i < len(self.columns) else ""

    def name(self, i: int) -> str:
        """Name that stands above a column, or an empty text."""
        return self.names[i] if i < len(self.names) else ""


def headings_of(block: Block, first_row: tuple[str, ...] | None = None) -> Headings:
    """Headings of a table, from the lines above it.

    first_row : its first row, where that is a row of headings (of times)
    """
    near = _near(block)
    width = block.numbers.shape[1]
    x_unit, y_unit = _hints("\n".join(block.titles))
    time_unit = _time_unit([*(first_row or ()), *(cell for _, cells in near for cell in cells)])
    found = next((i for i, (_, cells) in enumerate(near) if _heads(cells, width)), None)
    if found is None:
        spoken = next((line for line, _ in near if _speaks(line)), "")
        x_unit = (x_unit_of(spoken) if spoken else None) or x_unit
        y_unit = (y_unit_of(spoken) if spoken else None) or y_unit
        columns: tuple[str, ...] = ()
        above = [(line, cells) for line, cells in near if line != spoken]
    else:
        columns = tuple(near[found][1])
        above = near[found + 1 :]
    if first_row is not None:
        return Headings(first_row, columns, _first_unit(columns) or x_unit, y_unit, time_unit)
    names = tuple(above[0][1]) if above and found is not None else ()
    names = names if len(names) <= width else ()
    stated = _TITLE.search("\n".join(block.titles))
    title = stated[1].strip(' \t";,')[:80] if stated else _title(above)
    return Headings(columns, names, x_unit, y_unit, time_unit, title)


def is_axis(heading: str) -> bool:
    """Whether a column with this heading holds wavelengths or energies."""
    return (
        len(heading) <= LONGEST_HEADING
        and _AXIS.match(heading) is not None
        and x_unit_of(heading) is not None
        and _SETTING.search(heading) is None
    )


def _near(block: Block) -> list[tuple[str, list[str]]]:
    """The nearest lines above with their fields, nearest first."""
    width = block.numbers.shape[1]
    both = zip(reversed(block.titles), reversed(block.heading), strict=True)
    full = [(line, cells) for line, cells in both if line.strip('\0 \t,;|"') and cells][:NEAR]
    return [(line, _cells(line, cells, width)) for line, cells in full]


def _cells(line: str, cells: list[str], width: int) -> list[str]:
    """Fields of a heading, which may be delimited unlike the rows, or hold single spaces."""
    if len(cells) == width:
        return cells
    for delimiter in (r"\t", r"\s{2,}", ";", ","):
        fields = [field.strip(' "') for field in re.split(delimiter, line.strip())]
        if len(fields) == width:
            return fields
    return cells


def _heads(cells: list[str], width: int) -> bool:
    """Whether a line has the headings of the columns."""
    bare = [cell.lstrip("#%!/; ") if i == 0 else cell for i, cell in enumerate(cells)]
    if len(cells) < 2 or len(cells) > width + 1 or any(_hints("\t".join(cells))):
        return False
    if any(is_axis(cell) for cell in bare):
        return True
    valued = sum(y_unit_of(cell) is not None for cell in bare[1:])
    return len(cells) in (width, width - 1) and (width > 2 or (valued > 0 and ":" not in cells[0]))


def _speaks(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and is_axis(line.lstrip('#%!/;" '))


def _first_unit(columns: tuple[str, ...]) -> XUnit | None:
    return next((x_unit_of(cell) for cell in columns if is_axis(cell)), None)


def _hints(header: str) -> tuple[XUnit | None, YUnit | None]:
    """Units from lines such as `XUNITS  NANOMETERS`, `Measuring Mode: Absorbance`."""
    x, y = _X_HINT.search(header), _Y_HINT.search(header)
    return (x_unit_of(x[1][:60]) if x else None), (y_unit_of(y[1][:60]) if y else None)


def _time_unit(cells: list[str]) -> float | None:
    return next((unit for cell in cells if (unit := time_unit_in(cell[:80])) is not None), None)


def _title(above: list[tuple[str, list[str]]]) -> str:
    """The line above the headings, or the one before, if it is a text and no setting or date."""
    for said, _ in above[:2]:
        line = said.strip(' \t";,')
        settled = re.search(r"[:=\t;,]", line) or _SETTING.search(line)
        comment = line.startswith((*COMMENT, ">>>"))
        if not settled and not comment and line and len(line) <= LONGEST_TITLE:
            return line
    return ""
