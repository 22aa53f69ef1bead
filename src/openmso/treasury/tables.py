"""Treasury's lists as data."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from openmso.ledger import registry as ledger
from openmso.ledger.contracts import LedgerRow
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits
from openmso.treasury.contracts import FILES, RUNS, Payment
from openmso.treasury.states import F, R

WATERFALL = TableSpec(
    name="treasury.runs",
    waits=Waits(RUNS, "The latest month first"),
    noun=("run", "runs"),
    sort="-month",
    search="practice or run",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("treasury:run", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("month", "Month", "month", sort=True, heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("state", "Stands", "status", sort=True),
        Column("cash", "To pay with", "money", sort=True, total=True),
        Column("fee_paid", "Fee paid", "money", sort=True, total=True, wide=True),
        Column("advanced", "Advanced", "money", sort=True, total=True, wide=True),
        Column("residual", "Left to the practice", "money", sort=True, total=True, strong=True),
        Column("loan", "Loan after it", "money", sort=True),
        Column("held", "Stays in the government account", "money", sort=True, hidden=True),
        Column("public_id", "Run", "id", hidden=True),
        Column("proposed_at", "Proposed", "instant", sort=True, hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in R]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("month", "Month", "month"),
        Filter("advanced", "Advanced", "money"),
        Filter("loan", "Loan after it", "money"),
    ),
    empty=Empty(
        "No month was paid out yet",
        "When a month is settled, what came in is paid out in the order of the agreement: refunds, expenses, "
        "physicians, the fee, the loan, the reserve; what is left is the practice's.",
        icon="down",
    ),
)

LOANS = TableSpec(
    name="treasury.loans",
    noun=("loan", "loans"),
    sort="practice_name",
    search="practice or agreement",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("treasury:loan", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True),
        Column("agreement", "Agreement", "code", wide=True),
        Column("balance", "Stands at", "money", sort=True, total=True, strong=True),
        Column("lent", "Lent, with interest", "money", sort=True, total=True),
        Column("repaid", "Paid back", "money", sort=True, total=True),
        Column("proven", "As in the books", "yes"),
        Column("opened_on", "Since", "day", sort=True, wide=True),
        Column("public_id", "Loan", "id", hidden=True),
    ),
    filters=(Filter("practice", "Practice", choices=practice_choices),),
    empty=Empty(
        "No deficit loans",
        "A month that does not pay the duties of a practice, or the fee, makes one where the agreement says so.",
        icon="ledger",
    ),
)

MOVEMENTS = TableSpec(
    name="treasury.movements",
    noun=("movement", "movements"),
    row_key=lambda row: f"{row.run}-{row.dispute}-{row.kind}-{row.part}-{row.reverses}",
    columns=(
        Column("moved_on", "Day", "day"),
        Column("kind", "What", "status", heading=True),
        Column("words", "How", says=True, width="l"),
        Column("part", "Part", value=lambda row: row.part.label, wide=True),
        Column("run", "Run", "id", link=lambda row: reverse("treasury:run", args=[row.run]) if row.run else ""),
        Column("amount", "Amount", "money"),
        Column("balance", "Stands at", "money", strong=True),
    ),
    empty=Empty("Nothing moved it yet", "Runs of payments move it."),
)

BANK_FILES = TableSpec(
    name="treasury.files",
    waits=Waits(FILES, "The latest file first"),
    noun=("file", "files"),
    sort="-prepared_at",
    search="practice or file",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("treasury:file", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "File", "id", heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("account_name", "Out of", sort=True, named=True),
        Column("state", "Stands", "status", sort=True),
        Column("entries", "Payments", "count", sort=True, hidden=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
        Column("effective_on", "Settles", "day", sort=True),
        Column("prepared_at", "Prepared", "instant", sort=True, wide=True, hint=lambda row: row.prepared_by),
        Column("prepared_by", "Prepared by", hidden=True),
        Column("approved_by", "Approved by", wide=True),
        Column("returned", "Sent back", "count", hidden=True),
        Column("sha256", "SHA-256", "code", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in F]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("effective", "Settles", "day"),
        Filter("amount", "Amount", "money"),
    ),
    empty=Empty(
        "No bank files yet",
        "The payments of posted runs are put into a file for the bank, which a second person approves.",
        icon="send",
    ),
)


def _payee(row: Payment) -> str:
    """Whose account it is paid to, and where the payee is a related party."""
    return f"{row.to_bank} · {row.related}" if row.related else row.to_bank


PAYMENTS = TableSpec(
    name="treasury.payments",
    noun=("payment", "payments"),
    row_key=lambda row: row.public_id,
    columns=(
        Column("kind", "For", heading=True, value=lambda row: row.kind.label, hint=lambda row: row.reference),
        Column("amount", "Amount", "money", strong=True),
        Column("from_name", "Out of", width="m"),
        Column("to_holder", "To", width="l", hint=_payee),
        Column("changed", "Account", "status"),
        Column("state", "Stands", "status", hint=lambda row: row.returned_words),
        Column("file", "File", "id", wide=True,
               link=lambda row: reverse("treasury:file", args=[row.file]) if row.file else ""),
        Column("trace", "Trace", "code", hidden=True),
    ),
    empty=Empty("Nothing is to be paid", "What a posted run pays to others is listed here."),
)  # fmt: skip


def _source(row: LedgerRow) -> str:
    try:
        return ledger.url_of(row.source) if row.source else ""
    except NoReverseMatch:
        return ""


BEHIND = TableSpec(
    name="treasury.behind",
    noun=("entry line", "entry lines"),
    row_key=lambda row: f"{row.entry}-{row.number}",
    columns=(
        Column("posted_on", "Day", "day"),
        Column("name", "Entry", "code", link=lambda row: reverse("ledger:entry-of", args=[row.entry])),
        Column("memo", "What for", heading=True),
        Column("source", "Comes from", "id", value=lambda row: row.source.id if row.source else "", link=_source),
        Column("debit", "Debit", "money", total=True),
        Column("credit", "Credit", "money", total=True),
        Column("balance", "So far", "money", wide=True),
    ),
    empty=Empty("Nothing behind this figure", "It is zero because nothing was posted in the month.", icon="ledger"),
)
