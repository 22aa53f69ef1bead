"""An uninsured patient is scheduled and told what it costs; an insured one what is left to pay; the desk sees both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from openmso.agreements.testing import Cast, person
from openmso.charges import testing as charges
from openmso.charges.contracts import ChargeDraft
from openmso.claims.services import building, self_paying
from openmso.claims.testing import open_for_billing
from openmso.contracting.testing import published
from openmso.eligibility import testing as eligibility
from openmso.eligibility.services import asking
from openmso.estimates import queries
from openmso.estimates.contracts import EXCEEDED, OWED, EstimateDraft, ItemDraft, Kind, Way
from openmso.estimates.services import making, owing
from openmso.estimates.services.common import SUBJECT, CannotEstimate
from openmso.estimates.states import S
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.patients import testing as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.scheduling import queries as visits
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import Cause, MarkDraft, Visit, VisitDraft, VisitStatus
from openmso.scheduling.rules import CannotMark

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    """Rockland's front desk."""

    cast: Cast
    at: datetime

    @property
    def id(self) -> int:
        return self.cast.rockland.id

    @property
    def actor(self) -> Actor:
        return Actor.system("a test", at=self.at)

    def patient(self, *, covered: bool) -> Patient:
        one = patients.patient(practice=self.id, at=self.at)
        if covered:
            patients.coverage(one, payer_id=self.cast.payer.id, at=self.at)
        return one

    def plan(self, one: Patient, on: date) -> Visit:
        draft = VisitDraft(one.id, on, "test", f"{one.public_id}{on}", self.cast.rockland.clinician.id,
                           self.cast.rockland.site.id, reason="Sore knee", status=VisitStatus.PLANNED)  # fmt: skip
        (visit,) = scheduling.record_visits(actor=self.actor, practice=self.id, drafts=[draft], at=self.at).visits
        outbox.deliver_pending(at=self.at)
        return visit

    def draft(self, one: Patient, visit: Visit, kind: Kind, *items: ItemDraft) -> EstimateDraft:
        given = items or (ItemDraft("99213", words="Office visit"),)
        return EstimateDraft(kind, one.public_id, visit.service_on, given, "Sore knee", ("M25561",), visit.public_id)

    def waits(self, estimate: str) -> list[str]:
        with reading():
            return [item.kind for item in work.open_for((SUBJECT, estimate), at=self.at)]


@pytest.fixture
def office(cast: Cast, now: datetime) -> Iterator[Office]:
    with cast.scope():
        open_for_billing(cast.rockland, cast.payer, at=now)
        yield Office(cast, now)


def test_whoever_is_scheduled_without_coverage_is_owed_an_estimate_and_given_it(office: Office) -> None:
    one = office.patient(covered=False)
    visit = office.plan(one, office.at.date() + timedelta(days=30))
    with reading():
        (owed,) = queries.of_visit(visit.public_id)
    assert (owed.state, owed.kind, owed.due_on is not None) == (S.DUE, Kind.GOOD_FAITH, True)
    assert office.waits(owed.public_id) == [OWED]

    with pytest.raises(CannotEstimate, match="plain words what 99213 is"):
        making.make(
            actor=office.actor, draft=office.draft(one, visit, Kind.GOOD_FAITH, ItemDraft("99213")), at=office.at
        )
    with pytest.raises(CannotEstimate, match="No fee schedule has a price of 99499"):
        making.make(actor=office.actor, at=office.at,
                    draft=office.draft(one, visit, Kind.GOOD_FAITH, ItemDraft("99499", words="Visit")))  # fmt: skip
    made = making.make(actor=office.actor, draft=office.draft(one, visit, Kind.GOOD_FAITH), at=office.at)
    assert made == owed.public_id
    making.give(actor=office.actor, estimate=made, way=Way.HAND, at=office.at)
    with reading():
        found = queries.estimate(made)
        desk = queries.desk_row(visit.public_id)
        assert documents.read(found.row.document, office.id).startswith(b"%PDF")
    assert (found.row.state, str(found.row.share), found.biller is not None) == (S.GIVEN, "140.00", True)
    assert (str(desk.collect), desk.estimate) == ("140.00", made)
    assert office.waits(made) == []


