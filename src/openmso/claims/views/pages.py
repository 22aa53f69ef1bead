"""The page of one claim, and what is done there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import AttachmentKind, AttachmentWay, Claim, ClaimKey
from openmso.claims.forms import WhyForm
from openmso.claims.queries import attachments, reckoning, stories, telling
from openmso.claims.queries.worklist import SUBJECT
from openmso.claims.services import building, correcting, scrubbing, self_paying, submitting
from openmso.claims.states import DECIDED, EDITABLE, WITH_PAYER, S
from openmso.claims.views import fixes
from openmso.kit import clock
from openmso.kit.classes import PHI
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import notes
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.audit import queries as trail
from openmso.platform.audit import services as audit
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work

TRAIL_SHOWN = 3


@page("claims.read")
def claim(request: ActorRequest, claim: str) -> HttpResponse:
    """A claim's story: money, findings, lines, what happened, the bytes."""
    try:
        found = stories.claim(claim)
    except NotFound as no:
        return respond.refusal(request, no)
    tell_read(request.actor, found)
    return respond.page(request, "claims/claim.html#story", _story(request, found))


def tell_read(actor: Actor, found: Claim | ClaimKey) -> None:
    """Tell the trail that somebody read a claim."""
    audit.record_read(
        actor=actor, practice=found.practice, subject=("claims.claim", found.public_id), at=actor.at,
        classes=[one for one in PHI if actor.sees(one, found.practice)],
        decision=actor.may("claims.read", found.practice),
    )  # fmt: skip


def _story(request: ActorRequest, found: Claim) -> dict[str, object]:
    acts = trail.events(
        filters=EventFilters(subject_kind="claims.claim", subject_id=found.public_id), page=PageAsk(size=TRAIL_SHOWN)
    )
    return {
        "claim": found,
        "findings": [(finding, fixes.place(found, finding)) for finding in found.findings],
        "here": found.public_id,
        "events": telling.story(found),
        "whys": reckoning.whys(found),
        "acts": acts,
        "in_queue": request.GET.get("queue") == "1",
        "waits": work.open_for((SUBJECT, found.public_id), at=request.actor.at),
        "notes": notes.about(practice=found.practice, payer_id=found.payer_id, on=request.actor.today),
        "attachments": attachments.of_claim(found.public_id),
        "attachment_kinds": [(kind.value, kind.label) for kind in AttachmentKind],
        "attachment_ways": [(way.value, way.label) for way in AttachmentWay],
        **_buttons(request.actor, found),
    }


def _buttons(actor: Actor, found: Claim) -> dict[str, object]:
    """The one act that comes next, disabled with the rule's own words where it cannot be done; and the others."""
    here, may = found.practice, actor.can
    first = next((f for f in found.findings if f.blocks and not f.overridden), None)
    why_not: Refused | str | None = None
    if first is not None:
        why_not = Refused(first.words, fix=first.fix)
    elif found.state is S.HELD:
        why_not = found.hold_reason
    submit = respond.act(actor, "claims.submit", "Submit", practice=here, why_not=why_not, letter="e", icon="send")
    denied = [line for line in found.asked if line.is_denied_whole]
    return {
        "submit_button": submit if found.state in {S.READY, S.HELD, S.DRAFT} else None,
        "can_work": may("claims.work", here),
        "can_edit": found.state in EDITABLE and may("claims.work", here),
        "can_correct": found.state in WITH_PAYER and may("claims.work", here),
        "can_ask_permit": found.state in EDITABLE
        and may("claims.work", here)
        and may("eligibility.authorize", here)
        and any(f.code == "authorization" and f.blocks and not f.overridden for f in found.findings),
        "can_bill_patient": _is_unseen(found) and may("claims.work", here),
        "can_unbill_patient": found.payer_id is None and found.state in DECIDED and may("claims.work", here),
        "can_split": _is_unseen(found) and len(found.lines) > 1 and may("claims.work", here),
        "can_resubmit": found.state in DECIDED and found.ordinal == "P" and denied and may("claims.work", here),
        "resubmittable": denied,
        "can_unsubmit": found.state is S.QUEUED and may("claims.submit", here),
        "can_hold": found.state is S.READY and may("claims.work", here),
        "can_unhold": found.is_held_by_hand and may("claims.work", here),
        "can_override": may("claims.override", here),
        "can_override_blocks": may("claims.rules", here),
        "can_drop": found.ordinal == "P" and found.state in {S.HELD, S.READY} and may("claims.work", here),
        "can_preview": found.state in EDITABLE,
        "can_close": found.state in {S.REJECTED, S.DENIED, S.PARTIAL, S.PAID} and may("claims.work", here),
    }


