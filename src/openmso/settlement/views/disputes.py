"""Edges: the list of disputes, one with its story, and what practice and MSO say in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.money import ZERO, Money
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.settlement import queries, rules, showing
from openmso.settlement.contracts import ANSWER, DISPUTE, READ, Dispute, DisputeRow
from openmso.settlement.forms import AnswerForm, DisputeForm, EscalateForm, WordForm, brought
from openmso.settlement.queries import disputes
from openmso.settlement.services import disputing
from openmso.settlement.states import D
from openmso.settlement.tables import DISPUTES


@page(READ.code)
def listed(request: ActorRequest) -> HttpResponse:
    """Every dispute, the latest first."""
    ask = tables.ask(request, DISPUTES)
    return tables.answer(
        request, DISPUTES, ask, template="settlement/disputes.html",
        fetch=lambda asked: disputes.listed(ask.filters, asked),
    )  # fmt: skip


@page(READ.code)
def dispute(request: ActorRequest, dispute: str) -> HttpResponse:
    """One dispute: what is held, who has the word and until when, everything that was said."""
    return respond.page(request, "settlement/dispute.html", showing.dispute(request.actor, disputes.dispute(dispute)))


@form(DISPUTE.code)
def open_dispute(request: ActorRequest, settlement: str, number: int) -> HttpResponse:
    """Dispute a row of an invoice."""
    with reading():
        one, row = queries.settlement(settlement), queries.row(settlement, number)
        paid = disputes.contested(settlement)
        no = rules.why_not_dispute(one, row, before=disputes.of_row(settlement, number), contested=paid)
    most = rules.may_be_disputed(one, row, contested=paid)
    held = ["What you dispute is held: it is not due until the dispute is settled.",
            "The rest of the invoice is approved and paid as usual."]  # fmt: skip
    follows = ["It is paid already: what you win is credited in both books and paid back."] if one.due <= ZERO else held

    def save(given: Mapping[str, Any]) -> str:
        made = disputing.dispute(
            actor=request.actor, settlement=settlement, row=number, amount=Money.of(given["amount"]),
            reason=given["reason"], papers=brought(given["evidence"]), at=request.actor.at,
        )  # fmt: skip
        return reverse("settlement:dispute", args=[made.public_id])

    filled = DisputeForm(request.POST or None, request.FILES or None, initial={"amount": most.amount})
    return fill(
        request, filled, save=save, said="Disputed; the MSO answers.",
        context={
            "title": f"Dispute “{row.label}”", "here": "Dispute", "crumbs": showing.way(one), "act_label": "Dispute it",
            "lede": f"Invoice {one.invoice}, {one.month.first:%B %Y}: {row.figure}. Up to {most} can be disputed.",
            "consequences": [
                *follows,
                f"The MSO answers within {rules.CURE_DAYS[D.OPEN]} business days, or as your agreement promises.",
            ],
            "faults": [disputing.CannotDispute(no, fix="Look at the statement for what is due.")] if no else [],
            "back": reverse("settlement:statement", args=[settlement]),
        },
    )  # fmt: skip


@form(ANSWER.code)
def answer(request: ActorRequest, dispute: str) -> HttpResponse:
    """Record the outcome of the stage that a dispute is at."""
    found = _found(dispute)
    follows = ["What is credited is posted in both books at once, with a credit memo."]
    if found.row.state is D.ARBITRATION:
        follows.append("Its paper is kept with it. The practice confirms it, or says in its days that it was another;"
                       " then what it does not credit becomes due.")  # fmt: skip
    else:
        follows.append("The practice accepts what you do not credit, or takes it further; else your answer stands.")
    return _act(
        request, found, AnswerForm(request.POST or None, request.FILES or None),
        lambda given: disputing.answer(
            actor=request.actor, dispute=dispute, credited=Money.of(given["credited"]), why=given["why"],
            papers=brought(given["evidence"]), at=request.actor.at,
        ), title="Answer" if found.row.state is D.OPEN else "Record the outcome", follows=follows, said="Recorded.",
    )  # fmt: skip


@form(DISPUTE.code)
def accept(request: ActorRequest, dispute: str) -> HttpResponse:
    """Accept an answer."""
    found = _found(dispute)
    return _act(
        request, found, WordForm(request.POST or None),
        lambda given: disputing.accept(actor=request.actor, dispute=dispute, why=given["why"], at=request.actor.at),
        title="Accept the answer", follows=[_ends(found.row), "The dispute is settled."],
        said="Accepted; it is settled.",
    )  # fmt: skip


@form(DISPUTE.code)
def take_back(request: ActorRequest, dispute: str) -> HttpResponse:
    """Take a dispute back."""
    found = _found(dispute)
    follows = [_ends(found.row), "You can dispute the row anew."]
    return _act(
        request, found, WordForm(request.POST or None),
        lambda given: disputing.take_back(actor=request.actor, dispute=dispute, why=given["why"], at=request.actor.at),
        title="Take it back", follows=follows, said="Taken back; the dispute is over.",
    )  # fmt: skip


@form(DISPUTE.code)
def escalate(request: ActorRequest, dispute: str) -> HttpResponse:
    """Take a dispute further."""
    found = _found(dispute)
    return _act(
        request, found,
        EscalateForm(request.POST or None, request.FILES or None, stages=rules.further(found.row)),
        lambda given: disputing.escalate(
            actor=request.actor, dispute=dispute, to=D(given["to"]), why=given["why"],
            papers=brought(given["evidence"]), at=request.actor.at,
        ), title="Take it further", follows=[f"{found.row.contested} stays contested until the outcome.",
                                          "The joint board finds it on its agenda by itself."], said="Taken further.",
    )  # fmt: skip


@form(ANSWER.code)
def refer(request: ActorRequest, dispute: str) -> HttpResponse:
    """Take a dispute further for the MSO."""
    found = _found(dispute)
    stages = rules.further(found.row, by_mso=True)
    return _act(
        request, found, EscalateForm(request.POST or None, request.FILES or None, stages=stages),
        lambda given: disputing.escalate(
            actor=request.actor, dispute=dispute, to=D(given["to"]), why=given["why"],
            papers=brought(given["evidence"]), at=request.actor.at,
        ), title="Take it further", said="Taken further.",
        follows=["The joint board finds it on its agenda by itself; what it resolves is the outcome.",
                 "Mediation and arbitration have the same days as when the practice takes it there."],
    )  # fmt: skip


@page(READ.code)
def memo(request: ActorRequest, memo: str) -> HttpResponse:
    """A credit memo as PDF."""
    practice, found = disputes.memo(memo)
    return HttpResponse(
        documents.read(found.document, practice),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="credit-memo-{found.number}.pdf"'},
    )


def _ends(row: DisputeRow) -> str:
    """What becomes of the contested amount when the practice gives way."""
    return f"{row.contested} stays paid." if row.of_paid else f"{row.contested} becomes due."


def _found(dispute: str) -> Dispute:
    with reading():
        return disputes.dispute(dispute)


def _act(
    request: ActorRequest, found: Dispute, filled: forms.Form, work: Callable[[Mapping[str, Any]], object], *,
    title: str, follows: Sequence[str], said: str,
) -> HttpResponse:  # fmt: skip
    """The form of one act on a dispute, which leads back to it."""
    row, back = found.row, reverse("settlement:dispute", args=[found.row.public_id])

    def save(given: Mapping[str, Any]) -> str:
        work(given)
        return back

    return fill(
        request, filled, save=save, said=said,
        context={
            "title": title, "here": title, "act_label": title, "back": back, "consequences": follows,
            "lede": f"{row.contested} of “{row.label}” is contested, invoice {row.invoice}, {row.practice_name}.",
            "crumbs": [("Disputes", reverse("settlement:disputes")), (row.public_id, back)],
        },
    )  # fmt: skip
