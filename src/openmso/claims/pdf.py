"""A claim on paper: text for pre-printed CMS-1500 stock, or the same items on plain paper in our own drawing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import typst

from openmso.claims.contracts import LineDecision
from openmso.claims.rules import cms1500
from openmso.claims.rules.cob import NAMES
from openmso.claims.rules.sheet import ClaimSheet, Human, Place

TEMPLATES = Path(__file__).parent / "typ"
LEFT, TOP = 24, 20
"""Where line 1, column 1 of the form stands on letter paper, in points."""
LABELS = {
    "1a": "Insured's number", "2": "Patient", "3": "Born", "4": "Insured", "5": "Patient's address",
    "6": "Relationship to the insured", "11": "Group", "17": "Referred by", "21": "Diagnoses", "22": "Resubmission",
    "23": "Authorization, referral or CLIA number", "25": "Tax number", "26": "Our claim number", "28": "Total charge",
    "29": "Paid before", "32": "Place of service", "33": "Billing provider",
}  # fmt: skip
RELATIONS = {"18": "self", "01": "spouse", "19": "child"}


def stock(sheet: ClaimSheet, *, left: int = 0, top: int = 0) -> bytes:
    """Pages for pre-printed stock; `left` and `top` move all text for a printer that is off, in points."""
    data = {
        "title": f"Claim {sheet.control}, CMS-1500 (02/12)", "left": LEFT + left, "top": TOP + top,
        "pages": [
            [{"row": cell.row, "column": cell.column, "text": cell.text.replace(" ", "\u00a0")} for cell in page]
            for page in cms1500.pages(sheet)
        ],
    }  # fmt: skip
    return _compiled("cms1500.typ", data)


def plain(sheet: ClaimSheet) -> bytes:
    """The claim item by item on plain paper, with what earlier payers decided (PDF/UA-1)."""
    asked = sheet.payer.name if sheet.payer else "nobody"
    order = NAMES.get(sheet.order, "later").capitalize()
    data = {
        "title": f"Claim {sheet.control}",
        "lede": f"{order} claim to {asked}, numbered by the items of the CMS-1500 (02/12)",
        "sections": [{"title": title, "fields": fields} for title, fields in _sections(sheet)],
        "lines": [
            {
                "from": f"{line.service_on:%m/%d/%Y}", "through": f"{line.service_through or line.service_on:%m/%d/%Y}",
                "place": line.place_of_service or sheet.place_of_service, "code": line.code,
                "modifiers": " ".join(line.modifiers), "charge": f"{line.charge:,.2f}",
                "pointers": "".join(chr(64 + pointer) for pointer in line.pointers),
                "units": f"{line.units.normalize():f}",
            }
            for line in sheet.lines
        ],
        "before": [
            {
                "payer": one.payer.name, "line": str(found.line), "paid": f"{found.paid:,.2f}",
                "reasons": _reasons(found), "left": f"{found.patient_share:,.2f}",
            }
            for one in sheet.earlier
            for found in one.decision.lines
        ],
    }  # fmt: skip
    return _compiled("claim.typ", data, "ua-1")


def _compiled(template: str, data: dict[str, Any], standard: Literal["1.7", "ua-1"] = "1.7") -> bytes:
    return typst.compile(
        str(TEMPLATES / template), sys_inputs={"data": json.dumps(data)}, format="pdf",
        pdf_standards=[standard],
    )  # fmt: skip


def _sections(sheet: ClaimSheet) -> list[tuple[str, list[dict[str, str]]]]:
    cover, biller, patient = sheet.cover, sheet.biller, sheet.patient
    insured = cover.subscriber if cover and cover.subscriber else patient
    people = {
        "1a": cover.member_id if cover else "", "2": _name(patient), "3": f"{patient.born_on or ''} {patient.sex}",
        "4": _name(insured), "5": _place(patient.address),
        "6": RELATIONS.get(cover.relationship, "other") if cover else "", "11": cover.group if cover else "",
    }  # fmt: skip
    referring = sheet.referring
    visit = {
        "17": f"{referring.first} {referring.last}, NPI {referring.npi}" if referring else "",
        "21": "  ".join(f"{chr(65 + number)} {code}" for number, code in enumerate(sheet.diagnoses)),
        "22": f"{sheet.frequency} {sheet.payer_control}" if sheet.frequency != "1" else "",
        "23": sheet.prior_authorization or sheet.referral_number or sheet.clia,
    }
    paid = sum((one.decision.paid for one in sheet.earlier), sheet.patient_paid)
    money = {
        "25": biller.tax_id if biller else "", "26": sheet.control, "28": f"{sheet.total:,.2f}",
        "29": f"{paid:,.2f}" if paid else "",
        "32": f"{sheet.facility.name}, {_place(sheet.facility.address)}" if sheet.facility else "",
        "33": f"{biller.name}, {_place(biller.address)}, NPI {biller.npi}" if biller else "",
    }  # fmt: skip
    named = (("Who", people), ("Why", visit), ("By whom, for how much", money))
    return [
        (title, [{"item": item, "label": LABELS[item], "value": value} for item, value in found.items() if value])
        for title, found in named
    ]


def _reasons(found: LineDecision) -> str:
    return ", ".join(f"{one.group}-{one.code} {one.amount:,.2f}" for one in found.reductions)


def _name(who: Human) -> str:
    return ", ".join(part for part in (who.last, who.first, who.middle) if part)


def _place(place: Place) -> str:
    return ", ".join(
        part for part in (place.line1, place.line2, place.city, f"{place.state} {place.zip}".strip()) if part
    )
