"""Questions: statements, what stands behind each row, and whether both books say the same of fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from openmso.agreements.contracts import Level
from openmso.agreements.fees.categories import OTHER
from openmso.agreements.queries import levels as promised
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Entry, LedgerRow, Selection, Source
from openmso.ledger.queries import journal
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.settlement import rules
from openmso.settlement.contracts import (
    SOURCE,
    Fees,
    FeeStep,
    Input,
    Move,
    Row,
    Run,
    Settlement,
    SettlementRow,
    Statement,
    Unsettled,
)
from openmso.settlement.contracts.parts import days_of
from openmso.settlement.models import FeeComputation, SettlementMove, SettlementRun, StatementRow
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries.causes import told_at
from openmso.settlement.queries.metering import metered
from openmso.settlement.states import S

OPEN = frozenset({S.ISSUED, S.APPROVED})

SORTS = {
    "month": "month",
    "issued_on": "issued_on",
    "due_on": "due_on",
    "state": "state",
    "fee": "fee__amount",
    "due": "left",
    "practice_name": "practice__name",
    "invoice": "invoice",
    "collected": "collected_amount",
    "disputed": "held_amount",
}


def figures(entity: int, month: Month) -> rules.Figures:
    """A month's totals of a practice's book, with the selections that gave them."""
    wanted = rules.selections(entity, month)
    return rules.Figures(month, wanted, {name: ledger.total(each) for name, each in wanted.items()})


def levels(one: Settlement) -> list[Level]:
    """How what was promised with a clock was kept in a month, as it stood when the month was settled."""
    return promised.of_month(one.practice, one.month, at=one.issued_at, told_at=told_at(one.practice, one.month))


def settlement(public_id: str) -> Settlement:
    """A settlement by its public id; raises `NotFound`."""
    return settlement_of(_row_of(public_id))


def statement(public_id: str) -> Statement:
    """The owner's statement of a settlement, as it was issued."""
    row = _row_of(public_id)
    kept = StatementRow.objects.filter(practice_id=row.practice_id, settlement=row).order_by("number")
    moves = SettlementMove.objects.filter(practice_id=row.practice_id, settlement=row).order_by("-pk")
    return Statement(
        settlement=settlement_of(row),
        rows=tuple(_statement_row(each) for each in kept),
        steps=tuple(fee_step(step) for step in row.fee.steps),
        inputs=tuple(_inputs(row.fee)),
        moves=tuple(Move(S(move.to_state), move.moved_at, move.moved_by, move.why) for move in moves),
    )


def entries(one: Settlement) -> list[tuple[str, Entry]]:
    """The entries a settlement made, in each book in scope, with the book's name; reversals come with the reversed."""
    source, found = Source(SOURCE, one.public_id), []
    for entity, name in ((one.practice_entity, one.practice_name), (one.mso_entity, one.mso_name)):
        if entity in current().entities:
            made = journal.entries_of(entity=entity, source=source)
            back = [journal.entry(entity=entity, public_id=each.reversed_by) for each in made if each.reversed_by]
            found += [(name, each) for each in [*made, *back]]
    return found


def given(public_id: str, name: str, category: str) -> Input:
    """An input of a fee that was summed from ledger lines; raises `NotFound`."""
    for one in _inputs(_row_of(public_id).fee):
        if (one.address, one.category) == (name, category) and one.selection:
            return one
    raise NotFound("The fee was not computed from such a figure of the ledger.")


def row(public_id: str, number: int) -> Row:
    """A row of a statement; raises `NotFound`."""
    found = StatementRow.objects.filter(settlement__public_id=public_id, number=number).first()
    if found is None:
        raise NotFound("The statement has no such row.")
    return _statement_row(found)


def figure(public_id: str, number: int) -> Row:
    """A row of a statement that has ledger lines of its own; raises `NotFound`."""
    found = row(public_id, number)
    if not found.opens:
        raise NotFound("This figure has no ledger lines of its own; it is computed from the others.")
    return found


def behind(row: Row | Input, ask: PageAsk) -> Page[LedgerRow]:
    """The ledger lines behind a figure."""
    return ledger.lines(Selection.from_json(row.selection), ask)


def settlements(filters: Filters, ask: PageAsk) -> Page[SettlementRow]:
    """Settlements in scope, newest month first, with the sums of all that the filters find."""
    found = _filtered(filters)
    key = SORTS.get(ask.sort, "month")
    shown = found.order_by(f"-{key}" if ask.desc else key, "practice__name", "-pk")
    sums = found.aggregate(n=Count("pk"), came=Sum("collected_amount"), asked=Sum("fee__amount"), open=Sum("left"),
                           held=Sum("held_amount"))  # fmt: skip
    named = (("collected", "came"), ("fee", "asked"), ("due", "open"), ("disputed", "held"))
    totals = {key: Money.of(sums[name] or 0) for key, name in named}
    rows = tuple(_listed(row) for row in shown[ask.offset : ask.offset + ask.size])
    return Page(rows=rows, total=sums["n"], ask=ask, totals=totals)


def count(state: S) -> int:
    """How many settlements in scope stand so."""
    return SettlementModel.objects.filter(state=state).count()


def by_month(*, since: Month) -> dict[Month, tuple[Money, Money]]:
    """What was collected and asked as fee in each settled month since one, over the practices in scope."""
    rows = (
        SettlementModel.objects.filter(month__gte=since.first)
        .exclude(state=S.WITHDRAWN)
        .order_by("month")
        .values_list("month")
        .annotate(collected=Sum("collected_amount"), fee=Sum("fee__amount"))
    )
    return {Month.of(month): (Money.of(collected), Money.of(fee)) for month, collected, fee in rows}


