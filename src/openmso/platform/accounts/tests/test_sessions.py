"""Sessions end when they should: by time, by the person, by an administrator, by a changed credential.

Time is travelled by moving the past: what a session remembers is set back, nothing sleeps.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

import openmso
from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import PASSWORD
from openmso.platform.identity import middleware
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
MINE = "/settings/sessions/"
ASKS_BY_ITSELF = {middleware.BACKGROUND: "1"}


@pytest.fixture
def mso() -> Tenant:
    return testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")


@pytest.fixture
def priya(mso: Tenant) -> User:
    return testing.person("priya@mso.example", "Priya", password=PASSWORD, administrator=mso)


@pytest.fixture
def browser(priya: User) -> Client:
    browser = testing.signed_in(priya)
    assert browser.get(MINE).status_code == 200
    return browser


def earlier(browser: Client, *, began: timedelta = timedelta(), seen: timedelta = timedelta()) -> None:
    """Set back when the session began and was last seen."""
    session = browser.session
    session[middleware.BEGAN] -= began.total_seconds()
    session[middleware.SEEN] -= seen.total_seconds()
    session.save()


def is_over(browser: Client) -> bool:
    answer = browser.get(MINE)
    return answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")


def test_after_14_minutes_one_is_still_there(browser: Client) -> None:
    earlier(browser, began=timedelta(minutes=14), seen=timedelta(minutes=14))

    assert not is_over(browser)


def test_after_15_idle_minutes_one_is_signed_out_and_told_why(browser: Client) -> None:
    earlier(browser, began=timedelta(minutes=15), seen=timedelta(minutes=15))

    assert is_over(browser)
    assert b"signed out after 15 minutes without activity" in browser.get("/accounts/login/").content


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(browser: Client) -> None:
    for passed in (10, 4):
        earlier(browser, began=timedelta(minutes=passed), seen=timedelta(minutes=passed))
        before = browser.session[middleware.SEEN]
        assert browser.get(MINE, headers=ASKS_BY_ITSELF).status_code == 200
        assert browser.session[middleware.SEEN] == before

    earlier(browser, began=timedelta(minutes=1), seen=timedelta(minutes=1))
    assert browser.get(MINE, headers=ASKS_BY_ITSELF).status_code == 302


def test_every_page_that_asks_by_itself_says_so() -> None:
    house = Path(openmso.__file__).parent
    asks = [path for path in house.rglob("*.html") if 'hx-trigger="every' in path.read_text()]

    assert len(asks) >= 3
    assert [path.name for path in asks if middleware.BACKGROUND not in path.read_text()] == []


def test_activity_keeps_a_session_until_12_hours(browser: Client) -> None:
    for _ in range(3):
        earlier(browser, began=timedelta(hours=3, minutes=59), seen=timedelta(minutes=10))
        assert not is_over(browser)

    earlier(browser, began=timedelta(minutes=4))

    assert is_over(browser)
    assert b"signed out after 12 hours" in browser.get("/accounts/login/").content


def test_htmx_is_told_to_move_the_whole_page(browser: Client) -> None:
    earlier(browser, began=timedelta(hours=12))

    answer = browser.get("/people/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")


def test_one_place_is_signed_out_from_another(browser: Client, priya: User) -> None:
    elsewhere = testing.signed_in(priya)
    assert not is_over(elsewhere)
    page = browser.get(MINE)
    (other,) = [row for row in page.context["sessions"] if not row.is_current]

    browser.post(f"{MINE}{other.public_id}/end/")

    assert is_over(elsewhere)
    assert not is_over(browser)


def test_the_page_never_shows_the_key_of_a_session(browser: Client) -> None:
    assert browser.session.session_key.encode() not in browser.get(MINE).content


def test_nobody_ends_anothers_session(browser: Client, mso: Tenant) -> None:
    theo = testing.signed_in(testing.person("theo@mso.example", "Theo", biller=mso))
    page = browser.get(MINE)

    theo.post(f"{MINE}{page.context['sessions'][0].public_id}/end/")

    assert not is_over(browser)


def test_signing_out_everywhere_ends_this_one_too(browser: Client, priya: User) -> None:
    elsewhere = testing.signed_in(priya)

    browser.post(f"{MINE}end/")

    assert is_over(browser)
    assert is_over(elsewhere)


def test_disabling_an_account_ends_its_sessions_with_the_next_request(browser: Client, mso: Tenant) -> None:
    omar = testing.person("omar@mso.example", "Omar", biller=mso)
    his = testing.signed_in(omar)
    assert not is_over(his)

    browser.post(f"/people/{omar.public_id}/disable/", {"why": "left the company"})
    assert is_over(his)

    browser.post(f"/people/{omar.public_id}/enable/")
    assert is_over(his)  # enabling again revives nothing


def test_a_changed_password_ends_every_session(browser: Client, priya: User) -> None:
    elsewhere = testing.signed_in(priya)
    new = "another sentence nobody guesses"

    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_over(browser)
    assert is_over(elsewhere)


def test_a_removed_second_factor_ends_every_other_session(
    browser: Client, priya: User, django_capture_on_commit_callbacks: object
) -> None:
    elsewhere = testing.signed_in(priya)
    before = browser.session.session_key

    browser.post("/accounts/2fa/totp/deactivate/")

    assert is_over(elsewhere)
    assert not is_over(browser)
    assert browser.session.session_key != before
    assert browser.get("/people/").headers["Location"].startswith("/accounts/2fa/")


def test_negative_control_a_session_that_nobody_ended_lives(browser: Client, priya: User) -> None:
    """The checks of this file must be able to fail: two sessions live until something ends them."""
    elsewhere = testing.signed_in(priya)
    assert not is_over(elsewhere)
    assert not is_over(browser)

    Session.objects.filter(session_key=elsewhere.session.session_key).delete()

    assert is_over(elsewhere)
