"""The desk's money on its way to the bank: what waits for a slip, the slips, and what may carry one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from openmso.banking import queries as banking
from openmso.banking.contracts import BankLine
from openmso.billing.contracts import PaymentRow, SlipRow
from openmso.billing.models import Payment, Slip
from openmso.billing.queries import payments
from openmso.billing.queries.narrowing import narrow
from openmso.billing.rules.deposits import BAGS, DAYS_MAX
from openmso.billing.states import Bag, Method, P, Slipped
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

LEAST_ARRIVES = Decimal("0.9")
"""Of a batch of cards: the bank's fee is a few percent."""
SORTS = {"taken_on": "taken_on", "amount": "amount"}
NET = F("amount") - F("fee_amount")
"""What comes to the bank of a payment."""
AT_HAND = Q(slip=None, state=P.POSTED.value, method__in=[one.value for one in BAGS])


def waiting(practice: int) -> QuerySet[Payment]:
    """The payments of a practice that are on no slip yet."""
    return Payment.objects.filter(AT_HAND, practice_id=practice)


def to_carry() -> QuerySet[Payment]:
    """The payments in scope that somebody has to put on a slip: what cards paid on line comes in payouts."""
    return Payment.objects.filter(AT_HAND).exclude(method=Method.ONLINE.value)


def at_hand() -> Tally:
    """How many payments of the practices in scope wait for a slip, and what they come to."""
    sums = to_carry().aggregate(n=Count("pk"), held=Sum(NET))
    return Tally(sums["n"], {"amount": Money.of(sums["held"] or 0)})


def not_banked(practice: int) -> Money:
    """What patients paid at the desk and the bank does not have: at hand, or on a slip on its way."""
    held = waiting(practice).aggregate(sum=Sum(NET))["sum"] or 0
    going = Slip.objects.filter(practice_id=practice, state=Slipped.MADE.value).aggregate(sum=Sum("amount"))["sum"]
    return Money.of(held) + Money.of(going or 0)


def listing(*, filters: Filters, page: PageAsk) -> Page[SlipRow]:
    """A page of the slips in scope, the latest first unless sorted otherwise."""
    found = filtered(filters)
    column = SORTS.get(page.sort, "taken_on")
    shown = paging.rows(found, (f"-{column}" if page.desc or not page.sort else column, "pk"), page)
    return counting.page_of(rows_of(shown), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many slips the filters leave, and what they come to."""
    sums = filtered(filters).aggregate(n=Count("pk"), sum=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["sum"] or 0)})


def filtered(filters: Filters) -> QuerySet[Slip]:
    """The slips that the filters leave; the text is the beginning of one."""
    return narrow(Slip.objects.all(), filters, chosen={"is": "state", "bag": "bag"}, ids={"SLP": "public_id"},
                  of_patients=False)  # fmt: skip


def slip(public_id: str) -> SlipRow:
    """One slip; raises `NotFound`."""
    row = Slip.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no deposit slip {public_id}.")
    return rows_of([row])[0]


def on(found: SlipRow) -> list[PaymentRow]:
    """The payments on a slip."""
    rows = Payment.objects.filter(practice_id=found.practice, slip_id=found.id).order_by("pk")
    return payments.rows_of(list(rows))


def candidates(found: SlipRow, *, limit: int = 20) -> list[BankLine]:
    """Bank lines that nobody explained and that may be a slip: its cents, or for cards a little less, and its days."""
    if found.state is not Slipped.MADE:
        return []
    is_exact = found.bag in {Bag.DESK, Bag.PAYOUT}
    exact = {found.amount.amount} if is_exact else ()
    lines = banking.unexplained(practices=[found.practice], amounts=exact)
    last: date = found.taken_on + timedelta(days=DAYS_MAX)
    return [
        line for line in lines
        if line.entity == found.entity and found.taken_on <= line.posted_on <= last
        and found.amount.times(LEAST_ARRIVES) <= line.amount <= found.amount
    ][:limit]  # fmt: skip


def rows_of(found: Sequence[Slip]) -> list[SlipRow]:
    """Rows as the list shows them."""
    names = {one.pk: one.name for one in tenants()}
    lines = banking.by_ids({row.line_id for row in found if row.line_id})
    return [
        SlipRow(
            row.pk, row.public_id, row.practice_id, names.get(row.practice_id, ""), row.entity_id, Bag(row.bag),
            row.taken_on, Money.of(row.amount), row.count, Slipped(row.state), row.made_at, row.made_by,
            lines[row.line_id].public_id if row.line_id else "", Money.of(row.fee_amount), row.banked_on, row.how,
            row.why, row.entry,
        )
        for row in found
    ]  # fmt: skip
