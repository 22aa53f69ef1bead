"""Registering patients and recording who covers them; the only writer of these tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.ids import public_id
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import payers
from openmso.patients import contracts, queries, rules
from openmso.patients.contracts import Coverage, CoverageDraft, Patient, PatientDraft, Person, PlanKind, Relationship
from openmso.patients.models import Coverage as CoverageModel
from openmso.patients.models import Patient as PatientModel
from openmso.patients.models import PatientIdentifier
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

SUBJECT = "patients.patient"


class NotACoverage(Refused):
    """What was told of a coverage does not hold together."""

    code = "not_a_coverage"


class CoveragesOverlap(Conflict):
    """Two coverages of one order on the same day: nobody could say which payer comes first."""

    code = "coverages_overlap"


def register(*, actor: Actor, practice: int, draft: PatientDraft, at: datetime) -> Patient:
    """Register one patient; one that is known under the same foreign id or record number is given back."""
    return register_many(actor=actor, practice=practice, drafts=[draft], at=at)[0]


def strangers(*, practice: int, drafts: Sequence[PatientDraft]) -> list[bool]:
    """Of each draft, whether its number or id is here, or in an earlier one, that of another person."""
    numbered = [_with_number(draft) for draft in drafts]
    known = _known(practice, numbered)
    on_file = queries.by_ids(set(known.values()))
    first: dict[str, Person] = {}
    answers = []
    for draft in numbered:
        here = known.get(_key(draft))
        person = on_file[here].person if here else first.setdefault(draft.mrn, draft.person)
        answers.append(person.is_another(draft.person))
    return answers


@atomic
def register_many(*, actor: Actor, practice: int, drafts: Sequence[PatientDraft], at: datetime) -> list[Patient]:
    """Register patients, each once, in the order given; what is on file already is not changed."""
    decision = actor.must(contracts.EDIT.code, practice)
    numbered = [_with_number(draft) for draft in drafts]
    known = _known(practice, numbered)
    fresh: dict[str, PatientModel] = {}
    for draft in numbered:
        if _key(draft) not in known and draft.mrn not in fresh:
            fresh[draft.mrn] = _row(practice, draft)
    PatientModel.objects.bulk_create(fresh.values(), batch_size=1000)
    _remember_ids(practice, numbered, known, fresh)
    if fresh:
        audit.record(
            actor=actor, action="patients.registered_many", practice=practice, subject=(SUBJECT, ""), at=at,
            facts={"count": len(fresh)}, decision=decision,
        )  # fmt: skip
    by_id = queries.by_ids({known.get(_key(d)) or fresh[d.mrn].pk for d in numbered})
    return [by_id[known.get(_key(draft)) or fresh[draft.mrn].pk] for draft in numbered]


@atomic
def change(*, actor: Actor, patient: str, person: Person, phone: str, email: str, at: datetime) -> Patient:
    """Change a patient's name, birth date, address and how to reach them."""
    row = PatientModel.objects.select_for_update().filter(public_id=patient).first()
    if row is None:
        raise NotFound(f"There is no patient {patient}.")
    decision = actor.must(contracts.EDIT.code, row.practice_id)
    wanted = _named(person) | {"phone": rules.digits(phone)[-10:], "email": email}
    wanted["lookup"] = rules.lookup_name(person.last_name, person.first_name)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(
            actor=actor, action="patients.changed", practice=row.practice_id, subject=(SUBJECT, patient), at=at,
            facts={"fields": ", ".join(name for name in changed if name != "lookup")}, decision=decision,
        )  # fmt: skip
    return queries.contract(row)


def cover(*, actor: Actor, practice: int, patient_id: int, draft: CoverageDraft, at: datetime) -> Coverage:
    """Record one coverage of a patient; raises `CoveragesOverlap`."""
    return cover_many(actor=actor, practice=practice, drafts=[(patient_id, draft)], at=at)[0]


