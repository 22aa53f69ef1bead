"""The list of applications for charity care, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.billing.states import Helped
from openmso.kit.classes import DataClass
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits

APPLICATIONS = TableSpec(
    name="billing.applications",
    waits=Waits("billing.assistance", "The latest first"),
    noun=("application", "applications"),
    search="patient or application",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:application", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Application", "id", heading=True),
        Column("name", "Patient", data_class=DataClass.DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("state", "State", "status"),
        Column("asked_at", "Taken", "instant", wide=True),
        Column("percent", "Of the guideline, %", "count", wide=True),
        Column("discount", "Scale gives, %", "count"),
        Column("valid_until", "Until", "day", wide=True),
        Column("given", "Given", "money", strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Helped]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty("Nobody has applied", "An application is taken at the account of its patient."),
)
