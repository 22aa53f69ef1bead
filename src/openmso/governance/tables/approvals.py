"""What waits for a decision, as data."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from openmso.governance.queries import approvals
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec
from openmso.platform.work.contracts import ItemRow


def _where(row: ItemRow) -> str:
    """The page on which it is decided; the item itself where there is none."""
    try:
        return reverse(row.url, args=[row.subject_id])
    except NoReverseMatch:
        return reverse("work:item", args=[row.public_id])


APPROVALS = TableSpec(
    name="governance.approvals",
    noun=("approval", "approvals"),
    sort="due_at",
    search="words, or the id of what it is about",
    row_key=lambda row: row.public_id,
    row_link=_where,
    row_practice=lambda row: row.practice,
    columns=(
        Column("title", "What waits", heading=True, sort=True, hint=lambda row: row.kind_words),
        Column("why_next", "How long there is", "reason", says=True, width="l"),
        Column("practice_name", "Practice", sort=True, wide=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
        Column("due_at", "Due", "instant", sort=True),
        Column("opened_at", "Since", "instant", sort=True, wide=True),
        Column("why", "What is asked", says=True, hidden=True, width="l"),
        Column("assignee", "With", hidden=True),
        Column("subject_id", "About", "id", hidden=True),
    ),
    filters=(
        Filter("kind", "Kind", choices=approvals.kinds),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("overdue", "Overdue", "flag"),
    ),
    empty=Empty(
        "Nothing waits for you",
        "Invoices, reserved decisions, budgets, runs of payments and agreements to sign come here, with their day.",
        icon="check",
    ),
)
