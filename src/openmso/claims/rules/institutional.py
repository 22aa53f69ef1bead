"""What a facility must say of a visit (837I 2300, 2310, 2400): type of bill, admission, revenue codes, who attended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.claims.rules.findings import Said, blocks
from openmso.claims.rules.lines import INSTITUTIONAL_LINES_MAX, PROCEDURE
from openmso.claims.rules.sheet import ClaimSheet, Context
from openmso.kit.ids import npi_is_valid
from openmso.kit.words import counted

STILL_THERE = "30"
"""Patient status: still a patient."""
DIAGNOSES_MAX = 25
UNSCHEDULED = frozenset({"13", "78", "85"})
"""Types of bill of hospitals' outpatients, freestanding emergency departments and critical access hospitals."""
EMERGENCY = ("045", "0516", "0526", "0762")
"""Revenue codes of emergency rooms, urgent care and observation."""


@blocks("837I 2300 CLM05-1, CL1")
def stay_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A facility's claim says its type of bill."""
    if sheet.stay is None:
        yield Said("Nothing says what type of bill it is.", "Enter what the facility says of the visit.", "bill_type")


@blocks("837I 2310A NM1*71; 45 CFR 162.406")
def attending_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A facility's claim names who attended, with an NPI that passes its check digit."""
    for who, words in ((sheet.attending, "attended"), (sheet.operating, "operated")):
        if who is not None and not npi_is_valid(who.npi):
            yield Said(f"{who.npi or 'Nothing'} is no NPI of who {words}.", "Compare with NPPES.", "clinician")
    if sheet.stay is not None and sheet.attending is None:
        yield Said("Nobody is named who attended.", "Choose the clinician.", "attending")


@blocks("837I 2300 DTP*435, CL102, HI*ABJ: required of who was admitted")
def admission_details(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An inpatient claim says when and why somebody was admitted, and when they left."""
    stay = sheet.stay
    if stay is None or not stay.is_inpatient:
        return
    if stay.admitted_on is None or not stay.admitted_hour:
        yield Said("Day and hour of the admission are missing.", "Enter both.", "admitted_on")
    if not stay.admission_source:
        yield Said("The point of origin is missing.", "Enter where the patient came from.", "admission_source")
    if not stay.admitting_diagnosis:
        yield Said("The admitting diagnosis is missing.", "Enter it.", "admitting_diagnosis")
    if stay.patient_status != STILL_THERE and not stay.discharged_hour:
        yield Said("The hour of the discharge is missing.", "Enter it, or status 30.", "discharged_hour")


@blocks("837I 2300 HI*APR: required of unscheduled outpatient visits; Medicare Claims Processing Manual ch. 25 §75.6")
def reason_for_visit(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An unscheduled visit of an outpatient says why the patient came."""
    stay = sheet.stay
    if stay is None or stay.bill_type not in UNSCHEDULED or stay.admission_type not in {"1", "2", "5"}:
        return
    if not stay.visit_reasons and any(line.revenue_code.startswith(EMERGENCY) for line in sheet.lines):
        yield Said("Nothing says why the patient came.", "Enter the reason for the visit.", "visit_reasons")


@blocks("837I 2300 HI*BBR and HI*BBQ: ICD-10-PCS is for inpatients; 45 CFR 162.1002(c)")
def procedures_of_an_outpatient(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Only an inpatient claim has ICD-10-PCS procedures, within the days of the stay."""
    stay = sheet.stay
    if stay is None or not stay.procedures:
        return
    if not stay.is_inpatient:
        yield Said("ICD-10-PCS procedures are for inpatients.", "Bill them by CPT on the lines.", "procedures")
    elif late := next((one for one in stay.procedures if one.on > sheet.last_service_on), None):
        yield Said(f"{late.code} is dated {late.on}, after the stay.", "Correct the day.", "procedures")


@blocks("837I 2400 SV201: four digits")
def revenue_code(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every line of a facility has a revenue code."""
    for line in sheet.lines:
        if not re.fullmatch(r"[0-9]{4}", line.revenue_code):
            yield Said(
                f"Line {line.number} has no revenue code of four digits.", "Enter it: 0521.", "revenue_code",
                line.number,
            )  # fmt: skip


@blocks("837I 2400 SV202; 45 CFR 162.1002(c)")
def facility_procedure(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A procedure code of a facility's line is CPT or HCPCS, where there is one."""
    for line in sheet.lines:
        if line.code and (line.code_system or not PROCEDURE.fullmatch(line.code)):
            yield Said(f"Line {line.number}: {line.code} is no CPT or HCPCS code.", "Correct the code.", "code",
                       line.number)  # fmt: skip


@blocks("837I 2400: at least one, 999 at most; 2300 HI: 25 diagnoses at most")
def facility_counts(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A facility's claim has 1 to 999 lines and up to 25 diagnoses."""
    if not 1 <= len(sheet.lines) <= INSTITUTIONAL_LINES_MAX:
        yield Said(f"The claim has {counted(len(sheet.lines), 'line')}.", "Drop it and build it again.", "lines")
    if len(sheet.diagnoses) > DIAGNOSES_MAX:
        yield Said(f"{len(sheet.diagnoses)} diagnoses; 25 fit.", "Leave the least ones out.", "diagnoses")


RULES = (
    stay_missing,
    attending_missing,
    admission_details,
    reason_for_visit,
    procedures_of_an_outpatient,
    revenue_code,
    facility_procedure,
    facility_counts,
)
