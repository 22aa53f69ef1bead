"""What the MSO earned by its fees (ASC 606): month by month as the services were rendered, whatever was paid.

A fee is earned in its month, because the services of the month are what it is for. What depends on figures (a
percentage, a true-up, a service credit) is variable consideration, known when the month is settled. A credit memo
lowers the revenue of the month in which it is issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Selection
from openmso.ledger.queries import books
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import current
from openmso.settlement.contracts import SOURCE
from openmso.settlement.contracts.accounts import Earned, Pair, Revenue
from openmso.settlement.models import CreditMemo
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries.accounts import ACCRUED
from openmso.settlement.queries.statements import LEFT
from openmso.settlement.states import S

MIRRORS = (
    ("Management fees", Accounts.FEE_REVENUE, Accounts.MANAGEMENT_FEE, -1),
    ("Fees receivable and owed", Accounts.FEES_RECEIVABLE, Accounts.DUE_TO_MSO, 1),
    ("Deficit loans", Accounts.DEFICIT_LOANS, Accounts.DEFICIT_LOAN, 1),
    ("Interest of deficit loans", Accounts.LOAN_INTEREST, Accounts.INTEREST_PAID, -1),
)
"""Accounts of the MSO's book and of the practices' that mirror each other, and the side the MSO's stands on."""


def revenue(*, first: Month, last: Month) -> Revenue:
    """What was earned in some months of the practices in scope, practice by practice."""
    held = (
        SettlementModel.objects.exclude(state=S.WITHDRAWN).filter(month__gte=first.first, month__lte=last.first)
        .select_related("practice", "fee").annotate(left=LEFT).order_by("practice__name", "month")
    )  # fmt: skip
    by_practice: dict[int, list[SettlementModel]] = {}
    for row in held:
        by_practice.setdefault(row.practice_id, []).append(row)
    memos = _memos(first, last)
    rows = tuple(_earned(mine, memos.get(practice, ZERO), first, last) for practice, mine in by_practice.items())
    mso_books = _books("mso")
    said = None
    if mso_books:
        said = -Money.total(_net(one, Accounts.FEE_REVENUE, first, last, kinds=(SOURCE,)) for one in mso_books)
    return Revenue(first, last, rows, said, tuple(_pairs(mso_books, first, last)))


def _earned(mine: list[SettlementModel], credits: Money, first: Month, last: Month) -> Earned:
    one = mine[0].practice
    left = [Money.of(row.left) for row in mine]  # type: ignore[attr-defined]  # annotated
    return Earned(
        practice=one.pk, code=one.code, practice_name=one.name, first=first, last=last, months=len(mine),
        fees=Money.total(Money.of(row.fee.amount) for row in mine), fixed=_fixed(mine),
        service_credits=-_effect(mine, "credit"), credits=credits,
        unbilled=Money.total(Money.of(row.fee.amount) for row in mine if row.issued_on > last.last),
        deferred=Money.total(max(-one, ZERO) for one in left), receivable=Money.total(max(one, ZERO) for one in left),
        disputed=Money.total(Money.of(row.held_amount) for row in mine), capped=-_effect(mine, "fmv_cap"),
    )  # fmt: skip


def _fixed(mine: Iterable[SettlementModel]) -> Money:
    """What components of a fixed amount came to: their steps stand in the order of the terms' components."""
    found = []
    for row in mine:
        steps = [step for step in row.fee.steps if step["kind"] == "component"]
        terms = [part["terms"] for part in row.fee.parts] or [row.fee.terms]
        components = (component for each in terms for component in each["components"])
        for step, component in zip(steps, components, strict=False):
            if component["kind"] == "flat":
                found.append(Money.of(Decimal(step["effect"])))
    return Money.total(found)


def _effect(mine: Iterable[SettlementModel], kind: str) -> Money:
    """What the steps of a kind added to the fees."""
    return Money.total(
        Money.of(Decimal(step["effect"])) for row in mine for step in row.fee.steps if step["kind"] == kind
    )


def _memos(first: Month, last: Month) -> dict[int, Money]:
    rows = (
        CreditMemo.objects.exclude(settlement__state=S.WITHDRAWN)
        .filter(issued_on__gte=first.first, issued_on__lte=last.last)
        .values_list("practice").annotate(sum=Sum("amount"))
    )  # fmt: skip
    return {practice: Money.of(amount) for practice, amount in rows}


def _pairs(mso_books: list[int], first: Month, last: Month) -> list[Pair]:
    """What a consolidation of the MSO with its practices takes out; nothing where only one side is in sight."""
    theirs = _books("practice")
    if not mso_books or not theirs:
        return []
    made, book = [], _book(mso_books[0])
    for words, of_mso, of_practices, side in MIRRORS:
        since = first if side < 0 else None  # income of the months; what stands at their end
        ours = Money.total(_net(one, of_mso, since, last) for one in mso_books)
        their = Money.total(_net(one, of_practices, since, last) for one in theirs)
        made.append(Pair(words, ours if side > 0 else -ours, -their if side > 0 else their, of_mso, book))
    return made


def _net(entity: int, account: str, first: Month | None, last: Month, *, kinds: tuple[str, ...] = ()) -> Money:
    asked = Selection(entity, (account,), ACCRUED, last.plus(1).first, first.first if first else None, kinds=kinds)
    return ledger.total(asked).net


def _book(entity: int) -> str:
    """The public id of a book; none where no books are kept."""
    try:
        return books.book_of(entity).public_id
    except Refused:
        return ""


def _books(kind: str) -> list[int]:
    found = Entity.objects.filter(pk__in=current().entities, tenant__kind=kind)
    return list(found.order_by("pk").values_list("pk", flat=True))
