"""Edges of other terms: a panel of the agreement's page, the form, and the months under them with charts and law."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import Agreement
from openmso.agreements.fees import charging
from openmso.agreements.fees.sentences import sentence
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.fees.writing import terms_json
from openmso.agreements.queries import agreements, law
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.platform.ui.filling import refuse
from openmso.settlement import addresses, charting, queries, restating
from openmso.settlement.contracts import READ, RestatedMonth, Restatement
from openmso.settlement.forms import WhatIfForm, figure_as_typed
from openmso.settlement.tables import RESTATED


@page(READ.code)
def panel(request: Any, agreement: str) -> HttpResponse:
    """The panel of an agreement's page: what its fee came to, and the way to other terms."""
    found = agreements.agreement(agreement)
    since = Month.of(request.actor.day_in(found.practice)).plus(-restating.MONTHS)
    fees = [fee for _, month, fee in queries.fees_of(found.practice) if month >= since]
    context = {"agreement": found, "months": len(fees), "fee": Money.total(fees)}
    return respond.page(request, "settlement/what_if_panel.html", context)


@page(READ.code)
def other_kind(request: Any, agreement: str) -> HttpResponse:
    """The panel of an agreement's page of law: where rules ask for another kind of fee, the flat fee to try first."""
    found = agreements.agreement(agreement)
    asked = law.wants_other_fee(found, on=request.actor.day_in(found.practice))
    flat = restating.as_flat(found.practice, at=request.actor.at) if asked else None
    context = {
        "agreement": found, "asked": asked, "fee": sentence(_fee_of(request.actor, found)) if asked else "",
        "flat": sentence(flat) if flat else "",
        "address": addresses.written(addresses.Question(flat, restating.MONTHS, {})) if flat else "",
    }  # fmt: skip
    return respond.page(request, "settlement/other_kind_panel.html", context)


@form(READ.code)
def what_if(request: Any, agreement: str) -> HttpResponse:
    """Write other terms, beginning with those that hold; they are kept in the address of the answer."""
    with reading():
        found = agreements.agreement(agreement)
        fee = _fee_of(request.actor, found)
    filled = WhatIfForm(request.POST or None, initial=WhatIfForm.initial_of_fee(fee))
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data
        asked = addresses.Question(given["fee"], given["months"], given["figures"])
        try:
            with reading():
                _restated(request.actor, found, asked)
            return respond.redirect(request, reverse("settlement:restated", args=[agreement, addresses.written(asked)]))
        except Refused as no:
            refuse(filled, no)
    with reading():
        return respond.page(
            request, "settlement/what_if.html", {"form": filled, "agreement": found, **_way(found, "What if")},
            status=422 if filled.errors else 200,
        )  # fmt: skip


@page(READ.code)
def restated(request: Any, agreement: str, asked: str) -> HttpResponse:
    """The months under other terms: table, charts, every step of both fees, and what the law says of the other."""
    paper, question = agreements.agreement(agreement), addresses.read(asked)
    found = _restated(request.actor, paper, question)
    typed = {f"figure_{name}": figure_as_typed(told) for name, told in question.figures.items()}
    initial = WhatIfForm.initial_of_fee(question.terms) | typed | {"months": question.months}
    lawful = request.actor.can("agreements.read", paper.practice)
    context = {
        "agreement": paper, "found": found, "charts": charting.charts(found), **charting.words(found),
        "form": WhatIfForm(initial=initial, names=tuple(question.figures)),
        "findings": law.of_other_fee(paper, question.terms, on=request.actor.day_in(paper.practice)) if lawful else [],
        "lawful": lawful, "amend": _amend(request.actor, paper, question.terms), **_way(paper, "What if"),
    }  # fmt: skip
    return tables.answer(
        request, RESTATED, tables.ask(request, RESTATED), template="settlement/restated.html", context=context,
        fetch=lambda wanted: _page(found, wanted),
    )  # fmt: skip


def _restated(actor: Actor, paper: Agreement, asked: addresses.Question) -> Restatement:
    return restating.restate(
        practice=paper.practice, terms=asked.terms, months=asked.months, figures=asked.figures, at=actor.at
    )


def _amend(actor: Actor, paper: Agreement, fee: FeeTerms) -> str:
    """Where an amendment with this fee is drafted; empty for those who may not, and while a draft is on the desk."""
    if paper.draft is not None or paper.latest is None or not actor.can("agreements.draft", paper.practice):
        return ""
    written = charging.written(fee, paper.latest.terms)
    terms = urlencode({"fee": json.dumps(terms_json(written), separators=(",", ":"))})
    return f"{reverse('agreements:amend', args=[paper.public_id])}?{terms}"


def _fee_of(actor: Actor, found: Agreement) -> FeeTerms:
    """The fee that holds, else the one signed last; raises `NotFound`."""
    version = found.version_on(actor.day_in(found.practice)) or found.latest
    fee = charging.charged(version.terms) if version else None
    if fee is None:
        raise NotFound("No fee was agreed yet, so there is nothing to restate.")
    return fee


def _page(found: Restatement, ask: PageAsk) -> Page[RestatedMonth]:
    """The months in the order asked for, with the sums of all of them."""
    rows = sorted(found.months, key=attrgetter(ask.sort or "month"), reverse=ask.desc)
    totals = {"agreed.amount": found.agreed, "other.amount": found.other, "difference": found.difference}
    return Page(rows[ask.offset : ask.offset + ask.size], len(rows), ask, totals=totals)


def _way(found: Agreement, here: str) -> dict[str, Any]:
    return {"crumbs": [(found.public_id, reverse("agreements:agreement", args=[found.public_id]))], "here": here}
