"""Verbs: settle a month, approve and pay its invoice, withdraw it. One entry in each of two books, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openmso.agreements.contracts import Version
from openmso.agreements.fees import quoting, sentences, writing
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Quote
from openmso.agreements.queries import agreements
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.kit.states import check_move
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.settlement import pdf, queries, rules
from openmso.settlement.contracts import APPROVE, PAY, RUN, SOURCE, Row, Settlement
from openmso.settlement.events import FeePaid, MonthSettled
from openmso.settlement.models import FeeComputation, SettlementMove, StatementRow
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.states import MOVES, S

DAYS_TO_PAY = 15


class CannotSettle(Refused):
    """The month cannot be settled; the sentence says what is missing."""

    code = "cannot_settle"


@atomic
def settle(*, actor: Actor, practice: int, month: Month, at: datetime) -> Settlement:
    """Compute the month's fee from ledger and terms, post it in both books, invoice it, and issue the statement.

    Refused without an agreement in force in the month, for a month that is not over or already settled, and where
    a book's month is closed.
    """
    tenant = Tenant.objects.get(pk=practice)
    version, days = _terms_of(practice, month)
    under = [actor.must(RUN.code, practice), actor.must(RUN.code, version.terms.mso.tenant)]
    issued_on = _issue_day(tenant, month, at)
    if SettlementModel.objects.filter(practice_id=practice, month=month.first).exclude(state=S.WITHDRAWN).exists():
        raise Conflict(f"{month.first:%B %Y} is settled already.", fix="Withdraw that settlement first.")
    entity = version.terms.practice.entity
    quote = _quote(practice, entity, version, month, days)
    fee = _keep_fee(practice, version, quote, at)
    figures = queries.figures(entity, month)
    made = rules.rows(figures, [queries.fee_step(step) for step in fee.steps], quote.amount, fee.sentence)
    if not rules.adds_up(made):
        raise CannotSettle(f"The statement of {month} does not add up.", fix="Run: openmso ledger check")
    row = SettlementModel.objects.create(
        practice_id=practice,
        fee=fee,
        month=month.first,
        mso_entity_id=version.terms.mso.entity,
        practice_entity_id=entity,
        mso_name=version.terms.mso.legal_name,
        legal_name=version.terms.practice.legal_name,
        invoice=_invoice_number(tenant, month),
        collected_amount=figures.collected.amount,
        issued_at=at,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=DAYS_TO_PAY),
        practice_entry="",
        mso_entry="",
    )
    _post_fee(row, quote.amount, month, actor=actor, at=at, under=under)
    _keep_rows(row, made)
    _file_papers(row, actor=actor, at=at)
    _moved(row, "", S.ISSUED, actor=actor, at=at)
    _ask_for_approval(row, quote.amount, month, at)
    _tell(row, "settlement.issued", actor, at, month=str(month), amount=str(quote.amount))
    outbox.publish(MonthSettled(row.public_id, str(month), str(quote.amount)), practice=practice, at=at)
    return queries.settlement(row.public_id)


@atomic
def approve(*, actor: Actor, settlement: str, at: datetime) -> Settlement:
    """The practice approves the MSO's invoice; nobody else can."""
    row = _locked(settlement)
    actor.must(APPROVE.code, row.practice_id)
    _move(row, S.APPROVED, actor=actor, at=at)
    row.approved_at, row.approved_by = at, actor.name
    row.save(update_fields=["state", "approved_at", "approved_by"])
    work.close_item(practice=row.practice_id, key=_work_key(row), actor=actor, at=at, outcome="approved")
    _tell(row, "settlement.approved", actor, at, invoice=row.invoice, amount=str(Money.of(row.fee.amount)))
    return queries.settlement(settlement)


@atomic
def pay(*, actor: Actor, settlement: str, paid_on: date, at: datetime) -> Settlement:
    """Record that the practice paid an approved invoice: cash in both books, the debt gone from both."""
    row = _locked(settlement)
    under = [actor.must(PAY.code, row.practice_id), actor.must(PAY.code, _mso_of(row))]
    _move(row, S.PAID, actor=actor, at=at)
    if paid_on < row.issued_on:
        raise CannotSettle(
            f"An invoice issued on {row.issued_on} cannot have been paid on {paid_on}.",
            field="paid_on",
            fix="Give the day on which the money left the practice's account.",
        )
    row.paid_on = paid_on
    row.save(update_fields=["state", "paid_on"])
    amount = Money.of(row.fee.amount)
    if amount:
        ledger.post(actor=actor, entries=_payment_entries(row, amount, paid_on), at=at, under=under)
    _tell(row, "settlement.paid", actor, at, invoice=row.invoice, paid_on=str(paid_on))
    outbox.publish(FeePaid(row.public_id, str(Month.of(row.month)), str(amount)), practice=row.practice_id, at=at)
    return queries.settlement(settlement)


