"""Screens of oversight: who did how much and how quickly, reviews of done work, the policy of each practice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice
from openmso.platform.ui.filling import fill
from openmso.platform.work import measures as queries
from openmso.platform.work import quality
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import OVERSEE, USE, Review
from openmso.platform.work.forms import AnswerForm, DrawForm, PolicyForm, ReviewForm, SettleForm
from openmso.platform.work.states import Answer
from openmso.platform.work.tables import MEASURES, MY_REVIEWS, REVIEWS
from openmso.platform.work.views.items import told

BACK = {"work:reviews": "Reviews", "work:policies": "Policy"}
"""What a form goes back to, in words."""
TABS = (("person", "By person"), ("day", "By person and day"), ("practice", "By practice"))


@page(OVERSEE.code)
def measures(request: Any) -> HttpResponse:
    """What was done of each kind of work, how quickly, and how much of it late."""
    by = request.GET.get("by", "person")
    here, spec = reverse("work:measures"), MEASURES[by if by in MEASURES else "person"]
    ask = tables.ask(request, spec)
    tabs = [Choice(words, f"{here}?by={key}", current=key == by) for key, words in TABS]
    return tables.answer(
        request, spec, ask, template="work/measures.html", context={"tabs": tabs, "here": "How work is done"},
        fetch=lambda wanted: queries.done(by=by, filters=ask.filters, page=wanted, today=request.actor.today),
    )  # fmt: skip


@page(OVERSEE.code)
def reviews(request: Any) -> HttpResponse:
    """Done work that was drawn for review, and the mean score of each person."""
    ask, here = tables.ask(request, REVIEWS), reverse("work:reviews")
    tabs = [
        Choice(words, f"{here}?q={text}" if text else here, current=ask.q == text)
        for words, text in (
            ("All", ""),
            ("Waits", "is:waits"),
            ("Reviewed", "is:reviewed"),
            ("Contested", "is:contested"),
            ("Settled", "is:settled"),
        )
    ]
    return tables.answer(
        request, REVIEWS, ask, template="work/reviews.html",
        context={"tabs": tabs, "scores": queries.scores(), "here": "Reviews"},
        fetch=lambda wanted: queries.reviews(filters=ask.filters, page=wanted),
    )  # fmt: skip


@form(OVERSEE.code)
def review(request: Any, review: str) -> HttpResponse:
    """One review: what was done, and what a second person says of it."""
    actor = request.actor
    with reading():
        found = queries.review(review)
        audit.record_read(
            actor=actor, practice=found.practice, subject=(quality.REVIEW, review), at=actor.at,
            classes=[DataClass.CLINICAL],
            decision=actor.may(OVERSEE.code, found.practice),
        )  # fmt: skip
        about = _of(found, actor)

    def save(given: dict[str, Any]) -> str:
        quality.review(actor=actor, review=review, at=clock.now(), **given)
        return reverse("work:reviews")

    context = {
        **about, "may_answer": not found.is_reviewed and actor.user_id != found.person_user,
        "act_label": "Reviewed", "here": review, "crumbs": [("Reviews", reverse("work:reviews"))],
        "settle_url": _settle_url(found, actor), "waits_for": _waits_for(found, actor),
    }  # fmt: skip
    return fill(request, ReviewForm(request.POST or None), template="work/review.html", save=save,
                said="It is reviewed.", context=context)  # fmt: skip


@page(USE.code)
def my_reviews(request: Any) -> HttpResponse:
    """What others found about one's own work."""
    ask, person = tables.ask(request, MY_REVIEWS), request.actor.user_id or 0
    return tables.answer(
        request, MY_REVIEWS, ask, template="work/my_reviews.html", context={"here": "Reviews of my work"},
        fetch=lambda wanted: queries.reviews(filters=ask.filters, page=wanted, person=person),
    )  # fmt: skip


@form(USE.code)
def my_review(request: Any, review: str) -> HttpResponse:
    """One review of one's own work, and what one says to it."""
    actor = request.actor
    with reading():
        found = queries.review(review)
        if actor.user_id is None or found.person_user != actor.user_id or not found.is_reviewed:
            raise NotFound(f"There is no review {review} of your work.")
        audit.record_read(
            actor=actor, practice=found.practice, subject=(quality.REVIEW, review), at=actor.at,
            classes=[DataClass.CLINICAL], decision=actor.may(USE.code, found.practice),
        )  # fmt: skip
        about = _of(found, actor)

    def save(given: dict[str, Any]) -> str:
        quality.answer(actor=actor, review=review, agrees=given["agrees"] == "1", words=given["words"], at=clock.now())
        return reverse("work:my-reviews")

    context = {**about, "may_answer": found.answer is Answer.NONE, "act_label": "Answer", "here": review,
               "waits_for": _waits_for(found, actor),
               "crumbs": [("Reviews of my work", reverse("work:my-reviews"))]}  # fmt: skip
    return fill(request, AnswerForm(request.POST or None), template="work/review.html", save=save,
                said="Your answer is kept.", context=context)  # fmt: skip


