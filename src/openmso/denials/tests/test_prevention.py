"""What a payer keeps denying becomes a rule that catches it, or is dismissed with a reason and stays so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openmso.claims.contracts import Circumstances
from openmso.claims.queries import rulebook as book
from openmso.claims.rules import catalogue
from openmso.claims.services import rulebook
from openmso.denials.contracts import Category, Suggestion
from openmso.denials.queries import prevention
from openmso.denials.rules import prevention as rules
from openmso.denials.services import preventing
from openmso.denials.tests.conftest import Desk, said
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import Money


def suggested(desk: Desk) -> list[Suggestion]:
    with desk.reading():
        return prevention.suggestions(at=desk.office.at)


@pytest.fixture
def kept_denying(desk: Desk) -> Suggestion:
    """Three visits denied for want of an authorization, a fourth that was paid, two denied as bundled."""
    for charge in ("140.00", "150.00", "160.00"):
        desk.deny(f"CO 197 {charge}", charge=charge)
    paid = desk.office.sent(("99213", "100.00"))
    desk.answer(said(paid.control, paid="100.00", charge="100.00"))
    for charge in ("40.00", "50.00"):
        desk.deny(f"CO 97 {charge}", charge=charge)
    (one,) = suggested(desk)
    return one


def test_three_denials_of_a_kind_suggest_a_rule_with_its_share_and_dollars(kept_denying: Suggestion) -> None:
    assert (kept_denying.code, kept_denying.said, kept_denying.category) == ("99213", "CO-197", Category.AUTH)
    assert (kept_denying.count, kept_denying.sent, kept_denying.amount) == (3, 6, Money.of("450.00"))


def test_before_it_is_drafted_its_dry_run_says_what_it_would_have_hit(desk: Desk, kept_denying: Suggestion) -> None:
    with desk.reading():
        found = prevention.suggested(kept_denying.key, at=desk.office.at)

    run = found.dry_run
    assert found.when == "line: code is 99213 and Prior authorization is empty or unknown"
    assert (run.done, run.hits, run.denied, run.paid, run.waiting) == (6, 6, 5, 1, 0)


def test_a_drafted_rule_is_made_live_by_another_and_ends_the_suggestion(desk: Desk, kept_denying: Suggestion) -> None:
    with desk.scope():
        code = preventing.draft(actor=desk.actor, suggestion=kept_denying.key, at=desk.office.at)
    (drafted,) = suggested(desk)
    assert drafted.rule == code, "a draft judges nothing yet"
    with desk.scope(), pytest.raises(Conflict, match=code):
        preventing.draft(actor=desk.actor, suggestion=kept_denying.key, at=desk.office.at)

    with desk.scope():
        rulebook.make_live(actor=desk.actor, code=code, why="Three denials", at=desk.office.at)

    assert suggested(desk) == []
    with desk.reading():
        assert book.page(code).row.scope == kept_denying.payer_name


def test_a_dismissed_suggestion_comes_back_when_its_numbers_grow(desk: Desk, kept_denying: Suggestion) -> None:
    with desk.scope(), pytest.raises(Refused, match="Say why"):
        preventing.dismiss(actor=desk.actor, suggestion=kept_denying.key, why=" ", at=desk.office.at)
    with desk.scope():
        preventing.dismiss(actor=desk.actor, suggestion=kept_denying.key, why="It was their error", at=desk.office.at)
    assert suggested(desk) == []
    with desk.reading(), pytest.raises(NotFound):
        prevention.suggestion(kept_denying.key, at=desk.office.at)

    desk.deny("CO 197 90.00", charge="90.00")

    assert [one.count for one in suggested(desk)] == [4]


def test_what_is_older_than_90_days_suggests_nothing(desk: Desk, kept_denying: Suggestion) -> None:
    desk.office.at += timedelta(days=120)
    assert suggested(desk) == []


def test_every_kind_of_denial_makes_a_rule_that_the_scrubber_understands() -> None:
    line = Circumstances("L57.0", "11", "1234567893", frozenset({"17003"}))
    for category in Category:
        for remark in ("", *rules.BY_REMARK):
            for lines in ([line], []):
                one = Suggestion("PAY-23456789", "Payer", "17000", "197", "CO", remark, "words of it", category, 3, 9, 1,
                                 Money.of("10"), date(2026, 1, 1))  # fmt: skip
                catalogue.read(rules.text(one, lines))
