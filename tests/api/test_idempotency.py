"""The same POST sent twice is done once: in a row, at the same time, and after a failure."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import encode_multipart

from openmso.kit import clock
from openmso.platform.accounts import testing
from openmso.platform.api import idempotency
from openmso.platform.api.models import StoredAnswer
from openmso.platform.audit.models import Event
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope

OMAR = {"name": "Omar", "email": "omar@mso.example"}


def network() -> tuple[Tenant, User]:
    mso = testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")
    return mso, testing.person("priya@mso.example", "Priya", administrator=mso)


def add(browser: Client, key: str = "one", body: Any = OMAR) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post("/api/users", body, content_type="application/json", headers=headers)


def digest_of_upload(content: bytes, boundary: str) -> str:
    """Of a form with a file, as a program packs it that parts it in a way of its own each time."""
    form = encode_multipart(boundary, {"practice": "ROCK", "file": SimpleUploadedFile("era.835", content)})
    kind = f"multipart/form-data; boundary={boundary}"
    request = RequestFactory().post("/api/remittance-files", form, content_type=kind)
    digest = idempotency.asked(request, owner="priya", key="one", at=clock.now()).request_sha256
    request.close()
    return digest


@pytest.mark.django_db
class TestInARow:
    @pytest.fixture
    def browser(self) -> Client:
        return testing.signed_in(network()[1])

    def test_the_second_call_gets_the_first_answer(self, browser: Client) -> None:
        first, second = add(browser), add(browser)

        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert first.status_code == 201
        assert "Idempotent-Replayed" not in first.headers
        assert second.headers["Idempotent-Replayed"] == "true"
        assert User.objects.filter(email="omar@mso.example").count() == 1

    def test_an_answer_of_no_is_repeated_too(self, browser: Client) -> None:
        add(browser, "first")
        refused = add(browser, "again")
        assert refused.status_code == 409
        User.objects.filter(email="omar@mso.example").update(email="was.omar@mso.example")

        assert add(browser, "again").content == refused.content

    def test_the_same_key_for_something_else_is_refused(self, browser: Client) -> None:
        add(browser)

        answer = add(browser, body=OMAR | {"name": "Omar Haddad"})

        assert answer.status_code == 422
        assert answer.json()["code"] == "key_was_used"

    def test_another_callers_key_is_another_key(self, browser: Client) -> None:
        add(browser)
        other = testing.signed_in(testing.person("b@mso.example", "B", administrator=Tenant.objects.get()))

        assert add(other).status_code == 409  # done anew: there is such an account

    def test_without_a_key_nothing_is_kept(self, browser: Client) -> None:
        add(browser, key="")

        assert not StoredAnswer.objects.exists()

    def test_an_upload_is_told_by_its_file_however_large_and_however_it_is_packed(self, browser: Client) -> None:
        large = b"ISA*00" * 1_000_000
        first, again, other = (
            digest_of_upload(content, boundary)
            for content, boundary in ((large, "first"), (large, "again"), (large + b"~", "first"))
        )

        assert first == again
        assert first != other

    @pytest.mark.parametrize("key", ["x" * 256, "tab\there", "two words"])
    def test_a_key_that_is_none_is_refused(self, browser: Client, key: str) -> None:
        answer = add(browser, key=key)

        assert answer.status_code == 400
        assert answer.json()["code"] == "bad_key"

    def test_after_30_days_a_key_is_new_again(self, browser: Client) -> None:
        add(browser)
        StoredAnswer.objects.update(created_at=clock.now() - timedelta(days=30, seconds=1))

        assert add(browser).status_code == 409

    def test_old_answers_are_forgotten(self, browser: Client) -> None:
        add(browser)

        assert idempotency.forget(before=clock.now() - idempotency.KEPT) == 0
        assert idempotency.forget(before=clock.now() + timedelta(seconds=1)) == 1

    def test_what_is_kept_is_sealed(self, browser: Client) -> None:
        add(browser)

        assert b"omar" not in bytes(StoredAnswer.objects.get().sealed_body)


def test_ten_at_the_same_time_are_done_once(committed: str) -> None:
    _, priya = network()
    browsers = [testing.signed_in(priya) for _ in range(10)]
    together = threading.Barrier(10)

    def call(browser: Client) -> tuple[int, bytes]:
        together.wait()
        try:
            answer = add(browser)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(call, browsers))

    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert User.objects.filter(email="omar@mso.example").count() == 1


def test_negative_control_ten_at_the_same_time_without_a_key_are_not_all_the_same(committed: str) -> None:
    _, priya = network()
    browsers = [testing.signed_in(priya) for _ in range(4)]

    def call(browser: Client) -> int:
        try:
            return add(browser, key="").status_code  # type: ignore[no-any-return]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(call, browsers))

    assert len(set(answers)) > 1


@pytest.mark.django_db
def test_a_bug_leaves_neither_work_nor_answer_behind() -> None:
    mso, priya = network()
    call = idempotency.Asked("USR-TEST", "key", "0" * 64, clock.now())

    def fails_after_writing() -> HttpResponse:
        User.objects.create_user("half@mso.example", name="Half done")
        return HttpResponse(status=500)

    with scope(practices=[mso.pk], user=priya.pk):
        assert idempotency.once(call, fails_after_writing).status_code == 500

    assert not User.objects.filter(email="half@mso.example").exists()
    assert not StoredAnswer.objects.exists()


def test_work_answer_and_trail_are_there_together(committed: str) -> None:
    mso, priya = network()
    browser = testing.signed_in(priya)

    add(browser)
    add(browser)

    with scope(practices=[mso.pk]), reading():
        assert Event.objects.filter(action="identity.user_added", actor_name="Priya").count() == 1
    assert StoredAnswer.objects.get().status == 201
    connection.close()
