"""Closing statement and certificate on paper: typst templates filled with plain data, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from openmso.kit.money import Money
from openmso.leaving.contracts import Closing, Exit, Fate

TEMPLATES = Path(__file__).parent / "typ"
MINUS = "\u2212"


def statement(one: Exit, found: Closing, number: str) -> bytes:
    """What is settled, line by line, and who pays whom."""
    sections: dict[str, list[list[str]]] = {}
    for line in found.lines:
        how = line.how if line.counts else f"{line.how}; not in the net"
        sections.setdefault(line.section, []).append([line.words, how, line.source[1], _money(line.amount)])
    data = {
        "number": number, "practice": one.practice_name, "exit": one.public_id, "agreement": one.agreement,
        "on": _day(found.on), "noticed": _day(one.noticed_on), "ends": _day(one.ends_on),
        "net": _money(abs(found.net)), "whom": found.whom, "rule": one.rule.label,
        "sections": [{"title": title, "rows": rows} for title, rows in sections.items()],
    }  # fmt: skip
    return _compiled("closing.typ", data)


def certificate(
    one: Exit, *, number: str, fate: Fate, sha256: str, words: str, by: str, at: datetime, on: date
) -> bytes:  # fmt: skip
    """What the compliance officer certifies of patients' data."""
    data = {
        "number": number, "practice": one.practice_name, "exit": one.public_id, "agreement": one.agreement,
        "fate": fate.label, "is_kept": fate is Fate.KEPT, "sha256": sha256, "words": words.strip(), "by": by,
        "on": _day(on), "at": f"{at:%-d %B %Y %H:%M} UTC",
    }  # fmt: skip
    return _compiled("certificate.typ", data)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _money(amount: Money) -> str:
    text = f"{abs(amount).amount:,.2f}"
    return f"{MINUS}{text}" if amount.amount < 0 else text


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(
        str(TEMPLATES / template), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )
