"""Posting rules at their doors: the lead writes one on screen, the poster takes what it proposes; a script asks it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.cli.main import app
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.tests.office import office_of, open_office
from openmso.underpayments.contracts import Treatment
from openmso.underpayments.tests.conftest import contracted
from openmso.underpayments.tests.test_stories import answer, posted, sent, write


@pytest.mark.django_db
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


def test_a_script_lists_rules_reads_their_versions_and_has_them_propose(committed: str) -> None:
    office = contracted(open_office())
    posted(office, answer(sent(office), "85.00", "70.00"))
    for most in ("5", "8"):
        write(office, "small", Treatment.ACCEPT, [{"property": "line.short", "operator": "at_most", "value": most}])

    def run(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(app, ["posting-rules", *arguments, "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout) if done.exit_code == 0 else done.output

    status, told = run("propose", "--practice", "ROCK")
    assert (status, told["waiting"], told["proposals"][0]["amount"]) == (0, 1, "7.40")
    assert [(one["code"], one["number"], one["waits"]) for one in run("list")[1]] == [
        ("small", 2, {"count": 1, "amount": "7.40"})
    ]
    assert [(one["number"], one["holds"]) for one in run("versions", "small")[1]] == [(2, True), (1, False)]
    assert run("versions", "large") == (1, "There is no posting rule large.\n")
