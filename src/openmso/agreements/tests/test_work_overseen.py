"""How work is done is counted; a share of it is reviewed by a second person; what is late goes to the lead."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse

from openmso.agreements.calendars import BusinessCalendar
from openmso.agreements.queries import levels
from openmso.agreements.testing import Cast, person
from openmso.kit import clock
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit import queries as trail
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import measures, quality, rules, services
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import DoneRow
from openmso.platform.work.states import Party

pytestmark = pytest.mark.django_db


def opened(cast: Cast, key: str, *, hours_ago: int = 0) -> str:
    at = cast.at - timedelta(hours=hours_ago)
    return services.open_item(
        practice=cast.rockland.id, kind="claims.held", subject=("claims.claim", f"CLM-{key}"), title=f"Held {key}",
        why="The member id is missing.", priority=50, priority_why="By dollars", due_at=at + timedelta(hours=8), at=at,
        key=key,
    )  # fmt: skip


def told(cast: Cast, by: str) -> list[DoneRow]:
    with reading():
        return list(measures.done(by=by, filters=Filters(), page=PageAsk(), today=cast.at.date()).rows)


def test_a_seed_draws_the_same_share_again() -> None:
    ids = [f"WRK-{number:06}" for number in range(4000)]
    drawn = {one for one in ids if rules.is_drawn("2026-11", one, 10)}
    assert drawn == {one for one in ids if rules.is_drawn("2026-11", one, 10)}
    assert 320 < len(drawn) < 480
    assert drawn != {one for one in ids if rules.is_drawn("2026-12", one, 10)}
    assert not any(rules.is_drawn("x", one, 0) for one in ids)
    assert all(rules.is_drawn("x", one, 100) for one in ids)


def test_what_people_did_is_counted_with_the_time_it_took(cast: Cast) -> None:
    with cast.scope():
        priya = cast.actor(cast.priya)
        quick, slow = opened(cast, "A", hours_ago=4), opened(cast, "B", hours_ago=20)
        services.comment(actor=priya, public_id=slow, text="Asked for it", at=cast.at - timedelta(hours=10))
        for one in (quick, slow):
            services.done(actor=priya, public_id=one, at=cast.at)
        opened(cast, "C")
        services.done(actor=Actor.system("OpenMSO (a job)", at=cast.at), public_id=opened(cast, "D"), at=cast.at)
        row, by_itself = told(cast, "person")
        assert (by_itself.person, by_itself.done) == ("", 1), "what comes about by itself is nobody's work"
        assert (row.person, row.done, str(row.touch_hours), str(row.done_hours), row.late) == (
            "Priya Raman", 2, "7.0", "12.0", 1,
        )  # fmt: skip
        assert [one.practice_name for one in told(cast, "practice")] == [cast.rockland.practice.name]
        assert [one.on for one in told(cast, "day")] == [cast.at.date()] * 2
        code = cast.rockland.practice.code
        for asked, found in ((code, 1), ("NOWHERE", 0)):
            here = Filters((Term("practice", "=", asked, asked),))
            with reading():
                rows = measures.done(by="practice", filters=here, page=PageAsk(), today=cast.at.date()).rows
            assert len(rows) == found


def test_a_second_person_reviews_what_was_drawn(cast: Cast) -> None:
    lead = person("lee@harborridge.example", "Lee Moss", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    with cast.scope():
        boss, practice, at = cast.actor(lead), cast.rockland.id, cast.at
        for key, who in (("A", cast.priya), ("B", lead)):
            services.done(actor=cast.actor(who), public_id=opened(cast, key, hours_ago=2), at=at)
        quality.set_policy(actor=boss, practice=practice, share=100, hours=24, lead="", at=at)
        day = at.date()
        assert quality.draw(actor=boss, practice=practice, first=day, last=day, seed="1", at=at) == 2
        assert quality.draw(actor=boss, practice=practice, first=day, last=day, seed="2", at=at) == 0
        with reading():
            rows = {one.person: one.public_id for one in measures.reviews(filters=Filters(), page=PageAsk()).rows}
        with pytest.raises(quality.NotASecondPerson):
            quality.review(actor=boss, review=rows["Lee Moss"], score=100, findings="", at=at)
        quality.review(actor=boss, review=rows["Priya Raman"], score=80, findings="No note of the call.", at=at)
        with pytest.raises(Conflict):
            quality.review(actor=boss, review=rows["Priya Raman"], score=90, findings="Again", at=at)
        with reading():
            assert {name: str(score) for name, score in measures.scores().items()} == {"Priya Raman": "80.0"}


def test_what_was_found_is_contested_by_whoever_did_it_and_settled_by_a_third_person(cast: Cast) -> None:
    lee, max_ = (
        person(f"{one}@harborridge.example", name, practice=cast.rockland.id, role="billing_lead", at=cast.at)
        for one, name in (("lee", "Lee Moss"), ("max", "Max Orr"))
    )
    with cast.scope():
        priya, boss, third = (cast.actor(one) for one in (cast.priya, lee, max_))
        practice, at, day = cast.rockland.id, cast.at, cast.at.date()
        services.done(actor=priya, public_id=opened(cast, "A", hours_ago=2), at=at)
        quality.set_policy(actor=boss, practice=practice, share=100, hours=24, lead="", at=at)
        quality.draw(actor=boss, practice=practice, first=day, last=day, seed="1", at=at)
        with reading():
            ((name,),) = ([one.public_id for one in measures.reviews(filters=Filters(), page=PageAsk()).rows],)
        with pytest.raises(Conflict):
            quality.answer(actor=priya, review=name, agrees=True, words="", at=at)
        quality.review(actor=boss, review=name, score=60, findings="The payer was not called.", at=at)
        with pytest.raises(NotFound):
            quality.answer(actor=third, review=name, agrees=False, words="Not mine.", at=at)
        with pytest.raises(Refused):
            quality.answer(actor=priya, review=name, agrees=False, words=" ", at=at)
        quality.answer(actor=priya, review=name, agrees=False, words="The call is noted on the claim.", at=at)
        for one in (boss, priya):
            with pytest.raises(Refused):
                quality.settle(actor=one, review=name, score=95, words="It is.", at=at)
        quality.settle(actor=third, review=name, score=95, words="It is noted, but not on the item.", at=at)
        with reading():
            assert {name: str(score) for name, score in measures.scores().items()} == {"Priya Raman": "95.0"}
            kept = measures.review(name)
            assert (kept.score, kept.final_score, kept.settled_by) == (60, 95, "Max Orr")


def test_a_promise_is_measured_to_the_first_human_act_without_the_time_of_others(cast: Cast) -> None:
    """A machine's act is no touch; what waits for the practice or the payer is their time, told apart."""
    monday = datetime(2026, 3, 2, 14, tzinfo=UTC)  # 9 in the morning, in a time zone of five hours
    calendar, practice = BusinessCalendar("America/New_York", time(8), time(18)), cast.rockland.id
    clock_of = partial(levels.measured, calendar=calendar, hours=Decimal(4), at=monday + timedelta(days=2))
    with cast.scope():
        priya, system = cast.actor(cast.priya), Actor.system("a test", at=cast.at)
        ids = {}
        for key in ("quick", "slow", "asked", "alone", "never"):
            ids[key] = services.open_item(
                practice=practice, kind="claims.held", subject=("claims.claim", key), title=key, why="Held.", key=key,
                priority=50, priority_why="By dollars", due_at=monday + timedelta(hours=4), at=monday,
            )  # fmt: skip
        hour = timedelta(hours=1)
        services.assign(actor=system, public_id=ids["quick"], at=monday + hour, to=priya)
        services.worked(keys=[(practice, "quick")], actor=priya, at=monday + 3 * hour, note="Called")
        services.done(actor=priya, public_id=ids["slow"], at=monday + 8 * hour)
        services.snooze(
            actor=priya, public_id=ids["asked"], at=monday + hour, until=monday + 7 * hour, waits_for=Party.PRACTICE
        )
        services.done(actor=priya, public_id=ids["asked"], at=monday + 8 * hour)
        services.done(actor=system, public_id=ids["alone"], at=monday + 8 * hour)
        with reading():
            spans = measures.spans(
                practice=practice, kinds=["claims.held"], since=monday, until=monday + timedelta(days=1)
            )
    told = {one.subject: clock_of(one) for one in spans}

    assert {key: (one.held.value, one.first and str(one.first)) for key, one in told.items()} == {
        "quick": ("kept", "3.00"), "slow": ("late", "8.00"), "asked": ("kept", "1.00"), "alone": ("none", None),
        "never": ("late", None),
    }  # fmt: skip
    assert (str(told["asked"].ours), str(told["asked"].practices)) == ("2.00", "6.00")


