"""An agreement on paper: a summary from its terms as data, as accessible PDF (PDF/UA-1). It is not the contract."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typst

from openmso.agreements import rules
from openmso.agreements.contracts import Agreement, Line, Terms, Version
from openmso.agreements.fees import sentences
from openmso.agreements.queries import clocks
from openmso.kit.periods import DayRange
from openmso.platform.access.registry import LINES

TEMPLATES = Path(__file__).parent / "typ"


def summary(agreement: Agreement, *, on: date) -> bytes:
    """The summary of the version that holds on a day, else of the last one, else of the draft."""
    version = agreement.version_on(on) or agreement.latest
    shown = version or agreement.draft
    assert shown is not None, "an agreement has a draft or a version"
    terms = shown.terms
    data = {
        "title": f"Management services agreement with {terms.practice.legal_name}",
        "number": f"{agreement.public_id}, version {shown.number}",
        "lede": f"{terms.mode.label}, {_days(terms.days)}. {rules.standing(agreement, on).label} on {on:%-d %B %Y}.",
        "parties": [
            {"name": party.legal_name, "ein": f"{party.ein[:2]}-{party.ein[2:]}", "side": side}
            for party, side in ((terms.mso, "the MSO"), (terms.practice, "the practice"))
        ],
        "fee": sentences.sentence(terms.fee) if terms.fee else "Not agreed yet",
        "proration": sentences.proration(terms.fee) if terms.fee else "",
        "lines": [_line(line) for line in terms.lines],
        "promises": _promises(terms),
        "reserved": [rules.RESERVED.get(code, code) for code in terms.reserved],
        **_signed(version),
    }
    return typst.compile(
        str(TEMPLATES / "summary.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def _signed(version: Version | None) -> dict[str, object]:
    if version is None:
        return {"signers": ["Nobody yet: this is a draft."], "paper": "A draft opens nothing."}
    return {
        "signers": [
            f"{signer.name}, {signer.title}, {signer.side.label.lower()}, {signer.signed_at:%-d %B %Y %H:%M} UTC"
            for signer in version.signers
        ],
        "paper": f"The signed document {version.document} has the SHA-256 {version.document_sha256}.",
    }


def _line(line: Line) -> dict[str, str]:
    return {
        "words": LINES[line.code], "done_by": line.done_by.label, "days": _days(line.days),
        "approval": line.approval or "nothing by itself",
    }  # fmt: skip


def _promises(terms: Terms) -> list[dict[str, str]]:
    return [{"line": line, "words": words, "limit": limit} for line, words, limit in clocks.promises(terms)]


def _days(days: DayRange) -> str:
    last = f"to {date.fromordinal(days.ends_on.toordinal() - 1):%-d %b %Y}" if days.ends_on else "without an end"
    return f"{days.starts_on:%-d %b %Y} {last}"
