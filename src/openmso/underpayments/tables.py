"""The list of lines that were paid short, as data."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from openmso.kit.words import day
from openmso.parties.queries import payers
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits
from openmso.underpayments import queries
from openmso.underpayments.contracts import WORK, About, By
from openmso.underpayments.states import Cause, Proposed, S

UNDERPAYMENTS = TableSpec(
    name="underpayments.underpayments",
    waits=Waits(
        "claims.claim", "The dollars that are missing, most first", lambda row: row.claim, ("underpayments.short_paid",)
    ),
    noun=("line", "lines"),
    sort="-short",
    search="claim or code",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("underpayments:underpayment", args=[row.public_id]),
    columns=(
        Column("claim", "Claim", "code", heading=True, sort=True, hint=lambda row: f"line {row.line}"),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("code", "Code", "code", sort=True),
        Column("cause", "Cause", value=lambda row: row.cause.label),
        Column("state", "State", "status"),
        Column("found_on", "Found", "day", sort=True, wide=True),
        Column("expected", "Expected", "money", sort=True, total=True, wide=True),
        Column("allowed", "Allowed", "money", sort=True, total=True, wide=True),
        Column("short", "Missing", "money", sort=True, total=True, strong=True),
        Column("recovered", "Recovered", "money", sort=True, total=True, wide=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in S]),
        Filter("cause", "Cause", choices=[(one.value, one.label) for one in Cause]),
        Filter("payer", "Payer", choices=payers.choices),
    ),
    empty=Empty("Nothing was paid short", "Each remittance is compared with the contracts line by line.", icon="check"),
)
REPRICED = TableSpec(
    name="underpayments.repriced",
    noun=("row", "rows"),
    sort="-difference",
    search="code or name",
    row_key=lambda row: row.name,
    columns=(
        Column("name", "Code or clinician", heading=True, sort=True),
        Column("lines", "Lines", "count", sort=True),
        Column("charged", "Charged", "money", wide=True, sort=True),
        Column("current", "By the terms of then", "money", sort=True),
        Column("proposed", "By this version", "money", sort=True),
        Column("difference", "Difference", "money", strong=True, sort=True),
        Column("untold", "Not compared", "count", wide=True, sort=True),
    ),
    filters=(
        Filter("by", "By", choices=[(one.value, one.value.title()) for one in By], many=False),
        Filter("months", "Months", choices=[(str(n), f"{n} months") for n in (3, 6, 12, 24, 36)], many=False),
    ),
    empty=Empty("Nothing was asked of this payer in these months", "Choose more months."),
)
ALLOWED = TableSpec(
    name="underpayments.allowed",
    noun=("code", "codes"),
    sort="-difference",
    search="code",
    row_key=lambda row: row.code,
    columns=(
        Column("code", "Code", "code", heading=True, sort=True),
        Column("lines", "Lines", "count", sort=True),
        Column("expected", "Expected", "money", sort=True, total=True),
        Column("allowed", "Allowed", "money", sort=True, total=True),
        Column("difference", "Difference", "money", strong=True, sort=True, total=True),
        Column("short", "Lines paid short", "count", wide=True, sort=True),
        Column("missing", "Missing", "money", wide=True, sort=True, total=True),
    ),
    filters=(
        Filter("months", "Months", choices=[(str(n), f"{n} months") for n in (3, 6, 12, 24, 36)], many=False),
    ),
    empty=Empty("Nothing was paid that this contract led to expect", "Choose more months."),
)  # fmt: skip
RULES = TableSpec(
    name="underpayments.rules",
    noun=("rule", "rules"),
    row_key=lambda row: row.code,
    row_link=lambda row: reverse("underpayments:rule", args=[row.code]),
    columns=(
        Column("title", "Rule", heading=True, hint=lambda row: f"{row.code}, version {row.number}"),
        Column("about", "About", value=lambda row: row.about.label),
        Column("payer_name", "Payer"),
        Column("when_words", "When", wide=True, says=True),
        Column("treatment", "Proposes", value=lambda row: row.treatment.label),
        Column("state", "Holds", wide=True, value=lambda row: _holds(row)),
        Column("waits", "Waiting", "money", value=lambda row: row.waits.amount, hint=lambda row: f"{row.waits.count}"),
        Column("taken", "Taken", "money", value=lambda row: row.taken.amount, hint=lambda row: f"{row.taken.count}"),
        Column("declined", "Declined", "money", wide=True, value=lambda row: row.declined.amount,
               hint=lambda row: f"{row.declined.count}"),
        Column("lapsed", "Lapsed", "money", wide=True, hidden=True, value=lambda row: row.lapsed.amount,
               hint=lambda row: f"{row.lapsed.count}"),
    ),
    empty=Empty("No rule yet", "A rule looks at each payment that differs and proposes what to do; people decide."),
)  # fmt: skip
PROPOSALS = TableSpec(
    name="underpayments.proposals",
    noun=("proposal", "proposals"),
    sort="-amount",
    search="claim or code",
    row_key=lambda row: row.subject,
    row_link=lambda row: _subject(row.subject),
    columns=(
        Column("claim", "Claim", "code", heading=True, value=lambda row: row.claim or row.subject,
               hint=lambda row: f"line {row.line}" if row.line else ""),
        Column("about", "About", value=lambda row: row.about.label),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("code", "Code", "code", wide=True),
        Column("rule", "Rule", wide=True, value=lambda row: row.title),
        Column("treatment", "Proposes", value=lambda row: row.treatment.label),
        Column("words", "Because", wide=True, says=True),
        Column("state", "State", "status"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in Proposed]),
        Filter("about", "About", choices=[(one.value, one.label) for one in About]),
        Filter("rule", "Rule", choices=queries.rule_choices),
    ),
    actions=(
        BulkAction("take", "Take", "underpayments:take-many", letter="t", permission=WORK.code,
                   confirm="Lines are accepted as paid or left open, as the rules propose; the rest becomes work."),
    ),
    empty=Empty("Nothing is proposed", "Where a rule speaks for a payment that differs, its proposal stands here.",
                "See the rules", "/underpayments/rules/"),
)  # fmt: skip

DIFFERENCES = TableSpec(
    name="underpayments.differences",
    noun=("difference", "differences"),
    sort="-found_on",
    search="claim, payment, code, or reason as CO-197",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("underpayments:difference", args=[row.public_id]),
    columns=(
        Column("source", "Payment", "code", heading=True, hint=lambda row: row.claim),
        Column("about", "About", "status"),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("code", "Code", "code", sort=True, wide=True),
        Column("reasons", "Reasons", wide=True, value=lambda row: ", ".join((*row.reasons, *row.remarks))),
        Column("words", "What differs", wide=True, says=True, hidden=True),
        Column("found_on", "Found", "day", sort=True),
        Column("expected", "Expected", "money", wide=True, hidden=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
        Column("proposed", "Proposed", hint=lambda row: row.proposal.state.label if row.proposal else ""),
    ),
    filters=(
        Filter("about", "About", choices=[(one.value, one.label) for one in About if one is not About.SHORT]),
        Filter("payer", "Payer", choices=payers.choices),
        Filter("proposed", "Proposal", choices=[*((one.value, one.label) for one in Proposed),
                                                (queries.NO_RULE, "No rule spoke")]),
        Filter("gone", "Over", choices=[("yes", "Also what differs no more")], many=False),
    ),
    empty=Empty("Every payment is as it was expected",
                "Take-backs, interest, codes of the payer's, denials and shares of patients that differ stand here."),
)  # fmt: skip


def _subject(public_id: str) -> str:
    kind = queries.named_by(public_id)
    return reverse(f"underpayments:{kind}", args=[public_id])


def _holds(row: Any) -> str:
    if row.withdrawn:
        return "Withdrawn"
    return "Now" if row.holds else f"From {day(row.starts_on)}"
