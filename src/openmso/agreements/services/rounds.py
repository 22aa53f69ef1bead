"""What a change of a draft undoes: a review that was asked for what it said before, and signatures under it."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.models.agreement import ServiceAgreement
from openmso.agreements.models.signing import CounselReview, RoundSigner, SigningRound
from openmso.agreements.paper.contracts import SIGNING_MOVES, TO_REVIEW, TO_SIGN, Review, Signing
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work


@atomic
def changed(row: ServiceAgreement, *, why: str, actor: Actor, at: datetime, under: Decision) -> None:
    """The draft is another one now: who was asked to review it is asked no longer, and signatures under it are void."""
    for review in CounselReview.objects.filter(agreement=row, state=Review.ASKED.value):
        review.state = Review.OVERTAKEN.value
        review.save(update_fields=["state"])
        close_review(row, review.number, actor=actor, at=at, outcome=why, under=under)
    for one in SigningRound.objects.select_for_update().filter(agreement=row, state=Signing.OPEN.value):
        end(one, Signing.VOID, why=why, actor=actor, at=at, under=under)


def end(one: SigningRound, to: Signing, *, why: str, actor: Actor, at: datetime, under: Decision) -> None:
    """End a signing; what waits for its signers waits no longer."""
    check_move(SIGNING_MOVES, noun="signing", frm=Signing(one.state), to=to)
    one.state, one.ended_at, one.ended_why = to.value, at, why.strip()[:300]
    one.save(update_fields=["state", "ended_at", "ended_why", "certificate"])
    keys = [(one.practice_id, sign_key(one, place)) for place in _places(one)]
    work.close_items(keys=keys, actor=actor, at=at, outcome=to.label, under=under)


def close_review(
    row: ServiceAgreement, number: int, *, actor: Actor, at: datetime, outcome: str, under: Decision
) -> None:
    """Nobody waits for counsel's answer any longer."""
    work.close_item(
        practice=row.practice_id, key=review_key(row, number), actor=actor, at=at, outcome=outcome[:200], under=under
    )


def review_key(row: ServiceAgreement, number: int) -> str:
    """The key of the work of reviewing a draft."""
    return f"{TO_REVIEW}|{row.public_id}|{number}"


def sign_key(one: SigningRound, place: int) -> str:
    """The key of the work of signing, signer by signer."""
    return f"{TO_SIGN}|{one.public_id}|{place}"


def _places(one: SigningRound) -> list[int]:
    return list(RoundSigner.objects.filter(round=one).values_list("place", flat=True))
