"""Screens of posting rules: what each says and came to, its versions, what it proposes, and what people do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.kit.words import counted
from openmso.parties.queries import payers, practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.platform.ui.filling import fill
from openmso.underpayments import queries
from openmso.underpayments.contracts import READ, RULES, WORK, About, Owner, RuleDraft, RuleRow, Treatment
from openmso.underpayments.forms import DeclineForm, RuleForm
from openmso.underpayments.rules.posting import EVERY
from openmso.underpayments.services import deciding, rulebook
from openmso.underpayments.tables import DIFFERENCES, PROPOSALS
from openmso.underpayments.tables import RULES as RULES_TABLE

BULK_MAX = 500


@page(READ.code)
def rules(request: Any) -> HttpResponse:
    """The posting rules with what each proposed and what was taken, in dollars."""
    ask, on = tables.ask(request, RULES_TABLE), request.actor.today

    def fetch(wanted: PageAsk) -> Page[RuleRow]:
        rows = queries.rules(on=on)
        return Page(rows[wanted.offset : wanted.offset + wanted.size], len(rows), wanted)

    context = {
        "may_write": may_write(request.actor), "may_work": request.actor.can(WORK.code), "crumbs": [],
        "here": "Posting rules",
    }  # fmt: skip
    return tables.answer(request, RULES_TABLE, ask, template="underpayments/rules.html", context=context, fetch=fetch)


@page(READ.code)
def rule(request: Any, posting_rule: str) -> HttpResponse:
    """One rule: what it says, what it came to, its versions."""
    versions = queries.rule(posting_rule, on=request.actor.today)
    context = {
        "row": next((one for one in versions if one.holds), versions[0]), "versions": versions,
        "may_write": may_write(request.actor), "here": posting_rule,
        "crumbs": [("Posting rules", reverse("underpayments:rules"))],
    }  # fmt: skip
    return respond.page(request, "underpayments/rule.html", context)


@page(READ.code)
def proposals(request: Any) -> HttpResponse:
    """What rules propose, line by line."""
    ask = tables.ask(request, PROPOSALS)
    return tables.answer(
        request, PROPOSALS, ask, template="underpayments/proposals.html",
        context={
            "crumbs": [("Posting rules", reverse("underpayments:rules"))], "here": "Proposals",
        },
        fetch=lambda wanted: queries.proposals(filters=ask.filters, page=wanted),
    )  # fmt: skip


def may_write(actor: Actor) -> bool:
    """Whether this person writes rules for the network."""
    return bool(practices.mso_where(actor, RULES.code))


@form(RULES.code)
def new_rule(request: Any) -> HttpResponse:
    """Write a rule."""
    return _write(request, {"starts_on": request.actor.today}, code="")


@form(RULES.code)
def change_rule(request: Any, posting_rule: str) -> HttpResponse:
    """Write the next version of a rule, or withdraw it."""
    with reading():
        last = queries.rule(posting_rule, on=request.actor.today)[0]
    said = {name: getattr(last, name) for name in ("code", "title", "payer", "when", "words", "withdrawn")}
    chosen = {name: getattr(last, name).value for name in ("about", "owner", "treatment")}
    initial = said | chosen | {"starts_on": request.actor.today}
    return _write(request, initial, code=posting_rule)


def _write(request: Any, initial: dict[str, Any], *, code: str) -> HttpResponse:
    with reading():
        filled = RuleForm(request.POST or None, payers=payers.choices(), initial=initial, is_new=not code)

    def save(given: dict[str, Any]) -> str:
        with reading():
            mso = practices.mso_that_decides(request.actor, RULES.code, otherwise="Rules are written by the MSO.")
            payer = payers.by_public_id(given["payer"]).id if given["payer"] else None
        draft = RuleDraft(
            given["code"], given["title"], payer, filled.when(), Treatment(given["treatment"]), given["words"],
            given["starts_on"], given["why"], given.get("withdrawn", False), About(given["about"]),
            Owner(given["owner"]),
        )  # fmt: skip
        rulebook.write_rule(actor=request.actor, mso=mso, draft=draft, at=request.actor.at)
        return reverse("underpayments:rule", args=[given["code"]])

    back = reverse("underpayments:rule", args=[code]) if code else reverse("underpayments:rules")
    context = {
        "title": f"Next version of {code}" if code else "A posting rule", "back": back, "properties": EVERY,
        "crumbs": [("Posting rules", reverse("underpayments:rules"))], "here": "Change" if code else "New",
    }  # fmt: skip
    return fill(
        request, filled, template="underpayments/rule_form.html", save=save, context=context,
        said="It is written. What comes from then on is judged by it; ask the rules about what is open.",
    )  # fmt: skip


@act(WORK.code)
def ask_rules(request: Any) -> HttpResponse:
    """Ask the rules about every open line of the reader's practices."""
    found = sum(
        rulebook.propose(actor=request.actor, practice=practice, at=request.actor.at)
        for practice in sorted(request.actor.practices_for(WORK.code))
    )
    messages.success(request, f"{counted(found, 'proposal waits', 'proposals wait')}.")
    return respond.redirect(request, reverse("underpayments:proposals"))


