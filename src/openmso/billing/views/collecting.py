"""Patients who do not pay: accounts by stage, runs over them, and the agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import APPROVE, COLLECT, READ, SETUP, STATE, SweepKind, SweepRow, TableKind
from openmso.billing.forms.collecting import AgencyFileForm, AgencyForm, SweepForm
from openmso.billing.queries import chasing, sweeps, tables
from openmso.billing.services import placing, stepping, sweeping
from openmso.billing.states import UNDER_WAY, Sweeping
from openmso.billing.tables.collecting import CHASES, PLACEMENTS, SWEEPS, SWEPT
from openmso.billing.views.doing import done
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted
from openmso.platform.access import duties
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.filling import fill

BULK_MAX = 2_000


@page(READ.code)
def chases(request: ActorRequest) -> HttpResponse:
    """The accounts that owe, by how far they were asked."""
    ask = ui_tables.ask(request, CHASES)
    return ui_tables.answer(
        request, CHASES, ask, template="billing/chases.html",
        fetch=lambda asked: chasing.listing(filters=ask.filters, page=asked),
        tally=lambda: chasing.tally(filters=ask.filters),
        context={
            "may_state": request.actor.can(STATE.code), "held": tables.in_force(TableKind.DEBT), "laws": tables.laws()
        },
    )  # fmt: skip


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The runs, the latest first."""
    ask = ui_tables.ask(request, SWEEPS)
    return ui_tables.answer(
        request, SWEEPS, ask, template="billing/sweeps.html",
        fetch=lambda asked: sweeps.listing(filters=ask.filters, page=asked),
        tally=lambda: sweeps.tally(filters=ask.filters), context={"may_state": request.actor.can(STATE.code)},
    )  # fmt: skip


@page(READ.code)
def sweep(request: ActorRequest, sweep: str) -> HttpResponse:
    """One run: what it proposes for each account and why, and what came of it."""
    found = sweeps.sweep(sweep)
    ask = ui_tables.ask(request, SWEPT)
    return ui_tables.answer(
        request, SWEPT, ask, template="billing/sweep.html",
        fetch=lambda asked: sweeps.of_sweep(sweep, filters=ask.filters, page=asked),
        tally=lambda: sweeps.accounts_tally(sweep, filters=ask.filters),
        context={"one": found, "here": found.public_id, **_buttons(request, found)},
    )  # fmt: skip


def _buttons(request: ActorRequest, found: SweepRow) -> dict[str, object]:
    needs = stepping.KINDS[found.kind].needs_another
    permission = APPROVE.code if needs else STATE.code
    no = (
        duties.why_not(request.actor, did=found.made_user, first="made this run", then="decide it") if needs else None
    )  # fmt: skip
    waits = found.state is Sweeping.PROPOSED
    label = "Approve and do it" if needs else "Do it"
    return {
        "decide": respond.act(request.actor, permission, label, practice=found.practice, why_not=no) if waits else None,
        "asks_reference": found.kind is SweepKind.SMALL, **_progress(request, found),
        "may_leave_out": waits and request.actor.can(STATE.code, found.practice),
        "may_take_back": found.state is Sweeping.DONE and found.kind is SweepKind.SMALL
        and request.actor.can(APPROVE.code, found.practice),
    }  # fmt: skip


def _progress(request: ActorRequest, found: SweepRow) -> dict[str, object]:
    """How far a run is that is under way, and who may have it go on, or stop it."""
    may = request.actor.can(stepping.permission(found.kind, found.state), found.practice)
    return {"going": found.state in UNDER_WAY, "is_doing": found.state is Sweeping.DOING, "may_go_on": may}


@page(READ.code)
def sweep_progress(request: ActorRequest, sweep: str) -> HttpResponse:
    """How far a run is, asked every second; the whole page once it waits or is done."""
    found = sweeps.sweep(sweep)
    if found.state not in UNDER_WAY:
        return respond.redirect(request, reverse("billing:sweep", args=[sweep]))
    return respond.page(request, "billing/sweep_progress.html", {"one": found, **_progress(request, found)})


@act(STATE.code)
def take_up(request: ActorRequest, sweep: str) -> HttpResponse:
    """Have a run that was interrupted go on."""
    return _sweep(request, sweep, lambda: sweeping.take_up(
        actor=request.actor, sweep=sweep, at=request.actor.at
    ), "It goes on")  # fmt: skip


