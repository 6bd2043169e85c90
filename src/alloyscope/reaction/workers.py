"""Processes that share long work."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers(n: int) -> Iterator[Executor | None]:
    """So many processes, or None for one: the work is then done here.

    They are started anew rather than forked, on every system. When the work is interrupted they end
    at once, whatever they are doing.
    """
    if n <= 1:
        yield None
        return
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(n, multiprocessing.get_context("spawn"), initializer=_quiet)
    try:
        yield pool
    except BaseException:
        # A start takes minutes: waiting for those under way would look like a hang.
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _quiet() -> None:
    """Leave Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
