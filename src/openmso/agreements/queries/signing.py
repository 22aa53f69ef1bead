"""Questions about signing: counsel's review, drafts out for signature, and who may review and sign."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from openmso.agreements.contracts import Side
from openmso.agreements.models.signing import CounselReview, RoundSigner, SigningAct, SigningRound
from openmso.agreements.paper.contracts import (
    REVIEW,
    SIGN,
    Act,
    AddressClass,
    Review,
    ReviewState,
    SignerState,
    Signing,
    SigningState,
)
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.access.contracts import Side as StaffSide


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may sign for a side, or review: their account, name and role."""

    user: str
    name: str
    role: str
    side: Side


def review(agreement: str, number: int) -> ReviewState | None:
    """Counsel's last review of the draft that would become a version."""
    row = CounselReview.objects.filter(agreement__public_id=agreement, number=number).order_by("-pk").first()
    if row is None:
        return None
    return ReviewState(
        Review(row.state), row.number, row.reviewer, row.reviewer_user, row.content_sha256, row.asked_at, row.asked_by,
        row.note, row.answered_at,
    )  # fmt: skip


def rounds(agreement: str) -> list[SigningState]:
    """How often an agreement was sent for signature, the latest first."""
    rows = list(SigningRound.objects.filter(agreement__public_id=agreement).order_by("-pk"))
    signers = _signers(rows)
    return [
        SigningState(
            row.public_id, agreement, row.number, row.provider, Signing(row.state), row.content_sha256, row.document,
            row.document_sha256, row.sent_at, row.sent_by, row.ended_at, row.ended_why, row.certificate,
            tuple(signers[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def out(agreement: str) -> SigningState | None:
    """The draft that is out for signature, if it is."""
    return next((one for one in rounds(agreement) if one.state is Signing.OPEN), None)


def _signers(rows: list[SigningRound]) -> dict[int, list[SignerState]]:
    acts = {act.signer_id: act for act in SigningAct.objects.filter(round__in=rows)}
    made: dict[int, list[SignerState]] = defaultdict(list)
    for row in RoundSigner.objects.filter(round__in=rows).order_by("round", "place"):
        made[row.round_id].append(_signer(row, acts.get(row.pk)))
    return made


def _signer(row: RoundSigner, act: SigningAct | None) -> SignerState:
    if act is None:
        return SignerState(Side(row.side), row.name, row.title, row.user)
    return SignerState(
        Side(row.side), row.name, row.title, row.user, Act(act.act), act.at, AddressClass(act.address_class),
        act.intent, act.document_sha256, act.why,
    )  # fmt: skip


def side_of(actor: Actor, decision: Decision) -> Side:
    """For which side somebody stands by the role behind a decision: the practice's own people, or the MSO's."""
    return Side.PRACTICE if access.side_behind(actor, decision) is StaffSide.PRACTICE else Side.MSO


def who_signs(practice: int, *, at: datetime) -> list[Candidate]:
    """Who may sign for either side of a practice's agreement."""
    return _who(practice, SIGN.code, at)


def who_reviews(practice: int, *, at: datetime) -> list[Candidate]:
    """Who may review its drafts as counsel."""
    return _who(practice, REVIEW.code, at)


def _who(practice: int, permission: str, at: datetime) -> list[Candidate]:
    found = []
    for one in access.colleagues([practice], at=at):
        decision = one.may(permission, practice)
        if decision.allowed:
            found.append(
                Candidate(
                    one.user, one.name, registry.role_words(access.role_behind(one, decision)), side_of(one, decision)
                )
            )
    return found
