"""From FHIR resources to visits: every entry of a bundle is used, kept aside or refused, with words.

Encounters become visits. What was done there comes from ChargeItems, else from the lines of Claims, and from
Procedures that neither names; why, from the Claim's diagnoses, else the Conditions, else the reason of the encounter.
A Claim's line that repeats a diagnosis of it is no service.
"""

from __future__ import annotations

from collections import defaultdict
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
from openmso.kit.money import ZERO, Money
from openmso.kit.words import counted

PLACES = {"AMB": "11", "VR": "10", "HH": "12", "EMER": "23", "IMP": "21", "ACUTE": "21", "NONAC": "21", "OBSENC": "22",
          "SS": "22", "FLD": "99", "PRENC": "11", "wellness": "11", "ambulatory": "11", "outpatient": "11",
          "urgentcare": "20", "emergency": "23", "inpatient": "21", "virtual": "10", "home": "12"}  # fmt: skip
"""Place of service of an encounter's class."""

HAPPENED = {"finished", "in-progress", "onleave", "arrived", "triaged"}
GENDERS = {"male": "M", "female": "F"}
RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19"}
NOT_BILLING = "It is not what a claim is made of; the file keeps it."


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
    named: dict[str, NamedFact] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)


def load(entries: Iterable[Entry], codes: CodeMap) -> Load:
    """The visits of a FHIR file, and the account of every entry of it."""
    loaded, heap = Load("fhir"), _Heap()
    for entry in entries:
        _take(entry, heap, loaded)
    _people(heap, loaded)
    _covers(heap, loaded)
    by_encounter = _by_encounter(heap)
    for key, encounter in heap.encounters.items():
        _visit(key, encounter, by_encounter, heap, loaded, codes)
    _account(heap, loaded)
    loaded.items.sort(key=lambda item: item.position)
    return loaded


def _take(entry: Entry, heap: _Heap, loaded: Load) -> None:
    resource = entry.resource
    if resource is None:
        loaded.refused(entry.position, "unreadable", "", entry.problem)
        return
    kind = str(resource["resourceType"])
    found = _READ.get(kind)
    if found is None:
        loaded.kept(entry.position, kind, str(resource.get("id", ""))[:120], NOT_BILLING)
        return
    read, shelf = found
    fact = read(resource)
    key = fact.id or entry.full_url.removeprefix("urn:uuid:").rsplit("/", 1)[-1] or f"#{entry.position}"
    if (kind, key) in heap.places:
        loaded.refused(entry.position, kind, key, f"The file has another {kind} of this id before.")
        return
    heap.places[kind, key] = entry.position
    alias = entry.full_url.removeprefix("urn:uuid:").rsplit("/", 1)[-1]
    if alias and alias != key:
        heap.aliases[alias] = key
    getattr(heap, shelf)[f"{kind}/{key}" if shelf == "named" else key] = fact


_READ: dict[str, tuple[Callable[[fhir.Json], Any], str]] = {
    "Patient": (fhir.patient, "patients"),
    "Coverage": (fhir.coverage, "coverages"),
    "Encounter": (fhir.encounter, "encounters"),
    "Condition": (fhir.condition, "conditions"),
    "Procedure": (fhir.procedure, "procedures"),
    "Claim": (fhir.claim, "claims"),
    "ChargeItem": (fhir.charge_item, "charge_items"),
    "Practitioner": (fhir.named, "named"),
    "Organization": (fhir.named, "named"),
    "Location": (fhir.named, "named"),
}


def _people(heap: _Heap, loaded: Load) -> None:
    for key, fact in heap.patients.items():
        position = heap.places["Patient", key]
        if not fact.last:
            loaded.refused(position, "Patient", key, "The patient has no family name.")
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
    for key, fact in heap.coverages.items():
        position = heap.places["Coverage", key]
        patient = _find(fact.patient, heap.patients, heap)
        if fact.status and fact.status != "active":
            loaded.kept(position, "Coverage", key, f"The coverage is {fact.status}.")
        elif patient is None:
            loaded.refused(position, "Coverage", key, "The coverage names no patient of this file.")
        elif not fact.member_id:
            loaded.refused(position, "Coverage", key, "The coverage has no member id.")
        else:
            loaded.covers.append(_cover(patient, fact, heap, position))
            loaded.used(position, "Coverage", key, "Became a coverage.")


def _cover(patient: str, fact: CoverageFact, heap: _Heap, position: int) -> CoverIn:
    payor = heap.named.get(f"Organization/{heap.aliases.get(fact.payor, fact.payor)}")
    if payor is not None:
        heap.used.add(("Organization", heap.aliases.get(fact.payor, fact.payor)))
    subscriber = _find(fact.subscriber, heap.patients, heap)
    relationship = RELATIONSHIPS.get(fact.relationship, "G8")
    if relationship != "18" and subscriber in {None, patient}:
        relationship = "18"
    return CoverIn(
        patient, payor.identifiers[0][1] if payor and payor.identifiers else "",
        (payor.name if payor else "") or fact.payor_name, fact.member_id[:80], relationship, "PST"[fact.order - 1],
        fact.starts_on or date(1900, 1, 1), fact.ends_on, fact.group[:50], fact.plan[:60],
        _someone(heap.patients[subscriber]) if subscriber and relationship != "18" else None, position,
    )  # fmt: skip


