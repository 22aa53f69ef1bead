"""Lists of budgets and of what the books say against them, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.governance.contracts import BUDGET
from openmso.governance.states import B
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits

BUDGET_LIST = TableSpec(
    name="governance.budgets",
    waits=Waits(BUDGET, "The latest year first"),
    noun=("budget", "budgets"),
    sort="-first",
    search="practice or number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:budget", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Year", heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("book_name", "Books of", wide=True),
        Column("state", "Stands", "status", sort=True),
        Column("income", "Income", "money", wide=True),
        Column("expenses", "Expenses", "money", wide=True),
        Column("net", "Net", "money", strong=True),
        Column("agree_by", "To agree by", "day", sort=True),
        Column("version", "Version", "count", wide=True),
        Column("first", "First month", "month", sort=True, hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in B]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("due", "To agree by", "day"),
    ),
    empty=Empty(
        "No budgets yet",
        "A budget begins from last year's books: every figure by account and month can then be changed.",
        "Begin a budget",
        "/budgets/new/",
        icon="chart",
    ),
)

VARIANCE = TableSpec(
    name="governance.variance",
    noun=("account", "accounts"),
    row_key=lambda row: row.code,
    columns=(
        Column("code", "No.", "code"),
        Column("name", "Account", heading=True),
        Column("kind", "Kind", value=lambda row: row.kind.value.replace("_", " ")),
        Column("planned", "Planned", "money"),
        Column("actual", "Actual", "money"),
        Column("difference", "Difference", "money"),
        Column("share", "Share", "percent"),
        Column("is_good", "To the good", "yes"),
    ),
    empty=Empty("Nothing to compare", "Neither the budget nor the books have a figure in these months."),
)
"""The books against a budget as a file: what stands on the page, row by row."""
