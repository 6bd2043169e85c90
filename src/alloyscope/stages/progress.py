"""How a stage tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Observe = Callable[[str, int, int | None], None]
"""Told of progress: what is being done, how much is done, and of how much."""
