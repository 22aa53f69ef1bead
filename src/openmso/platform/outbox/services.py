"""Publishing facts and delivering them: in order for each practice and subscriber, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from openmso.kit.errors import NotFound
from openmso.kit.ids import public_ids
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database import faults
from openmso.platform.database.writing import insert
from openmso.platform.outbox import registry, rules
from openmso.platform.outbox.contracts import REPLAY, Delivered
from openmso.platform.outbox.models import Delivery, Fact
from openmso.platform.outbox.states import MOVES, Delivering
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope

BATCH = 50
"""Deliveries of one practice and subscriber before others get their turn."""


def publish(event: object, *, practice: int, at: datetime, behind: str = "") -> None:
    """Tell a fact, in the transaction that makes it true; who listens hears of it after the commit.

    `behind` is the grant under which it became true: what a subscriber does about it is told with it.
    """
    publish_all([event], practice=practice, at=at, behind=behind)


@atomic
def publish_all(events: Iterable[object], *, practice: int, at: datetime, behind: str = "") -> None:
    """Tell many facts of one practice, set-wise, in their order."""
    told = list(events)
    kinds: set[type] = {type(event) for event in told}
    for kind in kinds:
        if found := rules.faults(kind):
            raise TypeError("; ".join(found))
    facts = insert(
        Fact, ["name", "payload"], ((rules.name_of(type(event)), rules.to_plain(event)) for event in told),
        practice_id=practice, at=at, behind=behind,
    )  # fmt: skip
    heard = [
        (fact, listener.name)
        for fact, event in zip(facts, told, strict=True)
        for listener in registry.listening_to(type(event))
    ]
    letters = zip(public_ids("DLV", len(heard)), *zip(*heard, strict=True), strict=True)
    insert(Delivery, ["public_id", "fact_id", "subscriber"], letters if heard else (), practice_id=practice)


class _Outcome(StrEnum):
    DONE = "done"
    NOTHING = "nothing"
    PUT_OFF = "put_off"
    DEAD = "dead"


def deliver_pending(*, at: datetime, practices: Collection[int] | None = None) -> Delivered:
    """Deliver what waits (of some practices only), and what those deliveries publish in turn, until nothing is due.

    An edge: it sets its own scopes and must not be called inside a transaction. Facts of one practice reach one
    subscriber in the order of their telling; a fact that waits for another try holds back those behind it, a dead
    one does not. Several workers share the work: a lane (practice and subscriber) belongs to one at a time.
    """
    total = Delivered()
    while lanes := _lanes(at, practices):
        round_ = sum((_deliver_lane(practice, name, at) for practice, name in lanes), Delivered())
        total += round_
        if round_ == Delivered():
            break
    return total


def _lanes(at: datetime, practices: Collection[int] | None) -> list[tuple[int, str]]:
    """The lanes whose first waiting delivery is due."""
    whose = tenancy.whole_network().practices if practices is None else practices
    with scope(practices=whose), reading():
        first = (
            Delivery.objects.filter(state=Delivering.WAITING)
            .order_by("practice_id", "subscriber", "fact_id")
            .distinct("practice_id", "subscriber")
            .values_list("practice_id", "subscriber", "next_at")
        )
        return [(practice, name) for practice, name, next_at in first if next_at is None or next_at <= at]


def _deliver_lane(practice: int, subscriber: str, at: datetime) -> Delivered:
    listener = registry.subscriptions().get(subscriber)
    reach = tenancy.whole_network() if listener and listener.network else tenancy.reach(practice)
    outcomes = []
    with scope(practices=reach.practices, entities=reach.entities):
        for _ in range(BATCH):
            outcomes.append(_deliver_next(practice, subscriber, at))
            if outcomes[-1] in {_Outcome.NOTHING, _Outcome.PUT_OFF}:
                break
    return Delivered(*(outcomes.count(kind) for kind in (_Outcome.DONE, _Outcome.PUT_OFF, _Outcome.DEAD)))


def _deliver_next(practice: int, subscriber: str, at: datetime) -> _Outcome:
    """The next delivery of a lane in a transaction of its own; a failure is recorded in another."""
    try:
        with atomic.open():
            delivery = _take(practice, subscriber, at)
            if delivery is None:
                return _Outcome.NOTHING
            listener = registry.subscription(subscriber)
            fact = rules.from_plain(listener.event, delivery.fact.payload)
            actor = Actor.system(f"OpenMSO ({subscriber})", at=at, behind=delivery.fact.behind)
            listener.function(fact, practice=practice, actor=actor, at=at)
            delivery.state, delivery.done_at, delivery.tries = Delivering.DONE, at, delivery.tries + 1
            delivery.save(update_fields=["state", "done_at", "tries"])
            return _Outcome.DONE
    except Exception as failure:  # whatever a subscriber raises becomes a dead letter that says so
        faults.drop_broken_connection()
        return _record_failure(practice, subscriber, failure, at)


def _take(practice: int, subscriber: str, at: datetime) -> Delivery | None:
    """The lane's first waiting delivery, if it is due and no other worker has the lane."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox|{practice}|{subscriber}"])
        if not cursor.fetchone()[0]:
            return None
    first = (
        Delivery.objects.filter(practice_id=practice, subscriber=subscriber, state=Delivering.WAITING)
        .select_related("fact")
        .order_by("fact_id")
        .first()
    )
    return first if first and (first.next_at is None or first.next_at <= at) else None


@atomic
def _record_failure(practice: int, subscriber: str, failure: Exception, at: datetime) -> _Outcome:
    delivery = _take(practice, subscriber, at)
    if delivery is None:
        return _Outcome.NOTHING
    delivery.tries += 1
    delivery.reason = faults.reason(failure)[:300]
    delivery.failed_at = at
    again = faults.is_transient(failure) and delivery.tries < faults.TRIES
    if again:
        delivery.next_at = at + timedelta(seconds=faults.pause(delivery.tries))
    else:
        check_move(MOVES, noun="delivery", frm=Delivering(delivery.state), to=Delivering.DEAD)
        delivery.state = Delivering.DEAD
    delivery.save(update_fields=["tries", "reason", "failed_at", "next_at", "state"])
    return _Outcome.PUT_OFF if again else _Outcome.DEAD


@atomic
def replay(*, actor: Actor, public_id: str, at: datetime, why: str = "") -> None:
    """Have a dead letter delivered again, with the next round; raises `NotFound`, `Forbidden`, `IllegalMove`."""
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if delivery is None:
        raise NotFound(f"There is no letter {public_id}.")
    decision = actor.must(REPLAY.code, delivery.practice_id)
    check_move(MOVES, noun="delivery", frm=Delivering(delivery.state), to=Delivering.WAITING)
    delivery.state, delivery.tries, delivery.next_at = Delivering.WAITING, 0, None
    delivery.save(update_fields=["state", "tries", "next_at"])
    audit.record(
        actor=actor, action="outbox.replayed", practice=delivery.practice_id, at=at, why=why, decision=decision,
        subject=("outbox.delivery", public_id), facts={"fact": delivery.fact.name, "subscriber": delivery.subscriber},
    )  # fmt: skip


@atomic
def forget_delivered(*, before: datetime) -> int:
    """Remove the deliveries done before an instant; the facts stay. How many were removed."""
    return Delivery.objects.filter(state=Delivering.DONE, done_at__lt=before).delete()[0]
