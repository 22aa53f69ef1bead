"""Dead letters as data: jobs that were given up, and facts that a subscriber could not take."""

from __future__ import annotations

from openmso.platform.jobs import contracts
from openmso.platform.outbox import contracts as outbox
from openmso.platform.ui.contracts import BulkAction, Column, Empty, TableSpec

JOBS = TableSpec(
    name="jobs.dead",
    noun=("job", "jobs"),
    sort="-failed_at",
    search="job, reason or id",
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Letter", "id", heading=True),
        Column("job", "Job", "code", sort=True),
        Column("reason", "Why", width="xl"),
        Column("tries", "Tries", "count", sort=True),
        Column("failed_at", "Given up", "instant", sort=True),
        Column("arguments", "With", "code", wide=True),
    ),
    actions=(BulkAction("replay", "Run again", "jobs:replay-jobs", letter="r", permission=contracts.REPLAY.code),),
    empty=Empty("No job was given up", "A job that fails for good is listed here with its reason.", icon="job"),
)

FACTS = TableSpec(
    name="outbox.dead",
    noun=("letter", "letters"),
    sort="-failed_at",
    search="fact, subscriber, reason or id",
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Letter", "id", heading=True),
        Column("fact", "Fact", "code", sort=True),
        Column("subscriber", "For", "code", sort=True),
        Column("reason", "Why", width="xl"),
        Column("tries", "Tries", "count", sort=True),
        Column("failed_at", "Given up", "instant", sort=True),
    ),
    actions=(BulkAction("replay", "Deliver again", "jobs:replay-facts", letter="r", permission=outbox.REPLAY.code),),
    empty=Empty("Every fact was heard", "A fact that a subscriber cannot take is listed here.", icon="send"),
)
