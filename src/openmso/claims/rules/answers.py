"""What acknowledgements mean to a biller: rejected codes as words, with the field that mends them.

The labels are our own; the code values are those of X12's claim status and acknowledgement code sets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from edi.x12.ack.model import ClaimStatus, LevelStatus, SegmentError, Status


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer about a claim in words."""

    is_accepted: bool
    category: str
    status: str
    entity: str
    words: str
    fix: str = ""
    field: str = ""
    line: int | None = None


CATEGORIES: Mapping[str, str] = {
    "A0": "passed on",
    "A1": "received",
    "A2": "accepted into adjudication",
    "A3": "returned as unprocessable",
    "A4": "not found",
    "A5": "split",
    "A6": "rejected: information is missing",
    "A7": "rejected: information is invalid",
    "A8": "rejected: data do not fit together",
}

ENTITIES: Mapping[str, tuple[str, str]] = {
    "85": ("billing provider", "billing_provider"),
    "87": ("pay-to provider", "billing_provider"),
    "82": ("rendering clinician", "rendering"),
    "DN": ("referring clinician", "referring"),
    "DK": ("ordering clinician", "referring"),
    "77": ("facility", "site"),
    "IL": ("subscriber", "coverage"),
    "QC": ("patient", "patient"),
    "PR": ("payer", "payer"),
    "41": ("submitter", ""),
}
"""Whose data: in words, and the field of the claim."""

STATUSES: Mapping[str, tuple[str, str]] = {
    "19": ("acknowledged", ""),
    "20": ("accepted for processing", ""),
    "21": ("missing or invalid information", ""),
    "24": ("entity not approved as submitter", ""),
    "26": ("entity not found", ""),
    "33": ("subscriber not found", "coverage"),
    "54": ("duplicate of a claim in process", "duplicate"),
    "78": ("service line duplicates another", "modifiers"),
    "84": ("service not authorized", "prior_authorization"),
    "88": ("not eligible on the service day", "coverage"),
    "91": ("not eligible for this service", "coverage"),
    "97": ("patient eligibility not found", "coverage"),
    "116": ("sent to the wrong payer", "payer"),
    "122": ("missing or invalid data keep it from processing", ""),
    "125": ("name", ""),
    "126": ("address", ""),
    "128": ("tax id", "billing_provider"),
    "132": ("medical record or policy number", ""),
    "145": ("specialty or taxonomy", "billing_provider"),
    "153": ("identifier", ""),
    "158": ("birth date", "born_on"),
    "164": ("member id", "member_id"),
    "178": ("charge", "amount"),
    "187": ("service day", "service_on"),
    "188": ("statement days", "service_on"),
    "218": ("NDC", "ndc"),
    "249": ("place of service", "place_of_service"),
    "254": ("principal diagnosis", "diagnoses"),
    "255": ("diagnosis", "diagnoses"),
    "400": ("claim is out of balance", "total"),
    "448": ("invalid billing combination", ""),
    "453": ("modifier", "modifiers"),
    "454": ("procedure code", "code"),
    "464": ("payer's claim number", "payer_control"),
    "476": ("units", "units"),
    "477": ("diagnosis pointer", "pointers"),
    "478": ("accident", "accident"),
    "500": ("ZIP code", "address"),
    "507": ("HCPCS", "code"),
    "562": ("NPI", "billing_provider"),
    "673": ("not this payer's patient", "payer"),
}
"""Claim status codes a professional claim meets, in our words, and the field they are about."""

TA1_NOTES: Mapping[str, str] = {
    "001": "the interchange control numbers disagree",
    "005": "the sender qualifier is wrong",
    "006": "the sender id is wrong",
    "007": "the receiver qualifier is wrong",
    "008": "the receiver id is wrong",
    "021": "the number of groups is wrong",
    "022": "the control structure is wrong",
    "023": "the file ends too early",
    "024": "the content is invalid",
    "025": "the interchange number was used before",
}

