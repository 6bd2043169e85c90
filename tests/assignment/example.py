"""Assignments whose every number is known: a spectrum drawn from ions, the records filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from alloyscope.assignment.assignment import (
    Assignment,
    CalledIon,
    Fitted,
    Member,
    UnexplainedPeak,
    UpperLimit,
)
from alloyscope.assignment.instrument import prior_instrument
from alloyscope.chemistry import AnyIon, Ion, default_vocabulary, electron_count, parse_ion
from alloyscope.isotopes import envelope
from alloyscope.results import Assigned, Columns
from alloyscope.speciation import framework_of
from alloyscope.spectra import Acquisition, ProfileSpectrum

BASELINE = 3.0
OFFSET, DRIFT = 6.0, 1.5
POWER = 13000.0
RIVAL = {"[Au5Ag39(p-MBA)30+Na-H]4-": (("[Au4Ag40(p-MBA)31-3H+3Na]4-", 0.25),)}


def family(
    metals: int, ligands: int, xs: Sequence[int], core: int, charge: int, sodium: int = 0,
    centre: float = 0.0, width: float = 2.0, total: float = 1e5,
) -> dict[str, float]:  # fmt: skip
    """Ions of one framework about a mean x, with a ladder of sodium."""
    found = {}
    for x in xs:
        for na in range(sodium + 1):
            share = np.exp(-0.5 * ((x - centre) / width) ** 2) * 0.45**na
            gold, silver = f"Au{x}" if x else "", f"Ag{metals - x}" if x < metals else ""
            protons = charge - core - na
            added = (f"+{na}Na" if na else "") + (f"{protons:+d}H" if protons else "")
            name = f"[{gold}{silver}(p-MBA){ligands}{added}]{abs(charge)}-"
            found[name] = float(total * share)
    return found


def paper() -> dict[str, float]:
    """Three families and a complex, as in the system that the program is for."""
    return (
        family(44, 30, range(1, 10), -4, -4, 1, centre=5, total=6e4)
        | family(44, 27, range(19, 25), -3, -3, 1, centre=21.5, width=1.5, total=4e4)
        | family(44, 26, range(40, 45), -2, -3, 0, centre=42, width=1.0, total=3e4)
        | {"[Ag5(p-MBA)6]-": 9e3}
    )


@cache
def example() -> Assignment:
    """The assignment of `paper()`."""
    return assigned(paper(), rivals=RIVAL, unknown=((2475.3, 900.0), (3100.7, 300.0)))


@cache
def nothing() -> Assignment:
    """An assignment that found nothing."""
    return assigned({}, windows=((2000.0, 2400.0),), unknown=((2222.2, 500.0),))


def assigned(
    ions: Mapping[str, float],
    *,
    windows: Sequence[tuple[float, float]] = (),
    power: float = POWER,
    points: float = 5.0,
    rivals: Mapping[str, Sequence[tuple[str, float]]] = {},
    unknown: Sequence[tuple[float, float]] = (),
    seed: int = 1,
) -> Assignment:
    """The spectrum of these ions (name: number of ions) and what a perfect reader says of it.

    windows : m/z ranges recorded; None for those about the ions
    points  : per peak width
    rivals  : ions not to be told from one, and their odds
    unknown : m/z and height of peaks that nobody knows
    """
    rng = np.random.default_rng(seed)
    known = [(parse_ion(name), number) for name, number in ions.items()]
    drawn = [(ion, number, envelope(ion, power)) for ion, number in known]
    mz = _lattice(windows or _about(drawn), power, points)
    step = np.gradient(mz)
    signals = [number * step * lines.at(mz) for _, number, lines in drawn]
    foreign = sum((height * _line(mz, at, power) for at, height in unknown), np.zeros(mz.size))
    model = sum(signals, np.zeros(mz.size))
    intensity = rng.poisson(model + foreign + BASELINE).astype(float)
    called = _called(drawn, signals, rivals)
    fitted = Fitted(mz, intensity - BASELINE, np.full(mz.size, BASELINE), model,
                    np.zeros(mz.size), np.sqrt(model + BASELINE))  # fmt: skip
    instrument = prior_instrument(2500.0, power, 2500.0, False, OFFSET)
    theta = instrument.theta.copy()
    theta[1] = DRIFT
    whole = model.sum() + foreign.sum()
    return Assignment(
        spectrum=ProfileSpectrum(mz, intensity, _acquisition()), metals=("Au", "Ag"),
        called=called, covariance=_covariance([n for _, n in known], called),
        instrument=type(instrument)(theta, instrument.centre, instrument.reference),
        instrument_covariance=np.diag([0.2, 0.3, 0.4, 0.01, 0.02, 0.05]) ** 2, fitted=fitted,
        unexplained=tuple(UnexplainedPeak(at, -2 if k % 2 else 0, height, height / 2)
                          for k, (at, height) in enumerate(unknown)),
        limits=_limits(), explained=float(model.sum() / whole) if whole else 0.0,
        n_candidates=12345, chi2=1.02, q=0.05,
        notes=("The file's 5 ppm are not kept: its calibration is 6 ppm off.",),
    )  # fmt: skip


def _acquisition() -> Acquisition:
    return Acquisition("example.mzML", "mzML", "negative", 1, analyzer="time-of-flight",
                       notes=("3 points were not finite and were left out.",))  # fmt: skip


def _about(drawn: Sequence[tuple[AnyIon, float, object]]) -> tuple[tuple[float, float], ...]:
    ends = [(lines.mz[0], lines.mz[-1]) for _, _, lines in drawn]  # type: ignore[attr-defined]
    return ((min(low for low, _ in ends) - 30, max(high for _, high in ends) + 30),)


def _lattice(windows: Sequence[tuple[float, float]], power: float, points: float) -> np.ndarray:
    middle = np.sqrt(windows[0][0] * windows[-1][1])
    step = np.sqrt(middle) / power / points / 2
    return np.concatenate([
        np.arange(np.sqrt(low), np.sqrt(high), step) ** 2 for low, high in windows
    ])  # fmt: skip


def _line(mz: np.ndarray, at: float, power: float) -> np.ndarray:
    return np.exp(-0.5 * ((mz - at) / (at / power / 2.355)) ** 2)


def _called(drawn, signals, rivals) -> tuple[CalledIon, ...]:  # type: ignore[no-untyped-def]
    order = sorted(range(len(drawn)), key=lambda k: -drawn[k][1])
    whole = sum(number for _, number, _ in drawn)
    return tuple(
        _one(group, *drawn[k], signals[k], whole, rivals.get(str(drawn[k][0]), ()))
        for group, k in enumerate(order, 1)
    )


def _one(group, ion, number, lines, signal, whole, rivals) -> CalledIon:  # type: ignore[no-untyped-def]
    seen = np.flatnonzero(signal > 1e-5 * signal.max())
    first, stop = seen[0], seen[-1] + 1
    others = tuple(_member(parse_ion(name), odds) for name, odds in rivals)
    own = _member(ion, 1.0 - sum(member.odds for member in others))
    theory, error = lines.most_abundant_mz, 0.1 * (group % 7 - 3)
    calibration = OFFSET + DRIFT * (theory - 2500.0) / 1000.0
    return CalledIon(
        ion=ion, framework=own.framework,
        electrons=electron_count(ion) if isinstance(ion, Ion) else None,
        mz_theory=theory, mz_measured=theory * (1 + 1e-6 * error), error_ppm=error,
        raw_error_ppm=error + calibration, n_ions=number, n_ions_sd=number**0.5,
        abundance=number / whole, abundance_sd=number**0.5 / whole, score=number / 10,
        q_value=1e-4, group=group, members=(own, *others), peaks=lines.mz,
        probability=lines.probability, first=int(first), drawn=signal[first:stop],
    )  # fmt: skip


def _member(ion: AnyIon, odds: float) -> Member:
    return Member(ion, framework_of(ion.species) if isinstance(ion, Ion) else "", odds)


def _covariance(numbers: Sequence[float], called: Sequence[CalledIon]) -> np.ndarray:
    """Of shares whose numbers are counted: the share of all others goes down as one goes up."""
    share = np.array([call.abundance for call in called])
    return (np.diag(share) - np.outer(share, share)) / max(sum(numbers), 1.0)


def _limits() -> tuple[UpperLimit, ...]:
    names = ("[Ag44(p-MBA)30]4-", "[Au43Ag(p-MBA)26]2-")
    known = [parse_ion(name, default_vocabulary()) for name in names]
    return tuple(
        UpperLimit(ion, framework_of(ion.species), envelope(ion, POWER).most_abundant_mz, 0.0012)
        for ion in known
        if isinstance(ion, Ion)
    )


def reported(assignment: Assignment, aliases: Mapping[str, str] | None = None) -> Assigned:
    """The assignment as reports get it, from a space with Cl for SR and Na for H."""
    columns = Columns(("Au", "Ag"), ("p-MBA", "Cl"), ("H", "Na"))
    return Assigned(assignment, columns, aliases or {})
