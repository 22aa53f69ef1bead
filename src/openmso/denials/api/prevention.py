"""The API of suggested rules: what payers keep denying, with the rule that would catch it and its dry run."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from openmso.denials.api.report import router as router
from openmso.denials.contracts import Suggestion
from openmso.denials.queries import prevention
from openmso.denials.services import preventing
from openmso.kit import clock
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, Body, text

SuggestionKey = Annotated[
    str,
    Field(
        pattern=r"^PAY-[2-9A-Z]{8}(?:[2-9A-Z]{2})?-[A-Za-z0-9]{1,20}-[A-Za-z0-9]{1,5}$",
        examples=["PAY-7K2P9M4X-97110-197"],
    ),
]


class SuggestionOut(Schema):
    """What one payer keeps denying for one reason."""

    key: str
    payer: str
    payer_name: str
    code: str
    reason: Annotated[str, Field(description="Group and reason code: CO-197")]
    words: str
    category: str
    denials: int
    lines_sent: int
    share: str
    practices: int
    amount: Amount
    since: date
    rule: Annotated[str, Field(description="The draft that asks for the same, if any")]


class SuggestedRuleOut(SuggestionOut):
    """A suggestion with the text of its rule, and what it would have said of the claims of 90 days."""

    text: dict[str, Any]
    when: str
    claims: int
    hits: int
    set_aside: Annotated[int, Field(description="Claims it hits of which a person set another finding aside")]
    denied_anyway: int
    paid_anyway: int
    waiting: int


class SuggestionWhyIn(Body):
    """Why no rule is wanted."""

    why: Annotated[str, text(300)]


@router.get("/denial-suggestions", response=list[SuggestionOut])
@operation("denials.read")
def list_denial_suggestions(request: Any) -> Any:
    """What was denied three times or more in 90 days, and no live rule asks about; what left most open first."""
    return [_suggestion(one) for one in prevention.suggestions(at=request.actor.at)]


@router.get("/denial-suggestions/{suggestion}", response=SuggestedRuleOut)
@operation("denials.read")
def get_denial_suggestion(request: Any, suggestion: SuggestionKey) -> Any:
    """One of them, with its rule and its dry run."""
    found = prevention.suggested(suggestion, at=request.actor.at)
    run = found.dry_run
    return _suggestion(found.suggestion) | {
        "text": dict(found.text), "when": found.when, "claims": run.done, "hits": run.hits,
        "set_aside": run.set_aside, "denied_anyway": run.denied, "paid_anyway": run.paid, "waiting": run.waiting,
    }  # fmt: skip


@router.post("/denial-suggestions/{suggestion}/draft", response={201: dict[str, str]})
@operation("denials.work", mailroom=True)
def draft_suggested_rule(request: Any, suggestion: SuggestionKey) -> Any:
    """Write it as a draft of the scrubber; the rule's code."""
    return Status(201, {"rule": preventing.draft(actor=request.actor, suggestion=suggestion, at=clock.now())})


@router.post("/denial-suggestions/{suggestion}/dismissal", response={204: None})
@operation("denials.work", mailroom=True)
def dismiss_suggested_rule(request: Any, suggestion: SuggestionKey, body: SuggestionWhyIn) -> Any:
    """Say that no rule is wanted; it comes back when there are more denials than now."""
    preventing.dismiss(actor=request.actor, suggestion=suggestion, why=body.why, at=clock.now())
    return Status(204, None)


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "key": one.key, "payer": one.payer, "payer_name": one.payer_name, "code": one.code, "reason": one.said,
        "words": one.words, "category": one.category.value, "denials": one.count, "lines_sent": one.sent,
        "share": f"{one.share:.4f}", "practices": one.practices, "amount": str(one.amount), "since": one.since,
        "rule": one.rule,
    }  # fmt: skip