SET_ERRORS: Mapping[str, str] = {
    "1": "the segment is not known",
    "2": "the segment is not expected here",
    "3": "a required segment is missing",
    "4": "the loop is repeated too often",
    "5": "the segment is repeated too often",
    "6": "the segment is not part of this guide",
    "7": "the segment is out of order",
    "8": "an element is wrong",
    "I4": "the guide does not use this segment",
    "I6": "a segment the guide requires here is missing",
    "I7": "the loop occurs too seldom",
    "I8": "a segment of the loop is missing",
    "I9": "the segment may not be sent here",
}
"""999 IK304, in our words."""

ELEMENT_ERRORS: Mapping[str, str] = {
    "1": "is missing",
    "2": "is missing beside another",
    "3": "is one too many",
    "4": "is too short",
    "5": "is too long",
    "6": "has a character that is not allowed",
    "7": "has a value that is not in the list",
    "8": "is no date",
    "9": "is no time",
    "10": "excludes another",
    "12": "is repeated too often",
    "13": "has too many parts",
    "I6": "has a value the guide does not allow",
    "I9": "is missing where the guide requires it",
    "I10": "may not be sent here",
    "I11": "is not used by the guide",
    "I12": "does not fit the pattern of the guide",
    "I13": "is not valid in its code set",
}
"""999 IK403, in our words."""

FIELDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("2000A", "PRV"): ("billing_provider", "the billing taxonomy"),
    ("2010AA", "NM1"): ("billing_provider", "the billing provider's name or NPI"),
    ("2010AA", "N3"): ("billing_provider", "the billing street"),
    ("2010AA", "N4"): ("billing_provider", "the billing city, state or ZIP"),
    ("2010AA", "REF"): ("billing_provider", "the billing tax id"),
    ("2000B", "SBR"): ("coverage", "the coverage"),
    ("2010BA", "NM1"): ("member_id", "the subscriber's name or member id"),
    ("2010BA", "N3"): ("address", "the subscriber's street"),
    ("2010BA", "N4"): ("address", "the subscriber's city, state or ZIP"),
    ("2010BA", "DMG"): ("born_on", "the subscriber's birth date or sex"),
    ("2010BB", "NM1"): ("payer", "the payer's id"),
    ("2000C", "PAT"): ("coverage", "the relationship to the subscriber"),
    ("2010CA", "NM1"): ("patient", "the patient's name"),
    ("2010CA", "N4"): ("address", "the patient's city, state or ZIP"),
    ("2010CA", "DMG"): ("born_on", "the patient's birth date or sex"),
    ("2300", "CLM"): ("total", "the claim's number, total, place or frequency"),
    ("2300", "HI"): ("diagnoses", "a diagnosis"),
    ("2300", "REF"): ("payer_control", "a reference number of the claim"),
    ("2300", "DTP"): ("accident_on", "a date of the claim"),
    ("2310A", "NM1"): ("referring", "who referred"),
    ("2310B", "NM1"): ("rendering", "who rendered"),
    ("2310B", "PRV"): ("rendering", "the rendering taxonomy"),
    ("2310C", "NM1"): ("site", "the facility"),
    ("2400", "SV1"): ("code", "code, modifiers, charge, units or pointers"),
    ("2400", "DTP"): ("service_on", "the service day"),
    ("2400", "REF"): ("code", "a reference number of the line"),
    ("2410", "LIN"): ("ndc", "the drug"),
}
"""Where in the 837P a thing stands: the field a biller can change, and its words."""


FACILITY_FIELDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("2300", "CLM"): ("bill_type", "the type of bill, the claim's number or total"),
    ("2300", "CL1"): ("bill_type", "type of admission, point of origin or patient status"),
    ("2300", "DTP"): ("admitted_on", "the days of statement, admission or discharge"),
    ("2310A", "NM1"): ("attending", "who attended"),
    ("2310A", "PRV"): ("attending", "the taxonomy of who attended"),
    ("2310B", "NM1"): ("attending", "who operated"),
    ("2310D", "NM1"): ("rendering", "who rendered"),
    ("2400", "SV2"): ("revenue_code", "revenue code, procedure, charge or units"),
}
"""The same, where it is otherwise in an 837I."""


