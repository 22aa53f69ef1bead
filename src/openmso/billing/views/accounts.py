"""Accounts of patients: the list, and one with its lines and payments."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from openmso.billing import links
from openmso.billing.contracts import COLLECT, READ, STATE, OwedLine
from openmso.billing.queries import accounts, chasing, owing
from openmso.billing.states import L, R
from openmso.billing.tables import (
    ACCOUNTS,
    LINES,
    PAYMENTS_OF_ACCOUNT,
    PLANS,
    REFUNDS,
    SETTLED,
    STATEMENTS_OF_ACCOUNT,
)
from openmso.billing.tables.collecting import PLACEMENTS
from openmso.kit.money import Money
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """Who owes what, most first."""
    ask = ui_tables.ask(request, ACCOUNTS)
    return ui_tables.answer(
        request, ACCOUNTS, ask, template="billing/list.html",
        fetch=lambda asked: accounts.listing(filters=ask.filters, page=asked),
        tally=lambda: accounts.tally(filters=ask.filters),
        context={"title": "Patient accounts", "lede": "What patients owe after their insurers, and paid ahead."},
    )  # fmt: skip


@page(READ.code)
def account(request: ActorRequest, patient: str) -> HttpResponse:
    """One patient's account: what is owed line by line, what was paid, what settled it."""
    found = accounts.account(patient)
    context = {
        "one": found, "row": found.row, "here": found.row.patient,
        "lines": ui_tables.static(request, LINES, found.lines, totals=_sums(found.lines)),
        "payments": ui_tables.static(request, PAYMENTS_OF_ACCOUNT, found.payments),
        "settled": ui_tables.static(request, SETTLED, found.settled),
        "statements": ui_tables.static(request, STATEMENTS_OF_ACCOUNT, found.statements),
        "plans": ui_tables.static(request, PLANS, found.plans) if found.plans else None,
        "may_plan": found.row.owed.amount > 0 and request.actor.can(COLLECT.code, found.row.practice)
        and not any(one.state in {L.ASKED, L.ACTIVE} for one in found.plans),
        "chase": chasing.of_patient(practice=found.row.practice, patient=found.row.patient_id, on=request.actor.today),
        "placements": ui_tables.static(request, PLACEMENTS, found.placements) if found.placements else None,
        "refunds": ui_tables.static(request, REFUNDS, found.refunds),
        "kept": Money.total(one.amount for one in found.refunds if one.state is R.ASKED),
        "link": links.code(found.statements[0].public_id) if found.statements else "",
        "may_collect": request.actor.can(COLLECT.code, found.row.practice),
        "may_state": request.actor.can(STATE.code, found.row.practice),
        "take": respond.act(request.actor, COLLECT.code, "Take a payment", practice=found.row.practice),
    }  # fmt: skip
    return respond.page(request, "billing/account.html", context)


@page(READ.code)
def of_claim(request: ActorRequest, claim: str) -> HttpResponse:
    """The panel of a claim's page: the patient's part, line by line."""
    patient, lines, settled = accounts.of_claim(claim)
    context = {
        "patient": patient, "lines": ui_tables.static(request, LINES, lines, totals=_sums(lines)) if lines else None,
        "settled": ui_tables.static(request, SETTLED, settled) if settled else None, "owed": owing.total(lines),
    }  # fmt: skip
    return respond.page(request, "billing/of_claim.html", context)


def _sums(lines: Sequence[OwedLine]) -> dict[str, Money]:
    return {name: Money.total(getattr(one, name) for one in lines) for name in ("share", "settled", "owed")}
