"""Lending: a practice asks, two people approve, the MSO pays draws out, instalments are posted in both books."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from openmso.agreements.queries import agreements, clocks
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.equity.contracts import PAY
from openmso.equity.contracts.facilities import (
    APPROVE,
    APPROVING,
    ASK,
    FACILITY,
    INSTALMENT,
    Draw,
    Facility,
    Lending,
    NewFacility,
    NotLent,
)
from openmso.equity.models import facilities as kept
from openmso.equity.queries import facilities
from openmso.equity.rules import lending, loans
from openmso.equity.services.keeping import days, said, tell
from openmso.equity.states import LENDING, Tie
from openmso.kit.errors import NotFound
from openmso.kit.ids import public_id as fresh_id
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.states import check_move
from openmso.ledger.services import posting
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

LOCK = 0x65716661
"""Advisory lock class of facilities: one act at a time on each, because nothing in them is updated."""
DAYS_TO_DECIDE = 10


@atomic
def request(*, actor: Actor, practice: int, new: NewFacility, at: datetime) -> Facility:
    """A practice asks the MSO of its agreement for a facility; it waits for two people to approve.

    Refused where it depends on referrals, by what is said of it or by its words (`FollowsReferrals`), and without an
    agreement in force (`NotLent`).
    """
    decision = actor.must(ASK.code, practice)
    said(purpose=new.purpose)
    loans.refuse_referrals(new.tie, new.purpose, new.terms)
    if new.limit.amount <= 0:
        raise NotLent("What is asked for is more than nothing.", field="limit")
    if not 0 <= new.rate < 1 or new.rate != new.rate.quantize(Decimal("0.000001")):
        raise NotLent("The rate is less than 100 % a year, to four places of a percent.", field="rate")
    if not 0 <= new.unused_rate < 1 or new.unused_rate != new.unused_rate.quantize(Decimal("0.000001")):
        raise NotLent("The unused fee is less than 100 % a year, to four places of a percent.", field="unused_rate")
    if new.unused_rate and not new.revolves:
        raise NotLent("Only a facility that revolves has a fee on what is not drawn.", field="unused_rate")
    if not 1 <= new.months <= 480:
        raise NotLent("It is repaid over one month to forty years.", field="months")
    on = tenancy.today(practice, at)
    version = agreements.in_force(practice, on)
    if version is None:
        raise NotLent("The practice has no agreement in force, so there is nobody to ask.", fix="Execute one first.")
    row = kept.Facility.objects.create(
        practice_id=practice, mso_entity_id=version.terms.mso.entity, practice_entity_id=version.terms.practice.entity,
        purpose=new.purpose.strip(), limit_amount=new.limit.amount, rate=new.rate, months=new.months,
        terms=new.terms.strip(), tie=new.tie, revolves=new.revolves, unused_rate=new.unused_rate, made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip
    _step(row, Lending.REQUESTED, actor, at, new.purpose)
    _ask(row, at, "Two people approve it, or one declines it.")
    tell("requested", row.public_id, practice, actor, at, decision, kind=FACILITY, amount=str(new.limit))
    return facilities.facility(row.public_id)


def _ask(row: kept.Facility, at: datetime, words: str) -> None:
    on = tenancy.today(row.practice_id, at)
    work.open_item(
        practice=row.practice_id, kind=APPROVING, subject=(FACILITY, row.public_id), key=f"{APPROVING}|{row.public_id}",
        title=f"Facility of {row.limit_amount:,.2f}", why=f"{row.purpose} {words}", priority=50,
        priority_why=f"{row.limit_amount:,.2f} over {row.months} months", at=at, amount=row.limit_amount,
        due_at=clocks.closing(row.practice_id, clocks.business_day(on, DAYS_TO_DECIDE)),
    )  # fmt: skip


@atomic
def approve(*, actor: Actor, facility: str, why: str, at: datetime) -> Facility:
    """Approve a facility: the first of two people seconds it, the second opens it; who asked is neither."""
    one, row, decision = locked(actor, facility, APPROVE.code)
    to = Lending.SECONDED if one.state is Lending.REQUESTED else Lending.OPEN
    check_move(LENDING, noun="facility", frm=one.state, to=to)
    for step in one.steps:
        first = "asked for it" if step.to is Lending.REQUESTED else "approved it first"
        duties.another(actor, did=step.by_user, first=first, then="approve it")
    _step(row, to, actor, at, why)
    if to is Lending.OPEN:
        _close(row, APPROVING, actor, at, "Approved", decision)
    what = "seconded" if to is Lending.SECONDED else "approved"
    tell(what, facility, row.practice_id, actor, at, decision, kind=FACILITY, why=why)
    return facilities.facility(facility)


@atomic
def decline(*, actor: Actor, facility: str, why: str, at: datetime) -> Facility:
    """Decline a facility, with the reason that the practice reads."""
    one, row, decision = locked(actor, facility, APPROVE.code)
    said(why=why)
    check_move(LENDING, noun="facility", frm=one.state, to=Lending.DECLINED)
    _step(row, Lending.DECLINED, actor, at, why)
    _close(row, APPROVING, actor, at, "Declined", decision)
    tell("declined", facility, row.practice_id, actor, at, decision, kind=FACILITY, why=why)
    return facilities.facility(facility)


@atomic
def close(*, actor: Actor, facility: str, why: str, at: datetime) -> Facility:
    """Close a facility on which nothing is owed: nothing more is drawn."""
    one, row, decision = locked(actor, facility, APPROVE.code)
    said(why=why)
    check_move(LENDING, noun="facility", frm=one.state, to=Lending.CLOSED)
    if one.balance:
        raise NotLent(f"{one.balance:,.2f} is still owed.", fix="Repay it first.")
    _step(row, Lending.CLOSED, actor, at, why)
    tell("closed", facility, row.practice_id, actor, at, decision, kind=FACILITY, why=why)
    return facilities.facility(facility)


@atomic
def draw(
    *, actor: Actor, facility: str, amount: Money, on: date, purpose: str, at: datetime, residual: Money = ZERO,
    tie: Tie = Tie.NOTHING,
) -> Draw:  # fmt: skip
    """Pay a draw out to the practice, in both books; its schedule begins a month later.

    Refused where it is tied to referrals (`FollowsReferrals`), beyond the limit, with a breach that was not cured or an
    instalment overdue (`NotLent`); and where a rule of law stops payments (`NotLawful`).
    """
    one, row, decision = locked(actor, facility, PAY.code)
    under = [decision, actor.must(PAY.code, one.mso)]
    said(purpose=purpose)
    loans.refuse_referrals(tie, purpose)
    today = tenancy.today(row.practice_id, at)
    if (no := lending.why_not_draw(one, amount, residual, today)) != "":
        raise NotLent(no, field="amount")
    days(on=on)
    clearing.clear(flow=Flow.DRAW, practice=row.practice_id, at=at)
    if one.opened_at is None or not one.opened_at.date() <= on <= today:
        raise NotLent("It is drawn between the approval and today.", field="on")
    made = fresh_id("DRW")
    ours, theirs = posting.post(actor=actor, entries=lending.drawn(one, amount, on, made), at=at, under=under)
    kept.Draw.objects.create(
        practice_id=row.practice_id, public_id=made, facility=row, amount=amount.amount,
        residual_amount=residual.amount, drawn_on=on, purpose=purpose.strip(), practice_entry=ours.public_id,
        mso_entry=theirs.public_id, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    tell("drawn", facility, row.practice_id, actor, at, decision, kind=FACILITY, amount=str(amount))
    return facilities.of_draw(made)[1]


@atomic
def pay(*, actor: Actor, draw: str, on: date, at: datetime) -> Draw:
    """Post the next instalment of a draw in both books. Raises `NotLent` once all are paid, `NotLawful`."""
    of = kept.Draw.objects.filter(public_id=draw).select_related("facility").first()
    if of is None:
        raise NotFound(f"There is no draw {draw}.", field="draw")
    one, row, decision = locked(actor, of.facility.public_id, PAY.code)
    under = [decision, actor.must(PAY.code, one.mso)]
    clearing.clear(flow=Flow.INSTALMENT, practice=row.practice_id, at=at)
    found = next(each for each in one.draws if each.public_id == draw)
    line = found.next
    if line is None:
        raise NotLent("All its instalments are paid.", field="on")
    if not found.drawn_on <= on <= tenancy.today(row.practice_id, at):
        raise NotLent("It was paid between the draw and today.", field="on")
    ours, theirs = posting.post(actor=actor, entries=lending.repaid(one, found, line, on), at=at, under=under)
    kept.DrawPayment.objects.create(
        practice_id=row.practice_id, draw=of, number=line.number, paid_on=on, interest_amount=line.interest.amount,
        principal_amount=line.principal.amount, practice_entry=ours.public_id, mso_entry=theirs.public_id, made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip
    keys = [(row.practice_id, instalment_key(draw, line.number))]
    work.close_items(keys=keys, actor=actor, at=at, outcome="Paid", under=decision)
    facts = {"number": str(line.number), "draw": draw, "amount": str(line.payment)}
    tell("instalment_paid", row.public_id, row.practice_id, actor, at, decision, kind=FACILITY, **facts)
    return facilities.of_draw(draw)[1]


@atomic
def prepay(*, actor: Actor, draw: str, amount: Money, on: date, at: datetime) -> Draw:
    """Post principal that is paid ahead, with its interest so far; the instalments after it are level again.

    Raises `NotLent` for more than is owed and while an instalment that was due is not posted, and `NotLawful`.
    """
    of = kept.Draw.objects.filter(public_id=draw).select_related("facility").first()
    if of is None:
        raise NotFound(f"There is no draw {draw}.", field="draw")
    one, row, decision = locked(actor, of.facility.public_id, PAY.code)
    under = [decision, actor.must(PAY.code, one.mso)]
    found = next(each for each in one.draws if each.public_id == draw)
    no, field = lending.why_not_prepay(found, amount, on, tenancy.today(row.practice_id, at))
    if no:
        raise NotLent(no, field=field)
    clearing.clear(flow=Flow.INSTALMENT, practice=row.practice_id, at=at)
    interest = lending.interest_so_far(one, found, amount, on)
    ours, theirs = posting.post(
        actor=actor, entries=lending.prepaid(one, found, amount, interest, on), at=at, under=under
    )
    kept.Prepayment.objects.create(
        practice_id=row.practice_id, draw=of, paid_on=on, principal_amount=amount.amount,
        interest_amount=interest.amount, practice_entry=ours.public_id, mso_entry=theirs.public_id, made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip
    after = facilities.of_draw(draw)[1]
    if found.next is not None:
        keys = [(row.practice_id, instalment_key(draw, found.next.number))]
        work.close_items(keys=keys, actor=actor, at=at, outcome="Prepaid; the schedule is another", under=decision)
    facts = {"draw": draw, "amount": str(amount)}
    tell("prepaid", row.public_id, row.practice_id, actor, at, decision, kind=FACILITY, **facts)
    return after


@atomic
def pay_unused(*, actor: Actor, facility: str, month: Month, on: date, at: datetime) -> Facility:
    """Post the fee of a month on what of a revolving facility was not drawn. Raises `NotLent`, `NotLawful`."""
    one, row, decision = locked(actor, facility, PAY.code)
    under = [decision, actor.must(PAY.code, one.mso)]
    today = tenancy.today(row.practice_id, at)
    if month not in lending.unused_months(one, today):
        raise NotLent(f"No unused fee is due for {month.words}.", field="month")
    if not month.last < on <= today:
        raise NotLent("It was paid between the end of the month and today.", field="on")
    clearing.clear(flow=Flow.INSTALMENT, practice=row.practice_id, at=at)
    mean, amount = lending.unused(one, month)
    ours, theirs = posting.post(
        actor=actor, entries=lending.unused_paid(one, month, amount, on), at=at, under=under
    )  # fmt: skip
    kept.UnusedFee.objects.create(
        practice_id=row.practice_id, facility=row, month=month.first, mean_amount=mean.amount, amount=amount.amount,
        paid_on=on, practice_entry=ours.public_id, mso_entry=theirs.public_id, made_at=at, made_by=actor.name[:160],
    )  # fmt: skip
    keys = [(row.practice_id, unused_key(facility, month))]
    work.close_items(keys=keys, actor=actor, at=at, outcome="Paid", under=decision)
    facts = {"month": str(month), "amount": str(amount)}
    tell("unused_paid", facility, row.practice_id, actor, at, decision, kind=FACILITY, **facts)
    return facilities.facility(facility)


def unused_key(facility: str, month: Month) -> str:
    """The key of the work that waits for an unused fee."""
    return f"{INSTALMENT}|{facility}|unused|{month}"


def instalment_key(draw: str, number: int) -> str:
    """The key of the work that waits for an instalment."""
    return f"{INSTALMENT}|{draw}|{number}"


def locked(actor: Actor, facility: str, permission: str) -> tuple[Facility, kept.Facility, Decision]:
    """The facility, for nobody else to add to meanwhile, where the actor has the permission; raises `NotFound`."""
    row = kept.Facility.objects.filter(public_id=facility).first()
    if row is None:
        raise NotFound(f"There is no facility {facility}.", field="facility")
    decision = actor.must(permission, row.practice_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, row.pk % 2**31])
    return facilities.facility(facility), row, decision


def _step(row: kept.Facility, to: Lending, actor: Actor, at: datetime, why: str) -> None:
    kept.FacilityStep.objects.create(
        practice_id=row.practice_id, facility=row, to=to, why=why.strip()[:300], made_by_user=actor.user, made_at=at,
        made_by=actor.name[:160],
    )  # fmt: skip


def _close(row: kept.Facility, kind: str, actor: Actor, at: datetime, outcome: str, decision: Decision) -> None:
    keys = [(row.practice_id, f"{kind}|{row.public_id}")]
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=decision)
