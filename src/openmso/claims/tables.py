"""Lists of claims as data: columns, filters, acts."""

from __future__ import annotations

from functools import partial

from django.urls import reverse

from openmso.claims.contracts.rulebook import Origin
from openmso.claims.queries import worklist
from openmso.claims.states import RuleState, S
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits

OF_CLAIMS = partial(
    TableSpec,
    noun=("claim", "claims"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("claims:claim", args=[row.public_id]),
    row_practice=lambda row: row.practice,
)
"""A list whose rows are claims."""
PEEKED = partial(OF_CLAIMS, row_peek=lambda row: reverse("claims:peek", args=[row.public_id]))
"""One beside which a claim is previewed."""

CLAIMS = PEEKED(
    name="claims.all",
    waits=Waits("claims.claim", "The nearest filing limit first"),
    sort="due_on",
    search="claim number, patient, payer's number",
    columns=(
        Column("public_id", "Claim", "id", heading=True),
        Column("practice_name", "Practice", hidden=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("payer", "Payer", wide=True, width="m"),
        Column("state", "Status", "status", sort=True),
        Column("reason", "First thing to do", "reason", wide=True, says=True),
        Column("service_on", "Service", "day", sort=True, hidden=True, data_class=DataClass.CLINICAL),
        Column("due_on", "File by", "day", sort=True),
        Column("sent_at", "Sent", "instant", sort=True, hidden=True),
        Column("blocks", "Blocks", "count", hidden=True),
        Column("warnings", "Warnings", "count", hidden=True),
        Column("charged", "Charged", "money", sort=True, total=True, hidden=True),
        Column("open", "Open", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(state.value, state.label) for state in S]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("payer", "Payer", choices=payers.choices),
        Filter("turn", "Payer in line", choices=worklist.turn_choices),
        Filter("finding", "Finding", choices=worklist.finding_choices),
        Filter("open", "Open", "money"),
        Filter("charged", "Charged", "money"),
        Filter("service", "Service day", "day", data_class=DataClass.CLINICAL),
        Filter("month", "Service month", "month", data_class=DataClass.CLINICAL),
        Filter("due", "File by", "day"),
        Filter("sent", "First sent in", "month"),
    ),
    actions=(
        BulkAction("submit", "Submit", "claims:submit_many", letter="e", icon="send", permission="claims.submit"),
        BulkAction("later", "Put off until …", "claims:later", letter="s", permission="claims.work", asks=True),
        BulkAction("give", "Give to …", "claims:givers", letter="t", permission="claims.work", asks=True),
        BulkAction(
            "clinician", "Name the clinician", "claims:clinicians", letter="c", permission="claims.work", asks=True
        ),
        BulkAction(
            "patient",
            "Bill the patient",
            "claims:bill_patients",
            letter="b",
            permission="claims.work",
            confirm="No payer is asked; each patient owes the whole claim.",
        ),
        BulkAction("scrub", "Scrub again", "claims:scrub_many", letter="r", permission="claims.work"),
    ),
    empty=Empty("No claims yet", "Visits become claims when their charges are captured.", "Take in visits", "/intake/"),
)

REFUSED = PEEKED(
    name="claims.refused",
    columns=(
        Column("public_id", "Claim", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC, width="m"),
        Column("payer", "Payer", wide=True, width="m"),
        Column("state", "Status now", "status"),
        Column("reason", "First thing to do", wide=True, says=True, width="l"),
        Column("due_on", "File by", "day"),
        Column("open", "Open", "money", strong=True),
    ),
)

BATCHES = TableSpec(
    name="claims.batches",
    noun=("batch", "batches"),
    sort="-sent_at",
    search="batch number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("claims:batch", args=[row.public_id]),
    columns=(
        Column("public_id", "Batch", "id", heading=True),
        Column("payer", "Payer"),
        Column("sent_at", "Sent", "instant", sort=True),
        Column("interchange_control", "Interchange", "code", wide=True),
        Column("claims", "Claims", "count", total=True),
        Column("total", "Charged", "money", total=True, strong=True),
    ),
    empty=Empty("Nothing was sent yet", "Claims leave in batches, one 837 file for each payer.", "See ready claims",
                "/claims/?q=is%3Aready"),
)  # fmt: skip

IN_BATCH = OF_CLAIMS(
    name="claims.in_batch",
    columns=(
        Column("public_id", "Claim", "id", heading=True),
        Column("patient", "Patient", data_class=DataClass.DEMOGRAPHIC),
        Column("state", "Status", "status"),
        Column("service_on", "Service", "day", wide=True, data_class=DataClass.CLINICAL),
        Column("charged", "Charged", "money", total=True, strong=True),
    ),
)

RULES = TableSpec(
    name="claims.rules",
    noun=("rule", "rules"),
    sort="title",
    search="code, words, payer, evidence",
    row_key=lambda row: row.code,
    row_link=lambda row: reverse("claims:rule", args=[row.code]),
    columns=(
        Column("title", "Rule", sort=True, heading=True, width="xl"),
        Column("code", "Code", "code", sort=True, wide=True, hidden=True),
        Column("action_words", "Does", width="s"),
        Column("scope", "Asked of", wide=True, width="m"),
        Column("origin.label", "From", wide=True, width="s"),
        Column("source", "Evidence", wide=True, width="l"),
        Column("number", "Version", "count", wide=True, hidden=True, value=lambda row: row.number or None),
        Column("hits", "Hits, 90 days", "count", sort=True, wide=True, value=lambda row: row.tally and row.tally.hits),
        Column("denied", "Denied anyway", "count", wide=True, value=lambda row: row.tally and row.tally.denied),
        Column("false", "False alarms", "count", wide=True, value=lambda row: row.tally and row.tally.paid),
        Column("state", "Status", "status", sort=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(state.value, state.label) for state in RuleState]),
        Filter("action", "Does", choices=[("warn", "Warns"), ("hold", "Holds"), ("block", "Blocks"),
                                          ("off", "Switches off")]),
        Filter("origin", "From", choices=[(one.value, one.label) for one in Origin]),
    ),
    empty=Empty("No such rule", "The house's own rules and those written here stand in this list."),
)  # fmt: skip

FOLLOW_UPS = TableSpec(
    name="claims.follow_ups",
    noun=("payer", "payers"),
    row_key=lambda row: row.payer,
    row_link=lambda row: reverse("claims:follow_up_rule", args=[row.payer]),
    columns=(
        Column("name", "Payer", heading=True),
        Column("days", "Days after it left", "count"),
        Column("again_days", "Again after days", "count"),
        Column("asks_max", "At most", "count"),
        Column("rule", "By", wide=True, value=lambda row: "A rule of its own" if row.is_own else "The usual rule"),
    ),
)

INQUIRIES = TableSpec(
    name="claims.inquiries",
    noun=("question", "questions"),
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Question", "id", heading=True),
        Column("payer", "Payer"),
        Column("claims", "Claims", "count"),
        Column("asked_at", "Asked", "instant"),
        Column("document", "File", "code", wide=True),
    ),
    empty=Empty("Nobody was asked yet", "Claims without an answer are asked about every morning.", icon="send"),
)