def _is_unseen(found: Claim) -> bool:
    """Whether no payer has ever seen it."""
    return found.state in {S.DRAFT, S.HELD, S.READY} and found.ordinal == "P" and found.frequency == "1"


@page("claims.read")
def peek(request: ActorRequest, claim: str) -> HttpResponse:
    """The preview beside the list."""
    try:
        found = stories.claim(claim)
    except NotFound as no:
        return respond.refusal(request, no)
    tell_read(request.actor, found)
    shown = telling.story(found)[:3]
    first = next((one for one in found.findings if not one.overridden), None)
    return respond.page(
        request,
        "claims/peek.html",
        {
            "claim": found,
            "place": fixes.place(found, first) if first else None,
            "events": shown,
            "waits": work.open_for((SUBJECT, found.public_id), at=request.actor.at),
            **_buttons(request.actor, found),
        },
    )


@page("claims.read")
def raw(request: ActorRequest, claim: str) -> HttpResponse:
    """The parts of a claim's page that show bytes: the segments that were sent for it, and those that answered."""
    try:
        found = stories.key(claim)
    except NotFound as no:
        return respond.refusal(request, no)
    tell_read(request.actor, found)
    shown = [
        ("What was sent", telling.sent_bytes(found)),
        ("What the payer answered", telling.answered_bytes(found)),
    ]
    return respond.page(request, "claims/raw.html", {"shown": shown})


@page("claims.read")
def preview(request: ActorRequest, claim: str) -> HttpResponse:
    """A claim as it would leave today, segment by segment."""
    try:
        found = stories.key(claim)
        shown = telling.previewed(claim, today=request.actor.today)
    except Refused as no:
        return respond.refusal(request, no)
    tell_read(request.actor, found)
    crumbs = [(claim, reverse("claims:claim", args=[claim]))]
    return respond.page(request, "claims/preview.html", {"raw": shown, "claim": claim, "crumbs": crumbs, "here": "837"})


def _done(request: ActorRequest, claim: str, work: Callable[[], object], words: str, *, undo: str = "") -> HttpResponse:
    """Do one thing with a claim; show it anew, or the refusal."""
    try:
        work()
    except Refused as no:
        return respond.refusal(request, no)
    if not respond.is_fragment(request):
        return respond.redirect(request, reverse("claims:claim", args=[claim]))
    if request.headers.get("HX-Target") == "preview":
        return respond.done(request, words, back=reverse("claims:worklist"), undo_url=undo)
    with reading():
        found = stories.claim(claim)
        shown = respond.page(request, "claims/claim.html#story", _story(request, found))
    return respond.toast(shown, words, undo_url=undo)


@act("claims.submit")
def submit(request: ActorRequest, claim: str) -> HttpResponse:
    """Freeze the claim and put it into the next batch."""
    undo = reverse("claims:unsubmit", args=[claim])
    return _done(
        request, claim, lambda: submitting.submit(actor=request.actor, claim=claim, at=clock.now()),
        f"{claim} is in the next batch", undo=undo,
    )  # fmt: skip


