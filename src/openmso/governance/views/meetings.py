"""Screens of a board's meetings: the agenda with votes and notes, who is there, minutes, actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.contracts import BUDGET, CONVENE, READ, SIT
from openmso.governance.contracts.boards import CLASS_TITLES, CLASSES, Item, Meeting
from openmso.governance.forms.boards import ActionForm, AttendForm, HowForm, NoteForm, VoteForm
from openmso.governance.forms.proposals import WhyForm
from openmso.governance.queries import boards as queries
from openmso.governance.rules import boards as rules
from openmso.governance.services import actions, agenda, meetings, recusing
from openmso.governance.states import M, R, V
from openmso.governance.views.boards import crumbs
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the meeting's page shows it: how it stands by the votes so far, and whether the reader may vote."""

    item: Item
    so_far: str
    may_vote: bool
    why_not: str


@page(READ.code)
def meeting(request: Any, meeting: str) -> HttpResponse:
    """One meeting: its agenda with what was said and voted, who is there, the minutes, what is to be done."""
    found = queries.meeting(meeting)
    row, actor = found.row, request.actor
    keeps = actor.can(CONVENE.code, row.practice)
    filled = {one.seat for one in found.present}
    context = {
        "one": found, "row": row, "here": row.name, "keeps": keeps, "sits": row.state is M.SITTING,
        "crumbs": [*crumbs(), (row.board_name, reverse("governance:board", args=[row.board]))],
        "items": [_shown(actor, found, one) for one in found.items],
        "classes": [
            (CLASS_TITLES[side], found.there(side), found.charter.quorum[side]) for side in CLASSES
        ],
        "absent": [seat for seat in found.seats if seat.key not in filled],
        "may_attend": row.state is M.SITTING and not found.seat_of(actor.user) and found.free_for(actor.user),
        "present": [
            (one, row.state is M.SITTING and one.left_at is None and (keeps or one.account == actor.user))
            for one in found.present
        ],
        "may_resolve": keeps and row.state in {M.SITTING, M.CLOSED, M.APPROVED},
        "is_called": row.state is M.CALLED, "may_sit": actor.can(SIT.code, row.practice),
    }  # fmt: skip
    return respond.page(request, "governance/meeting.html", context)


def _shown(actor: Actor, found: Meeting, one: Item) -> Shown:
    """An item, with how it would end by the votes so far."""
    sits = found.row.state is M.SITTING
    so_far = ""
    if sits and one.ballots and not one.reserved:
        of_budget = one.subject_kind == BUDGET
        so_far = rules.outcome(
            found.charter, present=found.there_for(one), ballots=one.ballots, practice_too=of_budget
        ).words
    seat, voted = found.seat_of(actor.user), any(ballot.account == actor.user for ballot in one.ballots)
    may_vote = sits and seat is not None and not voted and not one.reserved and one.result is R.OPEN
    no = recusing.why_not(actor, found.row.practice, one.party, at=actor.at) if may_vote else None
    return Shown(one, so_far, may_vote, no.sentence if no else "")


