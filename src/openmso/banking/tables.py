"""The lists of banking, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

LINES = TableSpec(
    name="banking.lines",
    noun=("bank line", "bank lines"),
    sort="-posted_on",
    search="Text, reference or trace",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("banking:line", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Line", "id", heading=True),
        Column("posted_on", "Day", "day", sort=True),
        Column("account_name", "Account", wide=True),
        Column("description", "Text", says=True, sort=True),
        Column("trace", "Trace", "code", sort=True, wide=True),
        Column("reference", "Reference", "code", wide=True, hidden=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(Filter("way", "Way", choices=[("in", "Money in"), ("out", "Money out")]),),
    empty=Empty("No bank line yet", "Statements of the bank are imported here.", "Import a file", "/banking/import/"),
)
STATEMENTS = TableSpec(
    name="banking.statements",
    noun=("statement", "statements"),
    sort="-imported_at",
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Statement", "id", heading=True),
        Column("account_name", "Account"),
        Column("format", "Format", "code", wide=True),
        Column("starts_on", "From", "day", wide=True),
        Column("ends_on", "To", "day", sort=True),
        Column("lines", "New lines", "count", sort=True),
        Column("money_in", "In", "money", wide=True),
        Column("money_out", "Out", "money", wide=True),
        Column("imported_at", "Imported", "instant", sort=True),
        Column("imported_by", "By", wide=True),
    ),
    empty=Empty("No statement yet", "Files of the bank are imported here.", "Import a file", "/banking/import/"),
)