@dataclass(slots=True)
class _Done:
    """What the bundle says of one encounter."""

    claims: list[str] = field(default_factory=list)
    charge_items: list[str] = field(default_factory=list)
    procedures: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)


def _by_encounter(heap: _Heap) -> dict[str, _Done]:
    found: dict[str, _Done] = defaultdict(_Done)
    for key, claim in heap.claims.items():
        for where in dict.fromkeys(ref for item in claim.items for ref in item.encounters):
            found[heap.aliases.get(where, where)].claims.append(key)
    for key, one in heap.charge_items.items():
        found[heap.aliases.get(one.encounter, one.encounter)].charge_items.append(key)
    for shelf, facts in (("procedures", heap.procedures), ("conditions", heap.conditions)):
        for key, fact in facts.items():
            getattr(found[heap.aliases.get(fact.encounter, fact.encounter)], shelf).append(key)
    return found


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
        loaded.refused(position, "Encounter", key, f"The encounter names no {missing[2:]}.")
        return
    done = by_encounter.get(key, _Done())
    diagnoses, system, sequence = _diagnoses(fact, done, heap, codes)
    lines = _lines(fact, done, heap, codes, sequence, fact.starts_on)
    who = heap.named.get(f"Practitioner/{heap.aliases.get(fact.practitioner, fact.practitioner)}")
    if who is not None:
        heap.used.add(("Practitioner", heap.aliases.get(fact.practitioner, fact.practitioner)))
    reason = next((code.display for code in (*fact.reasons, *fact.types) if code.display), "")
    loaded.visits.append(
        VisitIn(
            key, patient, fact.starts_on, who.identifier(fhir.NPI) if who else "", PLACES.get(fact.kind, "11"),
            reason, diagnoses, system, tuple(lines), position,
        )
    )  # fmt: skip
    words = (
        f"Became a visit with {counted(len(lines), 'charge')}."
        if lines
        else "Became a visit; the file says nothing was charged."
    )
    loaded.used(position, "Encounter", key, words)


def _diagnoses(
    fact: EncounterFact, done: _Done, heap: _Heap, codes: CodeMap
) -> tuple[tuple[str, ...], str, dict[Codes, int]]:
    """The diagnoses in order, the system of those no payer takes, and the pointer to each by its codings."""
    found: list[Codes] = []
    for name in done.claims:
        for ref, given in heap.claims[name].diagnoses:
            condition = heap.conditions.get(heap.aliases.get(ref, ref))
            if condition is not None:
                heap.used.add(("Condition", heap.aliases.get(ref, ref)))
            found.append(condition.codes if condition else given)
    for ref in (*fact.diagnoses, *(done.conditions if not found else ())):
        condition = heap.conditions.get(heap.aliases.get(ref, ref))
        if condition is not None and condition.status not in {"entered-in-error", "refuted"}:
            heap.used.add(("Condition", heap.aliases.get(ref, ref)))
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
    for name in () if lines else done.claims:
        heap.used.add(("Claim", name))
        fresh = [item for item in heap.claims[name].items if item.codes not in said]
        said |= {item.codes for item in fresh}
        lines += _of_claim(name, replace(heap.claims[name], items=tuple(fresh)), codes, pointers, on)
    named = {codings for name in done.claims for codings in (item.codes for item in heap.claims[name].items)}
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


def _of_claim(name: str, claim: ClaimFact, codes: CodeMap, pointers: dict[Codes, int], on: date) -> list[LineIn]:
    """The services of a Claim; its lines that only repeat a diagnosis are none."""
    stated = {given for ref, given in claim.diagnoses if given} | set(pointers)
    services = [(n, item) for n, item in enumerate(claim.items, start=1) if item.codes not in stated or item.encounters]
    bare = [number for number, item in services if item.net is None]
    named = sum((item.net for _, item in services if item.net is not None), Decimal(0))
    left = Money.rounded((claim.total or Decimal(0)) - named)
    parts = dict(zip(bare, left.split([1] * len(bare)), strict=True)) if bare and left > ZERO else {}
    return [
        _line(f"Claim/{name}/{number}", item, codes, item.diagnoses, on, parts.get(number)) for number, item in services
    ]


def _line(key: str, item: ItemFact, codes: CodeMap, pointers: tuple[int, ...], on: date, left: Money | None) -> LineIn:
    code, system = codes.procedure(item.codes)
    return LineIn(
        key[:120], code, system, item.on or on, tuple(m[:2] for m in item.modifiers[:4]), pointers[:4] or (1,),
        item.units, item.net, left,
    )  # fmt: skip


def _account(heap: _Heap, loaded: Load) -> None:
    """Everything that is not accounted for yet: used by a visit, or kept aside, saying why."""
    known = {(item.kind, item.record_id) for item in loaded.items}
    for (kind, key), position in heap.places.items():
        if (kind, key[:120]) in known:
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
    "Organization": "Pays a coverage of this file.",
}
_KEPT = {
    "Claim": "It names no encounter of this file; without one there is no visit to bill.",
    "Organization": "No coverage of this file names it as payer.",
    "Practitioner": "No visit of this file names them.",
    "Location": "The practice's own sites are used.",
}


def _find(ref: str, shelf: dict[str, PatientFact], heap: _Heap) -> str | None:
    """The key of a fact that a reference names, by id or by full URL."""
    for key in (ref, heap.aliases.get(ref, "")):
        if key and key in shelf:
            return key
    return None


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
