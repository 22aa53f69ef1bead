"""Questions about patients and coverages. Searching uses ranges over the `lookup` key: they keep the index in use
under row-level security, where ILIKE and trigrams do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from openmso.kit.errors import NotFound
from openmso.kit.memory import uncollected
from openmso.kit.money import ZERO, Money
from openmso.parties.contracts import Address
from openmso.patients.contracts import (
    Coverage,
    CoverWords,
    Order,
    Patient,
    PatientRow,
    Person,
    PersonWords,
    PlanKind,
    Relationship,
    Sex,
)
from openmso.patients.models import Coverage as CoverageModel
from openmso.patients.models import Patient as PatientModel
from openmso.patients.models import PatientIdentifier
from openmso.patients.rules import AFTER_ALL, digits, lookup_ways
from openmso.platform.database.reading import read
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Page, PageAsk

FOUND_MAX = 2000


def get(public_id: str) -> Patient:
    """One patient; raises `NotFound`."""
    row = PatientModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no patient {public_id}.")
    return contract(row)


def by_ids(ids: Collection[int]) -> dict[int, Patient]:
    """Patients by their keys."""
    rows = PatientModel.objects.filter(pk__in=ids).values_list(
        "pk", "public_id", "practice_id", "mrn", "phone", "email", "last_name", "first_name", "middle_name", "suffix",
        "born_on", "sex", "line1", "line2", "city", "state", "zip",
    )  # fmt: skip
    return {
        row[0]: Patient(*row[:4], Person(*row[6:11], SEXES[row[11]], Address(*row[12:])), row[4], row[5])
        for row in rows
    }


def everybody(practice: int) -> Iterator[Patient]:
    """Every patient of a practice, one after the other, for whoever takes them all away."""
    found = PatientModel.objects.filter(practice_id=practice).defer("ssn", "ssn_index").order_by("pk")
    yield from map(contract, found.iterator(chunk_size=2_000))


def every_coverage(practice: int) -> Iterator[Coverage]:
    """Every coverage of a practice's patients, one after the other."""
    found = CoverageModel.objects.filter(practice_id=practice).order_by("pk")
    yield from map(coverage_contract, found.iterator(chunk_size=2_000))


def words_of(ids: Collection[int]) -> dict[int, tuple[str, PersonWords]]:
    """Record number and what a claim says of each of many patients, by their keys."""
    rows = PatientModel.objects.filter(pk__in=ids).values_list(
        "pk", "mrn", "last_name", "first_name", "middle_name", "suffix", "born_on", "sex", "line1", "line2", "city",
        "state", "zip",
    )  # fmt: skip
    return {row[0]: (row[1], PersonWords._make(row[2:])) for row in rows}


def cover_words_of(ids: Collection[int]) -> dict[int, CoverWords]:
    """What a claim says of each of many coverages, by their keys."""
    rows = CoverageModel.objects.filter(pk__in=ids).values_list(
        "pk", "member_id", "order", "relationship", "starts_on", "ends_on", "group_number", "plan_name",
        "insurance_type",
    )  # fmt: skip
    found = {row[0]: CoverWords(*row[1:]) for row in rows}
    others = [pk for pk, words in found.items() if words.relationship != Relationship.SELF]
    subscribers = CoverageModel.objects.filter(pk__in=others).values_list(
        "pk", "subscriber_last_name", "subscriber_first_name", "subscriber_middle_name", "subscriber_suffix",
        "subscriber_born_on", "subscriber_sex", "subscriber_line1", "subscriber_line2", "subscriber_city",
        "subscriber_state", "subscriber_zip",
    )  # fmt: skip
    for pk, *words in subscribers if others else ():
        found[pk] = found[pk]._replace(subscriber=tuple(words))
    return found


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Only the names, for a page of a list."""
    rows = PatientModel.objects.filter(pk__in=ids).values_list("pk", "first_name", "middle_name", "last_name", "suffix")
    return {pk: " ".join(part for part in parts if part) for pk, *parts in rows}


def ids_named(text: str, *, limit: int = FOUND_MAX) -> list[int]:
    """The keys of patients whose name, record number or telephone begins like this; at most `limit`."""
    return list(_named(text).values_list("pk", flat=True)[:limit])


def with_phone(*, practice: int, phone: str) -> list[int]:
    """The keys of a practice's patients with a telephone number of ten digits."""
    rows = PatientModel.objects.filter(practice_id=practice, phone=phone) if len(phone) == 10 else ()
    return [row.pk for row in rows]


def places_of_phone(phone: str) -> list[int]:
    """The practices that have patients with a telephone number. Asked of the whole network."""
    found = PatientModel.objects.filter(phone=phone).order_by("practice_id") if len(phone) == 10 else None
    return list(found.values_list("practice_id", flat=True).distinct()) if found is not None else []


def search(*, text: str, page: PageAsk) -> Page[PatientRow]:
    """A page of the patients in scope, by name; the text narrows by name, record number, telephone."""
    rows = _named(text) if text.strip() else PatientModel.objects.all()
    order = {"mrn": "mrn", "born_on": "born_on"}.get(page.sort, "lookup")
    total = rows.count()
    shown = rows.order_by(f"{'-' if page.desc else ''}{order}", "pk")[page.offset : page.offset + page.size]
    names = dict(Tenant.objects.values_list("pk", "name"))
    listed = tuple(
        PatientRow(
            row.pk, row.public_id, row.practice_id, names.get(row.practice_id, ""), row.mrn, person(row).name,
            row.born_on, row.phone,
        )
        for row in shown.defer("ssn", "ssn_index")
    )  # fmt: skip
    return Page(listed, total, page)


