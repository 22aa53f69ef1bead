"""Who is treated and who is asked: patient, subscriber, coverage, payer (loops 2000B to 2010CA)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.sheet import MBI, ClaimSheet, Context, Human

ZIP = re.compile(r"\d{5}(\d{4})?")
SELF = "18"


@blocks("837P 2000B SBR; nobody can be asked without a payer", when=facts.PEOPLE)
def no_coverage(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A coverage holds for the visit."""
    if sheet.cover is None or sheet.payer is None:
        yield Said(
            "No coverage is on file for this visit.", "Add the patient's coverage, or drop the claim.", "coverage"
        )


@blocks("837P 2000B; 42 CFR 424.5(a)", when=facts.PEOPLE)
def coverage_not_in_force(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The coverage is in force on every service day."""
    cover = sheet.cover
    if cover is None:
        return
    last = sheet.last_service_on
    if sheet.service_on < cover.starts_on or (cover.ends_on is not None and last >= cover.ends_on):
        until = f" until {cover.ends_on}" if cover.ends_on else ""
        yield Said(
            f"The coverage holds from {cover.starts_on}{until}, not on {sheet.service_on}.",
            "Check eligibility for the day and choose the coverage that held.",
            "coverage",
        )


@blocks("837P 2010BB NM109", when=facts.PEOPLE)
def payer_id_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The payer has an id in EDI."""
    if sheet.payer is not None and not 2 <= len(sheet.payer.edi_id) <= 15:
        yield Said(f"{sheet.payer.name} has no payer id that fits an 837.", "Enter it with the payer.", "payer")


@blocks("837P 2010BA NM109", when=facts.PEOPLE)
def member_id_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The subscriber has a member id of 2 to 80 characters."""
    if sheet.cover is not None and not 2 <= len(sheet.cover.member_id.strip()) <= 80:
        yield Said("The member id is missing.", "Copy it from the insurance card.", "member_id")


@warns("CMS: Medicare Beneficiary Identifier, form of the 11 characters", when=facts.PEOPLE)
def medicare_id_form(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A Medicare member id has the form of an MBI."""
    cover, payer = sheet.cover, sheet.payer
    if cover is None or payer is None or payer.kind != "medicare" or payer.filing != "MB":
        return
    if not MBI.fullmatch(cover.member_id.replace("-", "").upper()):
        yield Said(
            "The member id is not a Medicare number.", "Compare it with the red, white and blue card.", "member_id"
        )


@blocks("837P 2010BA NM1, DMG, N3, N4", when=facts.PEOPLE)
def subscriber_incomplete(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A subscriber who is not the patient is named, with birth date."""
    cover = sheet.cover
    if cover is None or cover.relationship == SELF:
        return
    missing = _missing(cover.subscriber, address=False)
    if missing:
        yield Said(f"The subscriber's {missing} is missing.", "Ask the patient who holds the policy.", "subscriber")


@blocks("837P 2010BA or 2010CA NM103, NM104", when=facts.PEOPLE)
def patient_name(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The patient has a last and a first name of letters."""
    for part, words in ((sheet.patient.last, "last name"), (sheet.patient.first, "first name")):
        if not part.isalpha() and not any(map(str.isalpha, part)):
            yield Said(f"The patient's {words} is missing.", "Complete the patient's record.", "patient")


@blocks("837P 2010BA or 2010CA DMG02", when=facts.PEOPLE)
def patient_birth_date(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The patient's birth date is known and not after the visit."""
    born = sheet.patient.born_on
    if born is None:
        yield Said("The patient's birth date is missing.", "Complete the patient's record.", "born_on")
    elif born > sheet.service_on:
        yield Said(
            f"The patient was born on {born}, after the visit.", "Correct the birth date or the visit.", "born_on"
        )


@warns("837P 2010BA or 2010CA DMG03; many payers refuse U", when=facts.PEOPLE)
def patient_sex_unknown(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The patient's administrative sex is known."""
    if sheet.patient.sex not in {"F", "M"}:
        yield Said("The patient's sex is not on file.", "Enter it as the insurance card has it.", "sex")


@blocks("837P 2010BA or 2010CA N3, N4", when=facts.PEOPLE)
def patient_address(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The patient's address is whole, with a ZIP of five or nine digits."""
    where = sheet.patient.address
    if not where.is_whole:
        yield Said("The patient's address is not complete.", "Enter street, city, state and ZIP.", "address")
    elif not ZIP.fullmatch(where.zip):
        yield Said(f"{where.zip} is no ZIP code.", "Enter five or nine digits.", "address")


@blocks("837P 2000B SBR05; 42 CFR 411.20", when=facts.PEOPLE)
def medicare_second_without_reason(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Medicare as second payer says why it is second."""
    cover, payer = sheet.cover, sheet.payer
    if cover is None or payer is None or payer.kind != "medicare" or sheet.order == "P":
        return
    if not cover.insurance_type:
        yield Said(
            "Nothing says why Medicare is second here.",
            "Choose the insurance type of the coverage (12 to 47).",
            "insurance_type",
        )


def _missing(person: Human | None, *, address: bool = True) -> str:
    if person is None or not person.last:
        return "name"
    if person.born_on is None:
        return "birth date"
    return "address" if address and not person.address.is_whole else ""


RULES = (
    no_coverage,
    coverage_not_in_force,
    payer_id_missing,
    member_id_missing,
    medicare_id_form,
    subscriber_incomplete,
    patient_name,
    patient_birth_date,
    patient_sex_unknown,
    patient_address,
    medicare_second_without_reason,
)
