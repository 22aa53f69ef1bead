"""Screens of the front desk: the visits of a day with what to collect at each, one of them, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import AT_THE_DESK, COLLECT, Method
from openmso.billing.services import receiving
from openmso.estimates import queries
from openmso.estimates.contracts import MAKE, READ, DeskRow
from openmso.estimates.tables import DESK
from openmso.estimates.views.reading import tell_read
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.parties.queries import payers
from openmso.patients.contracts import Coverage
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, Event, Tone
from openmso.scheduling import queries as scheduling
from openmso.scheduling import services as visits
from openmso.scheduling.contracts import EDIT, Cause, CoverageChoice, MarkDraft, VisitMark, VisitStatus

METHODS = tuple((one.value, one.label) for one in AT_THE_DESK)
CAUSES = tuple((one.value, one.label) for one in Cause)
VERBS = (
    (VisitStatus.ARRIVED, "Arrived", "a"), (VisitStatus.DONE, "Done", "e"), (VisitStatus.NO_SHOW, "No-show", "n"),
)  # fmt: skip


@page(READ.code)
def desk(request: ActorRequest) -> HttpResponse:
    """The visits of today and the days ahead, with what is to be collected at each; and those nobody has marked."""
    ask, today = tables.ask(request, DESK), request.actor.today
    here = reverse("estimates:desk")
    days = (
        ("Ahead", ""), ("Today", f"on:{today}"), ("Tomorrow", f"on:{today + timedelta(days=1)}"),
        ("Not marked", f"is:{scheduling.UNMARKED}"), ("Missed", "is:no_show is:cancelled"),
    )  # fmt: skip
    tabs = [Choice(label, f"{here}?q={text}" if text else here, current=ask.q == text) for label, text in days]
    return tables.answer(
        request, DESK, ask, template="estimates/desk.html", context={"tabs": tabs, "here": "Front desk"},
        fetch=lambda wanted: queries.desk(today=today, filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def visit(request: ActorRequest, visit: str) -> HttpResponse:
    """A visit as the desk sees it: what to collect and why, its estimates, and what became of it."""
    row, marks = queries.desk_visit(visit)
    ways = _ways(request, row)
    tell_read(request, row.practice, ("scheduling.visit", visit))
    covers, choices = queries.choices_of(visit)
    is_chosen = bool(choices and choices[0].coverage_id)
    context = {
        "row": row, "plans": _plans(covers), "chosen": is_chosen,
        "may_choose": (len(covers) > 1 or is_chosen) and row.status not in queries.CALLED_OFF
        and request.actor.can(EDIT.code, row.practice),
        "here": visit, "estimates": queries.of_visit(visit),
        "may_make": row.status not in queries.CALLED_OFF and request.actor.can(MAKE.code, row.practice),
        "causes": CAUSES,
        "buttons": [(to.value, words, letter) for to, words, letter in VERBS if to in ways],
        "may_cancel": VisitStatus.CANCELLED in ways,
        "may_take_back": request.actor.can(EDIT.code, row.practice) and row.undo_on == request.actor.today,
        "events": sorted([*map(_event, marks), *(_choice(one, covers) for one in choices)], key=_latest),
        "methods": METHODS,
        "may_collect": request.actor.can(COLLECT.code, row.practice),
    }  # fmt: skip
    return respond.page(request, "estimates/visit.html", context)


def _ways(request: ActorRequest, row: DeskRow) -> frozenset[VisitStatus]:
    if not request.actor.can(EDIT.code, row.practice):
        return frozenset()
    return scheduling.may_become(row.status, service_on=row.service_on, today=request.actor.today)


def _event(one: VisitMark) -> Event:
    title = f"{one.frm.label}: taken back to {one.to.label.lower()}" if one.takes_back else one.to.label
    told = ": ".join(part for part in (one.cause.label if one.cause else "", one.why) if part)
    return Event(one.at, title, Tone.NONE if one.takes_back else one.to.tone, f"{told} · {one.by}" if told else one.by)


def _plans(covers: Sequence[Coverage]) -> list[tuple[str, str]]:
    """The coverages that can be asked first, in words."""
    names = payers.names() if covers else {}
    return [
        (one.public_id, f"{names.get(one.payer_id, '')}, {one.kind.label.lower()}, {one.order.label.lower()}")
        for one in covers
    ]  # fmt: skip


def _choice(one: CoverageChoice, covers: Sequence[Coverage]) -> Event:
    kind = next((cover.kind.label for cover in covers if cover.id == one.coverage_id), "Another")
    title = f"{kind} plan chosen by hand" if one.coverage_id else "Goes by its reason again"
    return Event(one.at, title, Tone.INFO if one.coverage_id else Tone.NONE, f"{one.why} · {one.by}")


def _latest(event: Event) -> float:
    return -event.at.timestamp()


@act(EDIT.code)
def choose(request: ActorRequest, visit: str) -> HttpResponse:
    """Choose which coverage a visit asks first, or let it go by its reason again; with a reason."""
    coverage, why = request.POST.get("coverage", ""), request.POST.get("why", "")[:200]
    try:
        if coverage:
            visits.choose_coverage(actor=request.actor, visit=visit, coverage=coverage, why=why, at=clock.now())
        else:
            visits.go_by_reason(actor=request.actor, visit=visit, why=why, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("estimates:visit", args=[visit]))


@act(EDIT.code)
def mark(request: ActorRequest, visit: str) -> HttpResponse:
    """Say what became of a visit."""
    try:
        with reading():
            scheduling.get(visit)
        draft = _draft(request, request.POST.get("status", ""))
        visits.mark_one(actor=request.actor, visit=visit, draft=draft, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("estimates:visit", args=[visit]))


@act(COLLECT.code)
def collect(request: ActorRequest, visit: str) -> HttpResponse:
    """Take what is due at a visit: the money is kept for it; the page with the receipt follows."""
    try:
        with reading():
            row = queries.desk_row(visit)
        made = receiving.take(
            actor=request.actor, patient=row.patient_id, visit=visit, chosen=(), amount=_amount(request),
            method=_method(request), reference=request.POST.get("reference", "")[:40], at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "The payment is taken. Print the receipt for the patient.")
    return respond.redirect(request, reverse("billing:payment", args=[made]))


def _amount(request: ActorRequest) -> Money:
    try:
        return Money.of(request.POST.get("amount", "").strip().lstrip("$").replace(",", ""))
    except ValueError:
        raise Refused("The amount cannot be read.", field="amount", fix="Write dollars and cents: 25.00.") from None


def _method(request: ActorRequest) -> Method:
    found = next((one for one in AT_THE_DESK if one.value == request.POST.get("method")), None)
    if found is None:
        raise Refused("Say how it is paid.", field="method", fix="Cash, a check or a card.")
    return found


@act(EDIT.code)
def take_back(request: ActorRequest, visit: str) -> HttpResponse:
    """Take back what was said of a visit today."""
    try:
        visits.take_back(actor=request.actor, visit=visit, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("estimates:visit", args=[visit]))


@act(EDIT.code)
def mark_many(request: ActorRequest, to: str) -> HttpResponse:
    """Say what became of the selected visits; those of which it cannot be said are left out, with the reason."""
    try:
        found = visits.mark(
            actor=request.actor, visits=_selected(request), draft=_draft(request, to), at=clock.now()
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    words = f"{counted(len(found.done), 'visit')} marked as {VisitStatus(to).label.lower()}"
    if not found.left_out:
        return respond.done(request, words, back=reverse("estimates:desk"))
    words = f"{words}; {len(found.left_out)} left out: {found.left_out[0].words} {found.left_out[0].fix}".strip()
    response = respond.done(request, words, back=reverse("estimates:desk"))
    return respond.toast(response, words, tone=Tone.WARN) if respond.is_fragment(request) else response


@act(EDIT.code)
def ask_cancel(request: ActorRequest) -> HttpResponse:
    """Ask why the selected visits are cancelled."""
    try:
        count = len(_selected(request))
    except Refused as no:
        return respond.refusal(request, no)
    given = [(name, value) for name in ("ids", "every", "q") for value in request.POST.getlist(name)]
    context = {"count": count, "given": given, "causes": CAUSES}
    return respond.page(request, "estimates/ask_cancel.html#ask", context)


def _selected(request: ActorRequest) -> list[str]:
    chosen = tables.selection(request, DESK)
    with reading():
        return queries.desk_names(today=request.actor.today, filters=chosen.filters, public_ids=chosen.ids)


def _draft(request: ActorRequest, to: str) -> MarkDraft:
    if to not in list(VisitStatus):
        raise Refused("Say what became of the visit.", field="status", fix="Choose one of the buttons.")
    cause = request.POST.get("cause", "")
    return MarkDraft(
        VisitStatus(to), Cause(cause) if cause in list(Cause) else None, request.POST.get("why", "")[:200]
    )  # fmt: skip