def test_what_is_late_goes_to_the_lead_that_the_policy_names(cast: Cast) -> None:
    lead = person("lee@harborridge.example", "Lee Moss", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    with cast.scope():
        late, fresh = opened(cast, "late", hours_ago=60), opened(cast, "fresh", hours_ago=9)
        practice, system = cast.rockland.id, Actor.system("a test", at=cast.at)
        assert quality.escalate(actor=system, practice=practice, at=cast.at) == 0
        quality.set_policy(actor=system, practice=practice, share=5, hours=24, lead=lead.public_id, at=cast.at)
        with reading():
            before = trail.ungranted()
        assert quality.escalate(actor=system, practice=practice, at=cast.at) == 1
        with reading():
            assert trail.ungranted() == before, "it is told with the grant under which the lead oversees the practice"
        assert quality.escalate(actor=system, practice=practice, at=cast.at) == 0
        boss = access.actor_for(lead, at=cast.at, fresh=True)
        with reading():
            assert work.item(actor=boss, public_id=late, at=cast.at).assignee == "Lee Moss"
            assert work.item(actor=boss, public_id=fresh, at=cast.at).assignee == ""
        priya = cast.actor(cast.priya)
        services.assign(actor=boss, public_id=late, at=cast.at, to=priya)
        assert quality.escalate(actor=system, practice=practice, at=cast.at) == 0, "the lead gave it to her"
        back = opened(cast, "back", hours_ago=60)
        asleep = cast.at - timedelta(hours=9)
        services.snooze(actor=priya, public_id=back, until=asleep + timedelta(hours=1), at=asleep)
        assert quality.escalate(actor=system, practice=practice, at=cast.at) == 1, "what was put off has come back"


def test_what_one_cannot_decide_goes_to_the_lead_with_a_reason(cast: Cast) -> None:
    lead = person("lee@harborridge.example", "Lee Moss", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    with cast.scope():
        priya, boss, practice = cast.actor(cast.priya), cast.actor(lead), cast.rockland.id
        ids = [opened(cast, "hard"), "WRK-0000000000"]
        ask = partial(quality.to_lead, actor=priya, public_ids=ids, at=cast.at)
        with pytest.raises(Refused):
            ask(why=" ")
        assert {one.is_done for one in ask(why="Who is right?")} == {False}, "no policy names a lead yet"
        quality.set_policy(actor=boss, practice=practice, share=5, hours=24, lead=lead.public_id, at=cast.at)
        assert [one.public_id for one in ask(why="Who is right?") if one.is_done] == ids[:1]
        with reading():
            (mine,) = [one for one in work.loads(actor=boss, at=cast.at) if one.person == "Lee Moss"]
            assert (mine.count, mine.escalated) == (1, 1)
            told = [one.note for one in work.history(public_id=ids[0])]
            assert "to Lee Moss: Who is right?" in told
            assert any(
                "took 1 item to Lee Moss" in one.sentence
                for one in trail.events(filters=EventFilters(), page=PageAsk()).rows
            )
        (no, _) = quality.to_lead(actor=boss, public_ids=ids, why="And I?", at=cast.at)
        assert not no.is_done


def test_a_lead_measures_draws_and_reviews_on_screen_and_a_biller_does_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: cast.at)
    user = person("lee@harborridge.example", "Lee Moss", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    with cast.scope():
        services.done(actor=cast.actor(cast.priya), public_id=opened(cast, "A", hours_ago=2), at=cast.at)
    lee, priya = signed_in(user), signed_in(cast.priya)
    assert "Priya Raman" in lee.get(reverse("work:measures")).content.decode()
    assert priya.get(reverse("work:measures")).status_code == 403
    practice, day = cast.rockland.id, str(cast.at.date())
    held = lee.post(reverse("work:policy"), {"practice": practice, "share": 100, "hours": 24, "lead": user.public_id})
    assert held.headers["Location"] == reverse("work:policies")
    assert "Lee Moss" in lee.get(reverse("work:policies")).content.decode()
    lee.post(reverse("work:draw"), {"practice": practice, "first": day, "last": day, "seed": "7"})
    (drawn,) = lee.get("/api/work-reviews").json()["items"]
    page = reverse("work:review", args=[drawn["id"]])
    assert "Done by" in lee.get(reverse("work:reviews")).content.decode()
    assert "Say what was found" in lee.post(page, {"score": 60, "findings": ""}).content.decode()
    lee.post(page, {"score": 60, "findings": "The call is not noted."})
    told = lee.get(f"/api/work-reviews/{drawn['id']}").json()
    assert (told["score"], told["history"][0]["what"]) == (60, "done")
    assert "What happened to it" in lee.get(page).content.decode()
    assert "The call is not noted." in priya.get(reverse("work:my-reviews")).content.decode()
    priya.post(reverse("work:my-review", args=[drawn["id"]]), {"agrees": "0", "words": "It is noted."})
    shown = lee.get(page).content.decode()
    assert "contests it" in shown
    assert "It waits for a third person" in shown
    assert reverse("work:settle", args=[drawn["id"]]) not in shown
    assert priya.get(reverse("work:settle", args=[drawn["id"]])).status_code == 403
    assert lee.get("/api/work-measures?by=day").json()["items"][0]["hours_to_done"] == "2.0"
    assert lee.get("/api/work-policies").json()[0]["share"] == 100
