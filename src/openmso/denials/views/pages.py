"""The page of a denial, its preview, the payer's bytes, and the panel on the page of a claim."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.queries import stories
from openmso.denials import tables
from openmso.denials.contracts import APPROVE, DENIAL, PHI, WORK, Denial, Worth
from openmso.denials.forms import AskForm, CauseForm
from openmso.denials.queries import appeals, network, pages
from openmso.denials.rules import patients, worth
from openmso.denials.states import OPEN, WORKED, Asked, S
from openmso.parties.queries import notes
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.audit import services as audit
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Event, Why, WhyTerm
from openmso.platform.work import queries as work
from openmso.remittances.queries import payments
from openmso.remittances.queries.raw import of_payment


@page("denials.read")
def denial(request: ActorRequest, denial: str) -> HttpResponse:
    """What was asked, what the payer said, what it is worth, what can be done, what was."""
    found = pages.denial(denial, on=request.actor.today)
    tell_read(request.actor, found)
    return respond.page(request, "denials/denial.html#story", story(request, found))


def tell_read(actor: Actor, found: Denial) -> None:
    """The trail is told that patient data was shown."""
    audit.record_read(
        actor=actor, practice=found.row.practice, subject=(DENIAL, found.row.public_id), at=actor.at,
        classes=[one for one in PHI if actor.sees(one, found.row.practice)],
        decision=actor.may("denials.read", found.row.practice),
    )  # fmt: skip


def story(request: Any, found: Denial) -> dict[str, object]:
    """All that the page of a denial shows."""
    actor, row = request.actor, found.row
    waiting = next((one for one in found.write_offs if one.state is Asked.WAITING), None)
    can_work = actor.can(WORK.code, row.practice)
    items = work.open_for((DENIAL, row.public_id), at=actor.at) if can_work else []
    return {
        "one": found, "row": row, "here": row.public_id, "why": why_of(found), "formula": worth.FORMULA,
        "in_queue": request.GET.get("queue") == "1",
        "events": [
            Event(one.at, f"{one.what}, {one.actor}", note=one.note, amount=one.amount) for one in found.history
        ],
        "item": items[0] if items else None, "limit": network.limit(), "waiting": waiting,
        "can_work": can_work, "is_worked": row.state in WORKED,
        "is_waiting": row.state in WORKED - {S.NEW}, "ask_form": AskForm(), "cause_form": CauseForm(
            initial={"cause": row.cause.value}
        ),
        "patient_button": respond.act(
            actor, WORK.code, "Move to the patient", practice=row.practice,
            why_not=patients.why_not(found.group, found.codes[0].partition("-")[2] if found.codes else ""),
        ),
        "approve_button": respond.act(
            actor, APPROVE.code, "Approve", practice=row.practice,
            why_not=duties.why_not(
                actor, did=waiting.asked_user, first="asked for this write-off", then="approve it"
            ) if waiting else None,
        ),
        "siblings": ui_tables.static(request, tables.OF_CLAIM, found.siblings) if found.siblings else None,
        "notes": notes.about(practice=row.practice, payer_id=found.payer_id, on=request.actor.today),
        "is_open": row.state in OPEN, "appeals": appeals.of_denial(row.public_id),
    }  # fmt: skip


def why_of(found: Denial) -> Why:
    """How the worth of a denial comes about; every number of it opens."""
    row, known = found.row, found.worth
    q = f"category:{row.category.value} is:recovered is:writtenoff is:patient"
    return Why(
        key="worth", value=str(known.value), note=worth.FORMULA,
        terms=(*_terms(known), WhyTerm("Worth", str(known.value), total=True)),
        url=f"{reverse('denials:queue')}?q={q.replace(' ', '+')}", rows=f"The {known.record.all} that ended",
    )  # fmt: skip


def _terms(known: Worth) -> tuple[WhyTerm, ...]:
    record = known.record
    left = worth.time_left(known.days_left)
    return (
        WhyTerm("Left open", str(known.amount)),
        WhyTerm(f"Won of {record.here} with this payer", f"{record.here_won:.2f}"),
        WhyTerm(f"Won of {record.all} of this kind", f"{record.all_won:.2f}"),
        WhyTerm("Starting value of this kind", f"{known.prior * 100:.0f} %"),
        WhyTerm("Win rate", f"{known.rate * 100:.1f} %"),
        WhyTerm(f"Weight of the time, {left}", f"{known.weight}"),
    )


@page("denials.read")
def peek(request: ActorRequest, denial: str) -> HttpResponse:
    """The preview beside the queue."""
    found = pages.denial(denial, on=request.actor.today)
    tell_read(request.actor, found)
    return respond.page(request, "denials/peek.html", story(request, found))


@page("denials.read")
def raw(request: ActorRequest, denial: str) -> HttpResponse:
    """The payer's own words: the segments of the claim payment, with those of the line marked."""
    found = pages.denial(denial, on=request.actor.today)
    tell_read(request.actor, found)
    payment = payments.payment(found.payment)
    line = next((one for one in payment.lines if one.number == found.number), None)
    context = {"raw": of_payment(payment, line), "one": found, "span": payment.row.span, "line": line}
    return respond.page(request, "denials/raw.html", context)


@page("denials.read")
def of_claim(request: ActorRequest, claim: str) -> HttpResponse:
    """The panel of a claim's page: what was denied of it, and where that stands."""
    rows = pages.of_claim(claim=stories.key(claim).public_id, on=request.actor.today)
    shown = ui_tables.static(request, tables.OF_CLAIM, rows) if rows else None
    return respond.page(request, "denials/of_claim.html", {"table": shown})