@form(STATE.code)
def new_sweep(request: ActorRequest) -> HttpResponse:
    """Propose a run."""
    with reading():
        named = [(one.public_id, f"{one.name} ({one.practice_name})") for one in sweeps.agencies()]
        filled = SweepForm(request.POST or None, practices=tenancy.practice_choices(), agencies=named,
                           initial={"kind": request.GET.get("kind", "")[:8]})  # fmt: skip
    back = reverse("billing:sweeps")

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["run_practice"].upper())
        made = sweeping.start(
            actor=request.actor, practice=practice, kind=SweepKind(given["kind"]), agency=given["agency"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:sweep", args=[made])

    context = {
        "title": "Propose a run", "act_label": "Propose it", "back": back, "crumbs": [("Runs over accounts", back)],
        "lede": "Every account is looked at; nothing happens before somebody has decided.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The run is proposed.", context=context)


@act(STATE.code)
def chase_many(request: ActorRequest) -> HttpResponse:
    """Propose what is due of a selection of accounts."""
    try:
        chosen = ui_tables.selection(request, CHASES)
        with reading():
            found = chasing.ids(filters=chosen.filters, named=chosen.ids, limit=BULK_MAX + 1)
        ui_tables.refuse_more(sum(map(len, found.values())), BULK_MAX, CHASES)
        if not found:
            raise NotFound("There are no such accounts.")
        made = [
            sweeping.start(actor=request.actor, practice=practice, kind=SweepKind.DUNNING, at=request.actor.at, only=of)
            for practice, of in found.items()
        ]
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(
        request, reverse("billing:sweep", args=made) if len(made) == 1 else reverse("billing:sweeps")
    )


@act(STATE.code)
def decide(request: ActorRequest, sweep: str) -> HttpResponse:
    """Do what a run proposes."""
    return _sweep(request, sweep, lambda: sweeping.approve_soon(
        actor=request.actor, sweep=sweep, reference=request.POST.get("reference", ""), at=request.actor.at
    ), "Approved")  # fmt: skip


@act(STATE.code)
def refuse(request: ActorRequest, sweep: str) -> HttpResponse:
    """Say no to a run."""
    return _sweep(request, sweep, lambda: sweeping.refuse(
        actor=request.actor, sweep=sweep, why=request.POST.get("why", ""), at=request.actor.at
    ), "Not approved; nothing was done")  # fmt: skip


@act(STATE.code)
def leave_out(request: ActorRequest, sweep: str) -> HttpResponse:
    """Leave the patients that are named out of a run."""
    return _one(request, sweep, lambda numbers: sweeping.leave_out(
        actor=request.actor, sweep=sweep, numbers=numbers, why=request.POST.get("why", ""), at=request.actor.at
    ), "Left out")  # fmt: skip


@act(APPROVE.code)
def take_back(request: ActorRequest, sweep: str) -> HttpResponse:
    """Let what was given up of an account be owed again."""
    return _one(request, sweep, lambda numbers: [
        sweeping.take_back(actor=request.actor, sweep=sweep, number=number, why=request.POST.get("why", ""),
                           at=request.actor.at) for number in numbers
    ], "It is owed again")  # fmt: skip


@page(READ.code)
def placements(request: ActorRequest) -> HttpResponse:
    """What agencies have, and what came back."""
    ask = ui_tables.ask(request, PLACEMENTS)
    return ui_tables.answer(
        request, PLACEMENTS, ask, template="billing/placements.html",
        fetch=lambda asked: sweeps.placements(filters=ask.filters, page=asked),
        tally=lambda: sweeps.placements_tally(filters=ask.filters),
        context={"agencies": sweeps.agencies(), "may_set_up": request.actor.can(SETUP.code)},
    )  # fmt: skip


@act(APPROVE.code)
def recall_many(request: ActorRequest) -> HttpResponse:
    """Take a selection of accounts back from their agency."""
    try:
        chosen = ui_tables.selection(request, PLACEMENTS)
        with reading():
            found = sweeps.placement_ids(filters=chosen.filters, named=chosen.ids, limit=BULK_MAX + 1)
        ui_tables.refuse_more(len(found), BULK_MAX, PLACEMENTS)
        if not found:
            raise NotFound("There are no such placements.")
        placing.recall(actor=request.actor, placements=found, why="Recalled from the list", at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    return respond.done(request, f"{counted(len(found), 'account')} recalled", back=reverse("billing:placements"))


@form(SETUP.code)
def new_agency(request: ActorRequest) -> HttpResponse:
    """Name a collection agency."""
    with reading():
        filled = AgencyForm(request.POST or None, practices=tenancy.practice_choices())
    back = reverse("billing:placements")

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["run_practice"].upper())
        made = placing.name_agency(
            actor=request.actor, practice=practice, name=given["name"], fee_percent=given["fee_percent"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:agency", args=[made])

    context = {
        "title": "Name an agency", "act_label": "Name it", "back": back, "crumbs": [("Agencies", back)],
        "lede": "What it keeps of what it brings is a cost of the practice.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The agency is named.", context=context)


@page(READ.code)
def agency(request: ActorRequest, agency: str) -> HttpResponse:
    """One agency, and the files that went and came."""
    found = sweeps.agency(agency)
    context = {
        "one": found, "here": found.name, "files": sweeps.files(agency), "form": AgencyFileForm(),
        "may_collect": request.actor.can(COLLECT.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "billing/agency.html", context)


@form(COLLECT.code)
def take_file(request: ActorRequest, agency: str) -> HttpResponse:
    """Take what an agency sent."""
    with reading():
        found = sweeps.agency(agency)
    back = reverse("billing:agency", args=[agency])

    def save(given: dict[str, Any]) -> str:
        placing.take_file(
            actor=request.actor, agency=agency, name=given["file"].name, content=given["file"].read(),
            at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": "Take an agency's file", "act_label": "Take it", "back": back, "crumbs": [(found.name, back)],
        "lede": "Payments, adjustments and accounts that are given back; all of the file or nothing.",
    }  # fmt: skip
    return fill(
        request, AgencyFileForm(request.POST or None, request.FILES or None),
        save=save, said="The file is taken.", context=context,
    )  # fmt: skip


def _one(request: ActorRequest, sweep: str, work: Callable[[list[int]], object], words: str) -> HttpResponse:
    """The same for the accounts of a run whose patients are named."""

    def each() -> None:
        named = request.POST.getlist("number")
        with reading():
            numbers = sweeps.numbers(sweep, filters=Filters(), named=named) if named else []
        if not numbers:
            raise NotFound("The run has no such account.", field="number")
        work(numbers)

    return _sweep(request, sweep, each, words)


def _sweep(request: ActorRequest, name: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: sweeps.sweep(name), work, words, reverse("billing:sweep", args=[name]))
