"""What shows that a practice does not decide for itself, one case each way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from openmso.governance import rules
from openmso.governance.contracts import Autonomy, Proposal, Step
from openmso.governance.states import S
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
    assert (told.decided, told.by_licensee, told.index) == (2, 1, rules.Decimal("0.5"))


def test_the_mso_prepares_what_is_not_about_patients() -> None:
    assert {code for code in rules.PREPARED if rules.mso_prepares(code)} == rules.PREPARED
    assert not any(
        rules.mso_prepares(code) for code in ("RD01", "RD02", "RD03", "RD05", "RD06", "RD12", "RD15", "FA15")
    )
