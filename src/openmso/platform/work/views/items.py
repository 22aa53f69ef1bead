"""The inbox, one item, and what is done with one or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch, reverse

from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import act, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, Tone
from openmso.platform.work import forms, queries, registry, rules, services
from openmso.platform.work.contracts import OVERSEE, Entry, InboxFilters, ItemRow, Outcome
from openmso.platform.work.states import Party, Working
from openmso.platform.work.tables import INBOX, KINDS
from openmso.platform.work.views import dialogs

_TABS = (
    ("Open", ""),
    ("Overdue", "is:overdue"),
    ("Mine", "with:me"),
    ("Nobody's", "with:nobody"),
    ("Escalated", "is:escalated"),
    ("Snoozed", "is:snoozed"),
    ("Done", "is:done"),
)


@page("work.use")
def inbox(request: Any) -> HttpResponse:
    """Everything that waits for this person, with what they saved of it."""
    ask = tables.ask(request, INBOX)
    filters = asked(ask.filters, request.actor.standing.zone)
    return tables.answer(
        request, INBOX, ask, template="work/inbox.html", context=_views(request, ask.q),
        fetch=lambda wanted: queries.inbox(actor=request.actor, filters=filters, page=wanted, at=request.actor.at),
        tally=lambda: queries.tally(actor=request.actor, filters=filters, at=request.actor.at),
    )  # fmt: skip


def asked(found: Filters, zone: str) -> InboxFilters:
    """The filters of the address bar as the register understands them; days are those of the reader's zone."""
    codes = {row.code: row.pk for row in tenancy.tenants()}
    wanted = InboxFilters(
        text=found.text, state=found.one("is") or Working.OPEN, kinds=_kinds(found),
        practices=tuple(codes[code] for code in found.many("practice") if code in codes),
        assigned=found.one("with") or found.one("who") or "", overdue=found.flag("overdue"),
        escalated=found.flag("escalated"),
    )  # fmt: skip
    for term in found.terms_of("due"):
        begins, ends = clock.start_of(term.value, zone), clock.start_of(term.value + timedelta(days=1), zone)
        after = {"<": begins, "<=": ends, "=": ends}.get(term.op)
        since = {">=": begins, "=": begins, ">": ends}.get(term.op)
        wanted = replace(wanted, due_before=after or wanted.due_before, due_from=since or wanted.due_from)
    for term in found.terms_of("amount"):
        least = term.value if term.op in {">", ">=", "="} else wanted.amount_min
        most = term.value if term.op in {"<", "<=", "="} else wanted.amount_max
        wanted = replace(wanted, amount_min=least, amount_max=most)
    for term in found.terms_of("priority"):
        wanted = replace(wanted, priority_min=int(term.value))
    return wanted


def _kinds(found: Filters) -> tuple[str, ...]:
    """The kinds that are asked for, themselves or by their functions; of both, those that are in both."""
    named = found.many("kind")
    if not (functions := found.many("function")):
        return named
    of = registry.kinds_of(functions)
    return (tuple(one for one in of if one in named) if named else of) or ("",)


def _views(request: Any, query: str) -> dict[str, Any]:
    """The tabs of the inbox: the usual ones and the saved views, with the form that saves another."""
    path = reverse("work:inbox")
    saved = queries.saved_views(actor=request.actor, path=path)
    pairs = [*_TABS, *((view.name, view.query) for view in saved)]
    tabs = [
        {"label": label, "url": f"{path}?{urlencode({'q': q})}" if q else path, "current": q == query, "count": None}
        for label, q in pairs
    ]
    own = [view for view in saved if view.is_mine]
    return {
        "tabs": tabs,
        "query": query,
        "own_views": own,
        "view_form": forms.SaveView(initial={"path": path, "query": query}),
    }


@page("work.use")
def order(request: Any) -> HttpResponse:
    """By what each kind of work is put in order."""
    context = {"table": tables.static(request, KINDS, queries.kinds(actor=request.actor)), "here": "How work is ranked"}
    return respond.page(request, "work/order.html", context)


@page("work.use")
def item(request: Any, public_id: str) -> HttpResponse:
    """One item: why it waits, what can be done, what happened so far."""
    return respond.page(request, "work/item.html#item", _about(request.actor, public_id))


@page("work.use")
def peek(request: Any, public_id: str) -> HttpResponse:
    """One item beside the list."""
    return respond.page(request, "work/peek.html", _about(request.actor, public_id))


