"""The page on which a patient sees a statement and pays, by its link and the birth date; and providers' messages.

Every link is answered alike until the birth date is right, so that nobody learns which links there are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openmso.billing import links, registry
from openmso.billing.contracts import OnlineRow
from openmso.billing.forms.paying import AmountForm, BirthForm, MonthsForm
from openmso.billing.providers import NotGenuine
from openmso.billing.providers.terminal import TestTerminal
from openmso.billing.queries import online as queries
from openmso.billing.queries.online import Opening
from openmso.billing.services import consenting, online, planning
from openmso.billing.services.online import PATIENT, Consent
from openmso.billing.states import Paying, Reach, Way
from openmso.billing.texting import Texts
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.patients import queries as registered
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import open_to_all
from openmso.platform.audit import services as audit
from openmso.platform.identity.policy import client_address
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui import respond
from openmso.platform.ui.filling import refuse
from openmso.platform.ui.middleware import CONTENT_SECURITY_POLICY

TEXTS = "texts"
"""Under which replies to text messages come, as the events of payment providers come under theirs."""
COOKIE, OPEN_SECONDS = "openmso_pay", 1800
WRONG_MAX, WRONG_MAX_ADDRESS, WRONG_SECONDS = 5, 30, 900
WRONG = "The link and the birth date do not fit together, or the link no longer opens anything."
TOO_OFTEN = "That was wrong too often. Wait a quarter of an hour, or call us."


@open_to_all("a patient's own statement, by its signed link and the birth date")
def page(request: HttpRequest, payment_link: str) -> HttpResponse:
    """One statement: opened by the birth date, shown, and paid as a whole, in part or by the month."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    at = clock.now()
    with scope(practices=tenancy.whole_network().practices), reading():
        opened = queries.opening(payment_link, on=at.date())
    said = request.get_signed_cookie(COOKIE, default="", salt=links.SALT, max_age=OPEN_SECONDS)
    if opened is None or said != opened.statement:
        return _ask_birth(request, payment_link, opened, at)
    with _scope(opened.practice):
        if request.method != "POST":
            return _show(request, opened, payment_link, at)
        act = _ACTS.get(request.POST.get("act", ""))
        return act(request, opened, payment_link, at) if act else _back(payment_link)


