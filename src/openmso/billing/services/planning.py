"""Payment plans: made, approved where they are outside the policy, looked at, kept, broken, ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from openmso.agreements.queries import clocks
from openmso.billing.contracts import APPROVE, COLLECT, LINE, PLAN, PLAN_MISSED, TO_APPROVE_PLAN
from openmso.billing.models import Plan
from openmso.billing.queries import owing, plans, policies
from openmso.billing.rules import plans as rules
from openmso.billing.rules.plans import Standing, Terms
from openmso.billing.rules.policy import Policy
from openmso.billing.services import keeping
from openmso.billing.states import PLAN_MOVES, L
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.kit.words import counted, day
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

DECIDED = ["state", "decided_at", "decided_by", "decided_why"]
LOOKED_AT = ["left_amount", "due_amount", "missed", "next_on"]


class NoPlan(Refused):
    """The plan cannot be made, or treated, as asked."""

    code = "no_plan"


@atomic
def make(
    *, actor: Actor, patient: str, instalment: Money, month_day: int, starts_on: date, at: datetime, why: str = ""
) -> str:
    """Have all that a patient owes now paid in instalments on a day of the month; the plan's public id.

    Outside the practice's policy it says why, and waits until somebody else approves it. Raises `NoPlan`, and
    `Conflict` where the patient pays by a plan already.
    """
    who = keeping.one_patient(patient)
    decision = actor.must(COLLECT.code, who.practice)
    lines = owing.lines(practice=who.practice, patients=[who.id]).get(who.id, [])
    due = [one for one in lines if one.owed > ZERO]
    if not due:
        raise NoPlan("The patient owes nothing.", code="nothing_owed")
    if not 1 <= month_day <= rules.DAY_MAX:
        raise NoPlan(f"The day is one that every month has: 1 to {rules.DAY_MAX}.", field="day")
    amount = Money.total(one.owed for one in due)
    terms = Terms(amount, instalment, rules.first_day(starts_on, month_day))
    for field, words in rules.flaws(terms, tenancy.today(who.practice, at)):
        raise NoPlan(words, field=field)
    found = Plan.objects.filter(practice_id=who.practice, patient_id=who.id, state__in=[L.ASKED, L.ACTIVE]).first()
    if found is not None:
        raise Conflict(f"The patient pays by plan {found.public_id} already.", fix="End that one first.")
    beyond = rules.beyond(terms, policies.current(who.practice))
    if beyond and not why.strip():
        raise NoPlan(f"{beyond} A plan outside the policy says why, and is approved by somebody else.", field="why")
    row = Plan.objects.create(
        practice_id=who.practice, patient_id=who.id, amount=amount.amount, instalment_amount=instalment.amount,
        first_on=terms.first_on, covers=[[one.claim, one.line, str(one.owed)] for one in due], beyond=beyond[:200],
        why=why.strip()[:300], state=L.ASKED if beyond else L.ACTIVE, made_at=at, made_by=actor.name[:160],
        made_user=actor.user, grant=decision.grant, left_amount=amount.amount, next_on=terms.first_on,
    )  # fmt: skip
    if beyond:
        work.open_item(
            practice=who.practice, kind=TO_APPROVE_PLAN, subject=(PLAN, row.public_id), at=at, amount=amount.amount,
            title=f"{amount} in {counted(terms.count, 'instalment')}?", why=f"{beyond} {actor.name}: {why.strip()}",
            priority=40, priority_why=f"a patient waits for the answer about {amount}",
            key=f"{TO_APPROVE_PLAN}:{row.public_id}",
            due_at=clocks.sla_due(who.practice, LINE, TO_APPROVE_PLAN, at),
        )  # fmt: skip
        _tell("billing.plan_asked", row, actor, at, decision, why=why)
    else:
        _begin(row, "billing.plan_made", actor, at, decision)
    return row.public_id


@atomic
def approve(*, actor: Actor, plan: str, at: datetime) -> None:
    """Let a plan outside the policy begin; never one's own (`SamePerson`). A first day that is over moves ahead."""
    row, decision = _locked(plan, actor, APPROVE.code, L.ACTIVE)
    duties.another(actor, did=row.made_user, first="asked for this plan", then="approve it")
    today = tenancy.today(row.practice_id, at)
    row.first_on = rules.first_day(max(today, row.first_on), row.first_on.day)
    row.next_on = row.first_on
    row.save(update_fields=["first_on", "next_on"])
    _decide(row, L.ACTIVE, actor, at, "", decision)
    _begin(row, "billing.plan_approved", actor, at, decision)


@atomic
def refuse(*, actor: Actor, plan: str, why: str, at: datetime) -> None:
    """Say no to a plan outside the policy, with the reason."""
    row, decision = _locked(plan, actor, APPROVE.code, L.REFUSED)
    _say_why(why)
    _decide(row, L.REFUSED, actor, at, why, decision)
    _tell("billing.plan_refused", row, actor, at, decision, why=why)


@atomic
def end(*, actor: Actor, plan: str, why: str, at: datetime) -> None:
    """End a plan before it is paid, with the reason: what is left is asked for as a whole again."""
    row, decision = _locked(plan, actor, COLLECT.code, L.ENDED)
    _say_why(why)
    _decide(row, L.ENDED, actor, at, why, decision)
    _tell("billing.plan_ended", row, actor, at, decision, why=why, left=str(row.left_amount))


