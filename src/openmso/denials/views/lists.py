"""The queue, and what is done with many denials at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openmso.denials.contracts import DENIAL, SETUP, TO_WORK, WORK, Answered
from openmso.denials.queries import queue
from openmso.denials.services import bulk
from openmso.denials.services.keeping import BULK_MAX
from openmso.denials.tables import DENIALS
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import by_reason, counted
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Choice, Tone
from openmso.platform.work import queries as work_queries
from openmso.platform.work import services as work
from openmso.platform.work.contracts import InboxFilters
from openmso.platform.work.views import dialogs

VIEWS = (
    ("To work", "is:new"),
    ("Waiting for payers", "is:asked is:resent is:appealed"),
    ("To approve", "is:approval"),
    ("Recovered", "is:recovered"),
    ("Written off", "is:writtenoff"),
    ("All", ""),
)


@page("denials.read")
def queue_page(request: ActorRequest) -> HttpResponse:
    """The denials, what is worth most first."""
    ask = ui_tables.ask(request, DENIALS)
    return ui_tables.answer(
        request, DENIALS, ask, template="denials/queue.html",
        fetch=lambda asked: queue.denials(filters=ask.filters, page=asked, on=request.actor.today),
        tally=lambda: queue.tally(filters=ask.filters),
        context={
            "tabs": _tabs(request, ask.q), "may_work": request.actor.can(WORK.code),
            "may_set_up": request.actor.can(SETUP.code),
        },
    )  # fmt: skip


def _tabs(request: ActorRequest, q: str) -> list[Choice]:
    here = reverse("denials:queue")
    built_in = [
        Choice(label, f"{here}?{urlencode({'q': text})}" if text else here, current=q == text) for label, text in VIEWS
    ]
    saved = work_queries.saved_views(actor=request.actor, path=here)
    return [*built_in, *(Choice(view.name, f"{here}?{view.query}") for view in saved)]


@act("denials.work")
def take_next(request: ActorRequest) -> HttpResponse:
    """The most pressing denial that nobody has, given to this person; two people get two."""
    item = work.take_next(actor=request.actor, at=request.actor.at, filters=InboxFilters(kinds=(TO_WORK,)))
    if item is None:
        response = respond.done(request, "Nothing is left to do here.", back=reverse("denials:queue"))
        return respond.toast(response, "Nothing is left to do here.", tone=Tone.GOOD)
    return respond.redirect(request, reverse("denials:denial", args=[item.subject_id]) + "?queue=1")


def selected(request: ActorRequest) -> list[str]:
    """The denials that a selection names; raises `Refused` for none and for too many."""
    chosen = ui_tables.selection(request, DENIALS)
    with reading():
        found = queue.ids(filters=chosen.filters, public_ids=chosen.ids, limit=BULK_MAX + 1)
    if len(found) > BULK_MAX:
        raise Refused(f"That is more than {BULK_MAX} denials at once.", code="too_many", fix="Narrow the list first.")
    if not found:
        raise NotFound("There are no such denials.")
    return found


def _items(denials: Sequence[str]) -> list[str]:
    with reading():
        found = work_queries.item_ids(DENIAL, denials, kinds=[TO_WORK])
    if not found:
        raise NotFound("Nobody has to work on these any more.")
    return found


@act("denials.work")
def take(request: ActorRequest) -> HttpResponse:
    """Take the selection to oneself."""
    try:
        items = _items(selected(request))
        told = work.assign_many(actor=request.actor, public_ids=items, at=request.actor.at, to=request.actor)
    except Refused as no:
        return respond.refusal(request, no)
    return respond.done(
        request, f"{counted(sum(one.is_done for one in told), 'denial')} taken", back=reverse("denials:queue")
    )


@act("denials.work")
def givers(request: ActorRequest) -> HttpResponse:
    """To whom the selection can be given; a choice of people, which gives."""
    return dialogs.givers(request, lambda: _items(selected(request)))


@act("denials.work")
def later(request: ActorRequest) -> HttpResponse:
    """Until when the work on the selection is put off."""
    return dialogs.later(request, lambda: _items(selected(request)))


@act("denials.work")
def correct_many(request: ActorRequest) -> HttpResponse:
    """Make a replacement of each claim of the selection."""
    try:
        told = bulk.correct(
            actor=request.actor, denials=selected(request), why="Denied; to be mended", at=request.actor.at
        )
    except Refused as no:
        return respond.refusal(request, no)
    return _told(request, counted(len(told.done), "corrected claim") + " to mend", _refused(told))


@act("denials.work")
def resubmit_many(request: ActorRequest) -> HttpResponse:
    """Ask anew for the denied lines of the selection, those of each claim in a new one."""
    try:
        told = bulk.resubmit(
            actor=request.actor, denials=selected(request), why="Denied lines asked for anew", at=request.actor.at
        )
    except Refused as no:
        return respond.refusal(request, no)
    return _told(request, counted(len(told.done), "new claim") + " of denied lines", _refused(told))


@act("denials.work")
def ask_write_off(request: ActorRequest) -> HttpResponse:
    """Ask for the reason of a write-off of the selection."""
    try:
        found = selected(request)
    except Refused as no:
        return respond.refusal(request, no)
    given = [(name, value) for name in ("ids", "every", "q") for value in request.POST.getlist(name)]
    return respond.page(request, "denials/ask_write_off.html#ask", {"count": len(found), "given": given})


@act("denials.work")
def write_off_many(request: ActorRequest) -> HttpResponse:
    """Write the selection off; what is above the limit waits for approval."""
    try:
        told = bulk.write_off(
            actor=request.actor, denials=selected(request), why=request.POST.get("why", ""), at=request.actor.at
        )
    except Refused as no:
        return respond.refusal(request, no)
    return _told(request, f"{counted(len(told.done), 'denial')} written off or sent for approval", _refused(told))


def _refused(told: Answered) -> list[tuple[str, str]]:
    return [(one.denial, one.words) for one in told.refused]


def _told(request: ActorRequest, words: str, refused: Sequence[tuple[str, str]]) -> HttpResponse:
    """What was done, and which could not be, by why; that stays until it is read."""
    if not refused:
        return respond.done(request, words, back=reverse("denials:queue"))
    more = f"{words}; {counted(len(refused), 'denial')} left out. {by_reason(refused)}."
    response = respond.done(request, more, back=reverse("denials:queue"))
    return respond.toast(response, more, tone=Tone.BAD) if respond.is_fragment(request) else response
