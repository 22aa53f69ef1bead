"""The inbox by API: what one may work is found, taken, put off, finished and talked about; nobody else's is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from openmso.platform.accounts.testing import bearer, person, token_for
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui import counting
from openmso.platform.work import registry
from openmso.platform.work.tests.desk import KINDS, NOW, wait_for

pytestmark = pytest.mark.django_db
TOMORROW = (NOW + timedelta(days=1)).isoformat()


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    registry.add_kinds(KINDS)


@pytest.fixture
def priya(rock: Tenant) -> Client:
    """Software that acts for a biller of the MSO."""
    user = person("priya@mso.example", "Priya", biller=rock, billing_lead=rock)
    return bearer(token_for(user, ["work.use", "claims.work"], [rock]))


@pytest.fixture
def theo(rival: Tenant) -> Client:
    """Software that acts for somebody of a rival practice."""
    user = person("theo@rival.example", "Theo", biller=rival, billing_lead=rival)
    return bearer(token_for(user, ["work.use", "claims.work"], [rival]))


def listed(software: Client, query: str = "") -> list[str]:
    return [one["about"].removeprefix("CLM-") for one in software.get(f"/api/work?{query}").json()["items"]]


def do(software: Client, path: str, body: Any = None) -> Any:
    return software.post(f"/api/work/{path}", body, content_type="application/json")


class TestTheInbox:
    def test_the_most_pressing_comes_first_and_only_what_one_may_work(self, rock: Tenant, priya: Client) -> None:
        wait_for(rock, "LOW", priority=10)
        wait_for(rock, "HIGH", priority=90)
        wait_for(rock, "BOOKS", kind="books.close")

        assert listed(priya) == ["HIGH", "LOW"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=HIGH", ["HIGH"]),
            ("priority_min=90", ["HIGH"]),
            ("state=done", []),
            ("kind=claims.held", ["HIGH", "LOW"]),
            ("kind=books.close", []),
            ("assigned=me", []),
            ("assigned=nobody", ["HIGH", "LOW"]),
            ("due_before=2020-01-01T00:00:00Z", []),
            ("due_from=2020-01-01T00:00:00Z", ["HIGH", "LOW"]),
            ("amount_min=120.01", []),
            ("amount_max=120.00", ["HIGH", "LOW"]),
            ("size=1&page=2", ["LOW"]),
        ],
    )
    def test_filters_narrow_it(self, rock: Tenant, priya: Client, query: str, found: list[str]) -> None:
        wait_for(rock, "LOW", priority=10)
        wait_for(rock, "HIGH", priority=90)

        assert listed(priya, query) == found

    def test_it_is_narrowed_to_a_practice_one_works_for(self, rock: Tenant, priya: Client, theo: Client) -> None:
        wait_for(rock, "A")

        assert listed(priya, f"practice={rock.public_id}") == ["A"]
        assert theo.get(f"/api/work?practice={rock.public_id}").status_code == 404

    def test_a_long_list_says_how_many_there_are(
        self, rock: Tenant, priya: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counting, "COUNTED_AT_ONCE", 2)
        for key in "ABC":
            wait_for(rock, key)

        assert priya.get("/api/work?size=1").json()["total"] == 3


class TestOneItem:
    def test_it_is_worked_from_waiting_to_done_and_back(self, rock: Tenant, priya: Client) -> None:
        mine = wait_for(rock, "A")
        steps = [
            ("take", None), ("comments", {"text": "Called them."}), ("snooze", {"until": TOMORROW, "why": "they call"}),
            ("wake", None), ("give-back", None), ("done", {"outcome": "Id found"}), ("undo", None),
        ]  # fmt: skip

        states = [do(priya, f"{mine}/{act}", body).json()["state"] for act, body in steps]

        assert states == ["open", "open", "snoozed", "open", "open", "done", "open"]
        told = priya.get(f"/api/work/{mine}").json()["history"]
        assert [(one["what"], one["note"]) for one in told][1:4] == [
            ("done", "Id found"), ("assigned", "nobody"), ("woken", ""),
        ]  # fmt: skip

    def test_the_next_one_is_mine_and_a_key_takes_it_once(self, rock: Tenant, priya: Client) -> None:
        wait_for(rock, "A", priority=90)
        wait_for(rock, "B")

        first, again = (
            priya.post("/api/work/next", headers={"Idempotency-Key": "one"}).json()["item"] for _ in range(2)
        )

        assert (first["about"], first["assignee"]) == ("CLM-A", "Priya")
        assert again == first
        assert listed(priya, "assigned=me") == ["A"]

    def test_it_is_given_to_one_of_those_who_may_take_it(self, rock: Tenant, priya: Client) -> None:
        mine, marta = wait_for(rock, "A"), person("marta@mso.example", "Marta", billing_lead=rock)
        leo = person("leo@mso.example", "Leo", accountant=rock)

        (taker,) = priya.get(f"/api/work/{mine}/takers").json()
        given = do(priya, f"{mine}/assignment", {"to": taker["id"]}).json()
        refused = do(priya, f"{mine}/assignment", {"to": leo.public_id})

        assert taker == {"id": marta.public_id, "name": "Marta", "roles": ["Billing lead"], "open": 0}
        assert given["assignee"] == "Marta"
        assert (refused.status_code, refused.json()["detail"][:3]) == (422, "Leo")

    def test_nothing_is_next_when_nothing_waits(self, priya: Client) -> None:
        assert do(priya, "next").json() == {"item": None}

    def test_what_is_done_is_not_put_off(self, rock: Tenant, priya: Client) -> None:
        mine = wait_for(rock, "A")
        do(priya, f"{mine}/done", {})

        answer = do(priya, f"{mine}/snooze", {"until": TOMORROW})

        assert answer.status_code in {409, 422}
        assert answer.headers["Content-Type"] == "application/problem+json"


class TestManyItems:
    @pytest.mark.parametrize(
        ("body", "query"),
        [
            ({"act": "take"}, "assigned=me"),
            ({"act": "snooze", "until": TOMORROW}, "state=snoozed"),
            ({"act": "give", "to": "USR of Marta"}, "assigned=Marta"),
            ({"act": "done", "outcome": "Paid"}, "state=done"),
        ],
    )
    def test_an_act_on_many_tells_of_each(self, rock: Tenant, priya: Client, body: Any, query: str) -> None:
        ids = [wait_for(rock, key) for key in "AB"]
        marta = person("marta@mso.example", "Marta", billing_lead=rock)
        body = body | ({"to": marta.public_id} if "to" in body else {})

        told = do(priya, "acts", body | {"items": [*ids, "WRK-23456789"]}).json()

        assert [one["is_done"] for one in told] == [True, True, False]
        assert "no work item" in told[2]["sentence"]
        assert sorted(listed(priya, query)) == ["A", "B"]

    @pytest.mark.parametrize("act", ["snooze", "give"])
    def test_putting_off_says_until_when_and_giving_to_whom(self, rock: Tenant, priya: Client, act: str) -> None:
        answer = do(priya, "acts", {"act": act, "items": [wait_for(rock, "A")]})

        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.body")


class TestTheo:
    def test_sees_nothing(self, rock: Tenant, theo: Client) -> None:
        theirs = wait_for(rock, "A")

        assert listed(theo, "state=all") == []
        assert theo.get(f"/api/work/{theirs}").status_code == 404
        assert theo.get(f"/api/work/{theirs}/takers").status_code == 404
        assert do(theo, "next").json() == {"item": None}

    @pytest.mark.parametrize(
        ("act", "body"),
        [
            ("take", None), ("give-back", None), ("snooze", {"until": TOMORROW}), ("wake", None), ("done", {}),
            ("undo", None), ("comments", {"text": "mine now"}),
        ],
    )  # fmt: skip
    def test_works_nothing(self, rock: Tenant, priya: Client, theo: Client, act: str, body: Any) -> None:
        theirs = wait_for(rock, "A")
        before = priya.get(f"/api/work/{theirs}").json()

        assert do(theo, f"{theirs}/{act}", body).status_code == 404
        (told,) = do(theo, "acts", {"act": "done", "items": [theirs]}).json()

        assert not told["is_done"]
        assert priya.get(f"/api/work/{theirs}").json() == before


def test_a_token_without_the_permission_is_told_so(rock: Tenant) -> None:
    user = person("pam@mso.example", "Pam", billing_lead=rock)

    assert bearer(token_for(user, ["claims.read"], [rock])).get("/api/work").status_code == 403