@atomic
def withdraw(*, actor: Actor, settlement: str, why: str, at: datetime) -> Settlement:
    """Take an unpaid settlement back: its entries are reversed, and the month can be settled anew."""
    row = _locked(settlement)
    under = [actor.must(RUN.code, row.practice_id), actor.must(RUN.code, _mso_of(row))]
    if not why.strip():
        raise CannotSettle("Say why the settlement is withdrawn.", field="why", fix="A sentence is enough.")
    _move(row, S.WITHDRAWN, actor=actor, at=at, why=why)
    row.withdrawn_why = why
    row.save(update_fields=["state", "withdrawn_why"])
    on = Month.of(row.month).last
    for entry, entity in ((row.practice_entry, row.practice_entity_id), (row.mso_entry, row.mso_entity_id)):
        if entry:
            ledger.reverse(actor=actor, entry=entry, entity=entity, why=why, on=on, at=at, under=under)
    work.close_item(practice=row.practice_id, key=_work_key(row), actor=actor, at=at, outcome="withdrawn")
    _tell(row, "settlement.withdrawn", actor, at, month=str(Month.of(row.month)), why=why)
    return queries.settlement(settlement)


# ---- the fee --------------------------------------------------------------------------------------------------


def _terms_of(practice: int, month: Month) -> tuple[Version, DayRange]:
    """The version whose fee holds in the month, and on which of its days; the last one, when it was amended inside."""
    held = [(version, days) for version, days in agreements.versions_in(practice, month.range) if version.terms.fee]
    if not held:
        raise CannotSettle(
            f"No agreement with a fee was in force in {month.first:%B %Y}.", fix="Execute the agreement first."
        )
    version, _ = held[-1]
    return version, DayRange(held[0][1].starts_on, held[-1][1].ends_on)


def _quote(practice: int, entity: int, version: Version, month: Month, days: DayRange) -> Quote:
    terms = version.terms.fee
    if terms is None:
        raise CannotSettle("The agreement names no fee.")
    given = Inputs.of(queries.inputs(practice, entity, month, days))
    return quoting.quote(terms=terms, period=month.range, inputs=given, in_force=days)


def _keep_fee(practice: int, version: Version, quote: Quote, at: datetime) -> FeeComputation:
    return FeeComputation.objects.create(
        practice_id=practice,
        agreement=version.agreement,
        version=version.number,
        starts_on=quote.days.starts_on,
        ends_on=quote.days.ends_on,
        amount=quote.amount.amount,
        terms=writing.terms_json(quote.terms),
        inputs=quote.inputs.as_json(),
        steps=[
            {
                "kind": step.kind.value,
                "label": step.label,
                "formula": step.formula,
                "exact": step.exact,
                "amount": str(step.amount),
                "rounding": step.rounding,
                "effect": str(step.effect),
                "so_far": str(step.so_far),
                "uses": list(step.uses),
            }
            for step in quote.steps
        ],
        sentence=sentences.sentence(quote.terms),
        computed_at=at,
    )


def _issue_day(tenant: Tenant, month: Month, at: datetime) -> date:
    today = day_in(tenant.zone, at)
    if today <= month.last:
        raise CannotSettle(f"{month.first:%B %Y} is not over.", fix=f"Settle it from {month.plus(1).first} on.")
    return today


def _invoice_number(tenant: Tenant, month: Month) -> str:
    earlier = SettlementModel.objects.filter(practice=tenant, month=month.first).count()
    return f"{tenant.code}-{month}" + (f"-{earlier + 1}" if earlier else "")


# ---- two books ------------------------------------------------------------------------------------------------


def _post_fee(
    row: SettlementModel, amount: Money, month: Month, *, actor: Actor, at: datetime, under: Sequence[Decision]
) -> None:
    """What the practice owes is what the MSO is owed: one accrual entry in each book, on the month's last day."""
    if not amount:
        return
    source = Source(SOURCE, row.public_id)
    accrual = Basis.ACCRUAL
    memo = f"Management fee {month}, invoice {row.invoice}"
    drafts = [
        EntryDraft(
            entity=row.practice_entity_id,
            posted_on=month.last,
            memo=memo,
            lines=(
                debit(Accounts.MANAGEMENT_FEE, amount, basis=accrual, source=source),
                credit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
            ),
            key=f"settlement.fee:{row.public_id}",
            source=source,
            journal=Journal.SETTLEMENT,
        ),
        EntryDraft(
            entity=row.mso_entity_id,
            posted_on=month.last,
            memo=memo,
            lines=(
                debit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=row.practice.public_id),
                credit(Accounts.FEE_REVENUE, amount, basis=accrual, source=source, party=row.practice.public_id),
            ),
            key=f"settlement.fee:{row.public_id}",
            source=source,
            journal=Journal.SETTLEMENT,
        ),
    ]
    practice_entry, mso_entry = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    row.practice_entry, row.mso_entry = practice_entry.public_id, mso_entry.public_id
    row.save(update_fields=["practice_entry", "mso_entry"])