@form(OVERSEE.code)
def settle(request: Any, review: str) -> HttpResponse:
    """A contested review, decided by a third person."""
    actor = request.actor
    with reading():
        found = queries.review(review)
        audit.record_read(
            actor=actor, practice=found.practice, subject=(quality.REVIEW, review), at=actor.at,
            classes=[DataClass.CLINICAL], decision=actor.may(OVERSEE.code, found.practice),
        )  # fmt: skip
        about = _of(found, actor)

    def save(given: dict[str, Any]) -> str:
        quality.settle(actor=actor, review=review, at=clock.now(), **given)
        return reverse("work:reviews")

    context = {**about, "may_answer": found.answer is Answer.CONTESTED, "act_label": "Settle it",
               "here": review, "crumbs": [("Reviews", reverse("work:reviews"))]}  # fmt: skip
    return fill(request, SettleForm(request.POST or None, initial={"score": found.score}), template="work/review.html",
                save=save, said="It is settled.", context=context)  # fmt: skip


@form(OVERSEE.code)
def draw(request: Any) -> HttpResponse:
    """Draw a share of what was done in some days."""
    with reading():
        practices = _practices(request)

    def save(given: dict[str, Any]) -> str:
        quality.draw(
            actor=request.actor, practice=int(given["practice"]), first=given["first"], last=given["last"],
            seed=given["seed"], at=clock.now(),
        )  # fmt: skip
        return reverse("work:reviews")

    today = request.actor.today
    filled = DrawForm(
        request.POST or None, practices=practices, initial={"first": today.replace(day=1), "last": today, "seed": today}
    )
    return _fill(request, filled, save, "Draw work for review", "Draw", "work:reviews", "It is drawn.")


@page(OVERSEE.code)
def policies(request: Any) -> HttpResponse:
    """What holds in each practice."""
    context = {"policies": queries.policies(), "here": "Policy"}
    return respond.page(request, "work/policies.html", context)


@form(OVERSEE.code)
def policy(request: Any) -> HttpResponse:
    """Say what holds in a practice from now on."""
    with reading():
        practices = _practices(request)
        leads = [(one.user, one.name) for one in access.colleagues([int(key) for key, _ in practices], at=clock.now())]

    def save(given: dict[str, Any]) -> str:
        quality.set_policy(
            actor=request.actor, practice=int(given["practice"]), share=given["share"], hours=given["hours"],
            lead=given["lead"], at=clock.now(),
        )  # fmt: skip
        return reverse("work:policies")

    filled = PolicyForm(request.POST or None, practices=practices, leads=leads)
    return _fill(request, filled, save, "Policy of work", "Set it", "work:policies", "It holds from now on.")


def _settle_url(one: Review, actor: Actor) -> str:
    is_third = actor.user_id != one.person_user and actor.name != one.reviewer
    return reverse("work:settle", args=[one.public_id]) if one.answer is Answer.CONTESTED and is_third else ""


def _of(one: Review, actor: Actor) -> dict[str, Any]:
    """A review, what happened to its item, and the item where its reader may work it."""
    is_mine = one.item in work.places(actor=actor, public_ids=[one.item])
    return {
        "one": one, "history": [told(entry) for entry in work.history(public_id=one.item)],
        "item_url": reverse("work:item", args=[one.item]) if is_mine else "",
    }  # fmt: skip


def _waits_for(one: Review, actor: Actor) -> str:
    """Whom a review waits for, where that is not its reader."""
    if not one.is_reviewed and actor.user_id == one.person_user:
        return "You did this yourself: a second person reviews it."
    if one.answer is Answer.CONTESTED and not _settle_url(one, actor):
        return f"It waits for a third person, who neither did nor reviewed it: {access.who_may(OVERSEE.code)}."
    return ""


def _practices(request: Any) -> list[tuple[str, str]]:
    allowed = request.actor.practices_for(OVERSEE.code)
    return [(str(one.pk), one.name) for one in tenancy.tenants() if one.pk in allowed and not one.is_mso]


def _fill(request: Any, filled: Any, save: Any, title: str, act_label: str, back: str, said: str) -> HttpResponse:
    context = {"title": title, "act_label": act_label, "back": reverse(back), "here": title,
               "crumbs": [(BACK[back], reverse(back))]}  # fmt: skip
    return fill(request, filled, save=save, said=said, context=context)
