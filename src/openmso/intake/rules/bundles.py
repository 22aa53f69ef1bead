"""From FHIR resources to visits: every entry of a bundle is used, kept aside or refused, with words.

Encounters become visits. What was done there comes from ChargeItems, else from the lines of Claims, and from
Procedures that neither names; why, from the Claim's diagnoses, else the Conditions, else the reason of the encounter.
A Claim's line that repeats a diagnosis of it is no service; a line belongs to the first encounter it names, else to the
first that its Claim does; a Claim that names none is of the only encounter of its patient on its day. A Claim that was
cancelled, or that only asks for authorization, bills nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from edi.health import fhir
from edi.health.fhir import ClaimFact, CodedFact, Codes, CoverageFact, EncounterFact, ItemFact, NamedFact, PatientFact
from edi.health.stream import Entry
from openmso.intake.rules.codemap import CodeMap
from openmso.intake.rules.drafts import CoverIn, LineIn, Load, PatientIn, Someone, VisitIn
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.words import counted

PLACES = {"AMB": "11", "VR": "10", "HH": "12", "EMER": "23", "IMP": "21", "ACUTE": "21", "NONAC": "21", "OBSENC": "22",
          "SS": "22", "FLD": "99", "PRENC": "11", "wellness": "11", "ambulatory": "11", "outpatient": "11",
          "urgentcare": "20", "emergency": "23", "inpatient": "21", "virtual": "10", "home": "12"}  # fmt: skip
"""Place of service of an encounter's class."""

MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
HAPPENED = {"finished", "in-progress", "onleave", "arrived", "triaged"}
GENDERS = {"male": "M", "female": "F"}
ORDERS = "PST"
"""Primary, secondary, tertiary."""
RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19"}
NOT_A_BILL = defaultdict(
    lambda: "The claim does not say that it is one: it bills nothing.",
    preauthorization="It asks for authorization: it bills nothing.",
    predetermination="It asks what would be paid: it bills nothing.",
)
"""What is said of a Claim by its use, where that is not to claim."""
GIVE_RESOURCES = "Export it again as FHIR R4 in JSON: a Bundle, resources line by line, or one."
GIVE_PATIENTS = (
    "Put the Patient that it names into the same file; an export with a file for each type is set end to end."
)
UNREADABLE_MAX = 1000
"""Entries that are no resources, after which the file is taken for something else."""
NOT_BILLING = "It is not what a claim is made of; the file keeps it."


class NotResources(Refused):
    """The file is JSON, and something else than FHIR."""

    code = "not_fhir"


