"""Lists of leaving, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.leaving.states import Stage
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

EXITS = TableSpec(
    name="leaving.exits",
    noun=("exit", "exits"),
    sort="ends_on",
    search="practice or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("leaving:exit", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True, width="l"),
        Column("stage", "Stands", "status", sort=True),
        Column("noticed_on", "Notice", "day", sort=True, wide=True),
        Column("ends_on", "Ends", "day", sort=True),
        Column("days_left", "Days left", "count"),
        Column("open_tasks", "Tasks to do", "count", sort=True, strong=True),
        Column("late_tasks", "Late", "count", tone=lambda row: "bad" if row.late_tasks else ""),
        Column("net", "Practice owes", "money", wide=True),
        Column("certified", "Data certified", "yes", wide=True),
        Column("tasks", "Tasks", "count", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(Filter("is", "Stands", choices=[(one.value, one.label) for one in Stage]),),
    empty=Empty(
        "No practice is leaving",
        "A practice may give notice at any time; from then on its plan, closing statement and papers stand here.",
        icon="out",
    ),
)
