"""The 60-day clock of 42 CFR 401.305, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openmso.billing.rules.credits import Clock

FOUND = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("began", "ended", "on", "due"),
    [
        (None, None, 0, 60),
        (None, None, 400, 60),
        (10, None, 10, 60),
        (10, None, 40, 90),
        (10, 40, 200, 90),
        (10, None, 190, 240),
        (10, None, 300, 240),
        (10, 250, 300, 240),
    ],
)
def test_an_investigation_suspends_the_deadline_for_180_days_at_most(
    began: int | None, ended: int | None, on: int, due: int
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else FOUND + timedelta(days=number)

    clock = Clock(FOUND, day(began), day(ended))
    assert clock.due_on(FOUND + timedelta(days=on)) == FOUND + timedelta(days=due)
