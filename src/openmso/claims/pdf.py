"""Claims on paper: text for pre-printed CMS-1500 or UB-04 stock, or the same items on plain paper, drawn by us."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import typst

from openmso.claims.contracts import LineDecision
from openmso.claims.rules import cms1500, ub04
from openmso.claims.rules.cob import NAMES
from openmso.claims.rules.sheet import ClaimSheet, Human, Place, Renderer
from openmso.kit.words import counted

TEMPLATES = Path(__file__).parent / "typ"
EDGES = {"P": (22, 16), "I": (10, 3)}
"""Where column 1 and line 1 of each form stand on letter paper, in points: the CMS-1500 0.31 inch from the left, the
UB-04 with its 66 lines from edge to edge."""
LABELS = {
    "1a": "Insured's number", "2": "Patient", "3": "Born", "4": "Insured", "5": "Patient's address",
    "6": "Relationship to the insured", "11": "Group", "17": "Referred by", "21": "Diagnoses", "22": "Resubmission",
    "23": "Authorization, referral or CLIA number", "25": "Tax number", "26": "Our claim number", "28": "Total charge",
    "29": "Paid before", "32": "Place of service", "33": "Billing provider",
}  # fmt: skip
UB04_LABELS = {
    "8": "Patient", "9": "Patient's address", "10": "Born", "58": "Insured", "60": "Insured's number", "62": "Group",
    "67": "Diagnoses", "63": "Authorization", "4": "Type of bill", "6": "Statement", "12": "Admitted",
    "14": "Admission", "17": "Patient status", "18": "Conditions", "31": "Occurrences", "39": "Values",
    "69": "Admitting diagnosis", "70": "Reason for the visit", "74": "Procedures",
    "3a": "Our claim number", "47": "Total charge", "54": "Paid before", "1": "Billing provider", "76": "Attending",
    "77": "Operating",
}  # fmt: skip
Named = tuple[tuple[str, dict[str, str]], ...]
"""Items of the form with their values, by part."""
RELATIONS = {"18": "self", "01": "spouse", "19": "child"}


def stock(sheet: ClaimSheet, *, left: int = 0, top: int = 0) -> bytes:
    """Pages for pre-printed stock; `left` and `top` move all text for a printer that is off, in points."""
    return many([sheet], left=left, top=top)


def many(sheets: Sequence[ClaimSheet], *, left: int = 0, top: int = 0) -> bytes:
    """The pages of claims of one form, one after another, for pre-printed stock."""
    form = form_of(sheets[0])
    named = f"Claim {sheets[0].control}" if len(sheets) == 1 else counted(len(sheets), "claim")
    places = ub04 if sheets[0].is_institutional else cms1500
    from_left, from_top = EDGES[sheets[0].kind]
    data = {
        "title": f"{named}, {form}", "left": from_left + left, "top": from_top + top,
        "pages": [
            [{"row": cell.row, "column": cell.column, "text": cell.text.replace(" ", "\u00a0")} for cell in page]
            for sheet in sheets
            for page in places.pages(sheet)
        ],
    }  # fmt: skip
    return _compiled("stock.typ", data)


def form_of(sheet: ClaimSheet) -> str:
    """The paper form that a claim goes on."""
    return "UB-04 (CMS-1450)" if sheet.is_institutional else "CMS-1500 (02/12)"


def plain(sheet: ClaimSheet) -> bytes:
    """The claim item by item on plain paper, with what earlier payers decided (PDF/UA-1)."""
    asked = sheet.payer.name if sheet.payer else "nobody"
    order = NAMES.get(sheet.order, "later").capitalize()
    data = {
        "title": f"Claim {sheet.control}",
        "lede": f"{order} claim to {asked}, numbered by the items of the {form_of(sheet)}",
        "sections": [{"title": title, "fields": fields} for title, fields in _sections(sheet)],
        "lines": [
            {
                "from": f"{line.service_on:%m/%d/%Y}", "through": f"{line.service_through or line.service_on:%m/%d/%Y}",
                "place": line.revenue_code or line.place_of_service or sheet.place_of_service, "code": line.code,
                "modifiers": " ".join(line.modifiers), "charge": f"{line.charge:,.2f}",
                "pointers": "" if sheet.is_institutional else "".join(chr(64 + pointer) for pointer in line.pointers),
                "units": f"{line.units.normalize():f}",
            }
            for line in sheet.lines
        ],
        "place": "Revenue" if sheet.is_institutional else "Place",
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
    named = _institutional(sheet) if sheet.is_institutional else _professional(sheet)
    labels = UB04_LABELS if sheet.is_institutional else LABELS
    return [
        (title, [{"item": item, "label": labels[item], "value": value} for item, value in found.items() if value])
        for title, found in named
    ]


def _institutional(sheet: ClaimSheet) -> Named:
    cover, biller, patient, stay = sheet.cover, sheet.biller, sheet.patient, sheet.stay
    people = {
        "8": _name(patient), "9": _place(patient.address), "10": f"{patient.born_on or ''} {patient.sex}",
        "58": _name(cover.subscriber if cover and cover.subscriber else patient),
        "60": cover.member_id if cover else "", "62": cover.group if cover else "",
    }  # fmt: skip
    visit = {"67": "  ".join(sheet.diagnoses), "63": sheet.prior_authorization or sheet.referral_number}
    if stay is not None:
        visit |= {
            "4": f"0{stay.bill_type}{sheet.frequency}",
            "6": f"{sheet.service_on:%m/%d/%Y} to {sheet.last_service_on:%m/%d/%Y}",
            "12": f"{stay.admitted_on:%m/%d/%Y} {stay.admitted_hour}" if stay.admitted_on else "",
            "14": f"{stay.admission_type} {stay.admission_source}", "17": stay.patient_status,
            "18": "  ".join(stay.conditions),
            "31": "  ".join(f"{one.code} {one.on:%m/%d/%Y}" for one in stay.occurrences),
            "39": "  ".join(f"{one.code} {one.amount:,.2f}" for one in stay.values), "69": stay.admitting_diagnosis,
            "70": "  ".join(stay.visit_reasons),
            "74": "  ".join(f"{one.code} {one.on:%m/%d/%Y}" for one in stay.procedures),
        }  # fmt: skip
    paid = sum((one.decision.paid for one in sheet.earlier), sheet.patient_paid)
    money = {
        "3a": sheet.control, "47": f"{sheet.total:,.2f}", "54": f"{paid:,.2f}" if paid else "",
        "1": f"{biller.name}, {_place(biller.address)}, NPI {biller.npi}" if biller else "",
        "76": _clinician(sheet.attending), "77": _clinician(sheet.operating),
    }  # fmt: skip
    return ("Who", people), ("Why", visit), ("By whom, for how much", money)


def _clinician(who: Renderer | None) -> str:
    return f"{who.first} {who.last}, NPI {who.npi}" if who else ""


def _professional(sheet: ClaimSheet) -> Named:
    cover, biller, patient = sheet.cover, sheet.biller, sheet.patient
    insured = cover.subscriber if cover and cover.subscriber else patient
    people = {
        "1a": cover.member_id if cover else "", "2": _name(patient), "3": f"{patient.born_on or ''} {patient.sex}",
        "4": _name(insured), "5": _place(patient.address),
        "6": RELATIONS.get(cover.relationship, "other") if cover else "", "11": cover.group if cover else "",
    }  # fmt: skip
    referring = sheet.referring
    visit = {
        "17": _clinician(referring),
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
    return ("Who", people), ("Why", visit), ("By whom, for how much", money)


def _reasons(found: LineDecision) -> str:
    return ", ".join(f"{one.group}-{one.code} {one.amount:,.2f}" for one in found.reductions)


def _name(who: Human) -> str:
    return ", ".join(part for part in (who.last, who.first, who.middle) if part)


def _place(place: Place) -> str:
    return ", ".join(
        part for part in (place.line1, place.line2, place.city, f"{place.state} {place.zip}".strip()) if part
    )