def test_what_the_patient_is_billed_far_above_the_estimate_becomes_work(office: Office) -> None:
    one = office.patient(covered=False)
    visit = office.plan(one, office.at.date() + timedelta(days=30))
    made = making.make(actor=office.actor, draft=office.draft(one, visit, Kind.GOOD_FAITH), at=office.at)
    making.give(actor=office.actor, estimate=made, way=Way.MAIL, at=office.at)
    charges.charged(visit, at=office.at, lines=[ChargeDraft("99213", visit.service_on, amount=Money.of("540.00"))])
    claim = building.build(actor=office.actor, practice=office.id, at=office.at, visit_ids=[visit.id]).claims[0]
    outbox.deliver_pending(at=office.at)
    assert office.waits(made) == [], "what is charged is no bill yet"
    self_paying.bill(actor=office.actor, claim=claim, why="Pays alone", at=office.at)
    outbox.deliver_pending(at=office.at)
    assert office.waits(made) == [EXCEEDED]
    with reading():
        assert str(queries.estimate(made).row.billed) == "540.00"


def test_nothing_is_owed_for_the_covered_the_near_and_the_cancelled(office: Office) -> None:
    far = office.at.date() + timedelta(days=30)
    covered = office.plan(office.patient(covered=True), far)
    near = office.plan(office.patient(covered=False), office.at.date() + timedelta(days=1))
    late, found_later = office.patient(covered=False), office.patient(covered=False)
    cancelled, insured = office.plan(late, far), office.plan(found_later, far)
    with reading():
        assert [queries.of_visit(one.public_id) for one in (covered, near)] == [[], []]
        (owed,), (no_more,) = (queries.of_visit(one.public_id) for one in (cancelled, insured))
    scheduling.mark_one(
        actor=office.actor, visit=cancelled.public_id, at=office.at,
        draft=MarkDraft(VisitStatus.CANCELLED, Cause.CANNOT_COME),
    )  # fmt: skip
    outbox.deliver_pending(at=office.at)
    patients.coverage(found_later, payer_id=office.cast.payer.id, at=office.at)
    assert owing.tidy(actor=office.actor, practice=office.id, at=office.at) == 1
    with reading():
        whys = [queries.estimate(one.public_id).why for one in (owed, no_more)]
    assert whys == ["The visit was cancelled", "A coverage was found"]
    assert office.waits(owed.public_id) == []
    scheduling.take_back(actor=office.actor, visit=cancelled.public_id, at=office.at)
    outbox.deliver_pending(at=office.at)
    with reading():
        (again,) = queries.of_visit(cancelled.public_id)
    assert (again.state, again.due_on) == (S.DUE, owed.due_on)