@dataclass(slots=True)
class _Heap:
    """The facts of a bundle by kind and id, with the entries they stand in."""

    patients: dict[str, PatientFact] = field(default_factory=dict)
    encounters: dict[str, EncounterFact] = field(default_factory=dict)
    conditions: dict[str, CodedFact] = field(default_factory=dict)
    procedures: dict[str, CodedFact] = field(default_factory=dict)
    claims: dict[str, ClaimFact] = field(default_factory=dict)
    charge_items: dict[str, fhir.ChargeItemFact] = field(default_factory=dict)
    coverages: dict[str, CoverageFact] = field(default_factory=dict)
    related: dict[str, PatientFact] = field(default_factory=dict)
    named: dict[str, NamedFact] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    """Kind, and what a reference may say in place of an id: the full URL, or an identifier."""
    days: dict[tuple[str, date | None], list[str]] = field(default_factory=lambda: defaultdict(list))
    """The encounters of a patient on a day."""
    unreadable: int = 0
    nameless: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many resources without id and URL say the same."""

    def key(self, kind: str, ref: str) -> str:
        """The key of the resource of a kind that a reference names."""
        return self.aliases.get((kind, ref), ref)

    def use(self, kind: str, ref: str) -> Any:
        """The fact of a condition, person or organization that a reference names, marked as used; or None."""
        key = self.key(kind, ref)
        shelf: dict[str, Any] = getattr(self, _READ[kind][1])
        found = shelf.get(f"{kind}/{key}" if shelf is self.named else key)
        if found is not None:
            self.used.add((kind, key))
        return found


def load(entries: Iterable[Entry], codes: CodeMap) -> Load:
    """The visits of a FHIR file, and the account of every entry of it; raises `NotResources`."""
    loaded, heap = Load("fhir"), _Heap()
    for entry in entries:
        _take(entry, heap, loaded)
    _people(heap, loaded)
    _covers(heap, loaded)
    for key, encounter in heap.encounters.items():
        heap.days[heap.key("Patient", encounter.patient), encounter.starts_on].append(key)
    by_encounter = _by_encounter(heap, loaded)
    for key, encounter in heap.encounters.items():
        _visit(key, encounter, by_encounter, heap, loaded, codes)
    _account(heap, loaded)
    loaded.items.sort(key=lambda item: item.position)
    return loaded


def _take(entry: Entry, heap: _Heap, loaded: Load) -> None:
    resource = entry.resource
    if resource is None:
        if heap.unreadable == UNREADABLE_MAX:
            raise NotResources(
                f"More than {UNREADABLE_MAX:,} entries of the file are no FHIR resources.", fix=GIVE_RESOURCES
            )
        heap.unreadable += 1
        loaded.refused(entry.position, "unreadable", "", entry.problem, fix=GIVE_RESOURCES)
        return
    kind = str(resource["resourceType"])
    if kind not in _READ:
        loaded.kept(entry.position, kind, str(resource.get("id", ""))[:120], NOT_BILLING)
        return
    read, _ = _READ[kind]
    alias = entry.full_url.removeprefix("urn:uuid:").rsplit("/", 1)[-1]
    name = str(resource.get("id") or "") or alias
    for inside in fhir.contained(resource, name):
        if (what := str(inside["resourceType"])) in _CONTAINED:
            _shelve(what, _READ[what][0](inside), str(inside["id"]), heap)
    fact = read(resource)
    key = fact.id or alias or _nameless(resource, kind, heap)
    if (kind, key) in heap.places:
        if _shelved(kind, key, heap) == fact:
            loaded.kept(entry.position, kind, key, "The file has the same before.")
        else:
            loaded.refused(
                entry.position, kind, key, f"The file has another {kind} of this id before.", field="id",
                fix="Give each an id of its own, or send the later one alone.",
            )  # fmt: skip
        return
    heap.places[kind, key] = entry.position
    for other in (alias, *fhir.identifiers(resource)):
        if other and other != key:
            heap.aliases.setdefault((kind, other), key)
    _shelve(kind, fact, key, heap)


def _nameless(resource: fhir.Json, kind: str, heap: _Heap) -> str:
    """The key of a resource that has neither id nor URL: the same for the same content, another for another."""
    digest = hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()[:24]
    number = heap.nameless[kind, digest]
    heap.nameless[kind, digest] += 1
    return f"{digest}-{number}" if number else digest


def _shelve(kind: str, fact: Any, key: str, heap: _Heap) -> None:
    shelf = _READ[kind][1]
    getattr(heap, shelf)[f"{kind}/{key}" if shelf == "named" else key] = fact


def _shelved(kind: str, key: str, heap: _Heap) -> Any:
    shelf = _READ[kind][1]
    return getattr(heap, shelf)[f"{kind}/{key}" if shelf == "named" else key]


_READ: dict[str, tuple[Callable[[fhir.Json], Any], str]] = {
    "Patient": (fhir.patient, "patients"),
    "Coverage": (fhir.coverage, "coverages"),
    "Encounter": (fhir.encounter, "encounters"),
    "Condition": (fhir.condition, "conditions"),
    "Procedure": (fhir.procedure, "procedures"),
    "Claim": (fhir.claim, "claims"),
    "ChargeItem": (fhir.charge_item, "charge_items"),
    "RelatedPerson": (fhir.patient, "related"),
    "Practitioner": (fhir.named, "named"),
    "PractitionerRole": (fhir.role, "named"),
    "Organization": (fhir.named, "named"),
    "Location": (fhir.named, "named"),
}
_CONTAINED = {"Condition", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson"}
"""What is read inside another resource; it is accounted for with it."""


def _people(heap: _Heap, loaded: Load) -> None:
    for key, fact in heap.patients.items():
        position = heap.places["Patient", key]
        if not fact.last:
            loaded.refused(
                position, "Patient", key, "The patient has no family name.", field="name.family",
                fix="Give the name in its parts, family and given.",
            )  # fmt: skip
            continue
        loaded.patients.append(
            PatientIn(key, fact.mrn[:50] or key[:50], _someone(fact), fact.phone, fact.email, fact.ssn)
        )
        loaded.used(position, "Patient", key, "Became a patient.")
    known = {patient.key for patient in loaded.patients}
    for key in list(heap.patients):
        if key not in known:
            del heap.patients[key]


def _someone(fact: PatientFact) -> Someone:
    return Someone(
        fact.last, fact.first, fact.middle, fact.suffix, fact.born_on, GENDERS.get(fact.gender, "U"), fact.place.line1,
        fact.place.line2, fact.place.city, _state(fact.place.state), fact.place.zip,
    )  # fmt: skip


def _covers(heap: _Heap, loaded: Load) -> None:
    taken: dict[tuple[str, int], list[CoverageFact]] = defaultdict(list)
    for key in sorted(heap.coverages, key=_claimed_first(heap)):
        fact, position = heap.coverages[key], heap.places["Coverage", key]
        patient = _find(fact.patient, heap.patients, heap)
        if fact.status and fact.status != "active":
            loaded.kept(position, "Coverage", key, f"The coverage is {fact.status}.")
        elif patient is None:
            loaded.refused(position, "Coverage", key, "The coverage names no patient of this file.", fix=GIVE_PATIENTS)
        elif _find(fact.payor, heap.patients, heap):
            loaded.kept(position, "Coverage", key, "The patient pays: nobody else is to be billed.")
        elif not fact.member_id:
            loaded.refused(
                position, "Coverage", key, "The coverage has no member id.", field="subscriberId",
                fix="Give it as subscriberId, or as an identifier of the type MB.",
            )  # fmt: skip
        else:
            order = fact.order or next(n for n in range(1, 5) if not _meets(fact, taken[patient, n]))
            if order > len(ORDERS):
                loaded.kept(position, "Coverage", key, "Three coverages of the patient come before it.")
                continue
            taken[patient, order].append(fact)
            loaded.covers.append(_cover(patient, fact, ORDERS[order - 1], heap, position))
            loaded.used(position, "Coverage", key, "Became a coverage.")


def _claimed_first(heap: _Heap) -> Callable[[str], tuple[bool, int, int]]:
    """Coverages that say their order, then as the Claims have them, then as they stand in the file."""
    claimed: dict[str, int] = {}
    for claim in heap.claims.values():
        for n, ref in enumerate(claim.coverages):
            claimed.setdefault(heap.key("Coverage", ref), n)
    return lambda key: (not heap.coverages[key].order, claimed.get(key, len(ORDERS)), heap.places["Coverage", key])


def _meets(fact: CoverageFact, others: Iterable[CoverageFact]) -> bool:
    """Whether a coverage is in force on some day together with one of the others."""
    first, last = fact.starts_on or date.min, fact.ends_on or date.max
    return any(first <= (one.ends_on or date.max) and (one.starts_on or date.min) <= last for one in others)


def _cover(patient: str, fact: CoverageFact, order: str, heap: _Heap, position: int) -> CoverIn:
    payor: NamedFact | None = heap.use("Organization", fact.payor)
    ids = (*(value for _, value in payor.identifiers), *fact.payor_ids) if payor else fact.payor_ids
    holder = _holder(fact, patient, heap)
    relationship = RELATIONSHIPS.get(fact.relationship, "G8") if holder else "18"
    return CoverIn(
        patient, next(iter(ids), ""), (payor.name if payor else "") or fact.payor_name, fact.member_id[:80],
        relationship, order, fact.starts_on or date(1900, 1, 1), fact.ends_on, fact.group[:50], fact.plan[:60],
        _someone(holder) if holder and relationship != "18" else None, position, ids,
    )  # fmt: skip


def _holder(fact: CoverageFact, patient: str, heap: _Heap) -> PatientFact | None:
    """Who holds the coverage, where it is somebody else than the patient: a patient too, or a related person."""
    subscriber = _find(fact.subscriber, heap.patients, heap)
    if subscriber is not None:
        return heap.patients[subscriber] if subscriber != patient else None
    related: PatientFact | None = heap.use("RelatedPerson", fact.subscriber)
    return related if related and related.last else None


@dataclass(slots=True)
class _Done:
    """What the bundle says of one encounter."""

    claims: dict[str, list[ItemFact]] = field(default_factory=dict)
    """The claims that speak of it, each with its lines of this encounter."""
    charge_items: list[str] = field(default_factory=list)
    procedures: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)


def _by_encounter(heap: _Heap, loaded: Load) -> dict[str, _Done]:
    found: dict[str, _Done] = defaultdict(_Done)
    for key, claim in heap.claims.items():
        if claim.status not in {"active", ""} or claim.use not in {"claim", ""}:
            what = "entered in error" if claim.status == "entered-in-error" else claim.status
            told = f"The claim is {what}: it bills nothing." if what not in {"active", ""} else NOT_A_BILL[claim.use]
            loaded.kept(heap.places["Claim", key], "Claim", key, told)
            continue
        where = _encounters(claim, heap)
        for one in where:
            found[one].claims[key] = []
        for item in claim.items if where else ():
            found[_belongs(item, where, heap)].claims[key].append(item)
    for key, charge in heap.charge_items.items():
        found[heap.key("Encounter", charge.encounter)].charge_items.append(key)
    for shelf, facts in (("procedures", heap.procedures), ("conditions", heap.conditions)):
        for key, fact in facts.items():
            getattr(found[heap.key("Encounter", fact.encounter)], shelf).append(key)
    return found


def _encounters(claim: ClaimFact, heap: _Heap) -> list[str]:
    """The encounters that a claim's lines name; else the only one of its patient on its day."""
    named = list(dict.fromkeys(heap.key("Encounter", ref) for item in claim.items for ref in item.encounters))
    on = next((item.on for item in claim.items if item.on), claim.on)
    that_day = heap.days.get((heap.key("Patient", claim.patient), on), []) if not named else []
    return that_day if len(that_day) == 1 else named


