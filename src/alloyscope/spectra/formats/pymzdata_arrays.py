"""Arrays of an mzML file decoded by pymzdata, as long as it reads what stands in the file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from alloyscope.spectra.mass_spectrum import FloatArray

STDERR = 2
# One thread at a time may redirect standard error. Reentrant, since collecting the garbage of
# another reader can close that one while this one is at work.
_SILENCE = threading.RLock()


class PymzdataArrays:
    """m/z and intensity of one scan after another; None from the first disagreement on."""

    def __init__(self, path: Path) -> None:
        self._reader = _guarded(lambda: _open(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is not None:
            _guarded(self._reader.close)

    def next_arrays(self, declared: dict[str, str]) -> tuple[FloatArray, FloatArray] | None:
        """Arrays of the next scan, each (n_points,) float64.

        declared : attributes of the scan's own tag, as they stand in the file
        None if pymzdata fails, or gives another scan or another number of points than declared.
        """
        if self._reader is None:
            return None
        arrays: tuple[FloatArray, FloatArray] | None = _guarded(
            lambda: _decoded(next(self._reader), declared)
        )
        return arrays


def _open(path: Path) -> Any:
    import pymzdata  # here, since it costs start-up time that other formats need not pay

    return iter(pymzdata.MZReader(str(path)))


def _decoded(scan: Any, declared: dict[str, str]) -> tuple[FloatArray, FloatArray] | None:
    if scan.id != declared.get("id"):
        return None
    mz, intensity = scan.mz_array(), scan.intensity_array()
    if mz is None or intensity is None or len(mz) != len(intensity):
        return None
    if str(len(mz)) != declared.get("defaultArrayLength"):
        return None
    return np.asarray(mz, np.float64), np.asarray(intensity, np.float64)


def _guarded(call: Any) -> Any:
    """The call's result, or None if it fails in whatever way, without a word on the screen.

    A Rust panic is no Exception, and writes to standard error before anyone can catch it.
    """
    with _SILENCE, _muted():
        try:
            return call()
        except BaseException as error:
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return None


@cache
def _nowhere() -> int:
    """The null device, opened once: it is needed twice a scan."""
    return os.open(os.devnull, os.O_WRONLY)


@contextmanager
def _muted() -> Iterator[None]:
    """Standard error switched off, where there is one."""
    try:
        kept = os.dup(STDERR)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            os.dup2(_nowhere(), STDERR)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
