"""Memory: the collector of cyclic garbage rests while many objects are made that have no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within, nothing is gone through again and again to find cycles; memory is freed by counting as ever.

    For a bounded number of plain values: left alone, the collector takes a third of the time in which they are made.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
