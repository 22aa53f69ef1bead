"""The lists of billing, as data."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse

from openmso.billing.contracts import COLLECT
from openmso.billing.queries.statements import SENT
from openmso.billing.states import L, Method, NoStatement, P, Paying, R, V
from openmso.kit.classes import DataClass
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits

DEMOGRAPHIC, CLINICAL = DataClass.DEMOGRAPHIC, DataClass.CLINICAL
PRACTICES = Filter("practice", "Practice", choices=practice_choices)

ACCOUNTS = TableSpec(
    name="billing.accounts",
    waits=Waits("billing.account", "Who owes most first"),
    noun=("account", "accounts"),
    sort="-owed",
    search="patient, record number or telephone",
    row_key=lambda row: row.patient,
    row_link=lambda row: reverse("billing:account", args=[row.patient]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Patient", heading=True, data_class=DEMOGRAPHIC, width="l"),
        Column("mrn", "Record", "code", wide=True, data_class=DEMOGRAPHIC),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("oldest_on", "Owed since", "day", sort=True, data_class=CLINICAL),
        Column("hold", "Hold", "status", wide=True, hidden=True),
        Column("last_statement_on", "Last statement", "day", wide=True),
        Column("unapplied", "Not applied", "money", sort=True, total=True, wide=True),
        Column("owed", "Owes", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter(
            "is",
            "Who",
            choices=[("owes", "Owes something"), ("ahead", "Has money not applied"), ("held", "Statements held back")],
        ),
        PRACTICES,
        Filter("owed", "Owes", "money"),
        Filter("unapplied", "Not applied", "money"),
        Filter("oldest", "Owed since", "day", data_class=CLINICAL),
    ),
    empty=Empty("No patient owes anything", "What payers leave to patients stands here, who owes most first."),
)

PAYMENTS = TableSpec(
    name="billing.payments",
    waits=Waits("billing.payment", "The latest first"),
    noun=("payment", "payments"),
    sort="-received_on",
    search="patient, payment or reference",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:payment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Payment", "id", heading=True),
        Column("name", "Patient", data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("received_on", "Received", "day", sort=True),
        Column("method", "How", wide=True, value=lambda row: row.method.label),
        Column("reference", "Reference", "code", wide=True),
        Column("state", "State", "status", wide=True),
        Column("received_by", "By", wide=True, hidden=True),
        Column("left", "Not applied", "money", sort=True, total=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[("unapplied", "Not applied"), ("applied", "Applied"),
                                       (P.REVERSED.value, P.REVERSED.label)]),
        Filter("method", "How", choices=[(one.value, one.label) for one in Method]),
        PRACTICES,
        Filter("received", "Received", "day"),
        Filter("amount", "Amount", "money"),
        Filter("left", "Not applied", "money"),
    ),
    actions=(
        BulkAction("apply", "Apply, oldest first", "billing:apply-many", letter="a", permission=COLLECT.code,
                   confirm="What is left of each payment goes to what its patient owes, oldest service first."),
    ),
    empty=Empty("No payments yet", "A payment is taken on the account of its patient.", "See accounts", "/billing/"),
)  # fmt: skip

PAYMENTS_OF_ACCOUNT = replace(
    PAYMENTS, name="billing.payments_of_account",
    columns=tuple(one for one in PAYMENTS.columns if one.key not in {"name", "practice_name"}),
    empty=Empty("No payments yet", "What the patient pays stands here, and what of it is not applied."),
)  # fmt: skip
"""The same on the page of one account: patient and practice stand at its head."""

LINES = TableSpec(
    name="billing.lines",
    noun=("line", "lines"),
    row_key=lambda row: f"{row.claim}-{row.line}",
    row_link=lambda row: reverse("claims:claim", args=[row.claim]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("service_on", "Service", "day", heading=True, data_class=CLINICAL),
        Column("claim", "Claim", "code", hint=lambda row: f"line {row.line}" if row.line else "as a whole"),
        Column("code", "Code", "code", wide=True, data_class=CLINICAL),
        Column("share", "Patient's part", "money", total=True),
        Column("settled", "Settled", "money", total=True, wide=True),
        Column("owed", "Owes", "money", total=True, strong=True),
    ),
    empty=Empty("Nothing was left to the patient", "A payer's decision says which part of a line the patient owes."),
)

SETTLED = TableSpec(
    name="billing.settled",
    noun=("settlement", "settlements"),
    row_key=lambda row: f"{row.act}-{row.claim}-{row.line}",
    row_link=lambda row: reverse("claims:claim", args=[row.claim]),
    columns=(
        Column("on", "Day", "day", heading=True),
        Column("claim", "Claim", "code", hint=lambda row: f"line {row.line}" if row.line else "as a whole"),
        Column("why", "By", "status"),
        Column("note", "Note", wide=True, width="l", says=True),
        Column("by", "Who", wide=True),
        Column("amount", "Amount", "money", total=True, strong=True),
    ),
    empty=Empty("Nothing is settled yet", "What a payment pays for stands here, and what is taken back."),
)

RUNS = TableSpec(
    name="billing.runs",
    noun=("run", "runs"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:run", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Run", "id", heading=True),
        Column("practice_name", "Practice", width="m"),
        Column("on", "Day", "day"),
        Column("made_by", "By", wide=True),
        Column("sent", "Statements", "count"),
        Column("passed", "Without", "count"),
        Column("state", "State", "status", wide=True),
        Column("amount", "Asked for", "money", strong=True),
    ),
    filters=(PRACTICES,),
    empty=Empty(
        "No statements yet", "A run judges every account that owes, and says who gets a statement and who not."
    ),
)

STATEMENTS = TableSpec(
    name="billing.statements",
    noun=("account", "accounts"),
    sort="-amount",
    search="patient",
    row_key=lambda row: row.public_id,
    row_link=lambda row: (
        reverse("billing:statement", args=[row.public_id])
        if row.is_sent
        else reverse("billing:account", args=[row.patient])
    ),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Patient", heading=True, data_class=DEMOGRAPHIC, width="l"),
        Column("on", "Day", "day", wide=True),
        Column("reason", "Outcome", "status", value=lambda row: row.outcome),
        Column("words", "Why not", says=True, wide=True, width="xl"),
        Column("way", "By", wide=True, value=lambda row: row.way.label if row.way else ""),
        Column("notice", "Notice", "status", wide=True),
        Column("amount", "Owes", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "Outcome", choices=[(SENT, "Statement sent"), *((one.value, one.label) for one in NoStatement)]),
    ),
    empty=Empty("Nobody owed anything", "A run judges the accounts that owe."),
)

STATEMENTS_OF_ACCOUNT = replace(
    STATEMENTS, name="billing.statements_of_account", noun=("statement", "statements"),
    columns=(
        replace(STATEMENTS.columns[1], heading=True, wide=False),
        *(one for one in STATEMENTS.columns[2:] if one.key != "words"),
    ),
    filters=(), search="", empty=Empty("No statement yet", "A run sends them to accounts that owe."),
)  # fmt: skip
"""The same on the page of one account: its patient stands at its head."""

REFUNDS = TableSpec(
    name="billing.refunds",
    waits=Waits("billing.refund", "The latest first"),
    noun=("refund", "refunds"),
    sort="-asked_at",
    search="patient or refund",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:refund", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Refund", "id", heading=True),
        Column("name", "Patient", data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("state", "State", "status"),
        Column("asked_at", "Asked", "instant", sort=True, wide=True),
        Column("asked_by", "By", wide=True),
        Column("why", "Why", wide=True, says=True, width="l"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(Filter("is", "State", choices=[(one.value, one.label) for one in R]), PRACTICES),
    empty=Empty("No refunds", "What is left of a payment is given back from its page."),
)

PLANS = TableSpec(
    name="billing.plans",
    waits=Waits("billing.plan", "The latest first"),
    noun=("plan", "plans"),
    sort="-made_at",
    search="patient or plan",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:plan", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Plan", "id", heading=True),
        Column("name", "Patient", data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("state", "State", "status"),
        Column("made_at", "Made", "instant", sort=True, wide=True, hidden=True),
        Column("instalment", "A month", "money", wide=True),
        Column("count", "Months", "count", wide=True),
        Column("missed", "Missed", "count"),
        Column("next_on", "Next on", "day", sort=True, wide=True),
        Column("amount", "Of", "money", sort=True, total=True, wide=True),
        Column("due", "Due", "money", sort=True, total=True),
        Column("left", "Left", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in L]),
        PRACTICES,
        Filter("missed", "Missed", "count"),
        Filter("due", "Due", "money"),
        Filter("left", "Left", "money"),
        Filter("next", "Next on", "day"),
    ),
    empty=Empty("No payment plans", "A plan is made on the account of its patient.", "See accounts", "/billing/"),
)

INSTALMENTS = TableSpec(
    name="billing.instalments",
    noun=("instalment", "instalments"),
    row_key=lambda row: str(row.number),
    columns=(
        Column("number", "No.", "count"),
        Column("due_on", "Due on", "day", heading=True),
        Column("is_missed", "Missed", value=lambda row: "missed" if row.is_missed else ""),
        Column("amount", "Instalment", "money", total=True),
        Column("open", "Not paid", "money", total=True, strong=True),
    ),
    empty=Empty("No instalments", "A plan has one at least."),
)

ONLINE = TableSpec(
    name="billing.online",
    noun=("payment", "payments"),
    sort="-made_at",
    search="patient, payment or the provider's reference",
    row_key=lambda row: row.public_id,
    row_link=lambda row: (
        reverse("billing:payment", args=[row.payment])
        if row.payment
        else reverse("billing:account", args=[row.patient])
    ),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "On line", "id", heading=True),
        Column("name", "Patient", data_class=DEMOGRAPHIC, width="l"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("made_at", "Begun", "instant", sort=True),
        Column("state", "State", "status"),
        Column("words", "Why not", wide=True, says=True, width="l"),
        Column("provider", "By", wide=True),
        Column("reference", "Reference", "code", wide=True, hidden=True),
        Column("payment", "Payment", "code", wide=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Paying]),
        PRACTICES,
        Filter("amount", "Amount", "money"),
    ),
    empty=Empty("Nobody paid on line yet", "Statements carry the address of a page on which patients pay."),
)

CHARGES = TableSpec(
    name="billing.charges",
    noun=("charge", "charges"),
    row_key=lambda row: row.public_id,
    row_practice=lambda row: row.practice,
    columns=(
        Column("charge_on", "Charged on", "day", heading=True),
        Column("number", "Instalment", "count"),
        Column("last4", "Card ending in", "code", data_class=DEMOGRAPHIC),
        Column("state", "State", "status"),
        Column("words", "Why not", says=True, wide=True, width="l"),
        Column("amount", "Amount", "money", strong=True),
    ),
    empty=Empty("No card is charged", "The patient puts a card on file on the page of a statement."),
)

OVERPAYMENTS = TableSpec(
    name="billing.overpayments",
    waits=Waits("billing.overpayment", "What was identified first comes first, for the law counts from there"),
    noun=("overpayment", "overpayments"),
    sort="identified_on",
    search="overpayment, claim or payer",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("billing:overpayment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Overpayment", "id", heading=True),
        Column("payer", "Payer", width="m"),
        Column("practice_name", "Practice", wide=True, width="m"),
        Column("claim", "Claim", "code", wide=True),
        Column("state", "State", "status"),
        Column("identified_on", "Identified", "day", sort=True, wide=True),
        Column("due_on", "Return by", "day"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in V]),
        Filter("clock", "Clock", choices=[("law", "60 days by law"), ("contract", "By contract")]),
        PRACTICES,
    ),
    empty=Empty("No payer paid too much", "After each remittance claims that were paid too much stand here."),
)