@atomic
def look_at(
    *, actor: Actor, practice: int, at: datetime, under: Decision, patients: Collection[int] | None = None
) -> Counter[L]:
    """Bring the running plans of a practice (of some patients) up to date: paid, missed (work) or broken.

    How many there are by how they stand afterwards.
    """
    found = Plan.objects.select_for_update().filter(practice_id=practice, state=L.ACTIVE)
    rows = list((found if patients is None else found.filter(patient_id__in=list(patients))).order_by("pk"))
    if not rows:
        return Counter()
    on, policy = tenancy.today(practice, at), policies.current(practice)
    lefts = plans.lefts(practice, rows)
    stand = {row.pk: rules.stand(plans.terms(row), lefts[row.pk], on, policy.plan_grace_days) for row in rows}
    late = [row for row in rows if _bring(row, stand[row.pk], policy, actor, at, under)]
    Plan.objects.bulk_update(rows, [*LOOKED_AT, *DECIDED], batch_size=500)
    if late:
        due = clocks.sla_due(practice, LINE, PLAN_MISSED, at)
        work.open_items(practice=practice, items=[_missed(row, due) for row in late], at=at)
    work.close_items(
        keys=[(practice, _key(row)) for row in rows if row not in late], actor=actor, at=at,
        outcome="Nothing of the plan is missed", under=under,
    )  # fmt: skip
    return Counter(L(row.state) for row in rows)


@atomic
def review(*, actor: Actor, practice: int, at: datetime) -> Counter[L]:
    """Look at every running plan of a practice, as every night."""
    return look_at(actor=actor, practice=practice, at=at, under=actor.must(COLLECT.code, practice))


def _bring(row: Plan, standing: Standing, policy: Policy, actor: Actor, at: datetime, under: Decision) -> bool:
    """Write down how a plan stands; whether somebody has to call the patient."""
    row.left_amount, row.due_amount = standing.left.amount, standing.due.amount
    row.missed, row.next_on = standing.missed, standing.next.due_on if standing.next else None
    if not standing.left:
        _mark(row, L.KEPT, actor, at, "")
        _tell("billing.plan_kept", row, actor, at, under)
    elif standing.missed >= policy.plan_missed_max:
        _mark(row, L.BROKEN, actor, at, f"{counted(standing.missed, 'instalment')} missed")
        _tell("billing.plan_broken", row, actor, at, under, left=str(standing.left), missed=standing.missed)
    return bool(standing.missed) and row.state != L.KEPT


def _missed(row: Plan, due: datetime) -> NewItem:
    owed, left = Money.of(row.due_amount), Money.of(row.left_amount)
    assert row.next_on is not None, "what was missed has a day"
    title, why = f"{owed} of a payment plan is missed", f"It was due from {day(row.next_on)} on. Call the patient."
    if row.state == L.BROKEN:
        title, why = (
            "A payment plan is broken",
            (
                f"{counted(row.missed, 'instalment')} missed; {left} is asked for as a whole again. Call the "
                "patient, and make another plan or let the next statement go."
            ),
        )
    return NewItem(
        kind=PLAN_MISSED, subject=(PLAN, row.public_id), title=title, why=why,
        priority=50 if row.state == L.BROKEN else 40,
        priority_why=f"{owed} missed of {left}, which the patient had agreed to pay by the month",
        due_at=due, key=_key(row), amount=left.amount,
    )  # fmt: skip


def _begin(row: Plan, action: str, actor: Actor, at: datetime, under: Decision) -> None:
    _tell(action, row, actor, at, under, instalment=str(row.instalment_amount), first_on=day(row.first_on))
    look_at(actor=actor, practice=row.practice_id, at=at, under=under, patients=[row.patient_id])


def _locked(plan: str, actor: Actor, permission: str, to: L) -> tuple[Plan, Decision]:
    row = Plan.objects.select_for_update().filter(public_id=plan).first()
    if row is None:
        raise NotFound(f"There is no plan {plan}.")
    decision = actor.must(permission, row.practice_id)
    check_move(PLAN_MOVES, noun="plan", frm=L(row.state), to=to)
    return row, decision


def _mark(row: Plan, to: L, actor: Actor, at: datetime, why: str) -> None:
    row.state, row.decided_at, row.decided_by, row.decided_why = to, at, actor.name[:160], why.strip()[:300]


def _decide(row: Plan, to: L, actor: Actor, at: datetime, why: str, under: Decision) -> None:
    _mark(row, to, actor, at, why)
    row.save(update_fields=DECIDED)
    work.close_items(
        keys=[(row.practice_id, f"{TO_APPROVE_PLAN}:{row.public_id}"), (row.practice_id, _key(row))], actor=actor,
        at=at, outcome=to.label, under=under,
    )  # fmt: skip


def _key(row: Plan) -> str:
    return f"{PLAN_MISSED}:{row.public_id}"


def _say_why(why: str) -> None:
    if not why.strip():
        raise NoPlan("It says why.", code="no_reason", field="why", fix="Write it in a sentence.")


def _tell(
    action: str, row: Plan, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: Any
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(PLAN, row.public_id), at=at, why=why,
        facts={"amount": str(row.amount)} | facts, decision=under,
    )  # fmt: skip
