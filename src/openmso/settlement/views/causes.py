"""Edges: what was done of what was promised, the items behind each count, and whose cause a missed promise was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import Held
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Totals
from openmso.platform.ui.filling import fill
from openmso.platform.work import registry
from openmso.settlement import causes as rules
from openmso.settlement import showing
from openmso.settlement.contracts import ANSWER, DISPUTE, READ
from openmso.settlement.contracts.causes import UNSAID, Kept, KeptMonth, Missed
from openmso.settlement.forms import CauseForm, ContestForm, WordForm, brought
from openmso.settlement.queries import causes as queries
from openmso.settlement.services import attributing
from openmso.settlement.states import SaidOf, Whose
from openmso.settlement.tables.openbook import KEPT, LEVEL, items


@page(READ.code)
def panel(request: ActorRequest, practice: str) -> HttpResponse:
    """The panel of the open book: what was done in the latest month that is settled, by cause."""
    key = tenancy.key_in_scope(practice)
    month = queries.latest(key)
    found = queries.month(key, month, at=request.actor.at) if month else None
    return respond.page(request, "settlement/kept_panel.html", {"found": found, "causes": _causes(found)})


@page(READ.code)
def kept(request: ActorRequest, practice: str) -> HttpResponse:
    """What was promised with a clock in a month and what was done of it; every count opens to its items."""
    key = tenancy.key_in_scope(practice)
    month = _asked(request.GET.get("month", "")) or queries.latest(key) or Month.of(request.actor.day_in(key))
    found = queries.month(key, month, at=request.actor.at)
    if file := tables.exported(request, KEPT, found.kept, totals=_totals(found.kept)):
        return file
    context = {
        "found": found, "causes": _causes(found), "before": month.plus(-1), "after": month.plus(1),
        "table": tables.static(request, KEPT, found.kept, totals=_totals(found.kept)),
        "crumbs": _book(request.actor, found), "here": f"What we did in {month.words}",
    }  # fmt: skip
    return respond.page(request, "settlement/kept.html", context)


@page(READ.code)
def kept_items(request: ActorRequest, practice: str, month: str) -> HttpResponse:
    """The items behind the counts of a month."""
    found = _month(request, practice, month)
    return tables.answer(
        request, LEVEL, tables.ask(request, LEVEL), template="settlement/kept_items.html",
        context={"found": found, "crumbs": _way(request.actor, found), "here": "Items"},
        fetch=lambda asked: queries.rows(found, tables.ask(request, LEVEL).filters, asked),
    )  # fmt: skip


@page(READ.code)
def missed(request: ActorRequest, practice: str, month: str, item: str) -> HttpResponse:
    """One item against its promise: whose cause it was that it was missed, who said so, and what can be said."""
    found = _one(request, practice, month, item)
    context = {
        "one": found, "cause": found.one.cause, "acts": _acts(request.actor, found),
        "crumbs": _way(request.actor, found),
        "papers": [(word, paper) for word in found.words for paper in word.papers], "here": item,
        "is_late": found.one.held is Held.LATE,
        "may_open": request.actor.can(registry.kind(found.one.kind).permission, found.practice),
        "events": [
            Event(word.at, f"{_said(word.what, word.whose)} · {word.by}", word.what.tone, word.why)
            for word in reversed(found.words)
        ],
    }  # fmt: skip
    return respond.page(request, "settlement/missed.html", context)


@page(READ.code)
def missed_item(request: ActorRequest, item: str) -> HttpResponse:
    """The page of an item whose cause somebody said something of, by its id alone."""
    practice = queries.practice_of(item)
    month = queries.waits_in(practice, item) if practice else None
    if practice is None or month is None:
        raise NotFound("Nobody said anything about such an item.")
    place = next(one.public_id for one in tenancy.tenants_in_scope() if one.pk == practice)
    return respond.redirect(request, reverse("settlement:missed", args=[place, str(month), item]))


@form(ANSWER.code)
def say(request: ActorRequest, practice: str, month: str, item: str) -> HttpResponse:
    """Say whose cause a missed promise was."""
    found = _found(request, practice, month, item)
    usual = Whose.MSO if found.settlement else Whose.PAYER
    return _act(
        request, found, CauseForm(request.POST or None, request.FILES or None, initial={"whose": usual}),
        lambda given: attributing.say(
            actor=request.actor, practice=found.practice, month=found.month, item=item, whose=Whose(given["whose"]),
            why=given["why"], papers=brought(given["evidence"]), at=request.actor.at,
        ), title="Say whose cause it was", said="Said; the practice reads it.",
        follows=["Only what is the MSO's own cause counts towards a credit of the fee.",
                 "The practice may contest it: then it counts as the MSO's until the practice agrees."],
    )  # fmt: skip


@form(DISPUTE.code)
def contest(request: ActorRequest, practice: str, month: str, item: str) -> HttpResponse:
    """Contest what the MSO said of a cause."""
    found = _found(request, practice, month, item)
    follows = ["It counts as the MSO's cause until you agree; after the month is settled, in the next month's credit.",
               f"The MSO answers within {attributing.ANSWERED_IN} business days."]  # fmt: skip
    return _act(
        request, found, ContestForm(request.POST or None, request.FILES or None),
        lambda given: attributing.contest(
            actor=request.actor, practice=found.practice, month=found.month, item=item, why=given["why"],
            papers=brought(given["evidence"]), at=request.actor.at,
        ), title="Contest it", said="Contested; the MSO answers.", follows=follows,
    )  # fmt: skip


@form(DISPUTE.code)
def agree(request: ActorRequest, practice: str, month: str, item: str) -> HttpResponse:
    """Agree to a cause."""
    found = _found(request, practice, month, item)
    return _act(
        request, found, WordForm(request.POST or None),
        lambda given: attributing.agree(
            actor=request.actor, practice=found.practice, month=found.month, item=item, why=given["why"],
            at=request.actor.at,
        ), title="Agree to it", said="Agreed.", follows=["The cause stands, for good."],
    )  # fmt: skip


def _asked(said: str) -> Month | None:
    try:
        return Month.parse(said)
    except ValueError:
        return None


def _named(month: str) -> Month:
    found = _asked(month)
    if found is None:
        raise NotFound("There is no such month.")
    return found


def _month(request: ActorRequest, practice: str, month: str) -> KeptMonth:
    return queries.month(tenancy.key_in_scope(practice), _named(month), at=request.actor.at)


def _one(request: ActorRequest, practice: str, month: str, item: str) -> Missed:
    return queries.missed(tenancy.key_in_scope(practice), _named(month), item, at=request.actor.at)


def _found(request: ActorRequest, practice: str, month: str, item: str) -> Missed:
    with reading():
        return _one(request, practice, month, item)


def _causes(found: KeptMonth | None) -> list[tuple[str, int, str]]:
    """How many were late by whose cause, each with the items behind it."""
    if found is None:
        return []
    return [
        (whose.label, found.by(whose), items(found.practice_public_id, found.month, f"is:late cause:{whose.value}"))
        for whose in Whose
    ]


def _totals(rows: Sequence[Kept]) -> Totals:
    summed = [column for column in KEPT.columns if column.total]
    return {one.key: sum(one.value(row) if one.value else getattr(row, one.key) for row in rows) for one in summed}


def _book(actor: Actor, found: KeptMonth | Missed) -> list[tuple[str, str]]:
    return showing.book(actor, found.practice, found.practice_public_id)


def _way(actor: Actor, found: KeptMonth | Missed) -> list[tuple[str, str]]:
    url = f"{reverse('settlement:kept', args=[found.practice_public_id])}?month={found.month}"
    return [*_book(actor, found), (f"What we did in {found.month.words}", url)]


def _said(what: SaidOf, whose: Whose) -> str:
    return whose.label if what is SaidOf.SAID else what.label


def _acts(actor: Actor, found: Missed) -> list[tuple[respond.Button, bool]]:
    """What the reader can say of the cause now, and whether it is the likeliest."""
    if found.one.held is not Held.LATE:
        return []
    cause, settled = found.one.cause or UNSAID, bool(found.settlement)
    asked = (
        (ANSWER, "Say whose cause it was", "say-cause",
         rules.why_not_say(found.one.held, cause, Whose.MSO, settled=settled), True),
        (DISPUTE, "Contest it", "contest-cause", rules.why_not_contest(cause), True),
        (DISPUTE, "Agree to it", "agree-cause", rules.why_not_agree(cause), False),
    )  # fmt: skip
    args = [found.practice_public_id, str(found.month), found.one.span.item]
    made = (
        (respond.act(actor, may.code, label, practice=found.practice, url=reverse(f"settlement:{name}", args=args)),
         likeliest)
        for may, label, name, no, likeliest in asked if not no
    )  # fmt: skip
    return [(button, likeliest) for button, likeliest in made if button]


def _act(
    request: ActorRequest, found: Missed, filled: forms.Form, work: Callable[[Mapping[str, Any]], object], *,
    title: str, follows: Sequence[str], said: str,
) -> HttpResponse:  # fmt: skip
    """The form of one word about a cause, which leads back to the item."""
    back = reverse("settlement:missed", args=[found.practice_public_id, str(found.month), found.one.span.item])

    def save(given: dict[str, Any]) -> str:
        work(given)
        return back

    return fill(
        request, filled, save=save, said=said,
        context={
            "title": title, "here": title, "act_label": title, "back": back, "consequences": follows,
            "lede": f"{found.one.promise}, promised within {found.hours} business hours. {found.practice_name}, "
                    f"{found.month.words}.",
            "crumbs": [*_book(request.actor, found), (found.one.span.item, back)],
        },
    )  # fmt: skip
