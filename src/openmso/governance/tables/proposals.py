"""Lists of governance, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.governance.contracts import SUBJECT
from openmso.governance.queries import DECISIONS
from openmso.governance.states import DECIDED, S
from openmso.platform.access.contracts import Side
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits

SIDES = [(Side.MSO.value, "MSO"), (Side.PRACTICE.value, "Practice")]
PROPOSALS = TableSpec(
    name="governance.proposals",
    waits=Waits(SUBJECT, "The latest proposal first"),
    noun=("proposal", "proposals"),
    sort="-proposed_at",
    search="title, practice, person or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:proposal", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("title", "Proposal", sort=True, heading=True, width="l"),
        Column("practice_name", "Practice", sort=True, width="m"),
        Column("decision_words", "Decision", wide=True),
        Column("decision", "Code", "code", sort=True, hidden=True),
        Column("state", "Stands", "status", sort=True),
        Column("proposed_at", "Proposed", "instant", sort=True),
        Column("proposed_by", "By", sort=True, wide=True),
        Column("side_words", "Side", hidden=True),
        Column("due_at", "Decide by", "instant", sort=True),
        Column("decided_by", "Decided by", wide=True),
        Column("decided_at", "First decided", "instant", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in S]),
        Filter("outcome", "Decision that holds", choices=[(one.value, one.label) for one in S if one in DECIDED]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("decision", "Decision", choices=[(code.lower(), words) for code, words in DECISIONS.items()]),
        Filter("side", "Proposed by", choices=SIDES),
        Filter("proposed", "Proposed on", "day"),
        Filter("due", "Decide by", "day"),
    ),
    empty=Empty(
        "No proposals yet",
        "What is reserved to a practice is proposed here and decided by its owner or physicians.",
        icon="check",
    ),
)
PRACTICES = TableSpec(
    name="governance.practices",
    noun=("practice", "practices"),
    sort="name",
    search="practice or code",
    size=25,
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:practice", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Practice", sort=True, heading=True, hint=lambda row: row.code),
        Column("reserved", "Reserved", "count"),
        Column("autonomy.proposed", "Proposed by the MSO", "count"),
        Column("autonomy.waiting", "To decide", "count"),
        Column("autonomy.decided", "Decided", "count"),
        Column("autonomy.index", "By licensees", "percent", strong=True),
        Column("autonomy.own_mind", "Changed or declined", "percent"),
        Column("autonomy.median_hours", "Median hours", "hours", wide=True),
        Column("autonomy.late", "Late", "count", wide=True),
        Column("flags", "Red flags", "count", tone=lambda row: "warn" if row.flags else ""),
    ),
    empty=Empty("No practices here", "Nobody assigned you to one.", icon="lock"),
)
