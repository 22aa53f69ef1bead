"""Charity care: applications, one with its decision, and taking one at an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import APPROVE, READ, STATE
from openmso.billing.forms.helping import ApplicationForm, PresumptionForm, ProofForm
from openmso.billing.queries import accounts, helping
from openmso.billing.services import helping as deciding
from openmso.billing.services import presuming
from openmso.billing.states import Ground, Helped
from openmso.billing.tables.helping import APPLICATIONS
from openmso.billing.views.doing import done
from openmso.kit.money import Money
from openmso.platform.access import duties
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The applications, the latest first."""
    ask = ui_tables.ask(request, APPLICATIONS)
    return ui_tables.answer(
        request, APPLICATIONS, ask, template="billing/list.html",
        fetch=lambda asked: helping.listing(filters=ask.filters, page=asked),
        tally=lambda: helping.tally(filters=ask.filters),
        context={"title": "Financial assistance", "lede": "Who applied, what the scale gives, and what was decided."},
    )  # fmt: skip


@page(READ.code)
def application(request: ActorRequest, application: str) -> HttpResponse:
    """One application: income against the guideline, and its decision."""
    found = helping.application(application)
    no = duties.why_not(request.actor, did=found.asked_user, first="took this application", then="decide it")
    button = None
    if found.state is Helped.ASKED:
        button = respond.act(request.actor, APPROVE.code, f"Grant {found.discount}%", practice=found.practice,
                             why_not=no)  # fmt: skip
    context = {
        "one": found, "here": found.public_id, "button": button, "proofs": helping.proofs(application),
        "may_prove": request.actor.can(STATE.code, found.practice),
        "may_take_back": found.state is Helped.GRANTED and request.actor.can(APPROVE.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "billing/application.html", context)


@form(STATE.code)
def apply(request: ActorRequest, patient: str) -> HttpResponse:
    """Take an application at a patient's account."""

    def take(given: dict[str, Any]) -> str:
        return deciding.apply(
            actor=request.actor, patient=patient, household=given["household"], income=Money.of(given["income"]),
            proof=_sent(given["proof"]), at=request.actor.at,
        )  # fmt: skip

    return _ask(
        request, patient, ApplicationForm, take, title="Apply for financial assistance", label="Take the application",
        words="Nobody asks them for money until it is decided.",
        said="The application is taken; somebody else decides.",
    )  # fmt: skip


@form(STATE.code)
def presume(request: ActorRequest, patient: str) -> HttpResponse:
    """Propose help by a documented fact, without asking for an income."""
    with reading():
        found = helping.medicaid(accounts.account(patient).row.patient_id, request.actor.today)

    def take(given: dict[str, Any]) -> str:
        return presuming.presume(
            actor=request.actor, patient=patient, ground=Ground(given["ground"]), evidence=given["evidence"],
            proof=_sent(given["proof"]), at=request.actor.at,
        )  # fmt: skip

    known = f"On record: {found}" if found else "No coverage by Medicaid is on record."
    return _ask(
        request, patient, PresumptionForm, take, title="Presume that help is due", label="Propose it",
        words=f"{known} Somebody else decides; nobody asks for money until then.",
        said="It is proposed; somebody else decides.",
    )  # fmt: skip


def _ask(
    request: ActorRequest, patient: str, form: type[ApplicationForm | PresumptionForm],
    take: Callable[[dict[str, Any]], str], *, title: str, label: str, words: str, said: str,
) -> HttpResponse:  # fmt: skip
    """Ask for help at an account by one of two ways; what is made is shown."""
    with reading():
        row = accounts.account(patient).row
    back = reverse("billing:account", args=[patient])
    context = {
        "title": title, "act_label": label, "back": back, "crumbs": [(row.name, back)],
        "lede": f"{row.name} owes {row.owed}. {words}",
    }  # fmt: skip
    return fill(
        request, form(request.POST or None, request.FILES or None),
        save=lambda given: reverse("billing:application", args=[take(given)]), said=said, context=context,
    )  # fmt: skip


@form(STATE.code)
def prove(request: ActorRequest, application: str) -> HttpResponse:
    """Put another proof with an application."""
    with reading():
        found = helping.application(application)
    back = reverse("billing:application", args=[application])

    def save(given: dict[str, Any]) -> str:
        sent = _sent(given["proof"])
        assert sent is not None, "the form asks for a file"
        presuming.prove(actor=request.actor, application=application, proof=sent, at=request.actor.at)
        return back

    context = {
        "title": "Add a proof", "act_label": "Keep it", "back": back, "crumbs": [(application, back)],
        "lede": f"For {found.name}. It is kept encrypted; who opens it is told to the trail.",
    }  # fmt: skip
    return fill(
        request, ProofForm(request.POST or None, request.FILES or None),
        save=save, said="The proof is kept.", context=context,
    )  # fmt: skip


@act(APPROVE.code)
def take_back(request: ActorRequest, application: str) -> HttpResponse:
    """Take granted help back."""
    return _application(request, application, lambda: presuming.take_back(
        actor=request.actor, application=application, why=request.POST.get("why", ""), at=request.actor.at
    ), "Taken back; it is owed again, and the letter is ready")  # fmt: skip


def _sent(file: UploadedFile | None) -> tuple[str, bytes, str] | None:
    """A file as it was sent: name, bytes and media type."""
    return (file.name or "proof", file.read(), file.content_type or "") if file else None


@act(APPROVE.code)
def grant(request: ActorRequest, application: str) -> HttpResponse:
    """Grant an application."""
    return _application(request, application, lambda: deciding.grant(
        actor=request.actor, application=application, at=request.actor.at
    ), "Granted; the letter is ready")  # fmt: skip


@act(APPROVE.code)
def deny(request: ActorRequest, application: str) -> HttpResponse:
    """Say no to an application."""
    return _application(request, application, lambda: deciding.deny(
        actor=request.actor, application=application, why=request.POST.get("why", ""), at=request.actor.at
    ), "Not granted; the letter is ready")  # fmt: skip


def _application(request: ActorRequest, name: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: helping.application(name), work, words, reverse("billing:application", args=[name]))
