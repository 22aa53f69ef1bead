"""The law after signing: what a change of facts, a day or another rule asks of an agreement waits for compliance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from openmso.agreements.contracts import FACTS, LAW_WORK, Agreement, S
from openmso.agreements.law.judging import Finding, Verdict
from openmso.agreements.law.rulebook import Moment
from openmso.agreements.models.agreement import ServiceAgreement
from openmso.agreements.queries import agreements, clocks, matrix
from openmso.agreements.queries import law as queries
from openmso.agreements.queries.law import Known
from openmso.kit.words import day as said_day
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

PRIORITY, PRIORITY_OVER = 70, 90
WHY_MAX = 600


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """Ask the rules of every signed agreement in scope anew; how many things wait. Every morning, and twice is once."""
    practices = ServiceAgreement.objects.exclude(state__in=[S.DRAFT.value, S.WITHDRAWN.value])
    return sum(
        look(practice=practice, actor=actor, at=at)
        for practice in practices.order_by("practice_id").values_list("practice_id", flat=True).distinct()
    )


@atomic
def look(*, practice: int, actor: Actor, at: datetime, under: Decision | None = None) -> int:
    """Bring up to date what rules ask of a practice's agreement: what they ask is opened, what is met is closed."""
    today = tenancy.today(practice, at)
    signed = [one for one in agreements.of(practice) if one.state in {S.EXECUTED, S.TERMINATED}]
    found = [item for one in signed[-1:] for item in _items(one, today, at)]
    open_now = {item.key for item in found}
    gone = [
        (practice, key)
        for one in signed
        for rule in queries.rules(on=today)
        if (key := _key(one, rule.code)) not in open_now
    ]
    allowed = under or Decision(
        True, FACTS.code, practice, "The rules are asked every morning.", matrix.behind(practice, today)
    )
    work.close_items(keys=gone, actor=actor, at=at, outcome="The rule is met", under=allowed)
    work.open_items(practice=practice, items=found, at=at)
    return len(found)


def _items(agreement: Agreement, today: date, at: datetime) -> Iterator[NewItem]:
    """What stops a change, and clocks that run; of an agreement that ended, what its end asks."""
    ended = agreement.terminated_on is not None and today >= agreement.terminated_on
    known = queries.known_of(agreement, on=today, signed_only=True)
    moment = Moment.END if ended else Moment.CHANGE
    for one in queries.findings(agreement.practice, known, moment=moment, on=today):
        if one.stops or one.verdict in {Verdict.LATE, Verdict.RUNS}:
            yield _item(agreement, one, known, today, at)


def _item(agreement: Agreement, one: Finding, known: Mapping[str, Known], today: date, at: datetime) -> NewItem:
    asked = f" Say: {'; '.join(one.asked)}." if one.asks else ""
    unmet = f" Not so: {'; '.join(one.unmet)}." if one.unmet else ""
    if one.due_on is not None:
        due_at = clocks.closing(agreement.practice, one.due_on)
        pressing = f"its clock ends {when(one.due_on)}"
    else:
        begun = queries.since(one, known) or agreement.versions[-1].executed_at
        due_at = clocks.sla_due(agreement.practice, "compliance", LAW_WORK, begun)
        pressing = f"{one.rule.code} stands against what is so"
    is_over = one.due_on is not None and one.due_on < today
    return NewItem(
        kind=LAW_WORK, subject=(LAW_WORK, agreement.public_id), title=_title(one)[:160],
        why=f"{one.cited}{unmet}{asked} {one.rule.remedy}".strip()[:WHY_MAX],
        priority=PRIORITY_OVER if is_over else PRIORITY, priority_why=pressing, due_at=due_at,
        key=_key(agreement, one.rule.code),
    )  # fmt: skip


def _title(one: Finding) -> str:
    if one.due_on is None:
        return f"{one.rule.code}: {'facts are missing' if one.asks else 'a rule of law is not met'}"
    whom = f" to {one.rule.timer.to}" if one.rule.timer and one.rule.timer.to else ""
    kind = "Notice" if whom else "Clock"
    return f"{one.rule.code}: {kind}{whom} by {said_day(one.due_on)}"


def _key(agreement: Agreement, code: str) -> str:
    return f"{LAW_WORK}|{agreement.public_id}|{code}"
