"""In a real browser: a passkey is made and signs in, an authenticator is set up, people are looked after; all under
the site's own content security policy, and nothing for axe to object to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, expect

from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import PASSWORD
from openmso.platform.identity.models import User
from tests.browser.conftest import serving

Axe = Callable[[], list[str]]
PRIYA = "priya@mso.example"
VIRTUAL = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def site(committed: str, static_root: str) -> Iterator[str]:
    """The site over a database of this test, at localhost, because passkeys belong to a name."""
    with (
        override_settings(STATIC_ROOT=static_root, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
        serving("localhost") as address,
    ):
        yield address
    connections.close_all()


@pytest.fixture
def priya(site: str) -> User:
    mso, rockland = testing.tenant("HARBOR", "Harbor Ridge MSO", "mso"), testing.tenant("ROCK", "Rockland")
    testing.open_lines(rockland)
    testing.person("omar@mso.example", "Omar Haddad", biller=rockland)
    return testing.person(PRIYA, "Priya Raman", password=PASSWORD, administrator=[mso, rockland])


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/people/")
    page.get_by_label("E-mail").fill(PRIYA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_a_passkey_is_made_and_then_signs_in_alone(page: Page, site: str, priya: User) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    sign_in(page, site)
    expect(page.get_by_text("Set up a second factor.")).to_be_visible()

    page.locator("#passkeys").get_by_role("link", name="Add one").click()
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{site}/people/")
    expect(page.get_by_role("heading", name="People")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/?next=/people/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_an_authenticator_is_set_up_and_asked_for(page: Page, site: str, priya: User) -> None:
    sign_in(page, site)
    page.locator("#authenticator").get_by_role("link", name="Set up").click()
    expect(page.get_by_alt_text("QR code of the secret below")).to_be_visible()
    secret = page.locator("dd .code").inner_text()
    with pytest.MonkeyPatch.context() as told:
        told.setattr(testing, "SECRET", secret)
        page.get_by_label("The six digits it shows").fill(testing.code_now())
        page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    code = page.locator("#codes .code").first.inner_text()

    page.context.clear_cookies()
    sign_in(page, site)
    page.get_by_label("Code from your authenticator app").fill(code)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="People")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_before_sign_in_have_nothing_to_object_to(
    page: Page, site: str, priya: User, axe: Axe, theme: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for path in ("login/", "password/reset/", "password/reset/done/", "signup/", "inactive/"):
        page.goto(f"{site}/accounts/{path}")
        assert axe() == [], path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_pages_and_people_have_nothing_to_object_to(
    page: Page, site: str, priya: User, axe: Axe, theme: str
) -> None:
    browser = testing.signed_in(priya)
    page.context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": site}])
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    omar = User.objects.get(email="omar@mso.example").public_id
    for path in (
        "accounts/2fa/", "accounts/2fa/webauthn/", "accounts/2fa/webauthn/add/",
        "accounts/2fa/recovery-codes/generate/",
        "accounts/password/change/", "settings/sessions/", "settings/tokens/", "settings/tokens/new/", "people/",
        "people/new/", f"people/{omar}/", f"people/{omar}/why/", f"people/{omar}/assignments/new/",
    ):  # fmt: skip
        page.goto(f"{site}/{path}")
        assert axe() == [], path


def test_the_api_pages_run_under_the_policy(page: Page, site: str, priya: User) -> None:
    browser = testing.signed_in(priya)
    page.context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": site}])

    page.goto(f"{site}/api/docs/")

    expect(page.get_by_text("/api/me", exact=True)).to_be_visible()
