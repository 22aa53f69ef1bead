"""A holder's statements on paper: typst templates filled with plain data, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typst

from openmso.equity.contracts import Holder, Table
from openmso.equity.contracts.yearly import MOVED, NO_ADVICE, WORDS, ClassYear
from openmso.equity.rules import holding
from openmso.kit.money import Money

TEMPLATES = Path(__file__).parent / "typ"
MINUS = "\u2212"


def statement(table: Table, holder: Holder, account: list[tuple[Any, str, Money]], *, on: date) -> bytes:
    """What a holder holds on a day, what they are owed, and their capital account movement by movement."""
    held = [one for one in holding.holdings(table, on) if one.holder.public_id == holder.public_id]
    data = {
        "entity": table.name, "holder": holder.name, "number": holder.public_id, "on": f"{on:%-d %B %Y}",
        "balance": money(Money.total(one.account for one in held)),
        "held": [
            [one.cls.name, one.units_words, one.vested_words, f"{one.of_class * 100:.2f} %",
             money(one.capital), money(one.preferred)]
            for one in held
        ],
        "account": [
            [f"{one.on:%-d %b %Y}", f"{one.flow.label}, {name}", money(one.amount), money(balance)]
            for one, name, balance in account
        ],
        "terms": [f"{one.name}: {holding.terms_of(one).sentence}" for one in table.classes if one.rate],
    }  # fmt: skip
    return typst.compile(
        str(TEMPLATES / "holder.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def yearly(
    entity: str, holder: str, number: str, classes: Sequence[ClassYear], *, starts_on: date, ends_on: date
) -> bytes:  # fmt: skip
    """What a holder had of an entity in some days, class by class: units, and what moved the capital account."""
    figures = ("opening", *MOVED, "closing", "owed")
    data = {
        "entity": entity, "holder": holder, "number": number, "note": NO_ADVICE,
        "days": f"{starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}",
        "classes": [
            {
                "name": one.name,
                "units": [["At the beginning", one.units_begin, one.share_begin],
                          ["At the end", one.units_end, one.share_end]],
                "account": [
                    [WORDS[name], money(getattr(one, name))] for name in figures
                    if getattr(one, name) or name in {"opening", "closing"}
                ],
            }
            for one in classes
        ],
    }  # fmt: skip
    return typst.compile(
        str(TEMPLATES / "yearly.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def money(amount: Money) -> str:
    """An amount as papers write it."""
    text = f"{abs(amount).amount:,.2f}"
    return f"{MINUS}{text}" if amount.amount < 0 else text