@atomic
def cover_many(
    *, actor: Actor, practice: int, drafts: Sequence[tuple[int, CoverageDraft]], at: datetime
) -> list[Coverage]:
    """Record coverages, each once: the same payer and member from the same day is the one on file."""
    decision = actor.must(contracts.EDIT.code, practice)
    patients = sorted({patient for patient, _ in drafts})
    locked = dict(PatientModel.objects.select_for_update().filter(pk__in=patients).values_list("pk", "public_id"))
    on_file = {patient: list(rows) for patient, rows in queries.coverages_of(patients).items()}
    answers = []
    for patient, draft in _of_kind(drafts):
        rows = on_file.setdefault(patient, [])
        same = next((row for row in rows if _is_same(row, draft)), None)
        if same is None:
            _refuse_unsaid(draft)
            _refuse_overlap(rows, draft)
            same = queries.coverage_contract(CoverageModel.objects.create(**_coverage(practice, patient, draft)))
            rows.append(same)
            audit.record(
                actor=actor, action="patients.covered", practice=practice, subject=(SUBJECT, locked[patient]), at=at,
                facts={"starts_on": str(draft.starts_on)}, decision=decision,
            )  # fmt: skip
        answers.append(same)
    return answers


@atomic
def correct_coverage(*, actor: Actor, coverage: str, draft: CoverageDraft, at: datetime) -> Coverage:
    """Say anew what the insurance card says; raises `CoveragesOverlap`."""
    row = _locked_coverage(coverage)
    decision = actor.must(contracts.EDIT.code, row.practice_id)
    ((_, draft),) = _of_kind([(row.patient_id, draft)])
    _refuse_unsaid(draft)
    others = queries.coverages_of([row.patient_id])[row.patient_id]
    _refuse_overlap([other for other in others if other.id != row.pk], draft)
    wanted = _NO_SUBSCRIBER | _coverage(row.practice_id, row.patient_id, draft)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(
            actor=actor, action="patients.coverage_corrected", practice=row.practice_id, at=at,
            subject=("patients.coverage", coverage), facts={"fields": ", ".join(changed)}, decision=decision,
        )  # fmt: skip
    return queries.coverage_contract(row)


def _locked_coverage(public_id: str) -> CoverageModel:
    row = CoverageModel.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no coverage {public_id}.")
    return row


@atomic
def end_coverage(*, actor: Actor, coverage: str, ends_on: date, at: datetime) -> Coverage:
    """End a coverage: `ends_on` is the first day on which it no longer holds."""
    row = _locked_coverage(coverage)
    decision = actor.must(contracts.EDIT.code, row.practice_id)
    row.ends_on = max(ends_on, row.starts_on)
    row.save(update_fields=["ends_on"])
    audit.record(
        actor=actor, action="patients.coverage_ended", practice=row.practice_id, at=at,
        subject=("patients.coverage", coverage), facts={"ends_on": str(row.ends_on)}, decision=decision,
    )  # fmt: skip
    return queries.coverage_contract(row)


def _with_number(draft: PatientDraft) -> PatientDraft:
    """A draft without a record number gets one of ours, so that every patient has one."""
    return draft if draft.mrn else replace(draft, mrn=draft.source_id[:50] or public_id("MRN"))


def _key(draft: PatientDraft) -> tuple[str, str]:
    return (draft.source, draft.source_id) if draft.source_id else ("", draft.mrn)


def _known(practice: int, drafts: Sequence[PatientDraft]) -> dict[tuple[str, str], int]:
    """The patients on file, by foreign id first, else by record number."""
    known: dict[tuple[str, str], int] = {}
    for source in {draft.source for draft in drafts if draft.source_id}:
        ids = {draft.source_id for draft in drafts if draft.source == source}
        found = queries.known_ids(practice=practice, source=source, source_ids=ids)
        known |= {(source, source_id): patient for source_id, patient in found.items()}
    rows = PatientModel.objects.filter(practice_id=practice, mrn__in={draft.mrn for draft in drafts})
    by_number = dict(rows.values_list("mrn", "pk"))
    for draft in drafts:
        if _key(draft) not in known and draft.mrn in by_number:
            known[_key(draft)] = by_number[draft.mrn]
    return known


