"""A dispute on paper, as accessible PDF (PDF/UA-1): the contract's page, and every line that was paid short."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst

from openmso.contracting.contracts import Contract, Version, how_it_pays
from openmso.kit.money import Money
from openmso.kit.words import amount, counted, day
from openmso.remittances.contracts import PayerAnswer
from openmso.underpayments.contracts import ShortLine

TEMPLATES = Path(__file__).parent / "typ"


@dataclass(frozen=True, slots=True)
class Page:
    """A contract version that lines were expected by, and their codes."""

    contract: Contract
    version: Version
    codes: frozenset[str]


def pdf(
    lines: Sequence[ShortLine], pages: Sequence[Page], *, on: date, answers: Mapping[str, PayerAnswer],
    charges: Mapping[tuple[str, int], Money],
) -> bytes:  # fmt: skip
    """The packet for one payer: `answers` by the payments of the lines, `charges` by claim and line."""
    missing = Money.total(line.short for line in lines)
    payees = {(one.payee_npi, one.payee_tin) for one in answers.values()}
    data = {
        "title": f"Underpaid claims of {lines[0].practice_name}",
        "payer": lines[0].payer,
        "lede": f"{counted(len(lines), 'line')}, {amount(missing.amount)} US dollars below the contract, "
        f"as of {day(on)}. Please reprocess them as agreed.",
        "payees": [_payee(npi, tin) for npi, tin in sorted(payees) if npi or tin],
        "pages": [_page(page) for page in pages],
        "lines": [_line(line, answers.get(line.payment), charges.get((line.claim, line.line))) for line in lines],
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


def _payee(npi: str, tin: str) -> str:
    return ", ".join(words for words in (npi and f"NPI {npi}", tin and f"tax id {tin}") if words)


def _line(line: ShortLine, answer: PayerAnswer | None, charge: Money | None) -> list[list[str]]:
    """The cells of a line, each with its texts, one below the other."""
    paid_on = day(answer.paid_on) if answer and answer.paid_on else ""
    cells: list[list[str]] = [
        [line.claim, f"line {line.line}", f"yours: {answer.payer_control}" if answer and answer.payer_control else ""],
        [answer.patient, answer.member_id] if answer else [],
        [day(line.service_on)],
        [line.code],
        [paid_on, answer.trace] if answer else [],
        [amount(charge.amount) if charge is not None else ""],
        [amount(line.expected.amount)],
        [amount(line.allowed.amount)],
        [amount(line.short.amount)],
        [f"{line.cause.label}. Expected: {how_it_pays(line.term)}."],
    ]
    return [[words for words in cell if words] for cell in cells]
