"""Screens of law: the rules with counsel's word, what is known of a practice, and what the rules come to for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import COUNSEL, FACTS, LAW, READ, Agreement
from openmso.agreements.forms.law import FactsForm, LawRuleForm, SignOffForm, WithdrawForm
from openmso.agreements.law import deriving, judging, rulebook
from openmso.agreements.law import facts as catalogue
from openmso.agreements.law.rulebook import Moment, Rule
from openmso.agreements.queries import agreements
from openmso.agreements.queries import law as queries
from openmso.agreements.rules import RESERVED
from openmso.agreements.services import law
from openmso.agreements.tables import LAW_RULES, rule_rows
from openmso.kit import conditions
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import conditions as rows
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill


@page(READ.code)
def rules(request: Any) -> HttpResponse:
    """The rules of law that are asked here."""
    ask = tables.ask(request, LAW_RULES)
    found = rule_rows(queries.rules(on=request.actor.today), ask.filters, ask.page)
    context = {"may_write": bool(practices.mso_where(request.actor, LAW.code)), "here": "Rules of law", "crumbs": []}
    return tables.answer(
        request, LAW_RULES, ask, template="agreements/law_rules.html", context=context,
        fetch=lambda wanted: Page(found[wanted.offset : wanted.offset + wanted.size], len(found), wanted),
    )  # fmt: skip


@page(READ.code)
def rule(request: Any, code: str) -> HttpResponse:
    """One rule: what it says and asks, counsel's word, its versions."""
    found = queries.rule(code, on=request.actor.today)
    is_ours = bool(practices.mso_where(request.actor, LAW.code))
    context = {
        "rule": found, "when": _words(found.when), "unless": _words(found.unless),
        "needs": [conditions.in_words(one) for one in found.needs], "places": _places(found),
        "moments": [one.label for one in Moment if one in found.moments],
        "reserves": [(one, RESERVED.get(one, "")) for one in found.reserves],
        "versions": queries.versions(code), "sign_offs": queries.sign_offs(found), "may_write": is_ours,
        "may_sign": bool(practices.mso_where(_confirmed(request.actor), COUNSEL.code)), "here": code,
        "may_change": is_ours and _fits(found),
        "timer": f"{found.timer.days} days {'before' if found.timer.before else 'after'}: "
        f"{catalogue.FACTS[found.timer.fact].label.lower()}" if found.timer else "",
        "host": urlsplit(found.source).hostname if found.source.startswith(("http://", "https://")) else "",
        "crumbs": [("Rules of law", reverse("agreements:law-rules"))],
    }  # fmt: skip
    return respond.page(request, "agreements/law_rule.html", context)


@form(LAW.code)
def write(request: Any, code: str = "") -> HttpResponse:
    """Write a rule, or its next version."""
    with reading():
        now = rulebook.as_data(queries.rule(code, on=request.actor.today)) if code else None
    filled = LawRuleForm(request.POST or None, now=now)

    def save(given: dict[str, Any]) -> str:
        data = filled.data_of()
        law.write_rule(
            actor=request.actor, mso=_mso(request.actor, LAW.code), given=data, why=given["why"], at=request.actor.at
        )
        return reverse("agreements:law-rule", args=[data["code"]])

    back = reverse("agreements:law-rule", args=[code]) if code else reverse("agreements:law-rules")
    context = {
        "title": f"Next version of {code}" if code else "A rule of law", "back": back, "here": code or "New",
        "crumbs": [("Rules of law", reverse("agreements:law-rules"))],
    }  # fmt: skip
    said = "Written. It is asked from now on; counsel has not seen this version."
    return fill(request, filled, template="agreements/law_form.html", save=save, said=said, context=context)


@form(LAW.code)
def withdraw(request: Any, code: str) -> HttpResponse:
    """Ask a rule of nobody any longer."""
    filled = WithdrawForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        law.withdraw_rule(
            actor=request.actor, mso=_mso(request.actor, LAW.code), code=code, why=given["why"], at=request.actor.at
        )
        return reverse("agreements:law-rules")

    context = _titled(f"Withdraw {code}", code, "Withdraw it") | {"danger": True}
    return fill(request, filled, save=save, said="Withdrawn. A new version brings it back.", context=context)


@form(COUNSEL.code)
def sign_off(request: Any, code: str) -> HttpResponse:
    """Record counsel's word for a rule."""
    with reading():
        found = queries.rule(code, on=request.actor.today)
    filled = SignOffForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        law.sign_off(
            actor=request.actor, mso=_mso(request.actor, COUNSEL.code), code=code, at=request.actor.at, **given
        )
        return reverse("agreements:law-rule", args=[code])

    context = _titled(f"Counsel signs {code} off", code, "Record it") | {
        "lede": f"{found.words} ({found.citation})",
        "consequences": [
            "The word is tied to the rule as it is written now; another version wants another word.",
            *([] if found.is_hard else ["The rule was only recalled: from now on it stops what breaks it."]),
        ],
    }
    return fill(request, filled, save=save, said="Counsel's word is recorded.", context=context)


