"""One remittance, one payment, one provider adjustment, each with the payer's own bytes; and the claim's panels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import WORK, ClaimKey
from openmso.claims.queries import stories
from openmso.claims.queries import turns as asked
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.ledger.contracts import Accounts
from openmso.parties.queries import notes
from openmso.platform.access.edges import page
from openmso.platform.audit import services as audit
from openmso.platform.ui import respond, tables
from openmso.remittances.contracts import PAYMENT, REMITTANCE, PaymentRow, Remittance, RemittanceState
from openmso.remittances.forms import Match
from openmso.remittances.queries import files, payments, raw
from openmso.remittances.tables import PAYMENTS

SEEN = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})


@page("remittances.read")
def remittance(request: Any, remittance: str) -> HttpResponse:
    """Balance proof, the way from claims to the bank, the claims themselves."""
    one = files.remittance(remittance)
    ask = tables.ask(request, PAYMENTS)
    audit.record_read(
        actor=request.actor, practice=one.practice, subject=(REMITTANCE, remittance), at=request.actor.at,
        classes=SEEN, count=one.claims, decision=request.actor.may("remittances.read", one.practice),
    )  # fmt: skip
    return tables.answer(
        request, PAYMENTS, ask, template="remittances/remittance.html",
        context={
            "one": one, "proof": proof_of(one, payments.added_up(remittance)), "crumbs": [], "here": remittance,
            "is_duplicate": one.state is RemittanceState.DUPLICATE,
            "header": raw.of_span(one.practice, one.document, (one.span[0], one.span[0] + raw.HEAD), one.span[0]),
        },
        fetch=lambda wanted: payments.payments(filters=ask.filters, page=wanted, remittance=remittance),
        tally=lambda: payments.tally(filters=ask.filters, remittance=remittance),
    )  # fmt: skip


def proof_of(one: Remittance, found: tuple[Money, Money]) -> list[dict[str, Any]]:
    """The three balances: what the file says was paid, and what we add up from charges and adjustments."""
    lines, claims = found
    rows = (
        ("Lines: charge less adjustments is paid", f"{counted(one.line_count, 'line')}, SVC and CAS", one.line_paid,
         lines),
        ("Claims: charge less adjustments is paid", f"{counted(one.claims, 'claim')}, CLP and CAS", one.paid, claims),
        ("Payment: claims less provider adjustments", "BPR02 against CLP04 less PLB", one.amount,
         one.paid - one.provider_adjusted),
    )  # fmt: skip
    return [
        {"label": label, "note": note, "said": said, "found": total, "off": said - total}
        for label, note, said, total in rows
    ]


@page("remittances.read")
def payment(request: Any, payment: str) -> HttpResponse:
    """A claim as the payer decided it: lines, reasons in words, the bytes; and the claim it was posted to."""
    one = payments.payment(payment)
    row = one.row
    audit.record_read(
        actor=request.actor, practice=row.practice, subject=(PAYMENT, payment), at=request.actor.at, classes=SEEN,
        decision=request.actor.may("remittances.read", row.practice),
    )  # fmt: skip
    line = next((each for each in one.lines if str(each.number) == request.GET.get("line")), None)
    may = request.actor.may("remittances.match", row.practice)
    return respond.page(
        request,
        "remittances/payment.html",
        {
            "one": one, "row": row, "candidates": [] if row.is_matched else _candidates(row), "form": Match(),
            "may_match": may.allowed and not row.is_matched, "line": line,
            "notes": notes.about(practice=row.practice, payer=row.payer_name, on=request.actor.today),
            "raw": raw.of_span(row.practice, row.document, row.span, *(line.span if line else ())),
            "crumbs": [(row.remittance, reverse("remittances:remittance", args=[row.remittance]))],
            "here": payment,
        },
    )  # fmt: skip


def _candidates(row: PaymentRow) -> list[Any]:
    last, _, first = row.patient.partition(", ")
    return stories.candidates(
        practice=row.practice, control=row.control, payer_control=row.payer_control, last_name=last, first_name=first,
        service_on=row.service_on, charge=abs(row.charge.amount),
    )  # fmt: skip


@page("remittances.read")
def adjustment(request: Any, adjustment: str) -> HttpResponse:
    """A provider adjustment: what it is, where it is kept, the bytes."""
    row = files.adjustment(adjustment)
    one = files.remittance(row.remittance)
    context = {
        "row": row, "one": one, "raw": raw.of_span(row.practice, one.document, row.span),
        "is_recoupment": row.account == Accounts.PAYER_RECOUPMENTS,
        "crumbs": [(row.remittance, reverse("remittances:remittance", args=[row.remittance]))],
        "here": adjustment,
    }  # fmt: skip
    return respond.page(request, "remittances/adjustment.html", context)


@page("remittances.read")
def of_claim(request: Any, claim: str) -> HttpResponse:
    """The panel of a claim's page: what payers decided about it, line by line."""
    found = stories.key(claim)
    decided = payments.adjudications_of_claim(practice=found.practice_id, claim=claim)
    return respond.page(request, "remittances/of_claim.html", {"decided": decided})


@page("remittances.read")
def turns(request: Any, claim: str) -> HttpResponse:
    """The panel of a claim's page: its payers one after the other, and what a person may have done next."""
    found = stories.key(claim)
    may = request.actor.can(WORK.code, found.practice_id)
    return respond.page(
        request, "remittances/turns.html", {"claim": claim, "turns": asked.chain(claim), **choices(found, may=may)}
    )


def choices(found: ClaimKey, *, may: bool) -> dict[str, Any]:
    """Which of the three acts a person has: ask the next payer, ask this one again, leave the rest to the patient."""
    ways = asked.ways(found.public_id)
    return {
        "next_payer": ways.next_payer if may else "", "may_ask_again": may and ways.again,
        "may_leave": may and ways.leave,
    }  # fmt: skip
