"""The screens of work, files, trail and dead letters, as people with their roles meet them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import person, signed_in, tenant
from openmso.platform.documents import registry as purposes
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import DocumentRef, Purpose
from openmso.platform.jobs import registry as jobs
from openmso.platform.jobs import services as job_services
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui import views as ui_views
from openmso.platform.work import queries, registry, services
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.platform.work.tests.desk import KINDS, NOW, wait_for

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("OpenMSO", at=NOW)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(purposes, "_purposes", {})
    monkeypatch.setattr(jobs, "_jobs", {})
    registry.add_kinds(KINDS)
    purposes.add_purposes([Purpose("tests.file", "Remittance file", "claims.read")])


@pytest.fixture
def priya(rock: Tenant) -> Client:
    return signed_in(person("priya@mso.example", "Priya", biller=rock))


def state_of(where: Tenant, public_id: str) -> str:
    with scope(practices=[where.pk]), reading():
        return WorkItem.objects.get(public_id=public_id).state


def keep(where: Tenant, content: bytes = b"ISA*00*x~", name: str = "era.835") -> DocumentRef:
    with scope(practices=[where.pk]):
        return documents.store(
            actor=SYSTEM, practice=where.pk, name=name, content=content, media_type="text/plain",
            purpose="tests.file", at=NOW, under=SYSTEM.may("documents.read", where.pk),
        )  # fmt: skip


class TestInbox:
    def test_it_shows_what_one_may_work_and_nothing_else(self, rock: Tenant, rival: Tenant, priya: Client) -> None:
        wait_for(rock, "MINE")
        wait_for(rock, "BOOKS", kind="books.close")
        wait_for(rival, "THEIRS")

        answer = priya.get(reverse("work:inbox"))

        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Claim MINE is held" in text
        assert "BOOKS" not in text
        assert "THEIRS" not in text

    def test_the_menu_counts_what_waits_and_stops_counting_in_time(
        self, rock: Tenant, priya: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for key in ("A", "B", "C"):
            wait_for(rock, key)
        wait_for(rock, "BOOKS", kind="books.close")

        assert 'id="count-work" hx-swap-oob="true">3<' in priya.get(reverse("ui:counts")).content.decode()
        monkeypatch.setattr(queries, "COUNTED_MOST", 2)
        monkeypatch.setattr(ui_views, "COUNTED_MOST", 2)
        assert ">2+<" in priya.get(reverse("ui:counts")).content.decode()

    def test_the_table_alone_comes_for_htmx_and_filters_hold(self, rock: Tenant, priya: Client) -> None:
        wait_for(rock, "LOW", priority=10)
        wait_for(rock, "HIGH", priority=90)

        text = priya.get(reverse("work:inbox"), {"q": "priority:>=80 amount:>=100"}).content.decode()

        assert "HIGH" in text
        assert "Claim LOW" not in text

    def test_an_empty_inbox_says_so(self, priya: Client) -> None:
        assert "Nothing waits for you" in priya.get(reverse("work:inbox")).content.decode()

    @pytest.mark.parametrize("name", ["work:item", "work:peek"])
    def test_an_item_explains_itself(self, rock: Tenant, rival: Tenant, priya: Client, name: str) -> None:
        mine, theirs = wait_for(rock, "MINE"), wait_for(rival, "THEIRS")

        assert "The member id of MINE is missing." in priya.get(reverse(name, args=[mine])).content.decode()
        assert priya.get(reverse(name, args=[theirs])).status_code == 404


class TestActs:
    def test_done_opens_the_next(self, rock: Tenant, priya: Client) -> None:
        first, second = wait_for(rock, "A", priority=90), wait_for(rock, "B")

        answer = priya.post(reverse("work:done", args=[first]), {"outcome": "Id found", "then": "next"})

        assert state_of(rock, first) == Working.DONE
        assert answer.headers["Location"] == reverse("work:item", args=[second])

    def test_many_are_done_with_undo(self, rock: Tenant, priya: Client) -> None:
        ids = [wait_for(rock, key) for key in "AB"]

        answer = priya.post(reverse("work:done-many"), {"ids": ids}, headers=HTMX)
        priya.post(f"{reverse('work:undo')}?ids={','.join(ids)}", headers=HTMX)

        assert "2 items done" in answer.headers["HX-Trigger"]
        assert "list-changed" in answer.headers["HX-Trigger"]
        assert {state_of(rock, one) for one in ids} == {Working.OPEN}

    def test_everything_that_matches_is_done(self, rock: Tenant, priya: Client) -> None:
        high, low = wait_for(rock, "HIGH", priority=90), wait_for(rock, "LOW", priority=10)

        priya.post(reverse("work:done-many"), {"every": "1", "q": "priority:>=80"}, headers=HTMX)

        assert (state_of(rock, high), state_of(rock, low)) == (Working.DONE, Working.OPEN)

    def test_more_than_fit_into_one_act_are_refused_and_none_is_done(
        self, rock: Tenant, priya: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "BULK_MAX", 1)
        ids = [wait_for(rock, key) for key in ("A", "B")]
        answer = priya.post("/work/done/", {"every": "1", "q": ""}, headers=HTMX)
        assert answer.status_code == 422
        assert "more than 1 item" in answer.content.decode()
        assert {state_of(rock, one) for one in ids} == {"open"}

    def test_what_waits_is_told_by_function_and_by_whom_it_is_with(self, rock: Tenant, priya: Client) -> None:
        mine = wait_for(rock, "A")
        wait_for(rock, "B")
        priya.post(f"/work/{mine}/take/")
        page = priya.get("/work/queues/").content.decode()
        assert "function%3Ahouse" in page
        assert "Nobody" in page
        assert [(one["count"], one["nobodys"], one["mine"]) for one in priya.get("/api/work-queues").json()] == [
            (2, 1, 1)
        ]
        assert [(one["person"], one["count"]) for one in priya.get("/api/work-loads").json()] == [("", 1), ("Priya", 1)]
        assert priya.get("/api/work?function=house").json()["total"] == 2
        assert priya.get("/api/work?function=denials").json()["total"] == 0
        assert "Claim A" in priya.get("/work/?q=function:house+who:pri").content.decode()
        assert "Claim B" not in priya.get("/work/?q=function:house+who:pri").content.decode()

    def test_the_work_of_another_practice_is_not_there(self, rival: Tenant, priya: Client) -> None:
        theirs = wait_for(rival, "THEIRS")

        for name in ("work:done", "work:take", "work:comment", "work:wake"):
            assert priya.post(reverse(name, args=[theirs]), {"text": "x"}).status_code == 404
        answer = priya.post(reverse("work:done-many"), {"ids": [theirs]}, headers=HTMX)
        assert "0 items done" in answer.headers["HX-Trigger"]
        assert state_of(rival, theirs) == Working.OPEN

    def test_take_snooze_comment_and_save_a_view(self, rock: Tenant, priya: Client) -> None:
        mine = wait_for(rock, "A")
        tomorrow = (NOW + timedelta(days=2)).date().isoformat()
        steps = [
            ("work:next", [], {}),
            ("work:comment", [mine], {"text": "Called them."}),
            ("work:snooze", [mine], {"until_on": tomorrow, "why": "they call back"}),
            ("work:wake", [mine], {}),
            ("work:take", [mine], {"back": "1"}),
            ("work:save-view", [], {"name": "Big", "path": "/work/", "query": "amount:>100"}),
        ]

        for name, arguments, data in steps:
            assert priya.post(reverse(name, args=arguments), data).status_code in {302, 303}, name

        with scope(practices=[rock.pk]), reading():
            told = [entry.what.value for entry in queries.history(public_id=mine)]
        assert told == ["assigned", "woken", "snoozed", "commented", "assigned", "opened"]
        assert "Big" in priya.get(reverse("work:inbox")).content.decode()


class TestPuttingOff:
    def test_the_selection_comes_back_on_the_day_that_is_chosen_and_says_whom_it_waits_for(
        self, rock: Tenant, priya: Client
    ) -> None:
        mine = [wait_for(rock, "A"), wait_for(rock, "B")]

        dialog = priya.post(reverse("work:later"), {"ids": mine}, headers=HTMX).content.decode()
        said = {"ids": mine, "until_on": "2100-01-04", "waits_for": "payer", "why": "They call back"}
        answer = priya.post(reverse("work:snooze-many"), said, headers=HTMX)

        assert "Put off 2 items" in dialog
        assert "2 items put off until 4 Jan 2100" in answer.headers["HX-Trigger"]
        page = priya.get(reverse("work:item", args=[mine[1]])).content.decode()
        assert "waits for the payer. They call back" in page

    def test_a_day_that_is_none_puts_nothing_off(self, rock: Tenant, priya: Client) -> None:
        answer = priya.post(
            reverse("work:snooze-many"), {"ids": [wait_for(rock, "A")], "until_on": "soon"}, headers=HTMX
        )

        assert "Choose a day." in answer.content.decode()


class TestGiving:
    def test_those_who_may_take_it_are_offered_and_nobody_else(
        self, rock: Tenant, rival: Tenant, priya: Client
    ) -> None:
        mine = wait_for(rock, "A")
        person("marta@mso.example", "Marta", billing_lead=rock)
        person("leo@mso.example", "Leo", accountant=rock)
        person("theo@mso.example", "Theo", biller=rival)

        text = priya.post(reverse("work:takers"), {"ids": [mine]}, headers=HTMX).content.decode()

        assert re.findall(r"<span>(\w+) <span", text) == ["Marta"]
        assert "Billing lead" in text

    def test_one_is_given(self, rock: Tenant, priya: Client) -> None:
        mine, marta = wait_for(rock, "A"), person("marta@mso.example", "Marta", billing_lead=rock)

        answer = priya.post(reverse("work:give", args=[mine]), {"to": marta.public_id})

        assert answer.headers["Location"] == reverse("work:item", args=[mine])
        assert "<dd>Marta</dd>" in priya.get(reverse("work:item", args=[mine])).content.decode()

    def test_who_may_not_take_it_is_refused_in_words(self, rock: Tenant, priya: Client) -> None:
        mine, leo = wait_for(rock, "A"), person("leo@mso.example", "Leo", accountant=rock)

        answer = priya.post(reverse("work:give", args=[mine]), {"to": leo.public_id}, headers=HTMX)

        assert answer.status_code == 422
        assert "Leo may not work on this: claim on hold in Rockland Family Practice." in answer.content.decode()

    def test_of_many_each_that_is_refused_says_why(self, rock: Tenant, rival: Tenant) -> None:
        pam = signed_in(person("pam@mso.example", "Pam", billing_lead=[rock, rival]))
        theo = person("theo@mso.example", "Theo", biller=rival)
        ours, theirs = wait_for(rock, "A"), wait_for(rival, "B")

        offered = pam.post(reverse("work:takers"), {"ids": [ours, theirs]}, headers=HTMX).content.decode()
        answer = pam.post(reverse("work:give-many"), {"ids": [ours, theirs], "to": theo.public_id}, headers=HTMX)

        assert "1 of 2" in offered
        assert "1 item given to Theo, 1 not" in answer.headers["HX-Trigger"]
        assert "Theo may not work on this: claim on hold in Rockland Family Practice." in answer.headers["HX-Trigger"]

    def test_where_nobody_else_may_it_says_so(self, rock: Tenant, priya: Client) -> None:
        answer = priya.post(reverse("work:takers"), {"ids": [wait_for(rock, "A")]}, headers=HTMX)

        assert "Nobody else holds a role today" in answer.content.decode()


class TestFiles:
    def test_a_file_is_found_opened_and_told_of(self, rock: Tenant, rival: Tenant, priya: Client) -> None:
        mine, theirs = keep(rock), keep(rival, b"ISA*01*y~")

        text = priya.get(reverse("documents:documents")).content.decode()
        page = priya.get(reverse("documents:document", args=[mine.public_id]))
        body = priya.post(reverse("documents:download", args=[mine.public_id]))

        assert mine.public_id in text
        assert theirs.public_id not in text
        assert "era.835" in page.content.decode()
        assert b"".join(body.streaming_content) == b"ISA*00*x~"
        assert body.headers["Content-Disposition"].startswith("attachment")
        assert priya.get(reverse("documents:document", args=[theirs.public_id])).status_code == 404
        assert priya.post(reverse("documents:download", args=[theirs.public_id])).status_code == 404

    def test_files_of_other_purposes_stay_closed(self, rock: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        kept = keep(rock)
        accountant = signed_in(person("leo@mso.example", "Leo", accountant=rock))

        assert kept.public_id not in accountant.get(reverse("documents:documents")).content.decode()
        assert accountant.post(reverse("documents:download", args=[kept.public_id])).status_code == 404


class TestTrailAndLetters:
    def test_an_owner_reads_the_trail_of_their_practice(self, rock: Tenant, rival: Tenant) -> None:
        mine, theirs = keep(rock), keep(rival, b"ISA*01*y~")
        ana = signed_in(person("ana@rockland.example", "Ana", practice_owner=rock))

        text = ana.get(reverse("audit:events")).content.decode()
        story = ana.get(reverse("audit:history", args=["documents.document", mine.public_id]), headers=HTMX)

        assert f"OpenMSO stored {mine.public_id}" in text
        assert theirs.public_id not in text
        assert "<html" not in story.content.decode()
        assert "OpenMSO stored" in story.content.decode()

    def test_a_biller_reads_no_trail(self, priya: Client) -> None:
        assert priya.get(reverse("audit:events")).status_code == 403

    def test_a_dead_job_is_run_again_from_the_screen(self, rock: Tenant) -> None:
        mso = tenant("MSO", "The MSO", kind="mso")
        jobs.job("tests.fail")(lambda *, practice, at, actor: None)
        job_services.bury("tests.fail", job_id=1, tries=1, practice=mso.pk, reason="No.", at=NOW, arguments={})
        desk = signed_in(person("ivo@mso.example", "Ivo", it_desk=mso))

        page = desk.get(reverse("jobs:dead-jobs"))
        letter = re.findall(r"DLJ-\w+", page.content.decode())[0]
        answer = desk.post(reverse("jobs:replay-jobs"), {"ids": [letter]}, headers=HTMX)

        assert "tests.fail" in page.content.decode()
        assert "1 job will run again" in answer.headers["HX-Trigger"]
        assert letter not in desk.get(reverse("jobs:dead-jobs")).content.decode()
        assert desk.get(reverse("jobs:dead-facts")).status_code == 200
