"""The list of tables of rules, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.platform.ui.contracts import Column, Empty, TableSpec

PUBLIC = DataClass.PUBLIC
TABLES = TableSpec(
    name="billing.tables",
    noun=("table", "tables"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:table", args=[row.public_id]),
    columns=(
        Column("public_id", "Table", "id", heading=True, data_class=PUBLIC),
        Column("kind", "What it is", "status", data_class=PUBLIC),
        Column("edition", "Edition", data_class=PUBLIC),
        Column("count", "Rows", "count", data_class=PUBLIC),
        Column("state", "State", "status"),
        Column("holds", "In force now", "yes"),
        Column("loaded_at", "Loaded", "instant", wide=True),
        Column("loaded_by", "By", wide=True),
        Column("active_at", "Put in force", "instant", wide=True),
    ),
    empty=Empty(
        "The tables that came with the product hold",
        "Rows are taken as CSV here, changed, and loaded by those who may.",
    ),
)
