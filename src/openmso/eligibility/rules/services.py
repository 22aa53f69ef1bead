"""Service types of a 271 (EB03) in our own words; the code values are X12's."""

from __future__ import annotations

from collections.abc import Mapping

PLAN, VISION = "30", "AL"
CONTACTS = "contacts"
"""Ours: X12 has no service type of contact lenses; payers name them by a code (EB13) or in words (MSG)."""
SERVICES: Mapping[str, str] = {
    "1": "Medical care", "2": "Surgery", "3": "Consultation", "4": "Diagnostic imaging", "5": "Laboratory",
    "6": "Radiation therapy", "7": "Anesthesia", "8": "Surgical assistance", "12": "Equipment, bought",
    "13": "Ambulatory surgery center", "18": "Equipment, rented", "20": "Second opinion", "23": "Dental diagnostics",
    "24": "Periodontics", "25": "Dental restoration", "30": "Health plan", "33": "Chiropractic", "35": "Dental care",
    "36": "Crowns", "38": "Orthodontics", "40": "Oral surgery", "42": "Home health", "45": "Hospice",
    "47": "Hospital", "48": "Hospital, inpatient", "50": "Hospital, outpatient", "51": "Hospital, emergency",
    "52": "Hospital, emergency medical", "53": "Hospital, ambulatory surgery", "54": "Long-term care",
    "60": "General benefits", "62": "MRI and CT", "65": "Newborn care", "68": "Well baby", "69": "Maternity",
    "73": "Diagnostic medical", "76": "Dialysis", "78": "Chemotherapy", "80": "Immunizations", "81": "Routine physical",
    "82": "Family planning", "86": "Emergency", "88": "Pharmacy", "93": "Podiatry", "98": "Office visit",
    "99": "Visit in hospital, inpatient", "A0": "Visit in hospital, outpatient", "A3": "Home visit",
    "A4": "Psychiatric", "A6": "Psychotherapy", "A7": "Psychiatric, inpatient", "A8": "Psychiatric, outpatient",
    "AD": "Occupational therapy", "AE": "Physical medicine", "AF": "Speech therapy", "AG": "Skilled nursing",
    "AI": "Substance use", "AJ": "Alcohol treatment", "AK": "Drug treatment", "AL": "Vision", "AM": "Frames",
    "AN": "Routine eye exam", "AO": "Lenses", "BG": "Cardiac rehabilitation", "BH": "Pediatrics",
    "BY": "Office visit, sick",
    "BZ": "Office visit, well", "CE": "Mental health, facility, inpatient", "CF": "Mental health, facility, outpatient",
    "CG": "Mental health, inpatient", "CH": "Mental health, outpatient", "CI": "Substance use, inpatient",
    "CJ": "Substance use, outpatient", "CP": "Eyewear", "MH": "Mental health", "PT": "Physical therapy",
    "UC": "Urgent care", CONTACTS: "Contact lenses",
}  # fmt: skip

PERIODS: Mapping[str, str] = {
    "6": "hour", "7": "day", "13": "24 hours", "21": "years", "22": "plan year", "23": "calendar year",
    "24": "year to date", "25": "contract", "26": "episode", "27": "visit", "28": "outlier", "29": "remaining",
    "30": "exceeded", "31": "not exceeded", "32": "lifetime", "33": "lifetime remaining", "34": "month", "35": "week",
    "36": "admission",
}  # fmt: skip

UNITS: Mapping[str, str] = {
    "VS": "visits", "DY": "days", "HS": "hours", "P6": "services", "MN": "months", "YY": "years", "FL": "units",
    "M2": "at most", "QA": "approved", "99": "used",
}  # fmt: skip


def service(code: str) -> str:
    """A service type in words; of an unknown one its code."""
    return SERVICES.get(code, f"Service type {code}") if code else "The plan"
