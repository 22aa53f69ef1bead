"""The list of joint boards, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

BOARDS = TableSpec(
    name="governance.boards",
    noun=("board", "boards"),
    sort="practice_name",
    search="board, practice or agreement",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:board", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Board", sort=True, heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("agreement", "Agreement", "id", wide=True),
        Column("seats", "Seats filled", "count"),
        Column("waiting", "Waits for a meeting", "count", wide=True),
        Column("open_actions", "Open actions", "count"),
        Column("next_at", "Next meeting", "instant", sort=True, strong=True),
        Column("latest_at", "Latest meeting", "instant", sort=True, wide=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(Filter("practice", "Practice", choices=practice_choices),),
    empty=Empty(
        "No joint boards yet",
        "A board of a practice and its MSO is set up by either side; its charter holds once the other has accepted it.",
        "Set up a board",
        "/boards/new/",
        icon="check",
    ),
)
