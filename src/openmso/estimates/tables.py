"""The visits of the desk and the estimates, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.estimates.contracts import Kind
from openmso.estimates.states import S
from openmso.kit.classes import DataClass
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits
from openmso.scheduling.contracts import EDIT, VisitStatus
from openmso.scheduling.queries import UNMARKED

DESK = TableSpec(
    name="estimates.desk",
    noun=("visit", "visits"),
    search="patient",
    row_key=lambda row: row.visit,
    row_link=lambda row: reverse("estimates:visit", args=[row.visit]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("visit", "Visit", "id", heading=True),
        Column("practice_name", "Practice", width="m"),
        Column("service_on", "Day", "day", sort=True, data_class=DataClass.CLINICAL),
        Column("status", "State", "status", data_class=DataClass.CLINICAL),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("reason", "Reason", wide=True, says=True, data_class=DataClass.CLINICAL),
        Column("payer", "Payer", width="l", says=True, hint=lambda row: row.led),
        Column("plan", "Plan name", hidden=True),
        Column("collect", "To collect", "money", hidden=True),
        Column("collected", "Collected", "money", hidden=True),
        Column("due", "Still due", "money", strong=True),
        Column("owes", "Owes before", "money", wide=True),
        Column("why", "Because", width="l", says=True),
        Column("estimate", "Estimate", "code", hidden=True),
    ),
    filters=(
        Filter("practice", "Practice", choices=practice_choices),
        Filter("on", "Day", "day", data_class=DataClass.CLINICAL),
        Filter(
            "is",
            "State",
            choices=[(UNMARKED, "Not marked"), *((one.value, one.label) for one in VisitStatus)],
            data_class=DataClass.CLINICAL,
        ),
    ),
    actions=(
        BulkAction("arrive", "Arrived", "estimates:arrive-many", letter="a", permission=EDIT.code),
        BulkAction("done", "Done", "estimates:done-many", letter="e", icon="check", permission=EDIT.code),
        BulkAction(
            "no-show",
            "No-show",
            "estimates:no-show-many",
            letter="n",
            permission=EDIT.code,
            confirm="Mark the selected visits as no-show?",
        ),
        BulkAction("cancel", "Cancel", "estimates:ask-cancel", letter="c", permission=EDIT.code, asks=True),
    ),
    empty=Empty("No visit here", "Visits stand here with what is to be collected at each.", icon="check"),
)

USUAL = TableSpec(
    name="estimates.usual",
    noun=("reason", "reasons"),
    search="words of the reason",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("estimates:usual", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("words", "Words of the reason", heading=True, width="m"),
        Column("practice_name", "Practice", width="m"),
        Column("items", "Services", "code", value=lambda row: ", ".join(one.code for one in row.items)),
        Column("said_at", "Since", "instant", wide=True),
        Column("said_by", "Said by", wide=True),
        Column("ended_at", "Ended", "instant", wide=True),
        Column("public_id", "Usual services", "code", hidden=True),
    ),
    filters=(
        Filter("practice", "Practice", choices=practice_choices),
        Filter("is", "State", choices=[("holds", "Holds"), ("ended", "Ended")]),
    ),
    empty=Empty(
        "Nothing is said of any reason yet", "Estimates begin with what the reason for a visit usually comes to.",
        "Say it of a reason", "/estimates/usual/new/",
    ),
)  # fmt: skip

ESTIMATES = TableSpec(
    name="estimates.estimates",
    waits=Waits("estimates.estimate", "The latest service first"),
    noun=("estimate", "estimates"),
    sort="-service_on",
    search="patient or estimate",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("estimates:estimate", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Estimate", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("kind", "Kind", value=lambda row: row.kind.label),
        Column("service_on", "Service", "day", sort=True, data_class=DataClass.CLINICAL),
        Column("asked", "Because", value=lambda row: row.asked.label, wide=True),
        Column("due_on", "Owed by", "day", sort=True),
        Column("state", "State", "status"),
        Column("charge", "Charge", "money", wide=True),
        Column("share", "Patient pays", "money", strong=True),
        Column("billed", "Billed later", "money", wide=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in S]),
        Filter("kind", "Kind", choices=[(one.value, one.label) for one in Kind]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("due", "Owed by", "day"),
        Filter("on", "Service", "day", data_class=DataClass.CLINICAL),
    ),
    empty=Empty(
        "No estimate yet", "Whoever is scheduled without a coverage is owed one; anybody may ask.",
        "Make one", "/estimates/new/",
    ),
)  # fmt: skip
