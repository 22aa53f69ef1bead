"""Settlement's lists as data."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from openmso.ledger import registry as ledger
from openmso.ledger.contracts import LedgerRow
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec
from openmso.settlement.states import S

STATEMENTS = TableSpec(
    name="settlement.statements",
    noun=("statement", "statements"),
    sort="-month",
    search="practice",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:statement", args=[row.public_id]),
    columns=(
        Column("practice_name", "Practice", heading=True),
        Column("month", "Month", "month", sort=True),
        Column("state", "Invoice is", "status", sort=True),
        Column("collected", "Collected", "money", sort=True, total=True),
        Column("fee", "Fee", "money", sort=True, total=True, strong=True),
        Column("invoice", "Invoice", "code", wide=True),
        Column("issued_on", "Issued", "day", sort=True, wide=True),
        Column("due_on", "Due", "day", sort=True),
    ),
    filters=(Filter("is", "Invoice is", choices=[(s.value, s.label) for s in S]),),
    empty=Empty(
        "No statements yet",
        "When a month is over, its fee is computed from the agreement and the books, and the statement appears here.",
        icon="doc",
    ),
)


def _source(row: LedgerRow) -> str:
    try:
        return ledger.url_of(row.source) if row.source else ""
    except NoReverseMatch:
        return ""


BEHIND = TableSpec(
    name="settlement.behind",
    noun=("entry line", "entry lines"),
    row_key=lambda row: f"{row.entry}-{row.number}",
    columns=(
        Column("posted_on", "Day", "day"),
        Column("name", "Entry", "code"),
        Column("memo", "What for", heading=True),
        Column("source", "Comes from", "id", value=lambda row: row.source.id if row.source else "", link=_source),
        Column("debit", "Debit", "money", total=True),
        Column("credit", "Credit", "money", total=True),
        Column("balance", "So far", "money", wide=True),
    ),
    empty=Empty("Nothing behind this figure", "It is zero because nothing was posted in the month.", icon="ledger"),
)
