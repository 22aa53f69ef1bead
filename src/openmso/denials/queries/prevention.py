"""What payers keep denying, and what rule of the scrubber would catch it: suggestions from the denials themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from openmso.claims.contracts import Circumstances
from openmso.claims.contracts.rulebook import DryRunView
from openmso.claims.queries import decided, rulebook, trying
from openmso.denials.contracts import Category, SuggestedRule, Suggestion
from openmso.denials.models import Denial, SuggestionAnswer
from openmso.denials.rules import prevention
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.queries import denied

DAYS = 90
LEAST = 3
"""Denials of one kind before a rule is suggested against them."""
LINES_LOOKED_AT = 500
Kind = tuple[int, str, str]
"""The key of a payer, a code, a reason."""


@dataclass(slots=True)
class _Found:
    """Denials of one kind while they are counted."""

    count: int = 0
    before: int = 0
    amount: Decimal = Decimal(0)
    practices: set[int] = field(default_factory=set)
    groups: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)


def suggestions(*, at: datetime) -> list[Suggestion]:
    """What no live rule asks about yet and nobody has dismissed, what was denied most in dollars first."""
    since = tenancy.network_day(at) - timedelta(days=DAYS)
    found = {kind: one for kind, one in _found(since).items() if one.count >= LEAST}
    answers = _answers()
    standing = rulebook.standing({one.rule for one in answers.values() if one.rule})
    told = []
    for kind, one in zip(found, _told(found, since), strict=True):
        answer = answers.get(kind)
        row = standing.get(answer.rule) if answer else None
        if answer and not answer.rule and one.count <= answer.count:
            continue
        told.append((one, row))
    written = rulebook.asking_the_same([prevention.text(one, [_ANYWHERE]) for one, _ in told])
    still = [(one, row or other) for (one, row), other in zip(told, written, strict=True)]
    open_ones = [
        replace(one, rule=row.code, rule_title=row.title) if row else one
        for one, row in still
        if row is None or not row.is_live
    ]
    return sorted(open_ones, key=lambda one: (-one.amount.amount, one.key))


_ANYWHERE = Circumstances("A00", "11", "0", frozenset({"0"}))
"""A line for which every condition can be written: to ask about properties, whatever their values."""


def suggestion(key: str, *, at: datetime) -> Suggestion:
    """One of them by its key; raises `NotFound`, also when it was dismissed or a live rule asks the same by now."""
    for one in suggestions(at=at):
        if one.key == key:
            return one
    raise NotFound(
        "There is no such suggestion.", field="suggestion", fix="A live rule asks it by now, or it was dismissed."
    )


def suggested(key: str, *, at: datetime) -> SuggestedRule:
    """A suggestion with the rule's text and its dry run over the claims of the last 90 days."""
    one = suggestion(key, at=at)
    text = prevention.text(one, _circumstances(one))
    dry_run: DryRunView = trying.foreseen(text, at=at)
    return SuggestedRule(one, text, trying.in_words(text), dry_run)


def text_of(one: Suggestion) -> Mapping[str, object]:
    """The text of the rule that would catch it."""
    return prevention.text(one, _circumstances(one))


# ---- parts ----------------------------------------------------------------------------------------------------


def _denials(since: date) -> Any:
    """First denials of lines of known payers; the code is the one we asked for, whatever the payer made of it."""
    found = Denial.objects.filter(
        is_denial=True, is_first=True, denied_on__gte=since, payer__isnull=False, number__gt=0
    )
    return found.exclude(reason="").annotate(asked=Coalesce("claim_line__code", "code")).exclude(asked="")


def _found(since: date) -> dict[Kind, _Found]:
    rows = (
        _denials(since)
        .order_by()
        .values_list("payer_id", "asked", "reason", "practice_id", "group", F("remarks__0"), "category")
        .annotate(n=Count("pk"), left=Sum("amount"), before=Count("pk", filter=Q(claim__first_sent_on__lt=since)))
    )
    found: dict[Kind, _Found] = defaultdict(_Found)
    for payer, code, reason, practice, group, remark, category, n, left, before in rows:
        one = found[payer, code, reason]
        one.count, one.before, one.amount = one.count + n, one.before + before, one.amount + left
        one.practices.add(practice)
        one.groups[group] += n
        one.remarks[remark or ""] += n
        one.categories[category] += n
    return found


def _told(found: Mapping[Kind, _Found], since: date) -> Iterable[Suggestion]:
    """Them in words, with the lines that were sent."""
    named = payers.named({payer for payer, _, _ in found})
    known = denied.reasons()
    sent = decided.lines_sent(
        payers={payer for payer, _, _ in found}, codes={code for _, code, _ in found}, since=since
    )
    for (payer, code, reason), one in found.items():
        public_id, name = named[payer]
        yield Suggestion(
            payer=public_id, payer_name=name, code=code, reason=reason, group=_most(one.groups),
            remark=_most(one.remarks), words=known[reason].words if reason in known else f"reason {reason}",
            category=Category(_most(one.categories)), count=one.count,
            sent=max(sent.get((payer, code), 0) + one.before, one.count), practices=len(one.practices),
            amount=Money.of(one.amount), since=since,
        )  # fmt: skip


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda one: (-counted[one], one))


def _circumstances(one: Suggestion) -> list[Circumstances]:
    """Those of the denied lines, the latest of them."""
    found = _denials(one.since).filter(payer__public_id=one.payer, asked=one.code, reason=one.reason)
    lines = found.filter(claim_line__isnull=False).order_by("-denied_on", "-pk").values_list("claim_line_id", flat=True)
    return decided.circumstances(list(lines[:LINES_LOOKED_AT]))


def _answers() -> dict[Kind, SuggestionAnswer]:
    """What was made of each kind last."""
    return {(row.payer_id, row.code, row.reason): row for row in SuggestionAnswer.objects.order_by("pk")}