def of_status(answer: ClaimStatus) -> Reading:
    """A 277CA's answer about a claim: the first rejecting status, of a line before the claim's, else the first."""
    for number, line in enumerate(answer.lines, start=1):
        bad = next((status for status in line.statuses if status.is_rejected), None)
        if bad is not None:
            return _of(bad, accepted=False, line=number)
    bad = next((status for status in answer.statuses if status.is_rejected), None)
    first = bad or next(iter(answer.statuses), None)
    if first is None:
        return Reading(False, "", "", "", "The answer says nothing about the claim.", "Ask the payer.")
    return _of(first, accepted=bad is None)


def status_words(code: str, entity: str) -> tuple[str, str]:
    """A claim status code and whose data it is about, in words, and the field of the claim."""
    whose, where = ENTITIES.get(entity, ("", ""))
    what, field = STATUSES.get(code, (f"status {code}", ""))
    return (f"{what} of the {whose}" if whose else what), field or where


def _of(status: Status, *, accepted: bool, line: int | None = None) -> Reading:
    about, named = status_words(status.code, status.entity)
    category = CATEGORIES.get(status.category, f"category {status.category}")
    words = f"{category[:1].upper()}{category[1:]} ({status.category}:{status.code}, {about})."
    if line is not None:
        words = f"Line {line}: {words[:1].lower()}{words[1:]}"
    if status.text:
        words = f"{words} The payer writes: {status.text[:120]}"
    fix = "" if accepted else f"Correct {about} and send it again."
    return Reading(accepted, status.category, status.code, status.entity, words[:300], fix, named, line)


def of_level(answer: LevelStatus, whom: str) -> Reading | None:
    """A 277CA's answer about a whole batch, or all claims of a provider: None where it rejects nothing by itself."""
    bad = next((status for status in answer.statuses if status.is_rejected), None)
    if bad is None:
        return None
    said = _of(bad, accepted=False)
    words = f"{whom} was sent back. {said.words}"
    return replace(said, words=words[:300], fix=f"{said.fix} It holds for every claim of it.")


def claim_named(error: SegmentError) -> str:
    """The claim number that a 999 names beside an error (CTX*CLM01:...); empty where it names none."""
    contexts = (*error.contexts, *(one for element in error.elements for one in element.contexts))
    for context in contexts:
        found = re.match(r"CLM01[^A-Z0-9](.+)", context[1]) if len(context) > 1 else None
        if found:
            return found[1].strip()
    return ""


def _place(error: SegmentError, *, institutional: bool) -> tuple[str, str]:
    """Field and words of where an error stands; where that says nothing, of what triggered it (CTX, situational)."""
    fields = {**FIELDS, **FACILITY_FIELDS} if institutional else FIELDS
    contexts = (*error.contexts, *(one for element in error.elements for one in element.contexts))
    triggers = [(one[4], one[2]) for one in contexts if len(one) > 4 and one[1].startswith("SITUATIONAL")]
    for place in ((error.loop, error.tag), *triggers):
        if place in fields:
            return fields[place]
    return "", f"segment {error.tag} of loop {error.loop or '?'}"


def of_error(error: SegmentError, *, line: int | None = None, institutional: bool = False) -> Reading:
    """A 999's error as what a biller can change."""
    field, what = _place(error, institutional=institutional)
    element = error.elements[0] if error.elements else None
    if element is not None:
        detail = ELEMENT_ERRORS.get(element.code, f"has error {element.code}")
        value = f" ({element.bad_value[:30]})" if element.bad_value else ""
        words = f"{error.tag}{element.position:02d} in loop {error.loop or '?'} {detail}{value}: {what}."
        code = element.code
    else:
        detail = SET_ERRORS.get(error.code, f"error {error.code}")
        words = f"{error.tag} in loop {error.loop or '?'}: {detail}: {what}."
        code = error.code
    return Reading(False, code, "", "", words[:300], f"Correct {what} and send it again.", field, line)


def of_interchange(code: str, note: str) -> Reading:
    """A TA1's answer about the whole file."""
    if code in {"A", "E"}:
        return Reading(True, note, "", "", "The interchange was taken in.")
    why = TA1_NOTES.get(note, f"note {note}")
    return Reading(False, note, "", "", f"The whole file was sent back: {why}.", "Send the batch again.", "")
