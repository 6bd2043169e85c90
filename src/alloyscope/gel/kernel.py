"""Mobilities of one particle under many conditions at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alloyscope.gel.conditions import GelConditions, Model
from alloyscope.gel.electrostatics import (
    HIGHEST,
    charge_of_potential,
    debye_length,
    friction_unit,
    linear_charge,
    mobility_of_potential,
    retardation,
)
from alloyscope.gel.particle import Group, Particle
from alloyscope.gel.relaxation import relaxation

Floats = NDArray[np.float64]
PROTON = 1.00794
"""Da, of a hydrogen that an acid gives away."""


@dataclass(frozen=True)
class Settings:
    """Conditions as arrays, (n,) each, and what is kept of `GelConditions` for all of them."""

    ph: Floats
    gel_percent: Floats
    ionic_strength: Floats
    pka_shift: Floats
    shell: Floats
    fibre_radius: Floats
    radius_factor: Floats
    kept: GelConditions

    @classmethod
    def of(cls, conditions: GelConditions, n: int = 1) -> Settings:
        """The same conditions n times."""
        names = [f.name for f in fields(cls) if f.name not in ("kept", "radius_factor")]
        arrays = {name: np.full(n, float(getattr(conditions, name))) for name in names}
        return cls(**arrays, radius_factor=np.ones(n), kept=conditions)

    def changed(self, **arrays: Floats) -> Settings:
        """These settings with some arrays replaced."""
        changes: dict[str, Any] = dict(arrays)
        return replace(self, **changes)


@dataclass(frozen=True)
class Run:
    """How a particle runs, (n,) each.

    charge    : of core and groups, elementary charges
    ionised   : share of its acid groups; 0 where it has none
    effective : the charge that its friction and its mobility in free solution give, 6 pi eta a mu:
                what is left of `charge` behind counter-ions and the cloud that lags
    mass      : Da
    radius    : nm, hydrodynamic
    retarded  : Ferguson's K_r per %T
    free      : 10^-8 m2/(V s) in free solution, positive towards the anode
    """

    charge: Floats
    ionised: Floats
    effective: Floats
    mass: Floats
    radius: Floats
    retarded: Floats
    free: Floats

    def mobility(self, model: Model, gel_percent: Floats) -> Floats:
        """(n,) mobility towards the anode, in the unit of the model."""
        if model == "charge-to-mass":
            return -self.charge / (1e-3 * self.mass)
        if model == "charge-to-radius":
            return self.free
        return np.asarray(self.free * 10 ** (-self.retarded * gel_percent))


def run_of(particle: Particle, settings: Settings) -> Run:
    """How a particle runs under many conditions."""
    kept = settings.kept
    radius = (particle.core_radius + particle.shell + settings.shell) * settings.radius_factor
    radius = np.maximum(radius, particle.core_radius)
    kappa = 1 / debye_length(settings.ionic_strength, kept.temperature)
    relation = charge_of_potential if kept.potential == "poisson-boltzmann" else linear_charge

    def holds(y: Floats) -> Floats:
        return relation(y, radius, kappa, kept.temperature)

    if kept.ionisation == "titrated":
        charge = particle.core_charge + _titrated(particle.groups, settings)
        y = _potential(lambda y: holds(y) - charge, charge.size)
    else:
        y = _potential(
            lambda y: holds(y) - particle.core_charge - _regulated(particle.groups, y, settings),
            settings.ph.size,
        )
        charge = particle.core_charge + _regulated(particle.groups, y, settings)
    acids = sum(group.count for group in particle.groups if group.charge < 0)
    lost = charge - particle.core_charge - _basic(particle.groups, y, settings)
    free = -mobility_of_potential(y, kappa * radius, kept.temperature)
    if kept.potential == "poisson-boltzmann":
        free = free * relaxation(y, kappa * radius)
    return Run(
        charge=charge, ionised=-lost / acids if acids else np.zeros_like(charge),
        effective=-free * radius * friction_unit(kept.temperature),
        mass=particle.mass + PROTON * (charge - particle.core_charge), radius=radius,
        retarded=retardation(radius, settings.fibre_radius),
        free=free,
    )  # fmt: skip


def _titrated(groups: tuple[Group, ...], at: Settings) -> Floats:
    """Charge of the groups by pKa as measured on a cluster; basic groups are not shifted."""
    found = np.zeros_like(at.ph)
    for group in groups:
        shift = at.pka_shift if group.charge < 0 else np.zeros_like(at.ph)
        found = found + group.charge * group.count * _share(
            group, group.pka + shift, at.ph, at.kept.hill
        )
    return found


def _regulated(groups: tuple[Group, ...], y: Floats, at: Settings) -> Floats:
    """Charge of the groups where the surface's potential holds protons back."""
    local = at.ph + y / np.log(10)
    found = np.zeros_like(at.ph)
    for group in groups:
        found = found + group.charge * group.count * _share(group, group.pka, local, 1.0)
    return found


def _basic(groups: tuple[Group, ...], y: Floats, at: Settings) -> Floats:
    """Charge of the basic groups alone."""
    basic = tuple(group for group in groups if group.charge > 0)
    return _titrated(basic, at) if at.kept.ionisation == "titrated" else _regulated(basic, y, at)


def _share(group: Group, pka: Floats | float, ph: Floats, hill: float) -> Floats:
    """Share of groups that are ionised: Henderson and Hasselbalch, with a Hill coefficient."""
    exponent = np.clip(group.charge * hill * (ph - pka), -300, 300)
    return np.asarray(1 / (1 + 10**exponent))


def _potential(excess: Callable[[Floats], Floats], n: int) -> Floats:
    """Where an ascending function is 0, by halving; n of them at once."""
    low, high = np.full(n, -HIGHEST), np.full(n, HIGHEST)
    for _ in range(60):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)
