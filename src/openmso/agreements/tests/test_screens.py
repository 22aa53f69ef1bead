"""An agreement by its screens: drafted, executed, amended, terminated; and who sees what of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.queries import agreements as queries
from openmso.agreements.services import drafting
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def lumen(cast: Cast) -> House:
    house = parties.practice(at=NOW, code="LUMEN", name="Lumen Eye Care")
    testing.person(cast.priya.email, "Priya", practice=house.id, role="biller", at=NOW)
    return house


@pytest.fixture
def kate(cast: Cast, lumen: House) -> Client:
    """An executive of the MSO, for Rockland and Lumen."""
    for practice in (cast.mso.id, cast.rockland.id, lumen.id):
        user = testing.person("kate@harborridge.example", "Kate", practice=practice, role="mso_executive", at=NOW)
    return signed_in(user)


@pytest.fixture
def elena(cast: Cast, kate: Client, lumen: House) -> Client:
    """Another executive: she records what Kate drafts."""
    for practice in (cast.mso.id, cast.rockland.id, lumen.id):
        user = testing.person("elena@harborridge.example", "Elena", practice=practice, role="mso_executive", at=NOW)
    return signed_in(user)


def place(name: str, agreement: str, **more: Any) -> str:
    return reverse(f"agreements:{name}", kwargs={"agreement": agreement, **more})


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: list(found) for field, found in answer.context["form"].errors.items()}


def text(answer: Any) -> str:
    return answer.content.decode()


def draft_values(cast: Cast, house: House, **changes: Any) -> dict[str, Any]:
    with cast.scope(cast.rockland), reading():
        mso = queries.agreement(cast.agreement.agreement).versions[0].terms.mso.entity
    return {
        "mode": "third_party", "mso_entity": str(mso), "practice_entity": str(house.entity.id),
        "starts_on": "2026-03-01", "opens": "08:00", "closes": "18:00", "renewal_months": "12", "notice_days": "90",
        "reserved": ["RD03"], "line_revenue_cycle": "on", "line_denials": "on", "done_denials": "shared",
        "hours_denials.first_touch": "100", "percent": "12.5", "exclude": "Medicaid, tricare", "minimum": "12000",
        "cap": "36000", **changes,
    }  # fmt: skip


def signed(**changes: Any) -> dict[str, Any]:
    pdf = SimpleUploadedFile("signed.pdf", testing.pdf("Lumen").content, "application/pdf")
    return {
        "document": pdf, "mso_name": "Elena Vass", "mso_title": "Chief executive", "practice_name": "Grace Lumen",
        "practice_title": "Owner", "signed_on": "2026-03-02", "unreviewed": "Signed before it came here", **changes,
    }  # fmt: skip


def begin(cast: Cast, kate: Client, lumen: House, **changes: Any) -> str:
    answer = kate.post(
        reverse("agreements:draft", args=[lumen.practice.public_id]), draft_values(cast, lumen, **changes)
    )
    assert answer.status_code == 303, errors(answer)
    return answer["Location"].rstrip("/").rsplit("/", 1)[-1]


def test_from_a_draft_to_open_lines_by_the_screens_alone(cast: Cast, kate: Client, elena: Client, lumen: House) -> None:
    chosen = kate.post(reverse("agreements:new"), {"practice": lumen.practice.public_id})
    assert chosen["Location"] == reverse("agreements:draft", args=[lumen.practice.public_id])
    agreement = begin(cast, kate, lumen)
    page = text(kate.get(place("agreement", agreement)))
    assert "a draft opens nothing" in page
    assert (
        "12.5% of net collections, excluding Medicaid and TRICARE, at least $12,000 and at most $36,000 a month" in page
    )
    assert "10 business days" in page

    assert "You wrote this draft; somebody else has to record it as executed." in page
    asked = text(elena.get(place("execute", agreement)))
    assert "may work on: Billing and claims, Denials and appeals" in asked
    assert "patient data stays closed" in asked
    own = kate.post(place("execute", agreement), signed())
    assert (own.status_code, "You wrote this draft; somebody else" in text(own)) == (403, True)
    done = elena.post(place("execute", agreement), signed())
    assert done.status_code == 303, errors(done)
    baa = SimpleUploadedFile("baa.pdf", testing.pdf("BAA").content, "application/pdf")
    covered = kate.post(
        place("sign-baa", agreement), {"document": baa, "starts_on": "2026-03-01", "incident_notice_hours": "48"}
    )
    assert covered.status_code == 303, errors(covered)

    page = text(kate.get(place("agreement", agreement)))
    assert "Executed, in force" in page
    assert "clinical, for payment" in page
    assert cast.actor(cast.priya).can("claims.read", lumen.id)
    assert kate.get(place("paper", agreement, number=1)).content == testing.pdf("Lumen").content


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"percent": "120"}, "percent"),
        ({"minimum": "50000"}, "minimum"),
        ({"fee_json": "{"}, "fee_json"),
        ({"fee_json": '{"period": "month", "components": [{"kind": "percent", "rate": "2", "of": "x"}]}'}, "fee_json"),
        ({"mso_entity": "999999999"}, "mso_entity"),
        ({"hours_denials.first_touch": "0"}, "hours_denials.first_touch"),
    ],
)
def test_a_bad_draft_says_so_beside_its_field(
    cast: Cast, kate: Client, lumen: House, changes: dict[str, str], field: str
) -> None:
    answer = kate.post(
        reverse("agreements:draft", args=[lumen.practice.public_id]), draft_values(cast, lumen, **changes)
    )

    assert answer.status_code == 422
    assert list(errors(answer)) == [field]


def test_a_draft_without_a_fee_is_kept_but_cannot_be_executed(
    cast: Cast, kate: Client, elena: Client, lumen: House
) -> None:
    agreement = begin(cast, kate, lumen, percent="", minimum="", cap="")

    assert "The fee is not agreed yet." in text(kate.get(place("execute", agreement)))
    answer = elena.post(place("execute", agreement), signed())
    assert answer.status_code == 422
    assert "The fee is not agreed yet." in str(errors(answer))


def test_what_is_no_pdf_is_not_executed(cast: Cast, kate: Client, elena: Client, lumen: House) -> None:
    agreement = begin(cast, kate, lumen)
    answer = elena.post(place("execute", agreement), signed(document=SimpleUploadedFile("a.pdf", b"not a pdf")))

    assert answer.status_code == 422
    assert list(errors(answer)) == ["document"]


def test_an_amendment_is_drafted_compared_and_executed(cast: Cast, kate: Client, elena: Client, lumen: House) -> None:
    agreement = cast.agreement.agreement
    shown = kate.get(place("amend", agreement))
    initial = {key: value for key, value in shown.context["form"].initial.items() if value not in (None, "", False)}
    values = initial | {"effective_on": "2026-04-01", "summary": "Purchasing leaves"}
    values.pop("line_purchasing")
    assert kate.post(place("amend", agreement), values).status_code == 303

    compared = kate.get(place("compare", agreement, number=2))
    assert [(one.what, one.after) for one in compared.context["changes"]] == [("Purchasing", "not in scope")]
    assert "Purchasing" in text(compared)
    assert kate.post(place("revise", agreement), values | {"summary": "Purchasing goes"}).status_code == 303
    assert elena.post(place("execute", agreement), signed()).status_code == 303
    page = text(kate.get(place("agreement", agreement)))
    assert "Version 2 executed, from 1 Apr 2026" in page
    assert "version 1" in page


def test_a_draft_is_withdrawn(cast: Cast, kate: Client, lumen: House) -> None:
    agreement = begin(cast, kate, lumen)

    assert kate.post(place("withdraw", agreement)).status_code == 303
    page = text(kate.get(place("agreement", agreement)))
    assert "Withdrawn" in page
    assert place("execute", agreement) not in page
    assert kate.post(place("execute", agreement), signed()).status_code == 422


def test_termination_closes_the_practice_with_the_next_request(cast: Cast, kate: Client) -> None:
    agreement = cast.agreement.agreement
    assert "closes to the MSO" in text(kate.get(place("terminate", agreement)))

    answer = kate.post(
        place("terminate", agreement),
        {"ends_on": "2026-03-02", "why": "Notice given", "wind_down_lines": ["revenue_cycle"],
         "winds_down_until": "2026-06-01"},
    )  # fmt: skip

    assert answer.status_code == 303, errors(answer)
    page = text(kate.get(place("agreement", agreement)))
    assert "Ended, winding down" in page
    assert "only to read" in page
    assert not cast.actor(cast.priya).can("claims.submit", cast.rockland.id)


def test_the_business_associate_agreement_is_ended_by_its_screen(cast: Cast, kate: Client) -> None:
    with cast.scope(), reading():
        from openmso.agreements.queries import baas

        (baa,) = baas.of(cast.rockland.id)
    answer = kate.post(
        place("end-baa", cast.agreement.agreement, baa=baa.public_id), {"ends_on": "2026-03-02", "why": "Replaced"}
    )

    assert answer.status_code == 303, errors(answer)
    assert not cast.actor(cast.priya).can("claims.read", cast.rockland.id)
    assert "No business associate agreement is in force" in text(kate.get(place("agreement", cast.agreement.agreement)))


def test_a_month_is_quoted_with_every_step(cast: Cast) -> None:
    ana = signed_in(cast.ana)
    answer = ana.get(
        place("quote", cast.agreement.agreement), {"month": "2026-02", "figure_net_collections": "100000.00"}
    )

    assert answer.status_code == 200
    assert "6,000.00" in text(answer)
    assert "100,000.00 × 6%" in text(answer)
    of = {"figure_net_collections": "100000.00", "figure_net_collections+medicaid": "40000.00", "paid": "900.00"}
    part = ana.get(place("quote", cast.agreement.agreement), {"month": "2026-04", "ends_on": "2026-04-15"} | of)
    assert "100,000.00 (40,000.00 left out)" in text(part)
    assert ("Fee, 15 of 30 days" in text(part), "$5,100.00" in text(part)) == (True, True)
    assert "Net collections, Medicaid" in text(ana.get(place("agreement", cast.agreement.agreement)))
    wrong = ana.get(place("quote", cast.agreement.agreement), {"month": "2026-13", "figure_net_collections": "x"})
    assert wrong.status_code == 422


def test_ana_reads_her_own_agreement_and_theo_finds_nothing(cast: Cast) -> None:
    ana, theo = signed_in(cast.ana), signed_in(cast.theo)
    agreement = cast.agreement.agreement
    papers = [place("agreement", agreement), place("paper", agreement, number=1), place("summary", agreement),
              place("compare", agreement, number=1), place("quote", agreement)]  # fmt: skip

    for url in papers[:4]:
        assert ana.get(url).status_code == 200, url
    for url in papers:
        assert theo.get(url).status_code == 404, url
    assert "Rockland" not in text(theo.get(reverse("agreements:agreements")))
    assert agreement in text(ana.get(reverse("agreements:agreements")))
    assert "Amend" not in text(ana.get(papers[0]))
    assert ana.get(place("amend", agreement)).status_code == 403


def test_the_summary_is_an_accessible_pdf(cast: Cast) -> None:
    content = signed_in(cast.ana).get(place("summary", cast.agreement.agreement)).content

    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content


def test_without_a_fresh_sign_in_the_screens_lead_to_confirmation(cast: Cast, kate: Client) -> None:
    user = testing.person("kate@harborridge.example", "Kate", practice=cast.rival.id, role="mso_executive", at=NOW)
    stale = signed_in(user, confirmed=False)

    for name in ("terminate", "sign-baa"):
        answer = stale.get(place(name, cast.agreement.agreement))
        assert answer.status_code in {302, 403}, name
        assert answer.status_code == 403 or "reauthenticate" in answer["Location"]


def test_the_list_filters_by_standing(cast: Cast, kate: Client, lumen: House) -> None:
    begin(cast, kate, lumen)

    drafts = text(kate.get(reverse("agreements:agreements"), {"q": "is:draft"}))
    assert "Lumen Eye Care" in drafts
    assert "Rockland Family Practice" not in drafts


def test_the_clock_of_a_page_is_the_practices_own(cast: Cast, kate: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 03:00 UTC it is still yesterday in Maine, and an agreement that starts today has not begun."""
    night = datetime(2025, 12, 31, 4, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: night)
    user = testing.person("early@harborridge.example", "Early", practice=cast.rockland.id, role="mso_executive",
                          at=NOW, since=datetime(2025, 1, 1, tzinfo=UTC).date())  # fmt: skip

    page = text(signed_in(user).get(place("agreement", cast.agreement.agreement)))

    assert "Executed, not yet in force" in page
    assert "from 1 Jan 2026" in page


def test_whoever_thinks_of_joining_reads_the_draft_and_what_a_month_would_cost(cast: Cast, lumen: House) -> None:
    agreed = testing.terms(cast.mso, lumen, lines="revenue_cycle denials", starts_on=date(2027, 1, 1))
    with cast.scope(lumen):
        drafted = drafting.begin(actor=testing.builder(NOW), practice=lumen.id, terms=agreed, at=NOW)
    grace = signed_in(testing.person("grace@lumen.example", "Grace", practice=lumen.id, role="practice_owner", at=NOW))

    home = text(grace.get("/"))
    page = text(grace.get(place("agreement", drafted)))
    cost = text(grace.get(place("quote", drafted), {"month": "2027-01", "figure_net_collections": "50000"}))

    assert place("agreement", drafted) in home
    assert "6% of net collections" in home
    assert 'value="2027-01"' in page, "the first month in which the terms hold"
    assert place("compare", drafted, number=1) not in page, "there is nothing before a first draft"
    assert "$3,000.00" in cost
