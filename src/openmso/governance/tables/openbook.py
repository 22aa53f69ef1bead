"""Lists of the open book: practices, threads of messages, expectations, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.governance.contracts import EXPECTED, THREAD
from openmso.governance.states import E
from openmso.platform.access.contracts import Side
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits

THREADS = TableSpec(
    name="governance.threads",
    waits=Waits(THREAD, "The latest word first"),
    noun=("thread", "threads"),
    sort="-latest_at",
    search="subject or words",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:thread", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("subject", "About", sort=True, heading=True, width="l"),
        Column("practice_name", "Practice", sort=True),
        Column("unread", "Unread", "count", strong=True),
        Column("messages", "Messages", "count", wide=True),
        Column("latest_by", "Latest by", wide=True),
        Column("latest_at", "Latest", "instant", sort=True),
        Column("waits_for", "Waits for", named=True),
        Column("due_at", "Answer by", "instant"),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("practice", "Practice", choices=practice_choices),
        Filter("latest", "Latest on", "day"),
    ),
    empty=Empty(
        "No messages yet", "Practice and MSO write to each other here; who has read what, and how soon it is answered.",
        "Write a message", "/messages/new/", icon="send",
    ),
)  # fmt: skip
EXPECTATIONS = TableSpec(
    name="governance.expectations",
    waits=Waits(EXPECTED, "What is due first"),
    noun=("expectation", "expectations"),
    sort="due_on",
    search="words, person or practice",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:expectation", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("words", "What was promised", heading=True, width="l"),
        Column("practice_name", "Practice", sort=True),
        Column("side_words", "By", wide=True),
        Column("promised_by", "Who", sort=True),
        Column("promised_on", "Said on", "day", wide=True),
        Column("due_on", "For", "day", sort=True),
        Column("state", "Stands", "status", sort=True),
        Column("why", "Why", hidden=True, says=True, width="l"),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in E]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("side", "Promised by", choices=[(Side.MSO.value, "MSO"), (Side.PRACTICE.value, "Practice")]),
        Filter("due", "For", "day"),
    ),
    empty=Empty(
        "Nothing promised beside the contract", "What somebody says they will do, for a day, is kept here and judged.",
        "Record a promise", "/expectations/new/", icon="check",
    ),
)  # fmt: skip
