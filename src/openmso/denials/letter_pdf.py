"""A letter on paper, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typst

from openmso.denials.rules import letters

TEMPLATE = Path(__file__).parent / "typ" / "letter.typ"


def letter(
    *, number: str, title: str, body: str, day: str, sender: Sequence[str], receiver: Sequence[str],
    claims: Sequence[Sequence[str]], services: Sequence[Sequence[str]], enclosures: Sequence[str], signature: str,
) -> bytes:  # fmt: skip
    """The letter; where its text has no place for the table of services, that stands at the end.

    `claims` are the six cells of each claim that it is about, as `queries.appeals.claims_of` tells them.
    """
    parts = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    shown = [None if letters.FIELD.fullmatch(part) else part for part in parts]
    if None not in shown:
        shown.append(None)
    data: Mapping[str, object] = {
        "number": number, "title": title, "parts": shown, "day": day, "sender": [one for one in sender if one],
        "receiver": [one for one in receiver if one], "claims": [list(row) for row in claims],
        "services": [list(row) for row in services],
        "enclosures": list(enclosures), "signature": signature,
    }  # fmt: skip
    return typst.compile(str(TEMPLATE), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"])
