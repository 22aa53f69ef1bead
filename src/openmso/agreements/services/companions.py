"""The papers that go along with an agreement: drafted, recorded as signed, ended; what ends is told in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from openmso.agreements.contracts import DRAFT, EXECUTE, TERMINATE, Agreement, SignedDocument, Terms
from openmso.agreements.models.companion import CompanionAsset, CompanionDocument, CompanionNeed
from openmso.agreements.paper import companions, needs
from openmso.agreements.paper.companions import (
    COMPANION,
    MOVES,
    PURPOSE,
    Asset,
    BadCompanion,
    CompanionKind,
    Standing,
    TermKind,
)
from openmso.agreements.paper.contracts import CLAUSES
from openmso.agreements.queries import clocks
from openmso.agreements.queries import companions as queries
from openmso.agreements.rules import Fault
from openmso.agreements.services.drafting import locked
from openmso.agreements.services.scans import refuse_paper
from openmso.kit import clock
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import check_move
from openmso.kit.words import day as said_day
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

PARTED = {"first": "wrote this draft", "then": "record it as signed"}
PRIORITY, PRIORITY_OVER = 60, 85
ASSETS_MAX = 500


class CompanionMissing(Conflict):
    """A paper that the agreement needs is not signed."""

    code = "companion_missing"


@dataclass(frozen=True, slots=True)
class CompanionDraft:
    """What a paper is to say: its terms by name, its days, and the lines of an asset list."""

    terms: Mapping[str, Any]
    starts_on: date
    ends_on: date | None = None
    note: str = ""
    assets: tuple[Asset, ...] = ()


@atomic
def draft(*, actor: Actor, agreement: str, kind: CompanionKind, new: CompanionDraft, at: datetime) -> str:
    """Draft a paper that goes along with an agreement; its public id. Refused for what such a paper may not say."""
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    terms = _judged(row.practice_id, kind, new)
    made = CompanionDocument.objects.create(
        practice_id=row.practice_id, agreement=row, kind=kind.value, state=Standing.DRAFT.value, terms=terms,
        starts_on=new.starts_on, ends_on=new.ends_on, note=new.note.strip()[:200], drafted_at=at,
        drafted_by=actor.name[:120], drafted_user=actor.user,
    )  # fmt: skip
    _list(made, new.assets)
    audit.record(
        actor=actor, action="agreements.companion_drafted", practice=row.practice_id, at=at, decision=decision,
        subject=(COMPANION, made.public_id), facts={"kind": kind.label, "agreement": agreement},
    )  # fmt: skip
    return made.public_id


@atomic
def revise(*, actor: Actor, companion: str, new: CompanionDraft, at: datetime) -> None:
    """Change the draft of a paper; one that was signed is not changed, another takes its place."""
    row = _locked(companion)
    decision = actor.must(DRAFT.code, row.practice_id)
    if Standing(row.state) is not Standing.DRAFT:
        raise BadCompanion("It was signed, and is not changed.", fix="Draft the one that takes its place.")
    row.terms = _judged(row.practice_id, CompanionKind(row.kind), new)
    row.starts_on, row.ends_on, row.note = new.starts_on, new.ends_on, new.note.strip()[:200]
    row.revision, row.drafted_at, row.drafted_by, row.drafted_user = row.revision + 1, at, actor.name[:120], actor.user
    row.save()
    _list(row, new.assets)
    audit.record(
        actor=actor, action="agreements.companion_revised", practice=row.practice_id, at=at, decision=decision,
        subject=(COMPANION, companion), facts={"revision": row.revision},
    )  # fmt: skip


@atomic
def drop(*, actor: Actor, companion: str, at: datetime) -> None:
    """Drop a draft that nobody signs."""
    row = _locked(companion)
    decision = actor.must(DRAFT.code, row.practice_id)
    _move(row, Standing.DROPPED)
    row.save()
    audit.record(
        actor=actor, action="agreements.companion_dropped", practice=row.practice_id, at=at, decision=decision,
        subject=(COMPANION, companion),
    )  # fmt: skip


@atomic
def sign(
    *, actor: Actor, companion: str, document: SignedDocument, mso_signer: str, practice_signer: str, signed_on: date,
    at: datetime,
) -> None:  # fmt: skip
    """Record a paper as signed by both sides; it holds from its first day. Who wrote its draft does not record it.

    It is judged again: a transferee may have lost the licence since. What waited for a next paper waits no longer.
    """
    row = _locked(companion)
    decision = actor.must(EXECUTE.code, row.practice_id)
    duties.another(actor, did=row.drafted_user, **PARTED)
    kind = CompanionKind(row.kind)
    refuse_paper(document)
    for name, words in ((mso_signer, "mso_signer"), (practice_signer, "practice_signer")):
        if not name.strip():
            raise BadCompanion("Say who signed, with the title.", field=words)
    if signed_on > clock.day_in(row.practice.zone, at):
        raise BadCompanion("That day is to come.", field="signed_on")
    _refuse(row.practice_id, kind, row.terms, row.starts_on, row.ends_on)
    kept = documents.store(
        actor=actor, practice=row.practice_id, name=document.name, content=document.content,
        media_type="application/pdf", purpose=PURPOSE.code, at=at, under=decision,
    )  # fmt: skip
    _move(row, Standing.SIGNED)
    row.document, row.document_sha256, row.signed_on = kept.public_id, kept.sha256, signed_on
    row.mso_signer, row.practice_signer = mso_signer.strip()[:120], practice_signer.strip()[:120]
    row.recorded_at, row.recorded_by = at, actor.name[:120]
    row.save()
    documents.became(document=kept, subject=(COMPANION, companion), practice=row.practice_id, at=at)
    audit.record(
        actor=actor, action="agreements.companion_signed", practice=row.practice_id, at=at, decision=decision,
        subject=(COMPANION, companion), facts={"starts_on": str(row.starts_on), "sha256": kept.sha256},
    )  # fmt: skip
    _look(row.practice_id, actor=actor, at=at, under=decision)


@atomic
def end(*, actor: Actor, companion: str, ends_on: date, why: str, at: datetime) -> None:
    """End a signed paper from a day on, today at the earliest."""
    row = _locked(companion)
    decision = actor.must(TERMINATE.code, row.practice_id)
    today = clock.day_in(row.practice.zone, at)
    if ends_on < today:
        raise BadCompanion(f"{ends_on} is past.", field="ends_on", fix=f"End it today, {today}, or on a later day.")
    if not why.strip():
        raise BadCompanion("Say why it ends.", field="why")
    _move(row, Standing.ENDED)
    row.ended_on, row.ended_why = ends_on, why.strip()[:200]
    row.save()
    audit.record(
        actor=actor, action="agreements.companion_ended", practice=row.practice_id, at=at, why=row.ended_why,
        subject=(COMPANION, companion), facts={"ends_on": str(ends_on)}, decision=decision,
    )  # fmt: skip
    _look(row.practice_id, actor=actor, at=at, under=decision)


@atomic
def write_need(*, actor: Actor, mso: int, given: Mapping[str, Any], why: str, at: datetime) -> int:
    """Write which agreements need a kind of paper, and whether one that is missing keeps them from being signed."""
    decision = actor.must(CLAUSES.code, mso)
    made = needs.need_of(given)
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why")
    last = CompanionNeed.objects.filter(kind=made.kind.value).aggregate(last=Max("number"))["last"] or 0
    CompanionNeed.objects.create(
        kind=made.kind.value, number=last + 1, body=needs.need_data(made), why=why.strip()[:300], at=at,
        by=actor.name[:160], user=actor.user,
    )  # fmt: skip
    audit.record(
        actor=actor, action="agreements.need_written", practice=mso, subject=("agreements.need", made.kind.value),
        at=at, facts={"blocks": "yes" if made.blocks else "no"}, why=why.strip()[:200], decision=decision,
    )  # fmt: skip
    return last + 1


@atomic
def watch(*, actor: Actor, at: datetime) -> int:
    """What ends within sixty days, or has ended, waits for its next one; how many wait. Twice is once."""
    items: dict[int, list[NewItem]] = defaultdict(list)
    for one in queries.in_force_of_all():
        items[one.practice] += _items([one], tenancy.today(one.practice, at))
    for practice, found in items.items():
        work.open_items(practice=practice, items=_without_next(practice, found), at=at)
    return sum(map(len, items.values()))


def faults(agreement: Agreement, terms: Terms, *, on: date) -> list[Fault]:
    """The papers that keep an agreement from being signed because they are missing."""
    if not any(one.blocks for one in queries.needs()):
        return []
    state = queries.state_of(agreement.practice, on)
    found = queries.needed(agreement, terms, state=state, on=on)
    return [
        Fault("companions", f"{one.need.kind.label}: {one.held.label.lower()}. {one.need.words}".strip(),
              "Have it signed first, on the agreement's page of papers.")
        for one in found
        if one.blocks
    ]  # fmt: skip


def refuse_missing(agreement: Agreement, terms: Terms, *, on: date) -> None:
    """Raise `CompanionMissing` where a paper is missing without which an office lets nothing be signed."""
    for fault in faults(agreement, terms, on=on):
        raise CompanionMissing(fault.sentence, field=fault.field, fix=fault.fix)


def _judged(practice: int, kind: CompanionKind, new: CompanionDraft) -> dict[str, Any]:
    terms = companions.read(kind, new.terms)
    _refuse(practice, kind, terms, new.starts_on, new.ends_on)
    if new.assets and kind is not CompanionKind.ASSETS:
        raise BadCompanion(f"{kind.label} has no list of assets.", field="assets")
    if len(new.assets) > ASSETS_MAX:
        raise BadCompanion(f"A list has up to {ASSETS_MAX} assets.", field="assets", fix="Make two lists.")
    for one in new.assets:
        for fault in companions.asset_faults(one):
            raise BadCompanion(fault.sentence, field="assets", fix=fault.fix)
    return terms


def _refuse(
    practice: int, kind: CompanionKind, terms: Mapping[str, Any], starts_on: date, ends_on: date | None
) -> None:
    chosen = next((terms[one.name] for one in companions.TERMS[kind] if one.kind is TermKind.CLINICIAN), "")
    licence = queries.licence_of(practice, chosen, on=starts_on) if chosen else None
    state = queries.state_of(practice, starts_on)
    found = companions.faults(kind, terms, state=state, starts_on=starts_on, ends_on=ends_on, licence=licence)
    for fault in found:
        raise BadCompanion(fault.sentence, field=fault.field, fix=fault.fix)


def _list(row: CompanionDocument, assets: Sequence[Asset]) -> None:
    CompanionAsset.objects.bulk_create(
        CompanionAsset(
            practice_id=row.practice_id, companion=row, revision=row.revision, place=place, name=one.name.strip()[:160],
            kind=one.kind.value, is_clinical=one.is_clinical, disposition=one.disposition.value, amount=one.amount,
        )
        for place, one in enumerate(assets)
    )  # fmt: skip


def _locked(companion: str) -> CompanionDocument:
    row = CompanionDocument.objects.select_for_update().filter(public_id=companion).first()
    if row is None:
        raise NotFound("There is no such paper.", field="companion")
    return row


def _move(row: CompanionDocument, to: Standing) -> None:
    check_move(MOVES, noun="paper", frm=Standing(row.state), to=to)
    row.state = to.value


def _look(practice: int, *, actor: Actor, at: datetime, under: Decision) -> None:
    """Bring what waits of a practice's papers up to date."""
    today = tenancy.today(practice, at)
    mine = [one for one in queries.in_force_of_all() if one.practice == practice]
    wanted = _without_next(practice, _items(mine, today))
    open_now = {item.key for item in wanted}
    every = [f"{COMPANION}|{one.public_id}" for one in _every(practice)]
    gone = [(practice, key) for key in every if key not in open_now]
    work.close_items(keys=gone, actor=actor, at=at, outcome="There is a next one, or it ended", under=under)
    work.open_items(practice=practice, items=wanted, at=at)


