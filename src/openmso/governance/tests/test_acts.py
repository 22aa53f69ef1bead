"""What is reserved is kept at the act: no role of the MSO does it by itself, licensees do, and an approval serves once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.billing.queries import policies
from openmso.billing.services import placing
from openmso.billing.services import policies as deciding
from openmso.charges import services as charges
from openmso.charges.contracts import FeeDraft
from openmso.config.roles import ROLES
from openmso.contracting import services as contracting
from openmso.contracting.contracts import Terms
from openmso.equity.services import keeping
from openmso.equity.states import Venture
from openmso.governance import queries, services
from openmso.governance.contracts import NewProposal, S
from openmso.governance.models import ReservedAct
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.ledger.queries.books import NoBook
from openmso.parties import testing as parties
from openmso.parties.services import clinicians
from openmso.parties.testing import House, builder
from openmso.platform.access import registry
from openmso.platform.access import services as access
from openmso.platform.access.contracts import Actor, NotAllowed, Side
from openmso.platform.access.reserved import NotPermitted
from openmso.platform.access.services import CannotGrant
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, reading, scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Deed = Callable[[Actor, int], object]


def fees(house: House, starts_on: date = date(2026, 4, 1)) -> Deed:
    return lambda actor, practice: charges.publish_fees(
        actor=actor, practice=practice, name="Standard", label="Next", starts_on=starts_on, at=actor.at,
        fees=[FeeDraft("99213", Money.of(190))],
    )  # fmt: skip


def deeds(cast: Cast, house: House) -> dict[str, Deed]:
    """Every act that is reserved everywhere or by this agreement, ready to be done."""
    with cast.scope(house):
        contract = contracting.draft(
            actor=builder(cast.at), practice=house.id, payer_id=cast.payer.id, terms=Terms("all: 70% of charge", ""),
            starts_on=date(2026, 4, 1), at=cast.at,
        )  # fmt: skip
        policy = policies.current(house.id)
    return {
        "RD07": lambda actor, practice: contracting.publish(actor=actor, contract=contract.public_id, at=actor.at),
        "RD13 prices": fees(house),
        "RD13 policy": lambda actor, practice: deciding.decide(
            actor=actor, practice=practice, policy=policy, why="Another", at=actor.at
        ),
        "RD13 agency": lambda actor, practice: placing.name_agency(
            actor=actor, practice=practice, name="Fair Debt", fee_percent=Decimal(20), at=actor.at
        ),
        "RD06": lambda actor, practice: clinicians.leave(
            actor=actor, practice=practice, clinician=house.clinician.public_id, ends_on=date(2026, 9, 1), at=actor.at
        ),
        "RD15": lambda actor, practice: keeping.open_table(
            actor=actor, entity=house.entity.public_id, kind=Venture.OTHER, at=actor.at
        ),
    }


def tried(cast: Cast, user: User, house: House, deed: Deed) -> str:
    """What comes of an act: refused for the role, refused because it is reserved, or done (and undone)."""
    actor = cast.actor(user, fresh=True)
    with cast.scope(house), atomic.open():
        try:
            with transaction.atomic():
                deed(actor, house.id)
                transaction.set_rollback(True)
        except NotAllowed:
            return "role"
        except NotPermitted:
            return "reserved"
        except NoBook:
            return "done"  # it was let through, to an entity whose books nobody opened
    return "done"


def agree(cast: Cast, decision: str, title: str, *, by: User, party: str = "") -> str:
    new = NewProposal(decision, title, "As offered", "It pays", party=party)
    with cast.scope():
        made = services.propose(actor=cast.actor(by), practice=cast.rockland.id, new=new, at=cast.at)
        later = cast.at + timedelta(hours=2)
        services.decide(actor=cast.actor(cast.ana, at=later), proposal=made, outcome=S.APPROVED, why="Yes", at=later)
    return made


def staff(cast: Cast, *houses: House) -> Iterator[User]:
    for role in (one.code for one in ROLES if one.side is not Side.PRACTICE):
        for house in houses:
            user = testing.person(f"{role}@harborridge.example", role, practice=house.id, role=role, at=cast.at)
        yield user


def test_no_role_of_the_mso_does_what_is_reserved_and_where_nothing_reserves_it_nothing_changes(cast: Cast) -> None:
    free = parties.practice(at=cast.at, code="FREE", name="Free Clinic")
    testing.executed(cast.mso, free, at=cast.at, reserved=())
    here, there = deeds(cast, cast.rockland), deeds(cast, free)
    came = {user.name: (
        {act: tried(cast, user, cast.rockland, deed) for act, deed in here.items()},
        {act: tried(cast, user, free, deed) for act, deed in there.items()},
    ) for user in staff(cast, cast.rockland, free)}  # fmt: skip

    assert {role for role, (mine, _) in came.items() if "done" in mine.values()} == set()
    refused = {act: {role for role, (mine, _) in came.items() if mine[act] == "reserved"} for act in here}
    assert refused == {
        "RD07": {"mso_executive", "administrator"}, "RD13 prices": {"billing_lead"}, "RD13 policy": {"billing_lead"},
        "RD13 agency": {"billing_lead"}, "RD06": {"administrator"}, "RD15": {"controller", "mso_executive"},
    }  # fmt: skip
    lead = came["billing_lead"][1]
    assert {act for act, what in lead.items() if what == "done"} == {"RD13 prices", "RD13 policy", "RD13 agency"}
    assert {what for _, theirs in came.values() for act, what in theirs.items() if act[:4] != "RD13"} == {
        "role", "reserved"
    }  # fmt: skip
    assert {act for act, deed in here.items() if tried(cast, cast.ana, cast.rockland, deed) != "done"} == set()
    assert tried(cast, cast.theo, cast.rockland, here["RD07"]) == "role"


def test_an_approval_stands_behind_one_act_is_used_up_by_it_and_both_say_so(cast: Cast) -> None:
    kate = testing.person(
        "kate@harborridge.example", "Kate", practice=cast.rockland.id, role="mso_executive", at=cast.at
    )
    agree(cast, "RD07", "Terms of another payer", by=kate, party="Somebody Else")
    acts = deeds(cast, cast.rockland)
    with pytest.raises(NotPermitted, match=r"payer contracts \(RD07; .*No approved decision") as no, cast.scope():
        acts["RD07"](cast.actor(kate), cast.rockland.id)
    assert "Propose it to the practice" in no.value.fix
    made = agree(cast, "RD07", f"Terms of {cast.payer.name}", by=kate, party=cast.payer.name)
    page = signed_in(cast.ana).get(reverse("governance:proposal", args=[made])).content.decode()
    assert reverse("contracting:of-practice", args=[cast.rockland.practice.public_id]) in page

    later = cast.at + timedelta(hours=3)
    with cast.scope():
        acts["RD07"](cast.actor(kate, at=later), cast.rockland.id)
        acts["RD13 prices"](cast.actor(cast.ana, at=later), cast.rockland.id)
    with cast.scope(), reading():
        used, found = queries.proposal(made), queries.acts([cast.rockland.id])[cast.rockland.id]
        told = queries.autonomy(
            cast.rockland.id, days=DayRange(date(2026, 3, 1), date(2026, 4, 1)), at=cast.at + timedelta(days=3)
        )
    assert used.state is S.CARRIED_OUT
    assert f"Published the terms with {cast.payer.name} from 1 April 2026" in used.steps[-1].why
    assert [(one.decision, one.role, one.proposal) for one in found] == [
        ("RD13", "practice_owner", ""), ("RD07", "", made)
    ]  # fmt: skip
    assert (told.acts, told.acts_by_licensee, told.acts_agreed, told.index) == (2, 1, 1, 1)
    assert (
        "Published the terms"
        in signed_in(cast.ana)
        .get(reverse("governance:practice", args=[cast.rockland.practice.public_id]))
        .content.decode()
    )

    row = {"practice_id": cast.rockland.id, "act": "x", "subject_kind": "x", "words": "x",
           "at": later, "by": "x", "user_id": kate.pk}  # fmt: skip
    with cast.scope(), atomic.open():
        behind = ReservedAct.objects.get(proposal__isnull=False).proposal_id
        for words, more in (
            ("done by a licensee", {"role": "practice_owner"}), ("done by a licensee", {}),
            ("of its practice and matter", {"proposal_id": behind}),
            ("a_decision_is_used_once", {"proposal_id": behind, "decision": "RD07"}),
        ):  # fmt: skip
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                ReservedAct.objects.create(**({"decision": "RD13"} | row | more))


def test_roles_of_the_practice_come_from_its_own_people(cast: Cast) -> None:
    rui = testing.person("rui@harborridge.example", "Rui", practice=cast.rockland.id, role="administrator", at=cast.at)
    mara, ana = User.objects.create_user("mara@x.example", name="Dr. Mara"), cast.ana
    at, day = cast.at, date(2026, 3, 2)

    def give(by: User, to: User, role: str, house: House = cast.rockland) -> None:
        with cast.scope(house):
            access.assign(
                actor=cast.actor(by, fresh=True), practice=house.id, user_id=to.pk, role=role, starts_on=day, at=at
            )

    for role in registry.roles_of(Side.PRACTICE):
        with pytest.raises(CannotGrant, match="its own people give it"):
            give(rui, mara, role)
    give(ana, mara, "physician")
    with pytest.raises(CannotGrant, match="nobody stands on both sides"):
        give(ana, cast.priya, "physician")
    new = parties.practice(at=at, code="NEW", name="New Clinic")
    testing.executed(cast.mso, new, at=at)
    testing.person("rui@harborridge.example", "Rui", practice=new.id, role="administrator", at=at)
    with pytest.raises(CannotGrant, match=r"who signed the agreement for the practice: Dr\. Ana Rockland"):
        give(rui, mara, "practice_owner", new)
    give(rui, ana, "practice_owner", new)
    with pytest.raises(CannotGrant, match="its own people give it"):
        give(rui, mara, "practice_owner", new)

    held = {"practice_id": cast.rockland.id, "starts_on": date(2026, 5, 1), "granted_at": at}
    with scope(practices=[cast.rockland.id]), atomic.open():
        for words, row in (
            ("given by its owners", {"user": mara, "role": "practice_owner", "granted_by": rui}),
            ("given by its owners", {"user": mara, "role": "practice_staff"}),
            ("both sides", {"user": cast.priya, "role": "physician", "granted_by": ana}),
            ("both sides", {"user": ana, "role": "biller", "granted_by": rui}),
            ("approves staff", {"user": rui, "role": "biller", "approved_by": rui, "approved_at": at}),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                access.StaffAssignment.objects.create(**held, **row)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            access.StaffAssignment.objects.filter(user=rui).update(role="practice_owner")


def test_the_practice_approves_who_of_the_mso_works_for_it(cast: Cast) -> None:
    where = reverse("accounts:person", args=[cast.priya.public_id])
    ana = signed_in(cast.ana)
    with cast.scope(), reading():
        (row,) = access.StaffAssignment.objects.filter(user=cast.priya)
    assert "Approve" in ana.get(where).content.decode()
    path = f"/api/practices/{cast.rockland.practice.public_id}/assignments/{row.public_id}/approval"
    with suppress(NotAllowed):
        assert signed_in(cast.priya).post(path).status_code == 403
    assert (
        ana.post(reverse("accounts:approve-assignment", args=[cast.priya.public_id, row.public_id])).status_code == 303
    )
    assert "Dr. Ana Rockland, " in ana.get(where).content.decode()
    assert ana.post(path).status_code == 422
