"""Settlement's lists as data."""

from __future__ import annotations

from decimal import Decimal

from django.urls import NoReverseMatch, reverse

from openmso.agreements.fees.sentences import sentence
from openmso.ledger import registry as ledger
from openmso.ledger.contracts import LedgerRow
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits
from openmso.platform.ui.tiles import to_list
from openmso.settlement.contracts import AGES, DISPUTED, RestatedMonth
from openmso.settlement.contracts.accounts import Earned, FeeAccount
from openmso.settlement.states import D, S

STATEMENTS = TableSpec(
    name="settlement.statements",
    waits=Waits("settlement.settlement", "The latest month first"),
    noun=("statement", "statements"),
    sort="-month",
    search="practice, invoice number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:statement", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("month", "Month", "month", sort=True, heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("state", "Invoice is", "status", sort=True),
        Column("collected", "Collected", "money", sort=True, total=True, wide=True),
        Column("fee", "Fee", "money", sort=True, total=True),
        Column("due", "To be paid", "money", sort=True, total=True, strong=True),
        Column("disputed", "Disputed", "money", sort=True, total=True, wide=True),
        Column("due_on", "Due", "day", sort=True),
        Column("invoice", "Invoice", "code", sort=True, wide=True),
        Column("issued_on", "Issued", "day", sort=True, hidden=True),
    ),
    filters=(
        Filter("is", "Invoice is", choices=[(s.value, s.label) for s in S]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("month", "Month", "month"),
        Filter("due", "Due", "day"),
        Filter("fee", "Fee", "money"),
    ),
    empty=Empty(
        "No statements yet",
        "When a month is over, its fee is computed from the agreement and the books, and the statement appears here.",
        icon="doc",
    ),
)

AGEING = TableSpec(
    name="settlement.ageing",
    noun=("practice", "practices"),
    sort="practice_name",
    search="practice",
    row_key=lambda row: row.code,
    row_link=lambda row: open_of(row.code),
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True),
        Column("invoices", "Invoices", "count", sort=True, wide=True),
        *(Column(age.key, age.words, "money", sort=True, total=True, wide=age.key != "over_90") for age in AGES),
        Column("due", "To be paid", "money", sort=True, total=True, strong=True),
        Column("disputed", "Disputed", "money", sort=True, total=True),
        Column("oldest_due_on", "Oldest due", "day", sort=True, wide=True),
    ),
    filters=(Filter("practice", "Practice", choices=practice_choices),),
    empty=Empty("Nothing is to be paid", "Every invoice is paid, or given back.", "See statements", "/statements/"),
)
"""What practices owe of their invoices, by age."""


AHEAD = TableSpec(
    name="settlement.ahead",
    noun=("practice", "practices"),
    sort="practice_name",
    search="practice",
    row_key=lambda row: row.practice_code,
    row_link=lambda row: reverse("settlement:ahead-of", args=[str(row.month), row.practice_code]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True),
        Column("standing", "Stands", value=lambda row: "settled" if row.settlement else "from the books", wide=True),
        Column("collected", "Collected", "money", sort=True, total=True),
        Column("fee", "Fee", "money", sort=True, total=True, strong=True),
        Column(
            "terms", "Terms", value=lambda row: sentence(row.quote.terms) if row.quote else row.refused, hidden=True
        ),
    ),
    filters=(
        Filter("is", "Stands", choices=[("open", "Not settled"), ("settled", "Settled")]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty("No fee is agreed for this month", "An agreement with a fee has to be in force on one of its days."),
)
"""A month's fees before they are settled."""


def open_of(practice: str = "", more: str = "") -> str:
    """The list of invoices that are not paid, of one practice or of all."""
    words = ["is:issued", "is:approved", f"practice:{practice.lower()}" if practice else "", more]
    return to_list("settlement:statements", " ".join(word for word in words if word))


DISPUTES = TableSpec(
    name="settlement.disputes",
    waits=Waits(DISPUTED, "The latest dispute first"),
    noun=("dispute", "disputes"),
    sort="-opened_at",
    search="practice, invoice, dispute or reason",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:dispute", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Dispute", "id", heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("invoice", "Invoice", "code", sort=True, named=True),
        Column("label", "About", hidden=True, width="l"),
        Column("state", "Stands", "status", sort=True),
        Column("amount", "Disputed", "money", sort=True, total=True, wide=True),
        Column("credited", "Credited", "money", sort=True, total=True, hidden=True),
        Column("held", "Held", "money", sort=True, total=True, strong=True),
        Column("due_on", "Due", "day", sort=True),
        Column("opened_at", "Opened", "instant", sort=True, wide=True),
        Column("opened_by", "By", hidden=True),
        Column("reason", "Why", hidden=True, says=True, width="l"),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in D]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("month", "Month", "month"),
        Filter("due", "Due", "day"),
        Filter("amount", "Disputed", "money"),
    ),
    empty=Empty(
        "No disputes",
        "The practice disputes a row of an invoice on its statement: what is not paid yet is held until it is settled.",
        "See statements",
        "/statements/",
    ),
)


def _source(row: LedgerRow) -> str:
    try:
        return ledger.url_of(row.source) if row.source else ""
    except NoReverseMatch:
        return ""


METERED = TableSpec(
    name="settlement.metered",
    noun=("record", "records"),
    sort="on",
    search="record",
    row_key=lambda row: row.name,
    row_link=lambda row: row.url,
    columns=(
        Column("name", "Record", "id", sort=True, heading=True),
        Column("on", "Day", "day", sort=True),
        Column("quantity", "Counts as", "count", sort=True, value=lambda row: Decimal(f"{row.quantity.normalize():f}")),
        Column("late", "Came late", "yes"),
    ),
    filters=(Filter("is", "Counted", choices=[("in_time", "In its own month"), ("late", "Recorded late")]),),
    empty=Empty("Nothing was counted", "No record of this kind fell into the month."),
)
"""What a fee was charged by, record by record."""

STATEMENT = TableSpec(
    name="settlement.statement",
    noun=("row", "rows"),
    row_key=lambda shown: str(shown.row.number),
    columns=(
        Column("section", "Section"),
        Column("row.step", "Step"),
        Column("row.label", "What"),
        Column("row.note", "How"),
        Column("row.part", "Looked at", "money"),
        Column("row.amount", "Amount", "money"),
        Column("row.total", "Total", "yes"),
    ),
)
"""The statement as a file: what stands on the page, row by row."""

BEHIND = TableSpec(
    name="settlement.behind",
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

RESTATED = TableSpec(
    name="settlement.restated",
    noun=("month", "months"),
    sort="month",
    row_key=lambda row: str(row.month),
    columns=(
        Column("month", "Month", "month", sort=True, heading=True, link=lambda row: fee_of(row)),
        Column("basis", "From", value=lambda row: "its invoice" if row.settlement else "the books", wide=True),
        Column("agreed.amount", "As agreed", "money", sort=True, total=True),
        Column("other.amount", "Other terms", "money", sort=True, total=True),
        Column("difference", "Difference", "money", sort=True, total=True, strong=True),
    ),
    empty=Empty("No month to compare", "A month that is over, and had an agreement with a fee, is restated here."),
)
"""Months under other terms."""


def fee_of(row: RestatedMonth) -> str:
    """The page of the fee of a settled month."""
    return reverse("settlement:fee", args=[row.settlement]) if row.settlement else ""


ACCOUNTS = TableSpec(
    name="settlement.accounts",
    noun=("account", "accounts"),
    row_key=lambda row: row.code,
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", heading=True, link=lambda row: _account(row)),
        Column("opening", "Before", "money", total=True, link=lambda row: _account(row)),
        Column("invoiced", "Invoiced", "money", total=True, link=lambda row: _account(row)),
        Column("credited", "Credited", "money", total=True, link=lambda row: _account(row), wide=True),
        Column("paid", "Paid", "money", total=True, link=lambda row: _account(row)),
        Column("lent", "Lent", "money", total=True, link=lambda row: _account(row), wide=True),
        Column("closing", "After", "money", total=True, link=lambda row: _account(row), strong=True),
    ),
    empty=Empty("Nothing was invoiced yet", "When a month is settled, its invoice opens the account of the practice."),
)
"""Accounts of practices with the MSO, over some months."""

ACCOUNT = TableSpec(
    name="settlement.account",
    noun=("line", "lines"),
    row_key=lambda row: row.entry,
    columns=(
        Column("booked_on", "Day", "day"),
        Column("kind", "What", "status"),
        Column("words", "For", heading=True,
               link=lambda row: reverse("settlement:statement", args=[row.settlement]) if row.settlement else ""),
        Column("entry", "Entry", "code", wide=True, link=lambda row: reverse("ledger:entry-of", args=[row.entry])),
        Column("amount", "Amount", "money"),
        Column("balance", "Owed", "money", strong=True),
    ),
    empty=Empty("Nothing happened in these months", "What was owed before is owed after them."),
)  # fmt: skip
"""One account, line by line."""

EARNED = TableSpec(
    name="settlement.earned",
    noun=("practice", "practices"),
    row_key=lambda row: row.code,
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", heading=True, link=lambda row: _account(row)),
        Column("months", "Months", "count", wide=True, link=lambda row: months_of(row)),
        Column("fixed", "Fixed", "money", total=True, wide=True, link=lambda row: months_of(row)),
        Column("variable", "By figures", "money", total=True, wide=True, link=lambda row: months_of(row)),
        Column("credits", "Credited", "money", total=True, wide=True,
               link=lambda row: _account(row)),
        Column("revenue", "Earned", "money", total=True, strong=True, link=lambda row: months_of(row)),
        Column("unbilled", "Not invoiced then", "money", total=True, wide=True, link=lambda row: months_of(row)),
        Column("receivable", "To be paid", "money", total=True, link=lambda row: open_of(row.code)),
        Column("disputed", "Disputed", "money", total=True,
               link=lambda row: to_list("settlement:disputes", f"practice:{row.code.lower()}")),
        Column("capped", "Held by a cap", "money", total=True, wide=True, link=lambda row: months_of(row)),
        Column("deferred", "Received, not earned", "money", total=True, hidden=True, link=lambda row: months_of(row)),
        Column("service_credits", "Service credits", "money", total=True, hidden=True,
               link=lambda row: months_of(row)),
    ),
    empty=Empty("Nothing was earned in these months", "Settle a month: its fee is earned in that month.", icon="chart"),
)  # fmt: skip
"""What the MSO earned, practice by practice."""


def _account(row: FeeAccount | Earned) -> str:
    return account_of(row.code, row.first, row.last)


def months_of(row: Earned) -> str:
    """The statements of a practice's months, each of which opens to its fee."""
    return to_list("settlement:statements", f"practice:{row.code.lower()} month:>={row.first} month:<={row.last}")


def account_of(code: str, first: object, last: object) -> str:
    """The statement of account of a practice over some months."""
    return f"{reverse('settlement:account', args=[code])}?first={first}&last={last}"
