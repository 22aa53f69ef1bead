"""What an agreement promises about denials, kept by those that the MSO could have prevented.

A promise is the MSO's: a denial that the practice or nobody but the payer could have prevented does not count against
it, and is told apart, as the time of others is in service levels (agreements.queries.levels). Who could have prevented
a denial is judged when it comes, by the service lines of that day, and mended by a person with words.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from openmso.agreements.contracts import DENIED_BY_US, REWORKED, Promise, Terms
from openmso.agreements.queries import agreements, clocks
from openmso.claims.queries import decided
from openmso.denials.contracts import Cause, Promised, PromisedRow
from openmso.denials.models import Denial
from openmso.denials.queries import queue
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.tenancy import queries as tenancy

TENTH = Decimal("0.1")
WORDS = {
    DENIED_BY_US: "Claims denied that we could have kept from it, of claims sent",
    REWORKED: "Denials that we could have prevented, answered within",
}  # fmt: skip
MEASURED = {
    DENIED_BY_US: "Claims that the first payer paid nothing of, by who could have prevented their dearest line",
    REWORKED: "Business days from the payer's answer until somebody did something about it, on average",
}  # fmt: skip


def of_month(practice: int, month: Month, *, at: datetime) -> list[Promised]:
    """Both measures in a month, with what was promised about them at its end; an unpromised one has no target."""
    version = agreements.in_force(practice, month.last)
    targets = _targets(version.terms) if version else {}
    return [_measured(practice, month, kind, targets.get(kind), at=at) for kind in WORDS]


def behind(practice: int, month: Month, kind: str, *, cause: str = "", at: datetime) -> list[PromisedRow]:
    """The denials that a measure counts in a month, the dearest first; raises `NotFound` for another kind."""
    if kind not in WORDS:
        raise NotFound("Nothing of that name is promised about denials.")
    today = clock.day_in(tenancy.zone(practice), at)
    found = [one for one in _counted(practice, month, kind) if not cause or one.cause == cause]
    found.sort(key=lambda one: (-one.amount, one.pk))
    shown = queue.rows_of(found, on=today)
    return [PromisedRow(row, _days(one, today), one.cause_why) for row, one in zip(shown, found, strict=True)]


def _targets(terms: Terms) -> dict[str, Promise]:
    return {one.kind: one for line in terms.lines for one in line.promises}


def _measured(practice: int, month: Month, kind: str, promise: Promise | None, *, at: datetime) -> Promised:
    rows = _counted(practice, month, kind)
    ours = [one for one in rows if one.cause == Cause.MSO]
    sent, _ = decided.first_sent(first=month.first, last=month.last).get(practice, (0, None))
    today = clock.day_in(tenancy.zone(practice), at)
    if kind == DENIED_BY_US:
        value = Decimal(100 * len(ours)) / sent if sent else None
    else:
        value = Decimal(sum(_days(one, today) for one in ours)) / len(ours) if ours else None
    return Promised(
        kind=kind, words=promise.words if promise else WORDS[kind], measured=MEASURED[kind],
        target=promise.target if promise else None, unit="%" if kind == DENIED_BY_US else "business days",
        value=None if value is None else value.quantize(TENTH), mso=len(ours),
        practice=sum(one.cause == Cause.PRACTICE for one in rows), payer=sum(one.cause == Cause.PAYER for one in rows),
        sent=sent,
    )  # fmt: skip


def _counted(practice: int, month: Month, kind: str) -> list[Denial]:
    """First denials of a month; of whole claims the dearest line alone, where claims are counted."""
    found = Denial.objects.filter(
        practice_id=practice, is_denial=True, is_first=True, denied_on__range=(month.first, month.last)
    )
    if kind == REWORKED:
        return list(found)
    whole = found.filter(is_whole_claim=True, ordinal="P").order_by("claim_id", "-amount", "pk")
    return list(whole.distinct("claim_id"))


def _days(one: Denial, today: date) -> int:
    """Business days until somebody did something about it, or it ended; so far, where nobody did."""
    touched = clock.day_in(tenancy.zone(one.practice_id), one.touched_at) if one.touched_at else None
    ended = min((day for day in (touched, one.resolved_on) if day), default=today)
    return max(0, clocks.business_days(one.denied_on, ended))
