"""A gel in words: for the terminal, and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.text import Text

from alloyscope.gel.conditions import GelConditions, Model
from alloyscope.gel.match import BandMatch, LaneMatch
from alloyscope.gel.mobility import Mobility
from alloyscope.gel.order import HeldRange, PairOrder
from alloyscope.gel.profile import lane_called
from alloyscope.report.gel_doubt import others_doubt, own_doubt
from alloyscope.report.text_table import Columns, grid
from alloyscope.results.gel import GelRun

MODELS: dict[Model, str] = {
    "charge-to-mass": "charge to mass", "charge-to-radius": "charge to radius",
    "ferguson": "Ferguson",
}  # fmt: skip
"""Names of the models as they are printed."""

CONDITIONS = {
    "ph": "pH", "pka_shift": "shift of pKa", "shell": "added shell", "gel_percent": "gel",
    "ionic_strength": "ionic strength", "fibre_radius": "fibre radius",
}  # fmt: skip
"""Names of conditions that were varied."""


def gel_text(found: GelRun) -> Group:
    """Order, mobilities, how sure each order is, a matched lane, and notes."""
    parts: list[RenderableType] = [
        Text(headline(found), style="bold"), Text(conditions_line(found.conditions)), Text(""),
        grid(particle_columns(), particle_rows(found), fold=False), Text(""),
        grid(mobility_columns(found), mobility_rows(found), fold=False), Text(""),
    ]  # fmt: skip
    if len(found.chosen) > 1:
        parts += [grid(ORDER_COLUMNS, order_rows(found), fold=False), Text("")]
        parts += [Text(line) for line in range_lines(found)]
        parts.append(Text(reading_line(found), style="dim"))
    if found.match:
        parts += [Text(""), Text(match_line(found.match), style="bold"),
                  grid(BAND_COLUMNS, band_rows(found.match), fold=False)]  # fmt: skip
        parts += [Text(line) for line in missing_lines(found.match)]
    return Group(*parts, *(Text(f"note: {note}", style="yellow") for note in all_notes(found)))


def headline(found: GelRun) -> str:
    """The order by the model that was chosen, and what the others make of it."""
    others = others_doubt(found)
    return f"{order_headline(found)}{f'; {others}' if others else ''}"


def order_headline(found: GelRun) -> str:
    """The order by the model that was chosen, from the slowest to the fastest, and its doubt."""
    model = MODELS[found.conditions.model]
    what = f"{found.mixture}: " if found.mixture else ""
    if len(found.chosen) == 1:
        one = found.chosen[0]
        return f"{what}{one.name}: {one.value:.3g} {one.unit} by {model}"
    doubt = own_doubt(found)
    return (f"{what}{order_line(found, found.conditions.model)}, from the slowest, by {model}"
            f"{f', {doubt}' if doubt else ''}")  # fmt: skip


def order_line(found: GelRun, model: Model) -> str:
    """Names from the slowest to the fastest; ≈ between those that are tied."""
    ordered = sorted(found.mobility[model], key=lambda one: one.value)
    text = ordered[0].name
    for slow, fast in pairwise(ordered):
        pair = found.pair(model, slow.name, fast.name)
        text += f" {'≈' if pair and pair.tied else '<'} {fast.name}"
    return text


def conditions_line(at: GelConditions) -> str:
    """What the gel is run in."""
    acids = (f"pKa {at.pka_shift:g} above the free ligand's, Hill coefficient {at.hill:g}"
             if at.ionisation == "titrated" else "charge regulated by the surface")  # fmt: skip
    return (f"pH {at.ph:g}, {at.gel_percent:g} %T, {1e3 * at.ionic_strength:g} mM, "
            f"{at.temperature - 273.15:.3g} °C; {acids}.")  # fmt: skip


def particle_columns() -> Columns:
    """Heads of what the particles are."""
    return (("", "left"), ("framework", "left"), ("charge", "right"),
            ("effective", "right"), ("acids ionised %", "right"), ("mass kDa", "right"),
            ("radius nm", "right"), ("K_r per %T", "right"))  # fmt: skip


def particle_rows(found: GelRun) -> list[list[str]]:
    """Charge, mass and size of each sample, the slowest first; sizes only where they are known."""
    sized = len(found.mobility) > 1
    return [
        [one.name, one.framework, signed(one.charge), signed(one.effective_charge) if sized else "",
         "" if one.ionised is None else f"{100 * one.ionised:.1f}", f"{1e-3 * one.mass:.2f}",
         f"{one.radius:.2f}" if sized else "", f"{one.retardation:.4f}" if sized else ""]
        for one in found.chosen
    ]  # fmt: skip


def signed(value: float) -> str:
    """A charge with a true minus sign.

    >>> signed(-32.736)
    '−32.7'
    """
    return f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "0"


def mobility_columns(found: GelRun) -> Columns:
    """Heads of mobilities by each model."""
    heads = [(f"{MODELS[model]}\n{ones[0].unit}", "right") for model, ones in
             found.mobility.items()]  # fmt: skip
    relative = [(f"relative\n{MODELS[model]}", "right") for model in found.mobility]
    return (("", "left"), *(head for pair in zip(heads, relative, strict=True) for head in pair))


def mobility_rows(found: GelRun) -> list[list[str]]:
    """Mobility of each sample by each model."""
    rows = []
    for one in found.chosen:
        row = [one.name]
        for ones in found.mobility.values():
            same = next(other for other in ones if other.name == one.name)
            row += [thousandths(same.value), relative_text(same)]
        rows.append(row)
    return rows


def relative_text(one: Mobility) -> str:
    """Relative mobility with its standard deviation."""
    text = thousandths(one.relative)
    still = text == "0" and one.relative_sd < 5e-4
    return f"{text} ± {one.relative_sd:.3f}" if one.drawn.size and not still else text


def thousandths(value: float) -> str:
    """Three decimals with a true minus sign; what rounds to nothing is 0, without a sign.

    >>> thousandths(-0.0001), thousandths(-1.25)
    ('0', '−1.250')
    """
    return f"{value:.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0"


ORDER_COLUMNS: Columns = (
    ("slower", "left"), ("faster", "left"), ("model", "left"), ("apart %", "right"),
    ("in this order %", "right"), ("tied %", "right"), ("other order %", "right"), ("", "left"),
)  # fmt: skip


def neighbours(found: GelRun) -> list[tuple[str, str]]:
    """Samples that follow one another by the model that was chosen."""
    return [(slow.name, fast.name) for slow, fast in pairwise(found.chosen)]


def oriented(found: GelRun, model: Model, slow: str, fast: str) -> tuple[PairOrder, bool]:
    """A pair by one model, and whether that has it in this order."""
    pair = found.pair(model, slow, fast)
    assert pair is not None
    return pair, pair.slower == slow


def shares_of(pair: PairOrder, same: bool) -> tuple[float, float, float] | None:
    """Shares of draws in the order asked about, tied, and in the other one."""
    if pair.faster_share is None or pair.tied_share is None or pair.slower_share is None:
        return None
    ends = (pair.faster_share, pair.slower_share)
    return (ends[0] if same else ends[1], pair.tied_share, ends[1] if same else ends[0])


def order_rows(found: GelRun) -> list[list[str]]:
    """How sure the order of neighbours is, by each model."""
    rows = []
    for slow, fast in neighbours(found):
        for model in found.mobility:
            pair, same = oriented(found, model, slow, fast)
            shares = shares_of(pair, same)
            told = ["", "", ""] if shares is None else [percent(share) for share in shares]
            apart = pair.difference if same else -pair.difference
            rows.append([slow, fast, MODELS[model], _percent(apart), *told,
                         verdict(pair, same)])  # fmt: skip
    return rows


def percent(share: float) -> str:
    """A share; a hundred only where nothing is missing."""
    value = 100 * share
    return f"{value:.0f}" if value in (0.0, 100.0) else f"{min(max(value, 0.1), 99.9):.1f}"


def verdict(pair: PairOrder, same: bool) -> str:
    """certain, uncertain, tied; said where the order is the other one."""
    word = pair.verdict
    return f"{word}, other order" if not same and word != "tied" else word


def range_lines(found: GelRun) -> list[str]:
    """What was scanned, and over which part of it the order of neighbours holds."""
    if not found.ranges:
        return []
    first = found.ranges[0]
    pair = (first.slower, first.faster, first.model)
    own = [one for one in found.ranges if (one.slower, one.faster, one.model) == pair]
    lines = [f"Scanned one at a time: {', '.join(scanned(one) for one in own)}."]
    return lines + [f"{slow} < {fast}: {_held(found, slow, fast)}."
                    for slow, fast in neighbours(found)]  # fmt: skip


def _held(found: GelRun, slow: str, fast: str) -> str:
    """Models that keep an order all over what was scanned, in part of it, and nowhere."""
    told: dict[str, list[str]] = {}
    for model in found.mobility:
        own = [r for r in found.ranges if (r.slower, r.faster, r.model) == (slow, fast, model)]
        told.setdefault(_extent(own), []).append(MODELS[model])
    return "; ".join(f"{extent} by {', '.join(models)}" for extent, models in told.items())


def _extent(ranges: Sequence[HeldRange]) -> str:
    if all(one.everywhere for one in ranges):
        return "holds all over it"
    if not any(one.spans for one in ranges):
        return "nowhere"
    said = [f"{CONDITIONS[one.condition]} {_spans(one)}" for one in ranges
            if one.spans and not one.everywhere]  # fmt: skip
    said += [f"no {CONDITIONS[one.condition]}" for one in ranges if not one.spans]
    return f"holds at {', '.join(said)} alone"


def scanned(one: HeldRange) -> str:
    """A condition and between which values it was varied."""
    return f"{CONDITIONS[one.condition]} {_span(one.scanned)}{f' {one.unit}' if one.unit else ''}"


def _spans(one: HeldRange) -> str:
    unit = f" {one.unit}" if one.unit else ""
    return " and ".join(_span(span) for span in one.spans) + unit


def _span(span: tuple[float, float]) -> str:
    low, high = (f"{value:.3g}".replace("-", "−") for value in span)
    return low if low == high else f"{low} to {high}"


def reading_line(found: GelRun) -> str:
    """How to read the shares."""
    tie = f"Tied: less than {100 * found.conditions.tie:g} % apart."
    if not found.draws:
        return f"{tie} Nothing was drawn: nothing is said of how sure an order is."
    return (f"{tie} Of {found.draws} draws of what is uncertain, seed {found.seed}; certain: 95 % "
            "or more in this order, whatever that model leaves out.")  # fmt: skip


BAND_COLUMNS: Columns = (
    ("band at", "right"), ("Rf", "right"), ("width", "right"), ("signal/noise", "right"),
    ("who it is", "left"), ("", "left"),
)  # fmt: skip


def match_line(found: LaneMatch) -> str:
    """What was matched, and to which scale."""
    size, sd = found.scale
    by = "the marker" if found.marked else "its bands together"
    # A marker that is itself the fastest leaves no error but that of rounding.
    error = f" ± {sd:.2g}" if sd > 1e-6 * size else ""
    scale = f"; by {by} the fastest sample runs {size:.4g}{error}" if size == size else ""
    lane = lane_called(found.lane)
    bands = f"{len(found.bands)} band{'s' if len(found.bands) > 1 else ''}"
    return f"{lane[:1].upper()}{lane[1:]}: {bands}{scale}."


def band_rows(found: LaneMatch) -> list[list[str]]:
    """Every band and who it may be."""
    return [
        [f"{one.band.position:.2f} ± {one.band.position_sd:.2f}",
         "" if one.rf is None else f"{one.rf:.3f}", f"{one.band.width:.2f}",
         f"{one.band.signal_to_noise:.0f}", candidates(one),
         "" if one.certain else "ambiguous" if one.fits else "misfit"]
        for one in found.bands
    ]  # fmt: skip


def candidates(one: BandMatch) -> str:
    """Names with their probabilities, the most probable first."""
    return ", ".join(f"{name or 'none of these'} {percent(p)} %" for name, p in one.candidates)


def missing_lines(found: LaneMatch) -> list[str]:
    """Samples that have no band."""
    return [f"{name}: no band, {percent(p)} %." for name, p in found.missing]


def all_notes(found: GelRun) -> tuple[str, ...]:
    """Of the run, of the file, and of the match."""
    lane = found.matched.notes if found.matched else ()
    return (*found.notes, *lane, *(found.match.notes if found.match else ()))


def _percent(share: float) -> str:
    """A share with its sign, in per cent; 0.00 has none."""
    text = f"{100 * share:+.2f}".replace("-", "−")
    return text if text[1:] != "0.00" else "0.00"
