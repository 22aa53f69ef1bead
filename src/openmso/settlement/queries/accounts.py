"""Accounts of practices with the MSO: what is unpaid of invoices, and statements of account from the books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import F, Sum

from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Journal, LedgerRow, Selection, Source
from openmso.ledger.queries import journal
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import PageAsk
from openmso.settlement import books
from openmso.settlement.contracts import SOURCE, Settlement
from openmso.settlement.contracts.accounts import AccountLine, Booked, FeeAccount
from openmso.settlement.models import CreditMemo, RebateShare
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries.statements import LEFT, OPEN, settlement

ACCRUED = (Basis.COMMON, Basis.ACCRUAL)
PAGE = 200


def unpaid(practice: int, *, through: Month) -> list[Settlement]:
    """The invoices of a practice that are neither paid nor withdrawn, of months through one, the oldest first."""
    found = SettlementModel.objects.filter(practice_id=practice, month__lte=through.first, state__in=OPEN)
    return [settlement(name) for name in found.order_by("month", "pk").values_list("public_id", flat=True)]


def number_of(public_id: str) -> str:
    """The invoice number of a settlement."""
    return settlement(public_id).invoice


def lent_of(public_id: str) -> list[tuple[str, Money]]:
    """The practice's entries by which a fee was lent, each with how much of it, oldest first; without reversed ones."""
    one = settlement(public_id)
    made = journal.entries_of(entity=one.practice_entity, source=Source(SOURCE, public_id))
    lent = [each for each in made if books.LENT in each.memo and not each.reversed_by and not each.reverses]
    signs = {each.public_id: any(line.credit and line.account == Accounts.DEFICIT_LOAN for line in each.lines)
             for each in lent}  # fmt: skip
    return [(each.public_id, each.total if signs[each.public_id] else -each.total) for each in lent]


def account(code: str, *, first: Month, last: Month) -> FeeAccount:
    """The account of a practice over some months; raises `NotFound` for one that was never invoiced."""
    found = next((one for one in accounts(first=first, last=last, code=code)), None)
    if found is None:
        raise NotFound("The MSO never invoiced such a practice among those you may see.", field="practice")
    return found


def accounts(*, first: Month, last: Month, code: str = "") -> list[FeeAccount]:
    """The account of each practice in scope that was ever invoiced, by name."""
    held = SettlementModel.objects.order_by("practice__name", "pk")
    if code:
        held = held.filter(practice__code=code.upper())
    entities: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    for practice, entity, mso in held.values_list("practice", "practice_entity", "mso_name"):
        entities.setdefault(practice, set()).add(entity)
        names[practice] = mso
    tenants = Tenant.objects.in_bulk(list(entities))
    waiting = _open(entities)
    return [
        _account(tenants[practice], names[practice], sorted(mine & current().entities), first, last, waiting)
        for practice, mine in entities.items()
    ]


def _account(
    tenant: Tenant, mso: str, entities: list[int], first: Month, last: Month, waiting: Mapping[int, Money]
) -> FeeAccount:
    asked = [
        Selection(one, (Accounts.DUE_TO_MSO,), ACCRUED, last.plus(1).first, first.first, kinds=(SOURCE,))
        for one in entities
    ]
    before = [Selection(one, (Accounts.DUE_TO_MSO,), ACCRUED, first.first, kinds=(SOURCE,)) for one in entities]
    balance = opening = -Money.total(ledger.total(one).net for one in before)
    issued = set(
        SettlementModel.objects.filter(practice_id=tenant.pk).values_list("practice_entry", flat=True)
    )  # fmt: skip
    memos = set(CreditMemo.objects.filter(practice_id=tenant.pk).values_list("practice_entry", flat=True))
    rebates = set(RebateShare.objects.filter(practice_id=tenant.pk).values_list("practice_entry", flat=True))
    lines = []
    for row in (row for one in asked for row in _rows(one)):
        amount = row.credit - row.debit
        balance = balance + amount
        name = row.source.id if row.source else ""
        lines.append(
            AccountLine(row.posted_on, _kind(row, issued, memos, rebates), row.memo, name, row.entry, amount, balance)
        )
    return FeeAccount(
        tenant.pk, tenant.code, tenant.name, mso, first, last, opening, tuple(lines), waiting.get(tenant.pk, ZERO)
    )


def _kind(row: LedgerRow, issued: set[str], memos: set[str], rebates: set[str]) -> Booked:
    if row.journal is Journal.REVERSAL:
        return Booked.TAKEN_BACK
    if row.entry in issued:
        return Booked.INVOICE
    if row.entry in memos:
        return Booked.CREDIT
    if row.entry in rebates:
        return Booked.REBATE
    return Booked.LENT if books.LENT in row.memo else Booked.PAYMENT


def _rows(asked: Selection) -> list[LedgerRow]:
    """All lines of a selection, oldest first."""
    rows, page = list[LedgerRow](), 1
    while True:
        found = ledger.lines(asked, PageAsk(page, PAGE))
        rows += found.rows
        if len(rows) >= (found.total or 0) or not found.rows:
            return rows
        page += 1


def _open(practices: Mapping[int, object]) -> dict[int, Money]:
    """What is due and disputed of the open invoices of some practices."""
    rows = (
        SettlementModel.objects.filter(practice__in=list(practices), state__in=OPEN)
        .annotate(left=LEFT).values_list("practice").annotate(sum=Sum(F("left") + F("held_amount")))
    )  # fmt: skip
    return {practice: Money.of(amount or 0) for practice, amount in rows}


def usual(on: date) -> tuple[Month, Month]:
    """The months that a statement of account shows unless told: of the year so far."""
    return Month(on.year, 1), Month.of(on)
