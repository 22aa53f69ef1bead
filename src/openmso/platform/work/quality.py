"""Verbs of oversight: the policy of a practice, done work drawn and reviewed, late work given to the lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision, Permission
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import measures, queries, rules, services
from openmso.platform.work.contracts import OVERSEE, USE, Outcome
from openmso.platform.work.models import WorkEntry, WorkItem, WorkPolicy, WorkReview
from openmso.platform.work.states import Answer, Happened, Working

DRAWN_MAX = 1_000
POLICY, REVIEW = "work.workpolicy", "work.workreview"


class NotASecondPerson(Refused):
    """Whoever did the work does not review it."""

    code = "not_a_second_person"


def set_policy(*, actor: Actor, practice: int, share: int, hours: int, lead: str, at: datetime) -> None:
    """Say what holds in a practice from now on; `lead` is the public id of an account, or empty for nobody."""
    name = services.colleague(lead, at=at).name if lead else ""
    _set_policy(actor, practice, share, hours, lead, name, at)


@atomic
def _set_policy(actor: Actor, practice: int, share: int, hours: int, lead: str, name: str, at: datetime) -> None:
    decision = actor.must(OVERSEE.code, practice)
    if not 0 <= share <= 100:
        raise Refused(f"{share} is no share of a hundred.", field="share", fix="From 0 to 100.")
    WorkPolicy.objects.create(
        practice_id=practice, share=share, hours=hours, lead=name[:160], lead_user=lead, said_at=at, said_by=actor.name
    )
    audit.record(
        actor=actor, action="work.policy_set", practice=practice, subject=(POLICY, ""), at=at, decision=decision,
        facts={"share": share, "hours": hours, "lead": name or "nobody"},
    )  # fmt: skip


@atomic
def draw(*, actor: Actor, practice: int, first: date, last: date, seed: str, at: datetime) -> int:
    """Draw the policy's share of what people did in some days, by a seed (`rules.is_drawn`); how many are new."""
    decision = actor.must(OVERSEE.code, practice)
    policy = WorkPolicy.objects.filter(practice_id=practice).order_by("-pk").first()
    if policy is None:
        raise Refused("No policy says how much is reviewed.", field="practice", fix="Set one first.")
    items = WorkItem.objects.filter(
        practice_id=practice, state=Working.DONE, done_at__date__gte=first, done_at__date__lte=last
    ).exclude(pk__in=WorkReview.objects.filter(practice_id=practice).values("item_id"))
    drawn = [one for one in items.order_by("pk") if rules.is_drawn(seed, one.public_id, policy.share)][:DRAWN_MAX]
    did = WorkEntry.objects.filter(item__in=drawn, what=Happened.DONE, actor_user__isnull=False).order_by("at")
    who = {item: user for item, user in did.values_list("item_id", "actor_user") if user is not None}
    made = WorkReview.objects.bulk_create(
        WorkReview(
            practice_id=practice, item=one, person=one.done_by, person_user=who[one.pk], seed=seed[:40], drawn_at=at
        )
        for one in drawn
        if one.pk in who
    )
    audit.record(
        actor=actor, action="work.drawn", practice=practice, subject=(REVIEW, ""), at=at, decision=decision,
        facts={"count": len(made), "seed": seed[:40]},
    )  # fmt: skip
    return len(made)


@atomic
def review(*, actor: Actor, review: str, score: int, findings: str, at: datetime) -> None:
    """Say how well an item was done; by somebody else than did it, once."""
    row = _locked(review)
    decision = actor.must(OVERSEE.code, row.practice_id)
    if row.reviewed_at is not None:
        raise Conflict(f"{row.reviewer} reviewed it already.", fix="Its findings stand.")
    if actor.user_id == row.person_user:
        raise NotASecondPerson("You did this yourself.", fix="A second person reviews it.")
    if not 0 <= score <= 100:
        raise Refused(f"{score} is no score.", field="score", fix="From 0 to 100.")
    if score < 100 and not findings.strip():
        raise Refused("Say what was found.", field="findings", fix="A few words will do.")
    row.score, row.findings, row.reviewer, row.reviewed_at = score, findings.strip(), actor.name[:160], at
    row.save(update_fields=["score", "findings", "reviewer", "reviewed_at"])
    _told(actor, "work.reviewed", row, at, decision, score=score)


