"""Making a rule of what payers keep denying, or saying why not."""

from __future__ import annotations

from datetime import datetime

from openmso.claims.services import rulebook
from openmso.denials.contracts import WORK, Suggestion
from openmso.denials.models import SuggestionAnswer
from openmso.denials.queries import prevention
from openmso.kit.errors import Conflict, Refused
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def draft(*, actor: Actor, suggestion: str, at: datetime) -> str:
    """Write the suggested rule as a draft of the scrubber, for somebody else to make live; its code.

    Raises `NotFound` for what is not suggested, `Conflict` where a draft of it waits already.
    """
    one = prevention.suggestion(suggestion, at=at)
    if one.rule:
        raise Conflict(f"The draft {one.rule} asks this already.", code="drafted", fix="Go on with that one.")
    code = rulebook.draft(actor=actor, text=prevention.text_of(one), at=at)
    _answer(actor, one, at, rule=code)
    return code


@atomic
def dismiss(*, actor: Actor, suggestion: str, why: str, at: datetime) -> None:
    """Say that no rule is wanted; it comes back when there are more denials than now."""
    decision = actor.must(WORK.code)
    one = prevention.suggestion(suggestion, at=at)
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why", fix="So that nobody drafts it next week.")
    _answer(actor, one, at, why=why.strip()[:300])
    audit.record(
        actor=actor, action="denials.suggestion_dismissed", practice=tenancy.mso(),
        subject=("denials.suggestion", one.payer), at=at,
        facts={"what": f"{one.payer_name}, {one.code}, {one.said}", "count": one.count}, why=why.strip(),
        decision=decision,
    )  # fmt: skip


def _answer(actor: Actor, one: Suggestion, at: datetime, *, rule: str = "", why: str = "") -> None:
    SuggestionAnswer.objects.create(
        payer_id=payers.by_public_id(one.payer).id, code=one.code, reason=one.reason, count=one.count, rule=rule,
        why=why, at=at, by=actor.name[:160],
    )  # fmt: skip
