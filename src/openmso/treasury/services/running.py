"""Verbs of a run: the MSO proposes a month, the practice approves it, it is posted in both books, or taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from openmso.agreements.fees import waterfall
from openmso.agreements.fees.waterfall import Line
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.states import IllegalMove
from openmso.ledger.services import posting as ledger
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement.services import paying_out as fees
from openmso.treasury import models, rules
from openmso.treasury.contracts import APPROVE, RUN, RUNS, Run
from openmso.treasury.queries import loans, paying, reckoning, runs
from openmso.treasury.queries.reckoning import CannotRun, Reckoned
from openmso.treasury.services import lending
from openmso.treasury.services.moving import begun, move, tell
from openmso.treasury.states import PAYMENT_MOVES, RUN_MOVES, TO_PAY, P, R

DAYS_TO_APPROVE = 5


class AlreadyRun(Conflict):
    """The month is paid out; nothing was done twice."""

    code = "already_run"


class BooksChanged(Conflict):
    """The books no longer say what was proposed."""

    code = "books_changed"


@atomic
def propose(*, actor: Actor, practice: int, month: Month, at: datetime) -> Run:
    """Reckon a month that is over by the priority of payments of its agreement, for the practice to approve.

    Nothing is paid or posted by it. Raises `CannotRun`, `AlreadyRun`, and `NotLawful` where the law stops payments.
    """
    tenant = Tenant.objects.get(pk=practice)
    decision = actor.must(RUN.code, practice)
    if runs.standing(practice, month):
        raise _run_already(month)
    found = reckoning.reckon(practice, month, at)
    clearing.clear(flow=Flow.RUN, practice=practice, agreement=found.version.agreement, at=at)
    row = _keep(tenant, found, month, actor=actor, at=at)
    begun(row, R.PROPOSED, actor=actor, at=at)
    work.open_item(
        practice=practice, kind="treasury.approve", subject=(RUNS, row.public_id),
        title=f"Payments of {month.first:%B %Y}",
        why=f"{found.payout.cash:,.2f} came in; what it pays, in the order of your agreement, waits for your approval.",
        priority=60, priority_why=f"a month's payments, to be approved {when(_approve_by(tenant, at))}",
        due_at=at + timedelta(days=DAYS_TO_APPROVE), key=f"treasury.approve:{row.public_id}", at=at,
        amount=found.payout.cash.amount,
    )  # fmt: skip
    facts = {"month": str(month), "cash": str(found.payout.cash)}
    tell(row, RUNS, "treasury.proposed", actor, at, decision, facts=facts)
    return runs.run(row.public_id)


@atomic
def approve(*, actor: Actor, run: str, at: datetime) -> Run:
    """The practice approves a run as it was proposed; not who proposed it, and not when the books changed since."""
    row = _locked(run)
    decision = actor.must(APPROVE.code, row.practice_id)
    _may(row, R.APPROVED)
    duties.another(actor, did=row.proposed_by_user, first="proposed this run", then="approve it")
    if reckoning.reckon(row.practice_id, Month.of(row.month), at).content != row.content:
        raise BooksChanged(
            "The books, the invoices or the standing instruction changed since it was proposed.",
            fix="Withdraw the run and propose the month anew.",
        )
    move(row, RUN_MOVES, R.APPROVED, noun="run", actor=actor, at=at)
    row.approved_at, row.approved_by, row.approved_by_user = at, actor.name[:120], actor.user
    row.save(update_fields=["state", "approved_at", "approved_by", "approved_by_user"])
    _close(row, "treasury.approve", actor, at, "approved", decision)
    month = Month.of(row.month)
    work.open_item(
        practice=row.practice_id, kind="treasury.post", subject=(RUNS, row.public_id),
        title=f"Payments of {month.first:%B %Y}", why="The practice approved the run; it is to be posted.",
        priority=60, priority_why=f"a month's payments, to be posted {when(_approve_by(row.practice, at))}",
        due_at=at + timedelta(days=DAYS_TO_APPROVE), key=f"treasury.post:{row.public_id}", at=at,
        amount=row.cash_amount,
    )  # fmt: skip
    tell(row, RUNS, "treasury.approved", actor, at, decision, facts={"month": str(month)})
    return runs.run(run)


@atomic
def post(*, actor: Actor, run: str, at: datetime, on: date | None = None) -> Run:
    """Post an approved run: entries in both books, the loan moved, invoices paid, payments made out.

    `on` is the day of the entries, today where it is not given. The loan, the invoices and the standing instruction
    must still be as they were approved, and nothing of it may be stopped by law (`NotLawful`). Done once: a second call
    is refused, and a failed one leaves nothing.
    """
    row = _locked(run)
    under = [actor.must(RUN.code, row.practice_id), actor.must(RUN.code, runs.mso_of(row))]
    _may(row, R.POSTED)
    month, on = Month.of(row.month), on or day_in(row.practice.zone, at)
    if not month.last < on <= day_in(row.practice.zone, at):
        raise CannotRun(f"{on:%-d %B %Y} is not a day after the month and before tomorrow.", field="on",
                        fix="Give the day on which it is paid.")  # fmt: skip
    _refuse_changed(row, at)
    _clear(row, at)
    entries, paid = lending.post(row, actor=actor, on=on, at=at, under=under)
    move(row, RUN_MOVES, R.POSTED, noun="run", actor=actor, at=at)
    row.entries, row.paid = entries, paid
    row.posted_on, row.posted_at, row.posted_by = on, at, actor.name[:120]
    row.save(update_fields=["state", "entries", "paid", "posted_on", "posted_at", "posted_by"])
    lending.make_payments(row, actor=actor, at=at)
    _close(row, "treasury.post", actor, at, "posted", under[0])
    facts = {"month": str(month), "loan": str(Money.of(row.loan_amount))}
    tell(row, RUNS, "treasury.posted", actor, at, under[0], facts=facts)
    return runs.run(run)


@atomic
def withdraw(*, actor: Actor, run: str, why: str, at: datetime) -> Run:
    """Take a run back before it is posted; the month can be proposed anew."""
    row = _locked(run)
    decision = actor.must(RUN.code, row.practice_id)
    _may(row, R.WITHDRAWN)
    why = _said(why)
    move(row, RUN_MOVES, R.WITHDRAWN, noun="run", actor=actor, at=at, why=why)
    row.save(update_fields=["state"])
    for kind in ("treasury.approve", "treasury.post"):
        _close(row, kind, actor, at, "withdrawn", decision)
    tell(row, RUNS, "treasury.withdrawn", actor, at, decision, why=why, facts={"month": str(Month.of(row.month))})
    return runs.run(run)


@atomic
def reverse(*, actor: Actor, run: str, why: str, at: datetime) -> Run:
    """Take a posted run back: its entries are reversed, its invoices are due again, the loan is as it was.

    Refused where a later run stands on it, and while its payments are in a bank file: what left cannot be unpaid here.
    """
    row = _locked(run)
    under = [actor.must(RUN.code, row.practice_id), actor.must(RUN.code, runs.mso_of(row))]
    why, payments = _said(why), paying.payments_of(row.practice_id, run)
    if no := rules.may_reverse(runs.run(run), payments, later=runs.later_than(row)):
        raise IllegalMove(no)
    on = day_in(row.practice.zone, at)
    open_ones = models.Payment.objects.select_for_update().filter(run=row, state__in=[one.value for one in TO_PAY])
    stops = list(open_ones.order_by("pk"))
    moved = models.Payment.objects.filter(run=row).order_by("-pk").values_list("entries", flat=True)
    for entity, name in [*(one for entries in moved for one in entries), *reversed(row.entries)]:
        ledger.reverse(actor=actor, entity=entity, entry=name, why=why, on=on, at=at, under=under)
    for settlement, amount in row.paid:
        fees.reopen(actor=actor, settlement=settlement, amount=Money.of(amount), why=why, at=at)
    lending.take_back(row, actor=actor, on=on, at=at, why=why)
    for payment in stops:
        move(payment, PAYMENT_MOVES, P.STOPPED, noun="payment", actor=actor, at=at, why=why)
        payment.save(update_fields=["state"])
    move(row, RUN_MOVES, R.REVERSED, noun="run", actor=actor, at=at, why=why)
    row.save(update_fields=["state"])
    tell(row, RUNS, "treasury.reversed", actor, at, under[0], why=why, facts={"month": str(Month.of(row.month))})
    return runs.run(run)


# ---- what is kept ---------------------------------------------------------------------------------------------


def _keep(tenant: Tenant, found: Reckoned, month: Month, *, actor: Actor, at: datetime) -> models.Run:
    """The run as it is proposed, with its steps; of two that are proposed at once the database takes one."""
    payout, version = found.payout, found.version
    orders = models.Instruction.objects.filter(practice_id=tenant.pk)
    held, deposited = (
        orders.get(public_id=one.public_id) if one else None for one in (found.instruction, found.deposit_instruction)
    )
    try:
        with transaction.atomic():
            row = models.Run.objects.create(
                practice=tenant, month=month.first, agreement=version.agreement, version=version.number,
                mso_entity_id=version.terms.mso.entity, practice_entity_id=version.terms.practice.entity,
                instruction=held, deposit_instruction=deposited, collected_amount=found.collected.amount,
                terms=waterfall.priority_json(found.terms),
                sentence=waterfall.sentence(found.terms)[:800], given=found.given, notes=found.notes,
                opening=found.opening, closing=found.closing, cash_amount=payout.cash.amount,
                fee_amount=payout.line(Line.FEE).paid.amount, advanced_amount=payout.advanced.amount,
                residual_amount=payout.line(Line.RESIDUAL).paid.amount, loan_amount=payout.closing.loan.amount,
                held_amount=payout.closing.held.amount, swept_amount=found.swept.amount, content=found.content,
                proposed_at=at, proposed_by=actor.name[:120], proposed_by_user=actor.user,
            )  # fmt: skip
    except IntegrityError:
        raise _run_already(month) from None
    models.RunStep.objects.bulk_create(
        models.RunStep(
            practice=tenant, run=row, number=number, line=one.line.value, wanted_amount=one.wanted.amount,
            paid_amount=one.paid.amount, advanced_amount=one.advanced.amount, missing_amount=one.missing.amount,
            left_amount=one.left.amount, how=one.how[:200],
            outcome=rules.outcome(one, payout, found.terms.unpaid_fee)[:200],
        )
        for number, one in enumerate(payout.lines, 1)
    )  # fmt: skip
    return row


def _refuse_changed(row: models.Run, at: datetime) -> None:
    """Refuse to post a run whose loan or standing instructions, or what they moved, are no longer as approved."""
    loan = loans.of_agreement(row.practice_id, row.agreement)
    stands = loan.balance if loan else Money.of(0)
    if stands != Money.of(row.opening["loan"]):
        raise BooksChanged(f"The loan stands at {stands}, not at {row.opening['loan']} as it was approved.",
                           fix="Withdraw the run and propose the month anew.")  # fmt: skip
    for order in (row.instruction, row.deposit_instruction):
        if order is not None and order.revoked_at is not None:
            raise BooksChanged(
                f"{order.revoked_by} revoked the standing instruction of {order.account.name}: what came in there "
                f"stays there ({rules.CITATION}).", fix="Withdraw the run and propose the month anew.",
            )  # fmt: skip
    if any(
        str(amount) != row.closing.get(f"stopped_{kind.value}", "0.00")
        for kind, amount in paying.stopped(row.practice_id).items()
    ):
        raise BooksChanged("The practice stopped what an earlier run moved out of a deposit account.",
                           fix="Withdraw the run and propose the month anew.")  # fmt: skip


def _clear(row: models.Run, at: datetime) -> None:
    """Refuse to post what may not move: the run, what the MSO lends by it, what leaves the government account."""
    clear = partial(clearing.clear, practice=row.practice_id, agreement=row.agreement, at=at)
    clear(flow=Flow.RUN)
    if row.advanced_amount or row.loan_amount > Money.of(row.opening["loan"]).amount:
        clear(flow=Flow.ADVANCE)
    for amount, order in ((row.swept_amount, row.instruction), (row.collected_amount, row.deposit_instruction)):
        if amount and order is not None:
            clear(flow=Flow.SWEEP, account=order.account.public_id, ordered_by=order.given_by_user)


def _locked(run: str) -> models.Run:
    row = (
        models.Run.objects.select_for_update(of=("self",)).select_related("practice", "instruction__account",
                                                                          "deposit_instruction__account")
        .filter(public_id=run).first()
    )  # fmt: skip
    if row is None:
        raise NotFound("There is no such run of payments among the practices you may see.")
    return row


def _may(row: models.Run, to: R) -> None:
    if no := rules.why_not(R(row.state), to):
        raise IllegalMove(no)


def _said(why: str) -> str:
    if not why.strip():
        raise CannotRun("Say why.", field="why", fix="A sentence is enough; the practice reads it.")
    return why.strip()[:200]


def _run_already(month: Month) -> AlreadyRun:
    return AlreadyRun(f"{month.first:%B %Y} has a run of payments already.", field="month",
                      fix="Withdraw or reverse it first.")  # fmt: skip


def _approve_by(tenant: Tenant, at: datetime) -> date:
    return day_in(tenant.zone, at + timedelta(days=DAYS_TO_APPROVE))


def _close(row: models.Run, kind: str, actor: Actor, at: datetime, outcome: str, under: Decision) -> None:
    key = (row.practice_id, f"{kind}:{row.public_id}")
    work.close_items(keys=[key], actor=actor, at=at, outcome=outcome, under=under)
