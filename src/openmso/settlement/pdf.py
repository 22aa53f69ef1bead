"""Statement, invoice and credit memo on paper: typst templates filled with plain data, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from openmso.kit.money import Money
from openmso.settlement import parts
from openmso.settlement.contracts import Row, Settlement, Statement
from openmso.settlement.contracts.accounts import FeeAccount

TEMPLATES = Path(__file__).parent / "typ"
MINUS = "\u2212"


def statement(statement: Statement) -> bytes:
    """The owner's statement: the same rows as on the screen."""
    sections = [
        ("What came in", "in"),
        ("Our fee, step by step", "fee"),
        ("Rebates passed on to you", "back"),
        ("What is yours", "keep"),
        ("What insurers and patients still owe you", "owed"),
    ]
    data = _head(statement) | {
        "sections": [
            {"title": title, "rows": [_row(row) for row in statement.section(name)]}
            for title, name in sections
            if statement.section(name)
        ]
    }
    return _compiled("statement.typ", data)


def invoice(statement: Statement) -> bytes:
    """The MSO's invoice: the fee, its sentence from the agreement, how it came about, and what was counted for it."""
    counts = [(each.metered, each.days) for each in statement.inputs if each.metered is not None]
    data = _head(statement) | {
        "rows": [_row(row) for row in [*statement.section("fee"), *statement.section("back")]],
        "counts": [
            {
                "heading": f"{one.heading}, {parts.words(days)}" if days else one.heading,
                "quantity": one.quantity,
                "words": one.words,
                "note": one.note,
            }
            for one, days in counts
        ],
    }
    return _compiled("invoice.typ", data)


def credit_memo(
    one: Settlement, *, number: str, amount: Money, issued_on: date, row: str, dispute: str, disputed: Money, why: str
) -> bytes:
    """A credit memo: what is given back of which invoice, and why."""
    data = {
        "number": number, "practice": one.practice_name, "mso": one.mso_name, "month": f"{one.month.first:%B %Y}",
        "invoice": one.invoice, "issued": f"{issued_on:%-d %B %Y}", "amount": _money(amount), "row": row,
        "dispute": dispute, "disputed": _money(disputed), "why": why,
    }  # fmt: skip
    return _compiled("memo.typ", data)


def account(one: FeeAccount) -> bytes:
    """A statement of account: what was owed before, every line, what is owed after."""
    lines = [
        {"day": f"{line.booked_on:%-d %b %Y}", "kind": line.kind.label, "words": line.words,
         "amount": _money(line.amount), "balance": _money(line.balance)}
        for line in one.lines
    ]  # fmt: skip
    data = {
        "practice": one.practice_name, "mso": one.mso_name, "first": f"{one.first.first:%B %Y}",
        "last": f"{one.last.first:%B %Y}", "opening": _money(one.opening), "closing": _money(one.closing),
        "invoiced": _money(one.invoiced), "credited": _money(one.credited), "paid": _money(one.paid),
        "lent": _money(one.lent) if one.lent else "", "lines": lines,
    }  # fmt: skip
    return _compiled("account.typ", data)


def _head(statement: Statement) -> dict[str, Any]:
    one = statement.settlement
    return {
        "practice": one.practice_name,
        "mso": one.mso_name,
        "month": f"{one.month.first:%B %Y}",
        "number": one.invoice,
        "issued": f"{one.issued_on:%-d %B %Y}",
        "due": f"{one.due_on:%-d %B %Y}",
        "collected": _money(one.collected),
        "fee": _money(one.fee),
        "credited": _money(one.credited) if one.credited else "",
        "rebates": _money(one.rebates) if one.rebates else "",
        "left": _money(one.due),
        "agreement": f"{one.agreement}, version {one.version}",
        "sentence": one.sentence,
    }


def _row(row: Row) -> dict[str, Any]:
    amount = "" if row.amount is None else _money(row.amount)
    part = "" if row.part is None else _money(row.part)
    return {
        "step": row.step, "label": row.label, "note": row.note, "part": part, "amount": amount, "total": row.total,
    }  # fmt: skip


def _money(amount: Money) -> str:
    text = f"{abs(amount).amount:,.2f}"
    return f"{MINUS}{text}" if amount.amount < 0 else text


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(
        str(TEMPLATES / template), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )
