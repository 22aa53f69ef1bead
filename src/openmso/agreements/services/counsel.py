"""Counsel's review of a draft: asked of a named reviewer, who signs it off or returns it in words."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.contracts import DRAFT, Draft
from openmso.agreements.models.agreement import AgreementDraft, ServiceAgreement
from openmso.agreements.models.signing import CounselReview
from openmso.agreements.paper.contracts import REVIEW, TO_REVIEW, Review, ReviewState
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import clocks, paper
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import rounds
from openmso.agreements.services.drafting import desk, locked
from openmso.kit.errors import Conflict, Refused
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PRIORITY = 70
PARTED = {"first": "wrote this draft", "then": "review it as counsel"}
NOTE_MAX = 1000


class NotReviewable(Refused):
    """The review cannot be asked of them, or answered so."""

    code = "not_reviewable"


class NotSignedOff(Conflict):
    """Counsel has not signed the draft off as it stands."""

    code = "not_signed_off"


@atomic
def ask(*, actor: Actor, agreement: str, reviewer: str, at: datetime) -> None:
    """Ask a named reviewer, by the public id of their account, to look at the draft as it stands.

    Refused for who may not review, for who wrote the draft or words of it, and while somebody is asked already.
    """
    row = locked(agreement)
    decision = actor.must(DRAFT.code, row.practice_id)
    draft = desk(row)
    chosen = next((one for one in signings.who_reviews(row.practice_id, at=at) if one.user == reviewer), None)
    if chosen is None:
        raise NotReviewable("They may not review drafts of this practice.", field="reviewer",
                            fix="Choose one of those who may, or have the role given to them.")  # fmt: skip
    if reviewer in writers(agreement, draft):
        raise NotReviewable(
            f"{chosen.name} wrote this draft, and is not its counsel.", field="reviewer", fix="Choose somebody else."
        )
    if CounselReview.objects.filter(agreement=row, state=Review.ASKED.value).exists():
        raise NotReviewable("Somebody is asked already.", fix="Wait for the answer, or change the draft first.")
    due_at = clocks.sla_due(row.practice_id, "", TO_REVIEW, at)
    CounselReview.objects.create(
        practice_id=row.practice_id, agreement=row, number=draft.number, content_sha256=_now(agreement),
        reviewer=chosen.name, reviewer_user=reviewer, state=Review.ASKED.value, asked_at=at, asked_by=actor.name,
    )  # fmt: skip
    work.open_item(
        practice=row.practice_id, kind=TO_REVIEW, subject=("agreements.agreement", agreement),
        title=f"Review version {draft.number} of {agreement}", priority=PRIORITY, due_at=due_at, at=at,
        why=f"{actor.name} asks {chosen.name} to review it as counsel.", priority_why="Signing waits for it",
        key=rounds.review_key(row, draft.number),
    )  # fmt: skip
    audit.record(
        actor=actor, action="agreements.review_asked", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"reviewer": chosen.name, "number": draft.number},
    )  # fmt: skip


@atomic
def answer(*, actor: Actor, agreement: str, signs_off: bool, note: str, at: datetime) -> None:
    """Sign the draft off as counsel, or return it; both in words. Only who was asked answers, and no drafter."""
    row = locked(agreement)
    decision = actor.must(REVIEW.code, row.practice_id)
    draft = desk(row)
    for one in writers(agreement, draft):
        duties.another(actor, did=one, **PARTED)
    asked = CounselReview.objects.filter(agreement=row, state=Review.ASKED.value).first()
    if asked is None:
        raise NotReviewable("Nobody is asked to review this draft.", fix="Have the drafter ask for it.")
    if asked.reviewer_user != actor.user:
        raise NotReviewable(f"{asked.reviewer} is asked, and answers.", fix="Have the drafter ask you instead.")
    if not note.strip():
        raise NotReviewable("Say what was looked at, or what is to be changed.", field="note")
    if asked.content_sha256 != _now(agreement):
        raise NotReviewable("The library changed this text since.", fix="Have it asked for again, and read it anew.")
    outcome = Review.SIGNED_OFF if signs_off else Review.RETURNED
    asked.state, asked.note, asked.answered_at = outcome.value, note.strip()[:NOTE_MAX], at
    asked.save(update_fields=["state", "note", "answered_at"])
    rounds.close_review(row, asked.number, actor=actor, at=at, outcome=outcome.label, under=decision)
    audit.record(
        actor=actor, action="agreements.reviewed", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement), facts={"outcome": outcome.label.lower(), "number": asked.number},
        why=note.strip()[:200],
    )  # fmt: skip


def writers(agreement: str, draft: AgreementDraft | Draft) -> set[str]:
    """The accounts that wrote a draft, as it stands, and words of its own in it."""
    mine = {one.user for one in paper.own_words(agreement).values()}
    return {draft.drafted_by, *mine} - {""}


def why_not_signed_off(review: ReviewState | None, content_sha256: str) -> NotSignedOff | None:
    """What keeps a draft from being sent for signature: no review, none for what it says now, or its answer."""
    if review is None:
        return NotSignedOff("Counsel has not seen this draft.", fix="Ask a reviewer first.")
    if review.state is Review.ASKED:
        return NotSignedOff(f"{review.reviewer} has not answered yet.", fix="Wait for counsel's answer.")
    if review.state is Review.RETURNED:
        return NotSignedOff(f"{review.reviewer} returned it: {review.note}", fix="Change the draft and ask again.")
    if review.state is Review.OVERTAKEN or review.content_sha256 != content_sha256:
        return NotSignedOff("The draft changed since counsel saw it.", fix="Ask for a review of what it says now.")
    return None


def refuse_unreviewed(agreement: str, number: int, content_sha256: str) -> None:
    """Raise `NotSignedOff` unless counsel signed off the very terms and text."""
    if no := why_not_signed_off(signings.review(agreement, number), content_sha256):
        raise no


def why_not_seen(agreement: str, number: int) -> NotSignedOff | None:
    """Why counsel's word is missing for a draft as it stands; nothing where it is there."""
    return why_not_signed_off(signings.review(agreement, number), _now(agreement))


def refuse_returned(row: ServiceAgreement, draft: AgreementDraft, *, content_sha256: str = "") -> None:
    """Raise `NotSignedOff` where counsel was asked and did not sign off, or where the draft leaves the library.

    `content_sha256` is of a paper that was frozen already: a later change of the library does not touch it.
    """
    review = signings.review(row.public_id, draft.number)
    if review is not None or paper.own_words(row.public_id):
        refuse_unreviewed(row.public_id, draft.number, content_sha256 or _now(row.public_id))


def _now(agreement: str) -> str:
    return paper.of_draft(queries.agreement(agreement)).content_sha256
