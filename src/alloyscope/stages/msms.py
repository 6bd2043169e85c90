"""Fragments of a precursor in tandem spectra."""

from __future__ import annotations

from alloyscope.assignment.assign import Hints
from alloyscope.case import Case
from alloyscope.chemistry.cleavage import Cleavage, cleavage_from, named_cleavages
from alloyscope.chemistry.element import IsotopeTable
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.chemistry.notation import parse_ion
from alloyscope.chemistry.species import Ion
from alloyscope.errors import AlloyscopeError, CaseError, message
from alloyscope.fragments.assign import FragmentAssignment
from alloyscope.fragments.breakdown import Breakdown, breakdown
from alloyscope.fragments.series import EnergySpectrum, assign_series, read_series
from alloyscope.results.msms import TandemMS
from alloyscope.stages.assign import transform_of
from alloyscope.stages.progress import Observe


def msms(
    case: Case, vocabulary: Vocabulary, table: IsotopeTable, observe: Observe | None
) -> TandemMS:
    """The fragments of the case's precursor, and breakdown curves where energies are known.

    Raises CaseError for a key of the case, SpectrumError for what cannot be a tandem spectrum.
    """
    asked, instrument = case.msms, case.instrument
    precursor, cleavages = precursor_of(case, vocabulary), cleavages_of(case, vocabulary)
    series = read_series(
        case.spectrum.file, asked.energies, ms_level=case.spectrum.ms_level or None,
        polarity=case.spectrum.polarity or None, mz=case.spectrum.mz or None, observe=observe,
    )  # fmt: skip
    first = series[0].spectrum.acquisition
    hints = Hints(
        resolving_power=instrument.resolving_power,
        resolving_power_at=case.assign.resolving_power_at,
        mass_accuracy_ppm=case.assign.mass_accuracy,
        transform=transform_of(case.assign.analyzer or first.analyzer or ""),
        lock=case.assign.lock,
    )  # fmt: skip
    found = assign_series(
        [one.spectrum for one in series], precursor, cleavages, depth=asked.depth, hints=hints,
        window=asked.window or None, q=case.assign.q, table=table, observe=observe,
        seed=asked.seed,
    )  # fmt: skip
    return _ordered(case, series, found)


def _ordered(
    case: Case, series: tuple[EnergySpectrum, ...], found: tuple[FragmentAssignment, ...]
) -> TandemMS:
    """By energy, with breakdown curves where every energy is known and not all are one."""
    known = [one.energy for one in series if one.energy is not None]
    remarks: tuple[str, ...] = ()
    curve: Breakdown | None = None
    if len(known) == len(series) and len(set(known)) > 1:
        curve = breakdown(found, known, gas=case.msms.gas, per_charge=case.msms.per_charge)
    elif len(series) > 1:
        remarks = ("No breakdown curves: the collision energies are not known, or all the same.",)
    order = sorted(range(len(series)), key=lambda k: series[k].energy or 0.0)
    if any(found[k].found.spectrum.acquisition.polarity is None for k in order):
        sign = "negative" if found[0].precursor.charge < 0 else "positive"
        remarks += (f"A file does not state its polarity: taken for {sign}, as the precursor is.",)
    return TandemMS(
        tuple(found[k] for k in order), tuple(series[k].energy for k in order),
        tuple(series[k].stated_by for k in order), curve, remarks, case.msms.per_charge,
    )  # fmt: skip


def precursor_of(case: Case, vocabulary: Vocabulary) -> Ion:
    """The case's precursor. Raises CaseError that names the key."""
    text = case.msms.precursor
    try:
        ion = parse_ion(text, vocabulary)
    except AlloyscopeError as error:
        raise CaseError(f"case [msms] precursor: {error}") from error
    if not isinstance(ion, Ion) or not ion.charge:
        lacks = "a plain formula" if not isinstance(ion, Ion) else "no charge"
        raise CaseError(
            message("case [msms] precursor", found=f'"{text}", {lacks}',
                    expected="an ion of metals and ligands, as in [Ag44(SR)30]4-",
                    do="Write its charge behind brackets, such as "
                    f'"[{text.strip("[]")}]4-".' if isinstance(ion, Ion) else "")
        )  # fmt: skip
    if ion.remark:
        raise CaseError(
            message("case [msms] precursor", found=ion.remark, expected="a charge that follows")
        )
    return ion


def cleavages_of(case: Case, vocabulary: Vocabulary) -> tuple[Cleavage, ...] | None:
    """What may leave; None for the usual cleavages. Raises CaseError that names the key."""
    asked = case.msms
    if not asked.cleavages and not asked.cleavage:
        return None
    try:
        own = [cleavage_from(entry.model_dump(), vocabulary) for entry in asked.cleavage]
        if asked.cleavages:
            return named_cleavages(asked.cleavages, vocabulary, own)
        usual = named_cleavages((), vocabulary, own)
    except AlloyscopeError as error:
        raise CaseError(f"case [msms] cleavages: {error}") from error
    from alloyscope.fragments.descendants import undergoes

    precursor, declared = precursor_of(case, vocabulary), {one.same for one in own}
    return tuple(one for one in usual if one.same in declared or undergoes(precursor, one))
