"""May she? A truth table for every side of the house, each row with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from openmso.kit.classes import DataClass
from openmso.kit.periods import DayRange
from openmso.platform.access import rules
from openmso.platform.access.contracts import (
    Actor,
    ActorKind,
    Assignment,
    Grant,
    Permission,
    Role,
    Side,
    Standing,
    Tenancy,
)

NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)
ROCKLAND, RIVAL, MSO = 1, 2, 9
PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
SUBMIT = Permission("claims.submit", "send claims to payers", line="revenue_cycle", classes=PHI)
RATES = Permission("contracts.sign", "sign payer contracts", line="revenue_cycle", reserved=True)
BOOKS = Permission("ledger.close", "close a month", line="accounting", fresh=True)
INVITE = Permission("people.invite", "invite people")
EVERY = frozenset({SUBMIT.code, RATES.code, BOOKS.code, INVITE.code})
ROLES = {
    "biller": Role("biller", "Biller", Side.MSO, EVERY, PHI),
    "owner": Role("owner", "Owner", Side.PRACTICE, EVERY, PHI),
    "auditor": Role("auditor", "Auditor", Side.AUDITOR, frozenset({SUBMIT.code}), PHI),
    "greeter": Role("greeter", "Greeter", Side.PRACTICE, frozenset()),
}
MARCH = DayRange(date(2026, 3, 1), date(2026, 4, 1))
TENANTS = {
    ROCKLAND: Tenancy(ROCKLAND, "Rockland Family Practice", "America/New_York", is_mso=False),
    MSO: Tenancy(MSO, "Harbor MSO", "America/New_York", is_mso=True),
}
GRANT = Grant("GRT-1", ROCKLAND, "revenue_cycle", PHI, MARCH)


def person(
    role: str,
    *,
    practice: int = ROCKLAND,
    line: str = "",
    days: DayRange = MARCH,
    grants: tuple[Grant, ...] = (GRANT,),
    covers: dict[int, tuple[DayRange, ...]] | None = None,
) -> Actor:
    standing = Standing.of(
        assignments=[Assignment(practice, role, line, days, "ASG-1")],
        grants=grants,
        covers={ROCKLAND: (MARCH,)} if covers is None else covers,
        tenants=TENANTS,
    )
    return Actor(ActorKind.PERSON, "Priya", NOON, user_id=1, standing=standing, fresh=True)


def decide(actor: Actor, permission: Permission, practice: int | None = ROCKLAND) -> tuple[bool, str]:
    decision = rules.decide(actor, permission, practice, ROLES)
    return decision.allowed, decision.reason


def test_staff_of_the_mso_act_under_the_agreement_and_the_grant_is_named() -> None:
    decision = rules.decide(person("biller"), SUBMIT, ROCKLAND, ROLES)

    assert decision.allowed
    assert decision.grant == "GRT-1"
    assert decision.reason == "The agreement with Rockland Family Practice puts this in scope until 2026-04-01."


def test_where_a_role_suffices_the_assignment_is_named() -> None:
    assert rules.decide(person("owner"), SUBMIT, ROCKLAND, ROLES).grant == "ASG-1"
    assert rules.decide(person("biller"), INVITE, ROCKLAND, ROLES).grant == "ASG-1"


def test_the_system_goes_on_under_the_grant_of_who_asked() -> None:
    asked = Actor.system("job: claims.run", at=NOON, behind="GRT-1")

    assert rules.decide(asked, SUBMIT, ROCKLAND, ROLES).grant == "GRT-1"
    assert rules.decide(Actor.system("month end", at=NOON), SUBMIT, ROCKLAND, ROLES).grant == ""


EXPIRED = DayRange(date(2026, 1, 1), date(2026, 3, 10))
LATER = DayRange(date(2026, 3, 11))


@pytest.mark.parametrize(
    ("actor", "permission", "words"),
    [
        (person("biller", grants=()), SUBMIT, "No agreement with Rockland Family Practice in force"),
        (person("biller", grants=(replace(GRANT, days=EXPIRED),)), SUBMIT, "No agreement"),
        (person("biller", grants=(replace(GRANT, days=LATER),)), SUBMIT, "No agreement"),
        (person("biller", grants=(replace(GRANT, line="denials"),)), SUBMIT, "No agreement"),
        (person("biller", grants=(replace(GRANT, practice=RIVAL),)), SUBMIT, "No agreement"),
        (person("biller", covers={}), SUBMIT, "No business associate agreement"),
        (person("biller", covers={ROCKLAND: (EXPIRED,)}), SUBMIT, "No business associate agreement"),
        (
            person("biller", grants=(replace(GRANT, classes=frozenset()),)),
            SUBMIT,
            "does not open clinical, demographic",
        ),
        (person("biller", days=EXPIRED), SUBMIT, "None of your roles"),
        (person("biller", line="denials"), SUBMIT, "another service line"),
        (person("biller", practice=MSO), SUBMIT, "None of your roles in Rockland"),
        (person("biller"), RATES, "Only a person of Rockland Family Practice may sign payer contracts."),
        (person("biller"), BOOKS, "No agreement"),
        (person("greeter"), SUBMIT, "None of your roles"),
        (person("auditor"), BOOKS, "None of your roles"),
        (replace(person("owner"), fresh=False), BOOKS, "Confirm that it is you before you close a month."),
        (replace(person("owner"), secured=False), SUBMIT, "Set up a second factor first"),
        (replace(person("owner"), only=frozenset({"claims.read"})), SUBMIT, "This token was not given"),
        (Actor.nobody(at=NOON), SUBMIT, "Sign in first."),
        (Actor.system("month end", at=NOON), RATES, "Only a person of the practice may"),
    ],
)
def test_no_with_its_reason(actor: Actor, permission: Permission, words: str) -> None:
    allowed, reason = decide(actor, permission)

    assert not allowed
    assert words in reason


@pytest.mark.parametrize(
    ("actor", "permission"),
    [
        (person("owner", grants=(), covers={}), SUBMIT),
        (person("owner"), RATES),
        (person("owner"), BOOKS),
        (person("auditor", grants=()), SUBMIT),
        (person("biller", line="revenue_cycle"), SUBMIT),
        (person("biller"), INVITE),
        (Actor.system("month end", at=NOON), SUBMIT),
        (replace(person("owner"), only=frozenset({SUBMIT.code})), SUBMIT),
    ],
)
def test_yes(actor: Actor, permission: Permission) -> None:
    assert decide(actor, permission) == (True, rules.decide(actor, permission, ROCKLAND, ROLES).reason)


def test_a_stranger_and_a_practice_elsewhere_are_refused_alike() -> None:
    assert decide(person("owner"), SUBMIT, RIVAL) == (False, "You have no assignment there.")


def test_without_a_practice_the_question_is_whether_anywhere() -> None:
    assert decide(person("owner"), SUBMIT, None)[0]
    assert decide(person("greeter"), SUBMIT, None) == (
        False,
        "You may not send claims to payers in any practice today.",
    )


def test_a_day_is_the_practices_own() -> None:
    """At 02:30 UTC on 1 April it is still March in New York: the agreement's last day."""
    late = replace(person("biller"), at=datetime(2026, 4, 1, 2, 30, tzinfo=UTC))
    later = replace(person("biller"), at=datetime(2026, 4, 1, 4, 30, tzinfo=UTC))

    assert decide(late, SUBMIT)[0]
    assert not decide(later, SUBMIT)[0]


