"""The list of lines that were paid short, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.parties.queries import payers
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec
from openmso.underpayments.contracts import By
from openmso.underpayments.states import Cause, S

UNDERPAYMENTS = TableSpec(
    name="underpayments.underpayments",
    noun=("line", "lines"),
    sort="-short",
    search="claim or code",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("underpayments:underpayment", args=[row.public_id]),
    columns=(
        Column("claim", "Claim", "code", heading=True, sort=True, hint=lambda row: f"line {row.line}"),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("code", "Code", "code", sort=True),
        Column("cause", "Cause", value=lambda row: row.cause.label),
        Column("state", "State", "status"),
        Column("found_on", "Found", "day", sort=True, wide=True),
        Column("expected", "Expected", "money", sort=True, wide=True),
        Column("allowed", "Allowed", "money", sort=True, wide=True),
        Column("short", "Missing", "money", sort=True, strong=True),
        Column("recovered", "Recovered", "money", sort=True, wide=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in S]),
        Filter("cause", "Cause", choices=[(one.value, one.label) for one in Cause]),
        Filter("payer", "Payer", choices=payers.choices),
    ),
    empty=Empty("Nothing was paid short", "Each remittance is compared with the contracts line by line.", icon="check"),
)
REPRICED = TableSpec(
    name="underpayments.repriced",
    noun=("row", "rows"),
    sort="-difference",
    search="code or name",
    row_key=lambda row: row.name,
    columns=(
        Column("name", "Code or clinician", heading=True, sort=True),
        Column("lines", "Lines", "count", sort=True),
        Column("charged", "Charged", "money", wide=True, sort=True),
        Column("current", "By the terms of then", "money", sort=True),
        Column("proposed", "By this version", "money", sort=True),
        Column("difference", "Difference", "money", strong=True, sort=True),
        Column("untold", "Not compared", "count", wide=True, sort=True),
    ),
    filters=(
        Filter("by", "By", choices=[(one.value, one.value.title()) for one in By], many=False),
        Filter("months", "Months", choices=[(str(n), f"{n} months") for n in (3, 6, 12, 24, 36)], many=False),
    ),
    empty=Empty("Nothing was asked of this payer in these months", "Choose more months."),
)
