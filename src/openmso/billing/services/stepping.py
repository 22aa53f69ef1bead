"""How a run over accounts goes on: some accounts a step, each step a transaction of its own.

What a step has done stays done. Whoever interrupts a run, or a machine that stops, leaves it where it stands; the next
step begins behind it and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from openmso.agreements.queries import clocks
from openmso.billing.contracts import APPROVE, LINE, STATE, SWEEP, TO_SWEEP
from openmso.billing.models import Account, Sweep, SweptAccount
from openmso.billing.services import chasing, dunning, helping, keeping, placing, small
from openmso.billing.services.proposing import Handler, Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import SWEEP_MOVES, UNDER_WAY, Deed, Sweeping, SweepKind, Swept
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

STEP = 500
"""Accounts of one transaction of a run."""

KINDS: Mapping[SweepKind, Handler] = {
    SweepKind.SMALL: Handler(small.propose, small.do, needs_another=True),
    SweepKind.DUNNING: Handler(dunning.propose, dunning.do, needs_another=False, finish=dunning.finish),
    SweepKind.AGENCY: Handler(placing.propose, placing.do, needs_another=True, finish=placing.finish),
    SweepKind.CHARITY: Handler(helping.propose, helping.do, needs_another=True),
}


def go_on(*, actor: Actor, sweep: str, at: datetime) -> bool:
    """Do the next step of a run, in a transaction of its own; whether more is left. Safe to call after a crash."""
    with atomic.open():
        row = Sweep.objects.select_for_update().get(public_id=sweep)
        state = Sweeping(row.state)
        if state not in UNDER_WAY:
            return False
        decision = actor.must(permission(SweepKind(row.kind), state), row.practice_id)
        if state is Sweeping.DOING:
            _do(row, Act(actor, at, tenancy.today(row.practice_id, row.decided_at or at), decision))
        elif row.whole is None:
            _count(row)
        else:
            _look(row, actor, at, decision)
        row.save()
        return Sweeping(row.state) in UNDER_WAY


def permission(kind: SweepKind, state: Sweeping) -> str:
    """What a run asks for: where money is given up, the permission of whoever approves, from its decision on."""
    decides = state in {Sweeping.PROPOSED, Sweeping.DOING} and KINDS[kind].needs_another
    return APPROVE.code if decides else STATE.code


def proposed(row: Sweep) -> QuerySet[SweptAccount]:
    """The accounts of a run with which something is still to be done."""
    return SweptAccount.objects.filter(sweep=row, state=Swept.PROPOSED.value).order_by("number")


def key(row: Sweep) -> str:
    """The name of its work."""
    return f"{TO_SWEEP}:{row.public_id}"


def tell(
    action: str, row: Sweep, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: str | int
) -> None:
    """Tell the trail."""
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(SWEEP, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip


def _accounts(row: Sweep) -> QuerySet[Account]:
    found = Account.objects.filter(practice_id=row.practice_id)
    return found if row.only is None else found.filter(patient_id__in=row.only)


def _count(row: Sweep) -> None:
    """The first step: accounts are made anew, and counted."""
    keeping.refresh(practice=row.practice_id, patients=row.only)
    row.whole = _accounts(row).count()


def _look(row: Sweep, actor: Actor, at: datetime, under: Decision) -> None:
    """Look at the next accounts; after the last one the run waits for its decision, or has nothing to do."""
    next_ones = _accounts(row).filter(patient_id__gt=row.after).order_by("patient_id")
    mine = list(next_ones.values_list("patient_id", flat=True)[:STEP])
    if mine:
        found = KINDS[SweepKind(row.kind)].propose(row.practice_id, row.on, mine)
        _keep(row, sorted(found, key=lambda one: one.patient))
        row.after, row.looked = mine[-1], row.looked + len(mine)
    if len(mine) == STEP:
        return
    chasing.refresh(practice=row.practice_id, on=row.on)
    state = Sweeping.PROPOSED if row.count else Sweeping.NOTHING
    check_move(SWEEP_MOVES, noun="run", frm=Sweeping.BEGUN, to=state)
    row.state = state
    if row.count:
        _offer(row, actor, at, under)


def _keep(row: Sweep, found: Sequence[Proposal]) -> None:
    """Write down what is proposed for some accounts."""
    first = SweptAccount.objects.filter(sweep=row).count() + 1
    SweptAccount.objects.bulk_create(
        [
            SweptAccount(
                practice_id=row.practice_id, sweep=row, number=number, patient_id=one.patient, payment_id=one.payment,
                deed=one.deed, amount=one.amount.amount, words=one.words[:300],
                state=Swept.PROPOSED if one.deed is not Deed.NOTHING else Swept.LEFT_OUT,
                why="" if one.deed is not Deed.NOTHING else one.words[:300],
            )
            for number, one in enumerate(found, start=first)
        ], batch_size=1000,
    )  # fmt: skip
    doing = [one for one in found if one.deed is not Deed.NOTHING]
    row.count += len(doing)
    row.amount += Money.total(one.amount for one in doing).amount


def _offer(row: Sweep, actor: Actor, at: datetime, under: Decision) -> None:
    """What the run proposes waits for a person."""
    kind, total = SweepKind(row.kind), Money.of(row.amount)
    if KINDS[kind].needs_another:
        work.open_item(
            practice=row.practice_id, kind=TO_SWEEP, subject=(SWEEP, row.public_id), at=at, amount=row.amount,
            title=f"{kind.label}: {counted(row.count, 'account')} of {total}",
            why=f"{row.made_by} proposes it; somebody else decides.", priority=30,
            priority_why=f"{counted(row.count, 'account')} of {total} wait for a decision",
            key=key(row), due_at=clocks.sla_due(row.practice_id, LINE, TO_SWEEP, at),
        )  # fmt: skip
    tell("billing.sweep_made", row, actor, at, under, kind=kind.label.lower(), count=row.count, amount=str(total))


def _do(row: Sweep, act: Act) -> None:
    """Do what is proposed for the next accounts, as far as it still may be; after the last one the run is done."""
    rows = list(proposed(row)[:STEP])
    if rows:
        _do_some(row, rows, act)
        row.looked += len(rows)
    if len(rows) < STEP:
        end(row, act)


def _do_some(row: Sweep, rows: Sequence[SweptAccount], act: Act) -> None:
    kind, patients = KINDS[SweepKind(row.kind)], {one.patient_id for one in rows}
    keeping.lock(row.practice_id, patients)
    keeping.refresh(practice=row.practice_id, patients=patients)
    now = {one.key: one for one in kind.propose(row.practice_id, row.on, patients)}
    for one in rows:
        found = now.get((one.patient_id, one.payment_id))
        if found is not None and found.deed == one.deed:  # what is owed is given up as it is now
            one.state, one.amount = Swept.DONE, found.amount.amount
        else:
            one.state, one.why = Swept.LEFT_OUT, "It has changed since the run was made."
    still = [one for one in rows if one.state == Swept.DONE]
    if still:
        kind.do(row, still, act)
    SweptAccount.objects.bulk_update(rows, ["state", "why", "act", "amount"], batch_size=1000)
    keeping.refresh(practice=row.practice_id, patients=patients)


def end(row: Sweep, act: Act) -> None:
    """Every account is done or left out: what goes out is written, and the run is done."""
    done = SweptAccount.objects.filter(sweep=row, state=Swept.DONE.value)
    row.count, row.amount = done.count(), Money.total(map(Money.of, done.values_list("amount", flat=True))).amount
    if row.count:
        KINDS[SweepKind(row.kind)].finish(row, act)
    check_move(SWEEP_MOVES, noun="run", frm=Sweeping.DOING, to=Sweeping.DONE)
    row.state = Sweeping.DONE
    chasing.refresh(practice=row.practice_id, on=act.on)
    tell("billing.sweep_done", row, act.actor, act.at, act.under, kind=SweepKind(row.kind).label.lower(),
         count=row.count, amount=str(Money.of(row.amount)))  # fmt: skip
