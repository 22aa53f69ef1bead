"""An estimate on paper, as accessible PDF (PDF/UA-1): what 45 CFR 149.610(c)(1) asks of a good faith estimate."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from openmso.estimates.contracts import Estimate, Kind, Party, Step
from openmso.estimates.rules.clocks import DISPUTE_DAYS, THRESHOLD
from openmso.kit.money import Money
from openmso.kit.words import amount, day

TEMPLATE = Path(__file__).parent / "typ" / "estimate.typ"

GOOD_FAITH = (
    "This is an estimate of what is reasonably expected when it was made. Your bill can differ if your needs change.",
    "Other services may be recommended in the course of your care; they must be scheduled or asked for separately and "
    "are not in this estimate. Ask for an estimate of these, too.",
    "It holds what this practice bills. What other providers bill for the same care is not in it.",
    f"If you are billed {amount(THRESHOLD.amount)} US dollars or more above this estimate, you may dispute the bill "
    f"with the Department of Health and Human Services within {DISPUTE_DAYS} days of the first bill: "
    "www.cms.gov/nosurprises. Starting a dispute does not lower the quality of your care.",
    "This estimate is no contract. You are free to get these services elsewhere, or not at all.",
    "Keep this paper: you may be asked for it in a dispute.",
)
SHARE = (
    "This is worked out from what your plan has told us and from our contract with it, as of the day it was made.",
    "Your plan decides what it pays once the claim is in. What you owe in the end may be more or less.",
)
"""Our own words for what an estimate must say."""


def pdf(one: Estimate) -> bytes:
    """The paper of an estimate that was made."""
    row, is_good_faith = one.row, one.row.kind is Kind.GOOD_FAITH
    data = {
        "title": f"{row.kind.label} {row.public_id}",
        "kind": row.kind.label,
        "practice": row.practice_name,
        "facts": [[label, text] for label, text in _facts(one) if text],
        "good_faith": is_good_faith,
        "lines": [
            [
                one_line.words, " ".join((one_line.code, *one_line.modifiers)), f"{one_line.units.normalize():f}",
                _money(one_line.charge), "" if one_line.allowed is None else _money(one_line.allowed),
                _money(one_line.share),
            ]
            for one_line in one.lines
        ],
        "steps": [] if is_good_faith else [
            [f"{line.words} ({line.code})", [[_said(step), "" if step.amount is None else _money(step.amount)]
                                             for step in line.steps]]
            for line in one.lines
        ],
        "total": _money(row.share),
        "charge": _money(row.charge),
        "notes": list(GOOD_FAITH if is_good_faith else SHARE),
    }  # fmt: skip
    return typst.compile(str(TEMPLATE), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"])


def _facts(one: Estimate) -> list[tuple[str, str]]:
    row = one.row
    return [
        ("Patient", f"{row.patient}, born {day(one.born_on)}" if one.born_on else row.patient),
        ("Main service", one.reason),
        ("Expected on", day(row.service_on) + ("" if one.visit else ", not scheduled yet")),
        ("Diagnoses", ", ".join(one.diagnoses)),
        ("Billed by", _party(one.biller)),
        ("Seen by", _party(one.clinician)),
        ("Where", one.site),
        ("Plan", one.payer),
        ("Made on", day(one.made_at.date()) if one.made_at else ""),
    ]


def _said(step: Step) -> str:
    """A step in words, without the terms of the contract, which are between the practice and the payer."""
    return step.words.partition(":")[0]


def _party(one: Party | None) -> str:
    if one is None:
        return ""
    parts = [one.name, f"NPI {one.npi}", f"TIN {one.tin}" if one.tin else "", one.state]
    return ", ".join(part for part in parts if part)


def _money(value: Money) -> str:
    return amount(value.amount)
