"""The lists of deposits, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.billing.states import Bag, Slipped
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

SLIPS = TableSpec(
    name="billing.slips",
    noun=("slip", "slips"),
    sort="-taken_on",
    search="slip",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:slip", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Slip", "id", heading=True),
        Column("practice_name", "Practice", width="m"),
        Column("taken_on", "Paid on", "day", sort=True),
        Column("bag", "What", "status", wide=True),
        Column("state", "State", "status"),
        Column("banked_on", "In the bank", "day", wide=True),
        Column("line", "Bank line", "code", wide=True),
        Column("count", "Payments", "count"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Slipped]),
        Filter("bag", "What", choices=[(one.value, one.label) for one in Bag]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty("Nothing is on its way", "A slip takes the payments of a day to the bank together."),
)
