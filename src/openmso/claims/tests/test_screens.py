"""The pages of claims as Priya sees them, and as Theo does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openmso.agreements.testing import Cast
from openmso.claims import testing
from openmso.claims.queries import worklist
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import counting
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import services as work
from openmso.platform.work.models import WorkItem

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_the_worklist_shows_what_waits_with_sums_and_the_first_thing_to_do(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    held = claim_at(S.HELD, rockland, at=now)
    ready = claim_at(S.READY, rockland, at=now, lines=[Line("99214")])

    page = priya.get(reverse("claims:worklist"), {"q": "is:held is:ready"}).content.decode()

    assert held.public_id in page
    assert ready.public_id in page
    assert "No coverage is on file for this visit." in page
    assert "350.00" in page, "the sum of what the filter finds"
    assert "Take the next" in page


def test_a_run_tells_what_it_refused_by_reason_and_each_reason_opens_its_claims(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    uncovered = [claim_at(S.HELD, rockland, at=now) for _ in range(3)]
    sent = claim_at(S.SENT, rockland, at=now)

    chosen = [one.public_id for one in (*uncovered, sent)]
    began = priya.post(reverse("claims:submit_many"), {"ids": chosen})
    run = priya.get(began["Location"])

    told = {reason.words: reason for reason in run.context["run"].reasons}
    assert [(words, reason.count) for words, reason in told.items()] == [
        ("No coverage is on file for this visit.", 3),
        ("It is sent, not ready to send.", 1),
    ]
    assert uncovered[0].public_id not in run.content.decode(), "one line for each reason, however many claims"
    key = run.context["run"].public_id
    reason = told["No coverage is on file for this visit."].key
    listed = priya.get(reverse("claims:run_refused", args=[key, reason])).content.decode()
    assert all(one.public_id in listed for one in uncovered)
    assert sent.public_id not in listed
    by_api = priya.get(f"/api/claim-runs/{key}").json()["reasons"]
    assert [(one["words"], len(one["claims"])) for one in by_api] == [(words, r.count) for words, r in told.items()]
    assert priya.get(reverse("claims:run_refused", args=[key, "nothing"])).status_code == 404


def test_the_exact_total_of_a_long_list_comes_after_the_page(
    rockland: BillingHouse, priya: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        claim_at(S.READY, rockland, at=now, lines=[Line("99214")])
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", 2)

    asked = {"q": "charged:>1"}
    page = priya.get(reverse("claims:worklist"), asked).content.decode()
    after = priya.get(
        reverse("claims:worklist"), asked | {"part": "tally"}, headers={"HX-Request": "true"}
    ).content.decode()
    whole = priya.get(reverse("claims:worklist")).content.decode()

    assert "counting…" in page
    assert "part=tally" in page
    assert "2 claims" in after
    assert "420.00" in after
    assert "420.00" not in page
    assert "counting…" not in whole
    assert "2 claims" in whole
    assert "420.00" in whole, "how all claims stand is kept, however many there are"


@pytest.mark.parametrize("sort", ["", "charged", "open"])
@pytest.mark.parametrize("desc", [False, True])
def test_claims_of_some_days_stand_in_the_same_order_however_they_are_found(
    rockland: BillingHouse, now: datetime, monkeypatch: pytest.MonkeyPatch, sort: str, desc: bool
) -> None:
    """Sorted as a whole where they are few or of some days, sought along the order of all where they are neither."""
    day = now.date()
    for ago, code in ((2, "99213"), (9, "99214"), (2, "99215"), (40, "99213"), (3, "99213")):
        claim_at(S.READY, rockland, at=now, service_on=day - timedelta(days=ago), lines=[Line(code)])
    week = Filters((Term("service", ">=", day - timedelta(days=9), ""),))

    def shown(number: int) -> list[str]:
        with rockland.scope(), reading():
            page = worklist.claims(filters=week, page=PageAsk(number, 2, sort, desc))
            return [row.public_id for row in page.rows]

    few = [shown(1), shown(2)]
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", 2)
    of_some_days = [shown(1), shown(2)]
    monkeypatch.setattr(worklist, "OF_DAYS_SORTED_AT_ONCE", 2)
    neither = [shown(1), shown(2)]

    assert few == of_some_days == neither
    assert len({*few[0], *few[1]}) == 4


def test_a_page_of_more_claims_asks_no_more_questions(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim_at(S.READY, rockland, at=now)
    priya.get(reverse("claims:worklist"))
    with CaptureQueriesContext(connection) as few:
        priya.get(reverse("claims:worklist"))
    for _ in range(4):
        claim_at(S.READY, rockland, at=now)
    with CaptureQueriesContext(connection) as many:
        page = priya.get(reverse("claims:worklist")).content.decode()

    assert "5 claims" in page
    assert len(many) == len(few)


def test_the_api_says_of_every_claim_that_waits_why_it_is_next_as_the_inbox_does(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim_at(S.READY, rockland, at=now)
    claim_at(S.HELD, rockland, at=now)
    priya.get("/api/claims")
    with CaptureQueriesContext(connection) as few:
        priya.get("/api/claims")
    for _ in range(3):
        claim_at(S.HELD, rockland, at=now)
    with CaptureQueriesContext(connection) as many:
        listed = {one["id"]: one for one in priya.get("/api/claims").json()["items"]}
    waiting = {one["about"]: one["why_next"] for one in priya.get("/api/work?kind=claims.held").json()["items"]}

    assert len(waiting) == 4
    assert {name: one["why_next"] for name, one in listed.items() if one["state"] == "held"} == waiting
    assert [one["why_next"] for one in listed.values() if one["state"] == "ready"] == [""]
    assert len(many) == len(few), "however many there are, the reasons are one question"


@pytest.mark.parametrize(
    "query", ["is:ready payer:none", "open:>100", "due:<2027-01-01", "finding:no_coverage", "okafor"]
)
def test_every_filter_of_the_worklist_is_understood(
    rockland: BillingHouse, priya: Client, now: datetime, query: str
) -> None:
    claim_at(S.HELD, rockland, at=now)

    page = priya.get(reverse("claims:worklist"), {"q": query})

    assert page.status_code == 200
    assert "query-problem" not in page.content.decode().replace("payer", "") or "payer" in query


def test_the_list_is_exported_as_csv_and_excel(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)

    csv = priya.get(reverse("claims:worklist"), {"export": "csv"})
    excel = priya.get(reverse("claims:worklist"), {"export": "xlsx"})

    assert claim.public_id in b"".join(csv.streaming_content if csv.streaming else [csv.content]).decode()
    assert excel.getvalue().startswith(b"PK"), "an Excel file is an archive"


@pytest.mark.parametrize(
    "state",
    [S.HELD, S.READY, S.QUEUED, S.SENT, S.ACCEPTED, S.REJECTED, S.PAID, S.PARTIAL, S.DENIED, S.CLOSED, S.VOIDED],
)
def test_the_story_page_stands_in_every_state(rockland: BillingHouse, priya: Client, now: datetime, state: S) -> None:
    claim = claim_at(state, rockland, at=now)

    response = priya.get(reverse("claims:claim", args=[claim.public_id]))
    page = response.content.decode()
    peek = priya.get(reverse("claims:peek", args=[claim.public_id])).content.decode()
    raw_at = reverse("claims:raw", args=[claim.public_id])
    raw = priya.get(raw_at).content.decode()

    assert response.status_code == 200
    assert claim.public_id in page
    assert state.label in page
    assert "What happened" in page
    assert (f'hx-get="{raw_at}"' in page) == (claim.version > 0)
    assert ("What was sent" in raw) == (claim.version > 0 and state is not S.QUEUED)
    assert claim.public_id in peek


def test_the_submit_button_says_what_keeps_it_from_working(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    held = claim_at(S.HELD, rockland, at=now)

    page = priya.get(reverse("claims:claim", args=[held.public_id])).content.decode()

    assert 'aria-disabled="true"' in page
    assert "No coverage is on file for this visit. Add the patient&#x27;s coverage" in page


def test_a_denied_claim_says_what_waits_about_it(
    rockland: BillingHouse, priya: Client, cast: Cast, now: datetime
) -> None:
    denied = claim_at(S.DENIED, rockland, at=now)
    with rockland.scope():
        work.open_item(
            practice=denied.practice_id, kind="claims.rejected", subject=("claims.claim", denied.public_id),
            title="Authorization absent", why="CO-197 is left open.", priority=50, priority_why="By the amount",
            due_at=now, key="denied", at=now,
        )  # fmt: skip

    listed = priya.get(reverse("claims:worklist"), {"q": "is:denied"}).content.decode()
    shown = [
        priya.get(reverse(f"claims:{name}", args=[denied.public_id])).content.decode() for name in ("claim", "peek")
    ]

    assert "Authorization absent" in listed
    assert all("Authorization absent" in page and "CO-197 is left open." in page for page in shown)
    assert all("/work/WRK-" in page for page in shown)
    hers = signed_in(cast.ana).get(reverse("claims:claim", args=[denied.public_id])).content.decode()
    assert "CO-197 is left open." in hers
    assert "/work/WRK-" not in hers, "an owner reads why; the work is not hers to open"


def test_priya_submits_takes_back_submits_again_and_releases(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    at = [claim.public_id]

    sent = priya.post(reverse("claims:submit", args=at), headers=HTMX)
    assert f"{claim.public_id} is in the next batch" in sent["HX-Trigger"]
    assert reverse("claims:unsubmit", args=at) in sent["HX-Trigger"], "undo, as long as nothing has left"

    priya.post(reverse("claims:unsubmit", args=at), headers=HTMX)
    assert _state(rockland, claim.public_id) is S.READY

    priya.post(reverse("claims:submit_many"), {"ids": at}, headers=HTMX)
    left = priya.post(reverse("claims:release"), headers=HTMX)

    assert left.status_code == 204, left.content
    assert _state(rockland, claim.public_id) is S.SENT
    page = priya.get(reverse("claims:raw", args=at)).content.decode()
    assert f"<b>CLM</b>*{claim.public_id}*140" in page


def test_a_bulk_act_ends_with_what_was_refused_and_why(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    ready, held = claim_at(S.READY, rockland, at=now), claim_at(S.HELD, rockland, at=now)

    answer = priya.post(reverse("claims:submit_many"), {"ids": [ready.public_id, held.public_id]}, headers=HTMX)
    page = priya.get(answer["HX-Redirect"]).content.decode()

    assert _state(rockland, ready.public_id) is S.QUEUED
    assert _state(rockland, held.public_id) is S.HELD
    assert "1 done, 1 refused" in page
    assert "No coverage is on file for this visit." in page


def test_claims_put_off_until_a_day_come_back_in_its_morning(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    held = claim_at(S.HELD, rockland, at=now)

    dialog = priya.post(reverse("claims:later"), {"ids": [held.public_id]}, headers=HTMX).content.decode()
    with rockland.scope(), reading():
        item = WorkItem.objects.get(subject_id=held.public_id)
    assert f'value="{item.public_id}"' in dialog
    assert 'value="2026-03-03"' in dialog, "tomorrow is proposed"
    told = priya.post(
        reverse("work:snooze-many"),
        {"ids": [item.public_id], "until_on": "2026-03-05", "waits_for": "practice", "why": "The chart is asked for"},
    )

    assert told.status_code == 303
    with rockland.scope(), reading():
        item.refresh_from_db()
    assert item.snooze_until == datetime(2026, 3, 5, 13, tzinfo=UTC), "eight o'clock in Maine"


def test_of_claims_about_which_nothing_waits_nothing_is_put_off(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    ready = claim_at(S.READY, rockland, at=now)

    answer = priya.post(reverse("claims:later"), {"ids": [ready.public_id]}, headers=HTMX)

    assert "Choose some that are held, rejected or followed up." in answer.content.decode()


def test_a_claim_is_mended_through_its_form_and_a_stale_form_is_told(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now, lines=[Line("99213")])
    url = reverse("claims:change", args=[claim.public_id])
    given = {
        "diagnoses": "E11.9, I10", "place_of_service": "11", "prior_authorization": "TH-90213", "sheet_version": "1",
        "line1-code": "99214", "line1-modifiers": "25", "line1-pointers": "AB", "line1-units": "1",
    }  # fmt: skip

    assert priya.get(url).status_code == 200
    saved = priya.post(url, given)
    stale = priya.post(url, given)

    changed = _claim(rockland, claim.public_id)
    assert saved.status_code == 303, saved.content.decode()[-2000:]
    assert (changed.lines[0].code, str(changed.charged)) == ("99214", "210.00")
    assert changed.diagnoses == ("E119", "I10")
    assert changed.prior_authorization == "TH-90213"
    assert stale.status_code == 409
    assert "Somebody changed this claim" in stale.content.decode()


def test_theo_sees_nothing_of_rockland(rockland: BillingHouse, cast: Cast, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    theo = signed_in(cast.theo)

    assert claim.public_id not in theo.get(reverse("claims:worklist")).content.decode()
    assert theo.get(reverse("claims:claim", args=[claim.public_id])).status_code == 404
    assert theo.get(reverse("claims:peek", args=[claim.public_id])).status_code == 404
    assert theo.post(reverse("claims:submit", args=[claim.public_id])).status_code in {403, 404}
    assert _state(rockland, claim.public_id) is S.READY


def test_ana_reads_her_claims_but_does_not_send_them(rockland: BillingHouse, cast: Cast, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    ana = signed_in(cast.ana)

    page = ana.get(reverse("claims:claim", args=[claim.public_id]))

    assert page.status_code == 200
    assert "Submit" not in page.content.decode(), "no role of a practice sends claims, so there is nothing to lock"
    assert ana.post(reverse("claims:submit", args=[claim.public_id])).status_code == 403
    listed = ana.get(reverse("claims:worklist")).content.decode()
    assert not any(act in listed for act in ("Take the next", "Release", "submit, next slides in"))


def _claim(house: BillingHouse, public_id: str) -> testing.contracts.Claim:
    with house.scope():
        return testing.told(public_id)


def _state(house: BillingHouse, public_id: str) -> S:
    return _claim(house, public_id).state
