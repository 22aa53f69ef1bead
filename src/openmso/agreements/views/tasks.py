"""Screens of the scope matrix: what is done for practices, an agreement's matrix, and the catalogue of tasks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import DRAFT, READ, Draft
from openmso.agreements.forms.papers import WhyForm
from openmso.agreements.forms.tasks import MatrixForm, TaskForm
from openmso.agreements.queries import agreements
from openmso.agreements.queries import tasks as queries
from openmso.agreements.services import tasks
from openmso.agreements.tables import SCOPE, TASK_LIST, task_rows
from openmso.agreements.tasks import rules, volumes
from openmso.agreements.tasks.contracts import TASKS, Task
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """What is done for the practices one may read of, and who decides."""
    ask = tables.ask(request, SCOPE)
    return tables.answer(
        request, SCOPE, ask, template="agreements/scope_list.html", context={"here": "Scope", "crumbs": []},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted, on=request.actor.today),
    )  # fmt: skip


@page(READ.code)
def of_agreement(request: Any, agreement: str) -> HttpResponse:
    """The scope matrix of a version or of the draft, line by line."""
    found = agreements.agreement(agreement)
    asked = request.GET.get("version", "")
    shown = queries.paper(found, int(asked) if asked.isdecimal() else None)
    on = request.actor.day_in(found.practice)
    papers = [*found.versions, *([found.draft] if found.draft else [])]
    context = {
        "agreement": found, "shown": shown, "papers": papers, "is_draft": isinstance(shown, Draft), "on": on,
        "practice": practices.practice(found.practice, on=on),
        "lines": [(words, [_told(one, shown.terms, on) for one in held])
                  for words, held in queries.by_line(shown.terms.tasks)],
        "faults": list(rules.faults(shown.terms)) if isinstance(shown, Draft) else [],
        "may_change": found.draft is not None and request.actor.can(DRAFT.code, found.practice),
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement]))], "here": "Scope",
    }  # fmt: skip
    return respond.page(request, "agreements/scope.html", context)


def _told(task: Task, terms: Any, on: Any) -> dict[str, Any]:
    """A row of the matrix as the page says it."""
    return {
        "task": task, "parts": queries.parts(task), "days": rules.spoken(task.days),
        "standing": rules.standing(task, terms, on), "level": rules.level_words(task),
        "volume": volumes.sentence(task.volume) if task.volume else "",
    }  # fmt: skip


@form(DRAFT.code)
def change(request: Any, agreement: str) -> HttpResponse:
    """Change the scope matrix of the draft on the desk."""
    with reading():
        found = agreements.agreement(agreement)
        draft = found.draft
        if draft is None:
            raise NotFound("There is no draft of this agreement.", fix="Begin an amendment first.")
        known = queries.known()
    filled = MatrixForm(request.POST or None, terms=draft.terms, known=known, revised_at=draft.revised_at)
    back = reverse("agreements:scope-of", args=[agreement])

    def save(given: dict[str, Any]) -> str:
        tasks.set_scope(
            actor=request.actor, agreement=agreement, tasks=filled.tasks(), at=request.actor.at, as_of=given["as_of"]
        )
        return back

    context = {
        "title": f"Scope of version {draft.number}", "here": "Change", "back": back,
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement])), ("Scope", back)],
    }  # fmt: skip
    said = "The scope matrix is kept in the draft."
    return fill(request, filled, template="agreements/scope_form.html", save=save, said=said, context=context)


@page(READ.code)
def catalogue(request: Any) -> HttpResponse:
    """The tasks that drafts choose from."""
    ask = tables.ask(request, TASK_LIST)
    found = task_rows(queries.known(), ask.filters, ask.page)
    context = {
        "may_write": bool(practices.mso_where(request.actor, TASKS.code)), "here": "Tasks",
        "crumbs": [("Scope", reverse("agreements:scope"))],
    }  # fmt: skip
    return tables.answer(
        request, TASK_LIST, ask, template="agreements/tasks.html", context=context,
        fetch=lambda wanted: Page(found[wanted.offset : wanted.offset + wanted.size], len(found), wanted),
    )  # fmt: skip


@page(READ.code)
def task(request: Any, task: str) -> HttpResponse:
    """A task of the catalogue with its versions."""
    written = queries.versions(task)
    shown = next(one.task for one in written if one.task)
    context = {
        "task": shown, "versions": written, "is_withdrawn": written[0].task is None, "here": task,
        "may_write": bool(practices.mso_where(request.actor, TASKS.code)),
        "crumbs": [("Scope", reverse("agreements:scope")), ("Tasks", reverse("agreements:tasks"))],
    }  # fmt: skip
    return respond.page(request, "agreements/task.html", context)


@form(TASKS.code)
def write(request: Any, task: str = "") -> HttpResponse:
    """Write a task of the catalogue, or its next version."""
    with reading():
        written = queries.versions(task) if task else []
    now = next((one.task for one in written if one.task), None)
    filled = TaskForm(request.POST or None, now=now)

    def save(given: dict[str, Any]) -> str:
        tasks.write(
            actor=request.actor, mso=_mso(request.actor), given=given, why=given["why"], at=request.actor.at
        )  # fmt: skip
        return reverse("agreements:task", args=[given["code"]])

    context = {
        "title": f"Next version of {task}" if task else "A task", "here": task or "New",
        "lede": "Drafts choose it from now on; what is drafted or signed stays as it was.", "act_label": "Write it",
        "back": reverse("agreements:task", args=[task]) if task else reverse("agreements:tasks"),
        "crumbs": [("Tasks", reverse("agreements:tasks"))],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Written. Drafts choose it from now on.", context=context)


@form(TASKS.code)
def withdraw(request: Any, task: str) -> HttpResponse:
    """Let no draft choose a task any longer."""
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        tasks.withdraw(actor=request.actor, mso=_mso(request.actor), code=task, why=given["why"], at=request.actor.at)
        return reverse("agreements:tasks")

    back = reverse("agreements:task", args=[task])
    context = {
        "title": f"Withdraw {task}", "here": "Withdraw", "back": back, "act_label": "Withdraw it", "danger": True,
        "crumbs": [("Tasks", reverse("agreements:tasks")), (task, back)],
        "consequences": ["No draft chooses it any longer. Agreements that have it keep it."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Withdrawn. A new version brings it back.", context=context)


def _mso(actor: Actor) -> int:
    with reading():
        return practices.mso_that_decides(actor, TASKS.code, otherwise=tasks.NOT_THE_MSO)
