"""Who bills, who rendered, who referred, where (loops 2010AA, 2310A to 2310C)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context
from openmso.kit.ids import npi_is_valid, tin_is_valid

TAXONOMY = re.compile(r"\d{3}[A-Z0-9]{6}X")
PO_BOX = re.compile(r"\b(P\.?\s*O\.?\s*BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.IGNORECASE)
NEEDS_FACILITY = frozenset({"21", "22", "23", "24", "31", "32", "61"})
CONSULTATIONS = frozenset({"99242", "99243", "99244", "99245", "99252", "99253", "99254", "99255"})


@blocks("837P 2010AA NM1*85", when=facts.STAFF)
def biller_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A billing provider asks for the money."""
    if sheet.biller is None:
        yield Said(
            "The practice has no billing provider for this day.", "Add one with NPI and TIN.", "billing_provider"
        )


@blocks("837P 2010AA NM109; 45 CFR 162.406", when=facts.STAFF)
def biller_npi(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The billing NPI passes its check digit."""
    if sheet.biller is not None and not npi_is_valid(sheet.biller.npi):
        yield Said(f"{sheet.biller.npi} is no NPI.", "Compare the billing provider with NPPES.", "billing_provider")


@blocks("837P 2010AA REF*EI", when=facts.STAFF)
def biller_tax_id(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The billing tax id has nine digits."""
    if sheet.biller is not None and not tin_is_valid(sheet.biller.tax_id):
        yield Said(
            "The billing provider's tax id is not nine digits.",
            "Correct it with the billing provider.",
            "billing_provider",
        )


@blocks("837P 2000A PRV03; payers match on NPI and taxonomy", when=facts.STAFF)
def biller_taxonomy(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The billing taxonomy has the form of a NUCC code."""
    if sheet.biller is not None and not TAXONOMY.fullmatch(sheet.biller.taxonomy):
        yield Said(
            "The billing provider's taxonomy is missing.",
            "Enter the taxonomy the payer has enrolled.",
            "billing_provider",
        )


@blocks("837P 2010AA N3: a street address, the post box belongs into 2010AB", when=facts.STAFF)
def biller_post_box(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The billing address is a street, not a post box."""
    if sheet.biller is not None and PO_BOX.search(f"{sheet.biller.address.line1} {sheet.biller.address.line2}"):
        yield Said(
            "The billing address is a post box.", "Enter the street; put the box into pay-to.", "billing_provider"
        )


@blocks("837P 2010AA N403: nine digits", when=facts.STAFF)
def biller_zip(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The billing ZIP has nine digits."""
    if sheet.biller is None:
        return
    where = sheet.biller.address
    if not where.is_whole:
        yield Said("The billing address is not complete.", "Enter street, city, state and ZIP.", "billing_provider")
    elif not re.fullmatch(r"\d{9}", where.zip) or where.zip.endswith("0000"):
        yield Said("The billing ZIP code has not nine digits.", "Look up the four digits at USPS.", "billing_provider")


@blocks("837P 2310B NM1*82: required where the biller is not who rendered", when=facts.STAFF)
def renderer_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A group's claim names who rendered."""
    if sheet.biller is not None and not sheet.biller.is_person and sheet.rendering is None:
        yield Said("Nobody is named who rendered the services.", "Choose the clinician of the visit.", "rendering")


@blocks("837P 2310B NM109; 45 CFR 162.406", when=facts.STAFF)
def renderer_npi(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The rendering NPI passes its check digit."""
    if sheet.rendering is not None and not npi_is_valid(sheet.rendering.npi):
        yield Said(f"{sheet.rendering.npi or 'Nothing'} is no NPI.", "Compare the clinician with NPPES.", "clinician")


@warns("837P 2310B PRV; Medicaid and many payers match on it", when=facts.STAFF)
def renderer_taxonomy(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The rendering taxonomy has the form of a NUCC code."""
    if sheet.rendering is not None and not TAXONOMY.fullmatch(sheet.rendering.taxonomy):
        yield Said("The clinician's taxonomy is missing.", "Enter it with the clinician.", "clinician")


@blocks("42 CFR 424.505 for Medicare, the payer's participation for others; CARC B7", when=facts.ENROLLED)
def renderer_not_enrolled(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Whoever rendered is enrolled with the payer on the day of the service."""
    if context.enrolled is None or sheet.rendering is None or sheet.payer is None:
        return
    for line in sheet.lines:
        if not any(
            starts <= line.service_on and (ends is None or line.service_on < ends) for starts, ends in context.enrolled
        ):
            who = f"{sheet.rendering.first} {sheet.rendering.last}".strip()
            yield Said(
                f"Line {line.number}: {sheet.payer.name} has not enrolled {who} on {line.service_on}.",
                "Wait for the payer's letter and record it, or name who supervised.",
                "clinician",
                line.number,
            )


@blocks("42 CFR 424.510 for Medicare, the payer's group enrolment for others; CARC B7", when=facts.ENROLLED)
def practice_not_enrolled(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The practice itself is enrolled with the payer on the day of the service, where the payer enrols practices."""
    if context.practice_enrolled is None or sheet.payer is None:
        return
    for line in sheet.lines:
        if not any(
            starts <= line.service_on and (ends is None or line.service_on < ends)
            for starts, ends in context.practice_enrolled
        ):
            yield Said(
                f"Line {line.number}: {sheet.payer.name} has not enrolled the practice on {line.service_on}.",
                "Wait for the payer's letter and record it; services before its day are nobody's to bill.",
                "billing_provider",
                line.number,
            )
            return


@warns(
    "Medicare Claims Processing Manual ch. 26 §10.4 item 17; 42 CFR 424.507", codes=CONSULTATIONS, when=facts.UNREFERRED
)
def referrer_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Consultations say who referred."""
    if sheet.referring is None and any(line.code in CONSULTATIONS for line in sheet.lines):
        yield Said("A consultation names nobody who referred.", "Enter the referring clinician.", "referring")


@blocks("837P 2310A NM109; 42 CFR 424.507", when=facts.STAFF)
def referrer_npi(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The referring NPI passes its check digit."""
    if sheet.referring is not None and not npi_is_valid(sheet.referring.npi):
        yield Said(
            f"{sheet.referring.npi or 'Nothing'} is no NPI of who referred.",
            "Look the clinician up in NPPES.",
            "referring",
        )


@blocks("837P 2310C: required where the place is not the biller's own", when=facts.ELSEWHERE)
def facility_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Services in a hospital or surgery center say in which."""
    if sheet.place_of_service in NEEDS_FACILITY and (sheet.facility is None or not sheet.facility.address.is_whole):
        yield Said(
            f"Place of service {sheet.place_of_service} needs the facility.", "Choose the site of the visit.", "site"
        )


RULES = (
    biller_missing,
    biller_npi,
    biller_tax_id,
    biller_taxonomy,
    biller_post_box,
    biller_zip,
    renderer_missing,
    renderer_npi,
    renderer_taxonomy,
    renderer_not_enrolled,
    practice_not_enrolled,
    referrer_missing,
    referrer_npi,
    facility_missing,
)