def test_fields_open_with_the_grant_and_close_with_the_cover() -> None:
    def seen(actor: Actor) -> set[DataClass]:
        return set(rules.visible_classes(actor, ROCKLAND, ROLES))

    assert seen(person("biller")) >= PHI
    assert not seen(person("biller", covers={})) & PHI
    assert not seen(person("biller", grants=())) & PHI
    assert seen(person("owner", covers={}, grants=())) >= PHI
    assert DataClass.PROTECTED not in seen(person("biller"))


@pytest.mark.parametrize(
    ("role", "permission", "attainable"),
    [
        ("greeter", SUBMIT, True),  # the owner's role holds it
        ("greeter", RATES, True),
        ("biller", RATES, False),  # reserved to people of the practice
        ("auditor", SUBMIT, True),
        ("auditor", INVITE, False),  # no auditor invites
        ("nobody's", INVITE, False),
    ],
)
def test_what_could_be_given_to_somebody_is_what_a_role_of_their_side_holds(
    role: str, permission: Permission, attainable: bool
) -> None:
    assert rules.attainable(person(role), permission, ROLES) is attainable


LATE = datetime(2026, 4, 1, 3, 30, tzinfo=UTC)
FAR = {3: Tenancy(3, "Far East Clinic", "Pacific/Guam", is_mso=False)}


@pytest.mark.parametrize(
    ("tenants", "today"),
    [
        (TENANTS, date(2026, 3, 31)),
        (FAR, date(2026, 4, 1)),
        (TENANTS | FAR, date(2026, 3, 31)),
        ({}, date(2026, 3, 31)),
    ],
)
def test_today_is_the_day_where_all_ones_practices_are_else_the_networks(
    tenants: dict[int, Tenancy], today: date
) -> None:
    standing = Standing.of(tenants=tenants, network_zone="America/New_York")

    assert Actor(ActorKind.PERSON, "Priya", LATE, standing=standing).today == today


def test_a_practice_has_its_own_day() -> None:
    actor = Actor(ActorKind.PERSON, "Priya", LATE, standing=Standing.of(tenants=TENANTS | FAR))

    assert (actor.day_in(ROCKLAND), actor.day_in(3)) == (date(2026, 3, 31), date(2026, 4, 1))
