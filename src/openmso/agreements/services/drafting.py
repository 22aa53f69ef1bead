"""Drafts: begun, revised, withdrawn; of a new agreement or of an amendment. Nothing here opens anything."""

from __future__ import annotations

from datetime import date, datetime

from openmso.agreements import termsheet
from openmso.agreements.contracts import DRAFT, Draft, Party, S, Terms
from openmso.agreements.fees import naming
from openmso.agreements.models.agreement import AgreementDraft, AgreementMove, AgreementVersion, ServiceAgreement
from openmso.agreements.models.paper import OwnWords, VersionText
from openmso.agreements.paper import text
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import tasks
from openmso.agreements.services import rounds
from openmso.agreements.states import MOVES
from openmso.agreements.tasks.rules import fitted
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import check_move
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import atomic


class BadDraft(Refused):
    """The draft names parties or days that cannot be."""

    code = "bad_draft"


class AlreadyDrafted(Conflict):
    """There is a draft on the desk already."""

    code = "already_drafted"


@atomic
def begin(*, actor: Actor, practice: int, terms: Terms, at: datetime, summary: str = "") -> str:
    """Begin the draft of a new agreement; returns its public id."""
    decision = actor.must(DRAFT.code, practice)
    _refuse_parties(terms, practice)
    row = ServiceAgreement.objects.create(practice_id=practice, mso_id=terms.mso.tenant, begun_at=at)
    AgreementMove.objects.create(
        practice_id=practice, agreement=row, to_state=S.DRAFT.value, moved_at=at, moved_by=actor.name
    )
    _lay(row, number=1, starts_on=terms.days.starts_on, terms=terms, summary=summary, actor=actor, at=at)
    audit.record(
        actor=actor, action="agreements.drafted", practice=practice, subject=("agreements.agreement", row.public_id),
        at=at, facts={"mode": terms.mode.value}, decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def revise(
    *, actor: Actor, agreement: str, terms: Terms, at: datetime, starts_on: date | None = None, summary: str = ""
) -> Draft:
    """Change the draft on the desk; `starts_on` is the day an amendment takes effect."""
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    draft = desk(row)
    _refuse_parties(terms, row.practice_id)
    first = draft.number == 1
    begins = terms.days.starts_on if first else (starts_on or draft.starts_on)
    if not first:
        _refuse_early(row, begins)
    rounds.changed(row, why="The draft was changed.", actor=actor, at=at, under=decision)
    draft.delete()
    _lay(row, number=draft.number, starts_on=begins, terms=terms, summary=summary, actor=actor, at=at)
    audit.record(
        actor=actor, action="agreements.revised", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"number": draft.number},
    )  # fmt: skip
    return _drafted(agreement)


@atomic
def amend(*, actor: Actor, agreement: str, starts_on: date, terms: Terms, at: datetime, summary: str) -> Draft:
    """Begin the draft of an amendment of an executed agreement, to take effect on a day."""
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    if S(row.state) is not S.EXECUTED:
        raise BadDraft(f"An agreement that is {row.state} is not amended.", code="not_executed")
    if AgreementDraft.objects.filter(agreement=row).exists():
        raise AlreadyDrafted("An amendment is being drafted already.", fix="Go on with that draft, or withdraw it.")
    if not summary.strip():
        raise BadDraft("Say in a few words what the amendment changes.", field="summary")
    _refuse_parties(terms, row.practice_id)
    _refuse_early(row, starts_on)
    number = AgreementVersion.objects.filter(agreement=row).count() + 1
    _lay(row, number=number, starts_on=starts_on, terms=terms, summary=summary, actor=actor, at=at)
    _go_on_with_own_words(row, actor=actor, at=at)
    audit.record(
        actor=actor, action="agreements.revised", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"number": number, "starts_on": str(starts_on)},
    )  # fmt: skip
    return _drafted(agreement)


@atomic
def withdraw(*, actor: Actor, agreement: str, why: str, at: datetime) -> None:
    """Take the draft off the desk; of an agreement that was never executed it stays, to be read."""
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    draft = desk(row)
    rounds.changed(row, why="The draft was withdrawn.", actor=actor, at=at, under=decision)
    if S(row.state) is S.DRAFT:
        move(row, to=S.WITHDRAWN, actor=actor, at=at, why=why)
    else:
        draft.delete()
        OwnWords.objects.filter(agreement=row).delete()
    audit.record(
        actor=actor, action="agreements.withdrawn", practice=row.practice_id, at=at, why=why, decision=decision,
        subject=("agreements.agreement", agreement),
    )  # fmt: skip