def _belongs(item: ItemFact, where: list[str], heap: _Heap) -> str:
    """The encounter that a line is of: the first it names, else the first of its claim's."""
    return heap.key("Encounter", item.encounters[0]) if item.encounters else where[0]


def _visit(
    key: str, fact: EncounterFact, by_encounter: dict[str, _Done], heap: _Heap, loaded: Load, codes: CodeMap
) -> None:
    position = heap.places["Encounter", key]
    patient = _find(fact.patient, heap.patients, heap)
    if fact.status and fact.status not in HAPPENED:
        loaded.kept(position, "Encounter", key, f"The encounter is {fact.status}: nothing took place to be billed.")
        return
    if patient is None or fact.starts_on is None:
        missing = "a patient of this file" if patient is None else "a day"
        fix = GIVE_PATIENTS if patient is None else "Give its period a start."
        loaded.refused(position, "Encounter", key, f"The encounter names no {missing[2:]}.", fix=fix)
        return
    done = by_encounter.get(key, _Done())
    diagnoses, system, sequence = _diagnoses(fact, done, heap, codes)
    lines = _lines(fact, done, heap, codes, sequence, fact.starts_on)
    places = (item.place for items in done.claims.values() for item in items if item.place)
    reason = next((code.display for code in (*fact.reasons, *fact.types) if code.display), "")
    loaded.visits.append(
        VisitIn(
            key, patient, fact.starts_on, _clinician(fact, done, heap), next(places, PLACES.get(fact.kind, "11")),
            reason, diagnoses, system, tuple(lines), position,
        )
    )  # fmt: skip
    words = (
        f"Became a visit with {counted(len(lines), 'charge')}."
        if lines
        else "Became a visit; the file says nothing was charged."
    )
    loaded.used(position, "Encounter", key, words)


