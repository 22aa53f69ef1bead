"""Closing statement and certificate on paper: typst templates filled with plain data, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from openmso.kit.money import Money
from openmso.leaving.contracts import Closing, Exit, Fate

CERTIFIES = {
    Fate.RETURNED: "All protected health information that it created, received, maintained or transmitted for the "
    "practice was returned to it. The business associate and its subcontractors keep no copy.",
    Fate.DESTROYED: "All protected health information that it created, received, maintained or transmitted for the "
    "practice was returned to it, and what was left with the business associate and its subcontractors was destroyed.",
    Fate.KEPT: "Protected health information was returned to the practice. Return or destruction of part of it is not "
    "feasible: the protections of the business associate agreement are extended to it, and it is used and disclosed "
    "only for what makes its return or destruction infeasible.",
}
"""What the paper says of each fate, by the words of 45 CFR 164.504(e)(2)(ii)(J)."""
TEMPLATES = Path(__file__).parent / "typ"
MINUS = "\u2212"


def statement(one: Exit, found: Closing, number: str, *, mso: str) -> bytes:
    """What is settled, line by line, and who pays whom."""
    sections: dict[str, list[list[str]]] = {}
    for line in found.lines:
        how = line.how if line.counts else f"{line.how}; not in the net"
        sections.setdefault(line.section, []).append([line.words, how, line.source[1], _money(line.amount)])
    data = {
        "number": number, "practice": one.practice_name, "mso": mso, "exit": one.public_id,
        "agreement": one.agreement, "on": _day(found.on), "noticed": _day(one.noticed_on), "ends": _day(one.ends_on),
        "net": _money(abs(found.net)), "whom": found.whom, "rule": one.rule.label,
        "sections": [{"title": title, "rows": rows} for title, rows in sections.items()],
    }  # fmt: skip
    return _compiled("closing.typ", data)


def certificate(
    one: Exit, *, number: str, mso: str, fate: Fate, sha256: str, words: str, by: str, at: datetime, on: date
) -> bytes:  # fmt: skip
    """What the compliance officer certifies of patients' data."""
    data = {
        "number": number, "practice": one.practice_name, "mso": mso, "exit": one.public_id,
        "agreement": one.agreement, "fate": fate.label, "certifies": CERTIFIES[fate], "sha256": sha256,
        "words": words.strip(), "by": by, "on": _day(on), "at": f"{at:%-d %B %Y %H:%M} UTC",
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
