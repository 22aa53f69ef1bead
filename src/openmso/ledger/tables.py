"""Lists of the ledger, as data: books, entries, the lines of an account, the rows of a trial balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from openmso.ledger import registry
from openmso.ledger.contracts import Basis, Book, Journal, LedgerRow
from openmso.ledger.contracts.reports import EntryRow
from openmso.platform.ui import cells
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

JOURNALS = {
    Journal.GENERAL: "General",
    Journal.OPENING: "Opening",
    Journal.CHARGES: "Charges",
    Journal.REMITTANCES: "Remittances",
    Journal.CASH: "Cash",
    Journal.SETTLEMENT: "Settlement",
    Journal.PURCHASES: "Purchases",
    Journal.PAYROLL: "Payroll",
    Journal.CLOSING: "Closing",
    Journal.REVERSAL: "Reversals",
}
"""What the journals are called on screens."""

BASES = {Basis.COMMON: "Both", Basis.ACCRUAL: "Accrual only", Basis.CASH: "Cash only", Basis.TAX: "Tax only"}
"""What the bases of lines are called on screens."""

BOOKS = TableSpec(
    name="ledger.books",
    noun=("book", "books"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("ledger:book", args=[row.public_id]),
    columns=(
        Column("name", "Legal entity", heading=True),
        Column("method", "Method", value=lambda row: row.method.value.capitalize(), wide=True),
        Column("latest_closed", "Closed through", "month", wide=True),
        Column("open_months", "Open", value=lambda row: cells.months_text(row.open_months), wide=True),
        Column("to_close", "To close", "count", total=True),
        Column("balanced", "Balances", "yes", hidden=True),
        Column("entries", "Entries", "count", total=True, wide=True),
        Column("latest_name", "Latest", "code", wide=True),
        Column("cash", "Cash", "money", total=True, strong=True),
        Column("receivable", "Receivable", "money", total=True),
    ),
    empty=Empty("No books yet", "Books open with a legal entity, when a practice joins.", icon="ledger"),
)

TRIAL = TableSpec(
    name="ledger.trial",
    noun=("account", "accounts"),
    row_key=lambda row: row.account.code,
    columns=(
        Column("account.code", "No.", "code"),
        Column("account.name", "Account", heading=True),
        Column("account.kind", "Kind", value=lambda row: row.account.kind.value.replace("_", " ")),
        Column("opening", "Opening", "money", total=True),
        Column("debits", "Debits", "money", total=True),
        Column("credits", "Credits", "money", total=True),
        Column("closing", "Closing", "money", total=True, strong=True),
    ),
)


def statement_of(name: str, heads: Sequence[str]) -> TableSpec:
    """A statement as a list, for files: section, account, and a column for each range of days."""

    def figure(number: int) -> Callable[[Any], Any]:
        return lambda row: row[3][number]

    return TableSpec(
        name=f"ledger.{name}",
        noun=("line", "lines"),
        row_key=lambda row: row[1],
        columns=(
            Column("section", "Section", value=lambda row: row[0]),
            Column("code", "No.", "code", value=lambda row: row[1]),
            Column("account", "Account", value=lambda row: row[2], heading=True),
            *(Column(f"c{number}", head, "money", value=figure(number)) for number, head in enumerate(heads)),
        ),
    )


def entries_of(book: Book) -> TableSpec:
    """The list of a book's entries."""
    return TableSpec(
        name="ledger.entries",
        noun=("entry", "entries"),
        sort="-name",
        search="number, id or words",
        row_key=lambda row: row.public_id,
        row_link=lambda row: reverse("ledger:entry", args=[book.public_id, row.public_id]),
        columns=(
            Column("name", "No.", "code", sort=True),
            Column("memo", "What for", heading=True, hint=_reversal),
            Column("posted_on", "Day", "day", sort=True),
            Column("journal", "Journal", value=lambda row: JOURNALS[row.journal], wide=True),
            Column(
                "source", "Source", value=lambda row: registry.label_of(row.source),
                link=lambda row: registry.url_of(row.source), wide=True,
            ),
            Column("posted_by", "Posted by", wide=True, hidden=True),
            Column("lines", "Lines", "count", wide=True),
            Column("total", "Amount", "money", strong=True),
        ),
        filters=(
            Filter("journal", "Journal", choices=[(journal.value, words) for journal, words in JOURNALS.items()]),
            Filter("posted", "Posted on", "day"),
            Filter("month", "Month", "month", many=False),
            Filter("source", "Source id", "text"),
        ),
        empty=Empty("No entries yet", "What claims, payments and settlements post is listed here.", icon="ledger"),
    )  # fmt: skip


def lines_of(book: Book) -> TableSpec:
    """The general ledger of one account."""
    return TableSpec(
        name="ledger.account",
        noun=("line", "lines"),
        row_key=lambda row: f"{row.entry}.{row.number}",
        row_link=lambda row: reverse("ledger:entry", args=[book.public_id, row.entry]),
        columns=(
            Column("posted_on", "Day", "day"),
            Column("name", "Entry", "code", link=lambda row: reverse("ledger:entry", args=[book.public_id, row.entry])),
            Column("memo", "What for", heading=True),
            Column("source", "Source", value=_source, link=lambda row: registry.url_of(row.source), wide=True),
            Column("basis", "Basis", value=lambda row: BASES[row.basis], wide=True),
            Column("party", "Party", "code", wide=True, hidden=True),
            Column("debit", "Debit", "money", total=True),
            Column("credit", "Credit", "money", total=True),
            Column("balance", "Balance", "money", total=True, strong=True),
        ),
        empty=Empty("Nothing moved", "No line stands on this account in these days.", icon="ledger"),
    )


def _source(row: LedgerRow) -> str:
    return registry.label_of(row.source)


def _reversal(row: EntryRow) -> str:
    if row.reversed_by:
        return "taken back"
    return "takes another back" if row.reverses else ""