def _every(practice: int) -> Iterable[CompanionDocument]:
    return CompanionDocument.objects.filter(practice_id=practice).exclude(state=Standing.DRAFT.value)


def _items(found: Iterable[queries.Companion], today: date) -> list[NewItem]:
    return [
        NewItem(
            kind=COMPANION, subject=(COMPANION, one.public_id), title=f"{one.kind.label} of {one.agreement} ends"[:160],
            why=f"It holds until {said_day(one.ends_on)}. Draft the next one, or end it.",
            priority=PRIORITY if one.ends_on >= today else PRIORITY_OVER, priority_why=f"it ends {when(one.ends_on)}",
            due_at=clocks.closing(one.practice, one.ends_on), key=f"{COMPANION}|{one.public_id}",
        )
        for one in found
        if one.ends_on is not None and one.ends_on <= today + companions.AHEAD
    ]  # fmt: skip


def _without_next(practice: int, items: Sequence[NewItem]) -> list[NewItem]:
    """Those whose paper has none of its kind that holds on."""
    held = {one.public_id: one for one in queries.in_force_of_all() if one.practice == practice}

    def has_next(item: NewItem) -> bool:
        mine = held[item.subject[1]]
        return any(
            one.kind is mine.kind and one.agreement == mine.agreement and mine.ends_on is not None
            and one.starts_on <= mine.ends_on and (one.ends_on is None or one.ends_on > mine.ends_on)
            for one in held.values()
        )  # fmt: skip

    return [item for item in items if not has_next(item)]
