"""The properties that rules written on screen may ask of a claim: one catalogue for engine, editor and page.

A property answers with a plain value, or with `None` where the claim does not know: an unknown answer is never taken
for a no. An empty text is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openmso.claims.rules.filing import due_on
from openmso.claims.rules.sheet import ClaimSheet, Context, Line
from openmso.kit.conditions import Ask, Catalogue, Kind, Property


@dataclass(frozen=True, slots=True)
class Case:
    """What a condition is asked of: a claim, and the line where it is about lines."""

    sheet: ClaimSheet
    context: Context
    line: Line | None = None


Answer = str | frozenset[str] | Decimal | date | bool | None


def _of(part: str, attribute: str) -> Ask:
    """An attribute of a part of the sheet; unknown where the claim has no such part."""

    def ask(case: Case) -> Any:
        whole = getattr(case.sheet, part)
        return None if whole is None else getattr(whole, attribute)

    return ask


def _claim(attribute: str) -> Ask:
    return lambda case: getattr(case.sheet, attribute)


def _line(attribute: str) -> Ask:
    return lambda case: getattr(case.line, attribute)


def _codes(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _days(later: date | None, earlier: date | None) -> Decimal | None:
    return None if later is None or earlier is None else Decimal((later - earlier).days)


def years(born: date | None, on: date) -> Decimal | None:
    """Completed years of age on a day."""
    return None if born is None else Decimal(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def _months(born: date | None, on: date) -> Decimal | None:
    if born is None:
        return None
    return Decimal((on.year - born.year) * 12 + on.month - born.month - (on.day < born.day))


def _state_of(case: Case) -> str | None:
    where = case.sheet.facility or case.sheet.biller
    return where.address.state if where else None


def _pointed(case: Case) -> frozenset[str]:
    listed = case.sheet.diagnoses
    return _codes(listed[p - 1] for p in _its(case).pointers if 1 <= p <= len(listed))


def _first_pointed(case: Case) -> str:
    listed, pointers = case.sheet.diagnoses, _its(case).pointers
    return listed[pointers[0] - 1] if pointers and 1 <= pointers[0] <= len(listed) else ""


def _others(case: Case) -> list[Line]:
    return [one for one in case.sheet.lines if one is not case.line and one.service_on == _its(case).service_on]


def _its(case: Case) -> Line:
    if case.line is None:
        raise LookupError("A property of a line was asked of a claim as a whole.")
    return case.line


T, C, N, M, D, F = Kind.TEXT, Kind.CODES, Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.FLAG
P = Property
EVERY: tuple[Property, ...] = (
    # the claim
    P("claim.frequency", "Frequency", T, _claim("frequency"), "control", "1 original, 7 replacement, 8 void"),
    P("claim.order", "Order of the payer", T, _claim("order"), "coverage", "P primary, S secondary, T tertiary"),
    P("claim.place", "Place of service", T, _claim("place_of_service"), "place_of_service", "CMS code, two digits"),
    P("claim.state", "State of the service", T, _state_of, "site", "of the site, else of the billing provider"),
    P("claim.codes", "Codes on the claim", C, lambda c: _codes(ln.code for ln in c.sheet.lines), "code"),
    P("claim.modifiers", "Modifiers on the claim", C, lambda c: _codes(m for ln in c.sheet.lines for m in ln.modifiers),
      "modifiers"),
    P("claim.diagnoses", "Diagnoses", C, lambda c: _codes(c.sheet.diagnoses), "diagnoses", "ICD-10-CM without a dot"),
    P("claim.first_diagnosis", "First diagnosis", T, lambda c: c.sheet.diagnoses[0] if c.sheet.diagnoses else "",
      "diagnoses"),
    P("claim.diagnosis_system", "Code system of the diagnoses", T, _claim("diagnosis_system"), "diagnoses",
      "empty: ICD-10-CM"),
    P("claim.authorization", "Prior authorization", T, _claim("prior_authorization"), "prior_authorization"),
    P("claim.referral", "Referral number", T, _claim("referral_number"), "referral_number"),
    P("claim.payer_number", "Payer's number of the first claim", T, _claim("payer_control"), "payer_control"),
    P("claim.delay_reason", "Delay reason", T, _claim("delay_reason"), "delay_reason"),
    P("claim.accident", "Accident", T, _claim("accident"), "accident", "AA auto, EM employment, OA other"),
    P("claim.accident_state", "State of the accident", T, _claim("accident_state"), "accident_state"),
    P("claim.has_twin", "Another claim of the day asks the same", F, lambda c: bool(c.context.same_day), "duplicate"),
    # amounts and counts
    P("claim.total", "Total charge", M, _claim("total"), "total"),
    P("claim.patient_paid", "Paid by the patient", M, _claim("patient_paid"), "total"),
    P("claim.highest_charge", "Highest charge of a line", M,
      lambda c: max((ln.charge for ln in c.sheet.lines), default=None), "amount"),
    P("claim.line_count", "Number of lines", N, lambda c: Decimal(len(c.sheet.lines)), "lines"),
    P("claim.diagnosis_count", "Number of diagnoses", N, lambda c: Decimal(len(c.sheet.diagnoses)), "diagnoses"),
    P("claim.units", "Units of all lines", N, lambda c: sum((ln.units for ln in c.sheet.lines), Decimal(0)), "units"),
    # days
    P("claim.service_on", "Service day", D, _claim("service_on"), "service_on"),
    P("claim.last_service_on", "Last service day", D, lambda c: c.sheet.last_service_on, "service_through"),
    P("claim.accident_on", "Day of the accident", D, _claim("accident_on"), "accident_on"),
    P("claim.due_on", "Last day to file", D, lambda c: due_on(c.sheet), "due_on"),
    P("claim.age_days", "Days since the service", N, lambda c: _days(c.context.today, c.sheet.last_service_on),
      "service_on"),
    P("claim.days_to_file", "Days left to file", N, lambda c: _days(due_on(c.sheet), c.context.today), "due_on"),
    P("claim.span_days", "Days from first to last service", N,
      lambda c: _days(c.sheet.last_service_on, c.sheet.service_on), "service_through"),
    P("claim.days_since_accident", "Days from accident to service", N,
      lambda c: _days(c.sheet.service_on, c.sheet.accident_on), "accident_on"),
    # the patient
    P("patient.age", "Age in years", N, lambda c: years(c.sheet.patient.born_on, c.sheet.service_on), "born_on",
      "completed years on the service day"),
    P("patient.age_months", "Age in months", N, lambda c: _months(c.sheet.patient.born_on, c.sheet.service_on),
      "born_on", "completed months on the service day"),
    P("patient.sex", "Sex", T, lambda c: c.sheet.patient.sex, "sex", "F, M or U"),
    P("patient.state", "State of the home", T, lambda c: c.sheet.patient.address.state, "address"),
    # coverage and payer
    P("coverage.group", "Group number", T, _of("cover", "group"), "coverage"),
    P("coverage.plan", "Plan name", T, _of("cover", "plan_name"), "coverage"),
    P("coverage.relationship", "Relationship to the subscriber", T, _of("cover", "relationship"), "coverage",
      "18 self, 01 spouse, 19 child, G8 other"),
    P("coverage.insurance_type", "Reason why Medicare is second", T, _of("cover", "insurance_type"), "insurance_type"),
    P("coverage.member_id_length", "Length of the member id", N,
      lambda c: None if c.sheet.cover is None else Decimal(len(c.sheet.cover.member_id)), "member_id"),
    P("coverage.member_id_begins", "First three of the member id", T,
      lambda c: None if c.sheet.cover is None else c.sheet.cover.member_id[:3], "member_id"),
    P("coverage.days", "Days from its start to the service", N,
      lambda c: None if c.sheet.cover is None else _days(c.sheet.service_on, c.sheet.cover.starts_on), "coverage"),
    P("payer.name", "Payer", T, _of("payer", "name"), "payer"),
    P("payer.edi_id", "Payer id in EDI", T, _of("payer", "edi_id"), "payer"),
    P("payer.kind", "Kind of payer", T, _of("payer", "kind"), "payer",
      "medicare, medicaid, tricare, commercial, blues, vision, workers_comp, auto"),
    P("payer.filing", "Filing indicator", T, _of("payer", "filing"), "payer", "SBR09"),
    # who bills, who rendered, where
    P("biller.npi", "Billing NPI", T, _of("biller", "npi"), "billing_provider"),
    P("biller.taxonomy", "Billing taxonomy", T, _of("biller", "taxonomy"), "billing_provider"),
    P("biller.is_person", "The biller is a person", F, _of("biller", "is_person"), "billing_provider"),
    P("biller.state", "State of the biller", T,
      lambda c: None if c.sheet.biller is None else c.sheet.biller.address.state, "billing_provider"),
    P("rendering.npi", "Rendering NPI", T, _of("rendering", "npi"), "rendering"),
    P("rendering.taxonomy", "Rendering taxonomy", T, _of("rendering", "taxonomy"), "clinician"),
    P("rendering.is_named", "Somebody is named who rendered", F, lambda c: c.sheet.rendering is not None, "rendering"),
    P("referring.is_named", "Somebody is named who referred", F, lambda c: c.sheet.referring is not None, "referring"),
    P("referring.npi", "Referring NPI", T, _of("referring", "npi"), "referring"),
    P("site.npi", "NPI of the site", T, _of("facility", "npi"), "site"),
    P("site.clia", "CLIA number of the site", T, lambda c: c.sheet.clia, "laboratory"),
    P("practice.code", "Practice", T, lambda c: c.context.whose.practice, "", "the short code of the practice"),
    P("practice.specialty", "Specialty of the practice", T, lambda c: c.context.whose.specialty, "",
      "primary_care, optometry, dermatology, behavioral_health, pediatrics, ophthalmology, dental, multi"),
    # a line
    P("line.code", "Code", T, _line("code"), "code", "CPT or HCPCS"),
    P("line.modifiers", "Modifiers", C, lambda c: _codes(_its(c).modifiers), "modifiers"),
    P("line.first_modifier", "First modifier", T, lambda c: (_its(c).modifiers or ("",))[0], "modifiers"),
    P("line.modifier_count", "Number of modifiers", N, lambda c: Decimal(len(_its(c).modifiers)), "modifiers"),
    P("line.units", "Units", N, _line("units"), "units"),
    P("line.charge", "Charge", M, _line("charge"), "amount"),
    P("line.charge_per_unit", "Charge per unit", M,
      lambda c: _its(c).charge / _its(c).units if _its(c).units > 0 else None, "amount"),
    P("line.place", "Place of service", T, lambda c: _its(c).place_of_service or c.sheet.place_of_service,
      "place_of_service", "of the line, else of the claim"),
    P("line.diagnoses", "Diagnoses it points to", C, _pointed, "pointers"),
    P("line.first_diagnosis", "First diagnosis it points to", T, _first_pointed, "pointers"),
    P("line.other_codes", "Other codes of its day", C, lambda c: _codes(one.code for one in _others(c)), "code"),
    P("line.service_on", "Service day", D, _line("service_on"), "service_on"),
    P("line.days", "Days it spans", N,
      lambda c: Decimal((((_its(c).service_through or _its(c).service_on)) - _its(c).service_on).days + 1),
      "service_through"),
    P("line.ndc", "NDC", T, lambda c: drug.ndc if (drug := _its(c).drug) else "", "ndc"),
    P("line.ndc_quantity", "Quantity of the drug", N, lambda c: drug.quantity if (drug := _its(c).drug) else None,
      "ndc"),
    P("line.minutes", "Minutes", N, lambda c: None if (told := _its(c).minutes) is None else Decimal(told), "units",
      "how long it took, where somebody told"),
    P("line.note", "Note of the line", T, _line("note"), "code"),
)  # fmt: skip
"""Every property, in the order of the page that lists them."""

PROPERTIES: Catalogue = {one.name: one for one in EVERY}
