"""Work items of eligibility: one of a kind for a coverage, open as long as its latest check asks for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.eligibility.contracts import FAILED, INACTIVE, LINE, OTHER_PAYER, Sheet
from openmso.eligibility.models import Check
from openmso.eligibility.states import S, Verdict
from openmso.kit import clock
from openmso.kit.words import day
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

SUBJECT = "eligibility.check"
SOON_DAYS = 1


def keep_in_step(
    rows: Sequence[Check], sheets: dict[int, Sheet], *, actor: Actor, at: datetime, under: Decision
) -> None:
    """Open what the latest state of each check asks for, and close what it settles."""
    items: dict[int, list[NewItem]] = {}
    settled: list[tuple[int, str]] = []
    for row in rows:
        wanted = _wanted(row, sheets.get(row.pk))
        for kind in (FAILED, INACTIVE, OTHER_PAYER):
            if kind in wanted:
                items.setdefault(row.practice_id, []).append(_item(row, kind, wanted[kind], at))
            elif row.state == S.ANSWERED:
                settled.append((row.practice_id, _key(kind, row)))
    answered = "The payer was asked again and answered."
    work.close_items(keys=settled, actor=actor, at=at, outcome=answered, under=under)
    for practice, opened in items.items():
        work.open_items(practice=practice, items=opened, at=at)


def close(row: Check, kind: str, *, actor: Actor, at: datetime, under: Decision, outcome: str) -> None:
    """What a check had somebody do is done."""
    work.close_item(practice=row.practice_id, key=_key(kind, row), actor=actor, at=at, outcome=outcome, under=under)


def _wanted(row: Check, sheet: Sheet | None) -> dict[str, str]:
    """The kinds of work that a check asks for, each with what is to be done."""
    if row.state == S.FAILED:
        return {FAILED: f"{row.words} {row.fix}".strip()}
    if row.state != S.ANSWERED or sheet is None:
        return {}
    wanted = {}
    if row.verdict == Verdict.INACTIVE:
        ended = f": it ended on {day(sheet.ends_on)}" if sheet.ends_on else ""
        wanted[INACTIVE] = f"The plan does not hold on {day(row.asked_for)}{ended}. Find who covers the patient."
    real = next((one for one in sheet.others if one.is_real), None)
    if real is not None:
        wanted[OTHER_PAYER] = f"{real.name} stands behind the plan and takes the claims. Take it as the coverage."
    return wanted


def _item(row: Check, kind: str, why: str, at: datetime) -> NewItem:
    zone = tenancy.zone(row.practice_id)
    due = clocks.sla_due(row.practice_id, LINE, kind, at)
    if row.visit_on is not None:
        due = max(min(due, clock.morning_of(row.visit_on, zone)), at)
    days = (row.visit_on - clock.day_in(zone, at)).days if row.visit_on else None
    soon = days is not None and days <= SOON_DAYS
    seen = f"visit {when(row.visit_on)}" if row.visit_on else "no visit is planned yet"
    return NewItem(
        kind=kind, subject=(SUBJECT, row.public_id), title=f"Coverage check {row.public_id}", why=why[:300],
        priority=80 if soon else 50, priority_why=seen, due_at=due, key=_key(kind, row),
    )  # fmt: skip


def _key(kind: str, row: Check) -> str:
    """One item of a kind for a coverage; of a visit without any, for the visit."""
    about = row.coverage_id or f"v{row.visit_id}"
    return f"{kind}:{about}"
