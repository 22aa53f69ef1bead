"""Transmissions and the mailbox on screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from openmso.exchange import forms
from openmso.exchange.contracts import KEEP, READ, SEND
from openmso.exchange.queries import partners
from openmso.exchange.queries import transmissions as queries
from openmso.exchange.services import arriving, sending
from openmso.exchange.states import T
from openmso.exchange.tables import ARRIVALS, TRANSMISSIONS
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.edges import act, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, Event, Tone
from openmso.platform.ui.filling import fill
from openmso.platform.work.contracts import Outcome

AT_ONCE_MAX = 1_000
STORY = {
    "recorded": ("Recorded", Tone.INFO), "begun": ("Begun", Tone.NONE), "uploaded": ("Lies there whole", Tone.NONE),
    "sent": ("Sent", Tone.GOOD), "failed": ("Did not get through", Tone.BAD), "moved": ("Takes another way", Tone.WARN),
    "again": ("Sent again", Tone.INFO), "taken": ("Taken to be handed in", Tone.INFO),
    "handed_in": ("Handed in", Tone.GOOD), "given_up": ("Given up", Tone.WARN),
}  # fmt: skip
VIEWS = (("Open", "is:waiting is:sending is:by_hand is:failed"), ("To be handed in", "is:by_hand"),
         ("Failed", "is:failed"), ("All", ""))  # fmt: skip
OF_SUBJECT = {"claims.batch": "claims:batch"}
"""Where the thing is read that a file was made from."""


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """What left and what has not."""
    ask = tables.ask(request, TRANSMISSIONS)
    here = reverse("exchange:transmissions")
    tabs = [Choice(label, f"{here}?q={text}" if text else here, current=ask.q == text) for label, text in VIEWS]
    return tables.answer(
        request, TRANSMISSIONS, ask, template="exchange/transmissions.html",
        context={"tabs": tabs, "down": partners.down()},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
        tally=lambda: queries.tally(filters=ask.filters),
    )  # fmt: skip


@page(READ.code)
def transmission(request: Any, transmission: str) -> HttpResponse:
    """One transmission and its story."""
    found = queries.transmission(transmission)
    row, actor = found.row, request.actor
    events = [
        Event(
            one.at,
            f"{STORY[one.what][0]}: {one.partner}" if one.partner else STORY[one.what][0],
            STORY[one.what][1],
            " · ".join(part for part in (one.words, one.actor) if part),
        )
        for one in reversed(found.events)
    ]
    by_hand = row.state is T.BY_HAND
    may = actor.can(SEND.code, row.practice)
    context = {
        "row": row, "events": events, "here": transmission, "down": partners.down(), "by_hand": by_hand,
        "may_send": may,
        "may_again": may and row.state in {T.WAITING, T.BY_HAND, T.FAILED, T.GIVEN_UP},
        "may_give_up": may and row.state in {T.WAITING, T.BY_HAND, T.FAILED},
        "subject_url": _made_from(row.subject),
    }  # fmt: skip
    return respond.page(request, "exchange/transmission.html", context)


def _made_from(subject: tuple[str, str]) -> str:
    kind, public_id = subject
    return reverse(OF_SUBJECT[kind], args=[public_id]) if kind in OF_SUBJECT else ""


@act(SEND.code)
def again(request: Any, transmission: str) -> HttpResponse:
    """Send a file again; one that may have arrived goes elsewhere only where somebody says that it has not."""
    sending.again(
        actor=request.actor, transmission=transmission, at=clock.now(), elsewhere=request.POST.get("elsewhere") == "1"
    )
    return _back(request, transmission, "It goes out again.")


@act(SEND.code)
def take(request: Any, transmission: str) -> StreamingHttpResponse:
    """The file as its partner wants it, for a person who hands it in."""
    kept = sending.take(actor=request.actor, transmission=transmission, at=clock.now())
    with reading():
        name = queries.transmission(transmission).row.name
        pieces = documents.pieces(kept.public_id, kept.practice)
    headers = kept.handed_out | {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, headers=headers)


@form(SEND.code)
def handed_in(request: Any, transmission: str) -> HttpResponse:
    """Record where a person handed a file in."""
    with reading():
        queries.transmission(transmission)
    filled = forms.HandedInForm(request.POST or None)
    back = reverse("exchange:transmission", args=[transmission])

    def save(given: dict[str, Any]) -> str:
        sending.handed_in(actor=request.actor, transmission=transmission, at=clock.now(), **given)
        return back

    context = {"title": f"Handed in {transmission}", "back": back, "crumbs": [(transmission, back)]}
    return fill(request, filled, save=save, said="Marked as handed in.", context=context)


@form(SEND.code)
def give_up(request: Any, transmission: str) -> HttpResponse:
    """Leave a file unsent."""
    with reading():
        queries.transmission(transmission)
    filled = forms.GiveUpForm(request.POST or None)
    back = reverse("exchange:transmission", args=[transmission])

    def save(given: dict[str, Any]) -> str:
        sending.give_up(actor=request.actor, transmission=transmission, at=clock.now(), **given)
        return back

    context = {"title": f"Give {transmission} up", "back": back, "crumbs": [(transmission, back)]}
    return fill(request, filled, save=save, said="Given up.", context=context)


@act(SEND.code)
def again_many(request: Any) -> HttpResponse:
    """Send the selected files again."""
    return _many(
        request, "will go out again",
        lambda names: sending.again_many(actor=request.actor, transmissions=names, at=clock.now()),
    )  # fmt: skip


@act(SEND.code)
def handed_in_many(request: Any) -> HttpResponse:
    """Mark the selected files as handed in."""
    return _many(
        request, "marked as handed in",
        lambda names: sending.handed_in_many(
            actor=request.actor, transmissions=names, words="With others of a list.", at=clock.now()
        ),
    )  # fmt: skip


def _many(request: Any, words: str, work: Any) -> HttpResponse:
    try:
        chosen = tables.selection(request, TRANSMISSIONS)
        with reading():
            names = queries.ids(filters=chosen.filters, limit=AT_ONCE_MAX + 1) if chosen.every else list(chosen.ids)
        tables.refuse_more(len(names), AT_ONCE_MAX, TRANSMISSIONS)
    except Refused as no:
        return respond.refusal(request, no)
    outcomes: list[Outcome] = work(names)
    done = sum(one.is_done for one in outcomes)
    left = next((one for one in outcomes if not one.is_done), None)
    if not done and left is not None:
        return respond.refusal(request, Refused(left.sentence))
    more = f"; {len(outcomes) - done} not: {left.sentence}" if left else ""
    said = f"{done:,} {TRANSMISSIONS.noun[done != 1]} {words}{more}"
    return respond.done(request, said, back=reverse("exchange:transmissions"))


def _back(request: Any, transmission: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return respond.redirect(request, reverse("exchange:transmission", args=[transmission]))


@form(KEEP.code, mailroom=True)
def arrivals(request: Any) -> HttpResponse:
    """What partners sent."""
    ask = tables.ask(request, ARRIVALS)
    with reading():
        return tables.answer(
            request, ARRIVALS, ask, template="exchange/arrivals.html", context={"here": "Mailbox"},
            fetch=lambda wanted: queries.arrivals(filters=ask.filters, page=wanted),
        )  # fmt: skip


@form(KEEP.code, mailroom=True)
def arrival(request: Any, arrival: str) -> HttpResponse:
    """One file that came, and what it became."""
    with reading():
        row = queries.arrival(arrival)
        became = documents.became(row.document, tenancy.mso())
        context = {"row": row, "became": became, "here": arrival}
        return respond.page(request, "exchange/arrival.html", context)


@form(KEEP.code, mailroom=True)
def take_in(request: Any) -> HttpResponse:
    """Take in a file that a person fetched from a partner."""
    with reading():
        offered = partners.choices()
    filled = forms.ArrivalForm(request.POST or None, request.FILES or None, partners=offered)

    def save(given: dict[str, Any]) -> str:
        upload = given["file"]
        kept = arriving.take_in(
            actor=request.actor, partner=given["partner"], name=upload.name or "file", content=upload.file,
            at=clock.now(),
        )  # fmt: skip
        return reverse("exchange:arrival", args=[kept.public_id])

    back = reverse("exchange:arrivals")
    context = {"title": "Take in a file", "back": back, "upload": True}
    return fill(request, filled, template="exchange/take_in.html", save=save, said="Taken in.", context=context)
