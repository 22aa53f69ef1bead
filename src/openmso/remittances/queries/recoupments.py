"""Questions about what payers hold against practices: references with their balances, and the ledger line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum, Window

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms
from openmso.remittances.contracts import (
    Answer,
    Beside,
    BesideRow,
    ExplanationRow,
    Movement,
    Recoupment,
    RecoupmentPage,
    RecoupmentState,
)
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import ClaimPayment, ProviderAdjustment
from openmso.remittances.models.recoupments import Explanation
from openmso.remittances.queries.files import adjustment_of
from openmso.remittances.rules import provider
from openmso.remittances.rules import recoupments as rules

SORTS = {
    "payer_name": lambda one: one.payer_name, "first_on": lambda one: one.first_on, "age": lambda one: one.age,
    "held": lambda one: one.held.amount,
}  # fmt: skip
BESIDE_SORTS = {"posted_on": "remittance__posted_on", "amount": "amount", "payer_name": "remittance__payer_name"}
Key = tuple[int, str, str]
"""Practice, payer, reference."""


def references(*, filters: Filters, page: PageAsk, on: date) -> Page[Recoupment]:
    """References with a balance, or those that are closed; what is not explained first unless asked otherwise."""
    rows = _asked(filters, on)
    if order := SORTS.get(page.sort):
        rows.sort(key=order, reverse=page.desc)
    shown = rows[page.offset : page.offset + page.size]
    return Page(shown, len(rows), page, _tally(rows).totals)


def tally(*, filters: Filters, on: date) -> Tally:
    """How many references the filters leave, and what is held on them."""
    return _tally(_asked(filters, on))


def _tally(rows: Sequence[Recoupment]) -> Tally:
    return Tally(len(rows), {"held": Money.total(row.held for row in rows)})


def _asked(filters: Filters, on: date) -> list[Recoupment]:
    wanted = set(filters.many("is")) or {RecoupmentState.HELD, RecoupmentState.UNEXPLAINED}
    found = _of_words(filters.text, _all())
    rows = standing(found, on=on, closed=RecoupmentState.CLOSED in wanted)
    return [row for row in rows if row.state in wanted]


def _of_words(text: str, found: QuerySet[ProviderAdjustment]) -> QuerySet[ProviderAdjustment]:
    for word in text.split():
        found = found.filter(
            Q(remittance__payer_name__icontains=word) | Q(reference__iexact=word) | Q(public_id=word.upper())
            | Q(remittance__public_id=word.upper()) | Q(code=word.upper())
        )  # fmt: skip
    return found


def _all() -> QuerySet[ProviderAdjustment]:
    """All that runs through the account of recoupments, unknown codes included."""
    return ProviderAdjustment.objects.filter(account=Accounts.PAYER_RECOUPMENTS)


def standing(found: QuerySet[ProviderAdjustment], *, on: date, closed: bool = False) -> list[Recoupment]:
    """The references of some adjustments as they stand, what is not explained first, then the oldest."""
    grouped = found.values("practice_id", "payer_key", "reference").annotate(
        sum=Sum("amount"), items=Count("pk"), first_on=Min("remittance__posted_on"),
        last_on=Max("remittance__posted_on"), first=Min("pk"), payer=Max("remittance__payer_name"),
        codes=StringAgg("code", delimiter=" ", distinct=True),
    )  # fmt: skip
    rows = list(grouped if closed else grouped.exclude(sum=0))
    ids = dict(ProviderAdjustment.objects.filter(pk__in=[row["first"] for row in rows]).values_list("pk", "public_id"))
    names = {one.pk: one.name for one in tenancy.tenants_in_scope()}
    open_keys = {_key(row) for row in rows if row["sum"]}
    said, reversed_ = _explained(open_keys), _reversed(open_keys)
    judged = [_row(row, ids[row["first"]], names[row["practice_id"]], said, reversed_, on) for row in rows]
    return sorted(judged, key=lambda one: (one.state is not RecoupmentState.UNEXPLAINED, one.first_on, one.public_id))


def _key(row: Any) -> Key:
    return row["practice_id"], row["payer_key"], row["reference"]


def _row(
    row: Any, public_id: str, practice: str, said: dict[Key, tuple[Decimal, Answer]], reversed_: set[Key], on: date
) -> Recoupment:  # fmt: skip
    codes = row["codes"].split()
    state, words = rules.judge(codes, row["sum"], is_reversed=_key(row) in reversed_, explained=said.get(_key(row)))
    return Recoupment(
        public_id=public_id, practice=row["practice_id"], practice_name=practice, payer_key=row["payer_key"],
        payer_name=row["payer"], reference=row["reference"], codes=", ".join(codes), amount=Money(row["sum"]),
        first_on=row["first_on"], last_on=row["last_on"], items=row["items"],
        age=max(0, (on - row["first_on"]).days), state=state, words=words,
    )  # fmt: skip


def _explained(keys: Collection[Key]) -> dict[Key, tuple[Decimal, Answer]]:
    """The last explanation of each reference, if it has one."""
    found = Explanation.objects.filter(
        practice_id__in={key[0] for key in keys}, reference__in={key[2] for key in keys}
    ).order_by("pk")
    return {(one.practice_id, one.payer_key, one.reference): (one.amount, Answer(one.answer)) for one in found}


def _reversed(keys: Collection[Key]) -> set[Key]:
    """The references under which a claim was taken back: they name its number of ours, or the payer's."""
    numbers = {key: rules.numbers_in(key[2]) for key in keys}
    named = frozenset().union(*numbers.values())
    taken = ClaimPayment.objects.filter(
        Q(control__in=named) | Q(payer_control__in=named), practice_id__in={key[0] for key in keys}, is_reversal=True
    )
    rows = taken.values_list("practice_id", "remittance__payer_key", "control", "payer_control")
    back = {(practice, payer, number) for practice, payer, *both in rows for number in both}
    return {key for key, said in numbers.items() if any((*key[:2], number) in back for number in said)}