def _clinician(fact: EncounterFact, done: _Done, heap: _Heap) -> str:
    """The NPI of who rendered an encounter: by the encounter, else by its claims."""
    for ref in (fact.practitioner, *(ref for name in done.claims for ref in heap.claims[name].providers)):
        role: NamedFact | None = heap.use("PractitionerRole", ref)
        person: NamedFact | None = heap.use("Practitioner", role.person if role else ref)
        system, _, value = ref.partition("|")
        found = (person.identifier(fhir.NPI) if person else "") or (role.identifier(fhir.NPI) if role else "")
        if npi := found or (value if system == fhir.NPI else ""):
            return npi
    return ""


def _claim_diagnoses(claim: ClaimFact, heap: _Heap) -> list[tuple[int, Codes]]:
    """The diagnoses of a claim: the number in its sequence, and the codings."""
    found: list[tuple[int, Codes]] = []
    for number, ref, given in claim.diagnoses:
        condition: CodedFact | None = heap.use("Condition", ref)
        found.append((number, condition.codes if condition else given))
    return found


def _diagnoses(
    fact: EncounterFact, done: _Done, heap: _Heap, codes: CodeMap
) -> tuple[tuple[str, ...], str, dict[Codes, int]]:
    """The diagnoses in order, the system of those no payer takes, and the pointer to each by its codings."""
    found = [codings for name in done.claims for _, codings in _claim_diagnoses(heap.claims[name], heap)]
    for ref in (*fact.diagnoses, *(done.conditions if not found else ())):
        condition = heap.conditions.get(heap.key("Condition", ref))
        if condition is not None and condition.status not in {"entered-in-error", "refuted"}:
            heap.use("Condition", ref)
            found.append(condition.codes)
    if not found and fact.reasons:
        found.append(fact.reasons)
    if not found and codes.diagnosis(fact.types)[1] == "":
        found.append(fact.types)  # a check-up: the map says which diagnosis its kind stands for
    chosen: dict[str, str] = {}
    pointers: dict[Codes, int] = {}
    for codings in found:
        code, system = codes.diagnosis(codings)
        if code:
            chosen.setdefault(code, system)
            pointers[codings] = list(chosen).index(code) + 1
    return tuple(chosen), next((system for system in chosen.values() if system), ""), pointers


