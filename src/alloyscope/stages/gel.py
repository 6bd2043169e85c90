"""Species run in a gel, and a lane matched to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alloyscope.case import Case
from alloyscope.case.gel_section import GelSection
from alloyscope.case.reaction import reaction_of
from alloyscope.case.species_names import named_species
from alloyscope.chemistry.ligand import Vocabulary
from alloyscope.errors import CaseError, GelError, ReactionError, message
from alloyscope.gel.conditions import GelConditions, GelSpread
from alloyscope.gel.lane import lane, samples_of
from alloyscope.gel.match import LaneMatch, match_lane
from alloyscope.gel.mobility import Mobility, Sample, by_every_model
from alloyscope.gel.order import held_ranges, pair_orders
from alloyscope.gel.particle import GelTable, bundled_table, particle_of
from alloyscope.gel.profile import LaneProfile, lane_bands, read_lane_profile
from alloyscope.reaction.experiment import Experiment, parse_ratio, parse_time, time_text
from alloyscope.reaction.simulate import simulate
from alloyscope.results.gel import GelRun
from alloyscope.speciation import framework_of
from alloyscope.stages.progress import Observe


def gel_run(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> GelRun:
    """The case's species, or the mixture that its reaction makes, in a gel.

    Raises GelError, CaseError that names the key, ReactionError.
    """
    asked = case.gel
    conditions, spread = conditions_of(asked), spread_of(asked)
    profiles = read_lane_profile(Path(asked.profile)) if asked.profile else ()
    samples, amounts, mixture, remarks = _loaded(case, vocabulary, observe)
    table = bundled_table().with_own(asked.volumes, asked.lengths, asked.acids)
    found = by_every_model(samples, conditions, spread, draws=asked.draws, seed=asked.seed,
                           table=table)  # fmt: skip
    chosen = found[conditions.model]
    return GelRun(
        conditions, found,
        {model: pair_orders(one, conditions.tie) for model, one in found.items()},
        held_ranges(found, conditions, table),
        lane([one for one in chosen if one.value > 0], conditions,
             [a for a, one in zip(amounts, chosen, strict=True) if one.value > 0], mixture),
        mixture, profiles, _matched(asked, case, vocabulary, profiles, chosen),
        asked.model_sd, asked.draws, asked.seed,
        (*remarks, *_notes(chosen, conditions, samples, table, len(found))),
        tuple(f"M{one.metals}S{one.ligands}" for one in case.reaction.framework),
    )  # fmt: skip


def conditions_of(asked: GelSection) -> GelConditions:
    """What the case runs its gel in. Raises GelError."""
    return GelConditions(
        asked.model, asked.ph, asked.percent, asked.ionic_strength, asked.temperature,
        asked.ionisation, asked.pka_shift, asked.hill, asked.potential, asked.shell,
        asked.fibre_radius, asked.voltage, asked.loading, asked.tie,
    )  # fmt: skip


def spread_of(asked: GelSection) -> GelSpread:
    """How well the case knows it. Raises GelError."""
    s = asked.spread
    return GelSpread(s.ph, s.pka_shift, s.percent, s.ionic_strength, s.shell, s.fibre_radius,
                     s.pka_each, s.radius_each)  # fmt: skip


SOLUBLE = 6.0
"""pH below which clusters whose solubility carboxylates make are hardly soluble: of the 44 of
Au102(p-MBA)44 some 22 must be ionised (J. Koivisto et al., J. Phys. Chem. C 120, 10041 (2016))."""

Loaded = tuple[tuple[Sample, ...], list[float], str, tuple[str, ...]]
"""Samples, their amounts, the mixture that they are, and what to say of their names."""


def _loaded(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Loaded:
    asked = case.gel
    if asked.ratio:
        return _mixture(case, vocabulary, observe)
    if not asked.species:
        raise CaseError(
            message("case [gel]", found="no species", expected="what is loaded",
                    do='For example "A x=12" "C x=44" with --case au44-ag44, or --ratio 1:3.')
        )  # fmt: skip
    named = [named_species(text, case, vocabulary) for text in asked.species]
    twice = sorted({one.name for one in named if sum(o.name == one.name for o in named) > 1})
    if twice:
        raise CaseError(
            message("case [gel] species", found=f"{', '.join(twice)} more than once",
                    expected="each once")
        )  # fmt: skip
    samples = tuple(Sample(one.name, one.species) for one in named)
    return samples, [1.0] * len(samples), "", tuple(one.remark for one in named if one.remark)


def _mixture(case: Case, vocabulary: Vocabulary, observe: Observe | None) -> Loaded:
    reaction = reaction_of(case, vocabulary)
    try:
        ratio, minutes = parse_ratio(case.gel.ratio, reaction), parse_time(case.gel.time)
    except ReactionError as error:
        raise CaseError(f"case [gel]: {error}") from error
    run = simulate(reaction, Experiment(ratio), [minutes], observe)
    samples, amounts = samples_of(run.speciation(vocabulary.ligand(reaction.ligand)))
    names = {f.label: f.name for f in reaction.frameworks}
    called = tuple(
        replace(one, name=names.get(framework_of(one.members[0]), one.name)) for one in samples
    )
    parents = ":".join(parent.name for parent in reaction.parents)
    return called, amounts.tolist(), f"{parents} {case.gel.ratio}, {time_text(minutes)}", ()


def _matched(
    asked: GelSection, case: Case, vocabulary: Vocabulary, profiles: tuple[LaneProfile, ...],
    mobility: tuple[Mobility, ...],
) -> LaneMatch | None:  # fmt: skip
    if not profiles:
        return None
    profile = _chosen(asked, profiles)
    marker = _marker(asked.marker, case, vocabulary) if asked.marker else None
    return match_lane(
        lane_bands(profile), mobility, lane=profile.name, origin=asked.origin,
        front=asked.front or None, marker=marker, model_sd=asked.model_sd,
    )  # fmt: skip


def _chosen(asked: GelSection, profiles: tuple[LaneProfile, ...]) -> LaneProfile:
    names = [one.name for one in profiles]
    if not asked.lane:
        return profiles[0]
    if asked.lane in names:
        return profiles[names.index(asked.lane)]
    if asked.lane.isdecimal() and 1 <= int(asked.lane) <= len(profiles):
        return profiles[int(asked.lane) - 1]
    raise GelError(
        message("case [gel] lane", found=f'"{asked.lane}"',
                expected=f"one of {', '.join(names)}, or 1 to {len(names)}")
    )  # fmt: skip


def _marker(text: str, case: Case, vocabulary: Vocabulary) -> tuple[str, float]:
    name, _, place = text.rpartition("@")
    try:
        return named_species(name.strip(), case, vocabulary).name, float(place)
    except ValueError as error:
        if name.strip() and not isinstance(error, CaseError):
            raise CaseError(
                message("case [gel] marker", found=f'"{text}"',
                        expected='a species and its distance: "A x=0 @ 52.5"')
            ) from error  # fmt: skip
        raise CaseError(f"case [gel] marker: {error}") from error


def _notes(
    chosen: tuple[Mobility, ...], conditions: GelConditions, samples: tuple[Sample, ...],
    table: GelTable, n_models: int,
) -> tuple[str, ...]:  # fmt: skip
    notes = [f"{one.name}: {one.remark}." for one in chosen if one.remark]
    if n_models == 1:
        notes.append("Sizes are not known: computed by charge to mass alone.")
    loaded = [particle_of(sample.members[0], table) for sample in samples]
    if conditions.ph < SOLUBLE and any(g.charge < 0 for p in loaded for g in p.groups):
        notes.append(f"At pH {conditions.ph:g} few carboxylates are ionised: such clusters are "
                     "hardly soluble.")  # fmt: skip
    return tuple(notes)
