"""Verbs: settle a month, approve and pay its invoice, withdraw it. One entry in each of two books, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from openmso.agreements.contracts import Version
from openmso.agreements.queries import agreements
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.states import IllegalMove
from openmso.ledger.services import posting as ledger
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement import books, keeping, parts, queries, rules
from openmso.settlement.contracts import APPROVE, PAY, RUN, SOURCE, Settlement
from openmso.settlement.contracts.metering import late_words
from openmso.settlement.contracts.parts import Part
from openmso.settlement.events import FeePaid, MonthSettled
from openmso.settlement.models import FeeComputation, SettlementMove
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries import proof, rebates, reckoning, truing
from openmso.settlement.queries.reckoning import OutsideScope as OutsideScope
from openmso.settlement.services import crediting, publishing, rebating
from openmso.settlement.states import MOVES, S

DAYS_TO_PAY = 15


class CannotSettle(Refused):
    """The month cannot be settled; the sentence says what is missing."""

    code = "cannot_settle"


class AlreadySettled(Conflict):
    """The month is settled; nothing was done twice."""

    code = "already_settled"


@atomic
def settle(*, actor: Actor, practice: int, month: Month, at: datetime, asked_by: str = "") -> Settlement:
    """Compute the month's fee from ledger and terms, post it in both books, invoice it, and issue the statement.

    Refused without an agreement in force in the month, for a month that is not over or already settled, where a book's
    month is closed, for a line that is outside the scope of the agreement (`OutsideScope`), and where a figure is not
    entered or not confirmed (`FigureWaits`). `asked_by` is the account that asked for it where a job settles. A month
    in which terms change, or that an agreement does not cover whole, is charged part by part (`parts`); the invoice
    that completes a period carries its true-up.
    """
    tenant = Tenant.objects.get(pk=practice)
    held = _parts_of(practice, month)
    version = held[-1].version
    under = [actor.must(RUN.code, practice), actor.must(RUN.code, version.terms.mso.tenant)]
    issued_on = _issue_day(tenant, month, at)
    if queries.standing(practice, month):
        raise _settled_already(month)
    given = reckoning.figures({practice: held}, month, at=at, evidence=True)[practice]
    found = reckoning.quoted(given, month)
    true_ups = truing.due(practice, month, found, at=at)
    quote = reckoning.whole(found, true_ups)
    fee = keeping.fee(practice=practice, found=found, true_ups=true_ups, quote=quote, at=at)
    figures = queries.figures(version.terms.practice.entity, month)
    said = {count: late_words(one.late) for part in found for count, one in part.given.metered.items() if one.late}
    shares, steps = rebates.waiting(practice, through=month.last), [queries.fee_step(step) for step in fee.steps]
    made = rules.rows(figures, steps, quote.amount, fee.sentence, said=said, rebates=shares)
    if not rules.adds_up(made):
        raise CannotSettle(f"The statement of {month} does not add up.", fix="Run: openmso ledger check")
    passed_on = Money.total(share.amount for share in shares)
    row = _issue(tenant, version, fee, month, figures.collected, passed_on, issued_on, at, asked_by or actor.user)
    if quote.amount:
        _post(row, actor=actor, at=at, under=under)
    rebating.pass_on(row, shares, actor=actor, at=at, under=under)
    keeping.rows(row, made)
    keeping.metered(row, found)
    publishing.show(row, version.terms, at=at)
    _moved(row, "", S.ISSUED, actor=actor, at=at)
    keeping.papers(row, actor=actor, at=at, under=under[0])
    _ask_for_approval(row, quote.amount, month, at)
    tell(row, "settlement.issued", actor, at, under[0], month=str(month), amount=str(quote.amount))
    outbox.publish(MonthSettled(row.public_id, str(month), str(quote.amount)), practice=practice, at=at)
    return queries.settlement(row.public_id)


@atomic
def approve(*, actor: Actor, settlement: str, at: datetime) -> Settlement:
    """The practice approves the MSO's invoice; nobody else can, and not who had it settled (`SamePerson`).

    Refused for a line that is outside the scope of the agreement as it stands by now (`OutsideScope`).
    """
    row = locked(settlement)
    decision = actor.must(APPROVE.code, row.practice_id)
    duties.another(actor, did=row.asked_by, first=f"had {Month.of(row.month)} settled", then="approve its invoice")
    month = Month.of(row.month)
    for part in parts.parts_in(agreements.versions_in(row.practice_id, month.range), month):
        for terms, days in proof.held(row.fee):
            if days.meets(part.days):
                reckoning.refuse_outside(replace(part, terms=terms), month)
    move(row, S.APPROVED, actor=actor, at=at)
    row.approved_at, row.approved_by, row.approved_user = at, actor.name, actor.user
    row.save(update_fields=["state", "approved_at", "approved_by", "approved_user"])
    _close_work(row, actor, at, "approved", decision)
    tell(row, "settlement.approved", actor, at, decision, invoice=row.invoice, amount=str(Money.of(row.fee.amount)))
    return queries.settlement(settlement)


@atomic
def pay(*, actor: Actor, settlement: str, paid_on: date, at: datetime) -> Settlement:
    """Record that the practice paid an approved invoice: cash in both books, the debt gone from both.

    What was paid before under a withdrawn settlement of the month counts; where that was too much, the MSO pays back.
    What is disputed is held: the rest is paid, and the invoice stays open until its disputes are settled. What goes to
    the MSO is refused where a rule of law stops payments under the agreement (`NotLawful`); what comes back is not.
    """
    row = locked(settlement)
    under = [actor.must(PAY.code, row.practice_id), actor.must(PAY.code, mso_of(row))]
    one = queries.settlement(settlement)
    if words := rules.why_not_pay(one):
        raise IllegalMove(words)
    if not row.issued_on <= paid_on <= day_in(row.practice.zone, at):
        raise CannotSettle(
            f"An invoice issued on {row.issued_on:%-d %B %Y} cannot have been paid on {paid_on:%-d %B %Y}.",
            field="paid_on",
            fix="Give the day on which the money left the account: from the issue of the invoice until today.",
        )
    if one.due >= ZERO:
        clearing.clear(flow=Flow.FEE, practice=row.practice_id, agreement=one.agreement, at=at)
    if one.disputed:
        moved = f"{one.to_pay_back} paid back" if one.to_pay_back else f"{one.due} paid"
        note(row, f"{moved}; {one.disputed} is disputed", actor=actor, at=at)
    else:
        move(row, S.PAID, actor=actor, at=at)
    row.paid_on, row.paid_amount = paid_on, (one.paid + one.due).amount
    row.save(update_fields=["state", "paid_on", "paid_amount"])
    if one.due < ZERO:
        crediting.pay_back(row, one, paid_on, actor=actor, at=at, under=under)
    elif one.due:
        drafts = books.payment(one, paid_on=paid_on, party=row.practice.public_id)
        ledger.post(actor=actor, entries=drafts, at=at, under=under)
    tell(row, "settlement.paid", actor, at, under[0], invoice=row.invoice, paid_on=str(paid_on))
    outbox.publish(FeePaid(row.public_id, str(one.month), str(one.due)), practice=row.practice_id, at=at)
    return queries.settlement(settlement)


@atomic
def withdraw(*, actor: Actor, settlement: str, why: str, at: datetime) -> Settlement:
    """Take a settlement back: the fee's entries are reversed, and the month can be settled anew.

    What was paid under it stays in both books and counts towards the next invoice of the month; disputes of it fall,
    its credit memos are reversed with it, and rebates that it passed on wait for the next one.
    """
    row = locked(settlement)
    under = [actor.must(RUN.code, row.practice_id), actor.must(RUN.code, mso_of(row))]
    if not why.strip():
        raise CannotSettle("Say why the settlement is withdrawn.", field="why", fix="A sentence is enough.")
    move(row, S.WITHDRAWN, actor=actor, at=at, why=why)
    row.withdrawn_why, row.held_amount = why, 0
    row.save(update_fields=["state", "withdrawn_why", "held_amount"])
    keeping.unmetered(row)
    crediting.fall(row, actor=actor, why=why, at=at, under=under)
    rebating.take_back(row, actor=actor, why=why, at=at, under=under)
    on = Month.of(row.month).last
    for entry, entity in ((row.practice_entry, row.practice_entity_id), (row.mso_entry, row.mso_entity_id)):
        if entry:
            ledger.reverse(actor=actor, entry=entry, entity=entity, why=why, on=on, at=at, under=under)
    _close_work(row, actor, at, "withdrawn", under[0])
    tell(row, "settlement.withdrawn", actor, at, under[0], month=str(Month.of(row.month)), why=why)
    return queries.settlement(settlement)


def hold(row: SettlementModel, amount: Money, *, actor: Actor, at: datetime, under: Decision) -> None:
    """Hold more of an invoice, or less; one that is approved and has nothing left to pay is paid by that."""
    row.held_amount += amount.amount
    row.save(update_fields=["held_amount", "memo_amount"])
    one = queries.settlement(row.public_id)
    crediting.await_back(row, one, actor=actor, at=at, under=under)
    if one.state is S.APPROVED and not one.due and not one.disputed:
        move(row, S.PAID, actor=actor, at=at, why="Nothing is left to pay")
        row.paid_on = row.paid_on or day_in(row.practice.zone, at)
        row.paid_amount = one.paid.amount
        row.save(update_fields=["state", "paid_on", "paid_amount"])


def owe_back(row: SettlementModel, amount: Money, *, actor: Actor, at: datetime, under: Decision) -> None:
    """Part of what was paid was given back: the invoice is open until the MSO has paid back all that it owes of it.

    What is due of it by then is less by as much, and only what is more than that is to be paid back.
    """
    hold(row, ZERO, actor=actor, at=at, under=under)
    back = queries.settlement(row.public_id).to_pay_back
    words = f"{back} is to be paid back" + (f", {amount} of it by this outcome" if back != amount else "")
    if S(row.state) is S.PAID and back:
        move(row, S.APPROVED, actor=actor, at=at, why=words, reopens=True)
        row.save(update_fields=["state"])
    elif back:
        note(row, words, actor=actor, at=at)


# ---- the month ------------------------------------------------------------------------------------------------


def _parts_of(practice: int, month: Month) -> tuple[Part, ...]:
    """The parts of the month on which a fee holds; refused where there is none, or no one invoice for all of them."""
    found = parts.parts_in(agreements.versions_in(practice, month.range), month)
    if not found:
        raise CannotSettle(
            f"No agreement with a fee was in force in {month.first:%B %Y}.", fix="Execute the agreement first."
        )
    if words := parts.why_not_together(found):
        raise CannotSettle(words, fix="End the one and begin the other with a month.")
    return found


def _issue(
    tenant: Tenant,
    version: Version,
    fee: FeeComputation,
    month: Month,
    collected: Money,
    passed_on: Money,
    issued_on: date,
    at: datetime,
    asked_by: str,
) -> SettlementModel:
    """The settlement itself; of two that are made at the same moment the database takes one."""
    try:
        with transaction.atomic():
            return SettlementModel.objects.create(
                practice=tenant,
                fee=fee,
                month=month.first,
                mso_entity_id=version.terms.mso.entity,
                practice_entity_id=version.terms.practice.entity,
                mso_name=version.terms.mso.legal_name,
                legal_name=version.terms.practice.legal_name,
                invoice=_invoice_number(tenant, month),
                collected_amount=collected.amount,
                rebate_amount=passed_on.amount,
                credited_amount=queries.paid_before(tenant.pk, month).amount,
                issued_at=at,
                asked_by=asked_by,
                issued_on=issued_on,
                due_on=issued_on + timedelta(days=DAYS_TO_PAY),
            )
    except IntegrityError:
        raise _settled_already(month) from None


def _post(row: SettlementModel, *, actor: Actor, at: datetime, under: list[Decision]) -> None:
    """The fee in both books."""
    drafts = books.fee(queries.settlement(row.public_id), party=row.practice.public_id)
    ours, theirs = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    row.practice_entry, row.mso_entry = ours.public_id, theirs.public_id
    row.save(update_fields=["practice_entry", "mso_entry"])


def _settled_already(month: Month) -> AlreadySettled:
    return AlreadySettled(
        f"{month.first:%B %Y} is settled already.", field="month", fix="Withdraw that settlement first."
    )


def _issue_day(tenant: Tenant, month: Month, at: datetime) -> date:
    today = day_in(tenant.zone, at)
    if today <= month.last:
        raise CannotSettle(f"{month.first:%B %Y} is not over.", fix=f"Settle it from {month.plus(1).first} on.")
    return today


def _invoice_number(tenant: Tenant, month: Month) -> str:
    earlier = SettlementModel.objects.filter(practice=tenant, month=month.first).count()
    return f"{tenant.code}-{month}" + (f"-{earlier + 1}" if earlier else "")


# ---- what is kept and told ------------------------------------------------------------------------------------


def _ask_for_approval(row: SettlementModel, amount: Money, month: Month, at: datetime) -> None:
    work.open_item(
        practice=row.practice_id,
        kind="settlement.approve",
        subject=(SOURCE, row.public_id),
        title=f"Invoice {row.invoice} for {month.first:%B %Y}",
        why=f"The MSO's fee of {amount} waits for your approval; it is due on {row.due_on:%-d %B %Y}.",
        priority=60,
        priority_why=f"an invoice of {amount}, to be paid {when(row.due_on)}",
        due_at=at + timedelta(days=DAYS_TO_PAY),
        key=_work_key(row),
        at=at,
        amount=amount.amount,
    )


def locked(settlement: str) -> SettlementModel:
    """A settlement, held against others until the end of the transaction; raises `NotFound`."""
    row = (
        SettlementModel.objects.select_for_update(of=("self",))
        .select_related("practice", "fee")
        .filter(public_id=settlement)
        .first()
    )
    if row is None:
        raise NotFound("There is no such statement among the practices you may see.")
    return row


def mso_of(row: SettlementModel) -> int:
    """The tenant of the MSO that settled it."""
    return row.mso_entity.tenant_id


def move(
    row: SettlementModel, to: S, *, actor: Actor, at: datetime, why: str = "", reopens: bool = False
) -> None:  # fmt: skip
    """Move a settlement and write it into its history; the caller saves. Raises `IllegalMove`.

    Only what `reopens` a paid invoice makes it approved again.
    """
    frm = S(row.state)
    words = "" if reopens else rules.why_not(frm, to, invoice=f"Invoice {row.invoice}")
    if words or to not in MOVES[frm]:
        raise IllegalMove(words)
    row.state = to.value
    _moved(row, frm.value, to, actor=actor, at=at, why=why)


def note(row: SettlementModel, words: str, *, actor: Actor, at: datetime) -> None:
    """Write into a settlement's history what leaves it as it stands."""
    _moved(row, row.state, S(row.state), actor=actor, at=at, why=words)


def _moved(row: SettlementModel, frm: str, to: S, *, actor: Actor, at: datetime, why: str = "") -> None:
    SettlementMove.objects.create(
        practice_id=row.practice_id,
        settlement=row,
        from_state=frm,
        to_state=to.value,
        moved_at=at,
        moved_by=actor.name[:120],
        why=why,
    )


def _work_key(row: SettlementModel) -> str:
    return f"settlement.approve:{row.public_id}"


def _close_work(row: SettlementModel, actor: Actor, at: datetime, outcome: str, under: Decision) -> None:
    work.close_item(practice=row.practice_id, key=_work_key(row), actor=actor, at=at, outcome=outcome, under=under)


def tell(
    row: SettlementModel, action: str, actor: Actor, at: datetime, decision: Decision, *, why: str = "", **facts: str
) -> None:
    """Tell the trail of a settlement."""
    audit.record(
        actor=actor,
        action=action,
        practice=row.practice_id,
        subject=(SOURCE, row.public_id),
        at=at,
        facts=facts,
        why=why,
        decision=decision,
    )
