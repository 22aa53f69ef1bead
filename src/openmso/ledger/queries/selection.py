"""Any figure as the lines behind it: a selection of posted lines, its sum, and the lines themselves.

A figure elsewhere (a fee's base, a line of an owner's statement) keeps its selection as data; the same selection
gives the figure and opens it, so the two cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Basis, Journal, LedgerRow, Selection, Source, Total
from openmso.ledger.models import Account, Entry, Line
from openmso.ledger.rules import naming
from openmso.platform.ui.contracts import Page, PageAsk


def total(selection: Selection) -> Total:
    """The sums of a selection."""
    found = _lines(selection).aggregate(
        debits=Sum("debit_amount"),
        credits=Sum("credit_amount"),
        lines=Count("*"),
        sources=Count("source_id", distinct=True),
    )
    return Total(Money.of(found["debits"] or 0), Money.of(found["credits"] or 0), found["lines"], found["sources"])


def by_party(selection: Selection) -> dict[str, Money]:
    """Debits less credits by party; lines without one under the empty text."""
    rows = (
        _lines(selection)
        .values("party")
        .annotate(net=Coalesce(Sum(F("debit_amount") - F("credit_amount")), ZERO.amount))
        .order_by("party")
    )
    return {row["party"]: Money.of(row["net"]) for row in rows}


def by_party_of(entities: Collection[int], selection: Selection) -> dict[int, dict[str, Money]]:
    """Debits less credits by party in each of some books: the selection is asked in these, whatever book it names."""
    rows = (
        _within(selection, Account.objects.filter(entity_id__in=list(entities)), Q(entity_id__in=list(entities)))
        .values("entity_id", "party")
        .annotate(net=Coalesce(Sum(F("debit_amount") - F("credit_amount")), ZERO.amount))
        .order_by("entity_id", "party")
    )
    found: dict[int, dict[str, Money]] = defaultdict(dict)
    for row in rows:
        found[row["entity_id"]][row["party"]] = Money.of(row["net"])
    return found


def lines(selection: Selection, ask: PageAsk) -> Page[LedgerRow]:
    """The lines of a selection, oldest first, with the running net (debits less credits) of the whole selection."""
    order = ("posted_on", "entry_id", "number")
    net = Window(Sum(F("debit_amount") - F("credit_amount")), order_by=order)
    found = _lines(selection)
    rows = list(found.annotate(net=net).order_by(*order)[ask.offset : ask.offset + ask.size])
    entries = Entry.objects.in_bulk({row.entry_id for row in rows})
    summed = total(selection)
    return Page(
        [_row(row, entries[row.entry_id], Money(row.net)) for row in rows],
        summed.lines,
        ask,
        {"debit": summed.debits, "credit": summed.credits},
    )


def _row(line: Line, entry: Entry, balance: Money) -> LedgerRow:
    return LedgerRow(
        entry=naming.entry_public_id(entry.pk),
        name=f"{entry.fiscal_year}-{entry.number:05d}",
        number=line.number,
        posted_on=line.posted_on,
        journal=Journal(entry.journal),
        memo=line.memo or entry.memo,
        basis=Basis(line.basis),
        debit=Money.of(line.debit_amount),
        credit=Money.of(line.credit_amount),
        balance=balance,
        source=Source(line.source_kind, line.source_id) if line.source_kind else None,
        party=line.party,
    )


def _lines(selection: Selection) -> QuerySet[Line]:
    return _within(selection, Account.objects.filter(entity_id=selection.entity), Q(entity_id=selection.entity))


def _within(selection: Selection, accounts: QuerySet[Account], books: Q) -> QuerySet[Line]:
    """The lines of a selection in the books named, over these of their accounts."""
    wanted = books & Q(
        account_id__in=accounts.filter(code__in=selection.accounts).values("pk"),
        basis__in=[basis.value for basis in selection.bases],
        posted_on__lt=selection.ends_on,
        closing=False,
    )
    if selection.starts_on is not None:
        wanted &= Q(posted_on__gte=selection.starts_on)
    if selection.kinds:
        wanted &= Q(source_kind__in=selection.kinds)
    if selection.but:
        wanted &= ~Q(source_kind__in=selection.but)
    if selection.parties:
        wanted &= Q(party__in=selection.parties)
    if selection.side:
        wanted &= Q(**{f"{selection.side}_amount__gt": 0})
    return Line.objects.filter(wanted)
