"""A plan in words: for the terminal, and for the page."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alloyscope.reaction.design import Plan, Stock
from alloyscope.reaction.experiment import time_text
from alloyscope.reaction.feeds import clusters_of
from alloyscope.reaction.reaction import Reaction
from alloyscope.reaction.target import Outcome, Part
from alloyscope.report.text_table import Columns, grid

AIMS = {"both": "purity times yield", "purity": "purity", "yield": "yield"}
LEAST = 5e-4
"""Shares below this are not worth a row."""

Value = Callable[[Outcome], float]


def plan_text(found: Plan) -> Group:
    """Feed, time, what it gives, how sharp and how sure that is, and notes."""
    parts: list[RenderableType] = [
        Text(f"{target_words(found)}: {feed_line(found)}", style="bold"),
        Text(volume_line(found)), Text(""), _table(FIGURE_COLUMNS, figure_rows(found)), Text(""),
        _table(PART_COLUMNS, part_rows(found)), Text(""), Text(range_line(found)),
        Text(reading_line(found), style="dim"),
        *(Text(f"note: {note}", style="yellow") for note in found.remarks),
    ]  # fmt: skip
    return Group(*parts)


def _table(columns: Columns, rows: list[list[str]]) -> Table:
    used = [k for k in range(len(columns)) if columns[k][0] != SPREAD or any(r[k] for r in rows)]
    return grid([columns[k] for k in used], [[row[k] for k in used] for row in rows], fold=False)


def target_words(found: Plan) -> str:
    """What is wanted."""
    return found.target.words(found.reaction)


def feed_line(found: Plan) -> str:
    """The feed and the time, in one line."""
    names = ":".join(parent.name for parent in found.reaction.parents)
    return f"feed {names} {feed_text(found.ratio)}, stop at {time_text(found.time_min)}"


def feed_text(ratio: float) -> str:
    """A ratio as people write it: 3:1, 1:3.49."""
    return ":".join(f"{n:.3g}" for n in clusters_of(ratio))


def volume_line(found: Plan) -> str:
    """Volumes of the stocks, with amounts where a total was asked for."""
    if found.stocks[0].volume is None:
        each = " and ".join(f"{100 * s.share:.1f} % {s.parent}" for s in found.stocks)
        return f"By volume {each}, from stocks with equal concentrations of metal."
    each = " and ".join(_stock_words(stock) for stock in found.stocks)
    return f"Mix {each}; {1e3 * found.concentration:g} mM of metal in both stocks."


def _stock_words(stock: Stock) -> str:
    assert stock.volume is not None
    assert stock.metal is not None
    assert stock.clusters is not None
    return (f"{volume_text(stock.volume)} of {stock.parent} ({amount_text(stock.metal)} of metal, "
            f"{amount_text(stock.clusters)} of clusters)")  # fmt: skip


def volume_text(litres: float) -> str:
    """A volume as a pipette is set.

    >>> volume_text(3.812e-3), volume_text(2.2e-4)
    ('3.812 mL', '220 µL')
    """
    for unit, size in (("L", 1.0), ("mL", 1e-3)):
        if litres >= size:
            return f"{litres / size:.4g} {unit}"
    return f"{litres / 1e-6:.4g} µL"


def amount_text(moles: float) -> str:
    """An amount of substance.

    >>> amount_text(3.8e-6), amount_text(8.66e-8)
    ('3.8 µmol', '86.6 nmol')
    """
    for unit, size in (("mol", 1.0), ("mmol", 1e-3), ("µmol", 1e-6), ("nmol", 1e-9)):
        if moles >= size:
            return f"{moles / size:.3g} {unit}"
    return f"{moles / 1e-12:.3g} pmol"


SPREAD = "5-95 % of draws"
FIGURE_COLUMNS = (("", "left"), ("predicted %", "right"), (SPREAD, "right"))


def figure_rows(found: Plan) -> list[list[str]]:
    """Purity, yield, and what becomes of each metal."""
    rows: list[tuple[str, Value]] = [
        ("purity: of all clusters", lambda o: o.purity),
        ("yield: per cluster fed", lambda o: o.made),
        ("clusters left per cluster fed", lambda o: o.clusters),
    ]
    for metal in found.reaction.metals:
        rows.append((f"{metal} fed that the product holds", lambda o, m=metal: o.used[m]))  # type: ignore[misc]
        rows.append((f"{metal} fed that is in complexes", lambda o, m=metal: o.complexes[m]))  # type: ignore[misc]
        if found.outcome.dark[metal] >= LEAST:
            rows.append((f"{metal} fed that no spectrum shows", lambda o, m=metal: o.dark[m]))  # type: ignore[misc]
    return [[name, _percent(of(found.outcome)), _interval(found, of)] for name, of in rows]


PART_COLUMNS = (("there will be", "left"), ("", "left"), ("% of clusters", "right"),
                (SPREAD, "right"), ("mean x", "right"))  # fmt: skip


def listed_parts(found: Plan) -> list[Part]:
    """Parts of which there is enough, what is wanted first; always one that is wanted."""
    ordered = sorted(found.outcome.parts, key=lambda part: (not part.wanted, -part.share))
    return [part for k, part in enumerate(ordered) if k == 0 or part.share >= LEAST]


def part_rows(found: Plan) -> list[list[str]]:
    """The target, then everything else of which there is enough, the most of it first."""
    rows = []
    for part in listed_parts(found):
        mean = f"{part.mean_x:.1f} ± {part.sd_x:.1f}" if part.share >= LEAST else ""
        rows.append([part_name(found, part), "wanted" if part.wanted else "", _percent(part.share),
                     _interval(found, share_of(part)), mean])  # fmt: skip
    return rows


def framework_label(reaction: Reaction, name: str) -> str:
    """M44S27 (B)."""
    label = reaction.by_name[name].label
    return label if label == name else f"{label} ({name})"


def part_name(found: Plan, part: Part) -> str:
    """M44S27 (B); M44S27 (B), 20-22 Au; M44S27 (B), other Au."""
    name = framework_label(found.reaction, part.framework)
    if sum(p.framework == part.framework for p in found.outcome.parts) == 1:
        return name
    low, high = found.target.x or (0, 0)
    wanted = f"{low}" if low == high else f"{low}-{high}"
    return f"{name}, {wanted if part.wanted else 'other'} {found.reaction.metals[0]}"


def share_of(part: Part) -> Value:
    """The share of clusters that this part has in an outcome."""

    def share(outcome: Outcome) -> float:
        same = (p.share for p in outcome.parts
                if (p.framework, p.wanted) == (part.framework, part.wanted))  # fmt: skip
        return next(same)

    return share


def range_line(found: Plan) -> str:
    """How sharp the best is: feeds at its time, times with its feed."""
    (low, high), (early, late), search = found.ratio_range, found.time_range, found.search
    edges = [name for name, there in (("lowest", low <= search.lowest),
                                      ("highest", high >= search.highest)) if there]  # fmt: skip
    feeds = f"feeds {feed_text(low)} to {feed_text(high)}"
    feeds += f" (the {' and the '.join(edges)} tried)" if edges else ""
    longest = " (the longest tried)" if search.between and late >= search.times[-1] else ""
    times = clock(early) if early == late else f"{clock(early)} to {clock(late)}{longest}"
    several = [] if search.lowest == search.highest else [
        f"{feeds}, stopped at {time_text(found.time_min)}"]  # fmt: skip
    several += [f"{times}, fed {feed_text(found.ratio)}"] if len(search.times) > 1 else []
    if not several:
        return "One feed and one time: nothing was searched."
    return f"Within 90 % of the best {AIMS[found.aim]}: {'; '.join(several)}."


def clock(minutes: float) -> str:
    """A time to two digits: 14 min, 6.4 h.

    >>> clock(14.33), clock(393.7), clock(1440.0)
    ('14 min', '6.6 h', '24 h')
    """
    hours = minutes >= 120
    return f"{minutes / 60:.2g} h" if hours else f"{minutes:.2g} min"


def reading_line(found: Plan) -> str:
    """How to read the numbers, and where their spread comes from."""
    start = "Clusters, not ions. "
    if not found.spread_from:
        return start + "No parameters were drawn: nothing is said of the uncertainty."
    source = {
        "posterior": "the posterior of the case's fit",
        "priors": "the priors' spread about the case's values, since no fit's posterior comes "
        "with the case",
    }[found.spread_from]
    return f"{start}{len(found.drawn)} draws of the parameters from {source}; seed {found.seed}."


def _interval(found: Plan, of: Value) -> str:
    spread = found.interval(of)
    return "" if spread is None else " to ".join(_percent(value) for value in spread)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
