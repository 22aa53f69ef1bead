"""What is done with facilities: asking, approving, drawing, repaying, covenants."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity.contracts import KEEP, PAY
from openmso.equity.contracts.facilities import APPROVE, ASK, Covenant, Facility, Measure
from openmso.equity.forms import (
    CheckForm,
    CovenantForm,
    CureForm,
    DayForm,
    DrawForm,
    PrepayForm,
    RequestForm,
    UnusedForm,
    WhyForm,
)
from openmso.equity.queries import facilities
from openmso.equity.rules import lending as judging
from openmso.equity.services import covenants, lending
from openmso.equity.states import Tie
from openmso.equity.views.facilities import crumbs, place
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.edges import form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.filling import fill


@form(ASK.code)
def request(request: Any) -> HttpResponse:
    """A practice asks for a facility."""
    with reading():
        practices = [(each.public_id, each.name) for each in tenancy.tenants_in_scope() if not each.is_mso]
    filled = RequestForm(request.POST or None, practices=practices)

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        return place(lending.request(actor=request.actor, practice=practice, new=filled.new(), at=request.actor.at))

    context = {
        "title": "Ask for a facility", "here": "New", "crumbs": crumbs(), "act_label": "Ask for it",
        "back": reverse("equity:facilities"), "lede": "The MSO of your agreement decides; two of its people approve.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Asked for. Two people of the MSO approve it.", context=context)


@form(APPROVE.code)
def approve(request: Any, facility: str) -> HttpResponse:
    """Approve a facility, as the first or the second of two."""
    one, filled = _found(facility), WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(
            lending.approve(actor=request.actor, facility=facility, why=given["why"], at=request.actor.at)
        )  # fmt: skip

    return fill(request, filled, save=save, said="Approved.", context=_about(one, "Approve", "Approve it"))


@form(APPROVE.code)
def decline(request: Any, facility: str) -> HttpResponse:
    """Decline a facility."""
    one, filled = _found(facility), WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(
            lending.decline(actor=request.actor, facility=facility, why=given["why"], at=request.actor.at)
        )  # fmt: skip

    context = _about(one, "Decline", "Decline it") | {"danger": True}
    return fill(request, filled, save=save, said="Declined.", context=context)


@form(APPROVE.code)
def close(request: Any, facility: str) -> HttpResponse:
    """Close a facility on which nothing is owed."""
    one, filled = _found(facility), WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(lending.close(actor=request.actor, facility=facility, why=given["why"], at=request.actor.at))

    return fill(request, filled, save=save, said="Closed.", context=_about(one, "Close", "Close it"))


@form(PAY.code)
def draw(request: Any, facility: str) -> HttpResponse:
    """Pay a draw out."""
    one = _found(facility)
    filled = DrawForm(
        request.POST or None, initial={"on": request.actor.day_in(one.practice), "amount": one.left.amount}
    )

    def save(given: dict[str, Any]) -> str:
        made = lending.draw(
            actor=request.actor, facility=facility, amount=Money.of(given["amount"]), on=given["on"],
            purpose=given["purpose"], residual=Money.of(given["residual"] or 0), tie=Tie(given["tie"]),
            at=request.actor.at,
        )  # fmt: skip
        return reverse("equity:of-draw", args=[made.public_id])

    context = _about(one, "Draw", "Pay it out") | {
        "consequences": ["It is posted in both books, and its first instalment is due a month later."]
    }
    return fill(request, filled, save=save, said="Paid out.", context=context)


@form(PAY.code)
def pay(request: Any, draw: str) -> HttpResponse:
    """Post the next instalment of a draw."""
    with reading():
        one, found = facilities.of_draw(draw)
    filled = DayForm(request.POST or None, initial={"on": request.actor.day_in(one.practice)})
    back = reverse("equity:of-draw", args=[draw])

    def save(given: dict[str, Any]) -> str:
        lending.pay(actor=request.actor, draw=draw, on=given["on"], at=request.actor.at)
        return back

    told = [f"Instalment {found.next.number}: {found.next.payment:,.2f}, of it interest {found.next.interest:,.2f}."]\
        if found.next else ["All are paid."]  # fmt: skip
    context = _about(one, "Instalment", "Post it") | {"back": back, "consequences": told}
    return fill(request, filled, save=save, said="Posted.", context=context)


@form(PAY.code)
def prepay(request: Any, draw: str) -> HttpResponse:
    """Post principal of a draw that was paid ahead."""
    with reading():
        one, found = facilities.of_draw(draw)
    filled = PrepayForm(request.POST or None, initial={"on": request.actor.day_in(one.practice)})
    back = reverse("equity:of-draw", args=[draw])

    def save(given: dict[str, Any]) -> str:
        lending.prepay(
            actor=request.actor, draw=draw, amount=Money.of(given["amount"]), on=given["on"], at=request.actor.at
        )
        return back

    told = [
        f"{found.balance:,.2f} is owed. The interest of what is paid, since the last instalment was due, is added.",
        "The instalments after it are level again over the months that are left.",
    ]
    context = _about(one, "Prepayment", "Post it") | {"back": back, "consequences": told}
    return fill(request, filled, save=save, said="Posted; the schedule is another.", context=context)


@form(PAY.code)
def pay_unused(request: Any, facility: str) -> HttpResponse:
    """Post the fee of a month on what was not drawn."""
    one = _found(facility)
    due = judging.unused_months(one, request.actor.day_in(one.practice))
    months = [(str(each), f"{each.words}: {judging.unused(one, each)[1]:,.2f}") for each in due]
    filled = UnusedForm(request.POST or None, months=months, initial={"on": request.actor.day_in(one.practice)})

    def save(given: dict[str, Any]) -> str:
        month = Month.parse(given["month"])
        return place(
            lending.pay_unused(
                actor=request.actor, facility=facility, month=month, on=given["on"], at=request.actor.at
            )
        )  # fmt: skip

    told = ["The average of what was not drawn on the days of the month, a twelfth of the yearly rate."]
    context = _about(one, "Unused fee", "Post it") | {"consequences": told if months else ["None is due."]}
    return fill(request, filled, save=save, said="Posted.", context=context)


@form(KEEP.code)
def add_covenant(request: Any, facility: str) -> HttpResponse:
    """Add a covenant."""
    one, filled = _found(facility), CovenantForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        return place(covenants.add(actor=request.actor, facility=facility, new=filled.new(), at=request.actor.at))

    return fill(request, filled, save=save, said="Added.", context=_about(one, "Covenant", "Add it"))


@form(KEEP.code)
def check(request: Any, covenant: str) -> HttpResponse:
    """Test a covenant for a period."""
    one, found = _covenant(covenant)
    with reading():
        open_months = judging.periods(one, found, request.actor.day_in(one.practice))
    filled = CheckForm(
        request.POST or None,
        told=found.measure is Measure.TOLD,
        months=[(str(each), each.words) for each in open_months],
    )

    def save(given: dict[str, Any]) -> str:
        covenants.check(
            actor=request.actor, covenant=covenant, month=Month.parse(given["month"]), value=given.get("value"),
            shows=given.get("shows", ""), at=request.actor.at,
        )  # fmt: skip
        return place(one)

    context = _about(one, "Test", "Test it") | {"title": found.words, "lede": found.sentence}
    return fill(request, filled, save=save, said="Tested.", context=context)


@form(KEEP.code)
def cure(request: Any, covenant: str) -> HttpResponse:
    """Record that a breach was cured."""
    one, found = _covenant(covenant)
    months = [(str(each.month), each.month.words) for each in found.tests if each.cure_by and not each.cured_on]
    filled = CureForm(request.POST or None, months=months, initial={"on": request.actor.day_in(one.practice)})

    def save(given: dict[str, Any]) -> str:
        covenants.cure(
            actor=request.actor, covenant=covenant, month=Month.parse(given["month"]), on=given["on"],
            words=given["words"], at=request.actor.at,
        )  # fmt: skip
        return place(one)

    context = _about(one, "Cure", "Record it") | {"title": found.words, "lede": found.sentence}
    return fill(request, filled, save=save, said="Recorded.", context=context)


def _found(facility: str) -> Facility:
    with reading():
        return facilities.facility(facility)


def _covenant(covenant: str) -> tuple[Facility, Covenant]:
    with reading():
        return facilities.of_covenant(covenant)


def _about(one: Facility, here: str, act_label: str) -> dict[str, Any]:
    return {
        "title": here, "here": here, "act_label": act_label, "back": place(one),
        "lede": f"{one.practice_name} · {one.purpose}", "crumbs": [*crumbs(), (one.public_id, place(one))],
    }  # fmt: skip
