"""What one rule finds on many claims is one reason, in words that hold for all of them."""

from __future__ import annotations

from openmso.claims.contracts import No
from openmso.claims.rules.grouping import reasons


def test_findings_of_a_rule_are_one_reason_whatever_they_name() -> None:
    told = reasons([
        No("CLM-1", "claim_not_ready", "It is paid, not ready to send."),
        No("CLM-2", "same_day_claim", "CLM-9 asks for the same service of the same day.", "Drop one."),
        No("CLM-3", "same_day_claim", "CLM-8 asks for the same service of the same day.", "Drop one."),
        No("CLM-4", "no_diagnosis", "The claim has no diagnosis.", "Have the visit coded."),
        No("CLM-5", "claim_not_ready", "It is denied, not ready to send."),
    ])  # fmt: skip

    assert [(one.claims, one.words, one.fix) for one in told] == [
        (
            ("CLM-2", "CLM-3"),
            "Against the rule: No other live claim asks the same payer for the same service of the day.",
            "Drop one.",
        ),
        (("CLM-1",), "It is paid, not ready to send.", ""),
        (("CLM-4",), "The claim has no diagnosis.", "Have the visit coded."),
        (("CLM-5",), "It is denied, not ready to send.", ""),
    ]
    assert len({one.key for one in told}) == 4
