"""Questions about following claims up: the rules of payers, and what was asked."""

from __future__ import annotations

from openmso.claims.contracts import FollowUpRow, InquiryRef
from openmso.claims.models.inquiries import FollowUpRule, Inquiry
from openmso.claims.rules.following import USUAL, Rule
from openmso.parties.queries import payers
from openmso.platform.ui.contracts import Page, PageAsk


def rules() -> dict[int, Rule]:
    """The rules of the payers that have one of their own."""
    return {row.payer_id: Rule(row.days, row.again_days, row.asks_max) for row in FollowUpRule.objects.all()}


def register() -> list[FollowUpRow]:
    """When each payer is asked, by name."""
    own = rules()
    found = []
    for one in payers.every():
        rule = own.get(one.id, USUAL)
        found.append(
            FollowUpRow(one.public_id, one.name, rule.days, rule.again_days, rule.asks_max, one.id in own)
        )  # fmt: skip
    return found


def inquiries(*, page: PageAsk) -> Page[InquiryRef]:
    """What payers were asked, newest first."""
    names, found = payers.names(), Inquiry.objects.order_by("-asked_at", "-pk")
    rows = [
        InquiryRef(
            row.public_id, row.practice_id, row.payer_id, names[row.payer_id], row.document, row.claims, row.asked_at
        )
        for row in found[page.offset : page.offset + page.size]
    ]
    return Page(rows, found.count(), page)
