"""What tables, figures and verdicts call spectra and components."""

from __future__ import annotations

from alloyscope.reaction.experiment import time_text
from alloyscope.results.uvvis import UvvisRun

SKETCH = "sketch from band positions"
LONGEST_TIME = 8
"""Characters of a time from which it is written to four digits."""


def spectrum_name(run: UvvisRun, index: int) -> str:
    """A spectrum as tables and figures call it: its time, or its name."""
    times = run.series.time_min
    return run.series.names[index] if times is None else brief_time(float(times[index]))


def brief_time(minutes: float) -> str:
    """A time in the unit that people would use, to four digits where it is odd.

    >>> brief_time(40 / 60), brief_time(0.10051), brief_time(123.4567), brief_time(1200.0)
    ('40 s', '6.0306 s', '123.5 min', '20 h')
    """
    plain = time_text(minutes)
    if len(plain) <= LONGEST_TIME:
        return plain
    return f"{60 * minutes:.4g} s" if minutes < 1 else f"{minutes:.4g} min"


def component_name(run: UvvisRun, k: int) -> str:
    """A component, said to be a sketch where it is one."""
    assert run.unmixed is not None
    name = run.unmixed.names[k]
    return f"{name} ({SKETCH})" if name in run.sketched else name
