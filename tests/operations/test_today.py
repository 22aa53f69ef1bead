"""Half past eleven in the evening of 31 March in Maine; in UTC it is April. Today is the day that people there live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast, executed, person
from openmso.claims.queries import worklist
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.parties import testing as parties
from openmso.platform.accounts.testing import signed_in, token_for
from openmso.platform.audit.models import Event
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading
from openmso.platform.work import services as work
from openmso.remittances.testing import claim, line
from openmso.settlement.tests.desk import Desk, desk_of

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 4, 1, 3, 30, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(clock, "now", lambda: LATE)
    return replace(desk_of(cast), at=LATE)


@pytest.fixture
def elena(desk: Desk) -> Client:
    """The browser of the MSO's controller."""
    return signed_in(desk.elena)


@pytest.fixture
def kate(desk: Desk) -> Client:
    """The browser of an executive of the MSO, who works for Rockland too."""
    for practice in (desk.cast.mso.id, desk.house.id):
        user = person("kate@harborridge.example", "Kate", practice=practice, role="mso_executive", at=LATE)
    return signed_in(user)


def test_the_posting_date_that_is_offered_is_of_the_month_that_still_is(elena: Client, desk: Desk) -> None:
    book = elena.get("/api/books").json()[0]["id"]

    form = elena.get(reverse("ledger:new-entry", args=[book])).context["form"]

    assert form.initial["posted_on"] == TODAY


def test_a_month_that_still_runs_is_not_to_be_closed(elena: Client) -> None:
    assert {book["to_close"] for book in elena.get("/api/books").json()} == {0}
    assert {row.to_close for row in elena.get("/ledger/").context["table"].page.rows} == {0}


def test_the_month_to_settle_is_the_one_before_the_month_that_still_is(elena: Client) -> None:
    assert elena.get(reverse("settlement:settle")).context["form"].initial["month"] == Month(2026, 2)


@pytest.mark.parametrize("way", ["screen", "api"])
def test_a_fee_was_not_paid_tomorrow(elena: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    evening = LATE + timedelta(days=30)
    desk.paid("10000.00")
    monkeypatch.setattr(clock, "now", lambda: evening)
    desk.at = evening
    one = desk.settle()
    desk.approve(one)

    def pay(on: date) -> int:
        if way == "api":
            path, more = f"/api/settlements/{one.public_id}/payment", {"content_type": "application/json"}
        else:
            path, more = reverse("settlement:pay", args=[one.public_id]), {}
        return elena.post(path, {"paid_on": on.isoformat()}, **more).status_code  # type: ignore[arg-type]

    assert (one.issued_on, one.due_on) == (date(2026, 4, 30), date(2026, 5, 15))
    assert pay(date(2026, 5, 1)) == 422
    assert pay(date(2026, 4, 30)) in {200, 303}


def test_a_claim_counts_for_the_fee_of_the_month_in_which_it_left(desk: Desk) -> None:
    name = replace(desk.office, at=LATE).sent(("99213", "140.00")).public_id
    priya = signed_in(desk.cast.priya)

    with desk.scope(), reading():
        counted = [worklist.sent_in(practice=desk.house.id, month=Month(2026, number)) for number in (3, 4)]
    listed = [name in priya.get("/claims/", {"q": f"sent:2026-0{number}"}).content.decode() for number in (3, 4)]

    assert counted == [1, 0]
    assert listed == [True, False]


def test_awaited_money_is_as_old_as_the_day_that_still_is(desk: Desk) -> None:
    sent = desk.office.sent(("99213", "140.00"))
    paid = claim(sent.control, line("99213", "140.00", paid="140.00", control=f"{sent.control}-01"))
    desk.office.pay(paid, paid_on=TODAY - timedelta(days=1))
    noah = signed_in(person("noah@harborridge.example", "Noah", practice=desk.house.id, role="poster", at=LATE))

    by_screen = [row.age for row in noah.get("/remittances/deposits/").context["table"].page.rows]
    by_api = [row["age"] for row in noah.get("/api/awaited-remittances").json()["items"]]

    assert by_screen == by_api == [1]


def test_work_due_tonight_is_due_today(desk: Desk) -> None:
    with desk.scope():
        for name, hours in (("TONIGHT", 0), ("TOMORROW", 1)):
            work.open_item(
                practice=desk.house.id, kind="claims.held", subject=("claims.claim", f"CLM-{name}"),
                title=f"Due {name}", why="The member id is missing.", priority=50, priority_why="By hand", key=name,
                due_at=LATE + timedelta(hours=hours), at=LATE,
            )  # fmt: skip

    shown = signed_in(desk.cast.priya).get("/work/", {"q": "due:2026-03-31"}).content.decode()

    assert "Due TONIGHT" in shown
    assert "Due TOMORROW" not in shown


def test_an_agreement_that_begins_tomorrow_is_not_in_force(kate: Client, desk: Desk) -> None:
    pine = parties.practice(at=LATE, code="PINE", name="Pine Clinic")
    person("kate@harborridge.example", "Kate", practice=pine.id, role="mso_executive", at=LATE)
    executed(desk.cast.mso, pine, at=LATE, starts_on=TOMORROW)

    by_api = {row["practice"]: row["standing"] for row in kate.get("/api/agreements").json()["items"]}
    by_screen = {row.practice_code: row.standing for row in kate.get("/agreements/").context["table"].page.rows}

    assert (by_api["PINE"], by_api["ROCK"]) == ("ahead", "now")
    assert by_screen == by_api


def test_a_token_made_tonight_ends_on_a_day_of_the_practice(desk: Desk) -> None:
    rui = person("rui@harborridge.example", "Rui", practice=desk.house.id, role="administrator", at=LATE)
    token_for(rui, ["users.read"], [Tenant.objects.get(pk=desk.house.id)], days=30)

    with desk.scope(), reading():
        told = Event.objects.get(action="identity.token_issued")

    assert told.facts["expires_on"] == "2026-04-30"


def test_the_trail_finds_what_happened_tonight_under_today(kate: Client, desk: Desk) -> None:
    def events(day: date) -> int:
        return len(kate.get("/audit/", {"q": f"on:{day}"}).context["table"].page.rows)

    with desk.scope(), reading():
        happened = Event.objects.filter(at=LATE).count()

    assert happened
    assert (events(TODAY) > 0, events(TOMORROW)) == (True, 0)


def test_home_says_the_day_that_still_is(elena: Client) -> None:
    assert "Tuesday 31 March 2026" in elena.get("/").content.decode()
