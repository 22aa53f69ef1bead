"""Screens of governance: proposals, one proposal with its story, proposing and deciding, and what is reserved where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.queries import agreements
from openmso.governance import queries, services
from openmso.governance.contracts import DECIDE, LICENSEES, PROPOSE, READ, Proposal, Step
from openmso.governance.forms.proposals import DecisionForm, DoneForm, PeriodForm, ProposalForm, WhyForm
from openmso.governance.queries import interests
from openmso.governance.services import recusing
from openmso.governance.states import AGREED, DECIDED, MOVES, S
from openmso.governance.tables.proposals import PRACTICES, PROPOSALS
from openmso.kit.periods import DayRange
from openmso.parties.queries import practices
from openmso.platform.access import duties, registry, reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Tone
from openmso.platform.ui.filling import fill
from openmso.platform.ui.tiles import to_list

PANEL_MAX = 6
MONTHS_BACK = 2
"""The index tells of this month and two before, unless days are asked for."""


@page(READ.code)
def proposals(request: Any) -> HttpResponse:
    """The proposals one may see."""
    ask = tables.ask(request, PROPOSALS)
    return tables.answer(
        request, PROPOSALS, ask, template="governance/proposals.html", context={"here": "Proposals", "crumbs": []},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def proposal(request: Any, proposal: str) -> HttpResponse:
    """One proposal: what is proposed, the analysis, who decided what and why, and what makes it the practice's."""
    found = queries.proposal(proposal)
    on = tenancy.today(found.practice, found.proposed_at)
    held = queries.reserved(found.practice, on=on)
    context = {
        "one": found, "here": found.public_id, "crumbs": _crumbs(), "story": _story(found), "holds": found.holds,
        "sources": next((one.sources for one in held if one.code == found.decision), ()), "licensees": _licensees(),
        "is_late": found.state is S.WAITING and request.actor.at > found.due_at, "agreed": found.state in AGREED,
        **_acts(request.actor, found),
    }  # fmt: skip
    return respond.page(request, "governance/proposal.html", context)


def _acts(actor: Actor, found: Proposal) -> dict[str, Any]:
    """What the reader may do with a proposal now, and why not."""
    open_to, may_decide = MOVES[found.state], actor.can(DECIDE.code, found.practice)
    same = duties.why_not(actor, did=found.user, **services.PARTED)
    may_propose = actor.can(PROPOSE.code, found.practice)
    return {
        "decide": may_decide and bool(open_to & DECIDED), "waits_for_practice": not may_decide,
        "same": same or recusing.why_not(actor, found.practice, found.party, at=actor.at),
        "may_withdraw": S.WITHDRAWN in open_to and found.user == actor.user and may_propose,
        "may_carry_out": S.CARRIED_OUT in open_to and may_propose,
        "doors": _doors(found) if found.state in AGREED else [],
    }  # fmt: skip


def _doors(found: Proposal) -> list[tuple[str, str]]:
    """Where what was agreed is done, for whoever may do it there; doing it records it here."""
    return [
        (act.words, reverse(act.url, args=[found.practice_public_id] if act.of_practice else []))
        for act in reserved.acts_of(found.decision)
    ]  # fmt: skip