def fees_of(practice: int) -> list[tuple[str, Month, Money]]:
    """Settlement, month and fee of each month of a practice that is settled."""
    rows = SettlementModel.objects.filter(practice_id=practice).exclude(state=S.WITHDRAWN).order_by("month")
    told = rows.values_list("public_id", "month", "fee__amount")
    return [(name, Month.of(month), Money(fee)) for name, month, fee in told]


def standing(practice: int, month: Month) -> str:
    """The public id of the settlement that stands for a practice's month; the empty text when there is none."""
    found = SettlementModel.objects.filter(practice_id=practice, month=month.first).exclude(state=S.WITHDRAWN)
    return found.values_list("public_id", flat=True).first() or ""


def paid_before(practice: int, month: Month) -> Money:
    """What was paid for a month under settlements that were withdrawn since."""
    found = SettlementModel.objects.filter(practice_id=practice, month=month.first, state=S.WITHDRAWN)
    return Money.of(found.aggregate(paid=Sum("paid_amount"))["paid"] or 0)


def run(public_id: str) -> Run:
    """How far a run has come, for whom every practice of it is in scope: it names them; raises `NotFound`."""
    within = list(current().practices)
    row = SettlementRun.objects.filter(public_id=public_id, practices__contained_by=within).first()
    if row is None:
        raise NotFound("There is no such run among the practices you may see.")
    made = SettlementModel.objects.select_related("practice", "fee").annotate(left=LEFT)
    return Run(
        public_id=row.public_id,
        month=Month.of(row.month),
        practices=len(row.practices),
        settled=tuple(_listed(each) for each in made.filter(public_id__in=row.settled).order_by("practice__name")),
        standing=row.standing,
        refused=tuple(Unsettled(*each) for each in row.refused),
        started_at=row.started_at,
        finished_at=row.finished_at,
        asked_by=row.actor_name,
    )


_CREDITED = F("credited_amount") + F("rebate_amount") + F("memo_amount")
_GONE = _CREDITED + F("held_amount") + Coalesce(F("paid_amount"), Decimal(0))
LEFT = Case(When(state__in=[S.ISSUED, S.APPROVED], then=F("fee__amount") - _GONE), default=0,
            output_field=DecimalField(max_digits=14, decimal_places=2))  # fmt: skip
"""What is to be paid of a settlement now; what is disputed of it is not."""


def _filtered(filters: Filters) -> QuerySet[SettlementModel]:
    found = SettlementModel.objects.select_related("practice", "fee").annotate(left=LEFT)
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    found = found.filter(by_terms(filters, {"month": "month", "due": "due_on", "fee": "fee__amount"}))
    if filters.text:
        found = found.filter(Q(practice__name__icontains=filters.text) | Q(invoice__istartswith=filters.text))
    return found


def _listed(row: SettlementModel) -> SettlementRow:
    return SettlementRow(
        public_id=row.public_id,
        practice=row.practice_id,
        practice_name=row.practice.name,
        month=Month.of(row.month),
        collected=Money.of(row.collected_amount),
        fee=Money.of(row.fee.amount),
        due=Money.of(row.left),  # type: ignore[attr-defined]  # annotated
        disputed=Money.of(row.held_amount),
        state=S(row.state),
        invoice=row.invoice,
        issued_on=row.issued_on,
        due_on=row.due_on,
    )


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
        kind=step["kind"],
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


def settlement_of(row: SettlementModel) -> Settlement:
    """A row as what leaves settlement."""
    fee = row.fee
    return Settlement(
        public_id=row.public_id,
        practice=row.practice_id,
        practice_code=row.practice.code,
        practice_name=row.legal_name,
        mso_name=row.mso_name,
        month=Month.of(row.month),
        agreement=fee.agreement,
        version=fee.version,
        fee=Money.of(fee.amount),
        credited=Money.of(row.credited_amount),
        collected=Money.of(row.collected_amount),
        state=S(row.state),
        invoice=row.invoice,
        issued_at=row.issued_at,
        issued_on=row.issued_on,
        due_on=row.due_on,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        paid_on=row.paid_on,
        withdrawn_why=row.withdrawn_why,
        statement_document=row.statement_document,
        invoice_document=row.invoice_document,
        practice_entity=row.practice_entity_id,
        mso_entity=row.mso_entity_id,
        practice_entry=row.practice_entry,
        mso_entry=row.mso_entry,
        sentence=fee.sentence,
        paid=Money.of(row.paid_amount or 0),
        memos=Money.of(row.memo_amount),
        disputed=Money.of(row.held_amount),
        rebates=Money.of(row.rebate_amount),
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
        part=Money.of(row.part) if row.part is not None else None,
    )


def _inputs(fee: FeeComputation) -> Iterator[Input]:
    alone = {"meters": fee.meters, "inputs": fee.inputs, "opens": fee.opens}
    months = [
        {**month, "meters": {}} for one in fee.true_ups for run in one["runs"] for month in run["months"]
        if month["starts_on"] < str(fee.starts_on) or month["starts_on"] >= str(fee.ends_on)
    ]  # fmt: skip
    own = list(enumerate(fee.parts or [alone], 1 if fee.parts else 0))
    for number, part in [*own, *enumerate(months, len(own) + 1)]:
        frozen = {one.count: one for one in metered(part["meters"])}
        days = days_of(part) if number else None
        for name, value in part["inputs"].items():
            opens = part["opens"].get(name, {})
            for category, amount in (value if isinstance(value, dict) else {OTHER: value}).items():
                behind = opens.get(category, {})
                figure = behind.get("entered", "")
                selection = {} if figure else behind
                yield Input(name, category, amount, selection, frozen.get(name), number, days, figure)
