"""A session does not end under somebody's hands: who types is there, who does not is asked, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from openmso.platform.accounts import testing
from openmso.platform.identity.models import User
from tests.browser.conftest import Faults
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture
from tests.browser.test_work import enter

Axe = Callable[[], list[str]]


@pytest.fixture
def rui(site: str, page: Page) -> User:  # noqa: F811
    """Rui looks after people; the clock of his page is ours."""
    mso = testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")
    user = testing.person("rui@mso.example", "Rui Castell", administrator=[mso])
    page.clock.install()
    enter(page, site, user)
    page.goto(f"{site}/people/new/", wait_until="networkidle")
    page.get_by_label("E-mail").fill("new@mso.example")
    return user


def test_who_is_quiet_is_asked_in_time_and_goes_on(page: Page, rui: User, axe: Axe) -> None:
    dialog = page.get_by_role("dialog", name="Are you still there?")
    page.clock.fast_forward("11:00")
    expect(dialog).to_be_hidden()

    page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()
    assert axe() == []
    with page.expect_response("**/ui/present/") as told:
        page.get_by_role("button", name="I am here").click()

    assert told.value.status == 204
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("11:00")
    expect(dialog).to_be_hidden()


def test_who_types_is_there(page: Page, rui: User) -> None:
    page.clock.fast_forward("11:00")
    with page.expect_response("**/ui/present/") as told:
        page.get_by_label("E-mail").press("End")

    page.clock.fast_forward("05:00")
    assert told.value.status == 204
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_was_typed_outlives_the_session(page: Page, site: str, rui: User, faults: Faults) -> None:  # noqa: F811
    faults.forgive("401")
    page.clock.fast_forward("15:00")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.keyboard.press("Escape")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()

    enter(page, site, rui)
    other = page.context.new_page()
    other.goto(f"{site}/")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("E-mail")).to_have_value("new@mso.example")
    page.get_by_label("Name").fill("Nils New")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="Nils New")).to_be_visible()


def test_a_form_pressed_again_is_not_sent_again(page: Page, rui: User) -> None:
    went = page.locator("main form").evaluate(
        """(form) => {
            const press = () => form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
            return [press(), press()];
        }"""
    )

    assert went == [True, False]
