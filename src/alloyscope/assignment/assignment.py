"""What an assignment says: which ions, how much of each, how sure, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alloyscope.assignment.instrument import Instrument
from alloyscope.chemistry.species import AnyIon, Ion, Species
from alloyscope.speciation import Condition, Speciation
from alloyscope.spectra import ProfileSpectrum

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Member:
    """One of several ions that this spectrum cannot tell apart.

    framework : number of metals and of anionic ligands, "M44S30"; "" for a plain formula
    odds      : probability among the members of its group; they sum to 1
    """

    ion: AnyIon
    framework: str
    odds: float


@dataclass(frozen=True, eq=False)
class CalledIon:
    """An ion that is called present.

    framework      : number of metals and of anionic ligands, "M44S30"; "" for a plain formula
    mz_theory      : most abundant aggregated isotope peak
    mz_measured    : the same peak where this ion's own signal puts it, calibration taken off
    error_ppm, raw_error_ppm : of the ion's own signal, after and before calibration
    n_ions         : signal, in the unit of the spectrum's intensity summed over points; on
                     Fourier-transform instruments divided by the charge
    n_ions_sd      : 1 sd, calibration and peak width included
    abundance, abundance_sd : share of all assigned ions, and 1 sd
    score          : nats by which the best account of the spectrum without this ion is worse
    q_value        : share of false calls to expect among calls of this score or better
    group          : number of its group, from 1
    members        : the ions that the spectrum cannot tell apart, itself first, with their odds
    peaks          : (n_peaks,) calculated m/z of its isotope peaks
    probability    : (n_peaks,) of each
    first, drawn   : place in the trace, and values, of its fitted envelope
    """

    ion: AnyIon
    framework: str
    electrons: int | None
    mz_theory: float
    mz_measured: float
    error_ppm: float
    raw_error_ppm: float
    n_ions: float
    n_ions_sd: float
    abundance: float
    abundance_sd: float
    score: float
    q_value: float
    group: int
    members: tuple[Member, ...]
    peaks: Floats
    probability: Floats
    first: int
    drawn: Floats


@dataclass(frozen=True)
class UnexplainedPeak:
    """A peak that no called ion accounts for.

    charge    : guessed from its neighbours' distances, signed; 0 where there are none
    intensity : height above baseline and model
    """

    mz: float
    charge: int
    intensity: float
    signal_to_noise: float


@dataclass(frozen=True)
class UpperLimit:
    """An ion below detection: with 95 % probability there is less of it than this.

    abundance : share of all assigned ions
    """

    ion: AnyIon
    framework: str
    mz_theory: float
    abundance: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """The spectrum as the fit saw it, point by point; every array (n_points,).

    signal   : measured less the baseline, zeros that were left out put back
    model    : of the called ions, summed
    foreign  : what single lines of unknown origin account for
    sd       : expected scatter of a point
    """

    mz: Floats
    signal: Floats
    baseline: Floats
    model: Floats
    foreign: Floats
    sd: Floats


@dataclass(frozen=True, eq=False)
class Assignment:
    """A spectrum's ions.

    spectrum    : what was assigned
    metals      : of the search space, the first counted as x
    called      : ions called present, most abundant first
    covariance  : (n_called, n_called) of the abundances
    instrument  : as learned from the spectrum
    instrument_covariance : (n, n) of instrument.theta
    fitted      : the spectrum, the model and what is left
    unexplained : peaks that no called ion accounts for, tallest first
    limits      : ions of the search space's known frameworks below detection
    explained   : share of the signal above baseline that called ions account for
    n_candidates : ions that were considered
    chi2        : mean squared residual over expected variance
    q           : largest q-value called
    notes       : what the user must know, one sentence each
    """

    spectrum: ProfileSpectrum
    metals: tuple[str, ...]
    called: tuple[CalledIon, ...]
    covariance: Floats
    instrument: Instrument
    instrument_covariance: Floats
    fitted: Fitted
    unexplained: tuple[UnexplainedPeak, ...]
    limits: tuple[UpperLimit, ...]
    explained: float
    n_candidates: int
    chi2: float
    q: float
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """One sentence: how many ions, or that nothing of the search space is present."""
        if not self.called:
            return "nothing of this search space is present"
        ions = "1 ion" if len(self.called) == 1 else f"{len(self.called)} ions"
        return f"{ions} of the search space called, {self.explained:.0%} of the signal explained"

    @cached_property
    def species(self) -> tuple[Species, ...]:
        """Species of the called ions, each once, the most abundant first."""
        amounts: dict[Species, float] = {}
        for call in self.called:
            if isinstance(call.ion, Ion):
                kind = call.ion.species
                amounts[kind] = amounts.get(kind, 0.0) + call.abundance
        return tuple(sorted(amounts, key=lambda kind: -amounts[kind]))

    def speciation(self, condition: Condition | None = None) -> Speciation:
        """How much of each species, charges and adducts summed; ions without species left out."""
        place = {kind: k for k, kind in enumerate(self.species)}
        pick = np.zeros((len(place), len(self.called)))
        groups = []
        for column, call in enumerate(self.called):
            if isinstance(call.ion, Ion):
                pick[place[call.ion.species], column] = 1.0
                rivals = {place[m.ion.species] for m in call.members
                          if isinstance(m.ion, Ion) and m.ion.species in place}  # fmt: skip
                if len(rivals) > 1:
                    groups.append(tuple(sorted(rivals)))
        amount = pick @ np.array([call.abundance for call in self.called])
        joint = pick @ self.covariance @ pick.T
        size, vectors = np.linalg.eigh(joint)
        factor = vectors * np.sqrt(np.maximum(size, 0.0))
        return Speciation(
            self.species, (condition or Condition(self.spectrum.acquisition.source),),
            amount[None, :], np.zeros((1, len(place))), factor[None, :, :],
            "ion counts", "all assigned ions", tuple(dict.fromkeys(groups)),
        )  # fmt: skip
