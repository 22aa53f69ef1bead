"""Questions: statements, what stands behind each row, and whether both books say the same of fees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from openmso.claims.queries import worklist as claims
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Accounts, Basis, LedgerRow, Selection
from openmso.ledger.queries import selection as ledger
from openmso.parties.queries import payers, providers
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.scheduling import queries as scheduling
from openmso.settlement import rules
from openmso.settlement.contracts import Fees, FeeStep, Row, Settlement, SettlementRow, Statement
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.models import StatementRow
from openmso.settlement.states import S

PAYER = "payer:"
"""What the party of a ledger line starts with where a payer is meant; its EDI id follows."""

SORTS = {
    "month": "month",
    "issued_on": "issued_on",
    "due_on": "due_on",
    "state": "state",
    "fee": "fee__amount",
    "collected": "collected_amount",
}


def figures(entity: int, month: Month) -> rules.Figures:
    """A month's totals of a practice's book, with the selections that gave them."""
    wanted = rules.selections(entity, month)
    return rules.Figures(month, wanted, {name: ledger.total(each) for name, each in wanted.items()})


def inputs(practice: int, entity: int, month: Month, days: DayRange) -> dict[str, Any]:
    """What fee terms may ask for: collections by the payers' line of business, and counts of the month."""
    collected = rules.selections(entity, month)["collected"]
    by_kind: dict[str, Money] = defaultdict(lambda: ZERO)
    for party, net in ledger.by_party(collected).items():
        payer = payers.by_edi_id(party.removeprefix(PAYER)) if party.startswith(PAYER) else None
        by_kind[payer.kind.value if payer else "other"] += net
    last = days.ends_on or month.plus(1).first
    working = [
        clinician
        for clinician in providers.clinicians(practice)
        if DayRange(clinician.starts_on, clinician.ends_on).meets(DayRange(days.starts_on, last))
    ]
    return {
        "net_collections": dict(by_kind) or ZERO,
        "claims": claims.sent_in(practice=practice, month=month),
        "visits": scheduling.count_done(practice=practice, month=month),
        "providers": len(working),
    }


def settlement(public_id: str) -> Settlement:
    """A settlement by its public id; raises `NotFound`."""
    return _settlement(_row_of(public_id))


def statement(public_id: str) -> Statement:
    """The owner's statement of a settlement, as it was issued."""
    row = _row_of(public_id)
    kept = StatementRow.objects.filter(practice_id=row.practice_id, settlement=row).order_by("number")
    return Statement(
        settlement=_settlement(row),
        rows=tuple(_statement_row(each) for each in kept),
        steps=tuple(fee_step(step) for step in row.fee.steps),
        inputs=row.fee.inputs,
    )


def figure(public_id: str, number: int) -> Row:
    """A row of a statement that has ledger lines of its own; raises `NotFound`."""
    row = _row_of(public_id)
    kept = StatementRow.objects.filter(practice_id=row.practice_id, settlement=row, number=number).first()
    if kept is None or not kept.selection:
        raise NotFound("This figure has no ledger lines of its own; it is computed from the others.")
    return _statement_row(kept)


def behind(row: Row, ask: PageAsk) -> Page[LedgerRow]:
    """The ledger lines behind a row of a statement."""
    return ledger.lines(Selection.from_json(row.selection), ask)


def settlements(filters: Filters, ask: PageAsk) -> Page[SettlementRow]:
    """Settlements in scope, newest month first."""
    found = SettlementModel.objects.select_related("practice", "fee")
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=codes)
    if filters.text:
        found = found.filter(practice__name__istartswith=filters.text)
    key = SORTS.get(ask.sort.lstrip("-"), "month")
    found = found.order_by(f"-{key}" if ask.desc else key, "practice__name")
    rows = tuple(
        SettlementRow(
            public_id=row.public_id,
            practice_name=row.practice.name,
            month=Month.of(row.month),
            collected=Money.of(row.collected_amount),
            fee=Money.of(row.fee.amount),
            state=S(row.state),
            invoice=row.invoice,
            issued_on=row.issued_on,
            due_on=row.due_on,
        )
        for row in found
    )
    totals = {"collected": Money.total(row.collected for row in rows), "fee": Money.total(row.fee for row in rows)}
    return Page(rows=rows[ask.offset : ask.offset + ask.size], total=len(rows), ask=ask, totals=totals)


def fees() -> Fees:
    """Fees as the practices' books and the MSO's book in scope have them."""
    practice_books, mso_books = _books()

    def over(entities: list[int], account: str) -> Money:
        day = Month(2999, 12).last
        bases = (Basis.COMMON, Basis.ACCRUAL)
        return Money.total(ledger.total(Selection(one, (account,), bases, day)).net for one in entities)

    return Fees(
        charged=over(practice_books, Accounts.MANAGEMENT_FEE),
        earned=-over(mso_books, Accounts.FEE_REVENUE),
        owed=-over(practice_books, Accounts.DUE_TO_MSO),
        receivable=over(mso_books, Accounts.FEES_RECEIVABLE),
    )


def fee_step(step: Mapping[str, Any]) -> FeeStep:
    """A step as it was kept."""
    return FeeStep(
        label=step["label"],
        formula=step["formula"],
        exact=step["exact"],
        amount=Money.of(step["amount"]),
        effect=Money.of(step["effect"]),
        so_far=Money.of(step["so_far"]),
        rounding=step["rounding"],
        uses=tuple(step["uses"]),
    )


def _books() -> tuple[list[int], list[int]]:
    rows = Entity.objects.filter(pk__in=current().entities).values_list("pk", "tenant__kind")
    return (
        [pk for pk, kind in rows if kind == "practice"],
        [pk for pk, kind in rows if kind == "mso"],
    )


def _row_of(public_id: str) -> SettlementModel:
    row = SettlementModel.objects.select_related("practice", "fee").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such statement among the practices you may see.")
    return row


def _settlement(row: SettlementModel) -> Settlement:
    fee = row.fee
    return Settlement(
        public_id=row.public_id,
        practice=row.practice_id,
        practice_name=row.legal_name,
        mso_name=row.mso_name,
        month=Month.of(row.month),
        agreement=fee.agreement,
        version=fee.version,
        fee=Money.of(fee.amount),
        collected=Money.of(row.collected_amount),
        state=S(row.state),
        invoice=row.invoice,
        issued_on=row.issued_on,
        due_on=row.due_on,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        paid_on=row.paid_on,
        statement_document=row.statement_document,
        invoice_document=row.invoice_document,
        practice_entity=row.practice_entity_id,
        mso_entity=row.mso_entity_id,
        practice_entry=row.practice_entry,
        mso_entry=row.mso_entry,
        sentence=fee.sentence,
    )


def _statement_row(row: StatementRow) -> Row:
    return Row(
        number=row.number,
        section=row.section,
        label=row.label,
        note=row.note,
        amount=Money.of(row.amount) if row.amount is not None else None,
        total=row.total,
        selection=row.selection,
        sign=row.sign,
        step=row.step,
    )
