"""What the ledger knows, as the shapes that callers are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Entry, EntryRef, Source
from openmso.ledger.contracts.reports import EntryRow, PeriodRow, Statement


def period(row: PeriodRow) -> dict[str, Any]:
    """A month of a book."""
    return {
        "month": str(row.month), "fiscal_year": row.fiscal_year, "state": row.state.value, "entries": row.entries,
        "debits": str(row.debits), "why_not": dict(row.why_not),
    }  # fmt: skip


def money(amount: str | None) -> Money:
    """The money of an optional text."""
    return ZERO if amount is None else Money(Decimal(amount))


def ref(ref: EntryRef) -> dict[str, Any]:
    """An entry that was posted or found again."""
    return {"id": ref.public_id, "name": ref.name, "replayed": ref.replayed}


def source(source: Source | None) -> dict[str, str] | None:
    """Where a figure comes from."""
    return asdict(source) if source else None


def row(row: EntryRow | Entry) -> dict[str, Any]:
    """An entry as lists show it."""
    return {
        "id": row.public_id, "name": row.name, "posted_on": row.posted_on, "journal": row.journal.value,
        "memo": row.memo, "total": str(row.total), "source": source(row.source), "reverses": row.reverses,
        "reversed_by": row.reversed_by,
    }  # fmt: skip


def entry(entry: Entry) -> dict[str, Any]:
    """An entry with its lines."""
    lines = [
        {
            "number": line.number, "account": line.account, "account_name": line.account_name,
            "basis": line.basis.value, "debit": str(line.debit), "credit": str(line.credit),
            "source": source(line.source), "party": line.party, "memo": line.memo,
        }
        for line in entry.lines
    ]  # fmt: skip
    return row(entry) | {"posted_at": entry.posted_at, "posted_by": entry.posted_by, "lines": lines}


def statement(drawn: Statement) -> dict[str, Any]:
    """An income statement or a balance sheet."""

    def texts(figures: Sequence[Money]) -> list[str]:
        return [str(figure) for figure in figures]

    sections = [
        {
            "key": section.key, "title": section.title, "totals": texts(section.totals),
            "rows": [{"account": asdict(row.account), "figures": texts(row.figures)} for row in section.rows],
        }
        for section in drawn.sections
    ]  # fmt: skip
    return {
        "method": drawn.method.value, "starts": list(drawn.starts), "ends": list(drawn.ends), "sections": sections,
        "results": {name: texts(figures) for name, figures in drawn.results.items()},
    }  # fmt: skip
