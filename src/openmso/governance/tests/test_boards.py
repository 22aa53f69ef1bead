"""Joint boards as they are lived: a charter that both sides accept, seats, a meeting, votes, minutes; and recusal."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.contracts import Quorum
from openmso.governance import services as deciding
from openmso.governance.contracts import NewInterest, NewItem, NewProposal, Rule
from openmso.governance.contracts.interests import Band, Nature
from openmso.governance.jobs import remind
from openmso.governance.models import Agenda, Attendance, Charter, Disclosure, Vote
from openmso.governance.models import Meeting as Row
from openmso.governance.queries import boards as queries
from openmso.governance.queries import interests as disclosed
from openmso.governance.rules import boards as rules
from openmso.governance.services import actions, agenda, chartering, interests, meetings
from openmso.governance.services.recusing import Conflicted
from openmso.governance.states import MEETING_MOVES, Held, M, R, S, V
from openmso.governance.tests.room import FIRST, WEEK, Room, call, charter, inbox, sit, vote
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import table_is_whole
from openmso.parties import testing as party_builders
from openmso.platform.access.contracts import Actor, NotAllowed, Side
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit import queries as audit
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_a_board_from_its_charter_to_approved_minutes(room: Room) -> None:
    cast = room.cast
    with room.scope():
        deciding.propose(
            actor=cast.actor(cast.priya), practice=cast.rockland.id, at=cast.at,
            new=NewProposal("RD07", "Rates of Atlantic Shield", "Accept 112 %", "Brings 14,000 a year"),
        )  # fmt: skip
        scanner = agenda.put(
            actor=cast.actor(cast.ana), board=room.board, at=cast.at,
            new=NewItem("A second scanner", "12,400 dollars, from the reserve", "B01"),
        )  # fmt: skip
        with pytest.raises(Refused, match="Say which matter it is"):
            call(room, NewItem("Anything", "At all", ""))
        found = call(room, NewItem("Two more hours of phones", "From April", "B07"))
    first = found.row.public_id
    assert [one.title for one in found.items] == [
        "A second scanner", "Rates of Atlantic Shield", "Two more hours of phones",
    ]  # fmt: skip
    assert inbox(room, cast.ana, "governance.called", cast.at) == ["Joint board, meeting 1"]

    with room.scope():
        at = sit(room, first, cast.ana, room.ben, room.elena)  # Elena stands in for Kate
        agenda.note(actor=room.actor(room.kate, at), item=scanner, notes="Two offers were compared.", at=at)
        with pytest.raises(Refused, match="Only its licensees decide") as no:
            vote(room, cast.ana, found.items[1].public_id, V.YES, at)
        assert "stays with the practice" in no.value.sentence
        for user, choice in ((cast.ana, V.YES), (room.ben, V.ABSTAIN), (room.elena, V.YES)):
            vote(room, user, scanner, choice, at)
        with pytest.raises(Conflict, match="cast, and stays"):
            vote(room, cast.ana, scanner, V.NO, at)
        actions.resolve(
            actor=room.actor(room.kate, at), meeting=first, title="Order the scanner", owner=room.elena.public_id,
            due_on=date(2026, 3, 20), at=at,
        )  # fmt: skip
        closed = meetings.close(actor=room.actor(room.kate, at), meeting=first, at=at + timedelta(hours=1))
        with reading():
            paper, _ = queries.minutes(first)

    assert [one.result for one in closed.items] == [R.CARRIED, R.HEARD, R.HEARD]
    assert closed.items[0].result_words == (
        "Carried by 2 yes to 0 no (practice 1 to 0, MSO 1 to 0); the charter asks for more yes than no within each class."
    )
    assert closed.row.state is M.CLOSED
    assert paper.startswith(b"%PDF-")
    assert sha256(paper).hexdigest() == closed.minutes_sha256
    assert inbox(room, room.elena, "governance.action", at) == ["Order the scanner"]

    with room.scope():
        (order,) = closed.actions
        with pytest.raises(Refused, match="Elena Vass"):
            actions.finish(actor=room.actor(room.ben, at), action=order.public_id, how="Ordered", at=at)
        actions.finish(actor=room.actor(room.elena, at), action=order.public_id, how="Ordered at Camden", at=at)
        second = call(room, at=at + WEEK)
        assert second.items[0].title == "Minutes of meeting 1"
        later = sit(room, second.row.public_id, cast.ana, room.kate)
        for user in (cast.ana, room.kate):
            vote(room, user, second.items[0].public_id, V.YES, later)
        meetings.close(actor=room.actor(room.kate, later), meeting=second.row.public_id, at=later)
        with reading():
            approved = queries.meeting(first)
            trail = {one.action for one in audit.history(("governance.meeting", first), practice=cast.rockland.id)}
    assert (approved.row.state, approved.approved_in) == (M.APPROVED, second.row.public_id)
    assert trail >= {"governance.called", "governance.voted", "governance.closed", "governance.minutes_approved"}
    assert inbox(room, room.elena, "governance.action", at) == []
    assert table_is_whole(MEETING_MOVES, M)


def test_without_a_quorum_of_each_class_nothing_is_decided(room: Room) -> None:
    with room.scope():
        found = call(room, NewItem("Phones", "", "B07"))
        at = sit(room, found.row.public_id, room.cast.ana, room.ben)
        vote(room, room.cast.ana, found.items[0].public_id, V.YES, at)
        closed = meetings.close(actor=room.actor(room.kate, at), meeting=found.row.public_id, at=at)
    assert closed.items[0].result is R.NO_DECISION
    assert closed.items[0].result_words == (
        "No quorum, no decision: 0 seats of the MSO could vote, the charter asks for 1."
    )


def test_whoever_leaves_votes_no_more_and_the_quorum_follows(room: Room) -> None:
    with room.scope():
        found = call(room, NewItem("Phones", "", "B07"), NewItem("Chairs", "", "B10"))
        name, (phones, chairs) = found.row.public_id, (one.public_id for one in found.items)
        at = sit(room, name, room.cast.ana, room.elena)
        later = at + timedelta(minutes=10)
        for user in (room.cast.ana, room.elena):
            vote(room, user, phones, V.YES, at)
        left = meetings.leave(actor=room.actor(room.kate, later), meeting=name, account=room.elena.public_id, at=later)
        with pytest.raises(Refused, match="in no seat at this meeting"):
            vote(room, room.elena, chairs, V.YES, later)
        vote(room, room.cast.ana, chairs, V.YES, later)
        closed = meetings.close(actor=room.actor(room.kate, later), meeting=name, at=later)
    assert [one.left_at for one in left.present] == [None, later]
    assert [one.result for one in closed.items] == [R.CARRIED, R.NO_DECISION]


def test_neither_side_writes_the_rule_alone_and_each_fills_its_own_seats(room: Room) -> None:
    cast = room.cast
    with room.scope():
        for no, act in (
            ("A quorum needs", lambda: chartering.write(
                actor=cast.actor(room.kate), board=room.board, charter=charter(quorum_practice=0), at=cast.at)),
            ("filled by its own people", lambda: chartering.seat(
                actor=cast.actor(room.kate), board=room.board, side=Side.PRACTICE, number=3,
                holder=room.kate.public_id, starts_on=FIRST, at=cast.at)),
            ("no role of the MSO", lambda: chartering.seat(
                actor=cast.actor(room.kate), board=room.board, side=Side.MSO, number=2, holder=cast.ana.public_id,
                starts_on=FIRST, at=cast.at)),
        ):  # fmt: skip
            with pytest.raises(Refused, match=no):
                act()
        written = chartering.write(
            actor=cast.actor(room.kate), board=room.board, charter=charter(rule=Rule.MAJORITY), at=cast.at
        )
        assert written.charter is not None
        assert written.charter.rule is Rule.EACH_CLASS  # until the practice accepts
        with pytest.raises(Refused, match="The MSO wrote it"):
            chartering.accept(actor=cast.actor(room.elena), board=room.board, number=2, at=cast.at)
        after = chartering.accept(actor=cast.actor(cast.ana), board=room.board, number=2, at=cast.at)
        assert after.charter is not None
        assert after.charter.rule is Rule.MAJORITY


def test_notice_is_kept_and_only_who_holds_a_seat_is_there(room: Room) -> None:
    cast, at = room.cast, room.cast.at
    with room.scope():
        with pytest.raises(Refused, match="5 days of notice") as no:
            meetings.call(
                actor=cast.actor(room.kate), board=room.board, meets_at=at + timedelta(days=2), place="Here", at=at
            )
        assert no.value.fix == "Choose 7 March 2026 or a later day."
        found = call(room)
        with pytest.raises(Refused, match="It is called for 9 March 2026"):
            meetings.open_(actor=cast.actor(room.kate), meeting=found.row.public_id, at=at)
        sat = sit(room, found.row.public_id)
        marcus = testing.person("marcus@example.org", "Marcus", practice=cast.rockland.id, role="physician", at=at)
        with pytest.raises(Refused, match="no seat at this meeting"):
            meetings.attend(actor=room.actor(marcus, sat), meeting=found.row.public_id, at=sat)
        with pytest.raises(NotAllowed):
            meetings.call(actor=room.actor(cast.priya, at), board=room.board, meets_at=at + WEEK, place="Here", at=at)


def test_who_disclosed_an_interest_is_recused_in_votes_and_in_decisions(room: Room) -> None:
    cast, at = room.cast, room.cast.at
    owns = NewInterest(Nature.OWNERSHIP, "Camden Imaging, LLC", "A fifth of it, since 2019", Band.UP_TO_100)
    with room.scope():
        made = interests.disclose(actor=cast.actor(cast.ana), practice=cast.rockland.id, new=owns, at=at)
        found = call(room, NewItem("Lease a scanner", "From Camden Imaging", "B10", "CAMDEN IMAGING LLC"))
        sat = sit(room, found.row.public_id, cast.ana, room.ben, room.kate)
        item = found.items[0].public_id
        with pytest.raises(Conflicted, match="You disclosed an interest in Camden Imaging"):
            vote(room, cast.ana, item, V.YES, sat)
        for user, choice, why in (
            (cast.ana, V.RECUSED, "It is partly mine"),
            (room.ben, V.YES, ""),
            (room.kate, V.YES, ""),
        ):
            vote(room, user, item, choice, sat, why)
        closed = meetings.close(actor=room.actor(room.kate, sat), meeting=found.row.public_id, at=sat)
        proposal = deciding.propose(
            actor=cast.actor(cast.priya), practice=cast.rockland.id, at=at,
            new=NewProposal("RD13", "Prices of scans", "As Camden asks", "Cheaper", party="Camden Imaging"),
        )  # fmt: skip
        with pytest.raises(Conflicted):
            deciding.decide(actor=cast.actor(cast.ana), proposal=proposal, outcome=S.APPROVED, why="Fine", at=at)
        with reading():
            (related,) = disclosed.related([cast.rockland.id], at=at)
        assert related.relation == "Ownership or investment of Dr. Ana Rockland, up to $100,000 a year"

        interests.end(actor=cast.actor(cast.ana), interest=made, why="Sold in March", at=at)
        assert deciding.decide(
            actor=cast.actor(cast.ana), proposal=proposal, outcome=S.APPROVED, why="Fine", at=at
        ).decided_by == "Dr. Ana Rockland"  # fmt: skip
    assert closed.items[0].result is R.CARRIED


def test_an_interest_in_the_mso_itself_is_disclosed_by_choice_and_follows_every_name_of_the_mso(room: Room) -> None:
    cast, at = room.cast, room.cast.at
    with room.scope(), atomic.open():
        Tenant.objects.filter(pk=cast.mso.id).update(name="Harbor Ridge")  # it goes by less than its legal name
    given = {
        "practice": cast.rockland.practice.public_id, "nature": "ownership", "party": "", "vendor": "mso", "band": "to100k",
        "words": "Forty of its units, since 2024",
    }  # fmt: skip
    browser = signed_in(cast.ana)
    assert "The MSO itself: Harbor Ridge MSO" in browser.get(reverse("governance:disclose")).content.decode()
    twice = browser.post(reverse("governance:disclose"), {**given, "party": "Camden Imaging"})
    assert "Disclose each by itself" in twice.content.decode()
    assert browser.post(reverse("governance:disclose"), given).status_code == 303
    with room.scope():
        with reading():
            (mine,) = disclosed.of_account(cast.rockland.id, cast.ana.public_id, at=at)
            (related,) = disclosed.related([cast.rockland.id, cast.mso.id], at=at)  # the MSO is not related to itself
            said = [
                disclosed.relation(cast.rockland.id, name, at=at) for name in ("HARBOR RIDGE", "Harbor Ridge MSO, LLC")
            ]
        assert (mine.party, related.practice, said) == (
            "Harbor Ridge MSO, LLC",
            cast.rockland.id,
            [related.relation] * 2,
        )
        found = call(room, NewItem("Phones", "What Harbor Ridge asks for them", "B07"))
        (item,) = found.items
        assert item.recusals == (("Dr. Ana Rockland", mine.public_id),)
        sat = sit(room, found.row.public_id, cast.ana)
        with pytest.raises(Conflicted, match="You disclosed an interest in Harbor Ridge MSO"):
            vote(room, cast.ana, item.public_id, V.YES, sat)
        proposal = deciding.propose(
            actor=cast.actor(cast.priya), practice=cast.rockland.id, at=at,
            new=NewProposal("RD13", "The fee", "As it asks", "Cheaper", party="Harbor Ridge"),
        )  # fmt: skip
        with pytest.raises(Conflicted):
            deciding.decide(actor=cast.actor(cast.ana), proposal=proposal, outcome=S.APPROVED, why="Fine", at=at)


def test_disclosures_are_ones_own_renewed_yearly_and_never_changed(room: Room) -> None:
    cast, at = room.cast, room.cast.at
    with room.scope():
        for no, new in (
            ("in whom", NewInterest(Nature.LOAN, "", "To a friend")), ("what the interest is", NewInterest(Nature.LOAN, "Bob", "")),
            ("names no party", NewInterest(Nature.NONE, "Bob", "")),
        ):  # fmt: skip
            with pytest.raises(Refused, match=no):
                interests.disclose(actor=cast.actor(cast.ana), practice=cast.rockland.id, new=new, at=at)
        made = interests.disclose(
            actor=cast.actor(room.kate), practice=cast.rockland.id, new=NewInterest(Nature.NONE, "", ""), at=at
        )
        with pytest.raises(Refused, match="their own interests"):
            interests.renew(actor=cast.actor(cast.ana), interest=made, at=at)
    later = at + timedelta(days=350)
    system = Actor.system("the clock", at=later)
    with room.scope():
        for _ in range(2):
            remind(practice=cast.rockland.id, at=later, actor=system)
    assert inbox(room, room.kate, "governance.renewal", later) == ["Disclosure of Kate Lindgren: nothing to disclose"]
    with room.scope():
        with reading():
            assert disclosed.interest(made, at=at + timedelta(days=366)).state is Held.OVERDUE
        assert interests.renew(actor=room.actor(room.kate, later), interest=made, at=later).state is Held.HOLDS
    assert inbox(room, room.kate, "governance.renewal", later) == []
    with room.scope(), atomic.open():
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Disclosure.objects.update(words="otherwise")


def test_the_database_keeps_what_was_voted_and_who_may_decide(room: Room) -> None:
    with room.scope():
        found = call(room, NewItem("Phones", "", "B07"))
        at = sit(room, found.row.public_id, room.cast.ana)
        vote(room, room.cast.ana, found.items[0].public_id, V.YES, at)
        with atomic.open():
            for words, act in (
                ("permission denied", lambda: Vote.objects.update(choice=V.NO)),
                ("permission denied", lambda: Attendance.objects.update(name="Bob")),
                ("stays as it was written", lambda: Charter.objects.update(quorum_practice=2)),
                ("closed_meetings_have_minutes", lambda: Row.objects.update(state=M.CLOSED)),
                ("results_say_how_they_came_about", lambda: Agenda.objects.update(result=R.CARRIED)),
            ):  # fmt: skip
                with pytest.raises(DatabaseError, match=words), transaction.atomic():
                    act()


def test_theo_sees_nothing_and_ana_votes_on_her_screen(room: Room) -> None:
    cast = room.cast
    with room.scope():
        found = call(room, NewItem("Phones", "Two more hours", "B07"))
        sit(room, found.row.public_id, cast.ana)
    meeting, item = found.row.public_id, found.items[0].public_id
    with cast.scope(cast.rival), reading(), pytest.raises(NotFound):
        queries.meeting(meeting)
    assert signed_in(cast.theo).get(reverse("governance:meeting", args=[meeting])).status_code == 404

    browser = signed_in(cast.ana)
    for name, args in (
        ("boards", []),
        ("board", [room.board]),
        ("meeting", [meeting]),
        ("interests", []),
        ("related", []),
    ):
        assert browser.get(reverse(f"governance:{name}", args=args)).status_code == 200
    answer = browser.post(reverse("governance:vote", args=[item]), {"choice": "yes", "why": ""})
    assert answer.status_code == 303
    told = browser.get(f"/api/board-meetings/{meeting}").json()
    assert [one["choice"] for one in told["agenda"][0]["votes"]] == ["yes"]


def test_a_charter_asks_for_no_less_than_the_agreement_and_a_named_party_recuses_who_disclosed_it(room: Room) -> None:
    cast, at = room.cast, room.cast.at
    house = party_builders.practice(at=at, code="PINE", name="Pine Clinic")
    testing.executed(cast.mso, house, at=at, quorum=Quorum(2, 1))
    testing.person(room.kate.email, "Kate Lindgren", practice=house.id, role="mso_executive", at=at)
    with cast.scope(house):
        with pytest.raises(Refused, match="2 of the practice's seats"):
            chartering.set_up(actor=cast.actor(room.kate), practice=house.id, name="Board", charter=charter(), at=at)
        chartering.set_up(
            actor=cast.actor(room.kate), practice=house.id, name="Board", charter=charter(quorum_practice=2), at=at
        )
    with room.scope(), reading():
        held = queries.board(room.board, at=at).charters[0]
    stricter = rules.as_agreed(held, Quorum(2, 1))
    assert dict(stricter.quorum) == {Side.PRACTICE: 2, Side.MSO: 1}

    owns = NewInterest(Nature.OWNERSHIP, "Camden Imaging, LLC", "A fifth of it, since 2019", Band.UP_TO_100)
    with room.scope():
        made = interests.disclose(actor=cast.actor(cast.ana), practice=cast.rockland.id, new=owns, at=at)
        proposal = deciding.propose(
            actor=cast.actor(cast.priya), practice=cast.rockland.id, at=at,
            new=NewProposal("RD13", "Prices of scans at Camden Imaging", "As they ask", "Cheaper"),
        )  # fmt: skip
        found = call(room, NewItem("Lease a room to Camden Imaging LLC", "Two afternoons a week", "B10"))
    asked, lease = found.items
    assert (asked.subject_id, asked.party) == (proposal, "Camden Imaging, LLC")
    assert (lease.party, lease.recusals) == ("Camden Imaging, LLC", (("Dr. Ana Rockland", made),))
