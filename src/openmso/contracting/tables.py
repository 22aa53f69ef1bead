"""Lists of contracting, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.ui.contracts import Column, Empty, TableSpec

CONTRACTS = TableSpec(
    name="contracting.contracts",
    noun=("contract", "contracts"),
    sort="payer",
    search="payer",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("contracting:contract", args=[row.public_id]),
    columns=(
        Column("payer", "Payer", sort=True, heading=True, hint=lambda row: row.public_id),
        Column("practice_name", "Practice", sort=True),
        Column("pays", "Pays"),
        Column("rates", "Listed codes", "count", wide=True),
        Column("version", "Version", "count"),
        Column("starts_on", "From", "day"),
        Column("ends_on", "Until before", "day", wide=True),
        Column("has_draft", "Draft", "yes", wide=True),
    ),
    empty=Empty("No payer contracts yet", "Without one nothing can be expected, and a short payment is not seen."),
)
RATES = TableSpec(
    name="contracting.rates",
    noun=("amount", "amounts"),
    sort="code",
    search="code",
    row_key=lambda row: f"{row.code} {row.modifier}",
    columns=(
        Column("code", "Code", "code", heading=True, sort=True),
        Column("modifier", "Modifier", "code"),
        Column("nonfacility", "Non-facility", "money", sort=True, strong=True),
        Column("facility", "Facility", "money"),
    ),
    empty=Empty("No fee schedule", "The terms of this version pay without a list of codes."),
)