@open_to_all("messages of a payment provider, and replies to text messages, each signed")
@csrf_exempt
@require_POST
def heard(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider tells that something changed: what it is about is looked up there, and settled once."""
    if provider == TEXTS:
        return _replied(request)
    found = registry.provider(provider)
    if found is None:
        return HttpResponse(status=404)
    try:
        about = found.heard(request.body, request.headers.get("Stripe-Signature", ""))
    except NotGenuine:
        return HttpResponse(status=403)
    with scope(practices=tenancy.whole_network().practices), reading():
        practice = queries.place_of(about) if about else None
    if practice is not None:
        with _scope(practice):
            online.settle(payment=about, at=clock.now())
    return HttpResponse(status=204)


def _replied(request: HttpRequest) -> HttpResponse:
    """A patient replied to a text message: STOP and START hold at once, for everybody with that number."""
    found = registry.messenger(Way.TEXT)
    if not isinstance(found, Texts):
        return HttpResponse(status=404)
    here = f"{settings.OPENMSO_URL}{request.path}" if settings.OPENMSO_URL else request.build_absolute_uri()
    try:
        number, words = found.heard(here, request.POST.dict(), request.headers.get("X-Twilio-Signature", ""))
    except NotGenuine:
        return HttpResponse(status=403)
    with scope(practices=tenancy.whole_network().practices), reading():
        practices = registered.places_of_phone(number)
    for practice in practices:
        with _scope(practice):
            consenting.replied(practice=practice, number=number, text=words, at=clock.now())
    return HttpResponse("<Response/>", content_type="text/xml")


def _scope(practice: int) -> AbstractContextManager[object]:
    reach = tenancy.reach(practice)
    return scope(practices=reach.practices, entities=reach.entities)


def _ask_birth(request: HttpRequest, link: str, opened: Opening | None, at: datetime) -> HttpResponse:
    form, status = BirthForm(request.POST if request.POST.get("act") == "birth" else None), 200
    if form.is_bound:
        status = 422
        counters = [(f"pay|{link[:40]}", WRONG_MAX), (f"pay|{client_address(request)}", WRONG_MAX_ADDRESS)]
        if any((cache.get(key) or 0) >= most for key, most in counters):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif form.is_valid():
            if opened is not None and opened.born_on == form.cleaned_data["born_on"]:
                return _open(link, opened, at)
            for key, _ in counters:
                cache.set(key, (cache.get(key) or 0) + 1, WRONG_SECONDS)
            form.add_error(None, WRONG)
    return respond.page(request, "billing/pay_birth.html", {"form": form}, status=status)


def _open(link: str, opened: Opening, at: datetime) -> HttpResponse:
    with _scope(opened.practice), atomic.open():
        actor = Actor.system(PATIENT, at=at)
        audit.record(
            actor=actor, action="billing.page_opened", practice=opened.practice,
            subject=("billing.statement", opened.statement), at=at,
        )  # fmt: skip
    response = _back(link)
    response.set_signed_cookie(
        COOKIE, opened.statement, salt=links.SALT, max_age=OPEN_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=reverse("pay:page", args=[link]),
    )  # fmt: skip
    return response


def _show(
    request: HttpRequest, opened: Opening, link: str, at: datetime, *, pay: AmountForm | None = None,
    months: MonthsForm | None = None,
) -> HttpResponse:  # fmt: skip
    came = _came(request.GET.get("back", ""), opened, at)
    with reading():
        if name := request.GET.get("terminal", ""):
            return _terminal(request, name, opened, link)
        seen = queries.page(opened, on=_today(opened, at))
        status = 422 if pay is not None or months is not None else 200
        context = {
            "one": seen, "receipt": came, "is_paid": came is not None and came.state is Paying.PAID,
            "is_declined": came is not None and came.state is Paying.DECLINED, "made_plan": "plan" in request.GET,
            "pay": pay or AmountForm(page=seen), "months": months or MonthsForm(page=seen),
        }  # fmt: skip
        response = respond.page(request, "billing/pay.html", context, status=status)
    if seen.origin:
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "form-action 'self'", f"form-action 'self' {seen.origin}"
        )
    return response


def _came(name: str, opened: Opening, at: datetime) -> OnlineRow | None:
    """The patient came back from the provider: how it stands there now."""
    if not name:
        return None
    try:
        with reading():
            queries.begun(name, opened=opened)
    except NotFound:
        return None
    with suppress(Refused):  # paid, and the books do not take it yet: the job asks again until they do
        online.settle(payment=name, at=at)
    with reading():
        return queries.begun(name, opened=opened)


def _terminal(request: HttpRequest, name: str, opened: Opening, link: str) -> HttpResponse:
    try:
        row = queries.begun(name, opened=opened)
    except NotFound as no:
        return respond.refusal(request, no)
    if row.provider != TestTerminal.name or row.state is not Paying.STARTED:
        return _back(link, f"?back={name}")
    return respond.page(request, "billing/pay_terminal.html", {"row": row, "link": link})


def _pay(request: HttpRequest, opened: Opening, link: str, at: datetime) -> HttpResponse:
    with reading():
        seen = queries.page(opened, on=_today(opened, at))
    form = AmountForm(request.POST, page=seen)
    if form.is_valid():
        here = request.build_absolute_uri(reverse("pay:page", args=[link]))
        keep = Consent(Reach.YEAR, seen.plan.instalment) if seen.plan and form.cleaned_data.get("keep") else None
        try:
            url = online.begin(
                statement=opened.statement, amount=form.cleaned_data["amount"], keep=keep, at=at,
                back=lambda name: f"{here}?back={name}",
            )  # fmt: skip
        except Refused as no:
            refuse(form, no)
        else:
            return respond.redirect(request, url)
    return _show(request, opened, link, at, pay=form)


def _by_month(request: HttpRequest, opened: Opening, link: str, at: datetime) -> HttpResponse:
    with reading():
        seen = queries.page(opened, on=_today(opened, at))
    form = MonthsForm(request.POST, page=seen)
    if form.is_valid():
        with reading():
            actor = Actor.system(PATIENT, at=at, behind=queries.grant_of(opened.statement))
        try:
            planning.make(
                actor=actor, patient=seen.patient,
                instalment=dict(seen.months)[form.cleaned_data["months"]], month_day=seen.first_on.day,
                starts_on=seen.first_on, at=at,
            )  # fmt: skip
        except Refused as no:
            refuse(form, no)
        else:
            return _back(link, "?plan=1")
    return _show(request, opened, link, at, months=form)


def _press(request: HttpRequest, opened: Opening, link: str, at: datetime) -> HttpResponse:
    """A button of the test terminal."""
    name = request.POST.get("payment", "")
    try:
        with reading():
            queries.begun(name, opened=opened)
        online.press(payment=name, works=request.POST.get("with") == "works", at=at)
    except Refused as no:
        return respond.refusal(request, no)
    return _back(link, f"?back={name}")


def _end_card(request: HttpRequest, opened: Opening, link: str, at: datetime) -> HttpResponse:
    with reading():
        card = queries.card_of(practice=opened.practice, patient=opened.patient)
        grant = queries.grant_of(opened.statement)
    if card is not None:
        actor = Actor.system(PATIENT, at=at, behind=grant)
        online.end_card(actor=actor, card=card.public_id, why="Taken off by the patient", at=at)
    return _back(link)


def _texts(request: HttpRequest, opened: Opening, link: str, at: datetime) -> HttpResponse:
    with reading():
        seen = queries.page(opened, on=_today(opened, at))
        actor = Actor.system(PATIENT, at=at, behind=queries.grant_of(opened.statement))
    if seen.texts is not None:
        is_given = request.POST.get("texts") == "yes"
        consenting.texts(actor=actor, patient=seen.patient, is_given=is_given, how="On line", at=at)
    return _back(link)


_ACTS: dict[str, Callable[[HttpRequest, Opening, str, datetime], HttpResponse]] = {
    "pay": _pay, "months": _by_month, "press": _press, "end_card": _end_card, "texts": _texts,
}  # fmt: skip


def _today(opened: Opening, at: datetime) -> date:
    return tenancy.today(opened.practice, at)


def _back(link: str, more: str = "") -> HttpResponse:
    response = HttpResponseRedirect(reverse("pay:page", args=[link]) + more)
    response.status_code = 303
    return response
