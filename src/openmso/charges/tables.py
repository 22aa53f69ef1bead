"""The prices of a practice as data: columns and what is looked for."""

from __future__ import annotations

from openmso.platform.ui.contracts import Column, Empty, TableSpec

FEES = TableSpec(
    name="charges.fees",
    noun=("price", "prices"),
    sort="code",
    search="code",
    row_key=lambda row: f"{row.schedule} {row.code} {row.modifier}",
    columns=(
        Column("code", "Code", "code", heading=True, sort=True),
        Column("modifier", "Modifier", "code"),
        Column("schedule", "Schedule"),
        Column("payer", "Payer", wide=True),
        Column("label", "Version", wide=True),
        Column("starts_on", "From", "day"),
        Column("amount", "Price", "money", sort=True, strong=True),
    ),
    empty=Empty("No prices yet", "A charge without a price of its own is priced by the schedule of its day."),
)
