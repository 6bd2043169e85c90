"""What a precursor can become by successive losses: its descendants, and the routes to each.

A route is which pieces leave, in any order. Atoms and charge are conserved along it:

    start = fragment + sum of what left

where the start is the precursor, or a charged piece that left it and is an ion itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from alloyscope.chemistry.cleavage import Cleavage, Loss, losses, named_cleavages
from alloyscope.chemistry.electron_count import electrons_if_known
from alloyscope.chemistry.ligand import Adduct
from alloyscope.chemistry.species import AnyIon, Ion, Species
from alloyscope.errors import CaseError, ChargeError, NotationError, message
from alloyscope.speciation import framework_of

MOST_DEPTH, MOST_ROUTES = 12, 20_000
"""Losses in a row, and routes to all fragments, at most."""

PER_LOSS = 1.0
"""Nats of prior odds of each loss after the first."""


@dataclass(frozen=True)
class Route:
    """One way to a fragment.

    start  : the precursor, or what left it and is a fragment itself
    losses : (what leaves, how often), in any order; () where the start itself is the fragment
    left   : for a start that left the precursor, how many losses came before and with it
    """

    start: AnyIon
    losses: tuple[tuple[AnyIon, int], ...]
    penalty: float
    left: int = 0

    @property
    def steps(self) -> int:
        """Losses in all, that of the start itself included."""
        return self.left + sum(n for _, n in self.losses)

    def __str__(self) -> str:
        gone = "".join(f" - {str(n) + ' ' if n > 1 else ''}{ion}" for ion, n in self.losses)
        return f"{self.start}{gone}"


@dataclass(frozen=True)
class Fragment:
    """An ion that a precursor can become, or that leaves it.

    ion     : of several notations of one formula and charge that of the shortest route
    routes  : ways to it, the likeliest first; more than one cannot be told apart by its m/z
    leaving : whether it is (what remains of) a piece that left, and not the rest of the precursor
    """

    ion: Ion
    routes: tuple[Route, ...]
    leaving: bool

    @property
    def route(self) -> Route:
        """The likeliest one."""
        return self.routes[0]

    @property
    def steps(self) -> int:
        """Losses on the likeliest route; 0 of the precursor itself."""
        return self.route.steps

    @property
    def penalty(self) -> float:
        """Nats of prior odds that it costs."""
        return self.route.penalty

    @property
    def ambiguous(self) -> bool:
        """Whether more than one set of losses leads to it."""
        return len(self.routes) > 1

    @cached_property
    def electrons(self) -> int | None:
        """Valence electrons; None for metals of unknown valence."""
        return electrons_if_known(self.ion)

    @property
    def framework(self) -> str:
        """Numbers of metals and of anionic ligands: `M43S28`."""
        return framework_of(self.ion.species)


def descendants(
    precursor: Ion, cleavages: Sequence[Cleavage] | None = None, depth: int = 3
) -> tuple[Fragment, ...]:
    """The precursor and every ion of its polarity that it can become, or that leaves it.

    cleavages : those of the table that are usual, when None; each of them must be possible
    depth     : losses in a row, at most

    Of one formula and charge there is one fragment with all routes to it. Ordered by number of
    losses. Raises ChargeError for a precursor without charge; CaseError for a cleavage that it
    cannot undergo, a depth below 1 and more routes than `MOST_ROUTES`.

    >>> from alloyscope.chemistry import parse_ion
    >>> found = descendants(parse_ion("[Ag44(p-MBA)30]4-"), depth=1)
    >>> [str(one.ion) for one in found[:3]]
    ['[Ag44(p-MBA)30]4-', '[Ag43(p-MBA)28]3-', '[Ag42(p-MBA)27]3-']
    """
    _check(precursor, depth)
    chosen = possible(precursor, cleavages)
    tree = _Tree(chosen, 1 if precursor.charge > 0 else -1)
    tree.grow(precursor, depth, leaving=False)
    found = [
        Fragment(ion, tuple(sorted(routes, key=lambda r: (r.penalty, r.steps))), leaving)
        for ion, routes, leaving in tree.found.values()
    ]
    return tuple(sorted(found, key=lambda f: (f.steps, f.leaving, f.penalty)))


def _check(precursor: Ion, depth: int) -> None:
    if not precursor.charge:
        raise ChargeError(
            message("precursor", found=f"{precursor} without a charge", expected="an ion",
                    do=f"Write [{precursor}]4- or whatever it is.")
        )  # fmt: skip
    if not 1 <= depth <= MOST_DEPTH:
        raise CaseError(
            message("depth", found=f"{depth}", expected=f"1 to {MOST_DEPTH} losses in a row")
        )


def possible(precursor: Ion, cleavages: Sequence[Cleavage] | None) -> tuple[Cleavage, ...]:
    """The cleavages; of the usual ones those that are possible. Raises CaseError."""
    if cleavages is None:
        return tuple(one for one in named_cleavages(()) if undergoes(precursor, one))
    never = [one for one in cleavages if not undergoes(precursor, one)]
    if never or not cleavages:
        raise CaseError(
            message("cleavages", found=", ".join(map(str, never)) or "none",
                    expected=f"pieces that {precursor} holds",
                    do="Leave it out, or name the precursor that has what leaves.")
        )  # fmt: skip
    return tuple(cleavages)


def undergoes(ion: Ion, cleavage: Cleavage) -> bool:
    """Whether an ion holds what a cleavage takes."""
    acid = frozenset(a for a, _ in cleavage.adducts) if cleavage.acid else frozenset()
    rests = (without(ion, loss) for loss in losses(cleavage, ion))
    return any(rest is not None and acids_allow(rest, acid) for rest in rests)


def acids_allow(ion: Ion, acid: frozenset[Adduct]) -> bool:
    """Whether no more protons are missing, nor molecules of acid groups, than an ion has acids."""
    acids = sum(ligand.acids * n for ligand, n in ion.species.ligands)
    came = -sum(n for adduct, n in ion.adducts if adduct in acid and n < 0)
    return -ion.delta("H") <= acids and came <= acids


class _Tree:
    """Fragments found so far, by formula and charge."""

    def __init__(self, cleavages: Sequence[Cleavage], sign: int) -> None:
        self.cleavages, self.sign = cleavages, sign
        self.found: dict[tuple[object, int], tuple[Ion, list[Route], bool]] = {}
        self.grown: dict[AnyIon, int] = {}
        self.n_routes = 0
        self.acid = frozenset(a for c in cleavages if c.acid for a, _ in c.adducts)

    def grow(self, start: Ion, depth: int, *, leaving: bool, before: Route | None = None) -> None:
        """Add what a start becomes within a depth, itself first, and what leaves it."""
        price = before.penalty if before else 0.0
        left = before.steps if before else 0
        pieces = [loss for one in self.cleavages for loss in losses(one, start)]
        self._add(start, Route(start, (), price, left), leaving)
        gone: dict[AnyIon, float] = {}
        for counts, ion in self._rest(start, pieces, depth):
            taken = [(pieces[k].leaving, n) for k, n in counts.items()]
            cost = price + sum(pieces[k].cleavage.penalty * n for k, n in counts.items())
            steps = sum(counts.values())
            route = Route(start, tuple(taken), cost + PER_LOSS * (left + steps - 1), left)
            if ion.charge * self.sign > 0:
                self._add(ion, route, leaving)
            for k in counts:
                piece = pieces[k].leaving
                own = price + pieces[k].cleavage.penalty
                gone[piece] = min(own, gone.get(piece, own))
        for piece, cost in gone.items():
            self._leave(piece, depth - 1, Route(piece, (), cost + PER_LOSS * left, left + 1))

    def _leave(self, piece: AnyIon, depth: int, route: Route) -> None:
        """Follow a piece that left, where it is an ion that the spectrum can show."""
        seen = isinstance(piece, Ion) and piece.charge * self.sign > 0
        if isinstance(piece, Ion) and seen and self.grown.get(piece, -1) < depth:
            self.grown[piece] = depth
            self.grow(piece, depth, leaving=True, before=route)

    def _rest(
        self, start: Ion, pieces: Sequence[Loss], depth: int
    ) -> Iterator[tuple[dict[int, int], Ion]]:
        """(How often each piece left, what remains), for every choice of up to `depth` pieces."""
        stack: list[tuple[int, int, dict[int, int], Ion]] = [(0, depth, {}, start)]
        while stack:
            first, left, counts, ion = stack.pop()
            if not left:
                continue
            for k in range(first, len(pieces)):
                rest = without(ion, pieces[k])
                if rest is None or not acids_allow(rest, self.acid):
                    continue
                taken = {**counts, k: counts.get(k, 0) + 1}
                stack.append((k, left - 1, taken, rest))
                yield taken, rest

    def _add(self, ion: Ion, route: Route, leaving: bool) -> None:
        self.n_routes += 1
        if self.n_routes > MOST_ROUTES:
            raise CaseError(
                message("descendants", found=f"more than {MOST_ROUTES:,} ways to lose something",
                        expected="fewer", do="Name fewer cleavages, or a smaller depth.")
            )  # fmt: skip
        key = (ion.formula, ion.charge)
        held = self.found.get(key)
        if held is None:
            self.found[key] = (ion, [route], leaving)
            return
        same = next((k for k, r in enumerate(held[1])
                     if (str(r.start), sorted(map(str, r.losses)))
                     == (str(route.start), sorted(map(str, route.losses)))), None)  # fmt: skip
        if same is None:
            held[1].append(route)
        elif route.penalty < held[1][same].penalty:
            held[1][same] = route


def without(ion: Ion, loss: Loss) -> Ion | None:
    """What remains of an ion when a piece has left; None where it does not hold that piece."""
    counts: dict[object, int] = dict((*ion.species.metals, *ion.species.ligands))
    for unit, n in loss.units:
        counts[unit] = counts.get(unit, 0) - n
    if min(counts.values(), default=0) < 0 or not any(counts.values()):
        return None
    adducts: dict[Adduct, int] = dict(ion.adducts)
    for adduct, n in loss.adducts:
        adducts[adduct] = adducts.get(adduct, 0) - n
    held = [(adduct, n) for adduct, n in adducts.items() if n]
    if any(n < 0 <= ion.delta(adduct.name) and adduct.charge > 0 and adduct.name != "H"
           for adduct, n in held):  # fmt: skip
        return None
    charge = ion.charge - loss.charge
    core = charge - sum(adduct.charge * n for adduct, n in held)
    metals = {m: counts[m] for m, _ in ion.species.metals}
    ligands = {x: counts[x] for x, _ in ion.species.ligands}
    try:
        return Ion.of(Species.of(metals, ligands, core), held, charge)
    except (NotationError, ChargeError):  # more charge or fewer atoms than can be
        return None


def only(fragments: Sequence[Fragment], ions: Sequence[AnyIon]) -> tuple[Fragment, ...]:
    """Those fragments that have the formula and charge of one of the ions."""
    keys = {(ion.formula, ion.charge) for ion in ions}
    return tuple(f for f in fragments if (f.ion.formula, f.ion.charge) in keys)
