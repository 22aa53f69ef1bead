"""Runs over the accounts of a practice: proposed, looked at, decided, done, and taken back.

What a kind of run proposes and does stands in modules of its own (`small`, `dunning`, `placing`). Where money is given
up or an account leaves the house, somebody other than who made the run decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from openmso.agreements.queries import clocks
from openmso.billing.contracts import APPROVE, LINE, STATE, SWEEP, TO_SWEEP
from openmso.billing.models import Agency, Sweep, SweptAccount
from openmso.billing.services import chasing, dunning, helping, keeping, placing, small
from openmso.billing.services.proposing import Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import SWEEP_MOVES, Deed, Sweeping, SweepKind, Swept
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.kit.words import counted
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work


class NoSweep(Refused):
    """The run cannot be made or decided as asked."""

    code = "no_run"


@dataclass(frozen=True, slots=True)
class Handler:
    """What one kind of run proposes, and how it is done; `needs_another` where a second person decides."""

    propose: Callable[[int, date, Collection[int] | None], list[Proposal]]
    do: Callable[[Sweep, Sequence[SweptAccount], Act, str], None]
    needs_another: bool


KINDS: Mapping[SweepKind, Handler] = {
    SweepKind.SMALL: Handler(small.propose, small.do, needs_another=True),
    SweepKind.DUNNING: Handler(dunning.propose, dunning.do, needs_another=False),
    SweepKind.AGENCY: Handler(placing.propose, placing.do, needs_another=True),
    SweepKind.CHARITY: Handler(helping.propose, helping.do, needs_another=True),
}


@atomic
def propose(
    *, actor: Actor, practice: int, kind: SweepKind, at: datetime, agency: str = "", only: Collection[int] | None = None
) -> str:  # fmt: skip
    """Look at every account (of some patients) and propose what is to be done; the run's public id.

    Accounts are made anew first. Nothing changes until it is decided. Raises `NoSweep` where nothing is to be done.
    """
    decision = actor.must(STATE.code, practice)
    keeping.refresh(practice=practice, patients=only)
    on = tenancy.today(practice, at)
    row = Sweep(
        practice_id=practice, kind=kind, agency=_agency(practice, agency) if kind is SweepKind.AGENCY else None, on=on,
        made_at=at, made_by=actor.name[:160], made_user=actor.user,
    )  # fmt: skip
    found = KINDS[kind].propose(practice, on, only)
    chasing.refresh(practice=practice, on=on)
    doing = [one for one in found if one.deed is not Deed.NOTHING]
    if not doing:
        raise NoSweep(f"{kind.label}: with none of {counted(len(found), 'account')} anything is to be done today.",
                      code="nothing_to_do")  # fmt: skip
    total = Money.total(one.amount for one in doing)
    row.count, row.amount = len(doing), total.amount
    row.save(force_insert=True)
    SweptAccount.objects.bulk_create(
        [
            SweptAccount(
                practice_id=practice, sweep=row, number=number, patient_id=one.patient, payment_id=one.payment,
                deed=one.deed, amount=one.amount.amount, words=one.words[:300],
                state=Swept.PROPOSED if one.deed is not Deed.NOTHING else Swept.LEFT_OUT,
                why="" if one.deed is not Deed.NOTHING else one.words[:300],
            )
            for number, one in enumerate(found, start=1)
        ], batch_size=1000,
    )  # fmt: skip
    if KINDS[kind].needs_another:
        work.open_item(
            practice=practice, kind=TO_SWEEP, subject=(SWEEP, row.public_id), at=at, amount=total.amount,
            title=f"{kind.label}: {counted(len(doing), 'account')} of {total}",
            why=f"{actor.name} proposes it; somebody else decides.", priority=30, priority_why="A run waits",
            key=_key(row), due_at=clocks.sla_due(practice, LINE, TO_SWEEP, at),
        )  # fmt: skip
    _tell("billing.sweep_made", row, actor, at, decision, kind=kind.label.lower(), count=len(doing), amount=str(total))
    return row.public_id


@atomic
def approve(*, actor: Actor, sweep: str, at: datetime, reference: str = "") -> None:
    """Do what a run proposes, as far as it still may be; where money is given up never one's own (`SamePerson`).

    `reference` names the checks by which small credits are given back. What has changed meanwhile is left out.
    """
    row, decision = _locked(sweep, actor, Sweeping.DONE)
    kind = SweepKind(row.kind)
    if KINDS[kind].needs_another:
        duties.another(actor, did=row.made_user, first="made this run", then="decide it")
    act = Act(actor, at, tenancy.today(row.practice_id, at), decision)
    rows = list(_proposed(row))
    if not rows:
        raise NoSweep("Every account was left out.", fix="Say no to the run instead.")
    patients = {one.patient_id for one in rows}
    keeping.lock(row.practice_id, patients)
    keeping.refresh(practice=row.practice_id, patients=patients)
    now = {one.key: one for one in KINDS[kind].propose(row.practice_id, row.on, patients)}
    still = [one for one in rows if _stands(one, now)]
    for one in rows:
        if one not in still:
            one.state, one.why = Swept.LEFT_OUT, "It has changed since the run was made."
    SweptAccount.objects.bulk_update([one for one in rows if one not in still], ["state", "why"], batch_size=1000)
    for one in still:
        one.state = Swept.DONE
    if still:
        KINDS[kind].do(row, still, act, reference)
    SweptAccount.objects.bulk_update(still, ["state", "act", "amount"], batch_size=1000)
    row.count, row.amount = len(still), Money.total(Money.of(one.amount) for one in still).amount
    _decide(row, Sweeping.DONE, actor, at, decision, "")
    keeping.refresh(practice=row.practice_id, patients=patients)
    chasing.refresh(practice=row.practice_id, on=act.on)
    _tell("billing.sweep_approved", row, actor, at, decision, kind=kind.label.lower(), count=row.count,
          amount=str(Money.of(row.amount)))  # fmt: skip


@atomic
def refuse(*, actor: Actor, sweep: str, why: str, at: datetime) -> None:
    """Say no to a run, with the reason; nothing of it is done."""
    row, decision = _locked(sweep, actor, Sweeping.REFUSED)
    _say_why(why)
    _proposed(row).update(state=Swept.LEFT_OUT, why=why.strip()[:300])
    _decide(row, Sweeping.REFUSED, actor, at, decision, why)
    _tell("billing.sweep_refused", row, actor, at, decision, why=why)


@atomic
def leave_out(*, actor: Actor, sweep: str, numbers: Collection[int], why: str, at: datetime) -> int:
    """Leave some accounts out of a run that waits, with the reason; how many."""
    row = _found(sweep)
    decision = actor.must(STATE.code, row.practice_id)
    _say_why(why)
    if row.state != Sweeping.PROPOSED:
        raise NoSweep("The run is decided; what it did is taken back account by account.")
    left = _proposed(row).filter(number__in=list(numbers)).update(state=Swept.LEFT_OUT, why=why.strip()[:300])
    if not left:
        raise NoSweep("None of these accounts is proposed.", field="numbers")
    _tell("billing.sweep_left_out", row, actor, at, decision, count=left, why=why)
    return left


@atomic
def take_back(*, actor: Actor, sweep: str, number: int, why: str, at: datetime) -> Money:
    """Let an account owe again what a run of small balances gave up of it; how much it is."""
    row = _found(sweep)
    decision = actor.must(APPROVE.code, row.practice_id)
    _say_why(why)
    one = SweptAccount.objects.select_for_update().filter(sweep=row, number=number, state=Swept.DONE.value).first()
    if one is None or one.deed != Deed.WRITE_OFF:
        raise NoSweep("Nothing was given up there.", fix="Recall an account from its agency on its own page.")
    keeping.lock(row.practice_id, [one.patient_id])
    back = small.take_back(one, Act(actor, at, tenancy.today(row.practice_id, at), decision), why)
    one.state, one.why = Swept.TAKEN_BACK, why.strip()[:300]
    one.save(update_fields=["state", "why"])
    keeping.refresh(practice=row.practice_id, patients=[one.patient_id])
    _tell("billing.sweep_taken_back", row, actor, at, decision, why=why, amount=str(back))
    return back


def _stands(one: SweptAccount, now: Mapping[tuple[int, int | None], Proposal]) -> bool:
    """Whether a proposal still is what it was; what is owed is given up as it is now."""
    found = now.get((one.patient_id, one.payment_id))
    if found is None or found.deed != one.deed:
        return False
    one.amount = found.amount.amount
    return True


def _proposed(row: Sweep) -> QuerySet[SweptAccount]:
    return SweptAccount.objects.filter(sweep=row, state=Swept.PROPOSED.value).order_by("number")


def _agency(practice: int, agency: str) -> Agency:
    found = Agency.objects.filter(practice_id=practice, public_id=agency, ended_on=None).first()
    if found is None:
        raise NotFound(f"There is no collection agency {agency or 'named'}.", field="agency")
    return found


def _found(sweep: str) -> Sweep:
    row = Sweep.objects.select_for_update().filter(public_id=sweep).first()
    if row is None:
        raise NotFound(f"There is no run {sweep}.")
    return row


def _locked(sweep: str, actor: Actor, to: Sweeping) -> tuple[Sweep, Decision]:
    row = _found(sweep)
    asks = APPROVE if KINDS[SweepKind(row.kind)].needs_another else STATE
    decision = actor.must(asks.code, row.practice_id)
    check_move(SWEEP_MOVES, noun="run", frm=Sweeping(row.state), to=to)
    return row, decision


def _decide(row: Sweep, to: Sweeping, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    row.state, row.decided_at, row.decided_by, row.decided_why = to, at, actor.name[:160], why.strip()[:300]
    row.save()
    work.close_item(practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome=to.label, under=under)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NoSweep("It says why.", code="no_reason", field="why", fix="Write it in a sentence.")


def _key(row: Sweep) -> str:
    return f"{TO_SWEEP}:{row.public_id}"


def _tell(
    action: str, row: Sweep, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: str | int
) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(SWEEP, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip
