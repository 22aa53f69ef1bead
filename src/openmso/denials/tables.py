"""The lists of denials, as data."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from openmso.denials.contracts import Category, Cause, Owner
from openmso.denials.queries import queue
from openmso.denials.rules import mapping
from openmso.denials.states import A, S
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits
from openmso.platform.ui.queues import WHY_NEXT

STATES = [(queue.STILL_OPEN, "Open"), *((one.value, one.label) for one in S)]
CLINICAL = DataClass.CLINICAL

DENIALS = TableSpec(
    name="denials.queue",
    waits=Waits("denials.denial", "Worth most first: dollars × chance of winning × weight of the time left"),
    noun=("denial", "denials"),
    sort="-value",
    search="patient, denial, claim or code",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("denials:denial", args=[row.public_id]),
    row_peek=lambda row: reverse("denials:peek", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Denial", "id", heading=True),
        Column("practice_name", "Practice", hidden=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="s"),
        Column("payer", "Payer", wide=True, width="s"),
        Column("reason", "Payer said", "code", wide=True, data_class=CLINICAL, width="s"),
        Column("words", "Why", wide=True, hidden=True, width="l", data_class=CLINICAL),
        Column("category", "Kind", wide=True, hidden=True, value=lambda row: row.category.label),
        Column("action", "First thing to do", "reason", says=True, wide=True),
        WHY_NEXT,
        Column("owner", "Queue", wide=True, hidden=True, value=lambda row: row.owner.label),
        Column("cause", "Cause", wide=True, hidden=True, value=lambda row: row.cause.label),
        Column("clinician", "Clinician", wide=True, hidden=True),
        Column("code", "Code", "code", wide=True, hidden=True, data_class=CLINICAL),
        Column("service_on", "Service", "day", hidden=True, data_class=CLINICAL),
        Column("denied_on", "Denied", "day", sort=True, hidden=True),
        Column("assignee", "With", wide=True, hidden=True),
        Column("state", "Status", "status"),
        Column("due_on", "Answer by", "day", sort=True, hidden=True),
        Column("amount", "Left open", "money", sort=True, total=True),
        Column(
            "value", "Worth", "money", sort=True, total=True, strong=True, hint=lambda row: f"{row.rate * 100:.0f} %"
        ),
        Column("recovered", "Came in", "money", total=True, hidden=True),
    ),
    filters=(
        Filter("is", "Status", choices=STATES),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("payer", "Payer", choices=payers.choices),
        Filter("category", "Kind", choices=[(one.value, one.label) for one in Category]),
        Filter("owner", "Queue", choices=[(one.value, one.label) for one in Owner]),
        Filter("cause", "Cause", choices=[(one.value, one.label) for one in Cause]),
        Filter("clinician", "Clinician", choices=queue.clinician_choices),
        Filter("reason", "Reason code", "text", data_class=CLINICAL),
        Filter("code", "Procedure", "text", data_class=CLINICAL),
        Filter("first", "First denial", choices=[("yes", "Yes"), ("no", "No, again")]),
        Filter("amount", "Left open", "money"),
        Filter("value", "Worth", "money"),
        Filter("due", "Answer by", "day"),
        Filter("denied", "Denied", "day"),
        Filter("month", "Denied in", "month"),
    ),
    actions=(
        BulkAction("take", "Take", "denials:take", letter="t", permission="denials.work"),
        BulkAction("give", "Give to", "denials:givers", letter="g", permission="denials.work", asks=True),
        BulkAction("later", "Put off until …", "denials:later", letter="s", permission="denials.work", asks=True),
        BulkAction("correct", "Send corrected", "denials:correct-many", letter="c", permission="denials.work",
                   confirm="Each claim of the selection is copied as a replacement, to be mended and sent."),
        BulkAction("resubmit", "Resubmit lines", "denials:resubmit-many", letter="l", permission="denials.work",
                   confirm="The denied lines of each claim are asked for anew in a new claim; what was paid stands."),
        BulkAction(
            "appeal", "Appeal together", "denials:choose-letter", letter="a", permission="denials.work", asks=True
        ),
        BulkAction("writeoff", "Write off", "denials:ask-write-off", letter="w", permission="denials.work", asks=True),
    ),
    empty=Empty(
        "No denials", "What payers leave open stands here once their remittances are posted, what is worth most first.",
        "See remittances", "/remittances/",
    ),
)  # fmt: skip

PROMISED = TableSpec(
    name="denials.promised",
    noun=("denial", "denials"),
    row_key=lambda one: one.row.public_id,
    row_link=lambda one: reverse("denials:denial", args=[one.row.public_id]),
    row_practice=lambda one: one.row.practice,
    columns=(
        Column("row.public_id", "Denial", "id", heading=True),
        Column("row.claim", "Claim", "code", wide=True),
        Column("row.payer", "Payer", wide=True),
        Column("row.reason", "Payer said", "code", wide=True, data_class=CLINICAL),
        Column("row.denied_on", "Denied", "day"),
        Column("row.cause", "Cause", "status"),
        Column("why", "Why", wide=True, says=True),
        Column("days", "Business days", "count"),
        Column("row.state", "Status", "status"),
        Column("row.amount", "Left open", "money"),
    ),
    empty=Empty("No denial of this kind", "Nothing that came in the month counts here."),
)  # fmt: skip

OF_CLAIM = TableSpec(
    name="denials.of_claim",
    noun=("denial", "denials"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("denials:denial", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Denial", "id", heading=True),
        Column("code", "Code", "code", data_class=CLINICAL),
        Column("reason", "Payer said", "code", data_class=CLINICAL),
        Column("category", "Kind", wide=True, value=lambda row: row.category.label),
        Column("action", "First thing to do", wide=True, says=True),
        Column("state", "Status", "status"),
        Column("due_on", "Answer by", "day", wide=True),
        Column("amount", "Left open", "money", strong=True),
    ),
)

MAP = TableSpec(
    name="denials.map",
    noun=("line", "lines"),
    row_key=lambda row: str(row.number),
    columns=(
        Column("number", "Version", "count", heading=True),
        Column("codes", "Codes", "code", value=lambda row: " ".join(filter(None, (row.group, row.reason, row.remark)))),
        Column("payer_name", "Payer", value=lambda row: row.payer_name or "Any"),
        Column("category", "Kind", value=lambda row: Category(row.category).label if row.category else "Withdrawn"),
        Column("owner", "Queue", wide=True, value=lambda row: Owner(row.owner).label),
        Column("action", "First thing to do", wide=True),
        Column("why", "Why", wide=True, says=True),
        Column("by", "By", wide=True),
        Column("at", "Since", "instant"),
    ),
    empty=Empty(
        "The house's own map holds", "What you decide about codes or payers is listed here, version by version."
    ),
)
HOUSE_MAP = TableSpec(
    name="denials.house_map",
    noun=("code", "codes"),
    search="code or words",
    sort="code",
    row_key=lambda row: row.code,
    columns=(
        Column("code", "Reason", "code", heading=True, sort=True),
        Column("words", "Our words"),
        Column("category", "Kind", value=lambda row: Category.of(row.category).label),
        Column("is_denial", "Denies", "yes"),
        Column("owner", "Queue", wide=True, value=lambda row: Owner(row.owner).label),
        Column("action", "First thing to do", wide=True, value=lambda row: mapping.action_words(row.action)),
        Column("stage", "Caught", wide=True, value=lambda row: row.stage or "Not by us"),
    ),
)

APPEALS = TableSpec(
    name="denials.appeals",
    noun=("appeal", "appeals"),
    sort="-drafted_at",
    search="appeal, payer or title",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("denials:appeal", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Appeal", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("level_words", "Level", wide=True),
        Column("title", "About", wide=True, says=True, width="l", data_class=CLINICAL),
        Column("state", "Status", "status"),
        Column("due_on", "Send by", "day", sort=True),
        Column("sent_on", "Sent", "day", sort=True, wide=True),
        Column("drafted_at", "Drafted", "instant", sort=True, hidden=True),
        Column("amount", "About", "money", sort=True, total=True, strong=True),
        Column("won", "Won", "money", total=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(one.value, one.label) for one in A]),
        Filter("payer", "Payer", choices=payers.choices),
        Filter("level", "Level", "count"),
        Filter("amount", "Amount", "money"),
        Filter("due", "Send by", "day"),
        Filter("sent", "Sent", "day"),
    ),
    empty=Empty("No appeals yet", "An appeal is drafted from the page of a denial, or of several from the queue.",
                "See denials", "/denials/"),
)  # fmt: skip

OVERTURNED = TableSpec(
    name="denials.overturned",
    noun=("payer and level", "payers and levels"),
    row_key=lambda row: f"{row.payer}:{row.level}",
    columns=(
        Column("payer", "Payer", heading=True),
        Column("level_words", "Level"),
        Column("answered", "Answered", "count"),
        Column("won", "Won, at least in part", "count"),
        Column("share", "Overturned", "percent"),
        Column("amount", "About", "money", wide=True),
        Column("promised", "Won", "money", strong=True),
    ),
    empty=Empty("No appeal was answered yet", "How many were won of each payer, level by level, stands here."),
)

SUGGESTIONS = TableSpec(
    name="denials.suggestions",
    noun=("suggestion", "suggestions"),
    row_key=lambda row: row.key,
    row_link=lambda row: reverse("denials:suggestion", args=[row.key]),
    columns=(
        Column("code", "Code", "code", heading=True),
        Column("payer_name", "Payer"),
        Column("said", "Payer says", "code"),
        Column("words", "Why", wide=True, says=True, width="l"),
        Column("rule_title", "Draft", wide=True, value=lambda row: row.rule),
        Column("practices", "Practices", "count", wide=True),
        Column("count", "Denials", "count", total=True),
        Column("share", "Of lines sent", "percent"),
        Column("amount", "Left open", "money", total=True, strong=True),
    ),
    empty=Empty(
        "Nothing to suggest", "What a payer denied three times or more in 90 days for one reason, and no live rule of "
        "the scrubber asks about, stands here.", "See scrub rules", "/claims/rules/",
    ),
)  # fmt: skip


def causes_by(words: str) -> TableSpec:
    """The report of causes by one thing."""
    return TableSpec(
        name="denials.causes",
        noun=("row", "rows"),
        row_key=lambda row: row.key,
        columns=(
            Column(
                "words",
                words,
                heading=True,
                link=lambda row: f"{reverse('denials:queue')}?{urlencode({'q': row.query})}",
            ),
            Column("count", "Denials", "count", total=True),
            Column("practice", "By the practice", "count", wide=True),
            Column("mso", "By the MSO", "count", wide=True),
            Column("payer", "By the payer", "count", wide=True),
            Column("amount", "Left open", "money", total=True, strong=True),
            Column("recovered", "Came in", "money", total=True),
            Column("written_off", "Written off", "money", total=True, wide=True),
            Column("open", "Still open", "money", total=True, wide=True),
        ),
        empty=Empty("No denials", "What was denied in the month is counted here, by who could have prevented it."),
    )