@act("claims.submit")
def unsubmit(request: ActorRequest, claim: str) -> HttpResponse:
    """Take the claim back out of the batch."""
    return _done(
        request, claim, lambda: submitting.unsubmit(actor=request.actor, claim=claim, at=clock.now()),
        f"{claim} is ready again",
    )  # fmt: skip


@act("claims.work")
def hold(request: ActorRequest, claim: str) -> HttpResponse:
    """Keep the claim from going out."""
    why = request.POST.get("why", "")
    return _done(
        request, claim, lambda: scrubbing.hold(actor=request.actor, claim=claim, why=why, at=clock.now()),
        f"{claim} is on hold", undo=reverse("claims:unhold", args=[claim]),
    )  # fmt: skip


@act("claims.work")
def unhold(request: ActorRequest, claim: str) -> HttpResponse:
    """Let the claim go."""
    return _done(
        request, claim, lambda: scrubbing.unhold(actor=request.actor, claim=claim, at=clock.now()),
        f"{claim} is off hold",
    )  # fmt: skip


@act("claims.override")
def override(request: ActorRequest, claim: str) -> HttpResponse:
    """Set a finding aside with a reason."""
    given = request.POST
    line = int(given["line"]) if given.get("line", "").isdigit() else None
    return _done(
        request, claim,
        lambda: scrubbing.override(
            actor=request.actor, claim=claim, code=given.get("code", ""), line=line, why=given.get("why", ""),
            at=clock.now(),
        ),
        "Set aside",
    )  # fmt: skip


@act("claims.work")
def scrub(request: ActorRequest, claim: str) -> HttpResponse:
    """Judge the claim again, with what is on file now."""

    def again() -> None:
        with reading():
            found = stories.claim(claim)
        scrubbing.scrub(actor=request.actor, practice=found.practice, claim_ids=[found.id], at=clock.now())

    return _done(request, claim, again, "Scrubbed again")


@act("claims.work")
def correct(request: ActorRequest, claim: str) -> HttpResponse:
    """Make a replacement or a void of the claim."""
    filled = WhyForm(request.POST)
    try:
        if not filled.is_valid():
            raise Refused("Say why the claim is corrected.", code="no_reason", field="why")
        new = correcting.correct(
            actor=request.actor, claim=claim, frequency=request.POST.get("frequency", "7"),
            why=filled.cleaned_data["why"], at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("claims:claim", args=[new]))


@act("claims.work")
def bill_patient(request: ActorRequest, claim: str) -> HttpResponse:
    """Bill the patient: no payer is asked."""
    why = request.POST.get("why", "")
    return _done(
        request, claim, lambda: self_paying.bill(actor=request.actor, claim=claim, why=why, at=clock.now()),
        f"{claim} is billed to the patient", undo=reverse("claims:unbill_patient", args=[claim]),
    )  # fmt: skip


@act("claims.work")
def unbill_patient(request: ActorRequest, claim: str) -> HttpResponse:
    """Take the claim back from its patient."""
    why = request.POST.get("why", "") or "Taken back at once"
    return _done(
        request, claim, lambda: self_paying.take_back(actor=request.actor, claim=claim, why=why, at=clock.now()),
        f"{claim} is taken back from the patient",
    )  # fmt: skip


@act("claims.work")
def drop(request: ActorRequest, claim: str) -> HttpResponse:
    """Take back a claim that no payer has."""
    why = request.POST.get("why", "") or "Dropped by hand"
    return _done(
        request, claim, lambda: building.drop(actor=request.actor, claim=claim, why=why, at=clock.now()),
        f"{claim} was dropped; its charges wait again",
    )  # fmt: skip


@act("claims.work")
def close(request: ActorRequest, claim: str) -> HttpResponse:
    """Close the claim."""
    why = request.POST.get("why", "")
    return _done(
        request, claim, lambda: correcting.close(actor=request.actor, claim=claim, why=why, at=clock.now()),
        f"{claim} is closed",
    )  # fmt: skip