@page(READ.code)
def of_agreement(request: Any, agreement: str) -> HttpResponse:
    """What the law comes to for an agreement, moment by moment, and what is known."""
    found = agreements.agreement(agreement)
    on = request.actor.day_in(found.practice)
    wanted = request.GET.get("moment", Moment.SIGN.value)
    moment = next((one for one in Moment if one.value == wanted), Moment.SIGN)
    known = queries.known_of(found, on=on)
    findings = queries.findings(found.practice, known, moment=moment, on=on)
    reviewed = queries.review(found.practice, found.latest.public_id) if found.latest else None
    context = {
        "agreement": found, "practice": practices.practice(found.practice, on=on), "moment": moment,
        "moments": list(Moment), "findings": findings, "stops": sum(one.stops for one in findings),
        "asks": sum(one.verdict is judging.Verdict.ASKS for one in findings), "reviewed": reviewed,
        "known": [(catalogue.PARTS[catalogue.FACTS[name].group], catalogue.FACTS[name].label, known[name])
                  for name in catalogue.FACTS if name in known],
        "review_note": f"for {reviewed.on:%-d %b %Y}, by {reviewed.by}; kept with the version" if reviewed else "",
        "review_lines": [(judging.Verdict(one["verdict"]), one) for one in reviewed.findings] if reviewed else [],
        "may_say": request.actor.can(FACTS.code, found.practice), "here": "Law",
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement]))],
    }  # fmt: skip
    return respond.page(request, "agreements/law.html", context)


@form(FACTS.code)
def say(request: Any, agreement: str) -> HttpResponse:
    """Say what is so of a practice, where the rules of its state ask."""
    with reading():
        found = agreements.agreement(agreement)
        practice = practices.practice(found.practice, on=request.actor.day_in(found.practice))
        every = "all" in request.GET
        asked = _asked(found, practice.state, request.actor, every=every)
        said = {name: one.said for name, one in queries.said(found.practice).items()}
    filled = FactsForm(request.POST or None, asked=asked, said=said)

    def save(given: dict[str, Any]) -> str:
        law.say(
            actor=request.actor, practice=found.practice, facts=filled.facts(), why=given["why"], at=request.actor.at
        )
        return reverse("agreements:law", args=[agreement])

    here = reverse("agreements:agreement", args=[agreement])
    context = {
        "title": f"What is so of {practice.name}", "back": reverse("agreements:law", args=[agreement]),
        "crumbs": [(agreement, here), ("Law", reverse("agreements:law", args=[agreement]))], "here": "Facts",
        "lede": f"What the rules of {practice.state} ask and papers do not say. One answer may bring more questions.",
        "every": every,
    }  # fmt: skip
    return fill(request, filled, template="agreements/law_facts.html", save=save, said="Said.", context=context)


def _asked(found: Agreement, state: str, actor: Actor, *, every: bool) -> list[conditions.Property]:
    """The facts that rules of a state ask for now, at whatever moment, and what was said; or every one they may ask."""
    on = actor.today
    known = queries.known_of(found, on=on)
    if every:
        names = {name for one in queries.rules(on=on) if one.concerns(state) for name in judging.facts_of(one)}
        names -= {name for name, one in known.items() if one.at is None and name not in deriving.PRESUMED}
    else:
        findings = queries.findings(found.practice, known, moment=None, on=on)
        names = {name for one in findings for name in one.asks} | {name for name, one in known.items() if one.at}
    return [one for name, one in catalogue.FACTS.items() if name in names]


def _words(condition: conditions.Condition | None) -> str:
    return conditions.in_words(condition) if condition is not None else ""


def _places(rule: Rule) -> str:
    return "every state" if rulebook.EVERYWHERE in rule.places else ", ".join(rule.places)


def _fits(rule: Rule) -> bool:
    """Whether the form can show the rule's conditions."""
    data = rulebook.as_data(rule)
    needs = {"all": data["needs"]} if "needs" in data else None
    return all(rows.fits(one) for one in (data.get("when"), data.get("unless"), needs))


def _confirmed(actor: Actor) -> Actor:
    """The person as if they had confirmed who they are; that is asked when they act."""
    return replace(actor, fresh=True)


def _mso(actor: Actor, permission: str) -> int:
    with reading():
        return practices.mso_that_decides(actor, permission, otherwise=law.NOT_THE_MSO)


def _titled(title: str, code: str, act_label: str) -> dict[str, Any]:
    back = reverse("agreements:law-rule", args=[code])
    return {
        "title": title, "here": act_label, "back": back, "act_label": act_label,
        "crumbs": [("Rules of law", reverse("agreements:law-rules")), (code, back)],
    }  # fmt: skip
