"""What only a confirmed person may do leads to the confirmation, and back to what they were doing."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import PASSWORD
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture
def mso() -> Tenant:
    return testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")


@pytest.fixture
def browser(mso: Tenant) -> Client:
    priya = testing.person("priya@mso.example", "Priya", password=PASSWORD, administrator=mso)
    return testing.signed_in(priya, confirmed=False)


def test_a_page_waits_for_the_confirmation_and_comes_back(browser: Client) -> None:
    asked = browser.get("/people/new/?from=list")
    assert asked.headers["Location"] == f"{CONFIRM}?next=%2Fpeople%2Fnew%2F%3Ffrom%3Dlist"
    assert b"Confirm that it is you" in browser.get(asked.headers["Location"]).content

    back = browser.post(CONFIRM, {"password": PASSWORD, "next": "/people/new/?from=list"})

    assert back.headers["Location"] == "/people/new/?from=list"
    assert browser.get("/people/new/").status_code == 200


def test_a_wrong_password_opens_nothing(browser: Client) -> None:
    browser.post(CONFIRM, {"password": "wrong", "next": "/people/new/"})

    assert browser.get("/people/new/").status_code == 302


def test_a_form_that_was_sent_is_kept_and_done_after_the_confirmation(browser: Client) -> None:
    asked = browser.post("/people/new/", {"name": "Omar", "email": "omar@mso.example"})
    assert asked.headers["Location"].startswith(CONFIRM)
    assert not User.objects.filter(email="omar@mso.example").exists()

    browser.post(asked.headers["Location"], {"password": PASSWORD, "next": "/people/new/"})

    assert User.objects.filter(email="omar@mso.example").exists()


def test_an_act_is_no_page_and_says_so(mso: Tenant, browser: Client) -> None:
    """Whoever comes to its address by a bookmark or by going back; a sign-in leads to the page it was asked from."""
    omar = testing.person("omar@mso.example", "Omar", biller=mso)
    act, page = f"/people/{omar.public_id}/disable/", f"/people/{omar.public_id}/?tab=roles"

    asked = browser.get(act)
    unknown = Client().post(act, headers={"Referer": f"http://testserver{page}"})

    assert (asked.status_code, asked.headers["Allow"]) == (405, "POST")
    assert "press the button again" in asked.content.decode()
    assert unknown.headers["Location"].endswith(quote(page))
    assert Client().post(act, headers={"Referer": "https://evil.example/x"}).headers["Location"].endswith("next=/")


def test_an_htmx_act_leads_the_whole_page_there_and_back_to_its_page(browser: Client, mso: Tenant) -> None:
    omar = testing.person("omar@mso.example", "Omar", biller=mso)

    asked = browser.post(
        f"/people/{omar.public_id}/disable/",
        {"why": "left"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver/people/{omar.public_id}/?tab=roles"},
    )

    assert asked.status_code == 403
    assert asked.headers["HX-Redirect"] == f"{CONFIRM}?next=%2Fpeople%2F{omar.public_id}%2F%3Ftab%3Droles"
    omar.refresh_from_db()
    assert omar.is_active


def test_the_way_back_never_leaves_the_house(browser: Client) -> None:
    back = browser.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})

    assert "evil.example" not in back.headers["Location"]


def test_what_confirming_would_not_allow_is_refused_at_once(mso: Tenant) -> None:
    biller = testing.person("omar@mso.example", "Omar", password=PASSWORD, biller=mso)

    answer = testing.signed_in(biller, confirmed=False).get("/people/new/")

    assert answer.status_code == 403
