"""Asking: questions become checks that wait for the next sending; nobody is asked twice for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from openmso.eligibility.contracts import CHECK, FAILED, CheckDraft
from openmso.eligibility.models import Check
from openmso.eligibility.queries import checks as queries
from openmso.eligibility.rules import freshness
from openmso.eligibility.services import moving, waiting
from openmso.eligibility.states import OPEN, S
from openmso.kit.errors import NotFound, Refused
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import queries as scheduling
from openmso.scheduling.contracts import Visit

AHEAD_DAYS = 3
UNCOVERED = "No coverage is on file for the visit."
ASK_PATIENT = "Ask the patient for the card and record the coverage."


class CannotAsk(Refused):
    """Nobody can be asked about this."""

    code = "cannot_ask"


@atomic
def ask(*, actor: Actor, practice: int, drafts: Sequence[CheckDraft], at: datetime) -> list[str]:
    """Record questions, each once while it is open; the public ids of their checks, in the order given."""
    decision = actor.must(CHECK.code, practice)
    covers = {c.id: c for found in patients.coverages_of({d.patient_id for d in drafts}).values() for c in found}
    asked = [draft.coverage_id for draft in drafts if draft.coverage_id]
    waiting_ = Check.objects.filter(practice_id=practice, coverage_id__in=asked, state__in=sorted(OPEN))
    open_ = {(row.coverage_id, row.asked_for): row for row in waiting_}
    fresh: list[Check] = []
    answers = []
    for draft in drafts:
        row = open_.get((draft.coverage_id, draft.on)) if draft.coverage_id else None
        if row is None:
            row = _row(practice, draft, covers, actor, at)
            fresh.append(row)
            if draft.coverage_id:
                open_[draft.coverage_id, draft.on] = row
        answers.append(row.public_id)
    Check.objects.bulk_create(fresh, batch_size=1000)
    waiting.keep_in_step([row for row in fresh if row.state == S.FAILED], {}, actor=actor, at=at, under=decision)
    if fresh:
        audit.record(
            actor=actor, action="eligibility.requested", practice=practice, subject=(waiting.SUBJECT, ""), at=at,
            facts={"count": len(fresh)}, decision=decision,
        )  # fmt: skip
    return answers


def _row(practice: int, draft: CheckDraft, covers: dict[int, Coverage], actor: Actor, at: datetime) -> Check:
    cover = covers.get(draft.coverage_id or 0)
    row = Check(
        practice_id=practice, patient_id=draft.patient_id, coverage_id=draft.coverage_id, payer_id=draft.payer_id,
        visit_id=draft.visit_id, visit_on=draft.on if draft.visit_id else None, asked_for=draft.on, state=S.DUE,
        service_types=list(draft.service_types), member_id=cover.member_id if cover else "", requested_at=at,
        requested_by=actor.name,
    )  # fmt: skip
    if cover is None:
        moving.move(row, S.FAILED, words=UNCOVERED, fix=ASK_PATIENT)
    return row


@atomic
def ask_ahead(*, actor: Actor, practice: int, at: datetime, days: int = AHEAD_DAYS) -> list[str]:
    """Ask about every visit of the coming days whose coverages no fresh answer tells of; the new checks."""
    today = tenancy.today(practice, at)
    visits = scheduling.planned(practice=practice, starts_on=today, ends_on=today + timedelta(days=days + 1))
    covers = patients.coverages_of({visit.patient_id for visit in visits})
    known = queries.known_about(practice, [visit.id for visit in visits], [c.id for cs in covers.values() for c in cs])
    drafts = list(_drafts(visits, covers, known, today))
    return ask(actor=actor, practice=practice, drafts=drafts, at=at) if drafts else []


def _drafts(
    visits: Iterable[Visit], covers: dict[int, tuple[Coverage, ...]], known: queries.Known, today: date
) -> Iterable[CheckDraft]:
    kinds = {payer.id: payer.kind for payer in payers.every()}
    for visit in visits:
        held = [cover for cover in covers.get(visit.patient_id, ()) if cover.holds_on(visit.service_on)]
        if not held and visit.id not in known.uncovered:
            yield CheckDraft(visit.patient_id, None, None, visit.service_on, visit.id)
        for cover in held:
            last = known.answered.get(cover.id)
            is_fresh = last is not None and freshness.holds(
                answered_on=last[0], asked_for=last[1], visit_on=visit.service_on
            )
            if not is_fresh and cover.id not in known.waiting:
                yield draft_of(cover, visit.service_on, kinds.get(cover.payer_id), visit.id)


def draft_of(cover: Coverage, on: date, kind: PayerKind | None, visit_id: int | None = None) -> CheckDraft:
    """The question about one coverage; a vision plan is asked about eyes."""
    services = ("AL",) if kind is PayerKind.VISION else ("30",)
    return CheckDraft(cover.patient_id, cover.id, cover.payer_id, on, visit_id, services)


@atomic
def ask_about_patient(*, actor: Actor, patient: str, at: datetime, on: date | None = None) -> list[str]:
    """Ask about every coverage of a patient that holds on a day, today unless told; raises `CannotAsk`."""
    found = patients.get(patient)
    day = on or tenancy.today(found.practice, at)
    held = [cover for cover in patients.coverages_of([found.id]).get(found.id, ()) if cover.holds_on(day)]
    if not held:
        raise CannotAsk(f"No coverage of the patient holds on {day}.", fix=ASK_PATIENT)
    kinds = {payer.id: payer.kind for payer in payers.every()}
    drafts = [draft_of(cover, day, kinds.get(cover.payer_id)) for cover in held]
    return ask(actor=actor, practice=found.practice, drafts=drafts, at=at)


@atomic
def ask_again(*, actor: Actor, checks: Sequence[str], at: datetime) -> list[str]:
    """Ask anew what failed or waits to be retried, as the record stands now; of an answered one, a new check."""
    rows = list(Check.objects.select_for_update().filter(public_id__in=checks).order_by("pk"))
    if not rows:
        raise NotFound("There are no such coverage checks.")
    again: list[str] = []
    for practice in sorted({row.practice_id for row in rows}):
        decision = actor.must(CHECK.code, practice)
        mine = [row for row in rows if row.practice_id == practice]
        again += _anew([row for row in mine if row.state in {S.FAILED, S.RETRY}], actor, at, decision)
        answered = [row for row in mine if row.state == S.ANSWERED]
        drafts = [
            CheckDraft(row.patient_id, row.coverage_id, row.payer_id, row.asked_for, row.visit_id,
                       tuple(row.service_types))
            for row in answered
        ]  # fmt: skip
        again += ask(actor=actor, practice=practice, drafts=drafts, at=at) if drafts else []
    return again


def _anew(rows: Sequence[Check], actor: Actor, at: datetime, decision: Decision) -> list[str]:
    """Failed ones as they are now: a coverage that was recorded meanwhile is asked about, a corrected id is taken."""
    covers = patients.coverages_of({row.patient_id for row in rows})
    asked = []
    for row in rows:
        mine = covers.get(row.patient_id, ())
        cover = next((one for one in mine if one.id == row.coverage_id), None) or next(
            (one for one in mine if one.holds_on(row.asked_for)), None
        )
        if cover is None:
            continue
        if row.state == S.FAILED:
            waiting.close(row, FAILED, actor=actor, at=at, under=decision, outcome="It is asked again.")
        row.coverage_id, row.payer_id, row.member_id = cover.id, cover.payer_id, cover.member_id
        row.tries = 0
        moving.move(row, S.DUE)
        asked.append(row)
    moving.save(asked, "coverage", "payer", "member_id")
    return [row.public_id for row in asked]