def _remember_ids(
    practice: int,
    drafts: Sequence[PatientDraft],
    known: dict[tuple[str, str], int],
    fresh: dict[str, PatientModel],
) -> None:
    rows = [
        PatientIdentifier(
            practice_id=practice, source=draft.source, source_id=draft.source_id,
            patient_id=known.get(_key(draft)) or fresh[draft.mrn].pk,
        )
        for draft in drafts
        if draft.source_id
    ]  # fmt: skip
    PatientIdentifier.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


def _row(practice: int, draft: PatientDraft) -> PatientModel:
    return PatientModel(
        practice_id=practice, mrn=draft.mrn, phone=rules.digits(draft.phone)[-10:], email=draft.email,
        ssn=draft.ssn or None, lookup=rules.lookup_name(draft.person.last_name, draft.person.first_name),
        **_named(draft.person),
    )  # fmt: skip


def _named(person: Person, prefix: str = "") -> dict[str, object]:
    where = person.address
    return {
        f"{prefix}last_name": person.last_name[:60], f"{prefix}first_name": person.first_name[:35],
        f"{prefix}middle_name": person.middle_name[:25], f"{prefix}suffix": person.suffix[:10],
        f"{prefix}born_on": person.born_on, f"{prefix}sex": person.sex.value,
        f"{prefix}line1": where.line1[:55], f"{prefix}line2": where.line2[:55], f"{prefix}city": where.city[:30],
        f"{prefix}state": where.state[:2], f"{prefix}zip": rules.digits(where.zip)[:9],
    }  # fmt: skip


_NO_SUBSCRIBER: dict[str, object] = {
    name: None if name.endswith("born_on") else "" for name in _named(Person("", ""), "subscriber_")
}


def _coverage(practice: int, patient: int, draft: CoverageDraft) -> dict[str, object]:
    subscriber = _named(draft.subscriber, "subscriber_") if draft.subscriber else {}
    return {
        "practice_id": practice, "patient_id": patient, "payer_id": draft.payer_id, "order": draft.order.value,
        "kind": draft.kind or PlanKind.MEDICAL,
        "member_id": draft.member_id, "group_number": draft.group_number, "plan_name": draft.plan_name[:60],
        "relationship": draft.relationship.value, "insurance_type": draft.insurance_type,
        "copay_amount": draft.copay.amount, "starts_on": draft.starts_on, "ends_on": draft.ends_on, **subscriber,
    }  # fmt: skip


def _of_kind(drafts: Sequence[tuple[int, CoverageDraft]]) -> list[tuple[int, CoverageDraft]]:
    """The drafts with their kind said: a plan of a vision payer is one."""
    vision = {one.id for one in payers.every() if one.kind is PayerKind.VISION}
    kinds = {True: PlanKind.VISION, False: PlanKind.MEDICAL}
    return [(patient, replace(one, kind=one.kind or kinds[one.payer_id in vision])) for patient, one in drafts]


def _is_same(row: Coverage, draft: CoverageDraft) -> bool:
    return (row.payer_id, row.member_id, row.order, row.starts_on) == (
        draft.payer_id, draft.member_id, draft.order, draft.starts_on,
    )  # fmt: skip


def _refuse_unsaid(draft: CoverageDraft) -> None:
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise NotACoverage(
            f"It would end on {draft.ends_on}, before it begins.", field="ends_on", fix="Correct one of the days."
        )
    if draft.relationship is not Relationship.SELF and not (draft.subscriber and draft.subscriber.last_name):
        raise NotACoverage(
            "Nobody is named who holds the policy.", field="subscriber_last_name",
            fix="Name the subscriber, or say that the patient is.",
        )  # fmt: skip


def _refuse_overlap(rows: Sequence[Coverage], draft: CoverageDraft) -> None:
    for row in rows:
        apart = (row.ends_on is not None and row.ends_on <= draft.starts_on) or (
            draft.ends_on is not None and draft.ends_on <= row.starts_on
        )
        if (row.kind, row.order) == (draft.kind, draft.order) and not apart:
            raise CoveragesOverlap(
                f"Another {draft.order.label.lower()} {row.kind.label.lower()} coverage holds from {row.starts_on}.",
                field="starts_on",
                fix="End that one first, or record this one as secondary.",
            )  # fmt: skip
