"""Lists of intake as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.intake.contracts import Outcome
from openmso.kit.classes import DataClass
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

RUNS = TableSpec(
    name="intake.runs",
    noun=("file", "files"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("intake:run", args=[row.public_id]),
    row_tone=lambda row: "warn" if row.refused else "",
    columns=(
        Column("name", "File", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("state", "Status", "status"),
        Column("started_at", "Taken in", "instant"),
        Column("actor", "By", wide=True),
        Column("total", "Records", "count"),
        Column("used", "Used", "count"),
        Column("kept", "Kept aside", "count", wide=True),
        Column("refused", "Refused", "count"),
        Column("visits", "New visits", "count", strong=True),
        Column("claims_ready", "Ready", "count", wide=True),
        Column("claims_held", "On hold", "count", wide=True),
    ),
    empty=Empty(
        "No visits were taken in yet", "Upload a FHIR bundle or a CSV file of visits.", "Upload", "/intake/new/"
    ),
)

ITEMS = TableSpec(
    name="intake.items",
    noun=("record", "records"),
    row_key=lambda row: str(row.position),
    row_tone=lambda row: "warn" if row.outcome.value == "refused" else "",
    filters=(Filter("is", "Outcome", choices=[(outcome.value, outcome.label) for outcome in Outcome]),),
    columns=(
        Column("position", "#", "count", wide=True),
        Column("kind", "Record", heading=True),
        Column("record_id", "Id", "code", data_class=DataClass.BUSINESS, wide=True),
        Column("outcome", "Outcome", "status"),
        Column("words", "What became of it", says=True),
        Column("fix", "What mends it", wide=True, says=True),
        Column("became", "Became", "id", wide=True),
    ),
)
