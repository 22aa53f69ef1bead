"""Software calls: who it is, how far it reaches, what it is told when the answer is no, and how pages turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from openmso.kit import clock
from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import bearer, token_for
from openmso.platform.identity.models import ApiToken, User
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mso() -> Tenant:
    return testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")


@pytest.fixture
def rockland() -> Tenant:
    return testing.tenant("ROCK", "Rockland Family Practice")


@pytest.fixture
def priya(mso: Tenant, rockland: Tenant) -> User:
    return testing.person("priya@mso.example", "Priya", administrator=[mso, rockland])


def problem(answer: object) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"  # type: ignore[attr-defined]
    body = answer.json()  # type: ignore[attr-defined]
    assert body["type"] == f"urn:openmso:problem:{body['code']}"
    assert body["status"] == answer.status_code  # type: ignore[attr-defined]
    assert body["detail"].endswith(".")
    return answer.status_code, body["code"]  # type: ignore[attr-defined]


def test_a_token_says_who_calls_and_reaches_only_its_own_practices(priya: User, mso: Tenant, rockland: Tenant) -> None:
    me = bearer(token_for(priya, ["users.read"], [rockland])).get("/api/me").json()

    assert me["name"] == "Priya"
    assert me["kind"] == "service"
    assert [one["code"] for one in me["practices"]] == ["ROCK"]
    assert me["permissions"] == ["users.read"]


def test_the_secret_is_kept_nowhere(priya: User, rockland: Tenant) -> None:
    secret = token_for(priya, ["users.read"], [rockland])

    kept = ApiToken.objects.get()
    assert secret.startswith("omso_")
    assert len(secret) >= 48
    assert secret not in str(vars(kept))
    assert secret.startswith(kept.hint)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer omso_wrong", "Basic dXNlcjpwYXNz", "Bearer  "])
def test_nobody_known_gets_401_with_a_challenge(header: str) -> None:
    answer = Client(headers={"Authorization": header} if header else {}).get("/api/me")

    assert problem(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="openmso"')


class TestATokenNeverReachesFurtherThanItsPerson:
    """Decided anew for every call."""

    @pytest.fixture
    def software(self, priya: User, rockland: Tenant) -> Client:
        software = bearer(token_for(priya, ["users.read"], [rockland]))
        assert software.get("/api/users").status_code == 200
        return software

    def test_when_it_is_revoked(self, software: Client, priya: User) -> None:
        token = ApiToken.objects.get()
        page = testing.signed_in(priya)
        assert token.hint.encode() in page.get("/settings/tokens/").content

        page.post(f"/settings/tokens/{token.public_id}/revoke/")

        assert software.get("/api/users").status_code == 401

    def test_when_its_days_are_over(self, software: Client) -> None:
        long_ago = clock.now() - timedelta(days=90)
        ApiToken.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=89))

        assert software.get("/api/users").status_code == 401

    def test_when_the_account_is_disabled(self, software: Client, priya: User) -> None:
        User.objects.filter(pk=priya.pk).update(is_active=False)

        assert software.get("/api/users").status_code == 401

    def test_when_the_role_has_ended(self, software: Client, priya: User, rockland: Tenant, mso: Tenant) -> None:
        boss = testing.signed_in(testing.person("boss@mso.example", "Boss", administrator=[mso, rockland]))
        rows = boss.get(f"/people/{priya.public_id}/").context["current"]
        for row in rows:
            ended = {"ends_on": "2026-01-02", "why": "left"}
            boss.post(f"/people/{priya.public_id}/assignments/{row.public_id}/end/", ended)

        assert problem(software.get("/api/users")) == (403, "not_allowed")

    def test_in_what_it_was_not_given(self, software: Client) -> None:
        answer = software.get("/api/tokens")

        assert problem(answer) == (403, "not_allowed")
        assert "This token was not given the right" in answer.json()["detail"]

    def test_from_another_network(self, priya: User, rockland: Tenant) -> None:
        secret = token_for(priya, ["users.read"], [rockland], networks=["203.0.113.0/24"])

        assert bearer(secret).get("/api/users").status_code == 401
        assert bearer(secret).get("/api/users", REMOTE_ADDR="203.0.113.9").status_code == 200

    def test_by_saying_it_comes_from_another_network(self, priya: User, rockland: Tenant) -> None:
        secret = token_for(priya, ["users.read"], [rockland], networks=["203.0.113.0/24"])

        answer = bearer(secret).get("/api/users", headers={"X-Forwarded-For": "203.0.113.9"})

        assert answer.status_code == 401

    def test_to_acts_that_a_person_must_confirm(self, priya: User, rockland: Tenant) -> None:
        from openmso.platform.identity.services import CannotIssue

        with pytest.raises(CannotIssue, match="a person must confirm who they are"):
            token_for(priya, ["users.manage"], [rockland])

    def test_to_what_the_person_may_not(self, priya: User, rockland: Tenant) -> None:
        from openmso.kit.errors import Forbidden

        with pytest.raises(Forbidden):
            token_for(priya, ["ledger.post"], [rockland])


def test_a_service_account_acts_by_token_while_whoever_vouches_may(priya: User, mso: Tenant, rockland: Tenant) -> None:
    from openmso.platform.access import queries as access
    from openmso.platform.access import services as grants
    from openmso.platform.access.contracts import Actor
    from openmso.platform.identity import services
    from openmso.platform.tenancy.scope import scope

    at = clock.now()
    system = Actor.system("a test", at=at)
    vouches = access.actor_for(priya, at=at, fresh=True)
    with scope(practices=[mso.pk, rockland.pk], user=priya.pk):
        feed = services.add_user(actor=system, email="feed@ehr.example", name="EHR feed", is_service=True, at=at)
        grants.assign(actor=system, practice=rockland.pk, user_id=feed.user_id, role="integrator",
                      starts_on=testing.SINCE, at=at)  # fmt: skip
        secret = services.issue_token(
            actor=vouches, name="feed",
            permissions=["tokens.read"], practices=[rockland.pk], account=feed.public_id, at=at,
        ).secret  # fmt: skip
    software = bearer(secret)
    assert software.get("/api/me").json()["name"] == "EHR feed"
    assert software.get("/api/tokens").status_code == 200

    User.objects.filter(pk=priya.pk).update(is_active=False)

    assert software.get("/api/me").status_code == 401


def test_pages_turn_by_links_and_say_how_many_there_are(priya: User, rockland: Tenant) -> None:
    for number in range(5):
        testing.person(f"p{number}@mso.example", f"Person {number}")
    software = bearer(token_for(priya, ["users.read"], [rockland]))

    first = software.get("/api/users?size=2&q=Person")
    assert [one["name"] for one in first.json()["items"]] == ["Person 0", "Person 1"]
    assert first.json()["total"] == 5
    assert 'rel="prev"' not in first.headers["Link"]

    names, url = [], "/api/users?size=2&q=Person"
    while url:
        answer = software.get(url)
        names += [one["name"] for one in answer.json()["items"]]
        links = dict(reversed(link.split("; rel=")) for link in answer.headers["Link"].split(", "))
        url = links.get('"next"', "<>")[1:-1].removeprefix("http://testserver")
    assert names == [f"Person {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/users?size=0", 422, "does_not_fit"),
        ("/api/users?size=201", 422, "does_not_fit"),
        ("/api/users?page=x", 422, "does_not_fit"),
        ("/api/users/USR-23456789", 404, "no_such_account"),
        ("/api/users/1", 422, "does_not_fit"),
        ("/api/nothing", 404, "not_found"),
    ],
)
def test_every_no_is_a_problem(priya: User, rockland: Tenant, path: str, status: int, code: str) -> None:
    assert problem(bearer(token_for(priya, ["users.read"], [rockland])).get(path)) == (status, code)


def test_a_body_that_is_no_json_is_a_problem(priya: User) -> None:
    answer = testing.signed_in(priya).post("/api/users", b"{not json", content_type="application/json")

    assert problem(answer) == (400, "bad_request")


def test_a_method_that_is_not_taken_is_a_problem_that_names_those_that_are(priya: User, rockland: Tenant) -> None:
    answer = bearer(token_for(priya, ["users.read"], [rockland])).patch("/api/users")

    assert problem(answer) == (405, "method_not_allowed")
    assert {one.strip() for one in answer.headers["Allow"].split(",")} == {"GET", "POST"}


class TestBySession:
    """A signed-in person calls from their browser, as the API pages do."""

    def test_reading_works_and_writing_needs_the_csrf_token(self, priya: User) -> None:
        browser = testing.signed_in(priya)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.cookies

        assert strict.get("/api/me").status_code == 200
        refused = strict.post("/api/users", {"name": "Omar", "email": "o@mso.example"}, content_type="application/json")
        assert problem(refused) == (403, "csrf")

    def test_a_confirmed_administrator_adds_and_disables_an_account(self, priya: User) -> None:
        browser = testing.signed_in(priya)

        made = browser.post("/api/users", {"name": "Omar", "email": "o@mso.example"}, content_type="application/json")
        assert made.status_code == 201
        url = f"/api/users/{made.json()['id']}"
        closed = browser.post(f"{url}/disabling", {"why": "left"}, content_type="application/json")

        assert closed.json()["state"] == "disabled"
        assert browser.post(f"{url}/enabling").json()["state"] == "invited"

    def test_without_a_recent_confirmation_the_answer_says_so(self, priya: User) -> None:
        browser = testing.signed_in(priya, confirmed=False)

        answer = browser.post("/api/users", {"name": "O", "email": "o@mso.example"}, content_type="application/json")

        assert problem(answer) == (403, "not_allowed")
        assert "Confirm that it is you" in answer.json()["detail"]

    def test_roles_are_given_explained_and_ended(self, priya: User, rockland: Tenant) -> None:
        browser = testing.signed_in(priya)
        omar = testing.person("omar@mso.example", "Omar")
        url = f"/api/users/{omar.public_id}"
        wanted = {"practice": rockland.public_id, "role": "it_desk", "starts_on": "2026-01-01"}

        given = browser.post(f"{url}/assignments", wanted, content_type="application/json")
        assert given.status_code == 201
        answers = browser.get(f"{url}/decisions?practice={rockland.public_id}").json()
        assert {one["permission"] for one in answers if one["allowed"]} >= {"users.read", "jobs.read"}

        ended = browser.post(
            f"/api/practices/{rockland.public_id}/assignments/{given.json()['id']}/end",
            {"ends_on": "2026-01-02", "why": "moved"}, content_type="application/json",
        )  # fmt: skip
        assert ended.status_code == 204
        assert [one["ends_on"] for one in browser.get(f"{url}/assignments").json()] == ["2026-01-02"]

    def test_a_token_is_made_shown_once_and_revoked(self, priya: User, rockland: Tenant) -> None:
        browser = testing.signed_in(priya)
        wanted = {"name": "export", "permissions": ["users.read"], "practices": [rockland.public_id], "days": 7}

        made = browser.post("/api/tokens", wanted, content_type="application/json").json()
        assert bearer(made["secret"]).get("/api/users").status_code == 200
        assert made["secret"] not in browser.get(f"/api/tokens/{made['id']}").content.decode()

        assert browser.delete(f"/api/tokens/{made['id']}").status_code == 204
        assert browser.delete(f"/api/tokens/{made['id']}").status_code == 204
        assert browser.get(f"/api/tokens/{made['id']}").json()["state"] == "revoked"

    @pytest.mark.parametrize("extra", [{"is_superuser": True}, {"id": "USR-23456789"}, {"is_demo": True}])
    def test_nothing_is_assigned_by_the_way(self, priya: User, extra: dict[str, object]) -> None:
        body = {"name": "Omar", "email": "o@mso.example"} | extra

        answer = testing.signed_in(priya).post("/api/users", body, content_type="application/json")

        assert problem(answer) == (422, "does_not_fit")
        assert not User.objects.filter(email="o@mso.example").exists()


def test_somebody_without_a_second_factor_reads_nothing(priya: User) -> None:
    answer = testing.signed_in(priya, secured=False).get("/api/users")

    assert problem(answer) == (403, "not_allowed")
    assert "second factor" in answer.json()["detail"]


def test_too_many_calls_are_told_to_wait(priya: User, rockland: Tenant, settings: object) -> None:
    settings.API_CALLS_A_MINUTE = 3  # type: ignore[attr-defined]
    software = bearer(token_for(priya, ["users.read"], [rockland]))

    answers = [software.get("/api/me") for _ in range(8)]

    assert problem(answers[-1]) == (429, "too_many_calls")
    assert int(answers[-1].headers["Retry-After"]) <= 60


def test_the_description_is_behind_sign_in_and_names_each_permission(client: Client, priya: User) -> None:
    assert client.get("/api/openapi.json").status_code == 302
    assert client.get("/api/docs/").status_code == 302

    described = testing.signed_in(priya).get("/api/openapi.json").json()

    assert described["paths"]["/api/users"]["get"]["x-permission"] == "users.read"
    assert testing.signed_in(priya).get("/api/docs/").status_code == 200


def test_the_committed_description_is_the_same_every_time() -> None:
    from openmso.config.api import schema_json

    assert schema_json() == schema_json()
    assert schema_json().endswith("}\n")
