"""Screens of the open book: what the practice thinks of its MSO, messages, what was promised beside the contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.contracts import ANSWER, GRADE, READ, WRITE
from openmso.governance.contracts.openbook import Book, Domain, Grade
from openmso.governance.forms.openbook import ExpectationForm, GradeForm, JudgeForm, MessageForm, SayForm, ThreadForm
from openmso.governance.queries import approvals, interests
from openmso.governance.queries import openbook as queries
from openmso.governance.queries import proposals as deciding
from openmso.governance.rules import openbook as rules
from openmso.governance.services import openbook as services
from openmso.governance.states import EXPECTATION_MOVES, E
from openmso.governance.tables.openbook import EXPECTATIONS, THREADS
from openmso.platform.access.edges import act, form, page
from openmso.platform.access.queries import side_behind
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill

QUARTERS = 4
SINCE = timedelta(days=365)
LATEST = 5
PRACTICES_MAX = 100


@page(READ.code)
def open_books(request: Any) -> HttpResponse:
    """The open books of the practices one may see; of the only one at once."""
    mine = [one for one in tenancy.tenants_in_scope() if not one.is_mso]
    if len(mine) == 1:
        return _open_book(request, mine[0].pk)
    told = [(one, queries.domains(one.pk)) for one in mine[:PRACTICES_MAX]]
    context = {"told": told, "domains": list(Domain), "here": "Open book", "crumbs": []}
    return respond.page(request, "governance/open_books.html", context)


@page(READ.code)
def open_book(request: Any, practice: str) -> HttpResponse:
    """The open book of a practice: grades and their trend, how soon each side answers, what was promised and kept."""
    return _open_book(request, tenancy.key_in_scope(practice))


def _open_book(request: Any, key: int) -> HttpResponse:
    actor, today = request.actor, tenancy.today(key, request.actor.at)
    usual = deciding.months(back=2, on=today)
    one = next(one for one in tenancy.tenants_in_scope() if one.pk == key)
    context = {
        "practice": one, "book": Book(one.pk, one.public_id, one.code, one.name), "here": "Open book", "crumbs": [],
        "waiting": approvals.count(actor=actor, practice=key, at=actor.at),
        "domains": queries.domains(key), "grades": queries.grades(key)[: LATEST * 2],
        "responses": queries.responses(key, since=actor.at - SINCE, at=actor.at),
        "promised": queries.promised(key, today), "standing": queries.standing(key, on=today),
        "autonomy": deciding.autonomy(key, days=usual, at=actor.at), "related": interests.related([key], at=actor.at),
        "may_grade": actor.can(GRADE.code, key), "may_write": actor.can(WRITE.code, key),
    }  # fmt: skip
    return respond.page(request, "governance/open_book.html", context)


@page(READ.code)
def grade(request: Any, grade: str) -> HttpResponse:
    """One grade: why, on what evidence, and what the MSO answered."""
    found = queries.grade(grade)
    context = {
        "one": found, "here": found.domain_words, "crumbs": _of(found),
        "may_answer": request.actor.can(ANSWER.code, found.practice) and not found.answer,
    }  # fmt: skip
    return respond.page(request, "governance/grade.html", context)


@form(GRADE.code)
def new_grade(request: Any, practice: str) -> HttpResponse:
    """Grade the MSO."""
    with reading():
        key = tenancy.key_in_scope(practice)
        today = tenancy.today(key, request.actor.at)
    quarters = _quarters(today)
    filled = GradeForm(request.POST or None, quarters=quarters, initial={"domain": request.GET.get("domain", "")})

    def save(given: dict[str, Any]) -> str:
        made = services.grade(actor=request.actor, practice=key, new=filled.grade(), at=request.actor.at)
        return reverse("governance:grade", args=[made.public_id])

    back = reverse("governance:open-book", args=[practice])
    context = {
        "title": "Grade the MSO", "here": "Grade", "crumbs": [("Open book", back)], "back": back,
        "act_label": "Grade it",
        "lede": "The MSO reads it and answers. A later grade of the quarter and domain takes its place; both stay.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Graded. The MSO answers.", context=context)


@form(ANSWER.code)
def answer_grade(request: Any, grade: str) -> HttpResponse:
    """Answer a grade for the MSO."""
    with reading():
        found = queries.grade(grade)
    filled = SayForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.answer_grade(actor=request.actor, grade=grade, words=given["words"], at=request.actor.at)
        return reverse("governance:grade", args=[grade])

    context = {
        "title": "Answer the grade", "here": "Answer", "act_label": "Answer", "crumbs": _of(found),
        "lede": f"{found.domain_words}, {found.quarter_words}: {found.score_words}. {found.why}",
        "back": reverse("governance:grade", args=[grade]),
    }  # fmt: skip
    return fill(request, filled, save=save, said="Answered.", context=context)


@page(READ.code)
def threads(request: Any) -> HttpResponse:
    """The messages between practices and the MSO."""
    ask = tables.ask(request, THREADS)
    return tables.answer(
        request, THREADS, ask, template="governance/threads.html",
        context={"here": "Messages", "crumbs": [], "may": request.actor.can(WRITE.code)},
        fetch=lambda wanted: queries.threads(filters=ask.filters, page=wanted, account=request.actor.user),
    )  # fmt: skip


@page(READ.code)
def thread(request: Any, thread: str) -> HttpResponse:
    """One thread: its messages, who has read them, and whose answer is awaited."""
    found = queries.thread(thread, account=request.actor.user)
    context = {
        "one": found, "row": found.row, "here": found.row.subject, "crumbs": _messages(),
        "may_write": request.actor.can(WRITE.code, found.row.practice), "form": MessageForm(),
        "late": found.row.due_at is not None and request.actor.at > found.row.due_at,
    }  # fmt: skip
    return respond.page(request, "governance/thread.html", context)


@form(WRITE.code)
def new_thread(request: Any) -> HttpResponse:
    """Write to the other side."""
    filled = ThreadForm(
        request.POST or None, request.FILES or None, practices=_practices(),
        initial={"practice": request.GET.get("practice", ""), "asks": True},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            key = tenancy.key_in_scope(given["practice"])
        made = services.write(
            actor=request.actor, practice=key, subject=given["subject"], words=given["words"], asks=given["asks"],
            papers=filled.enclosed(), at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:thread", args=[made])

    context = {
        "title": "Write a message", "here": "New", "crumbs": _messages(), "back": reverse("governance:threads"),
        "act_label": "Send it", "lede": "The other side finds it in its inbox, with a clock where an answer is wanted.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Sent.", context=context)


@form(WRITE.code)
def reply(request: Any, thread: str) -> HttpResponse:
    """Write in a thread."""
    with reading():
        found = queries.thread(thread, account=request.actor.user)
    filled = MessageForm(request.POST or None, request.FILES or None)
    back = reverse("governance:thread", args=[thread])

    def save(given: dict[str, Any]) -> str:
        services.reply(
            actor=request.actor, thread=thread, words=given["words"], asks=given["asks"], papers=filled.enclosed(),
            at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": "Reply", "here": "Reply", "act_label": "Send it", "lede": found.row.subject, "back": back,
        "crumbs": [*_messages(), (found.row.subject, back)],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Sent.", context=context)


@act(READ.code)
def seen(request: Any, thread: str) -> HttpResponse:
    """Say that one has read a thread; the page of a thread asks for it by itself."""
    services.seen(actor=request.actor, thread=thread, at=request.actor.at)
    if respond.is_fragment(request):
        return HttpResponse(status=204)
    return respond.redirect(request, reverse("governance:thread", args=[thread]))


@page(READ.code)
def expectations(request: Any) -> HttpResponse:
    """What was promised beside the contracts."""
    ask = tables.ask(request, EXPECTATIONS)
    return tables.answer(
        request, EXPECTATIONS, ask, template="governance/expectations.html",
        context={"here": "Expectations", "crumbs": [], "may": request.actor.can(WRITE.code)},
        fetch=lambda wanted: queries.expectations(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def expectation(request: Any, expectation: str) -> HttpResponse:
    """One expectation, and whether it was kept."""
    found, actor = queries.expectation(expectation), request.actor
    may = actor.can(WRITE.code, found.practice) and bool(EXPECTATION_MOVES[found.state])
    mine = may and side_behind(actor, actor.may(WRITE.code, found.practice)) is found.side
    context = {
        "one": found, "here": found.public_id, "crumbs": _promises(), "may_judge": may and not mine, "mine": mine,
        "overdue": found.state is E.OPEN and actor.day_in(found.practice) > found.due_on,
    }  # fmt: skip
    return respond.page(request, "governance/expectation.html", context)


@form(WRITE.code)
def expect(request: Any) -> HttpResponse:
    """Record what was promised."""
    filled = ExpectationForm(
        request.POST or None, practices=_practices(),
        initial={"practice": request.GET.get("practice", ""), "promised_on": request.actor.today},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            key = tenancy.key_in_scope(given["practice"])
        made = services.expect(actor=request.actor, practice=key, new=filled.expectation(), at=request.actor.at)
        return reverse("governance:expectation", args=[made])

    context = {
        "title": "Record a promise", "here": "New", "crumbs": _promises(), "back": reverse("governance:expectations"),
        "act_label": "Record it",
        "lede": "What was promised beside the contract. It binds nobody in law; it is remembered.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form(WRITE.code)
def judge(request: Any, expectation: str) -> HttpResponse:
    """Say whether a promise was kept."""
    with reading():
        found = queries.expectation(expectation)
    filled = JudgeForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.judge(
            actor=request.actor, expectation=expectation, outcome=E(given["outcome"]), why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:expectation", args=[expectation])

    context = {
        "title": "Was it kept?", "here": "Judge", "act_label": "Say so", "lede": f"{found.promised_by}: {found.words}",
        "crumbs": _promises(), "back": reverse("governance:expectation", args=[expectation]),
    }  # fmt: skip
    return fill(request, filled, save=save, said="Recorded.", context=context)


def _quarters(today: date) -> list[date]:
    """The quarters that may be graded, the latest first."""
    found = [rules.quarter_of(today)]
    for _ in range(QUARTERS - 1):
        found.append(rules.quarter_of(found[-1] - timedelta(days=1)))
    return found


def _practices() -> list[tuple[str, str]]:
    with reading():
        return [(row.public_id, row.name) for row in tenancy.tenants_in_scope() if not row.is_mso]


def _of(found: Grade) -> list[tuple[str, str]]:
    return [("Open book", reverse("governance:open-book", args=[found.practice_public_id]))]


def _messages() -> list[tuple[str, str]]:
    return [("Messages", reverse("governance:threads"))]


def _promises() -> list[tuple[str, str]]:
    return [("Expectations", reverse("governance:expectations"))]
