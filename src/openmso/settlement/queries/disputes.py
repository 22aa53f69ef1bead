"""Questions about disputes: the list, one with its story and its credit memos, what stands against an invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, When

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.documents import queries as documents
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.settlement.contracts import Dispute, DisputeRow, Memo, Said
from openmso.settlement.models import CreditMemo, DisputeMove
from openmso.settlement.models import Dispute as DisputeModel
from openmso.settlement.queries.statements import settlement
from openmso.settlement.states import HELD, D

SORTS = {
    "opened_at": "opened_at",
    "due_on": "due_on",
    "amount": "amount",
    "held": "left",
    "credited": "credited_amount",
    "state": "state",
    "invoice": "settlement__invoice",
    "practice_name": "practice__name",
}
LEFT = Case(When(state__in=sorted(HELD), of_paid=False, then=F("amount") - F("credited_amount")), default=0,
            output_field=DecimalField(max_digits=14, decimal_places=2))  # fmt: skip
"""What a dispute still holds."""


def unknown() -> NotFound:
    """The answer where there is no such dispute, or none that may be seen."""
    return NotFound("There is no such dispute among the practices you may see.")


def listed(filters: Filters, ask: PageAsk) -> Page[DisputeRow]:
    """Disputes in scope, the latest first, with the sums of all that the filters find."""
    found = _filtered(filters)
    key = SORTS.get(ask.sort, "opened_at")
    shown = found.order_by(F(key).desc(nulls_last=True) if ask.desc else F(key).asc(nulls_last=True), "-pk")
    sums = found.aggregate(n=Count("pk"), asked=Sum("amount"), back=Sum("credited_amount"), open=Sum("left"))
    totals = {
        key: Money.of(sums[name] or 0) for key, name in (("amount", "asked"), ("credited", "back"), ("held", "open"))
    }
    rows = tuple(_row(each) for each in shown[ask.offset : ask.offset + ask.size])
    return Page(rows=rows, total=sums["n"], ask=ask, totals=totals)


def every(filters: Filters, ask: PageAsk) -> list[DisputeRow]:
    """All disputes that the filters find, page after page."""
    rows: list[DisputeRow] = []
    while True:
        page = listed(filters, replace(ask, number=len(rows) // ask.size + 1))
        rows += page.rows
        if len(rows) >= (page.total or 0) or not page.rows:
            return rows


def held_of(practice: int) -> list[DisputeRow]:
    """The disputes of a practice that hold something, in their order."""
    found = _rows().filter(practice_id=practice, state__in=sorted(HELD), of_paid=False)
    return [row for each in found.order_by("pk") if (row := _row(each)).held]


def one(public_id: str) -> DisputeRow:
    """A dispute; raises `NotFound`."""
    return _row(_found(public_id))


def dispute(public_id: str) -> Dispute:
    """A dispute with its story and the credit memos that came of it; raises `NotFound`."""
    found = _found(public_id)
    moves = list(DisputeMove.objects.filter(practice_id=found.practice_id, dispute=found).order_by("pk"))
    return Dispute(
        row=_row(found),
        story=tuple(_said(move) for move in moves),
        memos=tuple(_memo(each) for each in _memos().filter(dispute=found)),
        settlement=settlement(found.settlement.public_id),
    )


def of_settlement(public_id: str) -> list[DisputeRow]:
    """The disputes of an invoice, in their order."""
    return [_row(each) for each in _rows().filter(settlement__public_id=public_id).order_by("pk")]


def memos_of(public_id: str) -> list[Memo]:
    """The credit memos to an invoice, in their order."""
    return [_memo(each) for each in _memos().filter(settlement__public_id=public_id)]


def memo(public_id: str) -> tuple[int, Memo]:
    """A credit memo with its practice; raises `NotFound`."""
    found = _memos().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such credit memo among the practices you may see.")
    return found.practice_id, _memo(found)


def of_row(public_id: str, number: int) -> str:
    """The dispute that a row of a statement is or was in, unless that was taken back; empty when there is none."""
    found = DisputeModel.objects.filter(settlement__public_id=public_id, row__number=number)
    found = found.exclude(state=D.TAKEN_BACK)
    return found.values_list("public_id", flat=True).first() or ""


def contested(public_id: str) -> Money:
    """What is contested of what was paid of an invoice."""
    found = DisputeModel.objects.filter(settlement__public_id=public_id, of_paid=True, state__in=sorted(HELD))
    return Money.of(found.aggregate(sum=Sum(F("amount") - F("credited_amount")))["sum"] or 0)


def unheeded(before: date) -> list[str]:
    """The ids of answered disputes whose days for the practice were over before a day."""
    found = DisputeModel.objects.filter(state=D.ANSWERED, due_on__lt=before).order_by("pk")
    return list(found.values_list("public_id", flat=True))


def _rows() -> QuerySet[DisputeModel]:
    return DisputeModel.objects.select_related("practice", "settlement", "row").annotate(left=LEFT)


def _memos() -> QuerySet[CreditMemo]:
    return CreditMemo.objects.select_related("dispute").order_by("pk")


def _found(public_id: str) -> DisputeModel:
    found = _rows().filter(public_id=public_id).first()
    if found is None:
        raise unknown()
    return found


def _filtered(filters: Filters) -> QuerySet[DisputeModel]:
    found = _rows()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    found = found.filter(by_terms(filters, {"due": "due_on", "amount": "amount", "month": "settlement__month"}))
    if text := filters.text:
        words = Q(practice__name__icontains=text) | Q(settlement__invoice__istartswith=text)
        found = found.filter(words | Q(public_id__iexact=text) | Q(reason__icontains=text))
    return found


def _row(found: DisputeModel) -> DisputeRow:
    return DisputeRow(
        public_id=found.public_id,
        practice=found.practice_id,
        practice_name=found.practice.name,
        settlement=found.settlement.public_id,
        invoice=found.settlement.invoice,
        month=Month.of(found.settlement.month),
        row=found.row.number,
        label=found.row.label,
        reason=found.reason,
        amount=Money.of(found.amount),
        credited=Money.of(found.credited_amount),
        state=D(found.state),
        stage=D(found.stage),
        opened_at=found.opened_at,
        opened_by=found.opened_by,
        opened_by_user=found.opened_by_user,
        due_on=found.due_on,
        settled_at=found.settled_at,
        of_paid=found.of_paid,
    )


def _said(move: DisputeMove) -> Said:
    papers = [documents.get(each, move.practice_id) for each in move.documents]
    return Said(
        state=D(move.to_state),
        came_from=move.from_state,
        at=move.moved_at,
        by=move.moved_by,
        why=move.why,
        credited=Money.of(move.credited_amount),
        due_on=move.due_on,
        papers=tuple((paper.public_id, paper.name) for paper in papers),
    )


def _memo(found: CreditMemo) -> Memo:
    return Memo(
        public_id=found.public_id,
        number=found.number,
        dispute=found.dispute.public_id,
        amount=Money.of(found.amount),
        issued_on=found.issued_on,
        issued_by=found.issued_by,
        document=found.document,
        practice_entry=found.practice_entry,
        mso_entry=found.mso_entry,
    )
