"""Screens of eligibility: the worklist, a check with its benefit sheet, answers taken in, a payer taken as coverage."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.eligibility.contracts import CHECK, OtherPayer, Sent
from openmso.eligibility.forms import CoverageForm, TakeForm
from openmso.eligibility.queries import checks as queries
from openmso.eligibility.services import answering, asking, discovering, sending
from openmso.eligibility.states import S
from openmso.eligibility.tables import CHECKS
from openmso.kit import clock
from openmso.kit.classes import PHI
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted
from openmso.parties.queries import notes, payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Order
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice
from openmso.platform.work import queries as work

VIEWS = (
    ("To do", "is:todo"),
    ("Waiting", "is:due is:asked is:retry"),
    ("Inactive", "plan:inactive"),
    ("Active", "plan:active"),
    ("All", ""),
)


@page("eligibility.read")
def checks(request: ActorRequest) -> HttpResponse:
    """The visits ahead and whoever else was asked about: unchecked, inactive, failed, active."""
    ask = tables.ask(request, CHECKS)
    here = reverse("eligibility:checks")
    tabs = [Choice(label, f"{here}?q={text}" if text else here, current=ask.q == text) for label, text in VIEWS]
    return tables.answer(
        request, CHECKS, ask, template="eligibility/checks.html",
        fetch=lambda asked: queries.checks(filters=ask.filters, page=asked),
        tally=lambda: queries.tally(filters=ask.filters),
        context={"tabs": tabs, "may_check": request.actor.can(CHECK.code), "here": "Coverage"},
    )  # fmt: skip


@act("eligibility.check")
def ask_ahead(request: ActorRequest) -> HttpResponse:
    """Ask about the visits of the coming days in every practice in reach."""
    asked, sent = 0, Sent()
    try:
        for practice in sorted(request.actor.practices_for(CHECK.code)):
            asked += len(asking.ask_ahead(actor=request.actor, practice=practice, at=clock.now()))
            sent = sent.plus(sending.send_due(actor=request.actor, practice=practice, at=clock.now()))
    except Refused as no:
        return respond.refusal(request, no)
    said = _said(asked, sent) if asked or sent.asked else "Every visit ahead has a fresh answer, or none is planned"
    return respond.done(request, said, back=reverse("eligibility:checks"))


def _said(asked: int, sent: Sent) -> str:
    parts = [f"{counted(max(asked, sent.asked), 'check')} asked"]
    parts += [f"{sent.answered} answered"] if sent.answered else []
    parts += [f"{sent.put_off} put off"] if sent.put_off else []
    parts += [f"{sent.failed} failed"] if sent.failed else []
    return ", ".join(parts)


@act("eligibility.check")
def ask_many(request: ActorRequest) -> HttpResponse:
    """Ask again about the selected checks."""
    try:
        chosen = tables.selection(request, CHECKS)
        with reading():
            named = queries.ids(filters=chosen.filters, public_ids=chosen.ids)
        asked, sent = 0, Sent()
        for practice, public_ids in named.items():
            again = asking.ask_again(actor=request.actor, checks=public_ids, at=clock.now())
            asked += len(again)
            sent = sent.plus(sending.send_due(actor=request.actor, practice=practice, at=clock.now()))
    except Refused as no:
        return respond.refusal(request, no)
    return respond.done(request, _said(asked, sent), back=reverse("eligibility:checks"))


@act("eligibility.check")
def ask_patient(request: ActorRequest, patient: str) -> HttpResponse:
    """Ask now about every coverage of a patient."""
    try:
        asked = asking.ask_about_patient(actor=request.actor, patient=patient, at=clock.now())
        with reading():
            practice = patients.get(patient).practice
        sending.send_due(actor=request.actor, practice=practice, at=clock.now(), only=asked)
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("eligibility:check", args=[asked[0]]))


@page("eligibility.read")
def check(request: ActorRequest, check: str) -> HttpResponse:
    """One check: what was asked, what happened, the benefit sheet, the bytes."""
    try:
        found = queries.check(check)
    except NotFound as no:
        return respond.refusal(request, no)
    actor, practice = request.actor, found.row.practice
    audit.record_read(
        actor=actor, practice=practice, subject=("eligibility.check", check), at=actor.at,
        classes=[one for one in PHI if actor.sees(one, practice)], decision=actor.may("eligibility.read", practice),
    )  # fmt: skip
    asks = found.row.state in {S.FAILED, S.RETRY, S.ANSWERED}
    return respond.page(
        request, "eligibility/check.html",
        {
            "check": found, "row": found.row, "here": check, "today": actor.today,
            "segments": queries.answered_bytes(check),
            "ask_button": respond.act(actor, CHECK.code, "Ask again", practice=practice, letter="e", icon="send")
            if asks else None,
            "may_check": actor.can(CHECK.code, practice),
            "notes": notes.about(practice=practice, payer=found.row.payer, on=actor.today),
            "waits": work.open_for(("eligibility.check", check), at=actor.at),
        },
    )  # fmt: skip


@act("eligibility.check")
def ask_one(request: ActorRequest, check: str) -> HttpResponse:
    """Ask again, now."""
    try:
        asked = asking.ask_again(actor=request.actor, checks=[check], at=clock.now())
        if not asked:
            raise Refused(asking.UNCOVERED, fix=asking.ASK_PATIENT)
        with reading():
            practice = queries.check(asked[0]).row.practice
        sending.send_due(actor=request.actor, practice=practice, at=clock.now(), only=asked)
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("eligibility:check", args=[asked[0]]))


@form("eligibility.check")
def take(request: ActorRequest) -> HttpResponse:
    """Take in a file of answers."""
    allowed = request.actor.practices_for(CHECK.code)
    with reading():
        choices = [(str(one.pk), one.name) for one in tenants() if one.pk in allowed and not one.is_mso]
    filled = TakeForm(request.POST or None, request.FILES or None, practices=choices)
    context: dict[str, Any] = {"form": filled, "here": "Answers"}
    if request.method == "POST" and filled.is_valid():
        upload = filled.cleaned_data["file"]
        try:
            taken = answering.take(
                actor=request.actor, practice=int(filled.cleaned_data["practice"]), name=upload.name,
                content=upload.file, at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            filled.add_error("file", f"{no.sentence} {no.fix}".strip())
        else:
            return respond.page(request, "eligibility/taken.html", context | {"taken": taken})
    return respond.page(request, "eligibility/take.html", context, status=422 if filled.is_bound else 200)


@form("eligibility.check")
def take_as_coverage(request: ActorRequest, check: str) -> HttpResponse:
    """Take a payer that the answer names as a coverage of the patient."""
    try:
        with reading():
            found = queries.check(check)
            known = {one.edi_id: one.public_id for one in payers.every()}
            by_name = {one.name.casefold(): one.public_id for one in payers.every()}
            choices = payers.choices()
    except NotFound as no:
        return respond.refusal(request, no)
    named = request.GET.get("payer", "")
    other = next((one for one in found.sheet.others if one.name == named), None) or OtherPayer(named)
    initial = {
        "payer": known.get(other.payer_id) or by_name.get(other.name.casefold(), ""), "member_id": other.member_id,
        "starts_on": other.starts_on or found.row.on, "replaces": other.is_real, "order": Order.SECONDARY.value,
    }  # fmt: skip
    filled = CoverageForm(request.POST or None, payers=choices, initial=initial)
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data
        try:
            with reading():
                payer = payers.by_public_id(given["payer"])
            discovering.take_as_coverage(
                actor=request.actor, check=check, payer=payer, member_id=given["member_id"],
                starts_on=given["starts_on"], replaces=given["replaces"],
                order=Order(given["order"] or Order.SECONDARY.value), plan=other.plan, at=clock.now(),
            )  # fmt: skip
            sending.send_due(actor=request.actor, practice=found.row.practice, at=clock.now())
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return respond.redirect(request, reverse("eligibility:check", args=[check]))
    return respond.page(
        request, "eligibility/coverage.html",
        {"form": filled, "check": found, "other": other, "back": reverse("eligibility:check", args=[check]),
         "here": "Take as coverage"},
        status=422 if filled.is_bound else 200,
    )  # fmt: skip