def _lines(
    fact: EncounterFact, done: _Done, heap: _Heap, codes: CodeMap, pointers: dict[Codes, int], on: date
) -> list[LineIn]:
    lines: list[LineIn] = []
    for name in done.charge_items:
        one = heap.charge_items[name]
        if one.status not in {"aborted", "not-billable", "entered-in-error"}:
            heap.used.add(("ChargeItem", name))
            lines.append(_line(f"ChargeItem/{name}", one.item, codes, (), on, None))
    said: set[Codes] = set()
    for name, items in () if lines else done.claims.items():
        heap.used.add(("Claim", name))
        claim = heap.claims[name]
        fresh = [item for item in items if item.codes not in said]
        said |= {item.codes for item in fresh}
        by_number = dict(_claim_diagnoses(claim, heap))
        total = claim.total if len(items) == len(claim.items) else None  # what is left may be of another visit
        lines += _of_claim(name, replace(claim, items=tuple(fresh), total=total), by_number, codes, pointers, on)
    named = {item.codes for items in done.claims.values() for item in items}
    for name in done.procedures:
        procedure = heap.procedures[name]
        heap.used.add(("Procedure", name))
        if procedure.codes not in named and procedure.status in {"completed", "in-progress", ""}:
            item = ItemFact(procedure.codes, Decimal(1), None, (), (), (), procedure.on)
            lines.append(_line(f"Procedure/{name}", item, codes, (), on, None))
    if not lines and fact.types:
        item = ItemFact(fact.types, Decimal(1), None, (), (), (), on)
        lines.append(_line(f"Encounter/{fact.id}", item, codes, (), on, None))
    return lines