def recoupment(public_id: str, *, on: date) -> RecoupmentPage:
    """The reference of an adjustment, whole; raises `NotFound` for one that is no recoupment."""
    one = _all().filter(public_id=public_id).first()
    if one is None:
        raise NotFound(f"{public_id} is no money that a payer took or left beside claims.")
    mine = {"practice_id": one.practice_id, "payer_key": one.payer_key, "reference": one.reference}
    found = _all().filter(**mine)
    (row,) = standing(found, on=on, closed=True)
    numbers = rules.numbers_in(one.reference)
    reversals = ClaimPayment.objects.filter(
        Q(control__in=numbers) | Q(payer_control__in=numbers), practice_id=one.practice_id, is_reversal=True,
        remittance__payer_key=one.payer_key,
    ).select_related("remittance")  # fmt: skip
    said = Explanation.objects.filter(**mine).order_by("-pk")
    return RecoupmentPage(
        row=row, movements=tuple(_movements(_running(found).order_by("remittance__posted_on", "pk"))),
        reversals=tuple(
            (each.public_id, each.remittance.posted_on, Money(each.paid_amount)) for each in reversals.order_by("pk")
        ),
        explanations=tuple(
            ExplanationRow(Money(each.amount), Answer(each.answer), each.answers, each.why, each.explained_at,
                           each.explained_by)
            for each in said
        ),
    )  # fmt: skip


def ledger(*, filters: Filters, page: PageAsk) -> Page[Movement]:
    """Every movement with what the payer holds against the practice after it, the latest first."""
    found = _all()
    for word in filters.text.split():
        found = found.filter(remittance__payer_name__icontains=word)
    rows = _running(found).order_by("-remittance__posted_on", "-pk")[page.offset : page.offset + page.size]
    return Page(_movements(rows), found.count(), page)


def beside(*, filters: Filters, page: PageAsk) -> Page[BesideRow]:
    """All that payers took or gave beside claims, whatever it is for; the latest first unless asked otherwise."""
    found = _beside(filters)
    order = BESIDE_SORTS.get(page.sort, "remittance__posted_on")
    keys = (order, "pk") if page.sort and not page.desc else (f"-{order}", "-pk")
    names = {one.pk: one.name for one in tenancy.tenants_in_scope()}
    rows = paging.rows(found.select_related("remittance"), keys, page)
    shown = [
        BesideRow(
            adjustment_of(row, row.remittance.public_id), provider.OF_ACCOUNT[row.account],
            names[row.practice_id], row.remittance.payer_name, row.remittance.posted_on,
        )
        for row in rows
    ]  # fmt: skip
    return counting.page_of(shown, found, page, lambda: tally_beside(filters=filters))