def test_visits_run_their_course_by_hand_or_by_their_charges(office: Office) -> None:
    today = office.at.date()
    came, missed, seen, later = (
        office.plan(office.patient(covered=True), day) for day in (today, today, today, today + timedelta(days=2))
    )
    arrived, done = MarkDraft(VisitStatus.ARRIVED), MarkDraft(VisitStatus.DONE)
    found = scheduling.mark(
        actor=office.actor, visits=[came.public_id, seen.public_id, later.public_id], draft=arrived, at=office.at
    )
    assert (found.done, [one.words for one in found.left_out]) == (
        (came.public_id, seen.public_id), ["The day of the visit has not come yet."],
    )  # fmt: skip
    scheduling.mark_one(actor=office.actor, visit=came.public_id, draft=done, at=office.at)
    scheduling.mark_one(
        actor=office.actor, visit=missed.public_id, draft=MarkDraft(VisitStatus.NO_SHOW), at=office.at
    )  # fmt: skip
    with pytest.raises(Refused, match="Say why the visit is cancelled"):
        scheduling.mark_one(
            actor=office.actor, visit=later.public_id, draft=MarkDraft(VisitStatus.CANCELLED), at=office.at
        )  # fmt: skip
    scheduling.take_back(actor=office.actor, visit=came.public_id, at=office.at)
    tomorrow = office.at + timedelta(days=1)
    with pytest.raises(CannotMark, match="on its own day only"):
        scheduling.take_back(actor=office.actor, visit=missed.public_id, at=tomorrow)
    for one in (came, seen):
        charges.charged(one, at=office.at, lines=[ChargeDraft("99213", one.service_on)])
    with pytest.raises(CannotMark, match="charges say that the visit took place"):
        scheduling.take_back(actor=office.actor, visit=seen.public_id, at=office.at)
    with reading():
        states = [visits.get(one.public_id).status.value for one in (came, missed, seen, later)]
        assert states == ["done", "no_show", "done", "planned"]
        due = {one.visit: (one.due, one.why) for one in queries.desk_rows([visits.get(missed.public_id)])}
        assert due == {missed.public_id: (None, "Nothing: there was no visit")}
        assert visits.count_done(practice=office.id, month=Month.of(today)) == 2
        told = [(one.frm.value, one.to.value, one.takes_back) for one in visits.marks(came.id)]
        overdue = queries.desk(
            today=today + timedelta(days=3), filters=Filters((Term("is", "=", "unmarked", "unmarked"),)), page=PageAsk()
        ).rows
    assert told == [
        ("arrived", "done", False), ("done", "arrived", True), ("arrived", "done", False), ("planned", "arrived", False)
    ]  # fmt: skip
    assert [row.visit for row in overdue] == [later.public_id]


def test_a_patients_share_is_worked_out_from_contract_and_benefits(office: Office) -> None:
    one = office.patient(covered=True)
    visit = office.plan(one, office.at.date() + timedelta(days=5))
    share = office.draft(one, visit, Kind.SHARE, ItemDraft("99213", words="Office visit"),
                         ItemDraft("93000", words="Tracing of the heart"))  # fmt: skip
    with pytest.raises(CannotEstimate, match="has not said what the plan covers"):
        making.make(actor=office.actor, draft=share, at=office.at)
    asking.ask_about_patient(actor=office.actor, patient=one.public_id, at=office.at)
    eligibility.asked(eligibility.Desk(), practice=office.id, at=office.at)
    published(practice=office.id, payer_id=office.cast.payer.id, at=office.at, wording="all: 50% of charge")
    with reading():
        assert str(queries.desk_row(visit.public_id).collect) == "25.00"
    first = making.make(actor=office.actor, draft=share, at=office.at)
    again = making.make(actor=office.actor, draft=share, at=office.at)
    with reading():
        found, before = queries.estimate(again), queries.estimate(first)
        desk = queries.desk(today=office.at.date(), filters=Filters(), page=PageAsk()).rows
    assert before.row.state is S.REPLACED
    assert [(line.code, str(line.allowed), str(line.share)) for line in found.lines] == [
        ("99213", "70.00", "25.00"), ("93000", "32.50", "32.50"),
    ]  # fmt: skip
    assert [(row.visit, str(row.collect)) for row in desk] == [(visit.public_id, "57.50")]


