"""The lists of card payouts, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.billing.contracts import PayoutLineRow
from openmso.billing.states import PaidOut
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits

PAYOUTS = TableSpec(
    name="billing.payouts",
    waits=Waits("billing.payout", "The latest first"),
    noun=("payout", "payouts"),
    sort="-on",
    search="payout, or the provider's name of it",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:payout", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Payout", "id", heading=True),
        Column("practice_name", "Practice", width="m"),
        Column("on", "Arrives on", "day", sort=True),
        Column("name", "Called by its provider", "code", wide=True),
        Column("state", "State", "status"),
        Column("count", "Lines", "count", wide=True),
        Column("open", "Do not tie", "count"),
        Column("fee", "Fees", "money", sort=True, total=True, wide=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in PaidOut]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty("No payout yet", "Upload the provider's report of payouts, or ask the provider."),
)


def _ours(row: PayoutLineRow) -> str:
    if row.payment:
        return reverse("billing:payment", args=[row.payment])
    return reverse("billing:refund", args=[row.refund]) if row.refund else ""


LINES = TableSpec(
    name="billing.payout_lines",
    noun=("line", "lines"),
    row_key=lambda row: str(row.number),
    row_link=_ours,
    columns=(
        Column("number", "Line", "count", heading=True),
        Column("kind", "What", "status"),
        Column("about", "The provider's id", "code"),
        Column("ours", "Here", "code"),
        Column("note", "Why it does not tie", width="l"),
        Column("name", "Transaction", "code", wide=True),
        Column("says", "The provider says", wide=True),
        Column("fee", "Fee", "money"),
        Column("amount", "Gross", "money", strong=True),
    ),
    empty=Empty("No lines", "The report names nothing in this payout."),
)