def _about(actor: Actor, public_id: str) -> dict[str, Any]:
    found = queries.item(actor=actor, public_id=public_id, at=actor.at)
    word, tone = rules.urgency(found.priority)
    return {
        "item": found, "history": [told(entry) for entry in queries.history(public_id=public_id)],
        "urgency": word, "urgency_tone": tone.value, "due_tone": rules.due_tone(found.due_at, actor.at).value,
        "subject_url": subject_url(found), "is_done": found.state is Working.DONE,
        "may_undo": found.state is Working.DONE and rules.may_undo(found.done_at, actor.at),
        "snooze_form": forms.Snooze(), "comment_form": forms.Comment(), "finish_form": forms.Finish(),
        "is_mine": actor.user_id is not None and found.assignee_user == actor.user_id,
        "may_ask_lead": not actor.can(OVERSEE.code, found.practice),
    }  # fmt: skip


def told(entry: Entry) -> dict[str, Any]:
    """What happened to an item, for a timeline."""
    return {
        "at": entry.at, "tone": entry.what.tone.value, "title": f"{entry.what.label} · {entry.actor}",
        "note": entry.note, "url": "", "amount": None,
    }  # fmt: skip


def subject_url(found: ItemRow) -> str:
    """The page where the work is done; empty where its app has none."""
    if not found.url:
        return ""
    try:
        return reverse(found.url, args=[found.subject_id])
    except NoReverseMatch:
        return ""


# ---- acts on one item -----------------------------------------------------------------------------------------


@act("work.use")
def take_next(request: Any) -> HttpResponse:
    """The most pressing item that is mine or nobody's, opened as mine."""
    found = services.take_next(actor=request.actor, at=request.actor.at)
    return respond.redirect(request, reverse("work:item", args=[found.public_id]) if found else reverse("work:inbox"))


@act("work.use")
def done(request: Any, public_id: str) -> HttpResponseBase:
    """Finish one; the next one opens, or the inbox where none waits."""
    filled = forms.Finish(request.POST)
    outcome = filled.cleaned_data["outcome"] if filled.is_valid() else ""

    def finish() -> None:
        services.done(actor=request.actor, public_id=public_id, at=request.actor.at, outcome=outcome or "Done")

    answer = _do(request, finish, back=reverse("work:inbox"))
    if answer.status_code >= 400 or request.POST.get("then") != "next":
        return answer
    return take_next(request)


@act("work.use")
def snooze(request: Any, public_id: str) -> HttpResponse:
    """Put one off until a morning."""
    filled = forms.Snooze(request.POST)
    if not filled.is_valid():
        return respond.refusal(request, Refused("Choose a day.", field="until_on"))
    until = clock.morning_of(filled.cleaned_data["until_on"], request.actor.standing.zone)
    return _do(
        request,
        lambda: services.snooze(
            actor=request.actor, public_id=public_id, until=until, at=request.actor.at,
            why=filled.cleaned_data["why"], waits_for=Party(filled.cleaned_data["waits_for"] or Party.MSO),
        ),
        back=reverse("work:inbox"),
    )  # fmt: skip


@act("work.use")
def take(request: Any, public_id: str) -> HttpResponse:
    """Give one to myself, or back to everybody."""
    back = request.POST.get("back") == "1"
    return _do(
        request,
        lambda: services.assign(
            actor=request.actor, public_id=public_id, at=request.actor.at, to=None if back else request.actor
        ),
        back=reverse("work:item", args=[public_id]),
    )  # fmt: skip


@act("work.use")
def takers(request: Any) -> HttpResponse:
    """Whom the selection can be given to; a choice of people, which gives."""
    return dialogs.givers(request, lambda: selected(request), one=request.POST.get("one", ""))


@act("work.use")
def give(request: Any, public_id: str) -> HttpResponse:
    """Give one to somebody else."""

    def give_to() -> None:
        them = services.colleague(request.POST.get("to", ""), at=request.actor.at)
        services.assign(actor=request.actor, public_id=public_id, at=request.actor.at, to=them)

    return _do(request, give_to, back=reverse("work:item", args=[public_id]))


@act("work.use")
def wake(request: Any, public_id: str) -> HttpResponse:
    """Take a snoozed one back now."""
    return _do(
        request, lambda: services.wake(actor=request.actor, public_id=public_id, at=request.actor.at),
        back=reverse("work:item", args=[public_id]),
    )  # fmt: skip


@act("work.use")
def comment(request: Any, public_id: str) -> HttpResponse:
    """Say something about one."""
    text = request.POST.get("text", "")
    return _do(
        request,
        lambda: services.comment(actor=request.actor, public_id=public_id, text=text, at=request.actor.at),
        back=reverse("work:item", args=[public_id]),
    )


@act("work.use")
def undo(request: Any) -> HttpResponse:
    """Take back what was just done with one or many."""
    ids = [part for part in request.GET.get("ids", "").split(",") if part]

    def reopen() -> None:
        for public_id in ids:
            services.undo_done(actor=request.actor, public_id=public_id, at=request.actor.at)

    return _do(request, reopen, back=reverse("work:inbox"))


