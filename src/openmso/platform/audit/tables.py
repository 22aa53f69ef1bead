"""The trail as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.audit import queries
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec


def practices() -> list[tuple[str, str]]:
    """Whose trails one may read: practices, and the MSO's own."""
    return [(row.code.lower(), row.name) for row in tenancy.tenants_in_scope()]


EVENTS = TableSpec(
    name="audit.events",
    noun=("event", "events"),
    sort="-at",
    search="a person, an id, or an action",
    row_key=lambda row: f"{row.practice}-{row.seq}",
    row_link=lambda row: reverse("audit:history", args=[row.subject_kind, row.subject_id]) if row.subject_id else "",
    row_practice=lambda row: row.practice,
    columns=(
        Column("sentence", "What happened", heading=True, width="xl", hint=lambda row: row.why),
        Column("at", "When", "instant", sort=True),
        Column("actor", "Who", sort=True, wide=True),
        Column("practice_name", "Practice", wide=True),
        Column("subject_id", "About", "id", sort=True, wide=True),
        Column("grant", "By grant", "id", wide=True),
        Column("permission", "Permission", "code", hidden=True),
        Column("action", "Action", "code", sort=True, hidden=True),
        Column("recorded_at", "Recorded", "instant", hidden=True),
        Column("seq", "Number", "count", sort=True, hidden=True),
        Column("session", "Session", "code", hidden=True),
        Column("request", "Request", "code", hidden=True),
        Column("hash", "Hash", "code", hidden=True),
    ),
    filters=(
        Filter("action", "Action", choices=queries.actions, many=False),
        Filter("practice", "Practice", choices=practices, many=False),
        Filter("by", "Who", "text"),
        Filter("about", "About", "text"),
        Filter("on", "When", "day"),
    ),
    empty=Empty("Nothing was changed", "Every change will be told here, with who, when and why.", icon="history"),
)
