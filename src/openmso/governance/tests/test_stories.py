"""Reserved decisions as they are lived: the MSO proposes, the practice's licensees decide, and nobody gets around it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.config.roles import ROLES
from openmso.governance import queries, services
from openmso.governance.contracts import DECIDE, LICENSEES, NewProposal, Paper
from openmso.governance.models import Proposal, ProposalStep
from openmso.governance.rules import SOFT
from openmso.governance.states import MOVES, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.periods import DayRange
from openmso.kit.states import table_is_whole
from openmso.parties import testing as parties
from openmso.platform.access import registry
from openmso.platform.access.contracts import Actor, NotAllowed, Role, Side
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit import queries as audit
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HOUR = timedelta(hours=1)


def rates(**changes: Any) -> NewProposal:
    new = NewProposal(
        "RD07", "Sign the 2026 rates of Atlantic Shield", "Accept 112 % of Medicare from 1 April.",
        "Brings about $14,000 a year; the alternative is to wait until July.",
    )  # fmt: skip
    return dataclasses.replace(new, **changes)


def propose(cast: Cast, user: User | None = None, *, at: datetime | None = None, **changes: Any) -> str:
    user, at = user or cast.priya, at or cast.at
    with cast.scope():
        return services.propose(actor=cast.actor(user, at=at), practice=cast.rockland.id, new=rates(**changes), at=at)


def decide(
    cast: Cast, proposal: str, user: User, outcome: S = S.APPROVED, *, after: timedelta = HOUR, **more: Any
) -> Any:
    at = cast.at + after
    with cast.scope():
        return services.decide(
            actor=cast.actor(user, at=at), proposal=proposal, outcome=outcome, why=more.pop("why", "Read and agreed"),
            at=at, **more,
        )  # fmt: skip


def in_inbox(cast: Cast, user: User) -> list[str]:
    actor, wanted = cast.actor(user), InboxFilters(kinds=("governance.proposal",))
    with cast.scope(user=user), reading():
        return [row.subject_id for row in work.inbox(actor=actor, filters=wanted, page=PageAsk(), at=cast.at).rows]


def test_priya_proposes_ana_decides_and_the_story_is_in_the_trail(cast: Cast) -> None:
    made = propose(cast, paper=Paper("rates.pdf", testing.pdf("rates").content))
    assert in_inbox(cast, cast.ana) == [made]
    assert in_inbox(cast, cast.priya) == []  # it is not hers to decide

    decide(cast, made, cast.ana, S.CHANGED, changes="From 1 May, so that patients are told.", why="April is too soon.")
    with cast.scope():
        services.carry_out(
            actor=cast.actor(cast.priya), proposal=made, why="Signed copy sent on 2 March", at=cast.at + 2 * HOUR
        )
        with reading():
            told = queries.proposal(made)
            trail = [one.action for one in audit.history(("governance.proposal", made), practice=cast.rockland.id)]

    assert (told.state, told.side, told.user) == (S.CARRIED_OUT, Side.MSO, cast.priya.public_id)
    assert [(one.to, one.by, one.role) for one in told.steps] == [
        (S.CHANGED, "Dr. Ana Rockland", "practice_owner"), (S.CARRIED_OUT, "Priya Raman", "biller"),
    ]  # fmt: skip
    assert told.document.startswith("DOC-")
    assert sorted(trail) == ["governance.carried_out", "governance.decided", "governance.proposed"]
    assert in_inbox(cast, cast.ana) == []


def test_it_is_due_after_five_business_days_or_on_the_day_that_was_asked_for(cast: Cast) -> None:
    usual, asked = propose(cast), propose(cast, due_on=date(2026, 3, 4))
    with cast.scope(), reading():
        assert queries.proposal(usual).due_at.date() == date(2026, 3, 9)  # Monday to Monday
        assert queries.proposal(asked).due_at.date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decision": "RD03"}, "the MSO does not prepare this"),
        ({"decision": "RD11"}, "neither the agreement nor the law reserves this"),
        ({"decision": "XX01"}, "no decision 'XX01'"),
        ({"analysis": "  "}, "only this to go by"),
        ({"due_on": date(2026, 3, 1)}, "That day is past"),
    ],
)
def test_what_is_not_to_be_proposed_is_refused_in_words(cast: Cast, changes: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        propose(cast, **changes)


def test_a_later_decision_takes_the_place_of_an_earlier_one_until_it_is_carried_out(cast: Cast) -> None:
    made = propose(cast)
    decide(cast, made, cast.ana, S.DECLINED, why="Too low")
    with cast.scope(), pytest.raises(Conflict):
        services.carry_out(actor=cast.actor(cast.priya), proposal=made, why="Sent anyway", at=cast.at + HOUR)
    found = decide(cast, made, cast.ana, S.APPROVED, after=3 * HOUR, why="They raised it")

    assert [one.to for one in found.decisions] == [S.DECLINED, S.APPROVED]
    assert found.holds is not None
    assert found.holds.why == "They raised it"
    with cast.scope():
        services.carry_out(actor=cast.actor(cast.priya), proposal=made, why="Sent", at=cast.at + 4 * HOUR)
    with pytest.raises(Conflict):
        decide(cast, made, cast.ana, S.DECLINED, after=5 * HOUR)


def test_only_who_proposed_it_withdraws_it_and_only_while_nobody_decided(cast: Cast) -> None:
    made = propose(cast)
    with cast.scope(), pytest.raises(Refused, match="Only who proposed it"):
        services.withdraw(actor=cast.actor(cast.ana), proposal=made, why="No", at=cast.at)
    with cast.scope():
        services.withdraw(actor=cast.actor(cast.priya), proposal=made, why="The payer took it back", at=cast.at)
    assert in_inbox(cast, cast.ana) == []
    with pytest.raises(Conflict):
        decide(cast, made, cast.ana)


def test_who_proposed_it_does_not_decide_it_not_even_the_owner(cast: Cast) -> None:
    made = propose(
        cast, cast.ana, decision="RD03", title="Two visits after surgery"
    )  # hers to propose: she is the practice
    with pytest.raises(Refused, match="You proposed this"):
        decide(cast, made, cast.ana)
    mara = testing.person("mara@rockland.example", "Dr. Mara", practice=cast.rockland.id, role="physician", at=cast.at)
    assert decide(cast, made, mara).state is S.APPROVED


def test_theo_sees_nothing_of_it(cast: Cast) -> None:
    made = propose(cast)
    with cast.scope(cast.rival), reading():
        assert queries.listing(filters=Filters(), page=PageAsk()).rows == []
        with pytest.raises(NotFound):
            queries.proposal(made)
    assert signed_in(cast.theo).get(reverse("governance:proposal", args=[made])).status_code == 404


# ---- nobody gets around it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role.code for role in ROLES if role.side is not Side.PRACTICE])
def test_no_role_but_the_practices_own_decides_and_none_can_be_given_the_right(cast: Cast, role: str) -> None:
    made = propose(cast)
    user = testing.person(f"{role}@harborridge.example", role, practice=cast.rockland.id, role=role, at=cast.at)
    assert not cast.actor(user, fresh=True).can(DECIDE.code, cast.rockland.id)
    with pytest.raises(NotAllowed):
        decide(cast, made, user)

    held = registry.roles()[role]
    bent = Role(role, held.words, held.side, held.permissions | {DECIDE.code}, held.classes)
    registry._roles[role] = bent
    try:
        assert registry.faults() == [
            f"role {role} holds governance.decide, which is reserved to people of the practice"
        ]
        with pytest.raises(NotAllowed, match="Only a person of Rockland"):
            decide(cast, made, user)
    finally:
        registry._roles[role] = held


def test_the_roles_that_decide_are_the_licensees_in_code_and_in_the_database(cast: Cast) -> None:
    assert {role.code for role in ROLES if DECIDE.code in role.permissions} == set(LICENSEES)
    trigger = Path("src/openmso/governance/migrations/0002_only_licensees_decide.py").read_text(encoding="utf-8")
    assert f"held.role IN ({', '.join(repr(role) for role in LICENSEES)})" in trigger
    with cast.scope(), pytest.raises(NotAllowed, match="Only a person of the practice"):
        services.decide(
            actor=Actor.system("a job", at=cast.at), proposal=propose(cast), outcome=S.APPROVED, why="x", at=cast.at
        )
    assert table_is_whole(MOVES, S)


def test_the_database_takes_no_decision_from_anybody_else_and_changes_nothing(cast: Cast) -> None:
    made, own = propose(cast), propose(cast, cast.ana)
    gone = testing.person("gone@rockland.example", "Dr. Gone", practice=cast.rockland.id, role="physician", at=cast.at)

    def step(proposal: str, to: S, user: User | None, **more: Any) -> None:
        row = Proposal.objects.get(public_id=proposal)
        facts = {"number": 1, "role": "practice_owner", "why": "x", "at": cast.at, "by": "somebody", **more}
        with transaction.atomic():
            ProposalStep.objects.create(practice_id=row.practice_id, proposal=row, to_state=to, user=user, **facts)

    refused: list[tuple[str, str, S, User | None, dict[str, Any]]] = [
        ("only a licensee of the practice decides", made, S.APPROVED, cast.priya, {}),
        ("only a licensee of the practice decides", made, S.APPROVED, cast.priya, {"role": "biller"}),
        ("only a licensee of the practice decides", made, S.DECLINED, cast.theo, {}),
        ("only a licensee of the practice decides", made, S.APPROVED, gone,
         {"role": "physician", "at": datetime(2025, 6, 1, tzinfo=cast.at.tzinfo)}),
        ("only a licensee of the practice decides", made, S.APPROVED, None, {}),
        ("who proposed it does not decide it", own, S.APPROVED, cast.ana, {}),
        ("nothing is carried out that is not approved", made, S.CARRIED_OUT, cast.priya, {}),
        ("approval_with_changes_says_which", made, S.CHANGED, cast.ana, {}),
        ("steps_of_proposals_say_why", made, S.APPROVED, cast.ana, {"why": ""}),
    ]  # fmt: skip
    with cast.scope(), atomic.open():
        for words, proposal, to, user, more in refused:
            with pytest.raises(DatabaseError, match=words):
                step(proposal, to, user, **more)
        step(made, S.APPROVED, cast.ana)  # the trigger can say yes
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ProposalStep.objects.update(why="otherwise")
        with pytest.raises(DatabaseError, match="stays as it was proposed"), transaction.atomic():
            Proposal.objects.filter(public_id=made).update(analysis="otherwise")


# ---- what is reserved, and how a practice decides --------------------------------------------------------------


def test_what_is_reserved_says_by_which_version_or_rule_and_changes_with_the_day(cast: Cast) -> None:
    sunny = parties.practice(at=cast.at, code="SUNNY", name="Sunny Clinic", state="CA", zone="America/Los_Angeles")
    flat = {"period": "month", "components": [{"kind": "flat", "amount": "4200.00", "per": "month"}]}
    agreed = testing.executed(cast.mso, sunny, at=cast.at, fee=flat)
    with cast.scope(sunny, cast.rockland), reading():
        here = {one.code: one for one in queries.reserved(sunny.id, on=date(2026, 3, 2))}
        maine = {one.code: one for one in queries.reserved(cast.rockland.id, on=date(2026, 3, 2))}
        before = {one.code for one in queries.reserved(sunny.id, on=date(2025, 3, 2))}

    assert [(one.kind, one.name) for one in here["RD07"].sources] == [
        ("agreement", agreed.agreement), ("law", "CA-MBC-06"), ("house", "")
    ]  # fmt: skip
    assert here["RD09"].sources[0].citation == "B&P 2052, 2400; MBC guidance"
    assert [one.kind for one in maine["RD09"].sources] == ["house"]  # no law of Maine reserves it: the house does
    assert SOFT - set(maine) == {"RD04", "RD08", "RD11"}
    assert before == set(queries.DECISIONS) - SOFT  # no agreement yet: only what always stays
    assert (here["RD07"].mso_prepares, here["RD01"].mso_prepares) == (True, False)


def test_the_index_tells_who_decided_how_and_what_is_suspicious(cast: Cast) -> None:
    quick, slow, no, waits = (propose(cast, title=f"Rates {number}") for number in range(4))
    own = propose(cast, cast.ana, title="Her own")
    decide(cast, quick, cast.ana, after=timedelta(seconds=40))
    decide(cast, slow, cast.ana, S.CHANGED, after=24 * HOUR, changes="Less")
    decide(cast, no, cast.ana, S.DECLINED, after=9 * 24 * HOUR)
    days, later = DayRange(date(2026, 3, 1), date(2026, 4, 1)), cast.at + timedelta(days=20)
    with cast.scope(), reading():
        told = queries.autonomy(cast.rockland.id, days=days, at=later)
        empty = queries.autonomy(cast.rockland.id, days=DayRange(date(2026, 1, 1), date(2026, 2, 1)), at=later)

    assert (told.proposed, told.decided, told.by_licensee) == (4, 3, 3)  # her own is nobody's pressure
    assert (told.unchanged, told.changed, told.declined, told.waiting) == (1, 1, 1, 1)
    assert (told.before_decided, told.late, str(told.median_hours)) == (0, 2, "24.0")
    assert [(one.words, one.proposals) for one in told.flags] == [
        ("1 proposal decided within a minute: nobody reads an analysis in that time.", (quick,)),
        ("1 proposal past the day: not decided yet.", (waits,)),
        ("1 proposal decided after the day.", (no,)),
    ]
    assert (empty.proposed, empty.index, empty.flags) == (0, None, ())
    outcomes = tuple(Term("outcome", "=", one, one) for one in ("changed", "declined"))
    with cast.scope(), reading():
        behind = queries.listing(filters=Filters(outcomes), page=PageAsk()).rows
    assert {one.public_id for one in behind} == {slow, no}
    assert own not in {one for flag in told.flags for one in flag.proposals}


def test_screens_and_api_do_the_same_and_refuse_alike(cast: Cast) -> None:
    priya, ana = signed_in(cast.priya), signed_in(cast.ana)
    practice = cast.rockland.practice.public_id
    values = {
        "practice": practice,
        "decision": "RD13",
        "title": "Raise prices",
        "proposed": "By 3 %",
        "analysis": "Costs",
    }
    shown = priya.post(reverse("governance:new"), {**values, "decision": "RD03"})
    assert shown.status_code == 422
    assert priya.post(reverse("governance:new"), values).status_code == 303
    with cast.scope(), reading():
        (one,) = queries.listing(filters=Filters((Term("decision", "=", "rd13", "rd13"),)), page=PageAsk()).rows
    where = reverse("governance:proposal", args=[one.public_id])
    assert "nobody of the MSO can" in priya.get(where).content.decode()
    assert priya.get(reverse("governance:decide", args=[one.public_id])).status_code == 403
    body = {"outcome": "approved", "why": "Agreed"}
    path = f"/api/proposals/{one.public_id}/decision"
    assert priya.post(path, body, content_type="application/json").status_code == 403
    unclear = ana.post(reverse("governance:decide", args=[one.public_id]), {**body, "outcome": "changed"})
    assert unclear.status_code == 422
    assert "Say what is changed" in unclear.content.decode()
    assert ana.post(path, body, content_type="application/json").json()["state"] == "approved"

    panel = reverse("governance:of-agreement", args=[cast.agreement.agreement])
    for address in (reverse("governance:proposals"), reverse("governance:practices"), where, panel,
                    reverse("governance:practice", args=[practice])):  # fmt: skip
        assert "Raise prices" in (text := ana.get(address).content.decode()) or "Rockland" in text
    rows = ana.get(f"/api/practices/{practice}/proposals?state=approved").json()["items"]
    assert [row["title"] for row in rows] == ["Raise prices"]
    assert ana.get(f"/api/practices/{practice}/autonomy").json()["index"] == "1.0000"
    assert signed_in(cast.theo).get(f"/api/practices/{practice}/reserved-decisions").status_code == 404
    exported = ana.get(reverse("governance:proposals"), {"export": "csv", "q": "is:approved"})
    assert b"Raise prices" in b"".join(exported) if exported.streaming else exported.content


def test_the_command_lists_proposals_what_is_reserved_and_the_index(cast: Cast) -> None:
    made = propose(cast)

    def run(*words: str, status: int = 0) -> Any:
        done = CliRunner().invoke(app, ["governance", *words, "--practice", "ROCK", "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.output)

    assert [one["id"] for one in run("list", "--state", "waiting")] == [made]
    waits = [one for one in run("approvals") if one["about"] == made]
    assert [(one["kind"], one["practice"]) for one in waits] == [("governance.proposal", "Rockland Family Practice")]
    assert {one["code"] for one in run("reserved", "--on", "2026-03-02")} >= {"RD07", "RD13", "FA18"}
    (told,) = run("index", "--from", "2026-03-01", "--through", "2026-03-31")
    assert (told["practice"], told["proposed"], told["flags"]) == ("ROCK", 1, [])
