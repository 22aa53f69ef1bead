"""FHIR R4 resources as they are written: plain values in, JSON out. `fhir` reads them as it reads those of others.

Ids are the sender's own. Codes stand without their words, which belong to their publishers. Amounts become JSON
numbers: a float of cents is written with exactly these cents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from edi.health.fhir import NPI, Json, Place

CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
TERMS = "http://terminology.hl7.org/CodeSystem"
NOWHERE = Place()
GENDERS = {"F": "female", "M": "male"}
RELATIONSHIPS = {"18": "self", "01": "spouse", "19": "child"}
ORDERS = {"P": 1, "S": 2, "T": 3}


@dataclass(frozen=True, slots=True)
class Human:
    """A person's name, birth date, administrative sex (F, M, else unknown) and address."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    born_on: date | None = None
    sex: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a claim; `pointers` count into its diagnoses, from 1."""

    number: int
    code: str
    modifiers: Sequence[str]
    pointers: Sequence[int]
    units: Decimal
    amount: Decimal
    on: date
    place: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a Claim says; references are ids. `state` is the sender's own word for how far it is."""

    id: str
    control: str
    state: str
    institutional: bool
    is_draft: bool
    is_void: bool
    patient: str
    provider: str
    rendering: str
    insurer: str
    coverage: str
    starts_on: date
    ends_on: date
    created_on: date
    place: str
    diagnoses: Sequence[str]
    items: Sequence[Item]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a payer said of a line, or of a claim beside its lines (line 0): paid, taken off, the patient's, denied."""

    line: int
    paid: Decimal
    adjusted: Decimal
    patient: Decimal
    denied: Decimal


def line(resource: Json) -> bytes:
    """A resource as a line of NDJSON."""
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def patient(id_: str, mrn: str, who: Human, *, phone: str = "", email: str = "") -> Json:
    """A Patient."""
    contact = [{"system": kind, "value": value} for kind, value in (("phone", phone), ("email", email)) if value]
    number = {"type": _concept(f"{TERMS}/v2-0203", "MR"), "value": mrn}
    return _full(resourceType="Patient", id=id_, identifier=[number], telecom=contact, **_human(who))


def organization(id_: str, name: str, edi_id: str) -> Json:
    """An Organization that pays."""
    return _full(resourceType="Organization", id=id_, identifier=[{"value": edi_id}], name=name,
                 type=[_concept(f"{TERMS}/organization-type", "pay")])  # fmt: skip


def provider(id_: str, name: str, npi: str) -> Json:
    """An Organization that bills."""
    return _full(resourceType="Organization", id=id_, identifier=[{"system": NPI, "value": npi}], name=name,
                 type=[_concept(f"{TERMS}/organization-type", "prov")])  # fmt: skip


def practitioner(id_: str, npi: str, who: Human) -> Json:
    """A Practitioner."""
    return _full(resourceType="Practitioner", id=id_, identifier=[{"system": NPI, "value": npi}], name=[_name(who)])


def coverage(
    id_: str, *, patient: str, payer: str, payer_name: str, member_id: str, relationship: str, order: str, group: str,
    plan: str, starts_on: date, ends_on: date | None, subscriber: Human | None,
) -> Json:  # fmt: skip
    """A Coverage; its last day is included. Who else subscribes is contained in it."""
    classes = [
        {"type": _concept(f"{TERMS}/coverage-class", kind), "value": value}
        for kind, value in (("group", group), ("plan", plan)) if value
    ]  # fmt: skip
    other = None if subscriber is None else _full(resourceType="RelatedPerson", id="subscriber",
                                                  patient=_to("Patient", patient), **_human(subscriber))  # fmt: skip
    return _full(
        resourceType="Coverage", id=id_, contained=[other] if other else [], status="active",
        subscriber={"reference": "#subscriber"} if other else _to("Patient", patient), subscriberId=member_id,
        beneficiary=_to("Patient", patient),
        relationship=_concept(f"{TERMS}/subscriber-relationship", RELATIONSHIPS.get(relationship, "other")),
        period=_full(start=_day(starts_on), end=_day(ends_on)),
        payor=[{**_to("Organization", payer), "display": payer_name}], order=ORDERS.get(order), **{"class": classes},
    )  # fmt: skip


def appointment(id_: str, *, status: str, on: date, reason: str, patient: str, practitioner: str) -> Json:
    """An Appointment that is to come, or that nobody came to."""
    people = [("Patient", patient), ("Practitioner", practitioner)]
    return _full(
        resourceType="Appointment", id=id_, status=status, description=reason, requestedPeriod=[{"start": _day(on)}],
        participant=[{"actor": _to(kind, one), "status": "accepted"} for kind, one in people if one],
    )  # fmt: skip


