"""Dead letters as data: jobs that were given up, and facts that a subscriber could not take."""

from __future__ import annotations

import json

from openmso.platform.jobs import contracts
from openmso.platform.outbox import contracts as outbox
from openmso.platform.ui.contracts import BulkAction, Column, Empty, TableSpec


def _given(row: contracts.DeadJob) -> str:
    """What the job was given, in words: `file RMF-7K2P9M4X`."""
    return ", ".join(f"{name} {value}" for name, value in json.loads(row.arguments).items())


JOBS = TableSpec(
    name="jobs.dead",
    noun=("job", "jobs"),
    sort="-failed_at",
    search="job, reason or id",
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Letter", "id", heading=True),
        Column("practice_name", "Practice"),
        Column("job", "Job", "code", sort=True),
        Column("reason", "Why", says=True, width="xl"),
        Column("tries", "Tries", "count", sort=True),
        Column("failed_at", "Given up", "instant", sort=True),
        Column("arguments", "With", "code", wide=True, value=_given),
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
        Column("practice_name", "Practice"),
        Column("fact", "Fact", "code", sort=True),
        Column("subscriber", "For", "code", sort=True),
        Column("reason", "Why", says=True, width="xl"),
        Column("tries", "Tries", "count", sort=True),
        Column("failed_at", "Given up", "instant", sort=True),
    ),
    actions=(BulkAction("replay", "Deliver again", "jobs:replay-facts", letter="r", permission=outbox.REPLAY.code),),
    empty=Empty("Every fact was heard", "A fact that a subscriber cannot take is listed here.", icon="send"),
)