def _do(request: Any, work: Callable[[], object], *, back: str) -> HttpResponse:
    """Do it and go back; a refusal is said where it was asked."""
    try:
        work()
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, back)


# ---- acts on many ---------------------------------------------------------------------------------------------


@act("work.use")
def done_many(request: Any) -> HttpResponse:
    """Finish the selection."""
    return many(
        request, "done", lambda ids: services.done_many(actor=request.actor, public_ids=ids, at=request.actor.at)
    )


@act("work.use")
def later(request: Any) -> HttpResponse:
    """Until when the selection is put off, and why; what is chosen puts it off."""
    return dialogs.later(request, lambda: selected(request))


@act("work.use")
def snooze_many(request: Any) -> HttpResponse:
    """Put the selection off until a morning, tomorrow's where no day is said."""
    at, zone = request.actor.at, request.actor.standing.zone
    if "until_on" not in request.POST:
        return many(
            request, "put off until tomorrow",
            lambda ids: services.snooze_many(
                actor=request.actor, public_ids=ids, until=clock.next_morning(at, zone), at=at
            ),
        )  # fmt: skip
    filled = forms.Snooze(request.POST)
    if not filled.is_valid():
        return respond.refusal(request, Refused("Choose a day.", field="until_on"))
    given = filled.cleaned_data
    return many(
        request, f"put off until {given['until_on']:%-d %b %Y}",
        lambda ids: services.snooze_many(
            actor=request.actor, public_ids=ids, until=clock.morning_of(given["until_on"], zone), at=at,
            why=given["why"], waits_for=Party(given["waits_for"] or Party.MSO),
        ),
    )  # fmt: skip


@act("work.use")
def take_many(request: Any) -> HttpResponse:
    """Give the selection to myself."""
    return many(
        request, "given to you",
        lambda ids: services.assign_many(
            actor=request.actor, public_ids=ids, at=request.actor.at, to=request.actor
        ),
    )  # fmt: skip


@act("work.use")
def give_many(request: Any) -> HttpResponse:
    """Give the selection to somebody else."""
    try:
        them = services.colleague(request.POST.get("to", ""), at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    return many(
        request, f"given to {them.name}",
        lambda ids: services.assign_many(actor=request.actor, public_ids=ids, at=request.actor.at, to=them),
    )  # fmt: skip


def many(request: Any, words: str, work: Callable[[Sequence[str]], list[Outcome]]) -> HttpResponse:
    """Do something to the selection and say how much of it was done; where it was not, why the first was not."""
    try:
        outcomes = work(selected(request))
    except Refused as no:
        return respond.refusal(request, no)
    good = [one.public_id for one in outcomes if one.is_done]
    refused = [one for one in outcomes if not one.is_done]
    text = f"{len(good):,} {'item' if len(good) == 1 else 'items'} {words}"
    if refused:
        text += f", {len(refused):,} not: {refused[0].public_id}: {refused[0].sentence}"
    undo_url = f"{reverse('work:undo')}?ids={','.join(good)}" if words == "done" and good else ""
    answer = respond.done(request, text, back=reverse("work:inbox"), undo_url=undo_url)
    return respond.toast(answer, text, undo_url=undo_url, tone=Tone.WARN) if refused else answer


def selected(request: Any) -> Sequence[str]:
    """The items that were ticked, or all that the filters find; more than fit into one act are refused."""
    chosen = tables.selection(request, INBOX)
    if not chosen.every:
        return chosen.ids
    with reading():
        found = queries.ids_that_fit(
            actor=request.actor, filters=asked(chosen.filters, request.actor.standing.zone), at=request.actor.at,
            most=services.BULK_MAX + 1,
        )  # fmt: skip
    services.check_count(found)
    return found


# ---- saved views ----------------------------------------------------------------------------------------------


@act("work.use")
def save_view(request: Any) -> HttpResponse:
    """Keep the list as it is arranged now."""
    filled = forms.SaveView(request.POST)
    if not filled.is_valid():
        return respond.refusal(request, Refused("Give the view a name.", field="name"))
    given = filled.cleaned_data
    return _do(
        request, lambda: services.save_view(actor=request.actor, at=request.actor.at, **given),
        back=f"{reverse('work:inbox')}?{urlencode({'q': given['query']})}",
    )  # fmt: skip


@act("work.use")
def forget_view(request: Any, public_id: str) -> HttpResponse:
    """Remove one's own view."""
    return _do(
        request, lambda: services.forget_view(actor=request.actor, public_id=public_id), back=reverse("work:inbox")
    )
