"""The lists of accounts that are not paid, of runs over them and of agencies, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.billing.contracts import APPROVE, STATE
from openmso.billing.states import Deed, Placed, Stage, Sweeping, SweepKind, Swept
from openmso.kit.classes import DataClass
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits

DEMOGRAPHIC = DataClass.DEMOGRAPHIC
PRACTICES = Filter("practice", "Practice", choices=practice_choices)

CHASES = TableSpec(
    name="billing.chases",
    waits=Waits("billing.account", "Whose step is due first", None, ("billing.call", "billing.unreached")),
    noun=("account", "accounts"),
    sort="due_on",
    search="patient",
    row_key=lambda row: row.patient,
    row_link=lambda row: reverse("billing:account", args=[row.patient]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Patient", heading=True, data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("stage", "Stage", "status"),
        Column("stage_on", "Since", "day", sort=True, wide=True),
        Column("next", "Next", "status", wide=True),
        Column("due_on", "Due", "day", sort=True),
        Column("words", "Why", says=True, wide=True, width="xl"),
        Column("owed", "Owes", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("stage", "Stage", choices=[(one.value, one.label) for one in Stage]),
        Filter("next", "Next", choices=[("stopped", "Nothing: something stops it"),
                                        *((one.value, one.label) for one in Stage if one is not Stage.NONE)]),
        PRACTICES,
        Filter("due", "Due", "day"),
    ),
    actions=(
        BulkAction("run", "Propose what is due", "billing:chase-many", letter="d", permission=STATE.code,
                   confirm="A run proposes the step that is due of each account; nothing happens until it is done."),
    ),
    empty=Empty("Nobody owes anything", "Accounts that owe stand here by how far they were asked."),
)  # fmt: skip

SWEEPS = TableSpec(
    name="billing.sweeps",
    waits=Waits("billing.sweep", "The latest first"),
    noun=("run", "runs"),
    search="run",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:sweep", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Run", "id", heading=True),
        Column("kind", "For", "status", width="m"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("on", "Day", "day"),
        Column("state", "State", "status"),
        Column("made_by", "By", wide=True),
        Column("decided_by", "Decided by", wide=True),
        Column("count", "Accounts", "count"),
        Column("amount", "Amount", "money", strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Sweeping]),
        Filter("kind", "For", choices=[(one.value, one.label) for one in SweepKind]),
        PRACTICES,
    ),
    empty=Empty("No runs yet", "A run looks at every account and proposes what is to be done, with the reason."),
)

SWEPT = TableSpec(
    name="billing.swept",
    noun=("account", "accounts"),
    sort="-amount",
    search="patient",
    row_key=lambda row: str(row.number),
    row_link=lambda row: reverse("billing:account", args=[row.patient]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Patient", heading=True, data_class=DEMOGRAPHIC, width="l"),
        Column("deed", "What", "status"),
        Column("state", "State", "status"),
        Column("words", "Why", says=True, wide=True, width="xl"),
        Column("why", "Left out, taken back", says=True, wide=True, width="l", hidden=True),
        Column("act", "Act", "code", wide=True, hidden=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Swept]),
        Filter("deed", "What", choices=[(one.value, one.label) for one in Deed]),
    ),
    empty=Empty("No accounts", "A run tells each account that it looked at."),
)

PLACEMENTS = TableSpec(
    name="billing.placements",
    noun=("account", "accounts"),
    search="patient or placement",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:account", args=[row.patient]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Placement", "id", heading=True),
        Column("name", "Patient", data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("agency", "Agency", wide=True, width="m"),
        Column("placed_on", "Handed over", "day"),
        Column("state", "State", "status"),
        Column("ended_why", "Why", says=True, wide=True, width="l", hidden=True),
        Column("fee", "Kept", "money", wide=True, hidden=True),
        Column("recovered", "Came back", "money", total=True, wide=True),
        Column("amount", "Amount", "money", total=True, strong=True),
    ),
    filters=(Filter("is", "State", choices=[(one.value, one.label) for one in Placed]), PRACTICES),
    actions=(
        BulkAction("recall", "Recall", "billing:recall-many", letter="r", permission=APPROVE.code,
                   confirm="They are owed again, and the agency gets a file that takes them back."),
    ),
    empty=Empty("No agency has an account", "What a run hands over stands here, with what came back."),
)  # fmt: skip