def tally_beside(*, filters: Filters) -> Tally:
    """How many there are, and what they come to for us."""
    sums = _beside(filters).aggregate(n=Count("pk"), sum=Sum("amount"))
    return Tally(sums["n"], {"taken": -Money(sums["sum"] or Decimal("0.00"))})


def _beside(filters: Filters) -> QuerySet[ProviderAdjustment]:
    found = _of_words(filters.text, ProviderAdjustment.objects.all())
    if kinds := filters.many("kind"):
        found = found.filter(account__in=provider.accounts_of([Beside(one) for one in kinds]))
    return found.filter(by_terms(filters, {"posted": "remittance__posted_on"}))


def _running(found: QuerySet[ProviderAdjustment]) -> QuerySet[ProviderAdjustment]:
    """With the sum of each payer and practice so far, in the order of the books."""
    so_far = Window(
        Sum("amount"), partition_by=[F("practice_id"), F("payer_key")],
        order_by=[F("remittance__posted_on").asc(), F("pk").asc()],
    )  # fmt: skip
    return found.select_related("remittance").annotate(so_far=so_far)


def _movements(rows: Iterable[Any]) -> list[Movement]:
    names = {one.pk: one.name for one in tenancy.tenants_in_scope()}
    return [
        Movement(
            adjustment_of(row, row.remittance.public_id), names[row.practice_id], row.remittance.payer_name,
            row.remittance.posted_on, -Money(row.so_far),
        )
        for row in rows
    ]  # fmt: skip


def acknowledged(*, practice: int, remittance: str, on: date) -> list[Recoupment]:
    """References under which one remittance acknowledges refunds (72) that nobody has explained yet."""
    told = _all().filter(practice_id=practice, remittance__public_id=remittance, code=rules.REFUND)
    keys = set(told.values_list("payer_key", "reference"))
    named = _all().filter(
        practice_id=practice, payer_key__in={key[0] for key in keys}, reference__in={key[1] for key in keys}
    )  # fmt: skip
    rows = standing(named, on=on) if keys else []
    return [
        row for row in rows if (row.payer_key, row.reference) in keys and row.state is RecoupmentState.UNEXPLAINED
    ]  # fmt: skip


def answers(*, practice: int) -> frozenset[str]:
    """What explanations of a practice name as the refunds that were acknowledged."""
    found = Explanation.objects.filter(practice_id=practice, answer=Answer.REFUND)
    return frozenset(found.values_list("answers", flat=True))


def touched(*, practice: int, remittance: str, on: date) -> list[Recoupment]:
    """The references that a remittance says something of: money of its own, or claims that it takes back."""
    mine = _all().filter(practice_id=practice)
    back = ClaimPayment.objects.filter(practice_id=practice, remittance__public_id=remittance, is_reversal=True)
    numbers = {number for both in back.values_list("control", "payer_control") for number in both}
    payers = Remittance.objects.filter(practice_id=practice, public_id=remittance).values("payer_key")
    keys = {
        (payer, reference, is_own)
        for payer, reference, is_own in mine.filter(payer_key__in=payers)
        .annotate(is_own=Q(remittance__public_id=remittance))
        .values_list("payer_key", "reference", "is_own")
    }
    wanted = {(payer, said) for payer, said, is_own in keys if is_own or rules.numbers_in(said) & numbers}
    named = mine.filter(payer_key__in={key[0] for key in wanted}, reference__in={key[1] for key in wanted})
    return standing(named, on=on, closed=True) if wanted else []


def unexplained(*, practice: int, on: date) -> list[Recoupment]:
    """The references of a practice that nobody and nothing explains."""
    rows = standing(_all().filter(practice_id=practice), on=on)
    return [row for row in rows if row.state is RecoupmentState.UNEXPLAINED]
