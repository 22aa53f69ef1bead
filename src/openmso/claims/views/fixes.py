"""Where a finding is mended: every field that a rule of the book names has a place that a person can open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from openmso.claims.contracts import Claim, FindingRow
from openmso.platform.ui.contracts import Choice

HERE = ""
"""On the page of the claim itself, by its own buttons; or by waiting."""

PLACES: Mapping[str, str] = {
    **dict.fromkeys(("coverage", "member_id", "subscriber", "insurance_type"), "claims:coverage"),
    **dict.fromkeys(("patient", "born_on", "sex", "address"), "claims:patient"),
    **dict.fromkeys(("rendering", "site"), "claims:visit"),
    **dict.fromkeys(
        ("bill_type", "attending", "admitted_on", "admission_source", "admitting_diagnosis", "discharged_hour",
         "revenue_code", "visit_reasons", "procedures"),
        "claims:stay",
    ),
    **dict.fromkeys(("billing_provider", "clinician", "laboratory"), "parties:practice"),
    "payer": "parties:payer",
    **dict.fromkeys(("lines", "total", "control", "duplicate", "ordinal", "due_on"), HERE),
    **dict.fromkeys(
        ("diagnoses", "place_of_service", "prior_authorization", "referral_number", "referring", "accident",
         "accident_on", "accident_state", "delay_reason", "payer_control", "code", "modifiers", "pointers", "units",
         "amount", "service_on", "service_through", "ndc"),
        "claims:change",
    ),
}  # fmt: skip
"""The page for each field of a finding."""

LABELS: Mapping[str, str] = {
    "claims:coverage": "Coverage", "claims:patient": "Patient's record", "claims:change": "Mend",
    "claims:stay": "What the facility says",
    "parties:practice": "Open the practice", "parties:payer": "Open the payer",
}  # fmt: skip
FIELDS: Mapping[str, str] = {"referring": "referring_last_name", "coverage": "payer", "patient": "last_name",
                             "subscriber": "subscriber_last_name", "address": "line1"}  # fmt: skip
"""The input of a field, where it has another name."""
PANELS: Mapping[str, str] = {"billing_provider": "billers", "clinician": "clinicians", "laboratory": "sites"}


PARTS = {"claims:change": "Codes and numbers", "claims:visit": "Visit", "claims:patient": "Patient",
         "claims:coverage": "Coverage"}  # fmt: skip


def parts(claim: Claim, here: str) -> list[Choice]:
    """The forms by which a claim is mended, as tabs."""
    shown = PARTS | ({"claims:stay": "Facility"} if claim.form == "I" else {})
    return [
        Choice(label, reverse(route, args=[claim.public_id]), current=route == here) for route, label in shown.items()
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is mended: an address and what its link says."""

    url: str
    label: str


def place(claim: Claim, finding: FindingRow) -> Place | None:
    """The place of one finding; none where the page of the claim itself is it."""
    if finding.field == "duplicate":
        other = finding.words.partition(" ")[0]
        return Place(reverse("claims:claim", args=[other]), "Open the other")
    route = PLACES[finding.field]
    if route == HERE:
        return None
    if route == "claims:visit":
        label = "Choose the clinician" if finding.field == "rendering" else "Choose the site"
    else:
        label = LABELS[route]
    return Place(_address(route, claim, finding), label)


def _address(route: str, claim: Claim, finding: FindingRow) -> str:
    if route == "parties:practice":
        return f"{reverse(route, args=[claim.practice_public_id])}#{PANELS[finding.field]}"
    if route == "parties:payer":
        return reverse(route, args=[claim.payer_public_id])
    line = f"line{finding.line}-" if finding.line and route == "claims:change" else ""
    if finding.field == "revenue_code":
        return f"{reverse(route, args=[claim.public_id])}#id_revenue_{finding.line or 1}"
    field = FIELDS.get(finding.field, "clinician" if finding.field == "rendering" else finding.field)
    return f"{reverse(route, args=[claim.public_id])}#id_{line}{field}"
