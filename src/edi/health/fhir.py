"""What the business reads in FHIR R4 resources, as frozen facts. Missing parts are empty; nothing raises for data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]

NPI = "http://hl7.org/fhir/sid/us-npi"
SSN = "http://hl7.org/fhir/sid/us-ssn"
_IDENTIFIERS = {"urn:oid:2.16.840.1.113883.4.6": NPI, "urn:oid:2.16.840.1.113883.4.1": SSN}
"""Other addresses of identifier systems."""
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
    "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes": "HCPCS",
    "https://bluebutton.cms.gov/resources/codesystem/hcpcs": "HCPCS",
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
    display: str = field(default="", compare=False)


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
    payor_ids: tuple[str, ...]
    payor_name: str
    member_id: str
    relationship: str
    subscriber: str
    order: int
    """1 primary, 2 secondary, 3 tertiary; 0 when it does not say."""
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
    """Conditions, by their rank."""


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
    """Sequence numbers of the Claim's diagnoses."""
    encounters: tuple[str, ...]
    on: date | None
    place: str = ""
    """Place of service, two digits."""


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """Claim."""

    id: str
    patient: str
    kind: str
    use: str
    """`claim`; else a preauthorization or a predetermination, which asks for no money."""
    status: str
    providers: tuple[str, ...]
    """Who may have rendered it: the care team in its order, then the provider."""
    coverages: tuple[str, ...]
    """In their sequence."""
    on: date | None
    diagnoses: tuple[tuple[int, str, Codes], ...]
    """In their sequence: its number, a reference to a Condition, or codes."""
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
    """Practitioner, PractitionerRole, Organization or Location: a name and its ids by system."""

    id: str
    name: str
    identifiers: tuple[tuple[str, str], ...]
    person: str = ""
    """The Practitioner whose role it is."""

    def identifier(self, system: str) -> str:
        """The id under a system."""
        return next((value for one, value in self.identifiers if one == system), "")


def patient(r: Json) -> PatientFact:
    """A Patient, or a RelatedPerson."""
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
    payor_id = _text(_dict(payor.get("identifier")).get("value"))
    classes = {_code(one.get("type")): _text(one.get("value")) for one in map(_dict, _list(r, "class"))}
    period = _dict(r.get("period"))
    order = r.get("order")
    ids = _identifiers(r)
    return CoverageFact(
        id=_text(r.get("id")),
        patient=reference(r.get("beneficiary")),
        payor=reference(payor),
        payor_ids=(payor_id,) if payor_id else (),
        payor_name=_text(payor.get("display")) or payor_id,
        member_id=_text(r.get("subscriberId"))
        or next((value for _, value, kind in ids if kind == "MB"), ids[0][1] if ids else ""),
        relationship=_code(r.get("relationship")) or "self",
        subscriber=reference(r.get("subscriber")),
        order=order if isinstance(order, int) and not isinstance(order, bool) and 1 <= order <= 3 else 0,
        group=classes.get("group", ""),
        plan=classes.get("plan", ""),
        starts_on=day(period.get("start")),
        ends_on=day(period.get("end")),
        status=_text(r.get("status")),
    )


def encounter(r: Json) -> EncounterFact:
    """An Encounter."""
    period = _dict(r.get("period"))
    people = sorted(map(_dict, _list(r, "participant")), key=_is_no_performer)
    named = [reference(one.get("individual")) for one in people]
    ranked = sorted(map(_dict, _list(r, "diagnosis")), key=lambda one: _whole(one.get("rank")) or RANK_LAST)
    return EncounterFact(
        id=_text(r.get("id")),
        patient=reference(r.get("subject")),
        status=_text(r.get("status")),
        kind=_text(_dict(r.get("class")).get("code")),
        starts_on=day(period.get("start")),
        ends_on=day(period.get("end")),
        practitioner=next((one for one in named if one), ""),
        types=tuple(code for one in _list(r, "type") for code in codes(one)),
        reasons=tuple(code for one in _list(r, "reasonCode") for code in codes(one)),
        diagnoses=tuple(reference(one.get("condition")) for one in ranked),
    )


RANK_LAST = 1000


