"""A rule is tried on the claims of the last 90 days before it is live, and what came of its hits is counted after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast
from openmso.claims import testing
from openmso.claims.models.trials import DryRun
from openmso.claims.queries import rulebook as queries
from openmso.claims.services import rulebook, scrubbing, trials
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.scope import reading, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(cast: Cast, rockland: BillingHouse) -> Iterator[None]:
    with scope(practices=[cast.rockland.id, cast.mso.id], entities=[cast.rockland.entity.id]):
        yield


def drafted(cast: Cast, at: datetime, **changes: Any) -> str:
    text = {
        "title": "Long visits are asked for", "action": "warn", "words": "The payer asks for the note.",
        "fix": "Send the note along.", "evidence": "Payer's bulletin", "scope": {"practices": ["ROCK"]},
        "when": {"property": "line.code", "operator": "is", "value": "99214"}, **changes,
    }  # fmt: skip
    return rulebook.draft(actor=cast.actor(cast.priya), text=text, at=at)


def test_pain_1_4_8_a_dry_run_over_90_days_says_what_was_hit_denied_anyway_and_paid_anyway(
    cast: Cast, rockland: BillingHouse, within: None, priya: Client, now: datetime
) -> None:
    long = [Line("99214")]
    denied = claim_at(S.DENIED, rockland, lines=long, at=now)
    paid = claim_at(S.PAID, rockland, lines=long, at=now)
    waiting = claim_at(S.READY, rockland, lines=long, at=now)
    claim_at(S.PAID, rockland, at=now)
    claim_at(S.DENIED, rockland, lines=long, service_on=(now - timedelta(days=95)).date(), at=now)
    code = drafted(cast, now)

    key = trials.begin(actor=cast.actor(cast.priya), rule=code, at=now, now=True)

    with reading():
        seen = queries.dry_run(key)
    assert seen is not None
    assert (seen.total, seen.done, seen.hits, seen.unsure) == (4, 4, 3, 0)
    assert (seen.denied, seen.paid, seen.waiting) == (1, 1, 1)
    assert seen.denied_amount == denied.charged
    assert seen.samples == {name: (one.public_id,) for name, one in
                            (("denied", denied), ("paid", paid), ("waiting", waiting))}  # fmt: skip
    assert seen.finished_at == now
    shown = priya.get(reverse("claims:dry_run", args=[key])).content.decode()
    assert reverse("claims:claim", args=[denied.public_id]) in shown
    with reading():
        assert testing.told(waiting.public_id).findings == (), "nothing is changed by it"


def test_a_dry_run_is_a_job_that_goes_on_where_it_stopped(
    cast: Cast, rockland: BillingHouse, within: None, priya: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "STEP", 1)
    for _ in range(2):
        claim_at(S.READY, rockland, lines=[Line("99214")], at=now)
    code = drafted(cast, now)

    begun = priya.post(reverse("claims:begin_dry_run", args=[code]))
    key = begun["Location"].rstrip("/").rpartition("/")[2]
    with reading():
        assert queries.dry_run(key).done == 0  # type: ignore[union-attr]
        part = DryRun.objects.get(key=key).public_id
    assert trials.go_on(run=part, at=now)
    jobs.run("claims.dry_run", practice=rockland.id, at=now, run=part)

    with reading():
        seen = queries.dry_run(key)
    assert seen is not None
    assert (seen.done, seen.hits, seen.finished_at) == (2, 2, now)


def test_a_rule_of_the_house_and_an_adjustment_are_tried_too_and_claims_that_do_not_say_are_counted(
    cast: Cast, rockland: BillingHouse, within: None, now: datetime
) -> None:
    twice = claim_at(S.READY, rockland, at=now)
    who = cast.actor(cast.priya)
    age = {"property": "claim.days_since_accident", "operator": "more", "value": 30}
    unsure = trials.begin(actor=who, rule=drafted(cast, now, when=age), at=now, now=True)
    house = trials.begin(actor=who, rule="control_number", at=now, now=True)

    with reading():
        assert queries.dry_run(unsure).unsure == 1  # type: ignore[union-attr]
        assert queries.dry_run(house).hits == 0  # type: ignore[union-attr]
    assert twice.findings == ()


def test_without_claims_a_dry_run_says_so(cast: Cast, rockland: BillingHouse, within: None, now: datetime) -> None:
    with pytest.raises(Refused, match="has a claim of the last 90 days"):
        trials.begin(actor=cast.actor(cast.priya), rule=drafted(cast, now), at=now)


def test_pain_1_4_8_what_came_of_the_claims_that_a_live_rule_hit_is_counted(
    cast: Cast, rockland: BillingHouse, within: None, priya: Client, now: datetime
) -> None:
    """hits = mended + denied + paid + waiting, whatever happened to them since."""
    code = drafted(cast, now)
    rulebook.make_live(actor=testing.actor(now), code=code, why="We saw denials", at=now)
    long = [Line("99214")]
    claim_at(S.DENIED, rockland, lines=long, at=now)
    claim_at(S.DENIED, rockland, lines=long, at=now)
    claim_at(S.PAID, rockland, lines=long, at=now)
    aside = claim_at(S.READY, rockland, lines=long, at=now)
    scrubbing.override(actor=testing.actor(now), claim=aside.public_id, code=code, line=1, why="Note is sent", at=now)
    mended = claim_at(S.READY, rockland, lines=long, at=now)
    from openmso.claims.services import correcting
    from openmso.claims.services.correcting import LineChange

    correcting.change(
        actor=testing.actor(now), claim=mended.public_id, fields={}, diagnoses=None, more=[],
        lines={1: LineChange(code="99213", amount=Money.of("140.00"))}, sheet_version=1, at=now,
    )  # fmt: skip

    jobs.run("claims.tally_rules", practice=cast.mso.id, at=now)

    with reading():
        tally = queries.tallies()[code]
        assert queries.page(code).row.tally == tally
    assert (tally.hits, tally.mended, tally.set_aside) == (5, 1, 1)
    assert (tally.denied, tally.paid, tally.waiting) == (2, 1, 1)
    assert tally.hits == tally.mended + tally.denied + tally.paid + tally.waiting
    shown = priya.get(reverse("claims:rule", args=[code])).content.decode()
    assert "right 67% of the time" in shown
    with scope(practices=[cast.rival.id]), reading():
        assert code not in queries.tallies()
