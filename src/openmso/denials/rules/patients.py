"""When what a payer left open may become the patient's: never under CO, after a look under OA and PI.

CO is the provider's by contract or law; billing the patient for it is balance billing. A qualified Medicare
beneficiary (CARC 303) owes nothing (42 U.S.C. 1396a(n)).
"""

from __future__ import annotations

from openmso.kit.errors import Refused

CONTRACT, CORRECTION = "CO", "CR"
PROTECTED = frozenset({"303"})


class NotThePatients(Refused):
    """The money may not be asked of the patient."""

    code = "not_the_patients"


def why_not(group: str, reason: str) -> NotThePatients | None:
    """Why the patient may not be asked, if so."""
    if group in {CONTRACT, CORRECTION}:
        return NotThePatients(
            f"{group} is never the patient's: the contract or the law forbids to ask them.",
            fix="Correct, appeal or write off.",
        )
    if reason in PROTECTED:
        return NotThePatients("A qualified Medicare beneficiary owes nothing.", fix="Bill Medicaid or write off.")
    return None
