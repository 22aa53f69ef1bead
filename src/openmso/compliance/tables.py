"""Lists of compliance, as data."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html

from openmso.compliance.contracts import LineRow
from openmso.compliance.queries import exclusions
from openmso.compliance.states import Kind, Outcome, Party, Reason, Standing
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.ui.cells import flag
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec


def tenant_choices() -> Sequence[tuple[str, str]]:
    """The tenants of the scope, as filters name them: the MSO has arrangements of its own."""
    return [(one.code.lower(), one.name) for one in tenants_in_scope()]


def _choices(status: type[Kind] | type[Party] | type[Standing] | type[Outcome] | type[Reason]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in status]


ARRANGEMENTS = TableSpec(
    name="compliance.arrangements",
    noun=("arrangement", "arrangements"),
    sort="name",
    search="party, title, NPI, EIN or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("compliance:arrangement", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Party", sort=True, heading=True, width="m", hint=lambda row: flag("Related", row.related)),
        Column("title", "Arrangement", sort=True, width="l", hint=lambda row: row.kind.label),
        Column("practice_name", "With", sort=True, wide=True, width="m"),
        Column("standing", "Stands", "status", sort=True),
        Column("formula", "Pay", wide=True, width="m"),
        Column("starts_on", "From", "day", sort=True, wide=True),
        Column("last_on", "Through", "day", sort=True),
        Column("fmv_on", "Opined through", "day", sort=True, wide=True),
        Column("gaps", "Gaps", "count", sort=True, tone=lambda row: "warn" if row.gaps else ""),
        Column("related", "What makes it related", hidden=True, says=True, width="l"),
        Column("party.label", "The party is", hidden=True),
        Column("signed_on", "Signed by both", "day", hidden=True),
        Column("npi", "NPI", "code", hidden=True),
        Column("ein", "EIN", "code", hidden=True),
        Column("registered_at", "Registered", "instant", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=_choices(Standing)),
        Filter("kind", "Kind", choices=_choices(Kind)),
        Filter("party", "Party", choices=_choices(Party)),
        Filter("practice", "With", choices=tenant_choices),
        Filter("ends", "Through", "day"),
        Filter("value", "Value opined through", "day"),
        Filter("gaps", "With gaps in a checklist", "flag"),
    ),
    empty=Empty(
        "No arrangements yet",
        "Every arrangement with somebody who can refer stands here, with its terms, signatures and opinion of value.",
        icon="shield",
    ),
)
RUNS = TableSpec(
    name="compliance.runs",
    noun=("payment run", "payment runs"),
    sort="-judged_at",
    search="file, practice, person or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("compliance:run", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("file_name", "File", sort=True, heading=True, width="l"),
        Column("practice_name", "Practice", sort=True),
        Column("judged_at", "Checked", "instant", sort=True),
        Column("count", "Payments", "count", sort=True),
        Column("amount", "Amount", "money", sort=True, wide=True),
        Column("stopped", "Stopped", "count", sort=True, strong=True, tone=lambda row: "bad" if row.stopped else ""),
        Column("stopped_amount", "Stopped amount", "money", sort=True),
        Column("unsettled", "To settle", "count", tone=lambda row: "warn" if row.unsettled else ""),
        Column("judged_by", "By", wide=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("practice", "Practice", choices=tenant_choices),
        Filter("judged", "Checked on", "day"),
        Filter("stopped", "With stopped payments", "flag"),
    ),
    empty=Empty(
        "No payment was checked yet",
        "A payment run is checked against the register before anything is paid.",
        icon="check",
    ),
)


def _arrangement(row: LineRow) -> str:
    return reverse("compliance:arrangement", args=[row.arrangement]) if row.arrangement else ""


LINES = TableSpec(
    name="compliance.lines",
    noun=("payment", "payments"),
    sort="number",
    search="payee, reference, NPI or arrangement",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("compliance:line", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("payee", "Payee", sort=True, heading=True, width="l", value=lambda row: row.payment.payee,
               hint=lambda row: format_html("{} {}", row.payment.reference, flag("Related", row.related))),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True, value=lambda row: row.payment.amount),
        Column("outcome", "Outcome", "status", sort=True),
        Column("says", "Why", "reason", says=True, width="l"),
        Column("arrangement_title", "Arrangement", wide=True, width="m", link=_arrangement),
        Column("related", "What makes it related", hidden=True, says=True, width="l"),
        Column("starts", "From", "day", sort=True, wide=True, value=lambda row: row.payment.starts_on),
        Column("through", "Through", "day", wide=True, value=lambda row: row.payment.through),
        Column("expected", "By the formula", "money", hidden=True),
        Column("number", "Line", "count", sort=True, value=lambda row: row.payment.number),
        Column("reason", "Reason", "status", hidden=True),
        Column("hours", "Hours", "hours", hidden=True, value=lambda row: row.payment.hours),
        Column("units", "Units", hidden=True, value=lambda row: row.payment.units),
        Column("time_record", "Time record", hidden=True, value=lambda row: row.payment.time_record),
        Column("npi", "NPI", "code", hidden=True, value=lambda row: row.payment.npi),
        Column("ein", "EIN", "code", hidden=True, value=lambda row: row.payment.ein),
        Column("settled", "Settled", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Outcome", choices=_choices(Outcome)),
        Filter("why", "Reason", choices=_choices(Reason)),
        Filter("amount", "Amount", "money"),
        Filter("unsettled", "Stopped and not settled", "flag"),
    ),
    empty=Empty("No payments", "Every run has payments.", icon="check"),
)  # fmt: skip
EXCLUDED = TableSpec(
    name="compliance.excluded",
    noun=("excluded person or firm", "excluded people and firms"),
    sort="name",
    search="name or NPI",
    row_key=lambda row: str(row.line),
    columns=(
        Column("name", "Name", sort=True, heading=True, width="l"),
        Column("npi", "NPI", "code"),
        Column("city", "City", wide=True),
        Column("state", "State", "code", sort=True),
        Column("kind", "Section", "code", sort=True, wide=True),
        Column("excluded_on", "Excluded on", "day", sort=True),
        Column("waiver_state", "Waived in", "code", wide=True),
        Column("waived_on", "Waived on", "day", hidden=True),
        Column("line", "Line", "count", hidden=True),
    ),
    filters=(Filter("state", "State", choices=exclusions.states),),
    empty=Empty(
        "Nobody of that name is on the list",
        "The list is loaded every month as it is published; people and firms are screened by it.",
        icon="shield",
    ),
)