def _of_claim(
    name: str, claim: ClaimFact, by_number: dict[int, Codes], codes: CodeMap, pointers: dict[Codes, int], on: date
) -> list[LineIn]:
    """The services of a Claim; its lines that only repeat a diagnosis are none."""
    stated = {codings for codings in by_number.values() if codings} | set(pointers)
    services = [(n, item) for n, item in enumerate(claim.items, start=1) if item.codes not in stated or item.encounters]
    bare = [number for number, item in services if item.net is None]
    named = sum((item.net for _, item in services if item.net is not None), Decimal(0))
    left = Money.rounded((claim.total or Decimal(0)) - named)
    parts = dict(zip(bare, left.split([1] * len(bare)), strict=True)) if bare and left > ZERO else {}
    lines = []
    for number, item in services:
        told = (pointers.get(by_number.get(n, ()), 0) for n in item.diagnoses)
        points = tuple(dict.fromkeys(point for point in told if point))
        lines.append(_line(f"Claim/{name}/{number}", item, codes, points, on, parts.get(number)))
    return lines


def _line(key: str, item: ItemFact, codes: CodeMap, pointers: tuple[int, ...], on: date, left: Money | None) -> LineIn:
    code, system = codes.procedure(item.codes)
    modifiers = tuple(modifier for modifier in item.modifiers if MODIFIER.fullmatch(modifier))
    return LineIn(
        key[:120], code, system, item.on or on, modifiers[:4], pointers[:4] or (1,), item.units, item.net, left,
    )  # fmt: skip


def _account(heap: _Heap, loaded: Load) -> None:
    """Everything that is not accounted for yet: used by a visit, or kept aside, saying why."""
    told = {item.position for item in loaded.items}
    for (kind, key), position in heap.places.items():
        if position in told:
            continue
        if (kind, key) in heap.used:
            loaded.used(position, kind, key, _USED.get(kind, "Went into a visit."))
        else:
            loaded.kept(position, kind, key, _KEPT.get(kind, "No visit of this file speaks of it."))


_USED = {
    "Claim": "Its lines became charges of the visit.",
    "ChargeItem": "Became a charge.",
    "Procedure": "Became a charge of the visit, or stands on its claim already.",
    "Condition": "Became a diagnosis of a visit.",
    "Practitioner": "Rendered a visit of this file.",
    "PractitionerRole": "Rendered a visit of this file.",
    "RelatedPerson": "Holds a coverage of this file.",
    "Organization": "Pays a coverage of this file.",
}
_KEPT = {
    "Claim": "It names no encounter of this file, nor is there just one of its patient and day: no visit to bill.",
    "Organization": "No coverage of this file names it as payer.",
    "Practitioner": "No visit of this file names them.",
    "PractitionerRole": "No visit of this file names them.",
    "RelatedPerson": "No coverage of this file is theirs.",
    "Location": "The practice's own sites are used.",
}


def _find(ref: str, shelf: dict[str, PatientFact], heap: _Heap) -> str | None:
    """The key of a patient that a reference names, by id, full URL or identifier."""
    key = heap.key("Patient", ref)
    return key if key in shelf else None


def _state(text: str) -> str:
    return text.upper() if len(text) == 2 else STATES.get(text.casefold(), "")


STATES = dict(
    pair.split(":")
    for pair in (
        "alabama:AL alaska:AK arizona:AZ arkansas:AR california:CA colorado:CO connecticut:CT delaware:DE florida:FL "
        "georgia:GA hawaii:HI idaho:ID illinois:IL indiana:IN iowa:IA kansas:KS kentucky:KY louisiana:LA maine:ME "
        "maryland:MD massachusetts:MA michigan:MI minnesota:MN mississippi:MS missouri:MO montana:MT nebraska:NE "
        "nevada:NV ohio:OH oklahoma:OK oregon:OR pennsylvania:PA tennessee:TN texas:TX utah:UT vermont:VT virginia:VA "
        "washington:WA wisconsin:WI wyoming:WY"
    ).split()
) | {
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC",
    "north dakota": "ND", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "west virginia": "WV",
    "district of columbia": "DC", "puerto rico": "PR",
}  # fmt: skip