@form(CONVENE.code)
def cancel(request: Any, meeting: str) -> HttpResponse:
    """Cancel a meeting that was called."""
    found = _found(meeting)
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        meetings.cancel(actor=request.actor, meeting=meeting, why=given["why"], at=request.actor.at)
        return reverse("governance:board", args=[found.row.board])

    context = about(found, "Cancel the meeting", "Cancel it") | {
        "danger": True, "consequences": ["What is on its agenda waits for the next meeting."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Cancelled.", context=context)


@act(CONVENE.code)
def open_(request: Any, meeting: str) -> HttpResponse:
    """Open a meeting."""
    meetings.open_(actor=request.actor, meeting=meeting, at=request.actor.at)
    return respond.done(request, "Open.", back=reverse("governance:meeting", args=[meeting]))


@act(SIT.code)
def attend(request: Any, meeting: str) -> HttpResponse:
    """Say that one is there."""
    meetings.attend(actor=request.actor, meeting=meeting, at=request.actor.at)
    return respond.done(request, "You are there.", back=reverse("governance:meeting", args=[meeting]))


@act(SIT.code)
def leave(request: Any, meeting: str) -> HttpResponse:
    """Say that one leaves, or that somebody else does."""
    account = request.POST.get("account", "")
    meetings.leave(actor=request.actor, meeting=meeting, account=account, at=request.actor.at)
    return respond.done(request, "Recorded.", back=reverse("governance:meeting", args=[meeting]))


@form(CONVENE.code)
def attendance(request: Any, meeting: str) -> HttpResponse:
    """Record that somebody else is there."""
    found = _found(meeting)
    filled_seats = {one.seat for one in found.present}
    people = [
        (account, f"{name}, {seat.name}{' (stands in)' if account == seat.alternate else ''}")
        for seat in found.seats if seat.key not in filled_seats
        for account, name in ((seat.holder, seat.holder_name), (seat.alternate, seat.alternate_name)) if account
    ]  # fmt: skip
    filled = AttendForm(request.POST or None, people=people)

    def save(given: dict[str, Any]) -> str:
        meetings.attend(actor=request.actor, meeting=meeting, account=given["account"], at=request.actor.at)
        return reverse("governance:meeting", args=[meeting])

    context = about(found, "Record who is there", "Record it")
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form(SIT.code)
def vote(request: Any, item: str) -> HttpResponse:
    """Vote on an item from one's seat."""
    found, one = _item(item)
    with reading():
        no = recusing.why_not(request.actor, found.row.practice, one.party, at=request.actor.at)
    filled = VoteForm(request.POST or None, conflicted=no is not None)

    def save(given: dict[str, Any]) -> str:
        meetings.vote(actor=request.actor, item=item, choice=V(given["choice"]), why=given["why"], at=request.actor.at)
        return reverse("governance:meeting", args=[found.row.public_id])

    context = about(found, f"Vote: {one.title}", "Cast it") | {
        "lede": one.words or f"{found.row.board_name}, {found.row.name.lower()}", "faults": [no] if no else [],
        "consequences": ["A vote that is cast stays, and stands in the minutes with your name."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Your vote is cast.", context=context)


@form(CONVENE.code)
def note(request: Any, item: str) -> HttpResponse:
    """Write down what was said on an item."""
    found, one = _item(item)
    filled = NoteForm(request.POST or None, initial={"notes": one.notes})

    def save(given: dict[str, Any]) -> str:
        agenda.note(actor=request.actor, item=item, notes=given["notes"], at=request.actor.at)
        return reverse("governance:meeting", args=[found.row.public_id])

    return fill(request, filled, save=save, said="Written down.", context=about(found, f"Notes: {one.title}", "Save"))


@form(CONVENE.code)
def close(request: Any, meeting: str) -> HttpResponse:
    """Close a meeting."""
    found = _found(meeting)
    filled = forms.Form(request.POST if request.method == "POST" else None)

    def save(given: dict[str, Any]) -> str:
        meetings.close(actor=request.actor, meeting=meeting, at=request.actor.at)
        return reverse("governance:meeting", args=[meeting])

    shown = [_shown(request.actor, found, one) for one in found.items]
    context = about(found, "Close the meeting", "Close it") | {
        "consequences": [
            *(f"{one.item.title}: {one.so_far or 'discussed'}" for one in shown),
            "The minutes are frozen with their hash, and approved by a vote of the next meeting.",
        ]
    }  # fmt: skip
    return fill(request, filled, save=save, said="Closed; the minutes are frozen.", context=context)


@form(CONVENE.code)
def resolve(request: Any, meeting: str) -> HttpResponse:
    """Set an action."""
    found = _found(meeting)
    with reading():
        people = actions.everybody(found.row.practice, at=request.actor.at)
    filled = ActionForm(request.POST or None, people=people)

    def save(given: dict[str, Any]) -> str:
        actions.resolve(
            actor=request.actor, meeting=meeting, title=given["title"], owner=given["owner"], due_on=given["due_on"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:meeting", args=[meeting])

    context = about(found, "Set an action", "Set it") | {"consequences": ["It waits in the inbox until it is done."]}
    return fill(request, filled, save=save, said="Set.", context=context)


@form(SIT.code)
def finish(request: Any, action: str) -> HttpResponse:
    """Say that an action is done."""
    with reading():
        row = queries.action(action)
    found = _found(row.meeting)
    filled = HowForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        done = actions.finish(actor=request.actor, action=action, how=given["how"], at=request.actor.at)
        return reverse("governance:meeting", args=[done])

    context = about(found, "Done", "It is done") | {"lede": f"{row.title}, {row.owner_name}, by {row.due_on:%-d %B %Y}"}
    return fill(request, filled, save=save, said="Done.", context=context)


@page(READ.code)
def minutes(request: Any, meeting: str) -> HttpResponse:
    """The minutes as PDF."""
    content, name = queries.minutes(meeting)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


def _found(meeting: str) -> Meeting:
    with reading():
        return queries.meeting(meeting)


def _item(item: str) -> tuple[Meeting, Item]:
    """An item with its meeting; raises `NotFound`, also for what still waits for one."""
    with reading():
        return queries.item(item)


def about(found: Meeting, title: str, label: str) -> dict[str, Any]:
    """What the forms of a meeting's acts show."""
    row = found.row
    back = reverse("governance:meeting", args=[row.public_id])
    return {
        "title": title, "here": title, "act_label": label, "back": back,
        "lede": f"{row.board_name}, {row.name.lower()}, {row.practice_name}",
        "crumbs": [*crumbs(), (row.board_name, reverse("governance:board", args=[row.board])), (row.name, back)],
    }  # fmt: skip