def _payment_entries(row: SettlementModel, amount: Money, paid_on: date) -> list[EntryDraft]:
    """Money moves in both; on the accrual basis it clears the debt, on the cash basis it is the expense itself."""
    source, accrual, party = Source(SOURCE, row.public_id), Basis.ACCRUAL, row.practice.public_id
    memo = f"Management fee {Month.of(row.month)} paid, invoice {row.invoice}"

    def draft(entity: int, lines: tuple[Any, ...]) -> EntryDraft:
        key = f"settlement.payment:{row.public_id}"
        return EntryDraft(entity, paid_on, memo, lines, key, source=source, journal=Journal.SETTLEMENT)

    return [
        draft(
            row.practice_entity_id,
            (
                debit(Accounts.MANAGEMENT_FEE, amount, source=source),
                credit(Accounts.OPERATING_CASH, amount, source=source),
                debit(Accounts.DUE_TO_MSO, amount, basis=accrual, source=source),
                credit(Accounts.MANAGEMENT_FEE, amount, basis=accrual, source=source),
            ),
        ),
        draft(
            row.mso_entity_id,
            (
                debit(Accounts.OPERATING_CASH, amount, source=source, party=party),
                credit(Accounts.FEE_REVENUE, amount, source=source, party=party),
                debit(Accounts.FEE_REVENUE, amount, basis=accrual, source=source, party=party),
                credit(Accounts.FEES_RECEIVABLE, amount, basis=accrual, source=source, party=party),
            ),
        ),
    ]


# ---- what is kept and told ------------------------------------------------------------------------------------


def _keep_rows(row: SettlementModel, made: Sequence[Row]) -> None:
    StatementRow.objects.bulk_create(
        StatementRow(
            practice_id=row.practice_id,
            settlement=row,
            number=each.number,
            section=each.section,
            label=each.label,
            note=each.note,
            amount=each.amount.amount if each.amount is not None else None,
            total=each.total,
            selection=dict(each.selection),
            sign=each.sign,
            step=each.step,
        )
        for each in made
    )


def _file_papers(row: SettlementModel, *, actor: Actor, at: datetime) -> None:
    """The statement and the invoice as PDF, stored like every file that leaves the house."""
    statement = queries.statement(row.public_id)
    papers = {"statement": pdf.statement(statement), "invoice": pdf.invoice(statement)}
    for kind, content in papers.items():
        stored = documents.store(
            actor=actor,
            practice=row.practice_id,
            name=f"{kind}-{row.invoice}.pdf",
            content=content,
            media_type="application/pdf",
            purpose=f"settlement.{kind}",
            at=at,
        )
        setattr(row, f"{kind}_document", stored.public_id)
        documents.became(document=stored.public_id, subject=(SOURCE, row.public_id), practice=row.practice_id, at=at)
    row.save(update_fields=["statement_document", "invoice_document"])


def _ask_for_approval(row: SettlementModel, amount: Money, month: Month, at: datetime) -> None:
    work.open_item(
        practice=row.practice_id,
        kind="settlement.approve",
        subject=(SOURCE, row.public_id),
        title=f"Invoice {row.invoice} for {month.first:%B %Y}",
        why=f"The MSO's fee of {amount} waits for your approval; it is due on {row.due_on}.",
        priority=60,
        due_at=at + timedelta(days=DAYS_TO_PAY),
        key=_work_key(row),
        at=at,
        amount=amount.amount,
    )


def _locked(settlement: str) -> SettlementModel:
    row = (
        SettlementModel.objects.select_for_update(of=("self",))
        .select_related("practice", "fee")
        .filter(public_id=settlement)
        .first()
    )
    if row is None:
        raise NotFound("There is no such statement among the practices you may see.")
    return row


def _mso_of(row: SettlementModel) -> int:
    return row.mso_entity.tenant_id


def _move(row: SettlementModel, to: S, *, actor: Actor, at: datetime, why: str = "") -> None:
    frm = S(row.state)
    check_move(MOVES, noun="settlement", frm=frm, to=to)
    row.state = to.value
    _moved(row, frm.value, to, actor=actor, at=at, why=why)


def _moved(row: SettlementModel, frm: str, to: S, *, actor: Actor, at: datetime, why: str = "") -> None:
    SettlementMove.objects.create(
        practice_id=row.practice_id,
        settlement=row,
        from_state=frm,
        to_state=to.value,
        moved_at=at,
        moved_by=actor.name,
        why=why,
    )


def _work_key(row: SettlementModel) -> str:
    return f"settlement.approve:{row.public_id}"


def _tell(row: SettlementModel, action: str, actor: Actor, at: datetime, *, why: str = "", **facts: str) -> None:
    audit.record(
        actor=actor,
        action=action,
        practice=row.practice_id,
        subject=(SOURCE, row.public_id),
        at=at,
        facts=facts,
        why=why,
    )
