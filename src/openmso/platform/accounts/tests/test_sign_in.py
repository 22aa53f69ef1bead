"""Priya signs in: with a password, with a second factor, too often wrongly, and not at all."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import PASSWORD
from openmso.platform.audit.models import Event
from openmso.platform.identity import services
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def mso() -> Tenant:
    return testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")


@pytest.fixture
def priya(mso: Tenant) -> User:
    return testing.person("priya@mso.example", "Priya", password=PASSWORD, administrator=mso)


def try_password(browser: Client, email: str = "priya@mso.example", password: str = PASSWORD, **headers: Any) -> Any:
    return browser.post(LOGIN, {"login": email, "password": password}, **headers)


def without_tokens(answer: Any) -> str:
    return re.sub(r'"[A-Za-z0-9]{64}"', '""', answer.content.decode())


def test_the_page_offers_a_passkey_and_a_password_and_runs_no_inline_script(client: Client) -> None:
    answer = client.get(LOGIN)

    text = answer.content.decode()
    assert "Use a passkey" in text
    assert "Demo sign-ins" not in text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script(.*?)>(.*?)</script>", text, re.DOTALL)
    assert all("src=" in attributes or "application/json" in attributes for attributes, _ in scripts)
    assert " style=" not in text
    assert " onclick=" not in text


def test_a_password_alone_leads_to_setting_up_a_second_factor(client: Client, priya: User) -> None:
    try_password(client)

    answer = client.get("/people/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/2fa/")
    assert b"Set up a second factor" in client.get(answer.headers["Location"]).content


def test_an_authenticator_is_set_up_and_everything_opens(client: Client, priya: User) -> None:
    try_password(client)
    page = client.get("/accounts/2fa/totp/activate/")
    drawn = b64decode(page.context["totp_svg_data_uri"].removeprefix("data:image/svg+xml;base64,"))
    assert b'xmlns="http://www.w3.org/2000/svg"' in drawn  # without it no browser shows it as a picture
    secret = page.context["form"].secret
    assert b'alt="QR code of the secret below"' in page.content

    with pytest.MonkeyPatch.context() as told:
        told.setattr(testing, "SECRET", secret)
        answer = client.post("/accounts/2fa/totp/activate/", {"code": testing.code_now()})

    assert answer.status_code == 302, answer.content
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_with_a_second_factor_its_code_is_asked_for_and_used_once(client: Client, priya: User) -> None:
    testing.with_authenticator(priya)
    asked = try_password(client)
    assert asked.headers["Location"] == "/accounts/2fa/authenticate/"
    code = testing.code_now()

    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/people/").status_code == 200

    other = Client()
    try_password(other)
    replayed = other.post("/accounts/2fa/authenticate/", {"code": code})
    assert replayed.status_code == 200
    assert b"Incorrect code" in replayed.content


def test_the_session_key_changes_at_sign_in(client: Client, priya: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["before"] = "sign-in"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    try_password(client)

    assert client.session.session_key != before


def test_a_stranger_and_a_wrong_password_get_the_same_answer(client: Client, priya: User) -> None:
    def answer_for(email: str) -> tuple[int, str]:
        answer = try_password(Client(), email, "not the password at all")
        return answer.status_code, without_tokens(answer).replace(email, "")

    assert answer_for("priya@mso.example") == answer_for("nobody@mso.example")


def test_five_wrong_passwords_lock_the_account_and_no_other_behind_the_same_address(priya: User, mso: Tenant) -> None:
    testing.person("omar@mso.example", "Omar", password=PASSWORD, biller=mso)
    for _ in range(5):
        try_password(Client(), password="wrong")

    assert b"Too many failed login attempts" in try_password(Client()).content
    assert try_password(Client(), "omar@mso.example").status_code == 302


def test_asking_for_a_new_password_says_the_same_to_everybody_and_mails_only_accounts(priya: User) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("priya@mso.example", "nobody@mso.example")
    ]

    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert [message.to for message in mail.outbox] == [["priya@mso.example"]]


def test_the_link_in_the_mail_sets_a_password_once(priya: User) -> None:
    Client().post("/accounts/password/reset/", {"email": "priya@mso.example"})
    path = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert path is not None
    browser = Client()
    form = browser.get(path[1], follow=True)
    new = "another sentence nobody guesses"
    done = browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert b"Your password is set" in done.content

    assert b"This link is used up" in Client().get(path[1], follow=True).content
    assert try_password(Client(), password=new).status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    assert b"Accounts are made by invitation" in client.get("/accounts/signup/").content
    asked = {"email": "theo@rival.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", asked)

    assert not User.objects.filter(email="theo@rival.example").exists()


def test_a_service_account_cannot_sign_in_nor_ask_for_a_password(mso: Tenant) -> None:
    from openmso.platform.access.contracts import Actor

    with scope(practices=[mso.pk]):
        services.add_user(
            actor=Actor.system("a test", at=testing.AT), email="feed@mso.example", name="Feed", is_service=True,
            at=testing.AT,
        )  # fmt: skip
    Client().post("/accounts/password/reset/", {"email": "feed@mso.example"})

    assert mail.outbox == []
    assert try_password(Client(), "feed@mso.example").status_code == 200


def test_signing_in_and_failing_to_stand_in_the_trail(client: Client, priya: User, mso: Tenant) -> None:
    try_password(client, password="wrong")
    try_password(client)

    with scope(practices=[mso.pk]), reading():
        told = list(Event.objects.order_by("seq").values_list("action", flat=True))
    assert told[-2:] == ["identity.sign_in_failed", "identity.signed_in"]


class TestDemo:
    """One click, on this computer only."""

    @pytest.fixture(autouse=True)
    def _demo(self, settings: Any) -> None:
        settings.DEMO = True

    @pytest.fixture
    def nadia(self, priya: User, mso: Tenant) -> User:
        nadia = testing.person("nadia@mso.example", "Nadia Aziz", biller=mso)
        User.objects.filter(pk=nadia.pk).update(is_demo=True)
        return User.objects.get(pk=nadia.pk)

    def test_the_page_has_a_button_for_each_role_and_one_click_signs_in(self, client: Client, nadia: User) -> None:
        assert "Biller" in client.get(LOGIN).content.decode()

        client.post("/accounts/demo/", {"account": nadia.public_id})

        assert client.get("/settings/sessions/").status_code == 200
        assert client.get("/settings/tokens/").status_code == 200

    @pytest.mark.parametrize(
        "where",
        [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}],
        ids=["another computer that says it is localhost", "through a proxy"],
    )
    def test_from_elsewhere_there_is_no_demo(self, client: Client, nadia: User, where: dict[str, str]) -> None:
        assert "Demo sign-ins" not in client.get(LOGIN, **where).content.decode()
        assert client.post("/accounts/demo/", {"account": nadia.public_id}, **where).status_code == 404

    def test_somebody_who_is_no_demo_person_is_not_let_in(self, client: Client, priya: User) -> None:
        assert client.post("/accounts/demo/", {"account": priya.public_id}).status_code == 404

    def test_without_the_demo_mode_there_is_no_demo(self, client: Client, nadia: User, settings: Any) -> None:
        settings.DEMO = False

        assert client.post("/accounts/demo/", {"account": nadia.public_id}).status_code == 404

    def test_a_demo_person_with_a_second_factor_is_asked_for_it_and_the_page_shows_its_secret(
        self, client: Client, nadia: User
    ) -> None:
        services.enrol_demo_factor(account=nadia.public_id, secret=testing.SECRET)

        assert testing.SECRET in client.get(LOGIN).content.decode()
        asked = client.post("/accounts/demo/", {"account": nadia.public_id})
        assert asked.headers["Location"] == "/accounts/2fa/authenticate/"
        client.post("/accounts/2fa/authenticate/", {"code": testing.code_now()})
        assert client.get("/settings/tokens/").status_code == 200

    def test_only_demo_accounts_get_a_known_secret(self, priya: User) -> None:
        with pytest.raises(User.DoesNotExist):
            services.enrol_demo_factor(account=priya.public_id, secret=testing.SECRET)
