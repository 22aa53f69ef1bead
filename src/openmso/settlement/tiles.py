"""What settlement tells on home pages: the month that was settled last, practice by practice, and the months so far."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.ledger.contracts import READ as LEDGER
from openmso.ledger.contracts import Accounts, Method
from openmso.ledger.queries import books
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.charts import Chart
from openmso.platform.ui.contracts import Filters, PageAsk, Term, Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list
from openmso.settlement import queries
from openmso.settlement.contracts import APPROVE, READ, SettlementRow
from openmso.settlement.states import HELD, S

LIST, DISPUTES = "settlement:statements", "settlement:disputes"
STANDING = (S.ISSUED, S.APPROVED, S.PAID)
PRACTICES_MAX, MONTHS_MAX, CHART_MONTHS = 12, 6, 12


def register() -> None:
    """Put the tiles in; called once at start-up."""
    registry.tile(
        Tile("settlement.latest", "Statements", READ.code, _latest, LIST, "All statements", span=12),
        Tile("settlement.months", "Month by month", LEDGER.code, _months, "ledger:books", "Ledger", span=6, late=True),
    )


def _latest(actor: Actor) -> Board:
    """The latest month with its practices, or the last months where there is one practice."""
    every = queries.settlements(_asked(), PageAsk(size=MONTHS_MAX, sort="month", desc=True))
    months = every.rows
    if not months:
        return Board(words="No month was settled yet. The first statement appears when a month is over.")
    month = months[0].month
    latest = queries.settlements(_asked(f"{month}"), PageAsk(size=PRACTICES_MAX, sort="collected", desc=True))
    listed, settled = to_list(LIST, _words(f"month:{month}")), latest.total or 0
    figures = (
        Figure(f"Collected in {month.first:%B}", latest.totals["collected"], listed,
               counted(settled, "practice") if settled > 1 else ""),
        Figure(f"Fee for {month.first:%B}", latest.totals["fee"], listed),
        Figure("To be paid", every.totals["due"], to_list(LIST, _words()), "all months", Tone.WARN),
        *_disputed(every.totals["disputed"]),
        Figure("Waits for approval", queries.count(S.ISSUED), to_list(LIST, "is:issued"),
               "by you" if actor.can(APPROVE.code) else "by the practice's owner", Tone.WARN),
    )  # fmt: skip
    if settled > 1:
        return Board(figures, heads=("Practice", "Invoice is", "Collected", "Fee", "To be paid"),
                     lines=[_line(row, row.practice_name) for row in latest.rows],
                     words=f"{PRACTICES_MAX} of {settled} practices, those with most collected."
                     if settled > PRACTICES_MAX else "")  # fmt: skip
    return Board(figures, heads=("Month", "Invoice is", "Collected", "Fee", "To be paid"),
                 lines=[_line(row, f"{row.month.first:%B %Y}") for row in months])  # fmt: skip


def _disputed(held: Money | Decimal | int) -> list[Figure]:
    """What is held by disputes, where anything is."""
    still = " ".join(f"is:{state.value}" for state in sorted(HELD))
    return [Figure("Disputed", held, to_list(DISPUTES, still), "held until it is settled", Tone.WARN)] if held else []


def _line(row: SettlementRow, label: str) -> Line:
    url = reverse("settlement:statement", args=[row.public_id])
    return Line(label, url, (row.state, row.collected, row.fee, row.due))


def _is(state: S) -> Term:
    return Term("is", "=", state.value, state.value)


def _asked(month: str = "") -> Filters:
    """What stands: withdrawn settlements are left out."""
    from openmso.kit.periods import Month

    narrowed = (Term("month", "=", Month.parse(month), month),) if month else ()
    return Filters((*map(_is, STANDING), *narrowed))


def _words(more: str = "") -> str:
    return " ".join([*(f"is:{state.value}" for state in STANDING), more]).strip()


def _months(actor: Actor) -> Board:
    """What was charged, collected and asked as fee in the months that are settled."""
    since = Month.of(actor.today).plus(-CHART_MONTHS)
    settled = queries.by_month(since=since)
    if not settled:
        return Board(words="No month was settled yet.")
    charged = books.by_month(code=Accounts.PATIENT_REVENUE, method=Method.ACCRUAL, since=since)
    sums = {
        "Charged": {month: charged.get(month, ZERO) for month in settled},
        "Collected": {month: collected for month, (collected, _) in settled.items()},
        "Fee": {month: fee for month, (_, fee) in settled.items()},
    }
    rows = [(month.words, *(money_text(found[month]) for found in sums.values())) for month in settled]
    return Board(chart=Chart("Charged, collected and fee by month", _sentence(rows), _drawn(list(settled), sums),
                             ("Month", *sums), rows, height=200))  # fmt: skip


def _sentence(rows: list[tuple[str, ...]]) -> str:
    month, charged, collected, fee = rows[-1]
    return f"In the books of {month}, {charged} was charged and {collected} collected; the fee was {fee}."


def _drawn(months: list[Month], sums: Mapping[str, Mapping[Month, Money]]) -> dict[str, Any]:
    """Bars side by side for each month."""
    values = [
        {"month": f"{month.first:%b %Y}", "what": what, "amount": float(found[month].amount)}
        for month in months
        for what, found in sums.items()
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "sort": None, "title": None},
            "xOffset": {"field": "what", "type": "nominal", "sort": list(sums), "title": None},
            "y": {"field": "amount", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": ",.0f"}},
            "color": {"field": "what", "type": "nominal", "sort": list(sums), "title": None},
        },
    }