@form(PROPOSE.code)
def new(request: Any) -> HttpResponse:
    """Propose something to a practice."""
    with reading():
        choices = [(row.public_id, row.name) for row in tenancy.tenants_in_scope() if not row.is_mso]
        prepares_all = any(request.actor.can(DECIDE.code, key) or _of_practice(request.actor, key)
                           for key in request.actor.practices_for(PROPOSE.code))  # fmt: skip
    filled = ProposalForm(
        request.POST or None, request.FILES or None, practices=choices, prepares_all=prepares_all,
        initial={"practice": request.GET.get("practice", ""), "decision": request.GET.get("decision", "")},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        made = services.propose(actor=request.actor, practice=practice, new=filled.proposal(), at=request.actor.at)
        return reverse("governance:proposal", args=[made])

    context = {
        "title": "Propose a decision", "here": "New", "crumbs": _crumbs(), "back": reverse("governance:proposals"),
        "act_label": "Propose it",
        "lede": "What is reserved to a practice is decided by its licensees alone; the MSO prepares and carries out.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Proposed. It waits in the inbox of the practice.", context=context)


@form(DECIDE.code)
def decide(request: Any, proposal: str) -> HttpResponse:
    """Decide what is reserved to one's practice."""
    with reading():
        found = queries.proposal(proposal)
    filled = DecisionForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.decide(
            actor=request.actor, proposal=proposal, outcome=S(given["outcome"]), why=given["why"],
            changes=given["changes"], at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:proposal", args=[proposal])

    context = _about(found, "Decide", "Sign the decision") | {"one": found, "holds": found.holds}
    return fill(request, filled, template="governance/decide.html", save=save, said="Decided.", context=context)


@form(PROPOSE.code)
def withdraw(request: Any, proposal: str) -> HttpResponse:
    """Take one's proposal back."""
    with reading():
        found = queries.proposal(proposal)
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.withdraw(actor=request.actor, proposal=proposal, why=given["why"], at=request.actor.at)
        return reverse("governance:proposal", args=[proposal])

    context = _about(found, "Withdraw", "Withdraw it") | {"danger": True}
    return fill(request, filled, save=save, said="Withdrawn.", context=context)


@form(PROPOSE.code)
def carry_out(request: Any, proposal: str) -> HttpResponse:
    """Record that what was approved is done."""
    with reading():
        found = queries.proposal(proposal)
    filled = DoneForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.carry_out(actor=request.actor, proposal=proposal, why=given["why"], at=request.actor.at)
        return reverse("governance:proposal", args=[proposal])

    holds = found.holds
    context = _about(found, "Carried out", "Record it")
    if holds and holds.changes:
        context["consequences"] = [f"Approved with changes: {holds.changes}"]
    return fill(request, filled, save=save, said="Recorded.", context=context)


@page(READ.code)
def of_practices(request: Any) -> HttpResponse:
    """The practices, with what is reserved to each and how it decides."""
    ask, days = tables.ask(request, PRACTICES), queries.months(back=MONTHS_BACK, on=request.actor.today)
    return tables.answer(
        request, PRACTICES, ask, template="governance/practices.html",
        context={"days": days, "here": "Reserved decisions", "crumbs": []},
        fetch=lambda wanted: queries.practices(filters=ask.filters, page=wanted, days=days, at=request.actor.at),
    )  # fmt: skip


@page(READ.code)
def practice(request: Any, practice: str) -> HttpResponse:
    """What is reserved to a practice on a day and by what; how it decided what was proposed within some days."""
    key = tenancy.key_in_scope(practice)
    today = tenancy.today(key, request.actor.at)
    usual = queries.months(back=MONTHS_BACK, on=today)
    asked = PeriodForm(request.GET if "starts" in request.GET else None, initial=_shown(usual))
    days = asked.days(usual)
    told = queries.autonomy(key, days=days, at=request.actor.at)
    on = _last(days) if _last(days) < today else today
    context = {
        "practice": practices.practice(key, on=on), "told": told, "days": days, "last": _last(days), "period": asked,
        "on": on, "reserved": queries.reserved(key, on=on), "not_known": queries.not_known(key, on=on),
        "agreement": next((one for one in agreements.of(key) if one.version_on(on)), None),
        "latest": queries.of_practice(key, most=PANEL_MAX), "here": _name(practice, key),
        "acts": queries.acts([key], within=None)[key][:PANEL_MAX],
        "may_propose": request.actor.can(PROPOSE.code, key), "licensees": _licensees(), "parts": _parts(key, days),
        "crumbs": [("Reserved decisions", reverse("governance:practices"))],
    }  # fmt: skip
    return respond.page(request, "governance/practice.html", context, status=422 if asked.errors else 200)


def _parts(practice: int, days: DayRange) -> dict[str, str]:
    """Where the proposals behind each part of the index are."""
    code = next(one.code for one in tenancy.tenants_in_scope() if one.pk == practice).lower()
    of = f"practice:{code} side:mso proposed:>={days.starts_on} proposed:<={_last(days)}"
    narrowed = {
        "proposed": "", "decided": "outcome:approved outcome:changed outcome:declined", "changed": "outcome:changed",
        "declined": "outcome:declined", "own_mind": "outcome:changed outcome:declined", "waiting": "is:waiting",
        "withdrawn": "is:withdrawn", "carried_out": "is:carriedout",
    }  # fmt: skip
    return {part: to_list("governance:proposals", f"{of} {more}".strip()) for part, more in narrowed.items()}


@page(READ.code)
def of_agreement(request: Any, agreement: str) -> HttpResponse:
    """The panel of an agreement's page: what waits for the practice, and what it decided last."""
    found, on = agreements.agreement(agreement), request.actor.day_in
    mso = interests.mso_of(found.practice, on=on(found.practice))
    context = {
        "rows": queries.of_practice(found.practice, most=PANEL_MAX), "mso": mso.legal_name,
        "related": interests.relation(found.practice, mso.legal_name, at=request.actor.at),
        "practice": practices.practice(found.practice, on=on(found.practice)),
        "may_propose": request.actor.can(PROPOSE.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "governance/of_agreement.html", context)


def _name(practice: str, key: int) -> str:
    return next((row.name for row in tenancy.tenants_in_scope() if row.pk == key), practice)


def _of_practice(actor: Actor, practice: int) -> bool:
    roles = registry.roles()
    held = actor.standing.assignments.get(practice, ())
    return any(roles[one.role].side == "practice" for one in held if one.role in roles)


def _crumbs() -> list[tuple[str, str]]:
    return [("Proposals", reverse("governance:proposals"))]


def _about(found: Proposal, here: str, act_label: str) -> dict[str, Any]:
    back = reverse("governance:proposal", args=[found.public_id])
    return {
        "title": found.title, "here": here, "act_label": act_label, "back": back,
        "lede": f"{found.decision_words} · {found.practice_name}",
        "crumbs": [*_crumbs(), (found.public_id, back)],
    }  # fmt: skip


def _licensees() -> str:
    return " or ".join(registry.role_words(one).lower() for one in LICENSEES)


def _shown(days: DayRange) -> dict[str, date]:
    return {"starts": days.starts_on, "through": _last(days)}


def _last(days: DayRange) -> date:
    assert days.ends_on is not None, "a period ends"
    return days.ends_on - timedelta(days=1)


def _story(found: Proposal) -> list[Event]:
    """What happened, the latest first; a decision that another took the place of says so."""
    begun = Event(found.proposed_at, f"{found.proposed_by} proposed it", Tone.INFO, found.side_words)
    return [*(_told(found, one) for one in reversed(found.steps)), begun]


def _told(found: Proposal, one: Step) -> Event:
    later = one.to in DECIDED and found.holds is not None and one.number != found.holds.number
    role = f", {registry.role_words(one.role)}" if one.role else ""
    title = f"{one.to.label} by {one.by}{role}" + (" (a later decision holds)" if later else "")
    note = f"{one.why} Changes: {one.changes}" if one.changes else one.why
    return Event(one.at, title, Tone.NONE if later else one.to.tone, note)
