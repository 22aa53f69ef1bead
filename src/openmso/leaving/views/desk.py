"""What is done with an exit: notice, tasks, assets, election, items, statement, certificate, the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.leaving.contracts import CERTIFY, LEAVE, STATE, WORK, Doing, Elects, Exit, Fate, Owes, Price, Side, Sort
from openmso.leaving.forms import (
    AppraisalForm,
    AssetForm,
    CertificateForm,
    ElectionForm,
    ItemForm,
    NoticeForm,
    TaskForm,
    WhyForm,
)
from openmso.leaving.queries import cases
from openmso.leaving.services import cases as acts
from openmso.leaving.services import closing
from openmso.leaving.views.pages import crumbs, place
from openmso.platform.access.edges import act, form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill


@form(LEAVE.code)
def give_notice(request: Any) -> HttpResponse:
    """The practice gives notice."""
    with reading():
        practices = [(each.public_id, each.name) for each in tenancy.tenants_in_scope() if not each.is_mso]
    filled = NoticeForm(request.POST or None, practices=practices)

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        return place(
            acts.give_notice(
                actor=request.actor, practice=practice, why=given["why"], wanted=given["wanted"],
                rule=Price(given["rule"]), plan_days=given["plan_days"], at=request.actor.at,
            )
        )  # fmt: skip

    context = {
        "title": "Leave the MSO", "here": "New", "crumbs": crumbs(), "act_label": "Give notice", "danger": True,
        "back": reverse("leaving:exits"), "lede": "You may leave at any time; nobody has to agree.",
        "consequences": [
            "The agreement ends after its days of notice. Until then both sides go on as agreed.",
            "Where it is over already, what follows begins today: transition, closing statement, certificate.",
            "The tasks of the transition begin to wait, for you and for the MSO, each with its day.",
            "You may take everything you own away at any time, now as well: Take your data away.",
        ],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Notice is given.", context=context)


@form(LEAVE.code)
def withdraw(request: Any, exit: str) -> HttpResponse:
    """The practice takes its notice back."""
    one, filled = _found(request, exit), WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(acts.withdraw(actor=request.actor, exit=exit, why=given["why"], at=request.actor.at))

    return fill(
        request, filled, save=save, said="Withdrawn.", context=_about(one, "Withdraw the notice", "Withdraw it")
    )


@form(LEAVE.code)
def move_own_task(request: Any, exit: str, number: int) -> HttpResponse:
    """A task of the practice moves on."""
    return _move(request, exit, number)


@form(WORK.code)
def move_our_task(request: Any, exit: str, number: int) -> HttpResponse:
    """A task of the MSO moves on."""
    return _move(request, exit, number)


def _move(request: Any, exit: str, number: int) -> HttpResponse:
    one = _found(request, exit)
    task = next((each for each in one.tasks if each.number == number), None)
    if task is None:
        raise NotFound(f"{exit} has no task {number}.")
    filled = TaskForm(request.POST or None, initial={"to": Doing.DONE.value})

    def save(given: dict[str, Any]) -> str:
        acts.move_task(actor=request.actor, exit=exit, number=number, to=Doing(given["to"]), note=given["note"],
                       at=request.actor.at)  # fmt: skip
        return f"{place(one)}#tasks"

    context = _about(one, "Task", "Move it on") | {"title": task.words, "lede": f"{task.area.label} · {task.who.label}"}
    return fill(request, filled, save=save, said="Moved.", context=context)


@form(STATE.code)
def list_asset(request: Any, exit: str) -> HttpResponse:
    """List an asset."""
    one, filled = _found(request, exit), AssetForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(
            acts.list_asset(actor=request.actor, exit=exit, name=given["name"], sort=Sort(given["sort"]),
                            book=Money.of(given["book"]), at=request.actor.at)
        )  # fmt: skip

    return fill(request, filled, save=save, said="Listed.", context=_about(one, "Asset", "List it"))


@form(LEAVE.code)
def appraise_own(request: Any, exit: str, number: int) -> HttpResponse:
    """The practice files what its appraiser found."""
    return _appraise(request, exit, number, [Side.PRACTICE])


@form(STATE.code)
def appraise_ours(request: Any, exit: str, number: int) -> HttpResponse:
    """The MSO files what its appraiser found, or the third."""
    return _appraise(request, exit, number, [Side.MSO, Side.THIRD])


def _appraise(request: Any, exit: str, number: int, sides: list[Side]) -> HttpResponse:
    one = _found(request, exit)
    filled = AppraisalForm(request.POST or None, sides=sides, initial={"on": request.actor.day_in(one.practice)})

    def save(given: dict[str, Any]) -> str:
        acts.appraise(
            actor=request.actor, exit=exit, number=number, side=Side(given["side"]), appraiser=given["appraiser"],
            amount=Money.of(given["amount"]), on=given["on"], at=request.actor.at,
        )  # fmt: skip
        return f"{place(one)}#assets"

    context = _about(one, "Appraisal", "File it") | {
        "consequences": [
            "The other side is told today. Where it files nothing within fifteen days from now, this value holds.",
            "Two values that differ have a third appraiser; the middle one of the three holds.",
        ]
    }
    return fill(request, filled, save=save, said="Filed.", context=context)


@form(LEAVE.code)
def elect(request: Any, exit: str) -> HttpResponse:
    """The practice says whether it buys the assets."""
    one, filled = _found(request, exit), ElectionForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(acts.elect(actor=request.actor, exit=exit, elects=Elects(given["elects"]), at=request.actor.at))

    context = _about(one, "Election", "Say it") | {
        "consequences": [f"Until {one.elect_by:%-d %B %Y}; it is said once."]
    }
    return fill(request, filled, save=save, said="Said.", context=context)


@form(STATE.code)
def tell_item(request: Any, exit: str) -> HttpResponse:
    """Tell a deposit, a credit, something else."""
    one, filled = _found(request, exit), ItemForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(
            acts.tell_item(actor=request.actor, exit=exit, words=given["words"], owes=Owes(given["owes"]),
                           amount=Money.of(given["amount"]), shows=given["shows"], at=request.actor.at)
        )  # fmt: skip

    return fill(request, filled, save=save, said="Told.", context=_about(one, "Item of the closing", "Tell it"))


@act(STATE.code)
def state(request: Any, exit: str) -> HttpResponse:
    """Issue the closing statement."""
    return respond.redirect(
        request, place(closing.state(actor=request.actor, exit=exit, at=request.actor.at)) + "#issued"
    )


@form(CERTIFY.code)
def certify(request: Any, exit: str) -> HttpResponse:
    """Certify what became of patients' data."""
    one = _found(request, exit)
    with reading():
        exports = cases.manifests(one)
    filled = CertificateForm(request.POST or None, exports=exports)

    def save(given: dict[str, Any]) -> str:
        return place(
            closing.certify(actor=request.actor, exit=exit, fate=Fate(given["fate"]), sha256=given["sha256"],
                            words=given["words"], at=request.actor.at)
        )  # fmt: skip

    told = ["You sign it by name; the paper carries the SHA-256 of the export's manifest."]
    if not exports:
        told.append("The practice has not taken its whole archive yet: there is nothing to name.")
    context = _about(one, "Certificate", "Certify it") | {"consequences": told}
    return fill(request, filled, save=save, said="Certified.", context=context)


@form(STATE.code)
def close(request: Any, exit: str) -> HttpResponse:
    """Close an exit."""
    one, filled = _found(request, exit), WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(acts.close(actor=request.actor, exit=exit, why=given["why"], at=request.actor.at))

    return fill(request, filled, save=save, said="Closed.", context=_about(one, "Close", "Close it"))


def _found(request: Any, exit: str) -> Exit:
    with reading():
        return cases.today(exit, request.actor.at)


def _about(one: Exit, here: str, act_label: str) -> dict[str, Any]:
    return {
        "title": here, "here": here, "act_label": act_label, "back": place(one),
        "lede": f"{one.practice_name} leaves on {one.ends_on:%-d %B %Y}",
        "crumbs": [*crumbs(), (one.public_id, place(one))],
    }  # fmt: skip
