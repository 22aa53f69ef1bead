"""Posting rules on screen: the lead writes one, the poster asks it and takes what it proposes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.tests.office import office_of
from openmso.underpayments.tests.conftest import contracted
from openmso.underpayments.tests.test_stories import answer, posted, sent

pytestmark = pytest.mark.django_db


def test_a_rule_is_written_on_screen_and_its_proposals_are_taken_together(
    cast: agreements.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = contracted(office_of(cast.rockland, cast.payer, at=cast.at))
    monkeypatch.setattr(clock, "now", lambda: office.at)
    posted(office, answer(sent(office), "85.00", "70.00"))
    lead = signed_in(agreements.person(
        "marta@harborridge.example", "Marta Silveira", practice=tenancy.mso(), role="billing_lead", at=office.at
    ))  # fmt: skip
    poster = signed_in(agreements.person(
        "noah@harborridge.example", "Noah", practice=office.practice, role="poster", at=office.at
    ))  # fmt: skip
    typed = {
        "code": "small", "title": "Small differences", "payer": "", "about": "short", "owner": "posting",
        "treatment": "accept", "words": "Too little",
        "starts_on": str(office.at.date()), "why": "Agreed", "all0-property": "line.short", "all0-operator": "at_most",
        "all0-value": "much",
    }  # fmt: skip

    wrong = lead.post(reverse("underpayments:new-rule"), typed)
    assert (wrong.status_code, "much is no value for What is missing" in wrong.content.decode()) == (422, True)
    assert lead.post(reverse("underpayments:new-rule"), typed | {"all0-value": "8"}).status_code == 303
    assert poster.post(reverse("underpayments:new-rule"), typed).status_code == 403
    assert poster.post(reverse("underpayments:ask-rules")).status_code == 303
    [row] = poster.get("/api/posting-proposals").json()["items"]
    assert (row["rule"], row["amount"], row["treatment"]) == ("small", "7.40", "accept")
    page = poster.get(reverse("underpayments:underpayment", args=[row["underpayment"]])).content.decode()
    assert "Take it" in page

    assert poster.post(reverse("underpayments:take-many"), {"ids": [row["underpayment"]]}).status_code == 303

    [rule] = poster.get("/api/posting-rules").json()
    assert (rule["taken"], rule["waits"]["count"]) == ({"count": 1, "amount": "7.40"}, 0)
    assert "Too little" in poster.get(reverse("underpayments:rule", args=["small"])).content.decode()