def encounter(
    id_: str, *, status: str, starts_on: date, ends_on: date, reason: str, patient: str, practitioner: str
) -> Json:  # fmt: skip
    """An Encounter."""
    return _full(
        resourceType="Encounter", id=id_, status=status, subject=_to("Patient", patient),
        participant=[{"individual": _to("Practitioner", practitioner)}] if practitioner else [],
        period={"start": _day(starts_on), "end": _day(ends_on)}, reasonCode=[{"text": reason}] if reason else [],
        **{"class": {"system": f"{TERMS}/v3-ActCode", "code": "AMB"}},
    )  # fmt: skip


def claim(one: Asked) -> Json:
    """A Claim, its state in the sender's words as a tag."""
    return _full(
        resourceType="Claim", id=one.id, meta={"tag": [{"system": "urn:openmso:claim-state", "code": one.state}]},
        identifier=[{"value": one.control}],
        status="cancelled" if one.is_void else "draft" if one.is_draft else "active",
        type=_type(one), use="claim", patient=_to("Patient", one.patient),
        billablePeriod={"start": _day(one.starts_on), "end": _day(one.ends_on)}, created=_day(one.created_on),
        insurer=_to("Organization", one.insurer) if one.insurer else None,
        provider=_to("Organization", one.provider) if one.provider else {"display": "not named yet"},
        priority=_concept(f"{TERMS}/processpriority", "normal"),
        careTeam=[{"sequence": 1, "provider": _to("Practitioner", one.rendering)}] if one.rendering else [],
        diagnosis=[
            {"sequence": number, "diagnosisCodeableConcept": _concept(ICD10, _dotted(code))}
            for number, code in enumerate(one.diagnoses, start=1)
        ],
        insurance=_insurance(one.coverage), item=[_item(each, one.place) for each in one.items],
        total=money(one.total),
    )  # fmt: skip


def benefit(one: Asked, *, id_: str, on: date, lines: Iterable[Amounts]) -> Json:
    """An ExplanationOfBenefit: what the payer decided, claim and lines."""
    told = sorted(lines, key=lambda each: each.line)
    whole = [each for each in told if not each.line]
    asked = {each.number: each for each in one.items}
    return _full(
        resourceType="ExplanationOfBenefit", id=id_, status="active", type=_type(one), use="claim",
        patient=_to("Patient", one.patient),
        billablePeriod={"start": _day(one.starts_on), "end": _day(one.ends_on)}, created=_day(on),
        insurer=_to("Organization", one.insurer) if one.insurer else {"display": "not named"},
        provider=_to("Organization", one.provider) if one.provider else {"display": "not named yet"},
        claim=_to("Claim", one.id), outcome="complete", insurance=[{"focal": True, **_insurance(one.coverage)[0]}],
        item=[
            _item(asked[each.line], one.place) | {"adjudication": _decided(each, asked[each.line].amount)}
            for each in told if each.line in asked
        ],
        adjudication=[part for each in whole for part in _decided(each, one.total)],
        payment={"amount": money(sum((each.paid for each in told), Decimal(0)))},
    )  # fmt: skip


def money(amount: Decimal) -> Json:
    """An amount in dollars."""
    return {"value": float(amount), "currency": "USD"}


def _decided(one: Amounts, submitted: Decimal) -> list[Json]:
    parts = (
        ("submitted", submitted), ("benefit", one.paid), ("contractual", one.adjusted), ("patientpay", one.patient),
        ("denied", one.denied),
    )  # fmt: skip
    return [{"category": _concept("urn:openmso:adjudication", code), "amount": money(value)} for code, value in parts]


def _item(one: Item, place: str) -> Json:
    system = CPT if one.code[:1].isdigit() else HCPCS
    return _full(
        sequence=one.number, diagnosisSequence=list(one.pointers), productOrService=_concept(system, one.code),
        modifier=[_concept(HCPCS, modifier) for modifier in one.modifiers], servicedDate=_day(one.on),
        locationCodeableConcept=_concept(PLACES, one.place or place), quantity={"value": float(one.units)},
        net=money(one.amount),
    )  # fmt: skip


def _insurance(coverage: str) -> list[Json]:
    there = _to("Coverage", coverage) if coverage else {"display": "none: the patient pays"}
    return [{"sequence": 1, "focal": True, "coverage": there}]


def _type(one: Asked) -> Json:
    return _concept(f"{TERMS}/claim-type", "institutional" if one.institutional else "professional")


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code


def _human(who: Human) -> Json:
    place = who.place
    address = _full(use="home", line=[one for one in (place.line1, place.line2) if one], city=place.city,
                    state=place.state, postalCode=place.zip)  # fmt: skip
    return {
        "name": [_name(who)], "gender": GENDERS.get(who.sex, "unknown"), "birthDate": _day(who.born_on),
        "address": [address] if len(address) > 1 else [],
    }  # fmt: skip


def _name(who: Human) -> Json:
    given = [one for one in (who.first, who.middle) if one]
    return _full(use="official", family=who.last, given=given, suffix=[who.suffix] if who.suffix else [])


def _to(kind: str, id_: str) -> Json:
    return {"reference": f"{kind}/{id_}"}


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _full(**parts: Any) -> Json:
    """Only what is there: FHIR knows no empty parts."""
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}
