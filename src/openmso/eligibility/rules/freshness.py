"""When an answer still holds for a visit, so that nobody is asked twice for nothing."""

from __future__ import annotations

from datetime import date, timedelta

FRESH_DAYS = 7


def holds(*, answered_on: date, asked_for: date, visit_on: date) -> bool:
    """Whether what was answered on a day about a day still tells of a visit: within a week, in the same month.

    Plans begin and end with months: an answer about October says nothing of November.
    """
    same_month = (asked_for.year, asked_for.month) == (visit_on.year, visit_on.month)
    return same_month and visit_on - answered_on <= timedelta(days=FRESH_DAYS)