def _is_no_performer(participant: Json) -> bool:
    kinds = {code.code for concept in _list(participant, "type") for code in codes(concept)}
    return not kinds & {"PPRF", "ATND"}


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
    period = _dict(r.get("billablePeriod"))
    people = (*(reference(one.get("provider")) for one in _sequence(r, "careTeam")), reference(r.get("provider")))
    return ClaimFact(
        id=_text(r.get("id")),
        patient=reference(r.get("patient")),
        kind=_code(r.get("type")),
        use=_text(r.get("use")),
        status=_text(r.get("status")),
        providers=tuple(dict.fromkeys(one for one in people if one)),
        coverages=tuple(reference(one.get("coverage")) for one in _sequence(r, "insurance")),
        on=day(period.get("start")) or day(r.get("created")),
        diagnoses=tuple(
            (
                _whole(one.get("sequence")),
                reference(one.get("diagnosisReference")),
                codes(one.get("diagnosisCodeableConcept")),
            )
            for one in _sequence(r, "diagnosis")
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


def role(r: Json) -> NamedFact:
    """A PractitionerRole: whose role it is, and their NPI where it says so itself."""
    person = _dict(r.get("practitioner"))
    told = _identifiers({"identifier": [person.get("identifier")]})
    ids = tuple((system, value) for system, value, _ in (*_identifiers(r), *told))
    return NamedFact(_text(r.get("id")), _text(person.get("display")), ids, reference(person))


def identifiers(r: Json) -> tuple[str, ...]:
    """What a reference may call a resource by beside its id: `system|value`, as in `reference`."""
    return tuple(f"{system}|{value}" for system, value, _ in _identifiers(r))


def codes(concept: Any) -> Codes:
    """The codings of a CodeableConcept."""
    return tuple(
        Code(_system(_text(one.get("system"))), _text(one.get("code")), _text(one.get("display")))
        for one in map(_dict, _list(_dict(concept), "coding"))
        if _text(one.get("code"))
    )  # fmt: skip


def _system(address: str) -> str:
    return SYSTEMS.get(address, "") or SYSTEMS.get(address.rstrip("/"), address)


def reference(value: Any) -> str:
    """What a Reference points to: `x` for `urn:uuid:x`, `Patient/x` and `Patient/x/_history/2`.

    For one by identifier (`Practitioner?identifier=system|value`, or an identifier alone) it is `system|value`.
    """
    text = _text(_dict(value).get("reference"))
    if "?identifier=" in text:
        system, _, given = text.partition("?identifier=")[2].partition("|")
        return f"{_IDENTIFIERS.get(system, system)}|{given}"
    if not text:
        return next(iter(identifiers({"identifier": [_dict(value).get("identifier")]})), "")
    return text.partition("/_history/")[0].removeprefix("urn:uuid:").rsplit("/", 1)[-1]


def contained(r: Json, name: str) -> list[Json]:
    """The resources inside another, each under `name#id`; whatever refers to them is made to say so too."""
    found = [one for one in map(_dict, _list(r, "contained")) if _text(one.get("id")) and one.get("resourceType")]
    if found:
        _localize(r, name)
    return [one | {"id": f"{name}#{one['id']}"} for one in found]


def _localize(value: Any, name: str) -> None:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and _text(value.get("reference")).startswith("#"):
        value["reference"] = f"{name}{value['reference']}"
    for one in inner:
        _localize(one, name)


def day(value: Any) -> date | None:
    """The calendar day of a date or dateTime, in its own zone; None for a partial one."""
    text = _text(value)[:10]
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _item(one: Json) -> ItemFact:
    period = _dict(one.get("servicedPeriod"))
    units = _decimal(_dict(one.get("quantity")).get("value")) or Decimal(1)
    net, each = _decimal(_dict(one.get("net")).get("value")), _decimal(_dict(one.get("unitPrice")).get("value"))
    places = (code.code for code in codes(one.get("locationCodeableConcept")) if len(code.code) == 2)
    return ItemFact(
        codes=codes(one.get("productOrService")),
        units=units,
        net=each * units * (_decimal(one.get("factor")) or 1) if net is None and each is not None else net,
        modifiers=tuple(code.code for concept in _list(one, "modifier") for code in codes(concept)),
        diagnoses=tuple(_whole(n) for n in _list(one, "diagnosisSequence")),
        encounters=tuple(reference(ref) for ref in _list(one, "encounter")),
        on=day(one.get("servicedDate")) or day(period.get("start")),
        place=next((place for place in places if place.isdecimal()), ""),
    )


def _identifiers(r: Json) -> list[tuple[str, str, str]]:
    """System, value, and code of the kind; an NPI is one by its system or by its kind."""
    found = (_dict(one) for one in _list(r, "identifier"))
    told = [(_text(o.get("system")), _text(o.get("value")), _code(o.get("type"))) for o in found]
    return [
        (NPI if kind == "NPI" else _IDENTIFIERS.get(system, system), value, kind)
        for system, value, kind in told
        if value
    ]


def _sequence(r: Json, key: str) -> list[Json]:
    """The parts of a Claim by their sequence numbers."""
    return sorted(map(_dict, _list(r, key)), key=lambda one: _whole(one.get("sequence")))


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
    return found if found.is_finite() and found.adjusted() < 9 else None
