"""The worklist of coverage checks, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.eligibility.states import R, S, Verdict
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits

CHECKS = TableSpec(
    name="eligibility.checks",
    waits=Waits("eligibility.check", "What is asked about first comes first"),
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

AUTHORIZATIONS = TableSpec(
    name="eligibility.authorizations",
    waits=Waits("eligibility.authorization", "What ends first comes first"),
    noun=("authorization", "authorizations"),
    sort="ends_on",
    search="number or patient",
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Authorization", "id", heading=True),
        Column("practice_name", "Practice", hidden=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("payer", "Payer", width="m"),
        Column("kind", "Kind", "status"),
        Column("number", "Number", "code", data_class=DataClass.DEMOGRAPHIC),
        Column("codes", "Codes", "code", data_class=DataClass.CLINICAL),
        Column("units", "Units", "count", wide=True, data_class=DataClass.CLINICAL),
        Column("used", "Used", "count", wide=True, data_class=DataClass.CLINICAL),
        Column("starts_on", "From", "day", wide=True, data_class=DataClass.CLINICAL),
        Column("ends_on", "Until", "day", sort=True, data_class=DataClass.CLINICAL),
        Column("note", "Note", wide=True, hidden=True),
    ),
    filters=(
        Filter("payer", "Payer", choices=payers.choices),
        Filter("ends", "Ends", "day", data_class=DataClass.CLINICAL),
    ),
    empty=Empty(
        "No authorization yet", "What payers have authorized is recorded here, and claims are judged by it.",
        "Record one", "/coverage/authorizations/new/",
    ),
)  # fmt: skip

REQUESTS = TableSpec(
    name="eligibility.requests",
    waits=Waits("eligibility.request", "The latest first"),
    noun=("request", "requests"),
    search="request, number or patient",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("eligibility:request", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Request", "id", heading=True),
        Column("practice_name", "Practice", hidden=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("payer", "Payer", width="m"),
        Column("kind", "Kind", "status"),
        Column("code", "Code", "code", data_class=DataClass.CLINICAL),
        Column("units", "Units", "count", wide=True, data_class=DataClass.CLINICAL),
        Column("state", "Status", "status"),
        Column("words", "What happened", wide=True, says=True, width="l", data_class=DataClass.CLINICAL),
        Column("asked_at", "Asked", "instant", wide=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(state.value, state.label) for state in R]),
        Filter("payer", "Payer", choices=payers.choices),
    ),
    empty=Empty(
        "No payer was asked yet", "What a claim lacks is asked of the payer here, or from the claim's page.",
        "Ask for one", "/coverage/authorization-requests/new/",
    ),
)  # fmt: skip

RULES = TableSpec(
    name="eligibility.rules",
    noun=("rule", "rules"),
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Rule", "id", heading=True),
        Column("payer", "Payer"),
        Column("kind", "Asks for", "status"),
        Column("codes", "Codes", "code"),
        Column("places", "Places", value=lambda row: ", ".join(row.places), wide=True),
        Column("diagnoses", "Diagnoses", value=lambda row: ", ".join(row.diagnoses), wide=True),
        Column("starts_on", "From", "day"),
        Column("ends_on", "Until", "day", wide=True),
        Column("source", "The payer says so in", wide=True, says=True),
    ),
    filters=(Filter("payer", "Payer", choices=payers.choices),),
    empty=Empty(
        "No rule yet", "What a payer asks to be authorized is recorded here; a claim without it is held with words.",
        "Record one", "/coverage/authorization-rules/new/",
    ),
)  # fmt: skip

ROUTES = TableSpec(
    name="eligibility.routes",
    noun=("reason", "reasons"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("eligibility:route", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Reason", "id", heading=True),
        Column("practice_name", "Practice", width="m"),
        Column("words", "Words of the reason", width="l"),
        Column("plan", "Plan", "status"),
        Column("said_at", "Since", "instant"),
        Column("said_by", "Said by", wide=True),
        Column("ended_at", "Ended", "instant"),
    ),
    empty=Empty(
        "No reason leads anywhere yet", "Visits go to the medical plan first unless their reason says otherwise.",
        "Say where one leads", "/coverage/reasons/new/",
    ),
)  # fmt: skip
