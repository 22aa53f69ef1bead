"""What shows that a practice does not decide for itself, one case each way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.governance import rules
from openmso.governance.contracts import Autonomy, Ballot, Charter, Proposal, Rule, Step
from openmso.governance.rules import boards, interests
from openmso.governance.states import R, S, V
from openmso.platform.access.contracts import Side

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def proposal(
    *steps: S, name: str = "PRP-1", role: str = "practice_owner", hours: int = 5, side: Side = Side.MSO
) -> Proposal:
    told = tuple(
        Step(number, to, NOON + number * timedelta(hours=hours), "Ana", "USR-ANA", role, "why", "")
        for number, to in enumerate(steps, start=1)
    )
    return Proposal(
        name, 1, "TEN-1", "ROCK", "Rockland", "RD07", "Payer contracts", "Rates", "Accept", "Good", "", side,
        steps[-1] if steps else S.WAITING, NOON, "Priya", "USR-PRIYA", NOON + timedelta(days=7), told,
    )  # fmt: skip


def judged(*asked: Proposal, of_mso: tuple[str, ...] = (), untold: int = 0) -> Autonomy:
    return rules.autonomy(asked, at=NOON + timedelta(days=1), of_mso=of_mso, untold=untold)


def words(told: Autonomy) -> str:
    return " ".join(flag.words for flag in told.flags)


def test_a_practice_that_reads_and_decides_has_no_flag() -> None:
    told = judged(proposal(S.APPROVED, S.CARRIED_OUT), proposal(S.DECLINED), proposal(S.CHANGED), proposal(S.WITHDRAWN))
    assert (told.proposed, told.decided, told.index, told.flags) == (4, 3, 1, ())
    assert (told.unchanged, told.changed, told.declined, told.withdrawn, told.carried_out) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        (judged(proposal(S.CARRIED_OUT)), "carried out before the practice had decided"),
        (judged(proposal(S.DECLINED, S.CARRIED_OUT)), "carried out before the practice had decided"),
        (judged(proposal(S.APPROVED), of_mso=("USR-ANA",)), "somebody who has a role of the MSO"),
        (judged(proposal(S.APPROVED, role="biller")), "no licensee of the practice"),
        (judged(proposal(S.APPROVED, hours=0)), "within a minute"),
        (judged(proposal(S.APPROVED, hours=24 * 8)), "decided after the day"),
        (judged(proposal(S.APPROVED), untold=1), "1 decision without a record in the audit trail"),
        (judged(*[proposal(S.APPROVED)] * 5), "All 5 decisions of the period approved what was proposed"),
    ],
)
def test_each_red_flag_is_said_in_words(told: Autonomy, flag: str) -> None:
    assert flag in words(told)


def test_negative_control_four_that_agree_are_no_pattern_and_the_practices_own_do_not_count() -> None:
    assert judged(*[proposal(S.APPROVED)] * 4).flags == ()
    assert judged(proposal(S.APPROVED, hours=0, side=Side.PRACTICE)).proposed == 0


def test_a_decision_by_somebody_of_the_mso_is_not_the_practices() -> None:
    told = judged(proposal(S.APPROVED), proposal(S.APPROVED, role="biller"))
    assert (told.decided, told.by_licensee, told.index) == (2, 1, Decimal("0.5"))


def test_the_mso_prepares_what_is_not_about_patients() -> None:
    assert {code for code in rules.PREPARED if rules.mso_prepares(code)} == rules.PREPARED
    assert not any(
        rules.mso_prepares(code) for code in ("RD01", "RD02", "RD03", "RD05", "RD06", "RD12", "RD15", "FA15")
    )


# ---- how a board decides ---------------------------------------------------------------------------------------


def chartered(rule: Rule, *, recused_count: bool = False, quorum: int = 1) -> Charter:
    return Charter(
        1, NOON.date(), 7, {Side.PRACTICE: quorum, Side.MSO: quorum}, rule, recused_count, "Section 4", Side.MSO, "Kate",
        NOON, "Ana", NOON,
    )  # fmt: skip


def ballots(practice: str, mso: str) -> list[Ballot]:
    said = {"y": V.YES, "n": V.NO, "a": V.ABSTAIN, "r": V.RECUSED}
    return [
        Ballot(side, f"{side} {number}", "USR", "Somebody", said[one], "", NOON)
        for side, votes in ((Side.PRACTICE, practice), (Side.MSO, mso))
        for number, one in enumerate(votes)
    ]


@pytest.mark.parametrize(
    ("rule", "practice", "mso", "result"),
    [
        (Rule.MAJORITY, "yn", "y", R.CARRIED),
        (Rule.MAJORITY, "yn", "yn", R.LOST),  # even is not more
        (Rule.EACH_CLASS, "yya", "yn", R.LOST),
        (Rule.EACH_CLASS, "yya", "yyn", R.CARRIED),
        (Rule.TWO_THIRDS, "yy", "n", R.CARRIED),
        (Rule.TWO_THIRDS, "yn", "n", R.LOST),
        (Rule.UNANIMOUS, "ya", "y", R.CARRIED),
        (Rule.UNANIMOUS, "yyy", "yn", R.LOST),
        (Rule.MAJORITY, "aa", "a", R.NO_DECISION),
        (Rule.MAJORITY, "r", "y", R.NO_DECISION),  # nobody of the practice is left who could vote
    ],
)
def test_a_board_decides_by_its_charter(rule: Rule, practice: str, mso: str, result: R) -> None:
    there = {Side.PRACTICE: len(practice), Side.MSO: len(mso)}
    assert boards.outcome(chartered(rule), present=there, ballots=ballots(practice, mso)).result is result


def test_who_is_recused_counts_for_the_quorum_only_where_the_charter_says_so() -> None:
    there, votes = {Side.PRACTICE: 1, Side.MSO: 1}, ballots("r", "y")
    held = chartered(Rule.MAJORITY, recused_count=True)
    assert boards.outcome(held, present=there, ballots=votes).result is R.CARRIED
    assert boards.outcome(held, present=there, ballots=votes, practice_too=True).result is R.LOST


@given(st.sampled_from(Rule), st.text("yna", max_size=5), st.text("yna", max_size=5))
def test_one_more_yes_never_loses_what_was_carried(rule: Rule, practice: str, mso: str) -> None:
    def result(practice: str, mso: str) -> R:
        there = {Side.PRACTICE: len(practice), Side.MSO: len(mso)}
        return boards.outcome(chartered(rule), present=there, ballots=ballots(practice, mso)).result

    if result(practice, mso) is R.CARRIED:
        assert result(practice + "y", mso) is R.CARRIED
        assert result(practice, mso + "y") is R.CARRIED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Camden Imaging, LLC", "camden imaging", True),
        ("The Moss Co.", "Moss Company", True),
        ("Camden Imaging", "Camden Labs", False),
        ("", "", False),
    ],
)
def test_one_party_is_written_in_many_ways(one: str, other: str, same: bool) -> None:
    assert interests.same_party(one, other) is same
