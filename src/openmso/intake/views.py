"""Uploading visits, and what became of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.queries import worklist
from openmso.intake import queries
from openmso.intake.contracts import RunState, Wait
from openmso.intake.forms import IntakeForm
from openmso.intake.rules.rows import TEMPLATE
from openmso.intake.services import taking
from openmso.intake.tables import ITEMS, RUNS
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.database import progress
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import respond, tables

_TAKING = {"here": "Take in visits"}


@page("intake.read")
def runs(request: ActorRequest) -> HttpResponse:
    """The files that were taken in."""
    ask = tables.ask(request, RUNS)
    return tables.answer(request, RUNS, ask, template="intake/runs.html", fetch=lambda asked: queries.runs(page=asked))


NOW = (("ready", "is:ready"), ("on hold", "is:held"))


@page("intake.read")
def run(request: ActorRequest, run: str) -> HttpResponse:
    """One file: the account of every record; it asks again while it waits to be read."""
    try:
        taken = queries.run(run, records=0)
    except NotFound as no:
        return respond.refusal(request, no)
    context = {
        "run": taken, "waits": taken.state is RunState.RUNNING, "progress": progress.told(run),
        "stopped": taken.state is RunState.REFUSED, "here": run,
        "waiting": [(one, _held_for(one, taken.practice)) for one in taken.waits],
        "sees_claims": request.actor.can("claims.read", taken.practice),
        "now": [(label, _claims(taken.practice, word)) for label, word in NOW],
    }  # fmt: skip
    ask = tables.ask(request, ITEMS)
    return tables.answer(
        request, ITEMS, ask, template="intake/run.html#state", context=context,
        fetch=lambda asked: queries.items(run, filters=ask.filters, page=asked),
    )  # fmt: skip


def _held_for(wait: Wait, practice: int) -> str:
    """The list of claims on hold for what claims of a file wait for; by hand, all that are on hold."""
    known = wait.code in dict(worklist.finding_choices())
    return _claims(practice, "is:held", *([f"finding:{wait.code}"] if known else []))


def _claims(practice: int, *words: str) -> str:
    """The list of a practice's claims of which some words are true."""
    code = next(tenant.code.lower() for tenant in tenants() if tenant.pk == practice)
    return f"{reverse('claims:worklist')}?{urlencode({'q': ' '.join([*words, f'practice:{code}'])})}"


@form("intake.run")
def take(request: ActorRequest) -> HttpResponse:
    """Upload a file; its account is shown, once it is read."""
    allowed = request.actor.practices_for("intake.run")
    filled = IntakeForm(request.POST or None, request.FILES or None)
    choices = [(str(tenant.pk), tenant.name) for tenant in tenants() if tenant.pk in allowed and not tenant.is_mso]
    filled.fields["practice"].choices = choices  # type: ignore[attr-defined]
    if request.method != "POST":
        return respond.page(request, "intake/take.html", _TAKING | {"form": IntakeForm() if not choices else filled})
    if not filled.is_valid():
        return respond.page(request, "intake/take.html", _TAKING | {"form": filled}, status=422)
    file, mapped = filled.cleaned_data["file"], filled.cleaned_data["code_map"]
    try:
        taken = taking.receive(
            actor=request.actor, practice=int(filled.cleaned_data["practice"]), name=file.name, content=file.file,
            at=clock.now(), code_map=(mapped.name, mapped.file) if mapped else None,
        )  # fmt: skip
    except Refused as no:
        filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        return respond.page(request, "intake/take.html", _TAKING | {"form": filled}, status=no.status)
    return respond.redirect(request, reverse("intake:run", args=[taken.run]))


@page("intake.run")
def template(request: ActorRequest) -> HttpResponse:
    """The CSV template: one line of column names."""
    disposition = {"Content-Disposition": 'attachment; filename="visits.csv"'}
    return HttpResponse(TEMPLATE, content_type="text/csv", headers=disposition)