@atomic
def answer(*, actor: Actor, review: str, agrees: bool, words: str, at: datetime) -> None:
    """Agree with what was found about one's own work, or contest it; once. Contesting says why."""
    row = _locked(review)
    if actor.user_id is None or actor.user_id != row.person_user:
        raise NotFound(f"There is no review {review} of your work.")
    decision = actor.must(USE.code, row.practice_id)
    if row.reviewed_at is None:
        raise Conflict("Nobody has reviewed it yet.", fix="Wait for what is found.")
    if row.answer:
        raise Conflict(f"You {Answer(row.answer).label.lower()} already.", fix="What you said stands.")
    if not agrees and not words.strip():
        raise Refused("Say why you contest it.", field="words", fix="A third person decides by what you write.")
    row.answer = Answer.AGREED if agrees else Answer.CONTESTED
    row.answer_words, row.answered_at = words.strip(), at
    row.save(update_fields=["answer", "answer_words", "answered_at"])
    _told(actor, "work.review_agreed" if agrees else "work.review_contested", row, at, decision)


@atomic
def settle(*, actor: Actor, review: str, score: int, words: str, at: datetime) -> None:
    """Decide a contested review: by somebody who neither did the work nor reviewed it, with words."""
    row = _locked(review)
    decision = actor.must(OVERSEE.code, row.practice_id)
    if row.answer != Answer.CONTESTED:
        raise Conflict("Nobody contests it.", fix="Only a contested review is settled.")
    if actor.user_id == row.person_user or actor.name == row.reviewer:
        raise NotASecondPerson("You did this work, or reviewed it.", fix="A third person settles it.")
    if not 0 <= score <= 100:
        raise Refused(f"{score} is no score.", field="score", fix="From 0 to 100.")
    if not words.strip():
        raise Refused("Say why.", field="words", fix="A few words will do.")
    row.answer, row.settled_score, row.settled_words = Answer.SETTLED, score, words.strip()
    row.settled_by, row.settled_at = actor.name[:160], at
    row.save(update_fields=["answer", "settled_score", "settled_words", "settled_by", "settled_at"])
    _told(actor, "work.review_settled", row, at, decision, score=score)


def _locked(review: str) -> WorkReview:
    row = WorkReview.objects.select_for_update().filter(public_id=review).first()
    if row is None:
        raise NotFound(f"There is no review {review}.")
    return row


def _told(actor: Actor, action: str, row: WorkReview, at: datetime, decision: Decision, **facts: object) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(REVIEW, row.public_id), at=at, facts=facts,
        decision=decision,
    )  # fmt: skip


def escalate(*, actor: Actor, practice: int, at: datetime) -> int:
    """Give what is later than the policy allows to the lead it names; how many items went there.

    The house does it behind the grant under which the lead oversees the practice.
    """
    with reading():
        policy, items = measures.late(practice, at=at)
    if policy is None or not items:
        return 0
    lead = services.colleague(policy.lead_user, at=at)
    actor = replace(actor, behind=actor.behind or lead.may(OVERSEE.code, practice).grant)
    told = services.escalate(
        actor=actor, public_ids=items, at=at, to=lead, why=f"more than {counted(policy.hours, 'hour')} late"
    )
    if given := sum(one.is_done for one in told):
        _tell_given("work.escalated", actor, practice, lead, given, at, OVERSEE)
    return given


def to_lead(*, actor: Actor, public_ids: Sequence[str], why: str, at: datetime) -> list[Outcome]:
    """Take work that one cannot decide oneself to the lead whom the policy of its practice names, with a reason.

    A finding for each item that could not be taken there.
    """
    if not why.strip():
        raise services.CannotBeWorked("Say what the lead is to decide.", field="why", fix="A few words will do.")
    services.check_count(public_ids)
    with reading():
        places = queries.places(actor=actor, public_ids=public_ids)
        leads = measures.leads(set(places.values()))
    people = {account: services.colleague(account, at=at) for account in set(leads.values()) - {actor.user}}
    told = []
    for practice in [ELSEWHERE, *sorted(set(places.values()))]:
        mine = [one for one in public_ids if places.get(one, ELSEWHERE) == practice]
        lead = people.get(leads.get(practice, ""))
        if lead is None:
            no = _no_lead(practice != ELSEWHERE, leads.get(practice) == actor.user)
            told += [Outcome(one, is_done=False, sentence=no) for one in mine]
            continue
        found = services.escalate(actor=actor, public_ids=mine, at=at, to=lead, why=why.strip()[:200])
        if given := sum(one.is_done for one in found):
            _tell_given("work.to_lead", actor, practice, lead, given, at, USE)
        told += found
    return told


ELSEWHERE = 0
"""Where items are that one may not work."""


def _no_lead(is_known: bool, is_me: bool) -> str:
    """Why an item can be taken to no lead."""
    if not is_known:
        return "There is no such work item for you."
    if is_me:
        return "You are the lead there: decide it, or give it to somebody."
    return "No policy of its practice names a lead: have one named (Policy of work), or give it to somebody."


@atomic
def _tell_given(
    action: str, actor: Actor, practice: int, lead: Actor, given: int, at: datetime, by: Permission
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=practice, subject=(POLICY, ""), at=at,
        facts={"count": given, "lead": lead.name}, decision=actor.must(by.code, practice),
    )  # fmt: skip
