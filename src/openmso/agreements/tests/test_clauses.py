"""The library of clauses: chosen by mode and state, written in versions, two texts side by side."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements import testing
from openmso.agreements.contracts import Mode
from openmso.agreements.paper import clauses as written
from openmso.agreements.paper import text
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import paper as papers
from openmso.agreements.services import clauses, drafting
from openmso.agreements.testing import NOW, Cast, builder
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, scope

APRIL = date(2026, 4, 1)


def test_clauses_are_chosen_by_mode_and_state_and_an_office_writes_its_own(cast: Cast) -> None:
    def codes(mode: Mode, state: str) -> list[str]:
        return [one.code for one in written.chosen(papers.library(), mode=mode, state=state, on=APRIL)]

    counselor = testing.person("cora@harborridge.example", "Cora", practice=cast.mso.id, role="compliance_officer",
                               at=NOW)  # fmt: skip
    cora, ana = cast.actor(counselor), cast.actor(cast.ana)
    with cast.scope(), atomic.open():
        oregon, maine = codes(Mode.FRIENDLY_PC, "OR"), codes(Mode.FRIENDLY_PC, "ME")
        assert "appointment.practice_of_medicine.or" in oregon
        assert "appointment.practice_of_medicine" not in oregon
        assert "appointment.practice_of_medicine" in maine
        assert "appointment.tasks" in codes(Mode.BPO, "ME")
        assert not {"board.joint", "budget.yearly"} & set(codes(Mode.BPO, "ME")), "no group duties by the piece"
    body = {"code": "fee.base", "block": "fee", "title": "Fee", "text": "The fee is {fee}, and nothing else."}
    with scope(practices=[cast.rockland.id, cast.mso.id]), atomic.open():
        drafting.amend(actor=builder(NOW), agreement=cast.agreement.agreement, starts_on=APRIL, at=NOW,
                       terms=cast.agreement.terms, summary="The same again")  # fmt: skip
        write = {"actor": cora, "mso": cast.mso.id, "at": NOW}
        with pytest.raises(Refused, match="nothing to fill in"):
            clauses.write(given=body | {"text": "Pay {everything}."}, why="x", **write)
        with pytest.raises(Refused, match="Say why"):
            clauses.write(given=body, why="", **write)
        assert clauses.write(given=body, why="Shorter", **write) == 1
        shown = next(one for one in papers.of_draft(queries.agreement(cast.agreement.agreement)).articles
                     if one.code == "fee.base")  # fmt: skip
        assert shown.text.endswith("excluding Medicaid, at least $1,200 a month, and nothing else.")
        draft = queries.agreement(cast.agreement.agreement).draft
        services = next(one for one in papers.of_draft(queries.agreement(cast.agreement.agreement)).articles
                        if one.code == "manager.services")  # fmt: skip
        assert draft
        matrix = written.values_of(draft.terms, state="ME", starts_on=APRIL)["tasks"]
        assert f"is told:\n\n{matrix}\n\nA task" in services.text
        house = {one.number: one.clause.text for one in papers.versions("manager.services") if one.clause}
        assert (sorted(house), "{tasks}" in house[0], "{tasks}" in house[-1]) == ([-1, 0], True, False)
        clauses.withdraw(code="fee.base", why="Back to counsel", **write)
        assert [one.number for one in papers.versions("fee.base")] == [2, 1, 0]
        assert "fee.base" not in {one.code for one in papers.library()}
        with pytest.raises(NotAllowed):
            clauses.write(given=body, why="mine", **write | {"actor": ana})


WORDS = st.text(alphabet="ab \n.", max_size=60)


@given(before=WORDS, after=WORDS)
def test_two_texts_side_by_side_lose_no_word_and_mark_what_is_otherwise(before: str, after: str) -> None:
    left, right = text.side_by_side(before, after)

    assert "".join(one.words for one in left) == before
    assert "".join(one.words for one in right) == after
    assert any(one.is_changed for one in (*left, *right)) == (before != after)
    assert [one.words for one in left if not one.is_changed] == [one.words for one in right if not one.is_changed]


def test_the_library_is_kept_by_screens_and_api(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for practice in (cast.mso.id, cast.rockland.id):
        user = testing.person("cora@harborridge.example", "Cora", practice=practice, role="compliance_officer", at=NOW)
    cora = signed_in(user)
    given = {"code": "fee.base", "block": "fee", "title": "Fee", "text": "The fee is {fee}.", "order": "10",
             "why": "Shorter"}  # fmt: skip
    made = cora.post(reverse("agreements:clause-change", args=["fee.base"]), given)
    assert made.status_code == 303, made.content
    page = cora.get(reverse("agreements:clause", args=["fee.base"])).content.decode()
    assert "<del>" in page
    assert "Shorter" in page
    body = {"block": "fee", "title": "Interest", "text": "Late fees bear no interest.", "why": "Plain"}
    assert cora.put("/api/clauses/fee.interest", body, "application/json").json()["number"] == 1
    beside = cora.get("/api/clauses/fee.base/difference?before=0&after=1").json()
    assert beside["is_changed"]
    listed = cora.get(reverse("agreements:clauses"), {"q": "from:own"}).content.decode()
    assert "fee.interest" in listed
    assert "disputes.steps" not in listed
    assert signed_in(cast.theo).post(reverse("agreements:clause-new"), given).status_code == 403
