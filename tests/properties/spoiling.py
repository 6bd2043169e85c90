"""Files spoiled at random, and how often."""

from __future__ import annotations

import os
import re

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# For a longer run: FUZZ_FACTOR=10 multiplies the number of mutations and draws other ones.
FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))
LONGEST_SECONDS = 1200 * FACTOR

NUMBER = re.compile(rb"-?\d+(?:[.,]\d+)?(?:e[+-]\d+)?")
SWAPPED = (b"0", b"-1", b"nan", b"inf", b"1e308", b"1e-308", b"99999999999999999999", b"", b"1,5")

Edit = tuple[str, int, int, bytes]
KINDS = ("flip", "delete", "insert", "cut", "repeat", "number", "move")
edits = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.integers(0, 1 << 16), st.integers(1, 80), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=5,
)


def mutated(data: bytes, changes: list[Edit]) -> bytes:
    for kind, where, size, new in changes:
        at = where * len(data) >> 16
        slice_ = data[at : at + size]
        if kind == "flip":
            data = data[:at] + bytes(b ^ (1 << size % 8) for b in slice_[:1]) + data[at + 1 :]
        elif kind == "delete":
            data = data[:at] + data[at + size :]
        elif kind == "insert":
            data = data[:at] + new + data[at:]
        elif kind == "cut":
            data = data[:at]
        elif kind == "repeat":
            data = data[:at] + slice_ * (1 + size % 4) + data[at:]
        elif kind == "move":
            data = data[:at] + data[at + size :] + slice_
        elif numbers := list(NUMBER.finditer(data)):
            found = numbers[where % len(numbers)]
            data = data[: found.start()] + SWAPPED[size % len(SWAPPED)] + data[found.end() :]
    return data


def fuzzing(n_examples: int) -> settings:
    return settings(
        max_examples=n_examples * FACTOR,
        deadline=None,
        database=None,
        derandomize=FACTOR == 1,
        suppress_health_check=list(HealthCheck),
    )
