"""The list of agreements, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.agreements.contracts import InForce, Mode
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

AGREEMENTS = TableSpec(
    name="agreements.agreements",
    noun=("agreement", "agreements"),
    sort="practice_name",
    search="practice, code or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("agreements:agreement", args=[row.public_id]),
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True, hint=lambda row: row.public_id),
        Column("standing", "Standing", "status", sort=True),
        Column("mode", "Mode", sort=True, value=lambda row: row.mode.label),
        Column("fee", "Fee", wide=True),
        Column("lines", "Lines", "count"),
        Column("patient_data", "BAA", "yes", wide=True),
        Column("starts_on", "From", "day", sort=True),
        Column("ends_on", "Ends", "day", sort=True, wide=True),
    ),
    filters=(
        Filter("is", "Standing", choices=[(one.value, one.label) for one in InForce]),
        Filter("mode", "Mode", choices=[(one.value, one.label) for one in Mode]),
    ),
    empty=Empty(
        "No agreements yet", "What the MSO may see and do in a practice comes from an executed agreement.", icon="pen"
    ),
)