def test_the_desk_makes_and_gives_an_estimate_on_screen_and_strangers_find_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    one = office.patient(covered=False)
    visit = office.plan(one, office.at.date() + timedelta(days=30))
    mia = signed_in(person("mia@rockland.example", "Mia", practice=office.id, role="practice_staff", at=office.at))
    theo = signed_in(office.cast.theo)
    assert visit.public_id in mia.get(reverse("estimates:desk")).content.decode()
    (owed,) = mia.get("/api/estimates?state=due").json()["items"]
    page = reverse("estimates:estimate", args=[owed["id"]])
    assert "It is to be given to the patient by" in mia.get(page).content.decode()
    form = (
        f"{reverse('estimates:make')}?patient={one.public_id}&visit={visit.public_id}&kind=good_faith&owed={owed['id']}"
    )
    assert "Sore knee" in mia.get(form).content.decode()
    given = {"kind": "good_faith", "patient": one.public_id, "visit": visit.public_id, "reason": "Sore knee",
             "service_on": str(visit.service_on), "diagnoses": "M25.561", "place_of_service": "11"}  # fmt: skip
    refused = mia.post(form, given | {"items": "99213 140 Office visit"})
    assert "Line 1 is no service" in refused.content.decode()
    assert mia.post(form, given | {"items": "99213 x1 Office visit"}).headers["Location"] == page
    assert mia.get(reverse("estimates:paper", args=[owed["id"]])).content.startswith(b"%PDF")
    mia.post(reverse("estimates:give", args=[owed["id"]]), {"way": "hand"})
    here, collect = (reverse(f"estimates:{name}", args=[visit.public_id]) for name in ("visit", "collect"))
    assert 'value="140.00"' in mia.get(here).content.decode()
    assert "A check has a number" in mia.post(collect, {"amount": "40.00", "method": "check"}).content.decode()
    receipt = mia.post(collect, {"amount": "40.00", "method": "cash"}).headers["Location"]
    assert mia.get(f"{receipt}receipt.pdf").content.startswith(b"%PDF")
    at_the_desk = mia.get(f"/api/visits-ahead/{visit.public_id}").json()
    assert [at_the_desk[name] for name in ("collect", "collected", "due")] == ["140.00", "40.00", "100.00"]
    assert receipt.strip("/").endswith(at_the_desk["receipts"][0])
    told = mia.get(f"/api/estimates/{owed['id']}").json()
    assert (told["state"], told["share"], told["diagnoses"]) == ("given", "140.00", ["M25561"])
    assert theo.get(page).status_code == 404
    assert theo.get("/api/visits-ahead").json()["total"] == 0

    asked = mia.post(
        "/api/estimate-requests", content_type="application/json",
        data=json.dumps({"patient": one.public_id, "service_on": str(visit.service_on), "reason": "New knee"}),
    ).json()  # fmt: skip
    called_off = {"ids": visit.public_id, "cause": "pat-lt", "why": "No bus on Sundays"}
    assert "Cancel 1 visit?" in mia.post(reverse("estimates:ask-cancel"), called_off).content.decode()
    mia.post(reverse("estimates:cancel-many"), called_off)
    screen = mia.get(reverse("estimates:visit", args=[visit.public_id])).content.decode()
    assert "Patient has no way to get here: No bus on Sundays · Mia" in screen
    mia.post(reverse("estimates:take-back", args=[visit.public_id]))
    told = mia.post(f"/api/visits/{visit.public_id}/mark", '{"status": "cancelled"}', "application/json")
    assert (told.status_code, told.json()["detail"][:9]) == (422, "Say why t")
    marked = mia.get(f"/api/visits/{visit.public_id}").json()
    assert (marked["status"], [one["cause"] for one in marked["marks"]]) == ("planned", [None, "pat-lt"])
    assert theo.get(f"/api/visits/{visit.public_id}").status_code == 404
    assert theo.post(reverse("estimates:mark", args=[visit.public_id]), {"status": "no_show"}).status_code == 403
    dropped = mia.post(reverse("estimates:drop", args=[asked["id"]]), {"why": "Moved away"})
    assert dropped.headers["Location"] == reverse("estimates:estimate", args=[asked["id"]])


