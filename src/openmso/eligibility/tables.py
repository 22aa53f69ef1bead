"""The worklist of coverage checks, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.eligibility.states import S, Verdict
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec

CHECKS = TableSpec(
    name="eligibility.checks",
    noun=("coverage check", "coverage checks"),
    sort="on",
    search="patient or check number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("eligibility:check", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Check", "id", heading=True),
        Column("practice_name", "Practice", hidden=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("payer", "Payer", width="m"),
        Column("visit_on", "Visit", "day", data_class=DataClass.CLINICAL),
        Column("on", "Asked about", "day", sort=True, wide=True, data_class=DataClass.CLINICAL),
        Column("state", "Status", "status", sort=True),
        Column("verdict", "Plan", "status"),
        Column("words", "What happened", wide=True, says=True, width="l"),
        Column("plan", "Plan name", hidden=True),
        Column("copay", "Copay", "money", wide=True),
        Column("deductible_left", "Deductible left", "money", wide=True),
        Column("answered_at", "Answered", "instant", sort=True, hidden=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(state.value, state.label) for state in S]),
        Filter("plan", "Plan", choices=[(one.value, one.label) for one in Verdict if one.value]),
        Filter("todo", "Asks for a person", "flag"),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("payer", "Payer", choices=payers.choices),
        Filter("on", "Asked about", "day", data_class=DataClass.CLINICAL),
        Filter("visit", "Visit day", "day", data_class=DataClass.CLINICAL),
    ),
    actions=(
        BulkAction("ask", "Ask again", "eligibility:ask_many", letter="e", icon="send", permission="eligibility.check"),
    ),
    empty=Empty("No coverage was checked yet", "Visits of the coming days are asked about every morning."),
)
