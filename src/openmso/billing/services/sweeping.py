"""Runs over the accounts of a practice: proposed, looked at, decided, done, and taken back.

What a kind of run proposes and does stands in modules of its own (`small`, `dunning`, `placing`). Where money is given
up or an account leaves the house, somebody other than who made the run decides. A run goes on step by step
(`stepping`): at once where there are few accounts, else as a job.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from openmso.billing.contracts import APPROVE, STATE
from openmso.billing.models import Account, Agency, Sweep, SweptAccount
from openmso.billing.services import keeping, small
from openmso.billing.services.settling import Act
from openmso.billing.services.stepping import KINDS, end, go_on, key, permission, proposed, tell
from openmso.billing.states import SWEEP_MOVES, UNDER_WAY, Deed, Sweeping, SweepKind, Swept
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

AT_ONCE = 200
"""Accounts of a run that are done while one waits; more become a job with progress."""


class NoSweep(Refused):
    """The run cannot be made or decided as asked."""

    code = "no_run"


def propose(
    *, actor: Actor, practice: int, kind: SweepKind, at: datetime, agency: str = "", only: Collection[int] | None = None
) -> str:  # fmt: skip
    """Look at every account (of some patients) and propose what is to be done; the run's public id.

    Accounts are made anew first. Nothing changes until it is decided. Raises `NoSweep` where nothing is to be done.
    """
    made = begin(actor=actor, practice=practice, kind=kind, at=at, agency=agency, only=only)
    return finish_looking(actor=actor, sweep=made, at=at)


@atomic
def begin(
    *, actor: Actor, practice: int, kind: SweepKind, at: datetime, agency: str = "",
    only: Collection[int] | None = None, as_job: bool = False,
) -> str:  # fmt: skip
    """Begin a run, to be gone on with step by step (`go_on`), or by a job; its public id."""
    decision = actor.must(STATE.code, practice)
    row = Sweep.objects.create(
        practice_id=practice, kind=kind, agency=_agency(practice, agency) if kind is SweepKind.AGENCY else None,
        on=tenancy.today(practice, at), state=Sweeping.BEGUN, made_at=at, made_by=actor.name[:160],
        made_user=actor.user, count=0, amount=0, only=sorted(only) if only is not None else None,
    )  # fmt: skip
    if as_job:
        jobs.defer("billing.sweep", practice=practice, behind=decision.grant, sweep=row.public_id)
    return row.public_id


def start(
    *, actor: Actor, practice: int, kind: SweepKind, at: datetime, agency: str = "", only: Collection[int] | None = None
) -> str:  # fmt: skip
    """Propose a run for somebody who waits: at once where there are few accounts, else as a job."""
    with atomic.open():
        whole = len(only) if only is not None else Account.objects.filter(practice_id=practice).count()
    if whole <= AT_ONCE:
        return propose(actor=actor, practice=practice, kind=kind, at=at, agency=agency, only=only)
    return begin(actor=actor, practice=practice, kind=kind, at=at, agency=agency, only=only, as_job=True)


def finish_looking(*, actor: Actor, sweep: str, at: datetime) -> str:
    """Go on with a run until it waits for its decision. Raises `NoSweep` where nothing is to be done."""
    while go_on(actor=actor, sweep=sweep, at=at):
        pass
    with atomic.open():
        row = _found(sweep)
        if row.state == Sweeping.NOTHING:
            raise NoSweep(f"{SweepKind(row.kind).label}: nothing is to be done today with any of the accounts.",
                          code="nothing_to_do")  # fmt: skip
    return sweep


def approve(*, actor: Actor, sweep: str, at: datetime, reference: str = "") -> None:
    """Do what a run proposes, as far as it still may be; where money is given up never one's own (`SamePerson`).

    `reference` names the checks by which small credits are given back. What has changed meanwhile is left out.
    """
    decide(actor=actor, sweep=sweep, at=at, reference=reference)
    while go_on(actor=actor, sweep=sweep, at=at):
        pass


def approve_soon(*, actor: Actor, sweep: str, at: datetime, reference: str = "") -> None:
    """The same for somebody who waits: at once where there are few accounts, else as a job."""
    if decide(actor=actor, sweep=sweep, at=at, reference=reference, as_job_above=AT_ONCE) <= AT_ONCE:
        while go_on(actor=actor, sweep=sweep, at=at):
            pass


@atomic
def decide(*, actor: Actor, sweep: str, at: datetime, reference: str = "", as_job_above: int | None = None) -> int:
    """Decide that a run is done; how many accounts are to be. It is gone on with step by step, or by a job."""
    row, decision = _locked(sweep, actor, Sweeping.DOING)
    kind = SweepKind(row.kind)
    if KINDS[kind].needs_another:
        duties.another(actor, did=row.made_user, first="made this run", then="decide it")
    rows = proposed(row)
    row.whole, row.looked = rows.count(), 0
    if not row.whole:
        raise NoSweep("Every account was left out.", fix="Say no to the run instead.")
    if rows.filter(deed=Deed.REFUND.value).exists() and not reference.strip():
        raise NoSweep("Small credits go back by checks.", code="no_reference", field="reference",
                      fix="Write the numbers of the checks, or of the batch they are in.")  # fmt: skip
    row.reference = reference.strip()[:40]
    _decide(row, Sweeping.DOING, actor, at, decision, "")
    tell("billing.sweep_approved", row, actor, at, decision, kind=kind.label.lower(), count=row.whole,
         amount=str(Money.of(row.amount)))  # fmt: skip
    if as_job_above is not None and row.whole > as_job_above:
        jobs.defer("billing.sweep", practice=row.practice_id, behind=decision.grant, sweep=row.public_id)
    return row.whole


@atomic
def take_up(*, actor: Actor, sweep: str, at: datetime) -> None:
    """Have a run that was interrupted go on where it stands, as a job; nothing of it is done twice."""
    row = _found(sweep)
    decision = actor.must(permission(SweepKind(row.kind), Sweeping(row.state)), row.practice_id)
    if Sweeping(row.state) not in UNDER_WAY:
        raise NoSweep("The run is not under way.", code="not_under_way")
    jobs.defer("billing.sweep", practice=row.practice_id, behind=decision.grant, sweep=sweep)
    tell("billing.sweep_taken_up", row, actor, at, decision, count=row.looked)


@atomic
def refuse(*, actor: Actor, sweep: str, why: str, at: datetime) -> None:
    """Say no to a run, with the reason: nothing of it is done; of one that is being done, nothing more."""
    going = _found(sweep).state == Sweeping.DOING
    row, decision = _locked(sweep, actor, Sweeping.DONE if going else Sweeping.REFUSED)
    _say_why(why)
    proposed(row).update(state=Swept.LEFT_OUT, why=why.strip()[:300])
    if going:
        row.decided_why = why.strip()[:300]
        end(row, Act(actor, at, tenancy.today(row.practice_id, row.decided_at or at), decision))
        row.save()
    else:
        _decide(row, Sweeping.REFUSED, actor, at, decision, why)
    tell("billing.sweep_refused", row, actor, at, decision, why=why)


@atomic
def leave_out(*, actor: Actor, sweep: str, numbers: Collection[int], why: str, at: datetime) -> int:
    """Leave some accounts out of a run that waits, with the reason; how many."""
    row = _found(sweep)
    decision = actor.must(STATE.code, row.practice_id)
    _say_why(why)
    if row.state != Sweeping.PROPOSED:
        raise NoSweep("The run is decided; what it did is taken back account by account.")
    left = proposed(row).filter(number__in=list(numbers)).update(state=Swept.LEFT_OUT, why=why.strip()[:300])
    if not left:
        raise NoSweep("None of these accounts is proposed.", field="numbers")
    tell("billing.sweep_left_out", row, actor, at, decision, count=left, why=why)
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
    tell("billing.sweep_taken_back", row, actor, at, decision, why=why, amount=str(back))
    return back


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
    decision = actor.must(permission(SweepKind(row.kind), Sweeping(row.state)), row.practice_id)
    check_move(SWEEP_MOVES, noun="run", frm=Sweeping(row.state), to=to)
    return row, decision


def _decide(row: Sweep, to: Sweeping, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    row.state, row.decided_at, row.decided_by, row.decided_why = to, at, actor.name[:160], why.strip()[:300]
    row.save()
    work.close_item(practice=row.practice_id, key=key(row), actor=actor, at=at, outcome=to.label, under=under)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NoSweep("It says why.", code="no_reason", field="why", fix="Write it in a sentence.")