def test_estimates_begin_with_what_the_reason_usually_comes_to(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    today = office.at.date()
    for code in ("99213", "99214", "99213"):
        visit = office.plan(office.patient(covered=True), today)
        charges.charged(visit, at=office.at, lines=[ChargeDraft(code, today), ChargeDraft("93000", today)])
    mia = signed_in(person("mia@rockland.example", "Mia", practice=office.id, role="practice_staff", at=office.at))
    theo = signed_in(office.cast.theo)
    new = reverse("estimates:usual-new")
    looked = mia.post(new, {"practice": office.id, "words": "Sore  Knee", "look": "1"}).content.decode()
    assert "99213 x1\n93000 x1" in looked.replace("93000 x1\n99213 x1", "99213 x1\n93000 x1")
    assert "66.7 %" in looked, "what fewer visits had is shown"
    told = mia.get("/api/usual-services/charged?practice=ROCK&words=knee").json()
    assert [(row["code"], row["visits"], row["of"]) for row in told] == [
        ("93000", 3, 3),
        ("99213", 2, 3),
        ("99214", 1, 3),
    ]
    given = {"practice": office.id, "words": "Sore  Knee"}
    assert "plain words what 99213 is" in mia.post(new, given | {"items": "99213"}).content.decode()
    assert "The price of 99213" in mia.post(new, given | {"items": "99213 x1 9.00 Visit"}).content.decode()
    here = mia.post(new, given | {"items": "99213 Office visit"}).headers["Location"]
    assert "has its services already" in mia.post(new, given | {"items": "99213 Office visit"}).content.decode()
    assert "Office visit" in mia.get(here).content.decode()

    one = office.patient(covered=False)
    visit = office.plan(one, today + timedelta(days=30))
    with reading():
        (owed,) = queries.of_visit(visit.public_id)
    asked = owing.request(actor=office.actor, patient=one.public_id, service_on=today, reason="A very sore knee",
                          at=office.at)  # fmt: skip
    make = reverse("estimates:make")
    for query in (f"?visit={visit.public_id}", f"?patient={one.public_id}&owed={asked}"):
        form = mia.get(f"{make}{query}").content.decode()
        assert "99213 x1 Office visit</textarea>" in form.replace("&#x27;", "'"), query
    now = mia.post(f"{here}change/", {"items": "99213 x1 Office visit\n93000 x1 Tracing of the heart"}).headers[
        "Location"
    ]
    bare = making.make(actor=office.actor, at=office.at, draft=replace(
        office.draft(one, visit, Kind.GOOD_FAITH), items=()))  # fmt: skip
    with reading():
        assert (bare, [line.code for line in queries.estimate(bare).lines]) == (owed.public_id, ["99213", "93000"])
    assert here.split("/")[-2] in mia.get(now).content.decode(), "what was said before stays to be seen"

    told = (
        ItemDraft("99213", ("25",), amount=Money.of("99.00"), words="Short visit"),
        ItemDraft("93000", words="Tracing"),
    )
    draft = EstimateDraft(Kind.GOOD_FAITH, one.public_id, today, told, "A very sore knee", ("M25561",))
    first = making.make(actor=office.actor, at=office.at, draft=draft, owed=asked)
    link = unescape(mia.get(reverse("estimates:estimate", args=[first])).content.decode())
    form = mia.get(re.search(r'href="(/estimates/new/[^"]+)"', link)[1]).content.decode()  # type: ignore[index]
    assert "99213-25 x1 99.00 Short visit\n93000 x1 Tracing</textarea>" in form, "only a typed price is kept"
    assert "M25561" in form
    second = making.make(actor=office.actor, at=office.at, draft=draft, owed=first)
    with reading():
        assert [queries.estimate(key).row.state for key in (first, second)] == [S.REPLACED, S.MADE]
    body = json.dumps({"services": [{"code": "99214", "words": "Long visit"}]})
    assert mia.post(f"/api/usual-services/{here.split('/')[-2]}/change", body, "application/json").status_code == 409
    assert theo.get(now).status_code == 404
    assert theo.get("/api/usual-services").json()["total"] == 0

    mia.post(f"{now}end/")
    assert mia.get("/api/usual-services").json()["items"][0]["ended_at"] is not None
    assert "x1 Office visit</textarea>" not in mia.get(f"{make}?visit={visit.public_id}").content.decode()
    with pytest.raises(CannotEstimate, match="Nothing is estimated yet"):
        making.make(actor=office.actor, at=office.at, draft=replace(
            office.draft(one, visit, Kind.GOOD_FAITH), items=()))  # fmt: skip