def locked(agreement: str) -> ServiceAgreement:
    """The row of an agreement in scope, locked until the transaction ends; raises `NotFound`."""
    row = ServiceAgreement.objects.select_for_update().filter(public_id=agreement).first()
    if row is None:
        raise NotFound("There is no such agreement.", field="agreement")
    return row


def desk(row: ServiceAgreement) -> AgreementDraft:
    """The draft on the desk; refused when there is none."""
    draft = AgreementDraft.objects.filter(agreement=row).first()
    if draft is None or S(row.state) is S.WITHDRAWN:
        raise BadDraft("There is no draft of this agreement.", code="no_draft", fix="Begin an amendment first.")
    return draft


def move(row: ServiceAgreement, *, to: S, actor: Actor, at: datetime, why: str = "") -> None:
    """Move an agreement to another state, as the table allows, and note the step."""
    frm = S(row.state)
    check_move(MOVES, noun="service agreement", frm=frm, to=to)
    row.state = to.value
    row.save()
    AgreementMove.objects.create(
        practice_id=row.practice_id, agreement=row, from_state=frm.value, to_state=to.value, moved_at=at,
        moved_by=actor.name, why=why[:200],
    )  # fmt: skip


def _lay(
    row: ServiceAgreement, *, number: int, starts_on: date, terms: Terms, summary: str, actor: Actor, at: datetime
) -> None:
    """Lay a draft on the desk; a line without tasks gets those of the catalogue.

    Refused where the fee names a figure, or a category of one, that nobody could give when a month is settled.
    """
    for fault in naming.faults(terms.fee):
        raise BadDraft(fault.sentence, code="unknown_figure", field=fault.field, fix=fault.fix)
    whole = fitted(terms, tasks.known())
    AgreementDraft.objects.create(
        practice_id=row.practice_id, agreement=row, number=number, starts_on=starts_on,
        terms=termsheet.to_json(whole), summary=summary.strip()[:200], revised_at=at, revised_by=actor.name,
        drafted_by=actor.user,
    )  # fmt: skip


def _go_on_with_own_words(row: ServiceAgreement, *, actor: Actor, at: datetime) -> None:
    """What the version before says in its own words, its amendment says too until somebody changes it."""
    kept = VersionText.objects.filter(version__agreement=row).order_by("-version__number").first()
    OwnWords.objects.bulk_create(
        OwnWords(
            practice_id=row.practice_id, agreement=row, code=one.code, text=one.own, why=one.why, at=at, by=actor.name,
            user=actor.user,
        )
        for one in (text.of_data(kept.articles) if kept else ())
        if one.deviates
    )  # fmt: skip


def _drafted(agreement: str) -> Draft:
    draft = queries.agreement(agreement).draft
    assert draft is not None, "the draft was just written"
    return draft


def _refuse_parties(terms: Terms, practice: int) -> None:
    """The parties are an MSO of the house and this practice, each by a legal entity of its own."""
    practices.mso(terms.mso.tenant)
    if terms.practice.tenant != practice:
        raise BadDraft("The practice of the terms is another one.", field="practice")
    for party, field in ((terms.mso, "mso_entity"), (terms.practice, "practice_entity")):
        if not _owns(party):
            raise BadDraft("This legal entity belongs to somebody else.", field=field, fix="Choose one of its own.")


def _owns(party: Party) -> bool:
    return Entity.objects.filter(pk=party.entity, tenant_id=party.tenant).exists()


def _refuse_early(row: ServiceAgreement, starts_on: date) -> None:
    """Versions take effect in the order in which they are signed."""
    latest = AgreementVersion.objects.filter(agreement=row).order_by("-number").first()
    if latest is not None and starts_on < latest.starts_on:
        raise BadDraft(
            f"Version {latest.number} takes effect on {latest.starts_on}; an amendment cannot come before it.",
            field="starts_on", fix="Choose that day or a later one.",
        )  # fmt: skip
