"""Payouts of card providers: the list, one with its lines, and payments that no payout has brought yet."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Sum

from openmso.billing.contracts import PayoutLineRow, PayoutRow
from openmso.billing.models import Payment, Payout, PayoutLine
from openmso.billing.queries.deposits import AT_HAND
from openmso.billing.queries.narrowing import NONE, narrow
from openmso.billing.states import Method, Paid, PaidOut, Regard, Slipped
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SORTS = {"on": "on", "amount": "amount", "fee": "fee_amount"}
STANDS = {
    PaidOut.OPEN.value: Q(slip=None), PaidOut.TIED.value: Q(slip__state=Slipped.MADE.value),
    PaidOut.BANKED.value: Q(slip__state=Slipped.BANKED.value),
}  # fmt: skip


def listing(*, filters: Filters, page: PageAsk) -> Page[PayoutRow]:
    """A page of the payouts in scope, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "on")
    shown = paging.rows(found, (f"-{column}" if page.desc or not page.sort else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many payouts the filters leave, and what they and their fees come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), sum=Sum("amount"), fees=Sum("fee_amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["sum"] or 0), "fee": Money.of(sums["fees"] or 0)})


def filtered(filters: Filters) -> QuerySet[Payout]:
    """The payouts that the filters leave; the text is the beginning of one, or the provider's name of it."""
    found = Payout.objects.select_related("slip")
    if states := filters.many("is"):
        meant = Q(pk__in=())
        for one in states:
            meant |= STANDS.get(one, Q(pk__in=()))
        found = found.filter(meant)
    return narrow(found, filters, chosen=NONE, ids={"PYO": "public_id"}, says=["name"], of_patients=False)


def payout(public_id: str) -> PayoutRow:
    """One payout; raises `NotFound`."""
    row = Payout.objects.select_related("slip").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no payout {public_id}.")
    return rows_of([row])[0]


def lines(found: PayoutRow) -> list[PayoutLineRow]:
    """The lines of a payout, as its report has them."""
    rows = PayoutLine.objects.filter(practice_id=found.practice, payout_id=found.id)
    return [
        PayoutLineRow(
            row.number, row.name, Paid(row.kind), row.about, Money.of(row.amount), Money.of(row.fee_amount), row.says,
            row.payment.public_id if row.payment else "", row.refund.public_id if row.refund else "", row.fault,
            row.hand_why, Regard(row.regard).label if row.regard else "",
        )
        for row in rows.select_related("payment", "refund").order_by("number")
    ]  # fmt: skip


def to_come(practice: int) -> list[tuple[str, str, Money]]:
    """Card payments on line that no payout has brought: public id, the provider's id and amount, the oldest first."""
    rows = Payment.objects.filter(AT_HAND, practice_id=practice, method=Method.ONLINE.value).order_by("pk")
    return [(row.public_id, row.reference, Money.of(row.amount)) for row in rows]


def rows_of(found: Sequence[Payout]) -> list[PayoutRow]:
    """Rows as the list shows them."""
    names = {one.pk: one.name for one in tenants()}
    return [
        PayoutRow(
            row.pk, row.public_id, row.practice_id, names.get(row.practice_id, ""), row.name, row.on,
            Money.of(row.amount), Money.of(row.charged_amount), Money.of(row.fee_amount), row.count, row.open,
            _state(row), row.words, row.document, row.slip.public_id if row.slip else "", row.entry, row.taken_at,
            row.taken_by,
        )
        for row in found
    ]  # fmt: skip


def _state(row: Payout) -> PaidOut:
    if row.slip is None:
        return PaidOut.OPEN
    return PaidOut.BANKED if row.slip.state == Slipped.BANKED else PaidOut.TIED
