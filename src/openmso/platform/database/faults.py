"""Faults: which errors of the database pass by themselves, how long to wait, and how to tell of an error safely.

Only errors named here are tried again. Everything else, a refusal or a bug, would fail the same way a second time.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, connection

from openmso.kit.errors import Refused

TRANSIENT = {
    "40001": "two transactions could not be put in order",
    "40P01": "two transactions waited for each other",
    "55P03": "a lock was not to be had in time",
    "08000": "the connection broke",
    "08003": "the connection was gone",
    "08006": "the connection failed",
    "57P01": "the server was being shut down",
    "57P02": "the server crashed",
    "57P03": "the server was not ready",
    "53300": "the server had no connection left",
}
"""SQLSTATE codes that are worth another try, and what they mean."""

TRIES = 5
PAUSE_SECONDS_FIRST = 0.5
PAUSE_SECONDS_MAX = 60.0
_CHANCE = random.SystemRandom()


def is_transient(error: BaseException) -> bool:
    """Whether the error passes by itself."""
    for cause in _chain(error):
        if isinstance(cause, InterfaceError | psycopg.InterfaceError):
            return True
        if isinstance(cause, psycopg.OperationalError):
            return cause.sqlstate is None or cause.sqlstate in TRANSIENT
        if isinstance(cause, psycopg.Error):
            return cause.sqlstate in TRANSIENT
    return False


def pause(tries: int) -> float:
    """Seconds to wait after so many tries: full jitter, from nothing to a bound that doubles."""
    return _CHANCE.uniform(0, min(PAUSE_SECONDS_MAX, PAUSE_SECONDS_FIRST * 2**tries))


def reason(error: BaseException) -> str:
    """What went wrong, without values: messages of the database and of libraries may quote a patient's data."""
    for cause in _chain(error):
        if isinstance(cause, Refused):
            return cause.sentence
        if isinstance(cause, psycopg.Error) and cause.sqlstate:
            what = TRANSIENT.get(cause.sqlstate) or cause.diag.constraint_name or type(cause).__name__
            return f"Database: {what} ({cause.sqlstate})"
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((frame for frame in reversed(frames) if "openmso" in frame.filename), None)
    where = f" at {ours.filename.rsplit('openmso/', 1)[-1]}:{ours.lineno}" if ours else ""
    return f"{type(error).__name__}{where}"


def drop_broken_connection() -> None:
    """Close the thread's connection where it no longer answers, so that the next use opens another."""
    if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
        connection.close()


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
