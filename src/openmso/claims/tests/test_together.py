"""Several people at once: nobody gets the same claim, nothing is sent or billed twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from openmso.claims import testing
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch, Submission
from openmso.claims.services import building, releasing, submitting
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, claim_at, visit_to_bill
from openmso.kit.errors import Refused
from openmso.platform.tenancy.scope import reading

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


def at_once(house: BillingHouse, *acts: Callable[[], object]) -> list[object]:
    """What each act gave or refused, all begun at the same moment, each on a connection of its own."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            with house.scope():
                gate.wait()
                answers[number] = act()  # type: ignore[call-overload]
        except Refused as no:
            answers[number] = no  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_who_submit_one_claim_freeze_it_once(committed: str) -> None:
    rockland = testing.billing_house(at=NOW)
    claim = claim_at(S.READY, rockland, at=NOW)

    def submit() -> object:
        return submitting.submit(actor=testing.actor(NOW), claim=claim.public_id, at=NOW)

    answers = at_once(rockland, submit, submit)

    assert sum(isinstance(answer, submitting.NotReady) for answer in answers) == 1
    with rockland.scope(), reading():
        assert Submission.objects.count() == 1


def test_two_builds_and_two_releases_do_their_work_once(committed: str) -> None:
    rockland = testing.billing_house(at=NOW)
    for _ in range(5):
        visit_to_bill(rockland, at=NOW)

    def build() -> object:
        return building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW)

    def release() -> object:
        return releasing.release(actor=testing.actor(NOW), practice=rockland.id, at=NOW)

    built = at_once(rockland, build, build)
    with rockland.scope(), reading():
        ids = list(Claim.objects.values_list("pk", flat=True))
    with rockland.scope():
        submitting.submit_many(actor=testing.actor(NOW), practice=rockland.id, claim_ids=ids, at=NOW)
    at_once(rockland, release, release)

    assert sorted(len(one.claims) for one in built) == [0, 5]  # type: ignore[attr-defined]
    with rockland.scope(), reading():
        assert Batch.objects.count() == 1
        assert set(Claim.objects.values_list("state", flat=True)) == {S.SENT.value}
