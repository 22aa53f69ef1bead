"""Reading agreements: the list, one agreement as it stands today, versions side by side, a quote, the papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements import pdf, rules
from openmso.agreements.contracts import NOTICE, Agreement, Terms, Version
from openmso.agreements.fees import charging, quoting, sentences, waterfall
from openmso.agreements.forms.quoting import QuoteForm
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import baas, clocks, comparing, matrix, renewals, signing
from openmso.agreements.services import execution, renewing
from openmso.agreements.tables import AGREEMENTS
from openmso.kit.errors import NotFound, Refused
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.parties.queries import practices
from openmso.platform.access import duties
from openmso.platform.access import queries as access
from openmso.platform.access.edges import page
from openmso.platform.access.registry import LINES
from openmso.platform.audit import queries as audit
from openmso.platform.documents import queries as documents
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Tone
from openmso.platform.ui.filling import refuse

READ = "agreements.read"


@page(READ)
def index(request: Any) -> HttpResponse:
    """The agreements one may read."""
    ask = tables.ask(request, AGREEMENTS)
    return tables.answer(
        request, AGREEMENTS, ask, template="agreements/agreements.html",
        context={"may_draft": request.actor.can("agreements.draft")},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted, on=request.actor.today),
    )  # fmt: skip


@page(READ)
def agreement(request: Any, agreement: str) -> HttpResponse:
    """One agreement as it stands today: scope, promises, fee, papers, versions, grants."""
    found = queries.agreement(agreement)
    on = request.actor.day_in(found.practice)
    practice = practices.practice(found.practice, on=on)
    version = found.version_on(on) or found.latest
    shown = version or found.draft
    assert shown is not None, "an agreement has a draft or a version"
    terms, fee = shown.terms, charging.charged(shown.terms)
    context = {
        "agreement": found, "practice": practice, "version": version, "shown": shown, "terms": terms, "on": on,
        "standing": rules.standing(found, on), "lede": lede(found, terms), "here": found.public_id,
        "lines": matrix.lines_today(found.practice, version, on=on) if version else [],
        "draft_lines": [(LINES[line.code], line) for line in terms.lines],
        "kept": matrix.lines_kept(version) if version else [],
        "promises": clocks.promises(terms), "fee": sentences.sentence(fee) if fee else "",
        "proration": sentences.proration(terms.fee) if terms.fee else "",
        "payments": waterfall.sentence(terms.payments) if terms.payments else "",
        "quote_form": QuoteForm(fee=fee, initial={"month": str(_quoted(terms, on))}) if fee else None,
        "reserved": [(code, rules.RESERVED[code]) for code in terms.reserved if code in rules.RESERVED],
        "baas": baas.of(found.practice), "baa": baas.in_force(found.practice, on),
        "grants": [(grant, LINES[grant.line], on in grant.days) for grant in access.grants_in(found.practice)],
        "people": people(found.practice, on), "story": story(found), "notices": renewals.notices(found),
        "history": audit.history(("agreements.agreement", found.public_id), practice=found.practice),
        "out": signing.out(found.public_id) if found.draft else None,
        **acts(request.actor, found),
    }  # fmt: skip
    return respond.page(request, "agreements/agreement.html", context)


@page(READ)
def compare(request: Any, agreement: str, number: int) -> HttpResponse:
    """A version, or the draft, beside the version before it or the one that is asked for: terms and text."""
    found = queries.agreement(agreement)
    papers: list[Any] = [*found.versions, *([found.draft] if found.draft else [])]
    after = next((one for one in papers if one.number == number), None)
    if after is None:
        raise NotFound(f"There is no version {number}.", field="number")
    beside = request.GET.get("beside", "")
    older = [one for one in papers if one.number < number]
    before = next((one for one in older if str(one.number) == beside), older[-1] if older else None)
    context = {
        "agreement": found, "before": before, "after": after, "older": older,
        "changes": rules.difference(before.terms, after.terms) if before else [],
        "text": comparing.compared(found, before, after),
        "crumbs": [(found.public_id, reverse("agreements:agreement", args=[agreement]))], "here": f"Version {number}",
    }  # fmt: skip
    return respond.page(request, "agreements/compare.html", context)


@page(READ)
def quote(request: Any, agreement: str) -> HttpResponse:
    """What the fee of some months would be, with every step; a fragment of the agreement's page.

    The figures are asked for as settling takes them: by the categories that the terms name, on the days in force.
    """
    found = queries.agreement(agreement)
    shown = found.version_on(request.actor.day_in(found.practice)) or found.latest or found.draft
    fee = charging.charged(shown.terms) if shown else None
    if shown is None or fee is None:
        raise NotFound("No fee is agreed yet.")
    filled, answer = QuoteForm(request.GET, fee=fee), None
    if filled.is_valid():
        try:
            period = filled.period()
            of_month = charging.charged(shown.terms, filled.cleaned_data["month"]) or fee
            answer = quoting.quote(
                terms=of_month if period.ends_on == filled.cleaned_data["month"].range.ends_on else fee, period=period,
                inputs=filled.inputs(), in_force=filled.in_force(shown.terms.days), paid=filled.paid_on_account(),
            )  # fmt: skip
        except Refused as no:
            refuse(filled, no)
    context = {"agreement": found, "quote_form": filled, "quote": answer}
    return respond.page(request, "agreements/quote.html", context, status=422 if filled.errors else 200)


@page(READ)
def paper(request: Any, agreement: str, number: int) -> HttpResponse:
    """The signed document of a version."""
    version = _version(queries.agreement(agreement), number)
    content = documents.read(version.document, queries.agreement(agreement).practice)
    return download(content, f"{agreement}-version-{number}.pdf")


@page(READ)
def summary(request: Any, agreement: str) -> HttpResponse:
    """The agreement on one or two pages: parties, scope, promises, fee in words."""
    found = queries.agreement(agreement)
    return download(pdf.summary(found, on=request.actor.day_in(found.practice)), f"{agreement}.pdf")


def _quoted(terms: Terms, on: date) -> Month:
    """The month to ask about first: this one, or the nearest in which the terms hold."""
    first, ends = Month.of(terms.days.starts_on), terms.days.ends_on
    last = Month.of(ends - timedelta(days=1)) if ends else None
    wanted = max(Month.of(on), first)
    return min(wanted, last) if last else wanted


def people(practice: int, on: date) -> list[tuple[str, int]]:
    """How many people hold each role in the practice today."""
    held: dict[str, set[int]] = {}
    for row in access.assigned_in(practice, on=on):
        held.setdefault(row.role_words, set()).add(row.user_id)
    return sorted((words, len(users)) for words, users in held.items())


def story(found: Agreement) -> list[Event]:
    """The versions and the end, newest first."""
    events = [
        Event(
            version.executed_at, f"Version {version.number} executed, from {version.starts_on:%-d %b %Y}", Tone.GOOD,
            version.summary or f"Signed by {' and '.join(signer.name for signer in version.signers)}",
            reverse("agreements:compare", args=[found.public_id, version.number]),
        )
        for version in found.versions
    ]  # fmt: skip
    if found.terminated_on is not None:
        ended = next(move for move in queries.moves(found.public_id) if move.to == "terminated")
        title = f"Terminated from {found.terminated_on:%-d %b %Y}"
        events.append(Event(ended.at, title, Tone.BAD, f"{found.terminated_why} ({ended.by})"))
    return sorted(events, key=lambda event: event.at, reverse=True)


def lede(found: Agreement, terms: Terms) -> str:
    """Mode, term and renewal in one line."""
    ends = found.terminated_on or terms.days.ends_on
    last = f" to {date.fromordinal(ends.toordinal() - 1):%-d %b %Y}" if ends else ", without an end"
    said = f"{terms.mode.label} · {terms.days.starts_on:%-d %b %Y}{last}"
    notice = rules.notice_by(terms)
    if notice is None or ends is None or found.terminated_on:
        return said
    if renewals.notice(found, ends) is not None:
        return f"{said} · notice was given, it is not renewed"
    longer = counted(terms.renewal_months, "month")
    return f"{said} · renews for {longer} unless either side gives notice by {notice:%-d %b %Y}"


def acts(actor: Any, found: Agreement) -> dict[str, Any]:
    """What the person may do next. Whether they confirmed who they are is asked when they do it."""
    confirmed = replace(actor, fresh=True)
    may = {code: confirmed.can(f"agreements.{code}", found.practice) for code in ("draft", "execute", "terminate")}
    return {
        "may_draft": may["draft"] and found.state in {"draft", "executed"},
        "may_amend": may["draft"] and found.state == "executed" and found.draft is None,
        "may_execute": may["execute"] and found.draft is not None and found.state != "withdrawn",
        "executes_not": found.draft and duties.why_not(actor, did=found.draft.drafted_by, **execution.PARTED),
        "may_terminate": may["terminate"] and found.state == "executed",
        "may_notice": actor.can(NOTICE.code, found.practice) and renewing.why_no_notice(found, actor.at) is None,
        "may_baa": may["execute"],
        "may_end_baa": may["terminate"],
    }


def _version(found: Agreement, number: int) -> Version:
    version = next((one for one in found.versions if one.number == number), None)
    if version is None:
        raise NotFound(f"There is no version {number}.", field="number")
    return version


def download(content: bytes, name: str) -> HttpResponse:
    """A PDF that opens beside the page."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
