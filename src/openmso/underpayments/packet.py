"""A dispute on paper, as accessible PDF (PDF/UA-1): the contract's page, and every line that was paid short."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst

from openmso.contracting.contracts import Contract, Version
from openmso.kit.money import Money
from openmso.kit.words import amount, counted, day
from openmso.underpayments.contracts import ShortLine

TEMPLATES = Path(__file__).parent / "typ"


@dataclass(frozen=True, slots=True)
class Page:
    """A contract version that lines were expected by, and their codes."""

    contract: Contract
    version: Version
    codes: frozenset[str]


def pdf(lines: Sequence[ShortLine], pages: Sequence[Page], *, on: date) -> bytes:
    """The packet for one payer."""
    missing = Money.total(line.short for line in lines)
    data = {
        "title": f"Underpaid claims of {lines[0].practice_name}",
        "payer": lines[0].payer,
        "lede": f"{counted(len(lines), 'line')}, {amount(missing.amount)} US dollars below the contract, "
        f"as of {day(on)}. Please reprocess them as agreed.",
        "pages": [_page(page) for page in pages],
        "lines": [_line(line) for line in lines],
        "total": amount(missing.amount),
    }
    return typst.compile(
        str(TEMPLATES / "packet.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def _page(page: Page) -> dict[str, object]:
    version = page.version
    until = f" until before {day(version.days.ends_on)}" if version.days.ends_on else ""
    return {
        "title": f"Contract {page.contract.public_id}, version {version.number}",
        "days": f"From {day(version.days.starts_on)}{until}",
        "terms": list(version.sentences),
        "rates": [
            [one.code, one.modifier, amount(one.nonfacility.amount), amount(one.facility.amount)]
            for one in version.terms.rates
            if one.code in page.codes
        ],
    }


def _line(line: ShortLine) -> list[str]:
    return [
        line.claim, day(line.service_on), line.code, amount(line.expected.amount), amount(line.allowed.amount),
        amount(line.short.amount), f"{line.cause.label}. {line.term}",
    ]  # fmt: skip
