"""What the business reads in FHIR R4 resources, as frozen facts. Missing parts are empty; nothing raises for data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]

NPI = "http://hl7.org/fhir/sid/us-npi"
SSN = "http://hl7.org/fhir/sid/us-ssn"
SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "urn:oid:2.16.840.1.113883.6.12": "CPT",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "HCPCS",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "HCPCS",
    "urn:oid:2.16.840.1.113883.6.14": "HCPCS",
    "urn:oid:2.16.840.1.113883.6.285": "HCPCS",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "urn:oid:2.16.840.1.113883.6.90": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
}
"""Code systems by their address, in short."""


@dataclass(frozen=True, slots=True)
class Code:
    """A coding: the system's short name (or its address), the code, what the source calls it."""

    system: str
    code: str
    display: str = ""


Codes = tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class PatientFact:
    """Patient."""

    id: str
    mrn: str
    last: str
    first: str
    middle: str
    suffix: str
    born_on: date | None
    gender: str
    place: Place
    phone: str
    email: str
    ssn: str


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """Coverage."""

    id: str
    patient: str
    payor: str
    payor_name: str
    member_id: str
    relationship: str
    subscriber: str
    order: int
    group: str
    plan: str
    starts_on: date | None
    ends_on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class EncounterFact:
    """Encounter."""

    id: str
    patient: str
    status: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    practitioner: str
    types: Codes
    reasons: Codes
    diagnoses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedFact:
    """Condition or Procedure."""

    id: str
    patient: str
    encounter: str
    codes: Codes
    on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A line of a Claim, or a ChargeItem."""

    codes: Codes
    units: Decimal
    net: Decimal | None
    modifiers: tuple[str, ...]
    diagnoses: tuple[int, ...]
    encounters: tuple[str, ...]
    on: date | None


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """Claim."""

    id: str
    patient: str
    kind: str
    provider: str
    on: date | None
    diagnoses: tuple[tuple[str, Codes], ...]
    """In their sequence: a reference to a Condition, or codes."""
    items: tuple[ItemFact, ...]
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class ChargeItemFact:
    """ChargeItem."""

    id: str
    patient: str
    encounter: str
    status: str
    item: ItemFact


@dataclass(frozen=True, slots=True)
class NamedFact:
    """Practitioner, Organization or Location: a name and its ids by system."""

    id: str
    name: str
    identifiers: tuple[tuple[str, str], ...]

    def identifier(self, system: str) -> str:
        """The id under a system."""
        return next((value for one, value in self.identifiers if one == system), "")


def patient(r: Json) -> PatientFact:
    """A Patient."""
    name = _best(_list(r, "name"), "use", "official")
    given = [_text(part) for part in _list(name, "given")]
    ids = _identifiers(r)
    return PatientFact(
        id=_text(r.get("id")),
        mrn=next((value for system, value, kind in ids if kind == "MR"), ""),
        last=_text(name.get("family")),
        first=given[0] if given else "",
        middle=" ".join(given[1:]),
        suffix=" ".join(_text(part) for part in _list(name, "suffix")),
        born_on=day(r.get("birthDate")),
        gender=_text(r.get("gender")),
        place=_place(_best(_list(r, "address"), "use", "home")),
        phone=_telecom(r, "phone"),
        email=_telecom(r, "email"),
        ssn=next((value for system, value, kind in ids if system == SSN or kind == "SS"), ""),
    )


def coverage(r: Json) -> CoverageFact:
    """A Coverage."""
    payor = _dict(next(iter(_list(r, "payor")), {}))
    classes = {_code(one.get("type")): _text(one.get("value")) for one in map(_dict, _list(r, "class"))}
    period = _dict(r.get("period"))
    order = r.get("order")
    ids = _identifiers(r)
    return CoverageFact(
        id=_text(r.get("id")),
        patient=reference(r.get("beneficiary")),
        payor=reference(payor),
        payor_name=_text(payor.get("display")) or _text(_dict(payor.get("identifier")).get("value")),
        member_id=_text(r.get("subscriberId")) or (ids[0][1] if ids else ""),
        relationship=_code(r.get("relationship")) or "self",
        subscriber=reference(r.get("subscriber")),
        order=order if isinstance(order, int) and not isinstance(order, bool) and 1 <= order <= 3 else 1,
        group=classes.get("group", ""),
        plan=classes.get("plan", ""),
        starts_on=day(period.get("start")),
        ends_on=day(period.get("end")),
        status=_text(r.get("status")),
    )


def encounter(r: Json) -> EncounterFact:
    """An Encounter."""
    period = _dict(r.get("period"))
    people = [reference(_dict(one).get("individual")) for one in _list(r, "participant")]
    return EncounterFact(
        id=_text(r.get("id")),
        patient=reference(r.get("subject")),
        status=_text(r.get("status")),
        kind=_text(_dict(r.get("class")).get("code")),
        starts_on=day(period.get("start")),
        ends_on=day(period.get("end")),
        practitioner=next((one for one in people if one), ""),
        types=tuple(code for one in _list(r, "type") for code in codes(one)),
        reasons=tuple(code for one in _list(r, "reasonCode") for code in codes(one)),
        diagnoses=tuple(reference(_dict(one).get("condition")) for one in _list(r, "diagnosis")),
    )


def condition(r: Json) -> CodedFact:
    """A Condition; one that was entered in error or refuted says so by its status."""
    status = _code(r.get("verificationStatus"))
    on = day(r.get("recordedDate")) or day(r.get("onsetDateTime"))
    return CodedFact(_text(r.get("id")), reference(r.get("subject")), reference(r.get("encounter")),
                     codes(r.get("code")), on, status)  # fmt: skip


def procedure(r: Json) -> CodedFact:
    """A Procedure."""
    on = day(r.get("performedDateTime")) or day(_dict(r.get("performedPeriod")).get("start"))
    return CodedFact(_text(r.get("id")), reference(r.get("subject")), reference(r.get("encounter")),
                     codes(r.get("code")), on, _text(r.get("status")))  # fmt: skip


def claim(r: Json) -> ClaimFact:
    """A Claim."""
    ordered = sorted(map(_dict, _list(r, "diagnosis")), key=lambda one: _whole(one.get("sequence")))
    period = _dict(r.get("billablePeriod"))
    return ClaimFact(
        id=_text(r.get("id")),
        patient=reference(r.get("patient")),
        kind=_code(r.get("type")),
        provider=reference(r.get("provider")),
        on=day(period.get("start")) or day(r.get("created")),
        diagnoses=tuple(
            (reference(one.get("diagnosisReference")), codes(one.get("diagnosisCodeableConcept"))) for one in ordered
        ),
        items=tuple(_item(_dict(one)) for one in _list(r, "item")),
        total=_decimal(_dict(r.get("total")).get("value")),
    )


def charge_item(r: Json) -> ChargeItemFact:
    """A ChargeItem."""
    price = _decimal(_dict(r.get("priceOverride")).get("value"))
    on = day(r.get("occurrenceDateTime")) or day(_dict(r.get("occurrencePeriod")).get("start"))
    units = _decimal(_dict(r.get("quantity")).get("value")) or Decimal(1)
    where = reference(r.get("context"))
    item = ItemFact(codes(r.get("code")), units, price, (), (), (where,) if where else (), on)
    return ChargeItemFact(_text(r.get("id")), reference(r.get("subject")), where, _text(r.get("status")), item)


def named(r: Json) -> NamedFact:
    """A Practitioner, an Organization or a Location."""
    name = r.get("name")
    if isinstance(name, list):
        best = _best(name, "use", "official")
        words = " ".join([*(_text(part) for part in _list(best, "given")), _text(best.get("family"))]).strip()
    else:
        words = _text(name)
    return NamedFact(_text(r.get("id")), words, tuple((system, value) for system, value, _ in _identifiers(r)))


def codes(concept: Any) -> Codes:
    """The codings of a CodeableConcept."""
    return tuple(
        Code(SYSTEMS.get(_text(one.get("system")), _text(one.get("system"))), _text(one.get("code")),
             _text(one.get("display")))
        for one in map(_dict, _list(_dict(concept), "coding"))
        if _text(one.get("code"))
    )  # fmt: skip


def reference(value: Any) -> str:
    """The id a Reference points to: `urn:uuid:x` and `Patient/x` are both `x`."""
    text = _text(_dict(value).get("reference"))
    return text.removeprefix("urn:uuid:").rsplit("/", 1)[-1]


def day(value: Any) -> date | None:
    """The calendar day of a date or dateTime, in its own zone; None for a partial one."""
    text = _text(value)[:10]
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _item(one: Json) -> ItemFact:
    period = _dict(one.get("servicedPeriod"))
    return ItemFact(
        codes=codes(one.get("productOrService")),
        units=_decimal(_dict(one.get("quantity")).get("value")) or Decimal(1),
        net=_decimal(_dict(one.get("net")).get("value")),
        modifiers=tuple(code.code for concept in _list(one, "modifier") for code in codes(concept)),
        diagnoses=tuple(_whole(n) for n in _list(one, "diagnosisSequence")),
        encounters=tuple(reference(ref) for ref in _list(one, "encounter")),
        on=day(one.get("servicedDate")) or day(period.get("start")),
    )


def _identifiers(r: Json) -> list[tuple[str, str, str]]:
    found = (_dict(one) for one in _list(r, "identifier"))
    return [
        (_text(o.get("system")), _text(o.get("value")), _code(o.get("type"))) for o in found if _text(o.get("value"))
    ]


def _telecom(r: Json, system: str) -> str:
    found = (_dict(one) for one in _list(r, "telecom"))
    return next((_text(one.get("value")) for one in found if one.get("system") == system), "")


def _place(address: Json) -> Place:
    lines = [_text(line) for line in _list(address, "line")]
    zip_code = "".join(c for c in _text(address.get("postalCode")) if c.isdigit())
    return Place(
        lines[0] if lines else "", lines[1] if len(lines) > 1 else "", _text(address.get("city")),
        _text(address.get("state")), zip_code if len(zip_code) in (5, 9) else "",
    )  # fmt: skip


def _best(found: list[Any], key: str, wanted: str) -> Json:
    """The entry with the wanted use; else the first."""
    all_ = [_dict(one) for one in found]
    return next((one for one in all_ if one.get(key) == wanted), all_[0] if all_ else {})


def _code(concept: Any) -> str:
    return next((one.code for one in codes(concept)), "")


def _list(value: Json, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 9 else None
