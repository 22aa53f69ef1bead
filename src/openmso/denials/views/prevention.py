"""What payers keep denying, as rules that would catch it: seen with their dry run, drafted, or dismissed."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import DRAFT_RULES
from openmso.denials import tables
from openmso.denials.contracts import WORK
from openmso.denials.queries import prevention
from openmso.denials.services import preventing
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables


@page("denials.read")
def suggestions(request: ActorRequest) -> HttpResponse:
    """What no rule asks about yet, what left most open first."""
    rows = prevention.suggestions(at=request.actor.at)
    totals: dict[str, Money | Decimal | int] = {
        "count": sum(row.count for row in rows),
        "amount": Money.total(row.amount for row in rows),
    }
    return respond.page(
        request, "denials/prevention.html",
        {"table": ui_tables.static(request, tables.SUGGESTIONS, rows, totals=totals), "here": "Prevention"},
    )  # fmt: skip


@page("denials.read")
def suggestion(request: ActorRequest, suggestion: str) -> HttpResponse:
    """One of them: the rule it would be, what it would have done in 90 days, the denials behind it."""
    try:
        found = prevention.suggested(suggestion, at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    return respond.page(
        request, "denials/suggestion.html",
        {"found": found, "one": found.suggestion, "run": found.dry_run, "here": found.suggestion.code,
         "may_draft": request.actor.can(DRAFT_RULES.code), "may_work": request.actor.can(WORK.code),
         "crumbs": [("Prevention", reverse("denials:prevention"))]},
    )  # fmt: skip


@act("denials.work", mailroom=True)
def draft(request: ActorRequest, suggestion: str) -> HttpResponse:
    """Write the rule as a draft, and go there."""
    try:
        code = preventing.draft(actor=request.actor, suggestion=suggestion, at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "The draft waits for somebody else to make it live.")
    return respond.redirect(request, reverse("claims:rule", args=[code]))


@act("denials.work", mailroom=True)
def dismiss(request: ActorRequest, suggestion: str) -> HttpResponse:
    """Say why no rule is wanted."""
    try:
        preventing.dismiss(
            actor=request.actor, suggestion=suggestion, why=request.POST.get("why", ""), at=request.actor.at
        )
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "Dismissed; it comes back when there are more denials than now.")
    return respond.redirect(request, reverse("denials:prevention"))
