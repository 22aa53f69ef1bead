"""The worklist, its bulk acts and the batches."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims import tables
from openmso.claims.contracts import SUBMIT, WORK
from openmso.claims.queries import stories, worklist
from openmso.claims.services import building, releasing, runs, submitting, waiting
from openmso.claims.tables import BATCHES, CLAIMS
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Choice, Page, Selection, Tone
from openmso.platform.work import queries as work
from openmso.platform.work.views import dialogs

AT_ONCE = 200
"""Claims of a bulk act that are done while one waits; more become a run with progress."""

VIEWS = (
    ("To do", "is:held is:rejected is:ready"),
    ("Ready to send", "is:ready"),
    ("On hold", "is:held"),
    ("Rejected", "is:rejected"),
    ("Next batches", "is:queued"),
    ("With payers", "is:sent is:accepted"),
    ("Denied", "is:denied is:partial"),
    ("All", ""),
)


@page("claims.read")
def worklist_page(request: ActorRequest) -> HttpResponse:
    """The claims that somebody must do something about, and all others by filter."""
    ask = ui_tables.ask(request, CLAIMS)
    return ui_tables.answer(
        request, CLAIMS, ask, template="claims/worklist.html",
        fetch=lambda asked: worklist.claims(filters=ask.filters, page=asked),
        tally=lambda: worklist.tally(filters=ask.filters),
        context={
            "tabs": _tabs(request, ask.q), "releases": _releases(request), "may_work": request.actor.can(WORK.code),
            "may_submit": request.actor.can(SUBMIT.code),
        },
    )  # fmt: skip


def _tabs(request: ActorRequest, q: str) -> list[Choice]:
    here = reverse("claims:worklist")
    built_in = [
        Choice(label, f"{here}?{urlencode({'q': text})}" if text else here, current=q == text) for label, text in VIEWS
    ]
    saved = work.saved_views(actor=request.actor, path=here)
    return [*built_in, *(Choice(view.name, f"{here}?{view.query}") for view in saved)]


@page("claims.read")
def releases(request: ActorRequest) -> HttpResponse:
    """The button that lets the next batches leave, as it stands now: the list asks for it when claims were queued."""
    return respond.page(request, "claims/releases.html", {"releases": _releases(request)})


def _releases(request: ActorRequest) -> respond.Button | None:
    waiting_ = worklist.queued_count()
    why = None if waiting_ else "No claim stands in a batch."
    label = f"Release {waiting_} queued" if waiting_ else "Release batches"
    return respond.act(request.actor, SUBMIT.code, label, why_not=why, icon="send")


@act("claims.submit")
def submit_many(request: ActorRequest) -> HttpResponse:
    """Submit the selected claims: a few at once, many as a run over a frozen list."""
    try:
        chosen = ui_tables.selection(request, CLAIMS)
        return _bulk(request, "submit", chosen)
    except Refused as no:
        return respond.refusal(request, no)


@act("claims.work")
def scrub_many(request: ActorRequest) -> HttpResponse:
    """Scrub the selected claims again."""
    try:
        return _bulk(request, "scrub", ui_tables.selection(request, CLAIMS))
    except Refused as no:
        return respond.refusal(request, no)


@act("claims.work")
def bill_patients(request: ActorRequest) -> HttpResponse:
    """Bill the patients of the selected claims, which no payer is asked for."""
    try:
        return _bulk(request, "bill", ui_tables.selection(request, CLAIMS))
    except Refused as no:
        return respond.refusal(request, no)


def _bulk(request: ActorRequest, name: str, chosen: Selection) -> HttpResponse:
    with reading():
        frozen = worklist.ids(filters=chosen.filters, public_ids=chosen.ids)
    count = sum(len(ids) for ids in frozen.values())
    if not count:
        raise NotFound("There are no such claims.")
    if name == "submit" and count == 1:
        return _submit_one(request, chosen)
    key = runs.begin(actor=request.actor, act=name, claims=frozen, at=clock.now(), now=count <= AT_ONCE)
    if count <= AT_ONCE:
        seen = runs.view(key=key)
        assert seen is not None
        if not seen.refused:
            verb = _DONE[name]
            undo = reverse("claims:undo_submit") + f"?run={key}" if name == "submit" else ""
            return respond.done(
                request, f"{counted(seen.done, 'claim')} {verb}", back=reverse("claims:worklist"), undo_url=undo
            )
    return respond.redirect(request, reverse("claims:run", args=[key]))


def _submit_one(request: ActorRequest, chosen: Selection) -> HttpResponse:
    with reading():
        public_id = chosen.ids[0] if chosen.ids else worklist.first_id(filters=chosen.filters)
    submitting.submit(actor=request.actor, claim=public_id, at=clock.now())
    return respond.done(
        request, f"{public_id} is in the next batch", back=reverse("claims:worklist"),
        undo_url=reverse("claims:unsubmit", args=[public_id]),
    )  # fmt: skip


@act("claims.submit")
def undo_submit(request: ActorRequest) -> HttpResponse:
    """Take the claims of a bulk submission back, as long as their batches have not left."""
    taken = runs.undo(actor=request.actor, key=request.GET.get("run", "")[:16], at=clock.now())
    return respond.done(request, f"{counted(taken, 'claim')} ready again", back=reverse("claims:worklist"))


def _items(request: ActorRequest) -> list[str]:
    """What waits about the selected claims; raises `NotFound` where nothing does."""
    chosen = ui_tables.selection(request, CLAIMS)
    with reading():
        found = work.item_ids(
            worklist.SUBJECT,
            worklist.public_ids(filters=chosen.filters, public_ids=chosen.ids),
            kinds=waiting.OF_CLAIMS,
        )
    if not found:
        raise NotFound("Nothing waits about these claims.", fix="Choose some that are held, rejected or followed up.")
    return found


@act("claims.work")
def later(request: ActorRequest) -> HttpResponse:
    """Until when the work on the selected claims is put off."""
    return dialogs.later(request, lambda: _items(request))


@act("claims.work")
def givers(request: ActorRequest) -> HttpResponse:
    """To whom the work on the selected claims can be given; a choice of people, which gives."""
    return dialogs.givers(request, lambda: _items(request))


@act("claims.work")
def build(request: ActorRequest) -> HttpResponse:
    """Make claims of all charges that wait."""
    made, ready = 0, 0
    try:
        for practice in sorted(request.actor.practices_for(WORK.code)):
            built = building.build(actor=request.actor, practice=practice, at=clock.now())
            made, ready = made + len(built.claims), ready + built.ready
    except Refused as no:
        return respond.refusal(request, no)
    said = f"{counted(made, 'claim')} built, {ready} ready" if made else "No charge waits for a claim"
    return respond.done(request, said, back=reverse("claims:worklist"))


@act("claims.work")
def take_next(request: ActorRequest) -> HttpResponse:
    """The most pressing claim that nobody works on, given to this person; two people get two claims."""
    item = waiting.take_next(actor=request.actor, at=clock.now())
    if item is None:
        response = respond.done(request, "Nothing is left to do here.", back=reverse("claims:worklist"))
        return respond.toast(response, "Nothing is left to do here.", tone=Tone.GOOD)
    return respond.redirect(request, reverse("claims:claim", args=[item]) + "?queue=1")


@page("claims.read")
def run(request: ActorRequest, key: str) -> HttpResponse:
    """How far a bulk act has come, and what it refused."""
    seen = runs.view(key=key)
    if seen is None:
        return respond.refusal(request, NotFound("There is no such run.", code="no_such_run"))
    return respond.page(request, "claims/run.html#progress", {"run": seen, "verb": _VERBS.get(seen.act, seen.act)})


@page("claims.read")
def refused(request: ActorRequest, key: str, reason: str) -> HttpResponse:
    """The claims that a bulk act refused for one reason, as they stand now."""
    seen = runs.view(key=key)
    why = next((one for one in seen.reasons if one.key == reason), None) if seen else None
    if seen is None or why is None:
        return respond.refusal(request, NotFound("This run refused nothing for that reason.", code="no_such_run"))
    ask = ui_tables.ask(request, tables.REFUSED)
    context = {
        "reason": why, "crumbs": [(key, reverse("claims:run", args=[key]))], "here": counted(why.count, "refused claim")
    }  # fmt: skip
    return ui_tables.answer(
        request, tables.REFUSED, ask, template="claims/refused.html", context=context,
        fetch=lambda asked: Page(
            worklist.named(why.claims[asked.offset : asked.offset + asked.size]), why.count, asked
        ),
    )  # fmt: skip


_VERBS = {"submit": "Submitting", "scrub": "Scrubbing", "bill": "Billing patients"}
_DONE = {"submit": "put in the next batch", "scrub": "scrubbed, all ready", "bill": "billed to the patient"}


@act("claims.submit")
def release(request: ActorRequest) -> HttpResponse:
    """Let the queued batches of all practices in reach leave now."""
    sent = []
    try:
        with reading():
            practices = worklist.queued_practices()
        for practice in practices:
            sent += releasing.release(actor=request.actor, practice=practice, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    claims = sum(batch.claims for batch in sent)
    return respond.done(
        request,
        f"{counted(claims, 'claim')} left in {counted(len(sent), 'batch', 'batches')}",
        back=reverse("claims:batches"),
    )


@page("claims.read")
def batches(request: ActorRequest) -> HttpResponse:
    """What was sent."""
    ask = ui_tables.ask(request, BATCHES)
    return ui_tables.answer(
        request, BATCHES, ask, template="claims/batches.html",
        fetch=lambda asked: worklist.batches(filters=ask.filters, page=asked),
    )  # fmt: skip


@page("claims.read")
def batch(request: ActorRequest, batch: str) -> HttpResponse:
    """One batch: its envelope, its claims, what was answered."""
    found = stories.batch(batch)
    rows = ui_tables.static(request, tables.IN_BATCH, found.claims, totals={"charged": found.ref.total})
    return respond.page(request, "claims/batch.html", {"batch": found, "table": rows})
