"""Where the processes of the demo meet. A process loads this before Django is ready, so it loads no model."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from multiprocessing.synchronize import Barrier
from threading import Thread

import django
from django.db import connections

PATIENCE = 900
"""Seconds after which a process no longer waits for the others."""
_barrier: Barrier | None = None


def begin(barrier: Barrier, database: str) -> None:
    """What a process does before its first practice."""
    global _barrier  # a barrier reaches a process only as it begins
    _barrier = barrier
    Thread(target=_end_with_the_first, daemon=True).start()
    django.setup()
    connections["default"].settings_dict["NAME"] = database


def _end_with_the_first() -> None:
    """The others do not outlive the first process, however it ends."""
    first = parent_process()
    assert first is not None, "only the others are begun"
    first.join()
    os._exit(1)


def here() -> Barrier:
    """The barrier of this process."""
    assert _barrier is not None, "the process was begun"
    return _barrier