@act(WORK.code)
def take(request: Any, underpayment: str) -> HttpResponse:
    """Do what the rule proposes for a line."""
    return _take(request, underpayment, reverse("underpayments:underpayment", args=[underpayment]))


@act(WORK.code)
def take_difference(request: Any, difference: str) -> HttpResponse:
    """Give a difference to whom the rule names."""
    return _take(request, difference, reverse("underpayments:difference", args=[difference]))


def _take(request: Any, subject: str, back: str) -> HttpResponse:
    messages.success(request, deciding.decide(actor=request.actor, subject=subject, take=True, at=request.actor.at))
    return respond.redirect(request, back)


@act(WORK.code)
def take_many(request: Any) -> HttpResponse:
    """Do what rules propose for the selection; what cannot be done is told, and the rest is done."""
    with reading():
        chosen = tables.selection(request, PROPOSALS)
        rows = queries.proposals(filters=chosen.filters, page=PageAsk(size=BULK_MAX + 1)).rows if chosen.every else []
    names = [row.subject for row in rows] or list(chosen.ids)
    tables.refuse_more(len(names), BULK_MAX, PROPOSALS)
    refused: list[Refused] = []
    for name in names:
        try:
            deciding.decide(actor=request.actor, subject=name, take=True, at=request.actor.at)
        except Refused as no:
            refused.append(no)
    if refused and len(refused) == len(names):
        return respond.refusal(request, refused[0])
    left = f", {len(refused):,} not: {refused[0].sentence}" if refused else ""
    said = f"{counted(len(names) - len(refused), 'proposal')} taken{left}"
    return respond.done(request, said, back=reverse("underpayments:proposals"))


@form(WORK.code)
def decline(request: Any, underpayment: str) -> HttpResponse:
    """Leave a line open although a rule proposes something, with a reason."""
    with reading():
        found = queries.underpayment(underpayment)
    back = reverse("underpayments:underpayment", args=[underpayment])
    return _decline(request, underpayment, back, f"{found.short} of {found.payer} stays open.")


@form(WORK.code)
def decline_difference(request: Any, difference: str) -> HttpResponse:
    """Leave a difference as it is although a rule proposes something, with a reason."""
    with reading():
        found = queries.difference(difference)
    back = reverse("underpayments:difference", args=[difference])
    return _decline(request, difference, back, f"{found.words}. It stays listed.")


def _decline(request: Any, subject: str, back: str, lede: str) -> HttpResponse:
    def save(given: dict[str, Any]) -> str:
        deciding.decide(actor=request.actor, subject=subject, take=False, why=given["why"], at=request.actor.at)
        return back

    context = {
        "title": "Decline the proposal", "act_label": "Decline", "back": back, "crumbs": [(subject, back)],
        "lede": lede,
    }  # fmt: skip
    return fill(
        request, DeclineForm(request.POST or None), save=save, said="Declined.",
        context=context,
    )  # fmt: skip


@page(READ.code)
def differences(request: Any) -> HttpResponse:
    """Where payments differ in another way than paid short."""
    ask = tables.ask(request, DIFFERENCES)
    return tables.answer(
        request, DIFFERENCES, ask, template="underpayments/differences.html",
        context={"crumbs": [("Underpayments", reverse("underpayments:underpayments"))], "here": "Other differences"},
        fetch=lambda wanted: queries.differences(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def difference(request: Any, difference: str) -> HttpResponse:
    """One difference: what the payer said, what was expected, what rules propose."""
    found = queries.difference(difference)
    context = {
        "one": found, "here": found.public_id, "proposals": queries.proposals_of(difference),
        "may_work": request.actor.can(WORK.code, found.practice), "beside": found.source.startswith("PLB-"),
        "crumbs": [("Other differences", reverse("underpayments:differences"))],
    }  # fmt: skip
    return respond.page(request, "underpayments/difference.html", context)
