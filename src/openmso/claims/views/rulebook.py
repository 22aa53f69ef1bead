"""The catalogue of the scrubber: rules, the editor with its trial on a claim, versions, and who makes them live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import DRAFT_RULES, RULES
from openmso.claims.contracts.rulebook import Origin, RulePage, TextView
from openmso.claims.forms import rulebook as forms
from openmso.claims.queries import rulebook as queries
from openmso.claims.queries import stories, trying, worklist
from openmso.claims.rules import book
from openmso.claims.rules import catalogue as texts
from openmso.claims.rules.properties import EVERY
from openmso.claims.services import rulebook as services
from openmso.claims.services import trials
from openmso.claims.states import RuleState
from openmso.claims.tables import RULES as TABLE
from openmso.claims.views.pages import tell_read
from openmso.kit import clock
from openmso.kit.conditions import OPERATORS
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import payers
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import conditions, respond, tables
from openmso.platform.ui.filling import fill

FORM = "claims/rule_form.html"


@page("claims.read")
def catalogue(request: ActorRequest) -> HttpResponse:
    """Every rule that claims are scrubbed with."""
    ask = tables.ask(request, TABLE)
    return tables.answer(
        request, TABLE, ask, template="claims/rules.html",
        fetch=lambda asked: queries.listing(filters=ask.filters, page=asked),
        context={"may_draft": request.actor.can(DRAFT_RULES.code)},
    )  # fmt: skip


@page("claims.read")
def properties(request: ActorRequest) -> HttpResponse:
    """What rules written on screen may ask of a claim."""
    grouped = [(label, [one for one in EVERY if one.group == group]) for group, label in forms.GROUPS.items()]
    context = {"groups": grouped, "operators": OPERATORS.values(), "here": "Properties"}
    return respond.page(request, "claims/properties.html", context)


@page("claims.read")
def rule(request: ActorRequest, rule: str) -> HttpResponse:
    """A rule: what it says, its versions, its draft, and what may be done."""
    try:
        found = queries.page(rule)
    except NotFound as no:
        return respond.refusal(request, no)
    draft = found.draft
    why_not = services.why_not_live(request.actor, draft.by) if draft else None
    context = {
        "rule": found, "house": book.BY_CODE.get(rule), "here": found.row.title,
        "may_draft": request.actor.can(DRAFT_RULES.code), "may_live": request.actor.can(RULES.code),
        "live_button": respond.act(request.actor, RULES.code, "Make it live", why_not=why_not) if draft else None,
        "is_live": found.row.state is RuleState.LIVE and found.row.origin is not Origin.HOUSE,
        "shown": _shown(found),
    }  # fmt: skip
    return respond.page(request, "claims/rule.html", context)


def _shown(found: RulePage) -> list[tuple[str, TextView]]:
    """The draft, and what is in force."""
    drafted = [("What the draft says", found.draft.says)] if found.draft else []
    return [*drafted, *(("What it says", one.says) for one in found.versions[:1])]


@form("claims.draft_rules", mailroom=True)
def write(request: ActorRequest) -> HttpResponse:
    """Write a rule; another one may be its beginning."""
    filled = _form(request, {})
    return _editor(request, filled, title="Write a rule", code="")


@form("claims.draft_rules", mailroom=True)
def change(request: ActorRequest, rule: str) -> HttpResponse:
    """Write the next version of a rule, or go on with its draft."""
    try:
        with reading():
            found = queries.page(rule)
        if found.row.origin is Origin.HOUSE:
            raise Refused("A rule of the house is not rewritten.", code="built_in", fix="Write an adjustment of it.")
        text = _latest(found)
        if found.row.of or not conditions.fits(text.get("when")):
            raise Refused(
                "This page cannot show what this rule says.", code="not_on_screen",
                fix="Retire the adjustment and write another, or change a nested rule by the API.",
            )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    return _editor(request, _form(request, text), title=f"Change: {found.row.title}", code=rule)


def _latest(found: RulePage) -> Mapping[str, Any]:
    if found.draft:
        return found.draft.says.text
    return found.versions[0].says.text if found.versions else {}


def _form(request: ActorRequest, text: Mapping[str, Any]) -> forms.RuleForm:
    with reading():
        return forms.RuleForm(request.POST or None, text=text, **_choices())


def _choices() -> dict[str, list[tuple[str, str]]]:
    practices = [(one.code, one.name) for one in tenancy.tenants_in_scope() if not one.is_mso]
    return {"payers": payers.choices(), "practices": practices}


def _editor(request: ActorRequest, filled: forms.RuleForm, *, title: str, code: str) -> HttpResponse:
    def save(given: dict[str, Any]) -> str:
        made = services.draft(actor=request.actor, text=filled.text(), at=clock.now(), code=code)
        return reverse("claims:rule", args=[made])

    with reading():
        sample = request.POST.get("claim") or request.GET.get("claim") or worklist.latest_id()
    back = reverse("claims:rule", args=[code]) if code else reverse("claims:rules")
    context = {"title": title, "here": title, "back": back, "sample": sample}
    return fill(
        request, filled, template=FORM, save=save, said="The draft waits for somebody to make it live.",
        context=context,
    )  # fmt: skip


@act("claims.draft_rules")
def try_out(request: ActorRequest) -> HttpResponse:
    """What the rule that is being written would say of one claim, condition by condition; nothing is kept."""
    claim = request.POST.get("claim", "").strip().upper()
    filled = _form(request, {})
    context: dict[str, object] = {"claim": claim}
    try:
        if not filled.is_valid() and "title" not in filled.cleaned_data:
            filled.cleaned_data["title"] = ""
        text = texts.read({**_filler(filled), "of": ""})
        with reading():
            found = stories.key(claim)
            tell_read(request.actor, found)
            context["tried"] = trying.tried(text, claim, today=tenancy.today(found.practice, clock.now()))
    except Refused as no:
        context["refused"] = no
    return respond.page(request, "claims/trial.html", context)


def _filler(filled: forms.RuleForm) -> dict[str, Any]:
    """What was typed so far; what is still to be said in words does not keep the conditions from being tried."""
    for name in filled.fields:
        filled.cleaned_data.setdefault(name, [] if name in forms.LISTS else "")
    said = filled.text()
    unsaid = {"title": "This rule", "words": "The words of this rule.", "fix": "Its fix.", "evidence": "Its evidence"}
    return {**said, **{name: words for name, words in unsaid.items() if len(said[name]) < len(words)},
            "action": said["action"] or "hold"}  # fmt: skip


@form("claims.draft_rules", mailroom=True)
def adjust(request: ActorRequest, rule: str) -> HttpResponse:
    """Switch a rule of the house off, or change what it does, for some payers or practices."""
    try:
        texts.refuse_adjustment(rule, texts.Action.OFF)
    except Refused as no:
        return respond.refusal(request, no)
    with reading():
        filled = forms.AdjustmentForm(request.POST or None, **_choices())

    def save(given: dict[str, Any]) -> str:
        made = services.draft(actor=request.actor, text=filled.text(rule), at=clock.now())
        return reverse("claims:rule", args=[made])

    title = f"Adjust: {book.BY_CODE[rule].title}"
    context = {"title": title, "here": "Adjust", "back": reverse("claims:rule", args=[rule]),
               "house": book.BY_CODE[rule]}  # fmt: skip
    return fill(
        request, filled, template="claims/adjust.html", save=save, context=context,
        said="The draft waits for somebody to make it live.",
    )  # fmt: skip


@form("claims.rules", mailroom=True)
def make_live(request: ActorRequest, rule: str) -> HttpResponse:
    """Make the draft of a rule its next version."""
    try:
        with reading():
            found = queries.page(rule)
        if found.draft is None:
            raise services.NothingDrafted("No draft of this rule waits.", fix="Write one first.")
    except Refused as no:
        return respond.refusal(request, no)
    filled = forms.LiveForm(request.POST or None, initial={"starts_on": request.actor.today})

    def save(given: dict[str, Any]) -> str:
        services.make_live(
            actor=request.actor, code=rule, why=given["why"], starts_on=given["starts_on"], at=clock.now()
        )
        return reverse("claims:rule", args=[rule])

    context = {"title": "Make it live", "rule": found, "back": reverse("claims:rule", args=[rule]),
               "here": "Make it live"}  # fmt: skip
    return fill(request, filled, template="claims/live.html", save=save, said="It is live.", context=context)


@form("claims.rules", mailroom=True)
def retire(request: ActorRequest, rule: str) -> HttpResponse:
    """Ask a rule no more."""
    return _end(request, rule, services.retire, "The rule is retired.", why=request.POST.get("why", ""))


@form("claims.draft_rules", mailroom=True)
def discard(request: ActorRequest, rule: str) -> HttpResponse:
    """Throw the draft of a rule away."""
    return _end(request, rule, services.discard, "The draft is gone.")


@act("claims.draft_rules")
def begin_dry_run(request: ActorRequest, rule: str) -> HttpResponse:
    """Ask what a rule would have said of the claims of the last 90 days."""
    try:
        key = trials.begin(actor=request.actor, rule=rule, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("claims:dry_run", args=[key]))


@page("claims.read")
def dry_run(request: ActorRequest, run: str) -> HttpResponse:
    """How far a dry run is, and what it found."""
    seen = queries.dry_run(run)
    if seen is None:
        return respond.refusal(request, NotFound("There is no such dry run.", code="no_such_run"))
    return respond.page(request, "claims/dry_run.html#progress", {"run": seen, "here": "Dry run"})


def _end(request: ActorRequest, rule: str, service: Any, said: str, **more: str) -> HttpResponse:
    back = reverse("claims:rule", args=[rule])
    if request.method != "POST":
        return respond.redirect(request, back)
    try:
        service(actor=request.actor, code=rule, at=clock.now(), **more)
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, said)
    return respond.redirect(request, back)


@page("claims.read")
def version(request: ActorRequest, rule: str, number: int) -> HttpResponse:
    """A version beside the one before it."""
    try:
        found = queries.page(rule)
        before, after, changes = queries.changes(found, number)
    except NotFound as no:
        return respond.refusal(request, no)
    crumbs = [(found.row.title, reverse("claims:rule", args=[rule]))]
    context = {"rule": found, "before": before, "after": after, "changes": changes, "crumbs": crumbs,
               "here": f"Version {number}"}  # fmt: skip
    return respond.page(request, "claims/rule_version.html", context)
