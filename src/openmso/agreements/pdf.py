"""An agreement on paper, as accessible PDF (PDF/UA-1): its text with the schedule of its terms, and beside it the
summary of the terms, which is not the contract, and the certificate of who signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from openmso.agreements import rules
from openmso.agreements.contracts import Agreement, Draft, Line, Terms, Version
from openmso.agreements.fees import sentences
from openmso.agreements.paper import clauses
from openmso.agreements.paper.contracts import Article, SigningState
from openmso.agreements.paper.providers import WAYS
from openmso.agreements.queries import clocks
from openmso.agreements.queries.tasks import by_line, parts
from openmso.agreements.tasks import volumes
from openmso.agreements.tasks.contracts import Task
from openmso.agreements.tasks.rules import level_words
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
        "title": _title(terms),
        "number": f"{agreement.public_id}, version {shown.number}",
        "lede": f"{terms.mode.label}, {_days(terms.days)}. {rules.standing(agreement, on).label} on {on:%-d %B %Y}.",
        **_schedule(terms),
        **_signed(version),
    }
    return _compiled("summary", data)


def document(
    agreement: Agreement, articles: Sequence[Article], *, paper: Draft | Version, frozen_at: datetime | None = None
) -> bytes:
    """The whole text of a draft or a version, clause by clause, with its terms as the schedule.

    `frozen_at` says when it was frozen to be signed; without it the paper says that it is a draft.
    """
    terms = paper.terms
    data = {
        "title": _title(terms),
        "number": f"{agreement.public_id}, version {paper.number}",
        "mark": "" if frozen_at else "Draft: it is not signed and opens nothing.",
        "lede": f"{terms.mode.label}, to take effect on {paper.starts_on:%-d %B %Y}.",
        "frozen": f"Frozen for signature on {frozen_at:%-d %B %Y at %H:%M} UTC." if frozen_at else "",
        "blocks": [
            {
                "title": block.label,
                "articles": [
                    {"title": one.title, "text": one.text.split("\n\n")} for one in held if not one.is_left_out
                ],
            }
            for block, held in clauses.by_block(articles)
            if any(not one.is_left_out for one in held)
        ],
        **_schedule(terms),
    }
    return _compiled("document", data)


def certificate(signing: SigningState, *, at: datetime) -> bytes:
    """Who signed which bytes, when and from where, by which way and with which sentence."""
    data = {
        "title": f"Certificate of completion {signing.public_id}",
        "number": f"{signing.agreement}, version {signing.number}",
        "facts": [
            ["Agreement", f"{signing.agreement}, version {signing.number}"],
            ["Paper", signing.document],
            ["SHA-256 of the paper", signing.document_sha256],
            ["SHA-256 of its terms and text", signing.content_sha256],
            ["Way", WAYS[signing.provider]],
            ["Sent", f"{_instant(signing.sent_at)} by {signing.sent_by}"],
            ["Completed", _instant(at)],
        ],
        "signers": [
            [
                ["Signer", f"{one.name}, {one.title}, {one.side.within}"],
                ["Account", one.user or "none: signed on paper"],
                ["Signed", _instant(one.at) if one.at else "no"],
                ["From", one.address.label if one.address else ""],
                ["SHA-256 of what was signed", one.document_sha256],
                ["Confirmed", one.intent],
            ]
            for one in signing.signers
        ],
    }
    return _compiled("certificate", data)


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(
        str(TEMPLATES / f"{template}.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def _title(terms: Terms) -> str:
    return f"Management services agreement with {terms.practice.legal_name}"


def _schedule(terms: Terms) -> dict[str, Any]:
    return {
        "parties": [
            {"name": party.legal_name, "ein": f"{party.ein[:2]}-{party.ein[2:]}", "side": side}
            for party, side in ((terms.mso, "the MSO"), (terms.practice, "the practice"))
        ],
        "fee": sentences.sentence(terms.fee) if terms.fee else "Not agreed yet",
        "proration": sentences.proration(terms.fee) if terms.fee else "",
        "lines": [_line(line) for line in terms.lines],
        "tasks": [{"line": words, "rows": [_task(one) for one in held]} for words, held in by_line(terms.tasks)],
        "promises": _promises(terms),
        "reserved": [rules.RESERVED.get(code, code) for code in terms.reserved],
        "shows": [one.label for one in terms.shows],
        "quorum": f"{terms.quorum.sentence}." if terms.quorum else "",
    }


def _instant(at: datetime) -> str:
    return f"{at:%-d %B %Y %H:%M:%S} UTC"


def _signed(version: Version | None) -> dict[str, object]:
    if version is None:
        return {"signers": ["Nobody yet: this is a draft."], "paper": "A draft opens nothing."}
    return {
        "signers": [
            f"{signer.name}, {signer.title}, {signer.side.within}, {signer.signed_at:%-d %B %Y %H:%M} UTC"
            for signer in version.signers
        ],
        "paper": f"The signed document {version.document} has the SHA-256 {version.document_sha256}.",
    }


def _line(line: Line) -> dict[str, str]:
    return {
        "words": LINES[line.code], "done_by": line.done_by.label, "days": _days(line.days),
        "approval": line.approval or "nothing by itself",
    }  # fmt: skip


def _task(task: Task) -> dict[str, Any]:
    return {
        "words": task.words, "parts": parts(task), "days": _days(task.days), "reserved": task.reserved,
        "volume": volumes.sentence(task.volume) if task.volume else "", "level": level_words(task),
    }  # fmt: skip


def _promises(terms: Terms) -> list[dict[str, str]]:
    return [{"line": line, "words": words, "limit": limit} for line, words, limit in clocks.promises(terms)]


def _days(days: DayRange) -> str:
    last = f"to {date.fromordinal(days.ends_on.toordinal() - 1):%-d %b %Y}" if days.ends_on else "without an end"
    return f"{days.starts_on:%-d %b %Y} {last}"
