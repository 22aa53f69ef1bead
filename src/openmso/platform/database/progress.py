"""How far a long transaction is, told to those who wait for it.

What a transaction writes nobody sees before it commits. The name of its session (`application_name`) everybody of the
same role sees at once in `pg_stat_activity`; it ends with the transaction, or with the session if that is killed, so
nothing stale is left behind. It holds 63 bytes, and never anything of a patient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection

Tell = Callable[[str, int, int], object]
"""Is told what is being done, how much of the whole is done, and the whole."""
WHOLE = 100
_TOLD = re.compile(r"(\S+) (\d+)% (.+)")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, and how much of the whole is done, in percent."""

    words: str
    percent: int


class Steps:
    """The steps of a long run, told one after another: `begin` each, and say how far `within` it."""

    def __init__(self, names: Sequence[str], tell: Tell) -> None:
        self._names, self._tell, self._at = names, tell, -1

    def begin(self) -> None:
        """The next step begins."""
        self._at += 1
        self._tell(self._names[self._at], WHOLE * self._at // len(self._names), WHOLE)

    def within(self, done: int, whole: int, noun: str) -> None:
        """So many of so many are done of the step in hand; of how many is unknown when `whole` is 0."""
        share = (self._at + (min(done / whole, 1.0) if whole else 0)) / len(self._names)
        of = f" of {whole:,}" if whole else ""
        self._tell(f"{self._names[self._at]}: {done:,}{of} {noun}", int(WHOLE * share), WHOLE)


def of(subject: str) -> Tell:
    """Tells how far the transaction in hand is with a subject, which is a public id."""

    def tell(words: str, done: int, whole: int) -> None:
        with connection.cursor() as cursor:
            name = f"{subject} {WHOLE * done // whole}% {words}"
            cursor.execute("SELECT set_config('application_name', %s, true)", [name])

    return tell


def told(subject: str) -> Progress | None:
    """How far whoever works on a subject is; nothing where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity "
            "WHERE datname = current_database() AND starts_with(application_name, %s)",
            [f"{subject} "],
        )
        found = cursor.fetchone()
    match = _TOLD.fullmatch(found[0]) if found else None
    return Progress(match[3], int(match[2])) if match else None
