"""What was seen of a reaction: who is there, at which compositions, rising or falling.

`KINDS` names what each kind of statement needs; `margins` judges them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from alloyscope.errors import ReactionError, message
from alloyscope.reaction.ratio import Side, ratio_name
from alloyscope.reaction.reaction import Reaction

Point = tuple[float, float]
"""Molar ratio of the first parent to the second, and minutes from the start."""

KINDS: dict[str, tuple[str, ...]] = {
    "framework_present": ("f",),
    "framework_absent": ("f",),
    "framework_dominant": ("f",),
    "coexist": ("f", "g"),
    "dominant_x": ("f", "lo", "hi"),
    "x_range": ("f", "lo", "hi"),
    "max_x": ("f", "lo", "hi"),
    "framework_window": ("f", "lo", "hi"),
    "monotone_mean_x": ("f",),
    "monotone_framework": ("f",),
    "shift_up": ("f",),
    "shift_down": ("f",),
    "narrowing": ("f",),
    "increasing": ("f",),
    "decreasing": ("f",),
    "ratio_range": ("lo", "hi"),
    "electrons": ("f", "sides"),
    "efficiency": ("lo",),
    "complexes": ("level",),
}
"""What an observation of each kind must state beside its ratio and time."""

OF_X = ("dominant_x", "x_range", "max_x", "framework_window")
SERIES = ("monotone_mean_x", "monotone_framework")
CHANGES = ("shift_up", "shift_down", "narrowing", "increasing", "decreasing")
"""Kinds that state a range of x; that compare neighbours in a series of ratios; that compare a
time with an earlier one, or the second of two ratios with the first."""

SIZES = ("none", "present", "extensive")


@dataclass(frozen=True)
class Observation:
    """One statement about a reaction.

    kind       : one of `KINDS`
    figure     : where it was published
    ratios     : molar ratios of the first parent to the second, in the order stated
    t_min      : minutes from the start
    t0         : earlier time that a change is counted from
    f          : names of frameworks: the one that the statement is about; of `coexist`, two; of
                 `electrons`, those with the fewest electrons
    lo, hi     : range of x, of Au/Ag, or of the share of clusters left
    lo_tol, hi_tol : how far off the ends of a range of x may be
    also       : x that a window allows besides, of a parent in its framework
    minor      : whether the ends of the range were seen as minor signals
    level      : of complexes: "none", "present" or "extensive", after a metal's symbol or not
    sides      : which frameworks are found where, of `electrons`
    Raises ReactionError that names the observation and the key.
    """

    id: str
    kind: str
    figure: str
    ratios: tuple[float, ...]
    t_min: float
    t0: float | None = None
    f: tuple[str, ...] = ()
    lo: float | None = None
    hi: float | None = None
    lo_tol: int = 0
    hi_tol: int = 0
    also: tuple[int, ...] = ()
    minor: bool = False
    level: str = ""
    sides: tuple[Side, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            near = get_close_matches(self.kind, KINDS, n=1)
            raise self.fault("kind", f'"{self.kind}"', f"one of {', '.join(KINDS)}",
                             f"Did you mean {near[0]}?" if near else "")  # fmt: skip
        for key in KINDS[self.kind]:
            value = len(self.f) > 1 or None if key == "g" else getattr(self, key)
            if value in (None, (), ""):
                raise self.fault(key, "nothing", f"one, since it is {self.kind}")
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise self.fault("lo", f"{self.lo:g}, above hi = {self.hi:g}", "lo below hi")
        if not self.ratios or self.t_min < 0:
            raise self.fault("R, t_min", "no ratio, or a time below 0", "when and at which ratio")
        if self.kind in SERIES and len(self.ratios) < 2:
            raise self.fault("R", "one ratio", "a series such as 1/40<...<1/2")
        self._check_change()

    def _check_change(self) -> None:
        if self.kind not in CHANGES:
            return
        if self.t0 is None and len(self.ratios) != 2:
            raise self.fault("t0", f"nothing, and {len(self.ratios)} ratios",
                             'an earlier time, or two ratios as in "3/1 vs 2/1"')  # fmt: skip
        if self.t0 is not None and not 0 <= self.t0 < self.t_min:
            raise self.fault("t0", f"{self.t0:g}", f"a time from 0 to below {self.t_min:g}")

    def fault(self, key: str, found: str, expected: str, do: str = "") -> ReactionError:
        """The error that says what is wrong with this observation."""
        where = f"observation {self.id} {key}"
        return ReactionError(message(where, found=found, expected=expected, do=do))

    @property
    def points(self) -> tuple[Point, ...]:
        """Ratio and time of every state that it is judged on."""
        times = (self.t_min,) if self.t0 is None else (self.t0, self.t_min)
        return tuple((ratio, t) for ratio in self.ratios for t in times)

    @property
    def pairs(self) -> tuple[tuple[Point, Point], ...]:
        """Of a change: from where to where."""
        if self.t0 is not None:
            return tuple(((ratio, self.t0), (ratio, self.t_min)) for ratio in self.ratios)
        first, last = self.ratios[:2]
        return (((first, self.t_min), (last, self.t_min)),)

    @property
    def metal(self) -> str:
        """Symbol that `level` names; "" for metal of any kind."""
        return self.level.split()[0] if " " in self.level else ""

    @property
    def size(self) -> str:
        """Of complexes: one of `SIZES`."""
        return self.level.split()[-1] if self.level else ""

    @property
    def place(self) -> str:
        """Ratio and time, to be read: "3/1, 2 h"."""
        names = [ratio_name(ratio) for ratio in self.ratios]
        named = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        time = f"{self.t_min:g} min" if self.t_min < 120 else f"{self.t_min / 60:g} h"
        return f"{named}, {time}"


def check_against(observation: Observation, reaction: Reaction) -> None:
    """Raise ReactionError for frameworks, x and metals that the reaction does not have."""
    sided = [name for side in observation.sides for name in side.frameworks]
    for name in (*observation.f, *sided):
        if name not in reaction.by_name:
            raise observation.fault("f", f'"{name}"', f"one of {', '.join(reaction.by_name)}")
    if observation.kind in OF_X and observation.hi is not None and observation.lo is not None:
        most = min(reaction.by_name[name].metals for name in observation.f)
        if not 0 <= observation.lo <= observation.hi <= most:
            raise observation.fault("lo, hi", f"{observation.lo:g} to {observation.hi:g}",
                                    f"a range within 0 to {most}")  # fmt: skip
    if observation.level:
        metals = (*reaction.metals, "")
        if observation.metal not in metals or observation.size not in SIZES:
            raise observation.fault("level", f'"{observation.level}"',
                                    'none, present or extensive, as in "none" or '
                                    f'"{reaction.metals[0]} present"')  # fmt: skip
    for side in observation.sides:
        for name in side.frameworks:
            held = reaction.by_name[name].electrons
            if side.electrons not in (None, held):
                raise observation.fault("R", f"{name} with {side.electrons} electrons",
                                        f"{held}, as the case declares")  # fmt: skip


def needed(points: Iterable[Point]) -> dict[float, tuple[float, ...]]:
    """Times that must be simulated, by ratio, ascending."""
    found: dict[float, set[float]] = {}
    for ratio, time in points:
        found.setdefault(ratio, set()).add(time)
    return {ratio: tuple(sorted(found[ratio])) for ratio in sorted(found)}