def coverages_of(patient_ids: Collection[int]) -> dict[int, tuple[Coverage, ...]]:
    """All coverages of some patients: the primary first, medical before vision, then the latest first."""
    found: dict[int, list[Coverage]] = defaultdict(list)
    for row in CoverageModel.objects.filter(patient_id__in=patient_ids).order_by("-starts_on", "pk"):
        found[row.patient_id].append(coverage_contract(row))
    rank = {order: number for number, order in enumerate(Order)}
    return {patient: tuple(sorted(rows, key=lambda c: (rank[c.order], c.kind))) for patient, rows in found.items()}


def paying(covers: Iterable[Coverage], *, on: date, kind: PlanKind | None = None) -> Coverage | None:
    """The coverage that is asked first on a day: of the kind that the visit goes to, else whichever holds."""
    held = [one for one in covers if one.holds_on(on)]
    return next((one for one in held if one.kind is kind), held[0] if held else None)


def beside(covers: Iterable[Coverage], coverage_id: int | None) -> list[Coverage]:
    """The coverages that take turns with one, itself among them: those of its kind; of an unknown one, all."""
    every = list(covers)
    kind = next((one.kind for one in every if one.id == coverage_id), None)
    return [one for one in every if kind is None or one.kind is kind]


def coverages(ids: Collection[int]) -> dict[int, Coverage]:
    """Coverages by their keys."""
    with uncollected():
        return {row.id: coverage_contract(row) for row in read(CoverageModel.objects.filter(pk__in=ids))}


def covered_by(coverage: str) -> str:
    """Whose coverage it is: the patient's public id; raises `NotFound`."""
    row = CoverageModel.objects.filter(public_id=coverage).select_related("patient").first()
    if row is None:
        raise NotFound(f"There is no coverage {coverage}.")
    return row.patient.public_id


def covered(practice: int) -> dict[int, list[tuple[int, date, date | None]]]:
    """Payer, first day and the first day after, of every coverage of a practice's patients, by patient."""
    rows = CoverageModel.objects.filter(practice_id=practice).order_by("order", "pk")
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    for patient, payer, starts_on, ends_on in rows.values_list("patient_id", "payer_id", "starts_on", "ends_on"):
        found.setdefault(patient, []).append((payer, starts_on, ends_on))
    return found


def several_coverages(patient_ids: Collection[int]) -> dict[int, tuple[Coverage, ...]]:
    """The coverages of those among some patients who have more than one, in their order."""
    rows = CoverageModel.objects.filter(patient_id__in=patient_ids)
    several = rows.values("patient_id").annotate(n=Count("pk")).filter(n__gt=1).values_list("patient_id", flat=True)
    return coverages_of(list(several))


def known_ids(*, practice: int, source: str, source_ids: Collection[str]) -> dict[str, int]:
    """The patients another system knows under these ids."""
    rows = PatientIdentifier.objects.filter(practice_id=practice, source=source, source_id__in=source_ids)
    return dict(rows.values_list("source_id", "patient_id"))


def _named(text: str) -> QuerySet[PatientModel]:
    typed, rows = text.strip(), PatientModel.objects.all()
    found = Q(mrn=typed) | Q(public_id=typed.upper())
    ways = lookup_ways(typed)
    if not ways:
        return rows.none()
    for begins, holds in ways:
        named = Q(lookup__gte=begins, lookup__lt=begins + AFTER_ALL)
        found |= named & Q(lookup__contains=f" {holds}") if holds else named
    if len(number := digits(typed)) == 10:
        found |= Q(phone=number)
    return rows.filter(found)


def person(row: PatientModel) -> Person:
    """The person of a patient's row."""
    return Person(
        row.last_name, row.first_name, row.middle_name, row.suffix, row.born_on, Sex(row.sex),
        Address(row.line1, row.line2, row.city, row.state, row.zip),
    )  # fmt: skip


def contract(row: PatientModel) -> Patient:
    """A row as it leaves the app."""
    return Patient(row.pk, row.public_id, row.practice_id, row.mrn, person(row), row.phone, row.email)


ORDERS: Mapping[str, Order] = {one.value: one for one in Order}
RELATIONSHIPS: Mapping[str, Relationship] = {one.value: one for one in Relationship}
KINDS: Mapping[str, PlanKind] = {one.value: one for one in PlanKind}
SEXES: Mapping[str, Sex] = {one.value: one for one in Sex}
"""Looked up, which takes a fifth of making each from its value."""


def coverage_contract(row: CoverageModel) -> Coverage:
    """A row as it leaves the app."""
    relationship = RELATIONSHIPS[row.relationship]
    return Coverage(
        row.id, row.public_id, row.practice_id, row.patient_id, row.payer_id, ORDERS[row.order], row.member_id,
        row.group_number, row.plan_name, relationship,
        None if relationship is Relationship.SELF else _subscriber(row), row.starts_on, row.ends_on,
        Money.of(row.copay_amount) if row.copay_amount else ZERO, row.insurance_type, KINDS[row.kind],
    )  # fmt: skip


def _subscriber(row: CoverageModel) -> Person:
    return Person(
        row.subscriber_last_name, row.subscriber_first_name, row.subscriber_middle_name, row.subscriber_suffix,
        row.subscriber_born_on, Sex(row.subscriber_sex or Sex.UNKNOWN),
        Address(row.subscriber_line1, row.subscriber_line2, row.subscriber_city, row.subscriber_state,
                row.subscriber_zip),
    )  # fmt: skip
