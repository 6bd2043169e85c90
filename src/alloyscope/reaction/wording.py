"""What a reaction gave and what was reported, side by side in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from alloyscope.reaction.margins import Snapshots, Thresholds, outside_window
from alloyscope.reaction.observation import Observation
from alloyscope.reaction.ratio import ratio_name
from alloyscope.reaction.seen import (
    amount,
    by_x,
    in_complexes,
    left,
    mean_and_sd,
    metal_ratio,
    share,
)

Words = Callable[[Observation, Snapshots, Thresholds], tuple[str, str]]


def said(observation: Observation, snapshots: Snapshots, thresholds: Thresholds) -> str:
    """What the reaction gave, and what was reported.

    snapshots : by ratio and time, at least the observation's points
    """
    gave, reported = WORDS[observation.kind](observation, snapshots, thresholds)
    return f"{gave}; reported {reported}"


def _share(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    shares = [share(at[p], it.f[0]) for p in it.points]
    reported = {
        "framework_present": f"present (at least {percent(limit.present)})",
        "framework_absent": f"absent (below {percent(limit.present)})",
        "framework_dominant": f"dominant (at least {percent(limit.dominant)})",
    }
    return f"{it.f[0]} {listed(it, map(percent, shares))} of clusters", reported[it.kind]


def _coexist(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    shares = [", ".join(f"{f} {percent(share(at[p], f))}" for f in it.f) for p in it.points]
    return f"{listed(it, shares)} of clusters", f"both (at least {percent(limit.coexist)} each)"


def _top_x(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    tops = [_of_x(it, at, p, lambda p: str(int(p.argmax()))) for p in it.points]
    return f"{it.f[0]} mostly {listed(it, tops)}", f"mostly x = {_span(it)}"


def _range_of_x(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    edge = limit.minor if it.minor else limit.edge

    def ends(p: NDArray[np.float64]) -> str:
        seen = np.flatnonzero(p >= edge * p.max())
        return span(seen[-1 if it.kind == "max_x" else 0], seen[-1])

    found = listed(it, (_of_x(it, at, p, ends) for p in it.points))
    within = sorted({it.lo_tol, it.hi_tol} - {0})
    margin = f" within {' and '.join(map(str, within))}" if within else ""
    to = "up to " if it.kind == "max_x" else ""
    gave = f"{it.f[0]} {to}{found} (from {percent(edge)} of its maximum)"
    return gave, f"{to}{_span(it)}{margin}"


def _of_x(
    it: Observation, at: Snapshots, point: tuple[float, float], said: Callable[..., str]
) -> str:
    p = by_x(at[point], it.f[0])
    return f"x = {said(p)}" if p.sum() > 1e-9 else "nothing"


def _window(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    outside = {p: outside_window(it, at[p]) for p in it.points}
    worst = max(outside, key=lambda p: outside[p])
    low, high = (it.lo or 0.0) - it.lo_tol, (it.hi or 0.0) + it.hi_tol
    besides = "".join(f" and {x}" for x in it.also if not low <= x <= high)
    gave = f"at most {percent(outside[worst])} of {it.f[0]} outside, at {ratio_name(worst[0])}"
    return gave, f"below {percent(limit.window)} outside x = {span(low, high)}{besides}"


def _series(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    if it.kind == "monotone_mean_x":
        values = [mean_and_sd(at[p], it.f[0])[0] for p in it.points]
        texts, what = [f"{value:.1f}" for value in values], "mean x"
    else:
        values = [share(at[p], it.f[0]) for p in it.points]
        texts, what = [percent(value) for value in values], "share"
    back = [ratio_name(it.ratios[k + 1]) for k, d in enumerate(np.diff(values)) if d <= 0]
    broken = f", no rise to {', '.join(back)}" if back and len(back) + 1 < len(values) else ""
    return f"{what} of {it.f[0]} {', '.join(texts)}{broken}", "rising throughout"


def _shift(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    which = 1 if it.kind == "narrowing" else 0
    what = "sd of x" if which else "mean x"
    pairs = [tuple(mean_and_sd(at[p], it.f[0])[which] for p in pair) for pair in it.pairs]
    gave = ", ".join(f"{a:.2f} -> {b:.2f}" for a, b in pairs)
    reported = {"narrowing": "narrowing", "shift_up": "rising", "shift_down": "falling"}
    return f"{what} of {it.f[0]} {gave}", reported[it.kind]


def _changing(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    pairs = [tuple(amount(at[p], it.f[0]) for p in pair) for pair in it.pairs]
    gave = ", ".join(f"{a:.2g} -> {b:.2g}" for a, b in pairs)
    way = "rising" if it.kind == "increasing" else "falling"
    reported = f"{way} (by at least {percent(limit.change)})"
    return f"{it.f[0]} {gave} per cluster fed", reported


def _metal_ratio(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    found = [f"{metal_ratio(at[p]):.3g}" for p in it.points]
    top = it.hi or 0.0
    reported = f"{it.lo or 0:g} to {top:g}" if top < 1e6 else f"above {it.lo or 0:g}"
    return f"first metal over others in clusters {listed(it, found)}", reported


def _electrons(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    gave, reported = [], []
    for side in it.sides:
        shares = [share(at[p], *it.f) for p in it.points if side.holds(p[0])]
        own = bool(set(side.frameworks) & set(it.f))
        worst = (min if own else max)(shares, default=0.0)
        word, bound = ("at least", 1 - limit.switch) if own else ("at most", limit.present)
        gave.append(f"{word} {percent(worst)} at {side}")
        reported.append(f"{word} {percent(bound)} at {side}")
    return f"{', '.join(it.f)} {', '.join(gave)}", ", ".join(reported)


def _efficiency(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    found = listed(it, (percent(left(at[p])) for p in it.points))
    most = f", at most {percent(it.hi)}" if it.hi is not None and it.hi < 1 else ""
    return f"{found} of the clusters left", f"at least {percent(it.lo or 0.0)}{most}"


def _complexes(it: Observation, at: Snapshots, limit: Thresholds) -> tuple[str, str]:
    found = listed(it, (percent(in_complexes(at[p], it.metal)) for p in it.points))
    bound = ("at most" if it.size == "none" else "at least") + f" {percent(limit.pool)}"
    held = f"{it.metal} that is " if it.metal else ""
    return f"complexes hold {held}{found} of all metal", f"{it.size} ({bound})"


def listed(it: Observation, texts: Iterable[str]) -> str:
    """One text, or several each with its ratio."""
    each = list(texts)
    if len(each) == 1:
        return each[0]
    named = zip(each, it.points, strict=True)
    return ", ".join(f"{text} at {ratio_name(point[0])}" for text, point in named)


def span(low: float, high: float) -> str:
    """A range as papers write it."""
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _span(it: Observation) -> str:
    return span(it.lo or 0.0, it.hi or 0.0)


def percent(value: float) -> str:
    """A share, so that it does not look like 0 or 1 when it is not.

    >>> percent(0.123), percent(0.0004), percent(0.9999), percent(1e-13)
    ('12 %', '0.04 %', '99.99 %', '0 %')
    """
    size = 100 * value
    if 0.995 <= value < 0.99995:
        return f"{size:.2f} %"
    if size < 0.01:
        return "0 %" if size < 1e-4 else "below 0.01 %"
    return f"{size:.0f} %" if size >= 9.95 else f"{size:.2g} %"


WORDS: dict[str, Words] = {
    "framework_present": _share,
    "framework_absent": _share,
    "framework_dominant": _share,
    "coexist": _coexist,
    "dominant_x": _top_x,
    "x_range": _range_of_x,
    "max_x": _range_of_x,
    "framework_window": _window,
    "monotone_mean_x": _series,
    "monotone_framework": _series,
    "shift_up": _shift,
    "shift_down": _shift,
    "narrowing": _shift,
    "increasing": _changing,
    "decreasing": _changing,
    "ratio_range": _metal_ratio,
    "electrons": _electrons,
    "efficiency": _efficiency,
    "complexes": _complexes,
}
"""How each kind of statement is put in words."""
