"""Turn the numbers of one scan into a spectrum's: finite, ascending, each m/z once."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from alloyscope.spectra.mass_spectrum import FloatArray

# Lighter than an electron on 1 charge is no ion; nor is anything heavier than 1 MDa.
SMALLEST_MZ = 1e-4
LARGEST_MZ = 1e6
LARGEST_INTENSITY = 1e300


@dataclass(frozen=True)
class Dropped:
    """What cleaning did, in points (unsorted: in scans). Added up over the scans of a file."""

    not_finite: int = 0
    bad_mz: int = 0
    absurd: int = 0
    negative_dropped: int = 0
    negative_kept: int = 0
    repeated: int = 0
    averaged: int = 0
    unsorted: int = 0

    def __add__(self, other: Dropped) -> Dropped:
        if other is NOTHING:  # as with nearly every scan
            return self
        return Dropped(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def notes(self) -> tuple[str, ...]:
        """One sentence for each thing that happened."""
        told = (
            (self.not_finite, "{} with NaN or infinite values dropped"),
            (self.bad_mz, f"{{}} with an m/z not between 0 and {LARGEST_MZ:.0e} dropped"),
            (self.absurd, f"{{}} with an intensity beyond {LARGEST_INTENSITY:.0e} dropped"),
            (self.negative_dropped, "{} with a negative intensity dropped"),
            (self.negative_kept, "{} with a negative intensity kept (subtracted baseline)"),
            (self.repeated, "{} dropped as repeats of another"),
            (self.averaged, "{} of the same m/z but different intensity averaged"),
        )
        lines = [text.format(f"{n} point{'s' if n != 1 else ''}") + "." for n, text in told if n]
        if self.unsorted:
            lines.append("m/z was out of order and has been sorted.")
        return tuple(lines)


NOTHING = Dropped()


def clean(
    mz: FloatArray, intensity: FloatArray, *, keep_negative: bool
) -> tuple[FloatArray, FloatArray, Dropped]:
    """Drop what cannot be, sort, and merge points of one m/z.

    mz, intensity : (n_points,) as read
    keep_negative : True for profiles, whose subtracted baseline dips below zero; a value further
                    below zero than the highest peak is above it is no baseline and is dropped
    Returns m/z strictly ascending, intensity, and what was dropped. Identical points count once;
    points of one m/z but different intensity are averaged.
    """
    mz, intensity = np.asarray(mz, np.float64), np.asarray(intensity, np.float64)
    if _sound(mz, intensity):
        return mz, intensity, NOTHING
    mz, intensity, dropped = _possible(mz, intensity)
    low = intensity < 0
    if low.any():
        bound = -intensity.max(initial=0.0) if keep_negative else 0.0
        keep = intensity >= bound
        n_bad = int(keep.size - keep.sum())
        dropped += Dropped(negative_dropped=n_bad, negative_kept=int(low.sum()) - n_bad)
        mz, intensity = mz[keep], intensity[keep]
    steps = np.diff(mz)
    if (steps > 0).all():
        return mz, intensity, dropped
    if (steps < 0).any():
        order = np.lexsort((intensity, mz))
        mz, intensity = mz[order], intensity[order]
        dropped += Dropped(unsorted=1)
    mz, intensity, merged = _merged(mz, intensity)
    return mz, intensity, dropped + merged


def _sound(mz: FloatArray, intensity: FloatArray) -> bool:
    """Whether nothing needs to be done, as with most scans; NaN fails every comparison."""
    if mz.size == 0 or not (mz[1:] > mz[:-1]).all():
        return mz.size == 0
    in_range = mz[0] > SMALLEST_MZ and mz[-1] <= LARGEST_MZ
    return bool(in_range and intensity.min() >= 0 and intensity.max() <= LARGEST_INTENSITY)


def _possible(mz: FloatArray, intensity: FloatArray) -> tuple[FloatArray, FloatArray, Dropped]:
    """Without the points that no detector gives; NaN fails every comparison."""
    keep = (mz > SMALLEST_MZ) & (mz <= LARGEST_MZ) & (np.abs(intensity) <= LARGEST_INTENSITY)
    if keep.all():
        return mz, intensity, Dropped()
    finite = np.isfinite(mz) & np.isfinite(intensity)
    in_range = (mz > SMALLEST_MZ) & (mz <= LARGEST_MZ)
    dropped = Dropped(
        not_finite=int((~finite).sum()),
        bad_mz=int((finite & ~in_range).sum()),
        absurd=int((finite & in_range & ~keep).sum()),
    )
    return mz[keep], intensity[keep], dropped


def _merged(mz: FloatArray, intensity: FloatArray) -> tuple[FloatArray, FloatArray, Dropped]:
    """Each m/z once; mz ascending, not strictly."""
    new = np.ones(mz.size, bool)
    new[1:] = (np.diff(mz) > 0) | (np.diff(intensity) != 0)
    n_repeated = int(mz.size - new.sum())
    mz, intensity = mz[new], intensity[new]
    first = np.flatnonzero(np.diff(mz, prepend=-1.0) > 0)
    if first.size == mz.size:
        return mz, intensity, Dropped(repeated=n_repeated)
    members = np.diff(np.append(first, mz.size))
    # Divided before it is added up, so that the mean of values near the largest stays finite.
    share = intensity / np.repeat(members, members)
    averaged = int(members[members > 1].sum())
    return mz[first], np.add.reduceat(share, first), Dropped(repeated=n_repeated, averaged=averaged)
