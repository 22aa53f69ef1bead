"""What a practice asks: published from a day on by whoever may, seen by whoever sees charges, and never changed."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast, person
from openmso.charges import queries
from openmso.charges import testing as charges
from openmso.platform.accounts.testing import bearer, signed_in, token_for
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(cast: Cast, now: datetime) -> datetime:
    with scope(practices=[cast.rockland.id]):
        charges.fee_schedule(practice=cast.rockland.id, at=now)
    return now


@pytest.fixture
def lea(cast: Cast, now: datetime) -> Client:
    """An owner of the practice: what it asks is hers to decide."""
    return signed_in(person("lea@mso.example", "Lea", practice=cast.rockland.id, role="practice_owner", at=now))


def at(cast: Cast, name: str) -> str:
    return reverse(f"charges:{name}", args=[cast.rockland.practice.public_id])


def test_prices_are_published_from_a_day_on_and_what_is_left_out_holds_on(cast: Cast, lea: Client) -> None:
    given = {
        "name": "Standard", "payer": "", "label": "Standard 2026", "starts_on": "2026-03-02",
        "prices": "99213, 155.00\n99213-25\t165\nJ3490,$12.50\n",
    }  # fmt: skip

    saved = lea.post(at(cast, "publish"), given)
    page = lea.get(at(cast, "fees")).content.decode()
    found = lea.get(at(cast, "fees"), {"q": "992"}).content.decode()
    panel = lea.get(at(cast, "latest")).content.decode()

    assert saved.status_code == 303, saved.content.decode()[-1500:]
    assert all(said in page for said in ("155.00", "165.00", "12.50", "210.00")), "99214 holds on from before"
    assert "J3490" not in found
    assert "Standard 2026, from" in panel
    assert "3 prices" in panel


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ("99213, 155.00\n99214 twelve", "Line 2, 99214 twelve, is no price."),
        ("99213 -5\n99214, 1.005\n99215, 7", "Line 2, 99214, 1.005, is no price."),
        ("\n".join(["x"] * 7), "2 more lines are no prices."),
        ("99213, 1\n99213, 2", "99213 stands twice."),
        ("99213, 0.00", "99213 would cost 0.00."),
    ],
)
def test_what_is_no_price_is_refused_in_words(cast: Cast, lea: Client, prices: str, words: str) -> None:
    given = {"name": "Standard", "label": "2026", "starts_on": "2026-03-02", "prices": prices}

    refused = lea.post(at(cast, "publish"), given)

    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_prices_copied_out_of_a_spreadsheet_may_have_thousands(cast: Cast, lea: Client) -> None:
    given = {"name": "Standard", "label": "2026", "starts_on": "2026-03-02"}
    pasted = '99213\t1,234.50\n99214,25,"2,345.00"\n99215\t25,140.00\nJ3490,25,150.00'

    lea.post(at(cast, "publish"), given | {"prices": pasted})

    page = lea.get(at(cast, "fees")).content.decode()
    assert all(said in page for said in ("1,234.50", "2,345.00", "25,140.00", "150.00"))


def test_of_two_schedules_the_list_shows_the_price_that_is_asked(cast: Cast, lea: Client) -> None:
    """The version that began last; of one day, the one that was published last."""
    for name, price in (("Old", "11.00"), ("New", "12.00")):
        lea.post(
            at(cast, "publish"), {"name": name, "label": name, "starts_on": "2026-03-01", "prices": f"99213, {price}"}
        )

    page = lea.get(at(cast, "fees"), {"q": "99213"}).content.decode()
    with scope(practices=[cast.rockland.id]), reading():
        asked = queries.price(practice=cast.rockland.id, code="99213", modifiers=(), payer_id=None, on=date(2026, 3, 2))

    assert asked is not None
    assert str(asked.amount) == "12.00"
    assert "12.00" in page
    assert "11.00" not in page


def test_a_biller_reads_prices_and_publishes_none_and_theo_sees_none(cast: Cast, now: datetime) -> None:
    priya, theo = signed_in(cast.priya), signed_in(cast.theo)

    assert "Publish" not in priya.get(at(cast, "fees")).content.decode()
    assert priya.post(at(cast, "publish"), {}).status_code == 403
    assert theo.get(at(cast, "fees")).status_code == 404


def test_software_publishes_and_lists_them(cast: Cast, now: datetime) -> None:
    lea = person("lea@mso.example", "Lea", practice=cast.rockland.id, role="practice_owner", at=now)
    software = bearer(token_for(lea, ["charges.fees", "charges.read"], [Tenant.objects.get(pk=cast.rockland.id)]))
    path = f"/api/practices/{cast.rockland.practice.public_id}/fees"
    body = {"label": "2026", "starts_on": "2026-03-02", "fees": [{"code": "J3490", "amount": "12.50"}]}

    made = software.post(path, json.dumps(body), content_type="application/json")
    again = software.post(path, json.dumps(body), content_type="application/json")
    listed = software.get(path, {"q": "J"}).json()

    assert made.status_code == 201, made.content
    assert (again.status_code, again.json()["code"]) == (409, "fees_published_twice")
    assert [(one["code"], one["amount"], one["version"]) for one in listed["items"]] == [("J3490", "12.50", "2026")]
